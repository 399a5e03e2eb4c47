"""Rectangles of pixels, and how a window is divided into them.

Tiles are values and their arithmetic is pure. Their borders lie on multiples of one step counted
from the raster's origin, whatever window is asked for, so that a tile meets the file's blocks and
never cuts a cell of STRIDE pixels in two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


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
