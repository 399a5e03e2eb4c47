"""Cluster bootstrap: 95 % intervals of accuracy figures.

Pixels of one polygon or block are alike, so a hundred of them are not a hundred observations. The unit that
is resampled, with replacement, is the whole polygon or block (Davison and Hinkley 1997, section 3.8).

Percentiles of the replicates are too narrow with few clusters: resamples of K clusters vary less than the
population by the factor sqrt((K - 1) / K), and a normal quantile takes the place of Student's. Expanded
percentiles correct both (Hesterberg 2015, https://arxiv.org/abs/1411.5279).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.special import ndtr, stdtrit

from ..arrays import Float64Array, Int64Array
from ..text import Text, joined

REPLICATES = 2000
"""How often the clusters are drawn."""
FEWEST_CLUSTERS = 5
"""With fewer clusters there is no interval, and none of a class with fewer clusters of its own."""
HELD = {5: (83, 91), 8: (85, 93), 10: (87, 94), 20: (88, 94), 40: (91, 94), 100: (92, 96)}
"""Measured coverage of 95 % intervals by number of clusters: lowest and highest share in %.

Of overall accuracies of 0.8 and 0.95, clusters of similar and of very different size;
``tests/simulations/test_cluster_intervals.py`` measures it.
"""
MANY_CLUSTERS = 200
"""From so many clusters on intervals hold the truth about as often as promised."""
_TAIL = 0.025
# Replicates that differ by less than that are the same but for rounding.
_NO_SPREAD = 1e-9
# Numbers that a piece of the work holds at once.
_PIECE = 4_000_000


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval; None where it is not defined, or no interval can be given."""

    value: float | None
    low: float | None = None
    high: float | None = None


def cluster_counts(rows: Int64Array, columns: Int64Array, clusters: Int64Array, classes: int) -> csr_array:
    """Return how many samples each cluster has in each cell of a matrix (clusters, classes * classes)."""
    _, members = np.unique(clusters, return_inverse=True)
    cells = (np.ones(len(rows)), (members, rows * classes + columns))
    return coo_array(cells, shape=(int(members.max()) + 1, classes * classes)).tocsr()


def resampled(counts: Sequence[csr_array], classes: int, seed: int) -> tuple[Float64Array, ...]:
    """Return matrices (``REPLICATES``, classes, classes) of resampled clusters.

    Args:
        counts: From ``cluster_counts``; all of the same clusters, and all see the same draws.
        classes: How many there are.
        seed: Repeats the draws.
    """
    return tuple(total.reshape(REPLICATES, classes, classes) for total in resampled_totals(counts, seed))


def resampled_totals(tables: Sequence[csr_array | Float64Array], seed: int) -> tuple[Float64Array, ...]:
    """Return the column totals (``REPLICATES``, columns) of tables whose rows were resampled.

    Args:
        tables: A row a cluster (clusters, columns); all see the same draws.
        seed: Repeats the draws.
    """
    number = tables[0].shape[0]
    generator = np.random.default_rng(seed)
    piece = max(1, _PIECE // max(number, *(table.shape[1] for table in tables)))
    parts: list[list[Float64Array]] = [[] for _ in tables]
    for start in range(0, REPLICATES, piece):
        drawn = _draws(number, min(piece, REPLICATES - start), generator)
        for part, table in zip(parts, tables, strict=True):
            part.append(drawn @ table)
    return tuple(np.concatenate(part) for part in parts)


def interval_of(value: float, replicates: Float64Array, clusters: int) -> Estimate:
    """Return ``value`` with the expanded percentile interval of its replicates.

    There is no interval where clusters are fewer than ``FEWEST_CLUSTERS``, where most replicates are
    undefined, or where all are equal: clusters that are all right, all wrong or all alike cannot say
    how often another one differs.

    Args:
        value: Figure of all clusters.
        replicates: Figure of each bootstrap sample of clusters, shape (replicates,); NaN where undefined.
        clusters: Number of clusters that the figure rests on; of a class those that have it.
    """
    if not np.isfinite(value):
        return Estimate(None)
    usable = replicates[np.isfinite(replicates)]
    # A class of few clusters is missing from some draws; where it is from most, nothing is known.
    if clusters < FEWEST_CLUSTERS or not len(usable) or len(usable) < len(replicates) / 2:
        return Estimate(float(value))
    if np.ptp(usable) < _NO_SPREAD:
        return Estimate(float(value))
    tail = lower_level(clusters)
    low, high = np.quantile(usable, [tail, 1 - tail])
    return Estimate(float(value), float(low), float(high))


def intervals_of(
    values: Float64Array, replicates: Float64Array, clusters: Int64Array
) -> tuple[Estimate, ...]:
    """Return the estimates of several figures.

    Args:
        values: Figures of all clusters, shape (figures,).
        replicates: Figures of each bootstrap sample of clusters, shape (replicates, figures).
        clusters: Number of clusters that each figure rests on, shape (figures,).
    """
    return tuple(
        interval_of(float(value), replicates[:, number], int(clusters[number]))
        for number, value in enumerate(values)
    )


def coverage_words(clusters: int, name: str) -> str:
    """Return how often such intervals hold the truth, and which figures have none, as sentences.

    Args:
        clusters: Number of clusters, at least ``FEWEST_CLUSTERS``.
        name: Singular of what they are, such as ``polygon``.
    """
    return joined([*held_words(clusters), no_interval_words(name)])


def held_words(clusters: int) -> tuple[str, ...]:
    """Return how often intervals of so few clusters hold the truth; nothing where that is as promised."""
    if clusters >= MANY_CLUSTERS:
        return ()
    known = max(number for number in HELD if number <= clusters)
    least, most = HELD[known]
    return (
        Text(
            "They are rough: in simulations, such intervals of {count} clusters held the truth "
            "in {least} to {most} % of cases instead of 95 %, least often where a figure is near "
            "100 %.",
            count=known,
            least=least,
            most=most,
        ),
    )


def no_interval_words(name: str) -> str:
    """Return which figures have no interval, as sentences."""
    return Text(
        "A figure of a class rests on the {cluster}s that have the class, its user’s accuracy "
        "(precision) on those in which it is mapped; from fewer than {least} it "
        "has no interval. Nor has a figure that is the same in all draws: {cluster}s that are "
        "all right, all wrong or all alike cannot say how often another one differs.",
        cluster=name,
        least=FEWEST_CLUSTERS,
    )


def lower_level(clusters: int) -> float:
    """Return the level of the lower expanded percentile; that of the upper one is 1 less it.

    Phi(-sqrt(K / (K - 1)) t_{0.975, K - 1}) for K clusters, 0.025 for infinitely many (Hesterberg 2015,
    https://arxiv.org/abs/1411.5279; function ExpandProbs of his R package resample).

    Args:
        clusters: K, at least 2.
    """
    return float(ndtr(np.sqrt(clusters / (clusters - 1)) * stdtrit(clusters - 1, _TAIL)))


def clusters_with(counts: csr_array, classes: int) -> tuple[Int64Array, Int64Array]:
    """Return how many clusters have each class in the rows and in the columns, each of shape (classes,).

    Args:
        counts: From ``cluster_counts``.
        classes: Number of classes.
    """
    each = np.eye(classes)
    rows, columns = (
        np.count_nonzero(counts @ cells, axis=0)
        for cells in (np.repeat(each, classes, axis=0), np.tile(each, (classes, 1)))
    )
    return np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)


def _draws(number: int, replicates: int, generator: np.random.Generator) -> Float64Array:
    """Return how often each cluster was drawn (replicates, number)."""
    chosen = generator.integers(0, number, size=(replicates, number))
    shifted = chosen + number * np.arange(replicates)[:, None]
    counted = np.bincount(shifted.ravel(), minlength=replicates * number)
    return counted.reshape(replicates, number).astype(np.float64)
