"""Map of the samples over a picture of the raster."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..arrays import Int64Array
from ..raster.grid import Tile
from ..raster.roles import parse_roles
from ..raster.stack import BandStack

# Inches, at most.
_WIDTH, _HEIGHT = 6.2, 7.0
_LEGEND_ROWS = 24
# A sample is never drawn smaller than this, in points.
_LEAST_MARK = 1.8
# How much the ground is bleached, so that the samples stand out.
_BLEACH = 0.4
# Rows and columns of the picture at most; more would not be seen on the page.
_MOST_SIDE = 1200
# Share of the pixels at either end that may be over- and underexposed.
_CLIPPED = 2.0
_NODATA_GREY = 225


@dataclass(frozen=True, eq=False)
class Background:
    """A picture of the ground: red, green and blue, shape (rows, columns, 3), uint8.

    ``window`` tells which pixels of the raster it shows; it may have fewer pixels than these.
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
) -> Figure:
    """Return a map of samples, coloured by kind; kinds without samples are not in the legend.

    Args:
        background: The ground; None draws the samples alone.
        rows: Rows of the samples in the raster (N,).
        columns: Columns (N,).
        kinds: Index into ``names`` and ``colors`` (N,).
        names: What the kinds are called.
        colors: ``#RRGGBB`` of the kinds.
    """
    window = background.window if background else window_around(rows, columns)
    present = [kind for kind in range(len(names)) if np.any(kinds == kind)]
    per_pixel = min(_WIDTH / window.width, _HEIGHT / window.height)
    width, height = per_pixel * window.width, per_pixel * window.height
    # Placed by hand: automatic layouts do not know that the sides of a map are not free.
    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    edges = (window.column - 0.5, window.column_stop - 0.5, window.row_stop - 0.5, window.row - 0.5)
    if background is not None:
        bleached = 255 - (255 - background.image.astype(np.float32)) * (1 - _BLEACH)
        axes.imshow(bleached.astype(np.uint8), extent=edges, interpolation="antialiased")
    axes.set_xlim(*edges[:2])
    axes.set_ylim(*edges[2:])
    for kind in present:
        here = kinds == kind
        # Squares of a pixel's size; no edges, which would hide the neighbours.
        axes.scatter(
            columns[here],
            rows[here],
            s=max(72 * per_pixel, _LEAST_MARK) ** 2,
            marker="s",
            color=colors[kind],
            linewidths=0,
        )
    axes.set_xlabel("column (pixels)")
    axes.set_ylabel("row (pixels)")
    axes.legend(
        [
            Line2D([], [], linestyle="", marker="s", markersize=6, color=colors[kind], markeredgecolor="#666")
            for kind in present
        ],
        [names[kind] for kind in present],
        loc="upper left",
        bbox_to_anchor=(1.0 + 0.1 / width, 1.0),
        borderaxespad=0.0,
        ncols=math.ceil(len(present) / _LEGEND_ROWS),
    )
    return figure


def window_around(rows: Int64Array, columns: Int64Array) -> Tile:
    """Return the pixels around samples, with a margin; it may reach beyond the raster."""
    top, bottom = int(rows.min()), int(rows.max())
    left, right = int(columns.min()), int(columns.max())
    margin = max(5, round(0.05 * max(bottom - top, right - left)))
    return Tile(top - margin, left - margin, bottom - top + 1 + 2 * margin, right - left + 1 + 2 * margin)


def read_background(
    stack: BandStack, band_roles: str, rows: Int64Array, columns: Int64Array
) -> Background | None:
    """Return the raster around samples in natural colours where its bands are known, else in grey.

    None where that would take long: a large raster without overviews.

    Args:
        stack: The open raster.
        band_roles: The user's ``role=band`` pairs.
        rows: Rows of the samples (N,).
        columns: Columns (N,).

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
    shrink = max(1.0, max(window.height, window.width) / _MOST_SIDE)
    shape = max(1, round(window.height / shrink)), max(1, round(window.width / shrink))
    values = stack.read_coarsely(window, shape, bands)
    if values is None:
        return None
    picture = np.stack([_stretched(band) for band in values])
    picture = np.repeat(picture, 3, axis=0) if len(bands) == 1 else picture
    picture[:, ~np.isfinite(values).all(axis=0)] = _NODATA_GREY
    return Background(np.ascontiguousarray(picture.transpose(1, 2, 0)), window)


def _stretched(band: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    valid = band[np.isfinite(band)]
    if not len(valid):
        return np.zeros(band.shape, dtype=np.uint8)
    low, high = np.percentile(valid, [_CLIPPED, 100 - _CLIPPED])
    scaled = (np.nan_to_num(band, nan=low) - low) / max(float(high - low), 1e-12)
    return np.asarray(np.clip(255 * scaled, 0, 255), dtype=np.uint8)
