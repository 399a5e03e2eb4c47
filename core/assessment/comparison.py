"""Paired comparison of maps or models on the same reference: gains, their intervals and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import binom, binomtest

from ..arrays import BoolArray, Float64Array, Int64Array
from ..text import Text
from .bootstrap import (
    bootstrap_estimate,
    bootstrap_estimates,
    clusters_with,
    resampled_margins,
    resampled_totals,
    total_matrix,
)
from .confusion_matrix import MatrixMargins, ratio
from .estimate import Estimate, Estimates
from .estimators import SampledCells

# Largest number of outcomes, and of clusters, for which a test enumerates all of them; beyond, random ones.
_MAX_EXACT_OUTCOMES = 100_000
_MAX_EXACT_CLUSTERS = 14
_RANDOM_PATTERNS = 20_000
# Signs in memory at once.
_MAX_BATCH_SIGNS = 8_000_000
# A smaller p-value is given as smaller than this.
_MIN_SHOWN_P = 0.001


@dataclass(frozen=True)
class Significance:
    """Result of a two-sided test of equal accuracy of two maps or models.

    Attributes:
        name: ``McNemar``, ``sign flip`` or ``design-weighted``.
        p: The p-value; None where it is not known.
        first_only: Number of samples that only the first model classifies correctly.
        second_only: Number of samples that only the second model classifies correctly.
        units: Number of independent units: pairs that differ, or clusters.
    """

    name: str
    p: float | None
    first_only: int
    second_only: int
    units: int

    @property
    def p_text(self) -> Text:
        """The p-value, such as ``p = 0.042`` or ``p < 0.001``."""
        if self.p is None:
            return Text("p is not known")
        if self.p < _MIN_SHOWN_P:
            return Text("p < {limit:.3f}", limit=_MIN_SHOWN_P)
        return Text("p = {p:.3f}", p=self.p)


def mcnemar(first_only: int, second_only: int) -> Significance:
    """Return McNemar's exact (binomial) test, which is valid for independent samples.

    McNemar 1947, https://doi.org/10.1007/BF02295996. The chi-squared form is an approximation of
    this one for large counts.

    Args:
        first_only: Number of samples that only the first model classifies correctly.
        second_only: Number of samples that only the second model classifies correctly.
    """
    differing = first_only + second_only
    p = float(binomtest(first_only, differing, 0.5).pvalue) if differing else 1.0
    return Significance("McNemar", p, first_only, second_only, differing)


def sign_flip(
    first_right: Int64Array, second_right: Int64Array, clusters: Int64Array, seed: int
) -> Significance:
    """Return the sign-flip test by cluster, for samples that are correlated within polygons or blocks.

    If the models are equally good, the difference of each cluster has either sign with equal probability.
    The p-value is the fraction of sign patterns whose sum is at least as large as the observed one: all
    patterns where the clusters are few, else random ones, including the observed one (Phipson and Smyth
    2010, https://doi.org/10.2202/1544-6115.1585).

    Args:
        first_right: 1 where the first model is correct, else 0, shape (N,).
        second_right: 1 where the second model is correct, else 0, shape (N,).
        clusters: Cluster of each sample, shape (N,).
        seed: Seed of the random patterns.
    """
    _, members = np.unique(clusters, return_inverse=True)
    only = [
        np.bincount(members, weights=right > other)
        for right, other in ((first_right, second_right), (second_right, first_right))
    ]
    return sign_flip_of(np.stack(only, axis=1), seed)


def sign_flip_of(differing: Float64Array, seed: int) -> Significance:
    """Return the sign-flip test of counts by cluster.

    Args:
        differing: Number of samples of each cluster that only the first model, and only the second one,
            classifies correctly, shape (clusters, 2).
        seed: Seed of the random patterns.
    """
    first, second = differing.sum(axis=0)
    sums = differing[:, 0] - differing[:, 1]
    # A cluster without a difference has no sign to flip.
    sums = sums[sums != 0]
    observed = abs(sums.sum()) - 1e-9
    if len(sums) <= _MAX_EXACT_CLUSTERS:
        numbers = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums)) & 1
        p = float(np.mean(np.abs((2 * numbers - 1) @ sums) >= observed))
    else:
        generator = np.random.default_rng(seed)
        batch = max(1, _MAX_BATCH_SIGNS // len(sums))
        larger = 0
        for start in range(0, _RANDOM_PATTERNS, batch):
            number = min(batch, _RANDOM_PATTERNS - start)
            signs = generator.choice((-1.0, 1.0), size=(number, len(sums)))
            larger += int(np.count_nonzero(np.abs(signs @ sums) >= observed))
        p = (larger + 1) / (_RANDOM_PATTERNS + 1)
    return Significance("sign flip", p, int(first), int(second), len(differing))


def stratified_sign_flip(
    first_only: Float64Array, second_only: Float64Array, weights: Float64Array, seed: int
) -> float:
    """Return the p-value of the sign-flip test of points that were drawn within strata.

    If both models are equally accurate in each stratum, a point that only one of them classifies correctly
    belongs to either model with equal probability. Where the points of a stratum are exchangeable, the
    number of the first model's points is binomial; the weighted sum over the strata is compared with the
    observed one. With a single stratum this is McNemar's exact test.

    Args:
        first_only: Points of each stratum that only the first model classifies correctly, shape (strata,).
        second_only: Points of each stratum that only the second model classifies correctly, same shape.
        weights: Weight of a point of each stratum, same shape.
        seed: Seed of the random outcomes, where there are too many to enumerate.
    """
    differing = (first_only + second_only).astype(np.int64)
    used = np.flatnonzero(differing)
    if not len(used):
        return 1.0
    scale = weights[used] / weights[used].max()
    observed = abs(float(scale @ (first_only - second_only)[used])) - 1e-9
    if np.prod(differing[used] + 1.0) > _MAX_EXACT_OUTCOMES:
        drawn = np.random.default_rng(seed).binomial(differing[used], 0.5, size=(_RANDOM_PATTERNS, len(used)))
        sums = (2 * drawn - differing[used]) @ scale
        return float((np.count_nonzero(np.abs(sums) >= observed) + 1) / (_RANDOM_PATTERNS + 1))
    sums, chances = np.zeros(1), np.ones(1)
    for number, weight in zip(differing[used].tolist(), scale.tolist(), strict=True):
        firsts = np.arange(number + 1)
        sums = np.add.outer(sums, weight * (2 * firsts - number)).ravel()
        chances = np.multiply.outer(chances, binom.pmf(firsts, number, 0.5)).ravel()
    return min(float(chances[np.abs(sums) >= observed].sum()), 1.0)


@dataclass(frozen=True)
class Gain:
    """Gains of a map over the first one: its figures less those of the first map.

    The names are keys in the JSON of comparison reports.

    Attributes:
        overall: Gain in overall accuracy.
        macro_f1: Gain in macro-F1.
        users: Gain in the user's accuracy of each class.
        producers: Gain in the producer's accuracy of each class.
        f1: Gain in the F1 of each class.
        test: Significance test of the gain in overall accuracy.
    """

    overall: Estimate
    macro_f1: Estimate
    users: Estimates
    producers: Estimates
    f1: Estimates
    test: Significance


def gain_of_clusters(
    first: csr_array, second: csr_array, differing: Float64Array, classes: int, seed: int
) -> Gain:
    """Return the gain of the second map, with paired intervals by bootstrap over clusters.

    The test is McNemar's where every cluster is a single point; else it is the sign-flip test by cluster,
    because pixels of a polygon or block are not independent.

    Args:
        first: Confusion matrix of each cluster with the first map, shape (clusters, classes * classes).
        second: Confusion matrix of each cluster with the second map, same shape.
        differing: Pixels of each cluster that only the first map, and only the second one, has right,
            shape (clusters, 2).
        classes: Number of classes.
        seed: Seed of the resampling.
    """
    counts = (first, second)
    totals = [total_matrix(item, classes) for item in counts]
    replicates = resampled_margins(counts, classes, seed)
    is_points = first.sum() == first.shape[0]
    only = differing.sum(axis=0)
    test = mcnemar(int(only[0]), int(only[1])) if is_points else sign_flip_of(differing, seed)
    clusters = first.shape[0]
    (referenced, mapped), (_, also_mapped) = (clusters_with(item, classes) for item in counts)

    def whole(name: str) -> Estimate:
        return bootstrap_estimate(_difference(totals, name), _difference(replicates, name), clusters)

    def per_class(name: str, of_class: Int64Array) -> Estimates:
        return bootstrap_estimates(_difference(totals, name), _difference(replicates, name), of_class)

    return Gain(
        overall=whole("overall_accuracy"),
        macro_f1=whole("macro_f1"),
        # The interval of a difference is based on the map that has the class in fewer clusters.
        users=per_class("users_accuracy", np.minimum(mapped, also_mapped)),
        producers=per_class("producers_accuracy", referenced),
        f1=per_class("f1", referenced),
        test=test,
    )


def gain_by_clusters(
    first: BoolArray, second: BoolArray, weights: Float64Array, members: Int64Array, seed: int
) -> Estimate:
    """Return the weighted gain in overall accuracy, with an interval by bootstrap over clusters.

    Args:
        first: Whether the first map is right at each point, shape (N,).
        second: Whether the second map is right, shape (N,).
        weights: Weight of each point, shape (N,).
        members: Cluster of each point, counted from 0, shape (N,).
        seed: Seed of the resampling.
    """
    gained = weights * (second.astype(np.float64) - first)
    table = np.stack([np.bincount(members, weights=column) for column in (gained, weights)], axis=1)
    (replicates,) = resampled_totals([table], seed)
    total = table.sum(axis=0)
    return bootstrap_estimate(
        float(total[0] / total[1]), replicates[:, 0] / replicates[:, 1], clusters=len(table)
    )


def gain_of_sample(cells: SampledCells, classes: int, has_equal_weights: bool) -> Gain:
    """Return the gain of the second map by one probability sample, with plain design-based intervals.

    Args:
        cells: Points by stratum, reference class and pair of map classes, shape (strata, classes,
            classes * classes); pairs are counted by the first map's class, then by the second one's.
        classes: Number of classes.
        has_equal_weights: Whether all points have the same weight, so that McNemar's test is valid; else
            the test is that of ``weighted_p``.
    """
    one, other = np.divmod(np.arange(classes * classes), classes)
    hits = [(np.arange(classes)[:, None] == codes).astype(np.float64) for codes in (one, other)]
    everything = np.ones((classes, classes * classes))

    def pair(numerators: list[Float64Array], denominators: list[Float64Array]) -> Estimate:
        return cells.difference((numerators[1], denominators[1]), (numerators[0], denominators[0]))

    users, producers, f1 = [], [], []
    for code in range(classes):
        reference = np.zeros_like(everything)
        reference[code] = 1
        mapped = [np.repeat(item[[code]], classes, axis=0) for item in hits]
        hit = [item * reference for item in mapped]
        users.append(pair(hit, mapped))
        producers.append(pair(hit, [reference, reference]))
        # F1 is not defined for a class that the reference lacks.
        is_referenced = bool(np.sum(cells.sums * reference))
        gain = pair([2 * item for item in hit], [item + reference for item in mapped])
        f1.append(gain if is_referenced else Estimate(None))
    overall = pair(hits, [everything, everything])
    counts = cells.counts.sum(axis=0)
    only = [float(np.sum(counts * (hits[n] > hits[1 - n]))) for n in (0, 1)]
    defined = [item.value for item in f1 if item.value is not None]
    if has_equal_weights:
        test = mcnemar(int(only[0]), int(only[1]))
    else:
        p = weighted_p(cells, (hits[0] > hits[1], hits[1] > hits[0]), overall)
        test = Significance(Text("design-weighted"), p, int(only[0]), int(only[1]), int(counts.sum()))
    return Gain(
        overall=overall,
        macro_f1=Estimate(float(np.mean(defined)) if defined else None),
        users=tuple(users),
        producers=tuple(producers),
        f1=tuple(f1),
        test=test,
    )


def weighted_p(cells: SampledCells, only: tuple[BoolArray, BoolArray], gain: Estimate) -> float | None:
    """Return the two-sided p-value of a gain in overall accuracy.

    It is the larger one of two p-values. The first compares the gain with its standard error, for which
    each stratum gets one additional point that only the first map has right, and one that only the second
    has (Bonett and Price 2012, https://doi.org/10.3102/1076998611411915, stratum by stratum): a sample in
    which all points favour one map, or none, does not exclude points that favour the other. The second is
    that of the exact sign-flip test within strata.

    Args:
        cells: Points as in ``gain_of_sample``.
        only: Cells of the points that only the first map, and only the second one, has right, shape
            (classes, classes * classes) each.
        gain: Gain in overall accuracy with its standard error.

    Returns:
        The p-value; None where the standard error is not known, because a stratum has a single point.
    """
    if gain.value is None or gain.error is None:
        return None
    if gain.value == 0:
        return 1.0
    first, second = (np.sum(cells.counts * mask, axis=(-1, -2)) for mask in only)
    sums = [np.sum(cells.sums * mask, axis=(-1, -2)) for mask in only]
    counted, whole = cells.counts.sum(axis=(-1, -2)), cells.sums.sum(axis=(-1, -2))
    weights = np.nan_to_num(ratio(whole, counted)) / whole.sum()
    # Values of points are 1, -1 or 0, less the gain.
    units = cells.units + 2
    total = (second - first) - gain.value * (counted + 2)
    squares = (
        (second + 1) * (1 - gain.value) ** 2
        + (first + 1) * (1 + gain.value) ** 2
        + (counted - first - second) * gain.value**2
    )
    spread = squares / units - (total / units) ** 2
    variances = (1 - cells.fractions) * (weights * cells.units) ** 2 * spread / units
    normal = 2 * NormalDist().cdf(-abs(gain.value) / float(np.sqrt(variances.sum())))
    differing = np.nan_to_num(ratio(sums[0] + sums[1], first + second))
    return max(normal, stratified_sign_flip(first, second, differing, 0))


def _difference(pair: Sequence[MatrixMargins], name: str) -> Float64Array:
    return np.asarray(getattr(pair[1], name) - getattr(pair[0], name), dtype=np.float64)
