"""Figure of class maps side by side, for print: panels, one legend, scale bar and titles.

Maps are drawn as their rows and columns are stored: they are not warped, and there is no north arrow. Axes
have round coordinates. With two ``ClassRaster`` of the same area (``core.raster.class_raster``):

>>> panels = [Panel("2020", *first.overview(MAX_SIDE)), Panel("2024", *second.overview(MAX_SIDE))]
>>> write_map_figure(Path("maps.png"), panels, classes, first.grid, "Land cover", progress)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator
from rasterio.crs import CRS

from ..arrays import BoolArray, Int64Array
from ..classes import LandCoverClass, class_label
from ..progress import Progress
from ..raster.grid import METRES_PER_DEGREE, Grid, Tile
from ..text import Text
from .figure import figure_labels, figure_style, new_figure, save_figure
from .language import numeral, say, shown

MAX_SIDE = 1600
"""Largest useful number of rows and columns of a panel; more are not visible in print."""
# Width of a panel in inches, and the largest number of panels in a row.
_PANEL_INCHES, _MAX_PANELS_IN_ROW = 3.4, 4
# Only colour of a figure without classes.
_NO_CLASS_COLOUR = "#FFFFFF"
_DEGREES, _METRES = (Text("Longitude (°)"), Text("Latitude (°)")), (Text("Easting"), Text("Northing"))


@dataclass(frozen=True, eq=False)
class Panel:
    """One map of the figure.

    Attributes:
        title: Title of the panel, a ``Text`` or the name of a map. If a figure has several panels, their
            titles begin with a letter: (a), (b), ...
        values: Class value of each pixel, as stored in the map, int64, shape (rows, columns).
        valid: Whether each pixel has a class, bool, shape (rows, columns). Other pixels are white.
    """

    title: str
    values: Int64Array
    valid: BoolArray


def write_map_figure(
    path: Path,
    panels: Sequence[Panel],
    classes: Sequence[LandCoverClass],
    grid: Grid,
    title: str,
    progress: Progress,
) -> None:
    """Write a figure of maps to a file, at 300 dots per inch. The file says that Deep Land Cover wrote it.

    Args:
        path: Picture to write. Its ending gives the format, one of ``core.files.FIGURE_SUFFIXES``.
        panels: One panel or more, of the same area. Their numbers of rows and columns may differ.
        classes: All classes that occur in valid pixels, in legend order. Classes that do not occur are left
            out of the legend.
        grid: Grid of the area at full resolution, with a CRS.
        title: Title of the figure; empty for none.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
        rasterio.errors.CRSError: The grid has no CRS.
        ValueError: The ending is not a format of matplotlib.
    """
    texts = [title, *(panel.title for panel in panels), *(class_label(item) for item in classes)]
    with figure_style(texts) as chain:
        figure = draw_maps(panels, classes, figure_labels(classes, chain), grid, title)
        save_figure(path, figure, progress)


def draw_maps(
    panels: Sequence[Panel],
    classes: Sequence[LandCoverClass],
    labels: Sequence[str],
    grid: Grid,
    title: str,
) -> Figure:
    """Return a figure of panels with one legend below and a scale bar in the first panel.

    There are at most four panels in a row, each 3.4 inches wide. A panel has the proportions of the area on
    the ground, but is at least 0.3 and at most 2.5 times as high as wide. Fonts and colours are those of the
    surrounding ``core.reporting.figure.figure_style``.

    Args:
        panels: One panel or more, of the same area. Their numbers of rows and columns may differ.
        classes: All classes that occur in valid pixels, in legend order.
        labels: Text of each class in the legend, in the order of ``classes``.
        grid: Grid of the area at full resolution, with a CRS.
        title: Title of the figure; empty for none.

    Raises:
        rasterio.errors.CRSError: The grid has no CRS.
    """
    present = [
        number
        for number, item in enumerate(classes)
        if any(np.any((panel.values == item.value) & panel.valid) for panel in panels)
    ]
    down = -(-len(panels) // _MAX_PANELS_IN_ROW)
    across = -(-len(panels) // down)
    wide, high = pixel_metres(grid)
    ratio = (grid.height * high) / (grid.width * wide)
    height = _PANEL_INCHES * min(max(ratio, 0.3), 2.5)
    columns = max(1, min(len(present), int(across * _PANEL_INCHES / 1.7)))
    legend = 0.28 + 0.22 * -(-len(present) // columns)
    figure = new_figure(across * _PANEL_INCHES, down * (height + 0.3) + legend + (0.35 if title else 0))
    all_axes = figure.subplots(down, across, squeeze=False).ravel()
    colours = ListedColormap([classes[number].color for number in present] or [_NO_CLASS_COLOUR])
    known = np.array(sorted(classes[number].value for number in present), dtype=np.int64)
    colour_of = {classes[number].value: code for code, number in enumerate(present)}
    order = np.array([colour_of[value] for value in known.tolist()], dtype=np.int64)
    for number, (axes, panel) in enumerate(zip(all_axes, panels, strict=False)):
        # Without a valid pixel in any panel no class is known, and every pixel stays white.
        codes = (
            order[np.searchsorted(known, panel.values).clip(max=len(known) - 1)]
            if present
            else np.zeros_like(panel.values)
        )
        image = np.ma.masked_array(codes, mask=~panel.valid)
        axes.imshow(
            image, cmap=colours, vmin=-0.5, vmax=max(len(present), 1) - 0.5, interpolation="nearest",
            aspect=(grid.height * high / codes.shape[0]) / (grid.width * wide / codes.shape[1]),
        )  # fmt: skip
        heading = shown(panel.title)
        axes.set_title(f"({_letter(number)}) {heading}" if len(panels) > 1 else heading)
        axes.spines[:].set_visible(True)
        if not label_coordinates(axes, grid, grid.window, _edges(panel), has_names=number == 0):
            axes.set_xticks([])
            axes.set_yticks([])
    for axes in all_axes[len(panels) :]:
        axes.set_visible(False)
    draw_scale_bar(all_axes[0], _edges(panels[0]), grid.width * wide)
    handles = [
        Patch(facecolor=classes[number].color, edgecolor="#52606D", linewidth=0.5, label=labels[number])
        for number in present
    ]
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=columns, fontsize=8)
    if title:
        figure.suptitle(title, fontsize=12, fontweight="bold")
    return figure


def _edges(panel: Panel) -> tuple[float, float, float, float]:
    """Return the left, right, top and bottom edge of a panel in data coordinates: its rows and columns."""
    rows, columns = panel.values.shape
    return -0.5, columns - 0.5, -0.5, rows - 0.5


def _letter(number: int) -> str:
    """Return the letter of a panel, ``a`` for panel 0; after 26 panels, its number counted from 1."""
    return ascii_lowercase[number] if number < len(ascii_lowercase) else str(number + 1)


def label_coordinates(
    axes: Axes, grid: Grid, window: Tile, edges: tuple[float, float, float, float], has_names: bool = True
) -> bool:
    """Label a map's axes with round coordinates, and return whether that is possible.

    It is not if the grid is rotated or has no CRS. The axes then stay as they are.

    Args:
        axes: Axes of the map.
        grid: Grid of the raster at full resolution.
        window: Pixels of the raster that the map shows.
        edges: Left, right, top and bottom edge of the map in data coordinates of the axes.
        has_names: Whether to name the axes: longitude and latitude or easting and northing, with the EPSG
            code.
    """
    a, b, c, d, e, f = grid.transform
    if b or d or not grid.crs:
        return False
    crs = CRS.from_wkt(grid.crs)
    left, right, top, bottom = edges
    spans = (
        (axes.xaxis, c + a * window.column, c + a * window.column_stop, left, right),
        (axes.yaxis, f + e * window.row, f + e * window.row_stop, top, bottom),
    )
    for axis, first, last, start, stop in spans:
        low, high = sorted((first, last))
        values = [value for value in MaxNLocator(4).tick_values(low, high) if low <= value <= high]
        step = values[1] - values[0] if len(values) > 1 else high - low
        digits = max(0, math.ceil(-math.log10(step) - 1e-9))
        ticks = [start + (value - first) / (last - first) * (stop - start) for value in values]
        axis.set_ticks(ticks, [numeral(value, f".{digits}f").replace("-", "−") for value in values])
    axes.tick_params(labelsize=6.5, length=2.5)
    for label in axes.get_yticklabels():
        label.set(rotation=90, va="center")
    if has_names:
        code = crs.to_epsg()
        names = _DEGREES if crs.is_geographic else _METRES
        axes.set_xlabel(f"{say(names[0])}, EPSG:{code}" if code else say(names[0]), fontsize=7)
        axes.set_ylabel(say(names[1]), fontsize=7)
    return True


def pixel_metres(grid: Grid) -> tuple[float, float]:
    """Return the approximate width and height of a pixel in the middle of the grid, in metres.

    Degrees are converted as on a sphere, and the distortion of a projection is ignored. The unit of a CRS
    that is neither geographic nor projected is taken as a metre.

    Raises:
        rasterio.errors.CRSError: The grid has no CRS.
    """
    wide, high = grid.pixel_size
    crs = CRS.from_wkt(grid.crs)
    if crs.is_geographic:
        _, latitude = grid.position(grid.height / 2, grid.width / 2)
        return wide * METRES_PER_DEGREE * max(
            math.cos(math.radians(latitude)), 0.01
        ), high * METRES_PER_DEGREE
    factor = float(crs.linear_units_factor[1]) if crs.is_projected else 1.0
    return wide * factor, high * factor


def draw_scale_bar(
    axes: Axes, edges: tuple[float, float, float, float], metres: float, below: float | None = None
) -> None:
    """Draw a scale bar in the lower left corner of a map, or below the map.

    The bar is 1, 2 or 5 times a power of ten metres long, and at most a quarter as wide as the map.

    Args:
        axes: Axes of the map, with rows that increase downwards.
        edges: Left, right, top and bottom edge of the map in data coordinates of the axes.
        metres: Width of the map in metres, above 0.
        below: Distance of the bar's lower edge below the map, in rows; None draws it on the map.
    """
    first, last, upper, lower = edges
    rows, columns = lower - upper, last - first
    wanted = metres / 4
    step = 10 ** math.floor(math.log10(wanted))
    length = max(factor for factor in (1, 2, 5) if factor * step <= wanted) * step
    is_long = length >= 1000
    text = say("{length:g} km", length=length / 1000) if is_long else say("{length:g} m", length=length)
    width = length / metres * columns
    left, bottom, thick = first + 0.04 * columns, upper + 0.95 * rows, 0.012 * rows
    if below is None:
        axes.add_patch(
            Rectangle(
                (left - 0.02 * columns, bottom - 0.085 * rows),
                width + 0.04 * columns,
                0.115 * rows,
                facecolor="white",
                alpha=0.8,
                linewidth=0,
            )
        )
    else:
        left, bottom = first, lower + below
    for part, color in ((0, "#1F2933"), (1, "white")):
        axes.add_patch(
            Rectangle(
                (left + part * width / 2, bottom - thick), width / 2, thick,
                facecolor=color, edgecolor="#1F2933", linewidth=0.7, clip_on=below is None,
            )
        )  # fmt: skip
    axes.text(left + width / 2, bottom - 2 * thick, text, ha="center", va="bottom", fontsize=8)
