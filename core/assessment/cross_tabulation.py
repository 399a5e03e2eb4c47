"""Cross-tabulation of maps against a reference raster."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from ..arrays import BoolArray, Int64Array
from ..errors import SampleError
from ..maps.areas import count_classes
from ..maps.strips import strips
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster
from ..raster.grid import Grid, Tile
from ..samples.samples import Samples, encode
from .reference_units import ReferenceUnits, decorrelated_side

# Largest number of reference pixels from which the side of the blocks is estimated.
_MAX_SAMPLED_PIXELS = 20_000
# More blocks do not improve the bootstrap; larger ones are not less independent of each other.
_MAX_BLOCKS = 20_000


def values_at(raster: ClassRaster, units: ReferenceUnits, progress: Progress) -> tuple[Int64Array, BoolArray]:
    """Return the map's class value at each reference unit, shape (N,), and whether it has one, shape (N,)."""
    values = np.zeros(len(units), dtype=np.int64)
    valid = np.zeros(len(units), dtype=bool)
    order = np.argsort(units.rows, kind="stable")
    for tile in strips(raster, progress, "Reading the map under the reference"):
        first, stop = np.searchsorted(units.rows[order], [tile.row, tile.row_stop])
        members = order[first:stop]
        if not len(members):
            continue
        top, bottom = int(units.rows[members].min()), int(units.rows[members].max()) + 1
        classes, has_class = raster.read(Tile(top, 0, bottom - top, raster.grid.width))
        places = units.rows[members] - top, units.columns[members]
        values[members], valid[members] = classes[places], has_class[places]
    return values, valid


@dataclass(frozen=True, eq=False)
class CrossTabulation:
    """Cross-tabulation of maps against a reference raster, by block.

    It covers the pixels where the reference and all maps have a class.

    Attributes:
        counts: Confusion matrix of each block in pixels, shape (blocks, classes * classes), one array for
            each map.
        block_numbers: Number of each block, counted along the rows of the grid of blocks, shape (blocks,).
        differing: Pixels of each block that only the first map has right, and that only the other map has
            right, shape (blocks, 2), one array for each map but the first.
        values: Class values in the order of the matrices.
        block: Side of the blocks in pixels.
        unclassified: Number of reference pixels where a map has no class.
        unreferenced: Number of classified pixels of the first map without a reference.
    """

    counts: tuple[csr_array, ...]
    block_numbers: Int64Array
    differing: tuple[Int64Array, ...]
    values: tuple[int, ...]
    block: int
    unclassified: int
    unreferenced: int


def cross_tabulate(
    maps: Sequence[ClassRaster],
    truth: ClassRaster,
    values: Sequence[int],
    block: int,
    progress: Progress,
) -> CrossTabulation:
    """Cross-tabulate maps against a reference raster.

    Args:
        maps: Maps, all on the grid of the first.
        truth: Reference raster on the same grid.
        values: Class values of the maps.
        block: Side of the blocks in pixels; 0 is the distance over which the reference is correlated.
        progress: Progress reporter.

    Raises:
        SampleError: The reference has no class where the maps have one, or is not a class raster.
        RasterError: A raster cannot be read.
    """
    grid = maps[0].grid
    occurring, unreferenced, unclassified = _occurring(maps, truth, values, Stage(progress, 0.0, 0.3))
    known = tuple(sorted({*values, *occurring}))
    total = sum(occurring.values())
    side = _limited(block or _block_side(truth, total, Stage(progress, 0.3, 0.5)), grid, progress)
    across = -(-grid.width // side)
    blocks = across * -(-grid.height // side)
    counts = [_BlockCounts(blocks, len(known) ** 2) for _ in maps]
    differing = [np.zeros((blocks, 2), dtype=np.int64) for _ in maps[1:]]
    for tile in strips(truth, Stage(progress, 0.5, 1.0), "Comparing map and reference"):
        reference, members, all_mapped = _codes(maps, truth, tile, known, side, across)
        for item, mapped in zip(counts, all_mapped, strict=True):
            item.add(members, reference * len(known) + mapped)
        hits = [mapped == reference for mapped in all_mapped]
        for other, only in zip(hits[1:], differing, strict=True):
            only[:, 0] += np.bincount(members[hits[0] & ~other], minlength=blocks)
            only[:, 1] += np.bincount(members[other & ~hits[0]], minlength=blocks)
    used = np.flatnonzero(np.asarray(counts[0].matrix.sum(axis=1)).ravel())
    return CrossTabulation(
        tuple(item.matrix[used] for item in counts),
        used,
        tuple(only[used] for only in differing),
        known,
        side,
        unclassified,
        unreferenced,
    )


class _BlockCounts:
    """Pixels by block and cell of the confusion matrix, to which tiles are added."""

    def __init__(self, blocks: int, cells: int) -> None:
        self.matrix = csr_array((blocks, cells), dtype=np.float64)

    def add(self, members: Int64Array, cells: Int64Array) -> None:
        ones = np.ones(len(members))
        self.matrix = self.matrix + coo_array((ones, (members, cells)), shape=self.matrix.shape).tocsr()


def _codes(
    maps: Sequence[ClassRaster],
    truth: ClassRaster,
    tile: Tile,
    known: Sequence[int],
    side: int,
    across: int,
) -> tuple[Int64Array, Int64Array, list[Int64Array]]:
    """Return the reference codes, the blocks and each map's codes of the usable pixels of a tile."""
    reference, usable = truth.read(tile)
    read = [raster.read(tile) for raster in maps]
    for _, valid in read:
        usable = usable & valid
    rows, columns = np.nonzero(usable)
    members = (rows + tile.row) // side * across + columns // side
    mapped = [encode(values[usable], known) for values, _ in read]
    return encode(reference[usable], known), members, mapped


def _occurring(
    maps: Sequence[ClassRaster], truth: ClassRaster, named: Collection[int], progress: Progress
) -> tuple[Counter[int], int, int]:
    """Return the reference's pixels by class value where all maps have a class, and two numbers of pixels.

    These are the classified pixels of the first map without a reference, and the reference pixels where a
    map has no class.
    """
    counts: Counter[int] = Counter()
    unreferenced = unclassified = 0
    for tile in strips(truth, progress, "Reading the reference’s classes"):
        values, known = truth.read(tile)
        mapped = [raster.read(tile)[1] for raster in maps]
        everywhere = np.logical_and.reduce(mapped)
        unreferenced += int(np.count_nonzero(mapped[0] & ~known))
        unclassified += int(np.count_nonzero(known & ~everywhere))
        counts.update(count_classes(values[known & everywhere]))
        truth.check_values(counts, named)
    if not counts:
        raise SampleError(
            "The reference has no class where the map has one",
            where=str(truth.source),
            advice="Check that both cover the same area, and their nodata values.",
        )
    return counts, unreferenced, unclassified


def _limited(side: int, grid: Grid, progress: Progress) -> int:
    """Return the side, enlarged where there would be more than ``_MAX_BLOCKS`` blocks."""
    smallest = math.ceil(math.sqrt(grid.width * grid.height / _MAX_BLOCKS))
    if side >= smallest:
        return side
    progress.log(
        "Blocks of {side} pixels are too many to resample; blocks of {used} pixels are used.",
        side=side,
        used=smallest,
    )
    return smallest


def _block_side(truth: ClassRaster, total: int, progress: Progress) -> int:
    """Return the distance over which the reference is correlated, in pixels."""
    fraction = min(1.0, _MAX_SAMPLED_PIXELS / total)
    generator = np.random.default_rng(0)
    parts: list[tuple[Int64Array, Int64Array, Int64Array]] = []
    for tile in strips(truth, progress, "Measuring the spatial correlation of the reference"):
        values, known = truth.read(tile)
        rows, columns = np.nonzero(known & (generator.random(known.shape) < fraction))
        parts.append((rows + tile.row, columns, values[rows, columns]))
    rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    classes = tuple(np.unique(values).tolist())
    samples = Samples(
        rows,
        columns,
        encode(values, classes),
        np.full(len(rows), -1),
        truth.classes(classes),
        (1.0,) * len(classes),
    )
    return decorrelated_side(samples, truth.grid)
