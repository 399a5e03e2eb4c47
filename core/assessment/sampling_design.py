"""Sample size, allocation to classes and random draw of reference points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..classes import LandCoverClass
from ..files import write_points
from ..options import EQUAL, PROPORTIONAL
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.pixel_area import pixel_areas
from .cross_tabulation import MapSize, strips


def needed_points(shares: Float64Array, accuracies: Float64Array, target: float, allocation: str) -> int:
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
        allocation: One of ``core.options.ALLOCATIONS``.
    """
    parts = _parts(shares, accuracies, allocation)
    variance = float(np.sum(shares**2 * accuracies * (1 - accuracies) / parts))
    return math.ceil(variance / target**2 - 1e-9)


def _parts(shares: Float64Array, accuracies: Float64Array, allocation: str) -> Float64Array:
    """Return the share of the points that each class gets (classes,), before any minimum."""
    if allocation == EQUAL:
        return np.full(len(shares), 1 / len(shares))
    if allocation == PROPORTIONAL:
        return np.asarray(shares / shares.sum(), dtype=np.float64)
    # Neyman 1934: as many as a class is large and as its accuracy is uncertain.
    weights = shares * np.sqrt(accuracies * (1 - accuracies))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def allocate(
    total: int,
    shares: Float64Array,
    accuracies: Float64Array,
    allocation: str,
    least: int,
    pixels: Int64Array,
) -> Int64Array:
    """Return the number of points of each class.

    Args:
        total: Of all classes; more where ``least`` asks for more.
        shares: Of the classes in the map (classes,), summing to 1.
        accuracies: Expected user's accuracies.
        allocation: One of ``core.options.ALLOCATIONS``.
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


def expected_errors(
    shares: Float64Array, accuracies: Float64Array, points: Int64Array
) -> tuple[float, Float64Array]:
    """Return the standard errors to expect, of overall and of user's accuracies (classes,).

    They are those of the numbers of points that are really drawn. A class without points has none (NaN);
    overall accuracy is then that of the other classes.
    """
    has_points = points > 0
    variances = accuracies * (1 - accuracies) / np.where(has_points, points, np.nan)
    seen = shares * has_points / np.sum(shares * has_points)
    return float(np.sqrt(np.nansum(seen**2 * variances))), np.sqrt(variances)


def _rounded(given: Float64Array, total: int, high: Int64Array) -> Int64Array:
    """Return whole numbers of the same total, by largest remainders."""
    whole = np.floor(given + 1e-9).astype(np.int64)
    rest = given - whole
    for code in np.argsort(-rest, kind="stable"):
        if whole.sum() >= total:
            break
        if whole[code] < high[code]:
            whole[code] += 1
    return whole


def draw_pixels(
    raster: ClassRaster, pixels: Mapping[int, int], points: Mapping[int, int], seed: int, progress: Progress
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Return rows, columns and class values of random pixels, none of them twice.

    The map is read once more, in strips: which pixels of a class are taken is drawn by their rank
    among those of the class, so memory does not grow with the map.

    Args:
        raster: The map.
        pixels: How many it has of each class.
        points: How many are wanted of each class, no more than there are.
        seed: Repeats the draw.
        progress: Asked for cancelling.
    """
    generator = np.random.default_rng(seed)
    ranks = {
        value: np.sort(generator.choice(pixels[value], number, replace=False, shuffle=False))
        for value, number in points.items()
    }
    before = dict.fromkeys(points, 0)
    parts: list[tuple[Int64Array, Int64Array, Int64Array]] = []
    for tile in strips(raster, progress, "Drawing points"):
        values, valid = raster.read(tile)
        for value, wanted in ranks.items():
            places = np.flatnonzero((values == value) & valid)
            first, stop = np.searchsorted(wanted, [before[value], before[value] + len(places)])
            chosen = places[wanted[first:stop] - before[value]]
            parts.append((chosen // tile.width + tile.row, chosen % tile.width, np.full(len(chosen), value)))
            before[value] += len(places)
    rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    # In random order, so that who labels them is not led by the class that they were drawn for.
    order = generator.permutation(len(rows))
    return rows[order], columns[order], values[order]


def write_drawn(
    path: Path,
    raster: ClassRaster,
    drawn: tuple[Int64Array, Int64Array, Int64Array],
    classes: tuple[LandCoverClass, ...],
    size: MapSize,
) -> None:
    """Write drawn pixels as JSON lines, with their centres in the map's CRS.

    ``class`` is left for who labels them; ``stratum`` is the map's class, ``stratum_ha`` its area,
    ``inclusion`` the probability of its pixels to be drawn, and ``weight`` the hectares that the
    point stands for: the area of its pixel over that probability.

    Raises:
        OutputError: The file cannot be written.
    """
    rows, columns, values = drawn
    names = {item.value: item.name for item in classes}
    found, counts = np.unique(values, return_counts=True)
    points = dict(zip(found.tolist(), counts.tolist(), strict=True))
    # The middles of pixels.
    x, y = raster.grid.position(rows.astype(np.float64) + 0.5, columns.astype(np.float64) + 0.5)
    areas = pixel_areas(raster.grid).at(rows, columns)
    inclusion = {value: number / size.pixels[value] for value, number in points.items()}
    records = (
        {
            "x": float(x[number]),
            "y": float(y[number]),
            "id": number + 1,
            "class": None,
            "stratum": value,
            "stratum_name": names[value],
            "stratum_ha": size.hectares[value],
            "inclusion": inclusion[value],
            "weight": float(areas[number]) / inclusion[value],
        }
        for number, value in enumerate(values.tolist())
    )
    write_points(path, records)
