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
from .bootstrap import FEWEST_CLUSTERS, clusters_with, resampled, resampled_totals
from .confusion_matrix import Scores, ratio, scores
from .estimators import Sampled, SampledCells, resampled_figure, resampled_figures

# Outcomes that are all tried, else ``_RANDOM_PATTERNS`` at random.
_MOST_OUTCOMES = 100_000
# With so few clusters all patterns of signs are tried, else this number at random.
_MOST_EXACT, _RANDOM_PATTERNS = 14, 20_000
# Signs that are held at once.
_PIECE = 8_000_000
Figures = tuple[Sampled, ...]


@dataclass(frozen=True)
class Significance:
    """A two-sided test of 'both models are right equally often'.

    Attributes:
        name: ``McNemar``, ``sign flip`` or ``design-weighted``.
        p: Its probability; None where it is not known.
        first_only: Samples that only the first model has right; ``second_only`` alike.
        units: What was counted as independent: pairs that differ, or clusters.
    """

    name: str
    p: float | None
    first_only: int
    second_only: int
    units: int


def mcnemar(first_only: int, second_only: int) -> Significance:
    """Return McNemar's test, exact (binomial): for samples that are independent of each other.

    McNemar 1947, https://doi.org/10.1007/BF02295996. The chi-squared form is an approximation of
    this one for large counts.
    """
    differing = first_only + second_only
    p = float(binomtest(first_only, differing, 0.5).pvalue) if differing else 1.0
    return Significance("McNemar", p, first_only, second_only, differing)


def sign_flip(
    first_right: Int64Array, second_right: Int64Array, clusters: Int64Array, seed: int
) -> Significance:
    """Return the sign-flip test by cluster: for samples that are alike within polygons or blocks.

    Were the models equally good, each cluster's difference could as well have the other sign. The
    probability is the share of sign patterns whose sum is as large as the one seen; all patterns
    where the clusters are few, else random ones, with the one seen among them (Phipson and Smyth
    2010, https://doi.org/10.2202/1544-6115.1585).

    Args:
        first_right: 1 where the first model is right (N,), else 0.
        second_right: The same of the second model.
        clusters: Which samples belong together (N,).
        seed: Repeats the random patterns.
    """
    _, members = np.unique(clusters, return_inverse=True)
    only = [
        np.bincount(members, weights=right > other)
        for right, other in ((first_right, second_right), (second_right, first_right))
    ]
    return sign_flip_of(np.stack(only, axis=1), seed)


def sign_flip_of(differing: Float64Array, seed: int) -> Significance:
    """Return the sign-flip test of clusters whose samples have been counted.

    Args:
        differing: Samples of each cluster that only the first model has right, and only the second
            (clusters, 2).
        seed: Repeats the random patterns.
    """
    first, second = differing.sum(axis=0)
    sums = differing[:, 0] - differing[:, 1]
    # A cluster without a difference has no sign to flip.
    sums = sums[sums != 0]
    seen = abs(sums.sum()) - 1e-9
    if len(sums) <= _MOST_EXACT:
        numbers = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums)) & 1
        p = float(np.mean(np.abs((2 * numbers - 1) @ sums) >= seen))
    else:
        generator = np.random.default_rng(seed)
        piece = max(1, _PIECE // len(sums))
        larger = 0
        for start in range(0, _RANDOM_PATTERNS, piece):
            number = min(piece, _RANDOM_PATTERNS - start)
            signs = generator.choice((-1.0, 1.0), size=(number, len(sums)))
            larger += int(np.count_nonzero(np.abs(signs @ sums) >= seen))
        p = (larger + 1) / (_RANDOM_PATTERNS + 1)
    return Significance("sign flip", p, int(first), int(second), len(differing))


def stratified_sign_flip(
    first_only: Float64Array, second_only: Float64Array, weights: Float64Array, seed: int
) -> float:
    """Return the probability of the sign-flip test of points that were drawn within strata.

    Were both models right equally often in each stratum, each point that one of them alone has right could
    as well be the other one's. Where the points of a stratum are exchangeable, the number of the first one's
    is binomial; the weighted sum over the strata is compared with the one seen. Of a single stratum this is
    McNemar's exact test.

    Args:
        first_only: Points of each stratum that only the first model has right (strata,).
        second_only: The same of the second model.
        weights: What a point of each stratum stands for.
        seed: Repeats the random outcomes, where all of them would be too many.
    """
    differing = (first_only + second_only).astype(np.int64)
    used = np.flatnonzero(differing)
    if not len(used):
        return 1.0
    scale = weights[used] / weights[used].max()
    seen = abs(float(scale @ (first_only - second_only)[used])) - 1e-9
    if np.prod(differing[used] + 1.0) > _MOST_OUTCOMES:
        drawn = np.random.default_rng(seed).binomial(differing[used], 0.5, size=(_RANDOM_PATTERNS, len(used)))
        sums = (2 * drawn - differing[used]) @ scale
        return float((np.count_nonzero(np.abs(sums) >= seen) + 1) / (_RANDOM_PATTERNS + 1))
    sums, chances = np.zeros(1), np.ones(1)
    for number, weight in zip(differing[used].tolist(), scale.tolist(), strict=True):
        firsts = np.arange(number + 1)
        sums = np.add.outer(sums, weight * (2 * firsts - number)).ravel()
        chances = np.multiply.outer(chances, binom.pmf(firsts, number, 0.5)).ravel()
    return min(float(chances[np.abs(sums) >= seen].sum()), 1.0)


@dataclass(frozen=True)
class Gain:
    """What a map gains over the first one; negative where it loses.

    Attributes:
        overall: In overall accuracy.
        macro_f1: In mean F1.
        users: In the user's accuracy of each class.
        producers: In the producer's accuracy of each class.
        f1: In the F1 of each class.
        test: Is the gain in overall accuracy more than chance?
    """

    overall: Sampled
    macro_f1: Sampled
    users: Figures
    producers: Figures
    f1: Figures
    test: Significance


def gain_of_clusters(
    first: csr_array, second: csr_array, differing: Float64Array, classes: int, seed: int
) -> Gain:
    """Return the gain of the second map, with paired intervals by bootstrap over clusters.

    Where every cluster is a single point, McNemar's test; else the sign-flip test by cluster, for
    pixels of a polygon or block are alike and are no evidence each.

    Args:
        first: Pixels of each cluster (clusters, classes * classes), map classes first.
        second: The same of the other map.
        differing: Pixels of each cluster that only the first has right, and only the second.
        classes: How many there are.
        seed: Repeats the draws.
    """
    tallies = (first, second)
    totals = [np.asarray(item.sum(axis=0), dtype=np.float64).reshape(classes, classes) for item in tallies]
    drawn: Sequence[Float64Array] = [np.empty((0, classes, classes))] * 2
    if first.shape[0] >= FEWEST_CLUSTERS:
        drawn = resampled(tallies, classes, seed)
    now, again = ([scores(np.swapaxes(item, -1, -2)) for item in part] for part in (totals, drawn))
    is_points = first.sum() == first.shape[0]
    counts = differing.sum(axis=0)
    test = mcnemar(int(counts[0]), int(counts[1])) if is_points else sign_flip_of(differing, seed)

    clusters = first.shape[0]
    (mapped, referenced), (also_mapped, _) = (clusters_with(item, classes) for item in tallies)

    def whole(name: str) -> Sampled:
        return resampled_figure(_difference(now, name), _difference(again, name), clusters)

    def each(name: str, of_class: Int64Array) -> Figures:
        return resampled_figures(_difference(now, name), _difference(again, name), of_class)

    return Gain(
        overall=whole("overall"),
        macro_f1=whole("macro_f1"),
        # A difference is known as far as the less known one of both.
        users=each("precision", np.minimum(mapped, also_mapped)),
        producers=each("recall", referenced),
        f1=each("f1", referenced),
        test=test,
    )


def gain_by_clusters(
    first: BoolArray, second: BoolArray, weights: Float64Array, members: Int64Array, seed: int
) -> Sampled:
    """Return the weighted gain in overall accuracy, with an interval by bootstrap over clusters.

    Args:
        first: Where the first map is right (N,).
        second: Where the second is.
        weights: What each stands for (N,).
        members: The cluster of each (N,), from 0.
        seed: Repeats the draws.
    """
    gained = weights * (second.astype(np.float64) - first)
    table = np.stack([np.bincount(members, weights=column) for column in (gained, weights)], axis=1)
    (drawn,) = resampled_totals([table], seed)
    total = table.sum(axis=0)
    return resampled_figure(float(total[0] / total[1]), drawn[:, 0] / drawn[:, 1], len(table))


def gain_of_sample(cells: SampledCells, classes: int, has_equal_weights: bool) -> Gain:
    """Return the gain of the second map by one probability sample, with plain design-based intervals.

    Args:
        cells: Points by stratum, classes of both maps and reference class: (strata, classes *
            classes, classes), the first map's class first.
        classes: How many there are.
        has_equal_weights: Whether all points stand for as much, so that McNemar's test holds; else
            ``weighted_p`` is taken.
    """
    one, other = np.divmod(np.arange(classes * classes), classes)
    mapped = [(codes[:, None] == np.arange(classes)).astype(np.float64) for codes in (one, other)]
    everything = np.ones((classes * classes, classes))

    def pair(counted: list[Float64Array], among: list[Float64Array]) -> Sampled:
        return cells.difference((counted[1], among[1]), (counted[0], among[0]))

    users, producers, f1 = [], [], []
    for code in range(classes):
        column = np.zeros_like(everything)
        column[:, code] = 1
        rows = [np.repeat(item[:, [code]], classes, axis=1) for item in mapped]
        hit = [row * column for row in rows]
        users.append(pair(hit, rows))
        producers.append(pair(hit, [column, column]))
        is_referenced = bool(np.sum(cells.sums * column))
        # As elsewhere: of what the reference lacks there is no F1.
        doubled = pair([2 * item for item in hit], [row + column for row in rows])
        f1.append(doubled if is_referenced else Sampled(None))
    overall = pair(mapped, [everything, everything])
    counts = cells.counts.sum(axis=0)
    only = [float(np.sum(counts * (mapped[n] > mapped[1 - n]))) for n in (0, 1)]
    defined = [item.value for item in f1 if item.value is not None]
    if has_equal_weights:
        test = mcnemar(int(only[0]), int(only[1]))
    else:
        p = weighted_p(cells, (mapped[0] > mapped[1], mapped[1] > mapped[0]), overall)
        test = Significance(Text("design-weighted"), p, int(only[0]), int(only[1]), int(counts.sum()))
    return Gain(
        overall,
        Sampled(float(np.mean(defined)) if defined else None),
        tuple(users),
        tuple(producers),
        tuple(f1),
        test,
    )


def weighted_p(cells: SampledCells, only: tuple[BoolArray, BoolArray], gain: Sampled) -> float | None:
    """Return the two-sided probability of a gain in overall accuracy that large, were there none.

    It is the larger one of two. The first compares the gain with its standard error, for which each
    stratum gets one point more that only the first map has right, and one that only the second has
    (Bonett and Price 2012, https://doi.org/10.3102/1076998611411915, stratum by stratum): points that
    all speak for one map, or for none, do not show that no other one speaks against it. The second is
    the exact sign-flip test within strata.

    Args:
        cells: As in ``gain_of_sample``.
        only: Cells of the points that only the first map has right, and only the second.
        gain: The gain and its standard error.

    Returns:
        None where the standard error is not known: a stratum has a single point.
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
    variances = (1 - cells.shares) * (weights * cells.units) ** 2 * spread / units
    normal = 2 * NormalDist().cdf(-abs(gain.value) / float(np.sqrt(variances.sum())))
    differing = np.nan_to_num(ratio(sums[0] + sums[1], first + second))
    return max(normal, stratified_sign_flip(first, second, differing, 0))


def _difference(pair: Sequence[Scores], name: str) -> Float64Array:
    return np.asarray(getattr(pair[1], name) - getattr(pair[0], name), dtype=np.float64)
