"""Room in GDAL's cache for rasters in large blocks.

A file is decoded block by block. Where a block is a line of the raster, or all of it, many tiles
beside each other are cut from the same blocks; what GDAL's cache cannot hold meanwhile is decoded
again for each tile. So such a raster gets its room while it is open.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from rasterio.enums import Interleaving
from rasterio.env import set_gdal_config

from ..errors import RasterError
from ..memory import physical_memory
from .gdal_options import CACHE_MEGABYTES, CACHE_OPTION
from .source import RasterSource

# A tile is made of whole blocks up to this many pixels a side, which no other tile needs again.
_TILE = 1024
# Rows that a row of tiles is read from, with its halo.
_ROWS = 512
# The shares of the computer's memory that the cache may have, and that one block may take.
_LARGEST_CACHE, _LARGEST_BLOCK = 0.25, 0.5
_MEBIBYTE = 2**20
_ADVICE = "Make a tiled copy (Raster > Conversion > Translate, or gdal_translate -co TILED=YES) and use that."

_given: list[BlockRoom] = []


class BlockRoom:
    """Room in the cache, from when it is made until it is given back.

    Attributes:
        size: Bytes that the raster's blocks need.
        notes: What the user should know, whole sentences.
    """

    def __init__(self, dataset: Any, source: RasterSource) -> None:
        """Make room for the blocks of an open rasterio dataset.

        Raises:
            RasterError: A single block takes most of the computer's memory.
        """
        memory = physical_memory()
        block = _block_size(dataset)
        rows, columns = dataset.block_shapes[0]
        if block > _LARGEST_BLOCK * memory:
            raise RasterError(
                f"The raster is stored in blocks of {rows:,} x {columns:,} pixels, and one of them takes "
                f"{block / 1e9:.1f} GB of this computer's {memory / 1e9:.1f} GB of memory",
                where=str(source),
                advice=_ADVICE,
            )
        self.size = _needed(dataset)
        self.notes: tuple[str, ...] = ()
        if self.size > _LARGEST_CACHE * memory:
            self.notes = (
                f"The raster is stored in blocks of {rows:,} x {columns:,} pixels, too many for the "
                f"memory, so that reading it is slow. {_ADVICE}",
            )
        _given.append(self)
        _set_cache(memory)

    def give_back(self) -> None:
        """Let the cache shrink again."""
        if self in _given:
            _given.remove(self)
            _set_cache(physical_memory())


def _block_size(dataset: Any) -> int:
    """Return the bytes that GDAL decodes at once: a block, of all bands where these lie together."""
    rows, columns = dataset.block_shapes[0]
    pixels: int = min(rows, dataset.height) * min(columns, dataset.width)
    widths = [np.dtype(name).itemsize for name in dataset.dtypes]
    width: int = sum(widths) if dataset.interleaving == Interleaving.pixel else max(widths)
    return pixels * width


def _needed(dataset: Any) -> int:
    """Return the bytes of all blocks that a row of tiles touches, where tiles share them."""
    total = 0
    for (rows, columns), name in zip(dataset.block_shapes, dataset.dtypes, strict=True):
        if max(rows, columns) > _TILE:
            # Blocks of the height of the rows may begin above them.
            height = min((-(-_ROWS // rows) + 1) * rows, -(-dataset.height // rows) * rows)
            width = -(-dataset.width // columns) * columns
            total += height * width * np.dtype(name).itemsize
    return total


def _set_cache(memory: int) -> None:
    if os.environ.get(CACHE_OPTION, CACHE_MEGABYTES) != CACHE_MEGABYTES:
        # The user's own choice.
        return
    base = int(CACHE_MEGABYTES) * _MEBIBYTE
    needed = sum(room.size for room in _given)
    set_gdal_config(CACHE_OPTION, max(base, min(base + needed, int(_LARGEST_CACHE * memory))))
