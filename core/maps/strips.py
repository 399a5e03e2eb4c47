"""Strips of maps: the whole width of some rows, read from top to bottom.

>>> for tile in strips(raster, progress, "Counting the map’s classes"):
...     values, valid = raster.read(tile)
>>> for tile, read in read_together([before, after], progress, "Comparing the maps"):
...     (first, first_valid), (second, second_valid) = read

What is held of a map does not depend on its number of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

from ..arrays import BoolArray, IntegerArray
from ..progress import Progress, RateMeter
from ..raster.class_raster import ClassRaster
from ..raster.geotiff import BLOCK
from ..raster.grid import Grid, Tile

STRIP_PIXELS = 500_000
"""Number of pixels that are read together."""
# Strips may be so many times larger to hold a whole row of blocks.
_MAX_STRETCH = 2

ReadStrip = tuple[IntegerArray, BoolArray]
"""Class values of a strip as the file holds them, and whether each pixel has one."""


def strip_tiles(grid: Grid, pixels: int = STRIP_PIXELS) -> Iterator[Tile]:
    """Yield tiles of the whole width of a grid, from top to bottom.

    Where they have about the number of pixels, they hold whole rows of a file's blocks, so that each block is
    decoded, and written, once.

    Args:
        grid: Grid of the tiles.
        pixels: Number of pixels of a tile, approximately.
    """
    step = max(1, pixels // grid.width)
    if step >= BLOCK or BLOCK * grid.width <= _MAX_STRETCH * pixels:
        step = max(BLOCK, step - step % BLOCK)
    for first in range(0, grid.height, step):
        yield Tile(first, 0, min(step, grid.height - first), grid.width)


def strips(raster: ClassRaster, progress: Progress, doing: str) -> Iterator[Tile]:
    """Yield tiles of the whole width of a raster, from top to bottom.

    Args:
        raster: Raster to read.
        progress: Progress reporter, from 0 to 1.
        doing: Description of the work for the progress text.
    """
    yield from grid_strips(raster.grid, progress, doing)


def grid_strips(
    grid: Grid, progress: Progress, doing: str, strip_pixels: int = STRIP_PIXELS
) -> Iterator[Tile]:
    """Yield tiles of the whole width of a grid, from top to bottom.

    Args:
        grid: Grid of the tiles.
        progress: Progress reporter, from 0 to 1.
        doing: Description of the work for the progress text.
        strip_pixels: Number of pixels of a tile, approximately.
    """
    meter = RateMeter(grid.window.pixels, "pixels", doing)
    for tile in strip_tiles(grid, strip_pixels):
        progress.check_cancelled()
        yield tile
        meter.add(tile.pixels)
        progress.update(meter.fraction, meter.text())


def read_together(
    maps: Sequence[ClassRaster], progress: Progress, doing: str, strip_pixels: int = STRIP_PIXELS
) -> Iterator[tuple[Tile, list[ReadStrip]]]:
    """Yield strips of maps on one grid from top to bottom, with the stored values of each map.

    Each map is read in a thread of its own, and the next strip while one is worked on.

    Args:
        maps: Maps, all on the grid of the first.
        progress: Progress reporter, from 0 to 1.
        doing: Description of the work for the progress text.
        strip_pixels: Number of pixels of each of two maps that are read at once; of more maps, fewer.
    """
    grid = maps[0].grid
    meter = RateMeter(grid.window.pixels, "pixels", doing)
    with ExitStack() as stack:
        pools = [stack.enter_context(ThreadPoolExecutor(1)) for _ in maps]
        waiting: tuple[Tile, list[Future[ReadStrip]]] | None = None
        for tile in [*strip_tiles(grid, max(1, 2 * strip_pixels // max(2, len(maps)))), None]:
            progress.check_cancelled()
            following = None
            if tile is not None:
                # A dataset may be used by one thread at a time: each map has its own.
                following = (
                    tile,
                    [pool.submit(raster.read_stored, tile) for pool, raster in zip(pools, maps, strict=True)],
                )
            if waiting is not None:
                done, futures = waiting
                yield done, [future.result() for future in futures]
                meter.add(done.pixels)
                progress.update(meter.fraction, meter.text())
            waiting = following
