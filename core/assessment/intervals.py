"""95 % intervals of accuracy figures by resampling clusters.

Pixels of a polygon or of a block of ground are alike, so a hundred of them are not a hundred
observations. The unit that is drawn again, with replacement, is the whole polygon or block
(cluster bootstrap; Davison and Hinkley 1997, section 3.8; percentile intervals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from .accuracy import Codes
from .scores import Floats

REPLICATES = 2000
"""How often the clusters are drawn."""

FEWEST_CLUSTERS = 5
"""With fewer clusters there is no interval: too few to learn from how much they differ."""

FEWEST_OF_CLASS = 3
"""With fewer clusters of a class its own figures have no interval."""

# Numbers that a piece of the work holds at once.
_PIECE = 4_000_000


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval; None where it is not defined, or no interval can be given."""

    value: float | None
    low: float | None = None
    high: float | None = None


def resampled_confusions(
    reference: Codes,
    predictions: tuple[Codes, ...],
    clusters: Codes,
    classes: int,
    seed: int,
) -> tuple[Floats, ...]:
    """Return, for each prediction, confusion matrices (``REPLICATES``, classes, classes).

    All predictions see the same draws, so that differences between them are paired.

    Args:
        reference: True classes (N,).
        predictions: Predicted classes (N,) of each model.
        clusters: Which samples belong together (N,), any whole numbers.
        classes: How many there are.
        seed: Repeats the draws.
    """
    counts = [cluster_counts(reference, predicted, clusters, classes) for predicted in predictions]
    return resampled(counts, classes, seed)


def cluster_counts(rows: Codes, columns: Codes, clusters: Codes, classes: int) -> csr_array:
    """Return how many samples each cluster has in each cell of a matrix (clusters, classes * classes)."""
    _, members = np.unique(clusters, return_inverse=True)
    cells = (np.ones(len(rows)), (members, rows * classes + columns))
    return coo_array(cells, shape=(int(members.max()) + 1, classes * classes)).tocsr()


def resampled(counts: Sequence[csr_array], classes: int, seed: int) -> tuple[Floats, ...]:
    """Return matrices (``REPLICATES``, classes, classes) of clusters that were drawn anew.

    Args:
        counts: From ``cluster_counts``; all of the same clusters, and all see the same draws.
        classes: How many there are.
        seed: Repeats the draws.
    """
    return tuple(total.reshape(REPLICATES, classes, classes) for total in resampled_totals(counts, seed))


def resampled_totals(tables: Sequence[csr_array | Floats], seed: int) -> tuple[Floats, ...]:
    """Return the column totals (``REPLICATES``, columns) of tables whose rows were drawn anew.

    Args:
        tables: A row a cluster (clusters, columns); all see the same draws.
        seed: Repeats the draws.
    """
    number = tables[0].shape[0]
    generator = np.random.default_rng(seed)
    piece = max(1, _PIECE // max(number, *(table.shape[1] for table in tables)))
    parts: list[list[Floats]] = [[] for _ in tables]
    for start in range(0, REPLICATES, piece):
        drawn = _draws(number, min(piece, REPLICATES - start), generator)
        for part, table in zip(parts, tables, strict=True):
            part.append(drawn @ table)
    return tuple(np.concatenate(part) for part in parts)


def interval_of(value: float, replicates: Floats) -> Estimate:
    """Return ``value`` with the 2.5th and 97.5th percentile of its replicates.

    Without replicates, or where most of them are undefined, there is no interval. Nor is there one
    where all is right: draws of clusters that are all right cannot say how often one is not.
    """
    if not np.isfinite(value):
        return Estimate(None)
    usable = replicates[np.isfinite(replicates)]
    # A class of few clusters is missing from some draws; where it is from most, nothing is known.
    if not len(usable) or len(usable) < len(replicates) / 2:
        return Estimate(float(value))
    if value == 1.0 == usable.min():
        return Estimate(1.0)
    low, high = np.percentile(usable, [2.5, 97.5])
    return Estimate(float(value), float(low), float(high))


def intervals_of(values: Floats, replicates: Floats) -> tuple[Estimate, ...]:
    """Return the estimates of several figures (K,) from their replicates, (``REPLICATES``, K) or (0, K)."""
    return tuple(interval_of(float(value), replicates[:, number]) for number, value in enumerate(values))


def _draws(number: int, replicates: int, generator: np.random.Generator) -> Floats:
    """Return how often each cluster was drawn (replicates, number)."""
    chosen = generator.integers(0, number, size=(replicates, number))
    shifted = chosen + number * np.arange(replicates)[:, None]
    counted = np.bincount(shifted.ravel(), minlength=replicates * number)
    return counted.reshape(replicates, number).astype(np.float64)
