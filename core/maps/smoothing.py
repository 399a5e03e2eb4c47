"""Bayesian smoothing of class probabilities.

The logit of a class in a pixel is taken for a measurement, and the logits of the same class in the window
around it for what is known beforehand. Their highest ones, a fraction of the window, have the mean m and the
sample variance s². With the smoothness σ² of the class, the smoothed logit is::

    w = s² / (s² + σ²)
    x' = w x + (1 - w) m

so that a pixel in an even neighbourhood takes its mean, and one in a mixed neighbourhood keeps its own.
Source: Camara et al. 2024, Bayesian inference for post-processing of remote-sensing image classification,
Remote Sensing 16(23), 4572, https://doi.org/10.3390/rs16234572. Unlike there, pixels without probabilities are
left alone.

>>> smoothed = smooth(fractions, valid, Smoothing(window=5, neighbours=0.5, smoothness=(10.0, 10.0, 2.0)))
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..arrays import BoolArray, Float32Array, Float64Array, Int64Array
from ..progress import Progress, RateMeter
from ..raster.geotiff import BLOCK
from ..raster.grid import Grid, Tile, tiles_of
from ..raster.pixel_area import pixel_areas
from ..threads import map_in_threads

MAX_WINDOW = 33
"""Largest window in pixels, as in the source."""
MIN_PROBABILITY = 0.002
"""Smallest probability in logits: half a step of probabilities that are stored as bytes."""
# Variance of logits below which a neighbourhood counts as even.
_MIN_VARIANCE = 1e-4
# Values of windows that are sorted together; they take some tens of megabytes.
_SORTED_VALUES = 4_000_000
_MAX_THREADS = 4
Reader = Callable[[Tile], tuple[Float32Array, BoolArray]]
"""Function that returns probabilities of shape (classes, rows, columns), and where they are valid."""


@dataclass(frozen=True)
class Smoothing:
    """Settings of a smoothing.

    Attributes:
        window: Rows and columns of the window in pixels, odd.
        neighbours: Fraction of the pixels of the window that count, those of the highest logits, 0 to 1.
        smoothness: Variance σ² of each class, above 0; higher ones smooth more.
    """

    window: int
    neighbours: float
    smoothness: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class SmoothedTile:
    """Smoothed probabilities of a tile.

    Attributes:
        tile: Pixels of the raster.
        valid: Whether each pixel has probabilities, shape (rows, columns).
        fractions: Smoothed probabilities, shape (classes, rows, columns), whose sum is 1.
        before: Position of the most probable class before the smoothing, shape (rows, columns); of several
            the first.
        after: The same after the smoothing.
    """

    tile: Tile
    valid: BoolArray
    fractions: Float32Array
    before: Int64Array
    after: Int64Array


@dataclass(frozen=True, eq=False)
class ClassSizes:
    """Pixels and hectares of the most probable class, by its position.

    Attributes:
        pixels: Number of pixels, int64, shape (classes,).
        hectares: Area in hectares, shape (classes,).
    """

    pixels: Int64Array
    hectares: Float64Array


def smooth_raster(
    read: Reader,
    grid: Grid,
    smoothing: Smoothing,
    write: Callable[[SmoothedTile], None],
    progress: Progress,
    tile_size: int = BLOCK,
) -> tuple[ClassSizes, ClassSizes]:
    """Smooth a raster tile by tile; the tiles have no influence on the result.

    Args:
        read: Reader of probabilities; used in one thread.
        grid: Grid of the raster.
        smoothing: Settings.
        write: Writer of the smoothed tiles, which come in any order.
        progress: Progress reporter, from 0 to 1.
        tile_size: Rows and columns of a tile.

    Returns:
        Sizes of the classes before and after the smoothing.

    Raises:
        RasterError: The raster cannot be read.
        OutputError: The result cannot be written.
        RunCancelled: The user cancelled.
    """
    count = len(smoothing.smoothness)
    areas = pixel_areas(grid)
    pixels, hectares = np.zeros((2, count), dtype=np.int64), np.zeros((2, count))
    meter = RateMeter(grid.window.pixels, "pixels", "Smoothing the probabilities")

    def work(item: tuple[Tile, Float32Array, BoolArray]) -> SmoothedTile:
        return _smoothed_tile(*item, smoothing)

    threads = max(1, min(_MAX_THREADS, os.cpu_count() or 1))
    windows = _with_halo(read, grid, smoothing.window // 2, tile_size)
    with closing(map_in_threads(windows, [work] * threads)) as tiles:
        for item in tiles:
            progress.check_cancelled()
            write(item)
            of_tile = np.broadcast_to(areas.of(item.tile), item.valid.shape)[item.valid]
            for number, codes in enumerate((item.before, item.after)):
                mapped = codes[item.valid]
                pixels[number] += np.bincount(mapped, minlength=count)
                hectares[number] += np.bincount(mapped, weights=of_tile, minlength=count)
            meter.add(item.tile.pixels)
            progress.update(meter.fraction, meter.text())
    return ClassSizes(pixels[0], hectares[0]), ClassSizes(pixels[1], hectares[1])


def smooth(fractions: Float32Array, valid: BoolArray, smoothing: Smoothing) -> Float64Array:
    """Return the smoothed logits of the inner pixels, shape (classes, rows, columns).

    Args:
        fractions: Probabilities with ``window // 2`` more pixels on all sides, shape (classes, rows + window
            - 1, columns + window - 1).
        valid: Whether each of these pixels has probabilities, shape (rows + window - 1, columns + window
            - 1). Others have no influence.
        smoothing: Settings.
    """
    window, radius = smoothing.window, smoothing.window // 2
    rows, columns = valid.shape[0] - 2 * radius, valid.shape[1] - 2 * radius
    result = np.empty((len(fractions), rows, columns))
    step = max(1, _SORTED_VALUES // (columns * window**2))
    for first in range(0, rows, step):
        stop = min(rows, first + step)
        around = slice(first, stop + 2 * radius)
        is_valid = sliding_window_view(valid[around], (window, window))
        counts = np.ceil(smoothing.neighbours * is_valid.sum(axis=(2, 3)).reshape(-1)).astype(np.int64)
        for code, smoothness in enumerate(smoothing.smoothness):
            logits = np.where(valid[around], logit(fractions[code, around]), -np.inf)
            means, variances = _highest(logits, window, counts)
            own = logits[radius : radius + stop - first, radius : radius + columns].reshape(-1)
            weights = np.where(variances < _MIN_VARIANCE, 0.0, variances / (variances + smoothness))
            with np.errstate(invalid="ignore"):
                # Pixels without probabilities are not finite.
                smoothed = np.where(weights > 0, weights * own + (1 - weights) * means, means)
            result[code, first:stop] = smoothed.reshape(stop - first, columns)
    return result


def logit(fractions: Float32Array) -> Float32Array:
    """Return the logarithm of the odds of probabilities, which are limited to 0.002 and 0.998."""
    limited = np.clip(fractions, MIN_PROBABILITY, 1 - MIN_PROBABILITY)
    return np.asarray(np.log(limited / (1 - limited)), dtype=np.float32)


def shares_of(logits: Float64Array) -> Float32Array:
    """Return probabilities whose sum is 1, from logits of shape (classes, rows, columns)."""
    fractions = 1 / (1 + np.exp(-logits))
    return np.asarray(fractions / fractions.sum(axis=0), dtype=np.float32)


def _highest(logits: Float32Array, window: int, counts: Int64Array) -> tuple[Float64Array, Float64Array]:
    """Return mean and sample variance of the highest values of the window around each pixel.

    Args:
        logits: Values, shape (rows + window - 1, columns + window - 1); minus infinity does not count.
        window: Rows and columns of the window.
        counts: How many values count around each pixel, shape (pixels,).
    """
    values = sliding_window_view(logits, (window, window)).reshape(-1, window**2)
    values = np.sort(values, axis=1)
    counted = np.arange(window**2) >= window**2 - counts[:, None]
    # Over all places in the same order, so that the rounding of a pixel does not depend on its tile.
    kept = np.where(counted, values, 0).astype(np.float64)
    means = kept.sum(axis=1) / np.maximum(counts, 1)
    deviations = np.where(counted, kept - means[:, None], 0.0)
    return means, (deviations**2).sum(axis=1) / np.maximum(counts - 1, 1)


def _smoothed_tile(
    tile: Tile, fractions: Float32Array, valid: BoolArray, smoothing: Smoothing
) -> SmoothedTile:
    radius = smoothing.window // 2
    inner = slice(radius, radius + tile.height), slice(radius, radius + tile.width)
    logits = smooth(fractions, valid, smoothing)
    is_valid = valid[inner]
    logits[:, ~is_valid] = 0.0
    before = np.where(is_valid, fractions[:, inner[0], inner[1]], 0.0).argmax(axis=0)
    return SmoothedTile(tile, is_valid, shares_of(logits), before, logits.argmax(axis=0))


def _with_halo(
    read: Reader, grid: Grid, radius: int, tile_size: int
) -> Iterator[tuple[Tile, Float32Array, BoolArray]]:
    """Yield tiles with the pixels around them, which are mirrored at the raster's edge."""
    for tile in tiles_of(grid.window, tile_size):
        row, row_stop = max(0, tile.row - radius), min(grid.height, tile.row_stop + radius)
        column, column_stop = max(0, tile.column - radius), min(grid.width, tile.column_stop + radius)
        fractions, valid = read(Tile(row, column, row_stop - row, column_stop - column))
        missing: Sequence[tuple[int, int]] = (
            (radius - (tile.row - row), radius - (row_stop - tile.row_stop)),
            (radius - (tile.column - column), radius - (column_stop - tile.column_stop)),
        )
        if any(map(any, missing)):
            valid = np.pad(valid, missing, mode="symmetric")
            fractions = np.pad(fractions, ((0, 0), *missing), mode="symmetric")
        yield tile, fractions, valid
