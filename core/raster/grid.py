"""Grid of a raster (size, transform, CRS) and tiles, which are rectangles of its pixels.

Borders of tiles lie on multiples of one step, counted from the raster's origin, for any window. Tiles
therefore match the blocks of the file and never divide a cell of STRIDE pixels.

>>> grid = Grid(width=600, height=400, transform=(10.0, 0.0, 300000.0, 0.0, -10.0, 9800000.0), crs=wkt)
>>> grid.position(row=0.5, column=0.5)   # x and y of the first pixel's centre: (300005.0, 9799995.0)
>>> list(tiles_of(grid.window, 256))     # 2 x 3 tiles; the last one is Tile(256, 512, 144, 88)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

import numpy as np
from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.windows import Window

from ..arrays import Float64Array, Int64Array
from ..errors import ParameterError, RasterError
from ..text import Text

Transform = tuple[float, float, float, float, float, float]
# One coordinate, or an array of coordinates.
Number = TypeVar("Number", float, Float64Array)
Extent = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax
METRES_PER_DEGREE = 111_320.0
"""Length of a degree along the equator in metres: 6,378,137 m (WGS 84) * pi / 180.

Degrees of latitude differ from it by up to 0.7 %.
"""
READ_SIDE = 512
"""Side of the squares of a raster that are read together for single pixels, in pixels."""
# The fractional parts of its multiples are evenly distributed for any number of them.
_GOLDEN_RATIO = 0.6180339887498949
# Largest distance in pixels between corners that differ by rounding only.
_CORNER_TOLERANCE = 0.01
# Rounding error of an extent that was computed from a raster's corners, in pixels.
_PIXEL_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Tile:
    """Rectangle of ``height`` x ``width`` pixels whose first pixel is (``row``, ``column``), from 0."""

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
        """Number of pixels."""
        return self.height * self.width

    def within(self, window: Tile) -> Tile:
        """Return a tile that was counted from the first pixel of ``window`` as a tile of the grid."""
        return Tile(self.row + window.row, self.column + window.column, self.height, self.width)

    def relative_to(self, window: Tile) -> Tile:
        """Return the same pixels, counted from the first pixel of ``window``."""
        return Tile(self.row - window.row, self.column - window.column, self.height, self.width)

    def coarsened(self, factor: int) -> Tile:
        """Return the tile in cells of ``factor`` x ``factor`` pixels, counted from the raster's origin.

        It covers every cell that this tile touches.
        """
        row, column = self.row // factor, self.column // factor
        return Tile(row, column, -(-self.row_stop // factor) - row, -(-self.column_stop // factor) - column)


def tiles_of(window: Tile, tile_size: int, multiple_of: int = 1) -> Iterator[Tile]:
    """Yield tiles, row by row, so that every pixel of ``window`` is in exactly one tile.

    Args:
        window: Pixels to cover. Tiles are clipped at its edges.
        tile_size: Largest number of rows and columns of a tile, in pixels. Values below
            ``multiple_of`` are raised to it.
        multiple_of: Side of a STRIDE cell, in pixels. Tile borders inside the window lie on multiples
            of it, counted from the raster's origin.
    """
    step = max(tile_size // multiple_of, 1) * multiple_of
    for row, row_stop in _spans(window.row, window.row_stop, step):
        for column, column_stop in _spans(window.column, window.column_stop, step):
            yield Tile(row, column, row_stop - row, column_stop - column)


def scattered_tiles(window: Tile, tile_size: int) -> Iterator[Tile]:
    """Yield the tiles of ``tiles_of`` in an order in which any first ones lie all over the window.

    Args:
        window: Pixels to cover.
        tile_size: Largest number of rows and columns of a tile, in pixels.
    """
    tiles = list(tiles_of(window, tile_size))
    for number in sorted(range(len(tiles)), key=lambda number: number * _GOLDEN_RATIO % 1.0):
        yield tiles[number]


def _spans(start: int, stop: int, step: int) -> Iterator[tuple[int, int]]:
    for border in range(start // step * step, stop, step):
        yield max(border, start), min(border + step, stop)


def to_window(tile: Tile) -> Window:
    """Return a tile as a rasterio window: column and row, then width and height."""
    return Window(tile.column, tile.row, tile.width, tile.height)


@dataclass(frozen=True)
class Grid:
    """Size and position of a raster.

    Attributes:
        width: Number of columns.
        height: Number of rows.
        transform: Affine transform ``(a, b, c, d, e, f)`` with ``x = a * column + b * row + c`` and
            ``y = d * column + e * row + f``. Column and row count from the corner of the first pixel.
            Rotated and south-up rasters need no special case.
        crs: Coordinate reference system as WKT; empty without one.
    """

    width: int
    height: int
    transform: Transform
    crs: str

    @property
    def window(self) -> Tile:
        """Tile of all pixels."""
        return Tile(0, 0, self.height, self.width)

    @property
    def pixel_size(self) -> tuple[float, float]:
        """Width and height of a pixel in the CRS's unit; positive for any orientation."""
        a, b, _, d, e, _ = self.transform
        return math.hypot(a, d), math.hypot(b, e)

    def position(self, row: Number, column: Number) -> tuple[Number, Number]:
        """Return x and y of a row and column; the centre of pixel (0, 0) is row 0.5, column 0.5."""
        a, b, c, d, e, f = self.transform
        return a * column + b * row + c, d * column + e * row + f

    def place(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return row and column of x and y: the inverse of ``position``.

        Raises:
            RasterError: The transform is degenerate and has no inverse.
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

    @property
    def has_turns(self) -> bool:
        """Whether the CRS is geographic. Its longitudes repeat every 360 degrees."""
        return _full_turn(self.crs) > 0

    def turns(self, low: float, high: float) -> tuple[float, ...]:
        """Return the offsets that bring a range of x onto the raster; 0 alone where none does.

        In a geographic CRS, longitudes that differ by 360 degrees are one meridian. A raster across 180
        degrees goes on to 180.02 where a layer has -179.98, and a raster of 0 to 360 degrees has other
        longitudes than a layer west of Greenwich. A range that reaches both ends of a raster has two offsets.

        Args:
            low: Smallest x, in the raster's CRS.
            high: Largest x.
        """
        turn = _full_turn(self.crs)
        if not turn or not math.isfinite(low) or not math.isfinite(high):
            return (0.0,)
        first, last = self._longitudes()
        others = tuple(offset for offset in (turn, -turn) if high + offset > first and low + offset < last)
        is_there = high >= first and low <= last
        return (0.0, *others) if is_there or not others else others

    def turned_onto(self, other: Grid) -> tuple[Grid, ...]:
        """Return the grid, moved by each full turn that may bring a part of it onto ``other``.

        A grid that reaches both ends of ``other`` has two places. Where ``other`` is not in degrees, its
        longitudes are those between -180 and 180.
        """
        turn = _full_turn(self.crs)
        if not turn:
            return (self,)
        low, high = self._longitudes()
        within = (
            offset for offset in (0.0, -turn, turn) if low + offset < turn / 2 and high + offset > -turn / 2
        )
        # Transformations between two CRS in degrees may turn longitudes, too.
        offsets = other.turns(low, high) if other.has_turns else ()
        if other.crs != self.crs:
            offsets = tuple(dict.fromkeys((*offsets, *within)))
        a, b, c, d, e, f = self.transform
        return tuple(replace(self, transform=(a, b, c + offset, d, e, f)) for offset in offsets or (0.0,))

    def _longitudes(self) -> tuple[float, float]:
        """Return the smallest and the largest x of the corners."""
        corners = [
            self.position(float(row), float(column))[0]
            for row in (0, self.height)
            for column in (0, self.width)
        ]
        return min(corners), max(corners)

    def has_pixels_of(self, other: Grid) -> bool:
        """Return whether both grids have the same pixels. The CRS is not compared."""
        same_size = (self.width, self.height) == (other.width, other.height)
        return same_size and self._shift_of(other) == (0, 0)

    def shares_pixels_with(self, other: Grid) -> bool:
        """Return whether the pixels of both grids belong to one larger grid. The CRS is not compared."""
        return self._shift_of(other) is not None

    def _shift_of(self, other: Grid) -> tuple[int, int] | None:
        """Return the row and column at which ``other`` begins, None where its pixels do not coincide."""
        row, column = (round(place) for place in self.place(*other.position(0, 0)))
        height, width = other.height, other.width
        for corner in ((0, 0), (height, 0), (0, width), (height, width)):
            place = self.place(*other.position(*corner))
            if max(abs(place[0] - row - corner[0]), abs(place[1] - column - corner[1])) > _CORNER_TOLERANCE:
                return None
        return row, column

    def crop(self, window: Tile) -> Grid:
        """Return the grid of the pixels in ``window``."""
        a, b, _, d, e, _ = self.transform
        x, y = self.position(window.row, window.column)
        return replace(self, width=window.width, height=window.height, transform=(a, b, x, d, e, y))

    def coarsened(self, factor: int) -> Grid:
        """Return the grid of cells of ``factor`` x ``factor`` pixels, with the same origin.

        Where the size is not a multiple of ``factor``, the last row and column reach beyond this grid.
        """
        a, b, c, d, e, f = self.transform
        return replace(
            self,
            width=-(-self.width // factor),
            height=-(-self.height // factor),
            transform=(a * factor, b * factor, c, d * factor, e * factor, f),
        )

    def window_of_extent(self, extent: Extent) -> Tile:
        """Return the pixels of the raster that an extent touches.

        On a rotated raster these are the rows and columns that enclose the extent.

        Args:
            extent: ``(xmin, ymin, xmax, ymax)`` in the raster's CRS.

        Raises:
            ParameterError: The extent is empty, or does not touch the raster.
        """
        xmin, ymin, xmax, ymax = extent
        if not (xmin < xmax and ymin < ymax):
            raise ParameterError(
                "The extent is empty", where=_text(extent), advice="Draw it again, or leave it out."
            )
        corners = [
            self.place(x + offset, y)
            for offset in self.turns(xmin, xmax)
            for x in (xmin, xmax)
            for y in (ymin, ymax)
        ]
        rows, columns = zip(*corners, strict=True)
        row, row_stop = _pixel_range(rows, self.height)
        column, column_stop = _pixel_range(columns, self.width)
        if row >= row_stop or column >= column_stop:
            raise ParameterError(
                "The extent lies outside the raster",
                where=_text(extent),
                advice="Draw it on the raster, and check its coordinate reference system.",
            )
        return Tile(row, column, row_stop - row, column_stop - column)


@cache
def _full_turn(wkt: str) -> float:
    """Return 360 degrees in the unit of a geographic CRS; 0 for any other."""
    try:
        crs = CRS.from_wkt(wkt)
    except CRSError:
        return 0.0
    return math.tau / float(crs.units_factor[1]) if crs.is_geographic else 0.0


def _pixel_range(places: tuple[float, ...], size: int) -> tuple[int, int]:
    first = math.floor(min(places) + _PIXEL_TOLERANCE)
    stop = math.ceil(max(places) - _PIXEL_TOLERANCE)
    return max(first, 0), min(stop, size)


def _text(extent: Extent) -> str:
    return ", ".join(f"{value:g}" for value in extent)


def by_tile(rows: Int64Array, columns: Int64Array) -> Iterator[Int64Array]:
    """Yield the indices of the pixels in each square of ``READ_SIDE`` pixels, int64, shape (M,), row by row.

    Args:
        rows: Row of each pixel, int64, shape (N,).
        columns: Column of each pixel, int64, shape (N,).
    """
    if not len(rows):
        return
    tile_columns = columns // READ_SIDE
    number = (rows // READ_SIDE) * (int(tile_columns.max()) + 1) + tile_columns
    order = np.argsort(number, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
