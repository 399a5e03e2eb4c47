"""Is one model better than the other? Tests on the same test samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, binomtest

from .accuracy import Codes
from .scores import Floats

# Outcomes that are all tried, else ``_RANDOM_PATTERNS`` at random.
_MOST_OUTCOMES = 100_000
# With so few clusters all patterns of signs are tried, else this number at random.
_MOST_EXACT, _RANDOM_PATTERNS = 14, 20_000
# Signs that are held at once.
_PIECE = 8_000_000


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


def sign_flip(first_right: Codes, second_right: Codes, clusters: Codes, seed: int) -> Significance:
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


def sign_flip_of(differing: Floats, seed: int) -> Significance:
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


def stratified_sign_flip(first_only: Floats, second_only: Floats, weights: Floats, seed: int) -> float:
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
