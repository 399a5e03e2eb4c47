"""What there is to do, found before any patch is computed, one tile at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import ParameterError, RasterError
from ..progress import Progress
from ..raster.mask import BoolArray, Mask
from ..raster.stack import BandStack
from ..raster.tiles import Tile
from .predictor import USUAL_TILE

# From this stride on a tile of the usual size would not fill a batch.
_WIDE_STRIDE = 4
_LARGEST_BLOCK = 1024


@dataclass(frozen=True)
class TileJob:
    """A tile that has something to classify, and about how many patches."""

    tile: Tile
    patches: int


def survey(
    stack: BandStack,
    tiles: Sequence[Tile],
    band: str,
    mask: Mask,
    stride: int,
    is_finished: Callable[[Tile], bool],
    progress: Progress,
    most: int | None = None,
) -> tuple[TileJob, ...]:
    """Return those of ``tiles`` that have something left to classify.

    Only the mask and one band are read, so the numbers of patches are those of that band's valid
    pixels; another band, or MIN_VALID, may leave some of them out.

    Args:
        stack: The bands.
        tiles: All of the map's.
        band: Which band is read.
        mask: Which pixels may be classified.
        stride: Rows and columns of a cell.
        is_finished: Whether an earlier run has classified a tile, which is not looked at then.
        progress: Is told how far it is.
        most: Tiles to return, of the first that have something; None returns all.

    Raises:
        ParameterError: The mask leaves nothing of the tiles.
        RasterError: No pixel of the band is valid where the mask lets it be classified.
    """
    jobs = []
    touches_mask = any_finished = False
    for number, tile in enumerate(tiles):
        progress.check_cancelled()
        progress.update(0.0, f"Looking for valid pixels, tile {number + 1:,} of {len(tiles):,}")
        if is_finished(tile):
            any_finished = True
            continue
        inside = mask.of(tile)
        if not inside.any():
            continue
        touches_mask = True
        inside &= np.isfinite(stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, [band])[0])
        if inside.any():
            jobs.append(TileJob(tile, _count_cells(inside, tile, stride)))
            if len(jobs) == most:
                break
    if any_finished:
        return tuple(jobs)
    if not touches_mask:
        raise ParameterError(
            "There is nothing to classify: the mask leaves no pixel of the raster",
            where="MASK",
            advice="Check that the mask lies on the raster, and its coordinate reference system.",
        )
    if not jobs:
        raise RasterError(
            f"There is nothing to classify: no pixel of band {band!r} is valid there",
            where=str(stack.source),
            advice="Check the nodata value, the mask and the extent.",
        )
    return tuple(jobs)


def tile_size(block_size: tuple[int, int], stride: int, suited: int = USUAL_TILE) -> int:
    """Return the side of a tile: whole square blocks of the file, about ``suited``, more for strides."""
    wanted = suited if stride < _WIDE_STRIDE else max(suited, 2 * USUAL_TILE)
    rows, columns = block_size
    if rows != columns or rows > _LARGEST_BLOCK:
        return wanted
    return -(-wanted // rows) * rows


def _count_cells(pixels: BoolArray, tile: Tile, stride: int) -> int:
    by_rows = np.logical_or.reduceat(pixels, _cell_starts(tile.row, tile.height, stride), axis=0)
    cells = np.logical_or.reduceat(by_rows, _cell_starts(tile.column, tile.width, stride), axis=1)
    return int(np.count_nonzero(cells))


def _cell_starts(first: int, size: int, stride: int) -> list[int]:
    return [0, *range(-first % stride or stride, size, stride)]
