"""Where the samples lie, drawn over the raster."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..raster.tiles import Tile
from ..samples.samples import Integers
from .training_report import Background

# Inches, at most.
_WIDTH, _HEIGHT = 6.2, 7.0
_LEGEND_ROWS = 24
# A sample is never drawn smaller than this, in points.
_LEAST_MARK = 1.8
# How much the ground is bleached, so that the samples stand out.
_BLEACH = 0.4


def draw_sample_map(
    background: Background | None,
    rows: Integers,
    columns: Integers,
    kinds: Integers,
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


def window_around(rows: Integers, columns: Integers) -> Tile:
    """Return the pixels around samples, with a margin; it may reach beyond the raster."""
    top, bottom = int(rows.min()), int(rows.max())
    left, right = int(columns.min()), int(columns.max())
    margin = max(5, round(0.05 * max(bottom - top, right - left)))
    return Tile(top - margin, left - margin, bottom - top + 1 + 2 * margin, right - left + 1 + 2 * margin)
