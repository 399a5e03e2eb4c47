"""Sample size, allocation to classes and random draw of reference points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..classes import LandCoverClass
from ..files import write_points
from ..maps.areas import MapSize
from ..maps.strips import strips
from ..options import EQUAL, PROPORTIONAL
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.pixel_area import pixel_areas


def needed_points(fractions: Float64Array, accuracies: Float64Array, target: float, allocation: str) -> int:
    """Return the number of points for which overall accuracy has the standard error ``target``.

    With area fractions W, standard deviations S = sqrt(U (1 - U)) and n points in all, n q of them in a
    class, the variance of overall accuracy is the sum of W² S² / (n q). Optimal allocation gives
    (sum W S)² / target² (Cochran 1977, equation 5.25; Olofsson et al. 2014, equation 13), proportional
    allocation sum W S² / target², equal allocation to k classes k sum W² S² / target². The correction for
    finite strata is left out, as in the estimators.

    Args:
        fractions: Area fraction of each class in the map, shape (classes,), with the sum 1.
        accuracies: Expected user's accuracy of each class, shape (classes,).
        target: Standard error of overall accuracy, 0 to 1.
        allocation: One of ``core.options.ALLOCATIONS``.
    """
    parts = _fractions_of_points(fractions, accuracies, allocation)
    variance = float(np.sum(fractions**2 * accuracies * (1 - accuracies) / parts))
    return math.ceil(variance / target**2 - 1e-9)


def _fractions_of_points(fractions: Float64Array, accuracies: Float64Array, allocation: str) -> Float64Array:
    """Return the fraction of the points that each class gets before any minimum, shape (classes,)."""
    if allocation == EQUAL:
        return np.full(len(fractions), 1 / len(fractions))
    if allocation == PROPORTIONAL:
        return np.asarray(fractions / fractions.sum(), dtype=np.float64)
    # Neyman 1934: in proportion to the size of a class and the standard deviation within it.
    weights = fractions * np.sqrt(accuracies * (1 - accuracies))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def allocate(
    total: int,
    fractions: Float64Array,
    accuracies: Float64Array,
    allocation: str,
    minimum: int,
    pixels: Int64Array,
) -> Int64Array:
    """Return the number of points of each class.

    Args:
        total: Number of points of all classes; ``minimum`` may raise it.
        fractions: Area fraction of each class in the map, shape (classes,), with the sum 1.
        accuracies: Expected user's accuracy of each class, shape (classes,).
        allocation: One of ``core.options.ALLOCATIONS``.
        minimum: Smallest number of points of each class.
        pixels: Number of pixels of each class, shape (classes,); the largest number of its points.
    """
    weights = _fractions_of_points(fractions, accuracies, allocation)
    low, high = np.minimum(minimum, pixels), pixels
    total = int(min(max(total, int(low.sum())), int(high.sum())))
    # Classes below the minimum or above their pixels get that number; the others divide the rest.
    allocated = np.zeros(len(fractions))
    fixed = np.zeros(len(fractions), dtype=bool)
    while True:
        free = ~fixed
        rest = total - float(allocated[fixed].sum())
        allocated[free] = rest * weights[free] / weights[free].sum() if free.any() else 0.0
        below, above = free & (allocated < low), free & (allocated > high)
        if not (below | above).any():
            break
        # The larger violation first, because the other one may vanish with it.
        deficit, excess = (low - allocated)[below].sum(), (allocated - high)[above].sum()
        violated = below if deficit >= excess else above
        allocated[violated] = np.where(below, low, high)[violated]
        fixed |= violated
    return _rounded(allocated, total, high)


def expected_errors(
    fractions: Float64Array, accuracies: Float64Array, points: Int64Array
) -> tuple[float, Float64Array]:
    """Return the expected standard errors of overall accuracy and of user's accuracies, shape (classes,).

    The standard error of a class without points is NaN; overall accuracy is then that of the other classes.

    Args:
        fractions: Area fraction of each class in the map, shape (classes,), with the sum 1.
        accuracies: Expected user's accuracy of each class, shape (classes,).
        points: Number of points of each class, shape (classes,).
    """
    has_points = points > 0
    variances = accuracies * (1 - accuracies) / np.where(has_points, points, np.nan)
    sampled = fractions * has_points / np.sum(fractions * has_points)
    return float(np.sqrt(np.nansum(sampled**2 * variances))), np.sqrt(variances)


def _rounded(allocated: Float64Array, total: int, high: Int64Array) -> Int64Array:
    """Return whole numbers with the same total, by the largest remainders."""
    whole = np.floor(allocated + 1e-9).astype(np.int64)
    rest = allocated - whole
    for code in np.argsort(-rest, kind="stable"):
        if whole.sum() >= total:
            break
        if whole[code] < high[code]:
            whole[code] += 1
    return whole


def draw_pixels(
    raster: ClassRaster, pixels: Mapping[int, int], points: Mapping[int, int], seed: int, progress: Progress
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Return rows, columns and class values of random pixels without replacement, shape (N,) each.

    The pixels of a class are drawn by their rank among those of the class. The map is read in strips, so
    memory does not grow with the map.

    Args:
        raster: Map.
        pixels: Number of pixels of each class by class value.
        points: Number of pixels to draw from each class by class value, at most those that there are.
        seed: Seed of the draw.
        progress: Progress reporter.
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
            drawn = places[wanted[first:stop] - before[value]]
            parts.append((drawn // tile.width + tile.row, drawn % tile.width, np.full(len(drawn), value)))
            before[value] += len(places)
    rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    # In random order, so that the order does not show the interpreter the stratum of a point.
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

    ``class`` is empty, for the interpreter to fill in; ``stratum`` is the map's class, ``stratum_ha`` its
    area in hectares, ``inclusion`` the inclusion probability of its pixels, and ``weight`` the hectares that
    the point represents: the area of its pixel divided by that probability.

    Args:
        path: File to write.
        raster: Map.
        drawn: Rows, columns and class values of the pixels, from ``draw_pixels``.
        classes: Classes of the map.
        size: Pixels and areas of the map.

    Raises:
        OutputError: The file cannot be written.
    """
    rows, columns, values = drawn
    names = {item.value: item.name for item in classes}
    occurring, counts = np.unique(values, return_counts=True)
    points = dict(zip(occurring.tolist(), counts.tolist(), strict=True))
    # Centres of the pixels.
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
