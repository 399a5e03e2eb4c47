"""Is one model better than the other? Tests on the same test samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from .accuracy import Codes
from .scores import Floats

# With so few clusters all patterns of signs are tried, else this number at random.
_MOST_EXACT, _RANDOM_PATTERNS = 14, 20_000
# Signs that are held at once.
_PIECE = 8_000_000


@dataclass(frozen=True)
class Significance:
    """A two-sided test of 'both models are right equally often'.

    Attributes:
        name: ``McNemar``, ``sign flip`` or ``design-weighted``.
        p: Its probability.
        first_only: Samples that only the first model has right; ``second_only`` alike.
        units: What was counted as independent: pairs that differ, or clusters.
    """

    name: str
    p: float
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
