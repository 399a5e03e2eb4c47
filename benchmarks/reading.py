"""How fast a band stack is read, against rasterio reading the same file's blocks."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import rasterio

from deep_land_cover.core.raster.grid import Tile, tiles_of
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack

from .figures import print_figure
from .province import BAND_NAMES, BLOCK, Field, write_raster

_SIDE = 2048
_ROUNDS = 7
# Of patches of 32 x 32 pixels.
_BEFORE, _BEHIND = 16, 15


def measure_reading(folder: Path) -> None:
    """Print ``raster.read``; the file goes to ``folder``."""
    everything = [Field(0, 0, _SIDE, _SIDE**2)]
    path = write_raster(folder / "dense.tif", (_SIDE, _SIDE), everything, compress="deflate")
    ways: dict[str, Callable[[Path], None]] = {
        "plain": _read_blocks,
        "stack": _read_stack,
        "with_halo": _read_with_halo,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    # In turns, so that whatever else the machine does meets all of them.
    for _ in range(_ROUNDS):
        for name, read in ways.items():
            start = time.perf_counter()
            read(path)
            seconds[name].append(time.perf_counter() - start)
    rates = {name: round(_SIDE**2 / 1e6 / statistics.median(each), 2) for name, each in seconds.items()}
    print_figure(
        "raster.read",
        rates["stack"],
        "Mpx/s",
        rates["plain"],
        pixels=_SIDE**2,
        bands=len(BAND_NAMES),
        file=f"uint16, deflate, blocks of {BLOCK} x {BLOCK}, pixel-interleaved",
        file_size=path.stat().st_size,
        method="one thread, median of rounds in turns; stack: a tile a block, float32, NaN where invalid; "
        "baseline: rasterio, the same blocks, as stored",
        with_halo_of_patches_of_32=rates["with_halo"],
        rounds=_ROUNDS,
        seconds={name: [round(value, 3) for value in each] for name, each in seconds.items()},
    )


def _read_blocks(path: Path) -> None:
    with rasterio.open(path) as dataset:
        for _, window in dataset.block_windows(1):
            dataset.read(window=window)


def _read_stack(path: Path) -> None:
    _read_tiles(path, 0, 0)


def _read_with_halo(path: Path) -> None:
    _read_tiles(path, _BEFORE, _BEHIND)


def _read_tiles(path: Path, before: int, behind: int) -> None:
    with open_stack(RasterSource(str(path))) as stack:
        for tile in tiles_of(Tile(0, 0, _SIDE, _SIDE), BLOCK):
            stack.read(
                tile.row - before, tile.row_stop + behind, tile.column - before, tile.column_stop + behind
            )
