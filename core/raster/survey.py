"""Survey of a raster: the values of some thousand pixels all over it, read in small windows.

Training and mapping survey a raster before they believe its values::

    survey = survey_raster(stack, stack.band_names, progress)
    survey.values                            # float32 (pixels, bands), without invalid pixels
    warn_of_fill(survey, stack, progress)    # a value that all bands have at the raster's border
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..arrays import Float32Array, Float64Array
from ..progress import Progress
from .grid import Tile, scattered_tiles
from .mask import Mask
from .stack import BandStack
from .validity import valid_pixels

# Rows and columns of windows, from coarse to fine: a mask or an extent may leave nothing of the coarse ones.
_WINDOWS_ACROSS = (10, 20, 30)
_WINDOW_SIDE = 8
# A window decodes whole blocks of the file, so that in files of large blocks fewer, larger windows are read.
_MAX_BLOCK_PIXELS = 512 * 512
_WINDOWS_ACROSS_LARGE_BLOCKS = (5, 10, 20)
_WINDOW_SIDE_LARGE_BLOCKS = 16
# Pixels below which finer windows are read.
_MIN_PIXELS = 1000
# Pixels that statistics of bands are computed from, and side of the squares in which they are read.
_MAX_STATISTICS_PIXELS, _STATISTICS_SIDE = 10_000_000, 256
# Fraction and number of pixels with one value in all bands from which on the value is taken for fill.
_MIN_FILL_FRACTION, _MIN_FILL_PIXELS = 0.01, 20
# Distance of the fill of a single band from all other values, in widths of these.
_MIN_FILL_GAP = 0.1


@dataclass(frozen=True, eq=False)
class Survey:
    """Values of the valid pixels of a survey.

    Attributes:
        bands: Names of the bands.
        values: Values, float32, shape (pixels, bands), all finite.
    """

    bands: tuple[str, ...]
    values: Float32Array

    def __len__(self) -> int:
        return len(self.values)


def survey_raster(
    stack: BandStack,
    bands: Sequence[str],
    progress: Progress,
    window: Tile | None = None,
    mask: Mask | None = None,
) -> Survey:
    """Return the values of some thousand pixels that are valid in all bands; fewer where there are no more.

    Args:
        stack: Open band stack.
        bands: Names of the bands.
        progress: Progress reporter.
        window: Part of the raster; None is the whole raster.
        mask: Mask of the pixels; None is all of them.

    Raises:
        RasterError: The raster cannot be read.
        RunCancelled: The user cancelled.
    """
    rows, columns = stack.block_size
    has_large_blocks = min(rows, stack.grid.height) * min(columns, stack.grid.width) > _MAX_BLOCK_PIXELS
    side = _WINDOW_SIDE_LARGE_BLOCKS if has_large_blocks else _WINDOW_SIDE
    values = np.zeros((0, len(bands)), dtype=np.float32)
    for across in _WINDOWS_ACROSS_LARGE_BLOCKS if has_large_blocks else _WINDOWS_ACROSS:
        pieces = [values[:0]]
        windows = survey_windows(window or stack.grid.window, side, across)
        for tile in windows:
            progress.check_cancelled()
            progress.update(0.0, "Surveying the values of the raster")
            pieces.append(_values(stack, bands, tile, mask))
        values = np.concatenate(pieces)
        if len(values) >= _MIN_PIXELS or len(windows) < across**2:
            break
    return Survey(tuple(bands), values)


def survey_windows(window: Tile, side: int, across: int) -> tuple[Tile, ...]:
    """Return windows all over a part of a raster, row by row, the same each time.

    One lies at random in each of ``across`` x ``across`` equal cells. Where the cells are no larger than a
    window, there are fewer of them, and they cover everything.

    Args:
        window: Part of the raster.
        side: Rows and columns of a window, in pixels.
        across: Number of windows in a row and in a column.
    """
    random = np.random.default_rng(0)
    edges = []
    for first, size in ((window.row, window.height), (window.column, window.width)):
        count = min(across, -(-size // side))
        edges.append([first + size * number // count for number in range(count + 1)])
    windows = []
    for top, bottom in zip(edges[0], edges[0][1:], strict=False):
        for left, right in zip(edges[1], edges[1][1:], strict=False):
            height, width = min(side, bottom - top), min(side, right - left)
            row, column = random.integers((bottom - top - height + 1, right - left - width + 1))
            windows.append(Tile(top + int(row), left + int(column), height, width))
    return tuple(windows)


def _values(stack: BandStack, bands: Sequence[str], tile: Tile, mask: Mask | None) -> Float32Array:
    """Return the values of the valid pixels of a window, shape (pixels, bands)."""
    inside = None if mask is None else mask.of(tile)
    if inside is not None and not inside.any():
        return np.zeros((0, len(bands)), dtype=np.float32)
    values = stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, bands)
    valid = valid_pixels(torch.from_numpy(values)).numpy()
    return np.ascontiguousarray(values[:, valid if inside is None else valid & inside].T)


def band_statistics(
    stack: BandStack, bands: Sequence[str], progress: Progress
) -> tuple[Float64Array, Float64Array]:
    """Return the mean and the standard deviation of each band over its valid pixels, float64, shape (bands,).

    They are those of all pixels, or of ten million all over a larger raster. A band without valid pixels has
    the mean 0 and the standard deviation 0.

    Args:
        stack: Open band stack.
        bands: Names of the bands.
        progress: Progress reporter.

    Raises:
        RasterError: The raster cannot be read.
        RunCancelled: The user cancelled.
    """
    count, mean, squares = (np.zeros(len(bands)) for _ in range(3))
    total = min(stack.grid.window.pixels, _MAX_STATISTICS_PIXELS)
    read = 0
    for tile in scattered_tiles(stack.grid.window, _STATISTICS_SIDE):
        progress.check_cancelled()
        progress.update(min(read / total, 1.0), "Computing the statistics of the bands")
        values = stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, bands)
        pixels = values.reshape(len(bands), -1).astype(np.float64)
        valid = np.isfinite(pixels)
        number = valid.sum(axis=1)
        here = np.where(valid, pixels, 0.0).sum(axis=1) / np.maximum(number, 1)
        deviations = np.where(valid, pixels - here[:, None], 0.0)
        # Sums of squares of two sets of values (Chan, Golub and LeVeque 1983).
        difference, both = here - mean, np.maximum(count + number, 1)
        squares += np.square(deviations).sum(axis=1) + np.square(difference) * count * number / both
        mean += difference * number / both
        count += number
        read += tile.pixels
        if read >= _MAX_STATISTICS_PIXELS:
            break
    return mean, np.sqrt(squares / np.maximum(count, 1))


def warn_of_fill(survey: Survey, stack: BandStack, progress: Progress) -> None:
    """Warn of a value that looks like fill which no file declares as nodata.

    That is a value which all bands of a raster have at many pixels, while no other pixel has a lower one, or
    none a higher one, in any band. Of a single band it must lie apart from all other values.

    Args:
        survey: Survey of the raster.
        stack: Band stack of the survey.
        progress: Progress reporter.
    """
    for raster, names in stack.bands_by_raster(survey.bands):
        values = survey.values[:, [survey.bands.index(name) for name in names]]
        fill = _fill_of(values)
        if fill is not None:
            progress.log(
                "About {fraction:.1%} of the pixels of {raster} have the value {value:.9g} in all bands, "
                "which is not "
                "declared as nodata. If it means nothing, set NODATA_VALUES={value:.9g}; otherwise these "
                "pixels "
                "are trained and classified.",
                "warning",
                fraction=float((values == fill).all(axis=1).mean()),
                raster=raster,
                value=fill,
            )


def _fill_of(values: Float32Array) -> float | None:
    """Return the value that looks like fill in values of shape (pixels, bands); None without one."""
    for value in (values.min(initial=np.inf), values.max(initial=-np.inf)):
        is_fill = (values == value).all(axis=1)
        count = np.count_nonzero(is_fill)
        if count < max(_MIN_FILL_PIXELS, _MIN_FILL_FRACTION * len(values)) or count == len(values):
            continue
        others = values[~is_fill].astype(np.float64)
        gap = min(abs(float(others.min()) - value), abs(float(others.max()) - value))
        is_apart = gap > _MIN_FILL_GAP * float(others.max() - others.min())
        if values.shape[1] > 1 or is_apart:
            return float(value)
    return None
