"""How many reference points a map needs, and how many of them in each class."""

from __future__ import annotations

import math

import numpy as np

from ..samples.samples import Floats, Integers
from .allocation_names import EQUAL, PROPORTIONAL


def needed_points(shares: Floats, accuracies: Floats, target: float, allocation: str) -> int:
    """Return how many points give overall accuracy the standard error ``target``.

    With shares W, standard deviations S = sqrt(U (1 - U)) and n points in all, n q of them in a class, the
    variance of overall accuracy is the sum of W² S² / (n q). Optimal allocation gives (sum W S)² / target²
    (Cochran 1977, equation 5.25; Olofsson et al. 2014, equation 13), proportional allocation
    sum W S² / target², equal allocation to k classes k sum W² S² / target². The correction for finite
    strata is left out, as in the estimators.

    Args:
        shares: Of the classes in the map (classes,), summing to 1.
        accuracies: Expected user's accuracies.
        target: Standard error.
        allocation: One of ``core.assessment.allocation_names.ALLOCATIONS``.
    """
    parts = _parts(shares, accuracies, allocation)
    variance = float(np.sum(shares**2 * accuracies * (1 - accuracies) / parts))
    return math.ceil(variance / target**2 - 1e-9)


def _parts(shares: Floats, accuracies: Floats, allocation: str) -> Floats:
    """Return the share of the points that each class gets (classes,), before any minimum."""
    if allocation == EQUAL:
        return np.full(len(shares), 1 / len(shares))
    if allocation == PROPORTIONAL:
        return np.asarray(shares / shares.sum(), dtype=np.float64)
    # Neyman 1934: as many as a class is large and as its accuracy is uncertain.
    weights = shares * np.sqrt(accuracies * (1 - accuracies))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def allocate(
    total: int, shares: Floats, accuracies: Floats, allocation: str, least: int, pixels: Integers
) -> Integers:
    """Return the number of points of each class.

    Args:
        total: Of all classes; more where ``least`` asks for more.
        shares: Of the classes in the map (classes,), summing to 1.
        accuracies: Expected user's accuracies.
        allocation: One of ``core.assessment.allocation_names.ALLOCATIONS``.
        least: Points of each class at least.
        pixels: Of each class: no class gets more points.
    """
    weights = _parts(shares, accuracies, allocation)
    low, high = np.minimum(least, pixels), pixels
    total = int(min(max(total, int(low.sum())), int(high.sum())))
    # Whoever would fall below the least or above the pixels stays there; the others share the rest.
    given = np.zeros(len(shares))
    fixed = np.zeros(len(shares), dtype=bool)
    while True:
        free = ~fixed
        rest = total - float(given[fixed].sum())
        given[free] = rest * weights[free] / weights[free].sum() if free.any() else 0.0
        below, above = free & (given < low), free & (given > high)
        if not (below | above).any():
            break
        # The larger breach first, for the other one may vanish with it.
        breach = below if (low - given)[below].sum() >= (given - high)[above].sum() else above
        given[breach] = np.where(below, low, high)[breach]
        fixed |= breach
    return _rounded(given, total, high)


def expected_errors(shares: Floats, accuracies: Floats, points: Integers) -> tuple[float, Floats]:
    """Return the standard errors to expect, of overall and of user's accuracies (classes,).

    They are those of the numbers of points that are really drawn. A class without points has none (NaN);
    overall accuracy is then that of the other classes.
    """
    has_points = points > 0
    variances = accuracies * (1 - accuracies) / np.where(has_points, points, np.nan)
    seen = shares * has_points / np.sum(shares * has_points)
    return float(np.sqrt(np.nansum(seen**2 * variances))), np.sqrt(variances)


def _rounded(given: Floats, total: int, high: Integers) -> Integers:
    """Return whole numbers of the same total, by largest remainders."""
    whole = np.floor(given + 1e-9).astype(np.int64)
    rest = given - whole
    for code in np.argsort(-rest, kind="stable"):
        if whole.sum() >= total:
            break
        if whole[code] < high[code]:
            whole[code] += 1
    return whole
