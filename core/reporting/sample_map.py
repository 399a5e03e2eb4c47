"""Map of the samples over a picture of the raster."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..arrays import Float32Array, Int64Array
from ..raster.grid import Grid, Tile
from ..raster.roles import parse_roles
from ..raster.stack import BandStack
from .language import say, shown
from .map_figure import draw_scale_bar, label_coordinates, pixel_metres

# Largest size of the map in inches.
_MAX_WIDTH, _MAX_HEIGHT = 6.2, 7.0
# Rows of the legend, the size of its letters and of its marks; with many classes it is smaller.
_LEGEND, _SMALL_LEGEND, _MAX_LARGE_CLASSES = (24, None, 6), (60, 6.0, 4), 72
# Smallest side of the mark of a sample, in points.
_MIN_MARK_POINTS = 1.8
# Fraction of white in the picture of the raster, which makes the samples visible.
_WHITE_FRACTION = 0.4
# Largest number of rows and columns of the picture; more are not visible on the page.
_MAX_SIDE = 1200
# Percentage of the pixels at either end whose values are clipped.
_CLIPPED_PERCENT = 2.0
_NODATA_GREY = 225
# Distance of the scale bar below the map in inches: ticks and the axis' name are above it.
_BELOW_AXIS = 0.6


@dataclass(frozen=True, eq=False)
class Background:
    """Picture of a part of the raster.

    Attributes:
        image: Red, green and blue, uint8, shape (rows, columns, 3).
        window: Pixels of the raster that the image shows; the image may have a lower resolution.
    """

    image: npt.NDArray[np.uint8]
    window: Tile


def draw_sample_map(
    background: Background | None,
    rows: Int64Array,
    columns: Int64Array,
    kinds: Int64Array,
    names: Sequence[str],
    colors: Sequence[str],
    grid: Grid | None = None,
) -> Figure:
    """Return a map of samples, coloured by category; the legend lists the categories that occur.

    Args:
        background: Picture of the raster; None draws only the samples.
        rows: Row of each sample in the raster, shape (N,).
        columns: Column of each sample, shape (N,).
        kinds: Category of each sample, an index into ``names`` and ``colors``, shape (N,).
        names: Names of the categories; a ``Text`` is shown in the report's language.
        colors: Colours ``#RRGGBB`` of the categories.
        grid: Grid of the raster, for coordinates and a scale bar; None labels rows and columns.
    """
    window = background.window if background else window_around(rows, columns)
    present = [kind for kind in range(len(names)) if np.any(kinds == kind)]
    per_pixel = min(_MAX_WIDTH / window.width, _MAX_HEIGHT / window.height)
    width, height = per_pixel * window.width, per_pixel * window.height
    # Without an automatic layout, which would change the aspect ratio of the map.
    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    edges = (window.column - 0.5, window.column_stop - 0.5, window.row_stop - 0.5, window.row - 0.5)
    if background is not None:
        bleached = 255 - (255 - background.image.astype(np.float32)) * (1 - _WHITE_FRACTION)
        axes.imshow(bleached.astype(np.uint8), extent=edges, interpolation="antialiased")
    axes.set_xlim(*edges[:2])
    axes.set_ylim(*edges[2:])
    for kind in present:
        here = kinds == kind
        # Squares of the size of a pixel without edges, which would hide neighbouring samples.
        axes.scatter(
            columns[here],
            rows[here],
            s=max(72 * per_pixel, _MIN_MARK_POINTS) ** 2,
            marker="s",
            color=colors[kind],
            linewidths=0,
        )
    left, right, bottom, top = edges
    sides = (left, right, top, bottom)
    if grid is None or not label_coordinates(axes, grid, window, sides):
        axes.set_xlabel(say("column (pixels)"))
        axes.set_ylabel(say("row (pixels)"))
    if grid is not None and grid.crs:
        # Below the axis: on the map it would hide samples.
        metres = window.width * pixel_metres(grid)[0]
        draw_scale_bar(axes, sides, metres, below=_BELOW_AXIS / per_pixel)
    length, font, mark = _SMALL_LEGEND if len(present) > _MAX_LARGE_CLASSES else _LEGEND
    axes.legend(
        [
            Line2D([], [], linestyle="", marker="s", markersize=mark, color=colors[kind], mec="#666")
            for kind in present
        ],
        [shown(names[kind]) for kind in present],
        loc="upper left",
        bbox_to_anchor=(1.0 + 0.1 / width, 1.0),
        borderaxespad=0.0,
        ncols=math.ceil(len(present) / length),
        fontsize=font,
    )
    return figure


def window_around(rows: Int64Array, columns: Int64Array) -> Tile:
    """Return the window around samples with a margin; it may extend beyond the raster."""
    top, bottom = int(rows.min()), int(rows.max())
    left, right = int(columns.min()), int(columns.max())
    margin = max(5, round(0.05 * max(bottom - top, right - left)))
    return Tile(top - margin, left - margin, bottom - top + 1 + 2 * margin, right - left + 1 + 2 * margin)


def read_background(
    stack: BandStack, band_roles: str, rows: Int64Array, columns: Int64Array
) -> Background | None:
    """Return a picture of the raster around samples, in natural colours or in grey.

    The colours are natural where the red, green and blue bands are known. The result is None for a large
    raster without overviews, whose pixels would take long to read.

    Args:
        stack: Open raster.
        band_roles: ``role=band`` pairs of the user.
        rows: Row of each sample, shape (N,).
        columns: Column of each sample, shape (N,).

    Raises:
        RasterError: The raster cannot be read there.
    """
    grid = stack.grid
    around = window_around(rows, columns)
    row, column = max(0, around.row), max(0, around.column)
    window = Tile(
        row, column, min(around.row_stop, grid.height) - row, min(around.column_stop, grid.width) - column
    )
    roles = parse_roles(band_roles, stack.band_names, stack.own_bands)
    own = stack.band_names[: stack.own_bands]
    bands = [roles[role] for role in ("red", "green", "blue") if roles.get(role) in own]
    if len(bands) < 3:
        bands = [stack.band_names[0]]
    shrink = max(1.0, max(window.height, window.width) / _MAX_SIDE)
    shape = max(1, round(window.height / shrink)), max(1, round(window.width / shrink))
    values = stack.read_coarsely(window, shape, bands)
    if values is None:
        return None
    picture = np.stack([_stretched(band) for band in values])
    picture = np.repeat(picture, 3, axis=0) if len(bands) == 1 else picture
    picture[:, ~np.isfinite(values).all(axis=0)] = _NODATA_GREY
    return Background(np.ascontiguousarray(picture.transpose(1, 2, 0)), window)


def _stretched(band: Float32Array) -> npt.NDArray[np.uint8]:
    valid = band[np.isfinite(band)]
    if not len(valid):
        return np.zeros(band.shape, dtype=np.uint8)
    low, high = np.percentile(valid, [_CLIPPED_PERCENT, 100 - _CLIPPED_PERCENT])
    scaled = (np.nan_to_num(band, nan=low) - low) / max(float(high - low), 1e-12)
    return np.asarray(np.clip(255 * scaled, 0, 255), dtype=np.uint8)
