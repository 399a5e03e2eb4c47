"""GDAL settings: cache size, network timeouts, and cache for rasters in large blocks.

The same options hold in the worker and, while QGIS opens a raster for this plugin, in QGIS. Where a block
is a line of the raster or the whole raster, many tiles are cut from the same blocks, and blocks that do not
fit into the cache are decoded again for each tile. The cache is therefore enlarged while such a raster is
open.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from rasterio.enums import Interleaving
from rasterio.env import set_gdal_config

from ..errors import RasterError
from ..text import Text
from .source import RasterSource

# What a container may use, in bytes or "max"; version 2 of Linux's control groups.
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
NETWORK_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        # Seconds. A slow line is no reason to give up, one that stands still is.
        "GDAL_HTTP_CONNECTTIMEOUT": "10",
        "GDAL_HTTP_LOW_SPEED_TIME": "30",
        "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
        "GDAL_HTTP_TIMEOUT": "300",
        # For servers that are busy (429, 502, 503, 504) or close the connection.
        "GDAL_HTTP_MAX_RETRY": "2",
        "GDAL_HTTP_RETRY_DELAY": "1",
    }
)
"""GDAL's options for requests; without them it waits for ever (https://gdal.org/user/configoptions.html)."""
LISTING_OPTION = "GDAL_DISABLE_READDIR_ON_OPEN"
"""With ``TRUE``, files beside a raster are asked for by name.

That is for servers, whose folders may hold millions of files, or cannot be listed at all.
"""
CACHE_OPTION = "GDAL_CACHEMAX"
CACHE_MEGABYTES = "256"
"""GDAL's own default, a twentieth of the computer's memory, is 13 GB on a large server."""
# A tile is made of whole blocks up to this many pixels a side, which no other tile needs again.
_TILE = 1024
# Rows that a row of tiles is read from, with its halo.
_ROWS = 512
# The shares of the computer's memory that the cache may have, and that one block may take.
_LARGEST_CACHE, _LARGEST_BLOCK = 0.25, 0.5
_MEBIBYTE = 2**20
_ADVICE = "Make a tiled copy (Raster > Conversion > Translate, or gdal_translate -co TILED=YES) and use that."


def physical_memory() -> int:
    """Return the bytes of memory that this computer, or the container it runs in, has."""
    if sys.platform == "win32":
        return _windows_memory()
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = _CONTAINER_LIMIT.read_text(encoding="ascii").strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdecimal() else total


class _MemoryStatus(ctypes.Structure):
    """``MEMORYSTATUSEX`` of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 6),
    )


def _windows_memory() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    # Only Windows has it, and type checkers elsewhere do not know it.
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.total)


def bound_gdal() -> None:
    """Set the options for this process, unless the user has set them.

    GDAL reads them from the environment when it needs them first, in any thread.
    """
    for name, value in {CACHE_OPTION: CACHE_MEGABYTES, **NETWORK_OPTIONS}.items():
        os.environ.setdefault(name, value)


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
                "The raster is stored in blocks of {rows:,} x {columns:,} pixels, and one of them "
                "takes {block:.1f} GB of this computer's {memory:.1f} GB of memory",
                where=str(source),
                advice=_ADVICE,
                rows=rows,
                columns=columns,
                block=block / 1000000000.0,
                memory=memory / 1000000000.0,
            )
        self.size = _needed(dataset)
        self.notes: tuple[str, ...] = ()
        if self.size > _LARGEST_CACHE * memory:
            self.notes = (
                Text(
                    (
                        "The raster is stored in blocks of {rows:,} x {columns:,} pixels, too many for the "
                        "memory, so that reading it is slow. "
                    )
                    + _ADVICE,
                    rows=rows,
                    columns=columns,
                ),
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
