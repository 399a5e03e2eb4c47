"""Cluster bootstrap: 95 % confidence intervals of accuracy figures.

Pixels of one polygon or block are alike, so a hundred of them are not a hundred observations. The unit that
is resampled, with replacement, is the whole polygon or block (Davison and Hinkley 1997, section 3.8).

Percentiles of the replicates are too narrow with few clusters: resamples of K clusters vary less than the
population by the factor sqrt((K - 1) / K), and a normal quantile takes the place of Student's. Expanded
percentiles correct both (Hesterberg 2015, https://arxiv.org/abs/1411.5279).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.special import ndtr, stdtrit

from ..arrays import Float64Array, Int64Array
from ..text import Text, joined
from .confusion_matrix import ConfusionMatrix, MatrixMargins, ratio
from .estimate import MIN_SPREAD, Estimate, Estimates

REPLICATES = 2000
"""Number of bootstrap samples."""
MIN_CLUSTERS = 5
"""Smallest number of clusters that an interval can be based on, in all or with a class."""
COVERAGE_PERCENT = {5: (83, 91), 8: (85, 93), 10: (87, 94), 20: (88, 94), 40: (91, 94), 100: (92, 96)}
"""Measured coverage of 95 % intervals by number of clusters: lowest and highest, in per cent.

Of overall accuracies of 0.8 and 0.95, clusters of similar and of very different size;
``tests/simulations/test_cluster_intervals.py`` measures it.
"""
NOMINAL_COVERAGE_CLUSTERS = 200
"""Number of clusters from which on the coverage of the intervals is about 95 %."""
_TAIL_LEVEL = 0.025
# Numbers in memory at once while clusters are resampled.
_MAX_BATCH_NUMBERS = 4_000_000


def count_by_cluster(
    reference: Int64Array, predicted: Int64Array, clusters: Int64Array, classes: int
) -> csr_array:
    """Return the confusion matrix of each cluster as a row, shape (clusters, classes * classes).

    Args:
        reference: True class codes, shape (N,).
        predicted: Mapped or predicted class codes, shape (N,).
        clusters: Cluster of each sample, shape (N,).
        classes: Number of classes.
    """
    _, members = np.unique(clusters, return_inverse=True)
    cells = (np.ones(len(reference)), (members, reference * classes + predicted))
    return coo_array(cells, shape=(int(members.max()) + 1, classes * classes)).tocsr()


def total_matrix(counts: csr_array, classes: int) -> ConfusionMatrix:
    """Return the confusion matrix of all clusters together.

    Args:
        counts: Confusion matrix of each cluster, from ``count_by_cluster``.
        classes: Number of classes.
    """
    return ConfusionMatrix(np.asarray(counts.sum(axis=0), dtype=np.float64).reshape(classes, classes))


def resampled_margins(counts: Sequence[csr_array], classes: int, seed: int) -> list[MatrixMargins]:
    """Return the margins of the confusion matrices of resampled clusters, ``REPLICATES`` matrices each.

    The cells themselves are not resampled: those of 300 classes would take 1.4 GB. Fewer than
    ``MIN_CLUSTERS`` clusters are not resampled: the first dimension is then 0.

    Args:
        counts: Confusion matrix of each cluster, from ``count_by_cluster``. All items have the same
            clusters, and the same resamples are taken of each.
        classes: Number of classes.
        seed: Seed of the resampling.
    """
    if counts[0].shape[0] < MIN_CLUSTERS:
        return [MatrixMargins(*np.empty((3, 0, classes)))] * len(counts)
    sums = _margin_sums(classes)
    totals = resampled_totals([item @ sums for item in counts], seed)
    return [MatrixMargins(*np.split(total, 3, axis=1)) for total in totals]


def resampled_totals(tables: Sequence[csr_array | Float64Array], seed: int) -> tuple[Float64Array, ...]:
    """Return the column totals of tables whose rows are resampled, shape (``REPLICATES``, columns) each.

    Args:
        tables: Tables with a row for each cluster, shape (clusters, columns). The same resamples are taken
            of each table.
        seed: Seed of the resampling.
    """
    number = tables[0].shape[0]
    generator = np.random.default_rng(seed)
    batch = max(1, _MAX_BATCH_NUMBERS // max(number, *(table.shape[1] for table in tables)))
    parts: list[list[Float64Array]] = [[] for _ in tables]
    for start in range(0, REPLICATES, batch):
        repeats = _repeats(number, min(batch, REPLICATES - start), generator)
        for part, table in zip(parts, tables, strict=True):
            part.append(repeats @ table)
    return tuple(np.concatenate(part) for part in parts)


def resampled_means(
    values: Float64Array, clusters: Int64Array, seed: int
) -> tuple[Float64Array, Float64Array, int]:
    """Return the means of samples' values, those of resampled clusters, and the number of clusters.

    Args:
        values: Values of the samples, shape (N, columns), at least one sample.
        clusters: Cluster of each sample, int64, shape (N,).
        seed: Seed of the resampling.

    Returns:
        Means, shape (columns,); means of the resamples, shape (``REPLICATES``, columns); number of clusters.
    """
    _, members = np.unique(clusters, return_inverse=True)
    number = int(members.max()) + 1
    table = np.stack(
        [
            np.bincount(members, weights=column, minlength=number)
            for column in (*values.T, np.ones(len(values)))
        ],
        axis=1,
    )
    (replicates,) = resampled_totals([table], seed)
    total = table.sum(axis=0)
    return total[:-1] / total[-1], ratio(replicates[:, :-1], replicates[:, -1:]), number


def bootstrap_estimate(value: Float64Array | float, replicates: Float64Array, clusters: int) -> Estimate:
    """Return a figure with the standard error and the expanded percentile interval of its replicates.

    There is no interval where clusters are fewer than ``MIN_CLUSTERS``, where most replicates are
    undefined, or where all are equal: clusters that are all right, all wrong or all alike cannot show
    how often another one differs.

    Replicates of K clusters vary less than samples of the population by the factor sqrt((K - 1) / K),
    for which the standard error is corrected.

    Args:
        value: Figure of all clusters.
        replicates: Figure of each bootstrap sample, shape (replicates,); NaN where undefined.
        clusters: Number of clusters that the figure is based on; for a class, those that have it.
    """
    if not np.isfinite(value):
        return Estimate(None)
    usable = replicates[np.isfinite(replicates)]
    # A class of few clusters is missing from some resamples; where it is from most, nothing is known.
    is_known = clusters >= MIN_CLUSTERS and len(usable) > 0 and len(usable) >= len(replicates) / 2
    if not is_known or np.ptp(usable) < MIN_SPREAD:
        return Estimate(float(value))
    level = lower_level(clusters)
    low, high = np.quantile(usable, [level, 1 - level])
    error = np.std(usable, ddof=1) * np.sqrt(clusters / (clusters - 1))
    return Estimate(float(value), float(low), float(high), float(error), clusters)


def bootstrap_estimates(values: Float64Array, replicates: Float64Array, clusters: Int64Array) -> Estimates:
    """Return several figures with the standard errors and intervals of their replicates.

    Args:
        values: Figures of all clusters, shape (figures,).
        replicates: Figures of each bootstrap sample, shape (replicates, figures).
        clusters: Number of clusters that each figure is based on, shape (figures,).
    """
    return tuple(
        bootstrap_estimate(value, replicates[:, number], int(clusters[number]))
        for number, value in enumerate(values)
    )


def describe_coverage(clusters: int, name: str) -> Text:
    """Return the coverage of the intervals, and which figures have none, as sentences.

    Args:
        clusters: Number of clusters, at least ``MIN_CLUSTERS``.
        name: Kind of the clusters in the singular, such as ``polygon``.
    """
    return joined([*low_coverage_notes(clusters), _missing_interval_note(name)])


def low_coverage_notes(clusters: int) -> tuple[str, ...]:
    """Return the measured coverage of intervals of few clusters, a sentence; empty where it is nominal."""
    if clusters >= NOMINAL_COVERAGE_CLUSTERS:
        return ()
    known = max(number for number in COVERAGE_PERCENT if number <= clusters)
    least, most = COVERAGE_PERCENT[known]
    return (
        Text(
            "They are approximate: in simulations, such intervals of {count} clusters contained the true "
            "value in {least} to {most} % of cases instead of 95 %, least often where a figure is near "
            "100 %.",
            count=known,
            least=least,
            most=most,
        ),
    )


def _missing_interval_note(name: str) -> str:
    return Text(
        "A figure of a class is based on the {cluster}s that have the class, its user’s accuracy "
        "(precision) on those in which it is mapped; from fewer than {least} it "
        "has no interval. A figure that is the same in all resamples has no interval either: {cluster}s that "
        "are all right, all wrong or all alike cannot show how often another one differs.",
        cluster=Text(name),
        least=MIN_CLUSTERS,
    )


def lower_level(clusters: int) -> float:
    """Return the level of the lower expanded percentile; that of the upper one is 1 less it.

    Phi(-sqrt(K / (K - 1)) t_{0.975, K - 1}) for K clusters, 0.025 for infinitely many (Hesterberg 2015,
    https://arxiv.org/abs/1411.5279; function ExpandProbs of his R package resample).

    Args:
        clusters: Number of clusters K, at least 2.
    """
    return float(ndtr(np.sqrt(clusters / (clusters - 1)) * stdtrit(clusters - 1, _TAIL_LEVEL)))


def clusters_with(counts: csr_array, classes: int) -> tuple[Int64Array, Int64Array]:
    """Return the number of clusters that have each class in the reference, and in the map, shape (classes,).

    Args:
        counts: Confusion matrix of each cluster, from ``count_by_cluster``.
        classes: Number of classes.
    """
    margins = counts @ _margin_sums(classes)
    margins.eliminate_zeros()
    _, referenced, mapped = np.split(np.bincount(margins.indices, minlength=3 * classes), 3)
    return referenced, mapped


def _margin_sums(classes: int) -> csr_array:
    """Return the cells that the hits, the reference totals and the predicted totals of each class are of.

    Shape (classes * classes, 3 * classes): a table of matrices times it is a table of their margins.
    """
    cells = np.arange(classes * classes)
    rows, columns = np.divmod(cells, classes)
    is_hit = rows == columns
    places = np.concatenate([cells[is_hit], cells, cells])
    targets = np.concatenate([rows[is_hit], classes + rows, 2 * classes + columns])
    ones = np.ones(len(places))
    return coo_array((ones, (places, targets)), shape=(classes * classes, 3 * classes)).tocsr()


def _repeats(number: int, replicates: int, generator: np.random.Generator) -> Float64Array:
    """Return the occurrences of each cluster in each bootstrap sample, shape (replicates, number)."""
    drawn = generator.integers(0, number, size=(replicates, number))
    shifted = drawn + number * np.arange(replicates)[:, None]
    occurrences = np.bincount(shifted.ravel(), minlength=replicates * number)
    return occurrences.reshape(replicates, number).astype(np.float64)
