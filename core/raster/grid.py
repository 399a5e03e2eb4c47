"""Grid of a raster, and tiles: rectangles of its pixels.

Tiles are values with pure arithmetic. Their borders lie on multiples of one step counted from the raster's
origin, whatever window is requested, so that tiles meet the file's blocks and never divide a cell of STRIDE
pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import ParameterError, RasterError
from ..text import Text

Transform = tuple[float, float, float, float, float, float]
# One place, or many.
Number = TypeVar("Number", float, NDArray[np.float64])
Extent = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax
# Corners this near, in pixels, are the same place written with other digits.
_SAME_PLACE = 0.01
# An extent that comes from a raster's own corners misses whole pixels by rounding only.
_PIXEL_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Tile:
    """``height`` x ``width`` pixels whose first is (``row``, ``column``)."""

    row: int
    column: int
    height: int
    width: int

    @property
    def row_stop(self) -> int:
        """First row below the tile."""
        return self.row + self.height

    @property
    def column_stop(self) -> int:
        """First column to the right of the tile."""
        return self.column + self.width

    @property
    def pixels(self) -> int:
        """How many pixels the tile has."""
        return self.height * self.width

    def relative_to(self, window: Tile) -> Tile:
        """Return the same pixels, counted from the first pixel of ``window``."""
        return Tile(self.row - window.row, self.column - window.column, self.height, self.width)

    def coarsened(self, factor: int) -> Tile:
        """Return the cells of ``factor`` x ``factor`` pixels, from the raster's origin, that it touches."""
        row, column = self.row // factor, self.column // factor
        return Tile(row, column, -(-self.row_stop // factor) - row, -(-self.column_stop // factor) - column)


def tiles_of(window: Tile, tile_size: int, multiple_of: int = 1) -> Iterator[Tile]:
    """Yield tiles, row by row, so that every pixel of ``window`` is in exactly one.

    Args:
        window: What to cover. Tiles at its edges are clipped to it.
        tile_size: Rows and columns of a tile at most, in pixels; where it is less than
            ``multiple_of``, the latter counts.
        multiple_of: Borders inside the window lie on multiples of this, counted from the raster's
            origin; the cell of a STRIDE.
    """
    step = max(tile_size // multiple_of, 1) * multiple_of
    for row, row_stop in _spans(window.row, window.row_stop, step):
        for column, column_stop in _spans(window.column, window.column_stop, step):
            yield Tile(row, column, row_stop - row, column_stop - column)


def _spans(start: int, stop: int, step: int) -> Iterator[tuple[int, int]]:
    for border in range(start // step * step, stop, step):
        yield max(border, start), min(border + step, stop)


def to_window(tile: Tile) -> Window:
    """Return the pixels of ``tile`` as rasterio names them: column and row, then width and height."""
    return Window(tile.column, tile.row, tile.width, tile.height)


@dataclass(frozen=True)
class Grid:
    """Size and place of a raster.

    Attributes:
        width: Columns.
        height: Rows.
        transform: ``(a, b, c, d, e, f)`` with ``x = a * column + b * row + c`` and
            ``y = d * column + e * row + f``; column and row count from the corner of the first
            pixel. Rotated and south-up rasters are nothing special.
        crs: WKT, or empty where the raster has no coordinate reference system.
    """

    width: int
    height: int
    transform: Transform
    crs: str

    @property
    def window(self) -> Tile:
        """All pixels."""
        return Tile(0, 0, self.height, self.width)

    @property
    def pixel_size(self) -> tuple[float, float]:
        """Length of a pixel's two sides in the CRS's unit; positive for any orientation."""
        a, b, _, d, e, _ = self.transform
        return math.hypot(a, d), math.hypot(b, e)

    def position(self, row: Number, column: Number) -> tuple[Number, Number]:
        """Return x and y of a place in the raster; the centre of pixel (0, 0) is (0.5, 0.5)."""
        a, b, c, d, e, f = self.transform
        return a * column + b * row + c, d * column + e * row + f

    def place(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return row and column of a position, the inverse of ``position``.

        Raises:
            RasterError: The transform is degenerate, so that positions have no place.
        """
        a, b, c, d, e, f = self.transform
        determinant = a * e - b * d
        if determinant == 0 or not math.isfinite(determinant):
            raise RasterError(
                "The georeferencing of the raster is degenerate",
                where=Text("transform {transform}", transform=self.transform),
                advice="Georeference the raster again.",
            )
        x, y = x - c, y - f
        return (a * y - d * x) / determinant, (e * x - b * y) / determinant

    def has_pixels_of(self, other: Grid) -> bool:
        """Whether each pixel of the two grids lies where the other's does, the CRS left aside."""
        same_size = (self.width, self.height) == (other.width, other.height)
        return same_size and self._shift_of(other) == (0, 0)

    def shares_pixels_with(self, other: Grid) -> bool:
        """Whether the pixels of both are cut from one larger grid, the CRS left aside."""
        return self._shift_of(other) is not None

    def _shift_of(self, other: Grid) -> tuple[int, int] | None:
        """Return the row and column where ``other`` begins, None where its pixels lie across these."""
        row, column = (round(place) for place in self.place(*other.position(0, 0)))
        height, width = other.height, other.width
        for corner in ((0, 0), (height, 0), (0, width), (height, width)):
            found = self.place(*other.position(*corner))
            if max(abs(found[0] - row - corner[0]), abs(found[1] - column - corner[1])) > _SAME_PLACE:
                return None
        return row, column

    def crop(self, window: Tile) -> Grid:
        """Return the grid of the pixels in ``window``."""
        a, b, _, d, e, _ = self.transform
        x, y = self.position(window.row, window.column)
        return replace(self, width=window.width, height=window.height, transform=(a, b, x, d, e, y))

    def coarsened(self, factor: int) -> Grid:
        """Return the grid whose pixels are ``factor`` x ``factor`` of these, from the same origin.

        Where the size is no multiple, its last row and column reach beyond this grid.
        """
        a, b, c, d, e, f = self.transform
        return replace(
            self,
            width=-(-self.width // factor),
            height=-(-self.height // factor),
            transform=(a * factor, b * factor, c, d * factor, e * factor, f),
        )

    def window_of_extent(self, extent: Extent) -> Tile:
        """Return the whole pixels that ``extent`` touches, within the raster.

        On a rotated raster these are the rows and columns that enclose the extent.

        Raises:
            ParameterError: The extent is empty, or does not touch the raster.
        """
        xmin, ymin, xmax, ymax = extent
        if not (xmin < xmax and ymin < ymax):
            raise ParameterError(
                "The extent is empty", where=_text(extent), advice="Draw it again, or leave it out."
            )
        corners = [self.place(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
        rows, columns = zip(*corners, strict=True)
        row, row_stop = _whole(rows, self.height)
        column, column_stop = _whole(columns, self.width)
        if row >= row_stop or column >= column_stop:
            raise ParameterError(
                "The extent lies outside the raster",
                where=_text(extent),
                advice="Draw it on the raster, and check its coordinate reference system.",
            )
        return Tile(row, column, row_stop - row, column_stop - column)


def _whole(places: tuple[float, ...], size: int) -> tuple[int, int]:
    first = math.floor(min(places) + _PIXEL_TOLERANCE)
    stop = math.ceil(max(places) - _PIXEL_TOLERANCE)
    return max(first, 0), min(stop, size)


def _text(extent: Extent) -> str:
    return ", ".join(f"{value:g}" for value in extent)
