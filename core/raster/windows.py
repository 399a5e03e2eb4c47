"""From our tiles, which know no I/O, to rasterio's windows."""

from __future__ import annotations

from rasterio.windows import Window

from .tiles import Tile


def to_window(tile: Tile) -> Window:
    """Return the pixels of ``tile`` as rasterio names them: column and row, then width and height."""
    return Window(tile.column, tile.row, tile.width, tile.height)
