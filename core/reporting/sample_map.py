"""Where the samples lie, drawn over the raster."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..raster.tiles import Tile
from ..samples.samples import Integers
from .figure import new_figure, text_width
from .training_report import Background

_WIDTH, _LEAST_HEIGHT, _MOST_HEIGHT = 6.6, 2.2, 8.0
_LEGEND_ROWS, _LEGEND_ROW = 24, 0.19
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
    height = _WIDTH * window.height / window.width
    height = min(
        max(height, _LEAST_HEIGHT, 0.5 + _LEGEND_ROW * min(len(present), _LEGEND_ROWS)), _MOST_HEIGHT
    )
    columns_of_legend = math.ceil(len(present) / _LEGEND_ROWS)
    legend = columns_of_legend * (0.5 + 0.075 * max(text_width(names[kind]) for kind in present))
    figure = new_figure(_WIDTH + legend, height + 0.4)
    axes = figure.add_subplot()
    edges = (window.column - 0.5, window.column_stop - 0.5, window.row_stop - 0.5, window.row - 0.5)
    if background is not None:
        bleached = 255 - (255 - background.image.astype(np.float32)) * (1 - _BLEACH)
        axes.imshow(bleached.astype(np.uint8), extent=edges, interpolation="antialiased")
    axes.set_xlim(*edges[:2])
    axes.set_ylim(*edges[2:])
    axes.set_aspect("equal")
    per_pixel = 72 * min(_WIDTH / window.width, height / window.height)
    for kind in present:
        here = kinds == kind
        # Squares of a pixel's size; no edges, which would hide the neighbours.
        axes.scatter(
            columns[here],
            rows[here],
            s=max(per_pixel, _LEAST_MARK) ** 2,
            marker="s",
            color=colors[kind],
            linewidths=0,
        )
    axes.set_xlabel("column (pixels)")
    axes.set_ylabel("row (pixels)")
    figure.legend(
        [
            Line2D([], [], linestyle="", marker="s", markersize=6, color=colors[kind], markeredgecolor="#666")
            for kind in present
        ],
        [names[kind] for kind in present],
        loc="outside right upper",
        ncols=columns_of_legend,
    )
    return figure


def window_around(rows: Integers, columns: Integers) -> Tile:
    """Return the pixels around samples, with a margin; it may reach beyond the raster."""
    top, bottom = int(rows.min()), int(rows.max())
    left, right = int(columns.min()), int(columns.max())
    margin = max(5, round(0.05 * max(bottom - top, right - left)))
    return Tile(top - margin, left - margin, bottom - top + 1 + 2 * margin, right - left + 1 + 2 * margin)
