"""Cross-tabulation of maps against a reference raster."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from ..arrays import BoolArray, Float64Array, Int64Array
from ..errors import SampleError
from ..progress import Progress, RateMeter, Stage
from ..raster.class_raster import MAX_CLASSES, ClassRaster, too_many_values
from ..raster.grid import Grid, Tile
from ..raster.pixel_area import pixel_areas
from ..raster.writer import count_values
from ..samples.samples import Samples, encode
from .reference_units import ReferenceUnits, alike_within

_STRIP_PIXELS = 4_000_000
# Pixels of the reference whose likeness gives the side of the blocks, at most.
_MOST_DRAWN = 20_000
# More than enough to draw from; larger blocks are no less independent of each other.
_MOST_BLOCKS = 20_000
_FEW_VALUES = 65_536


@dataclass(frozen=True, eq=False)
class MapSize:
    """How much of a map there is of each class.

    Attributes:
        pixels: Class value to number of pixels.
        hectares: Class value to area.
        unclassified: Pixels without a class.
    """

    pixels: dict[int, int]
    hectares: dict[int, float]
    unclassified: int

    @property
    def total_hectares(self) -> float:
        """Area that has a class."""
        return sum(self.hectares.values())


def measure(raster: ClassRaster, progress: Progress) -> MapSize:
    """Return pixels and areas of a map's classes.

    Raises:
        SampleError: It has no class at all, or more than a legend holds.
        RasterError: It cannot be read.
    """
    areas = pixel_areas(raster.grid)
    pixels: Counter[int] = Counter()
    hectares: Counter[float] = Counter()
    unclassified = 0
    for tile in strips(raster, progress, "Counting the map’s classes"):
        values, valid = raster.read(tile)
        unclassified += int(valid.size - np.count_nonzero(valid))
        counts = _counts(values[valid])
        pixels.update(counts)
        of_tile = areas.of(tile)
        if areas.are_equal:
            hectares.update({value: number * float(of_tile[0, 0]) for value, number in counts.items()})
        else:
            hectares.update(_sums(values[valid], np.broadcast_to(of_tile, valid.shape)[valid]))
        if len(pixels) > MAX_CLASSES:
            raise too_many_values(raster.source)
    if not pixels:
        raise SampleError(
            "The map has no classified pixel", where=str(raster.source), advice="Choose another map."
        )
    order = sorted(pixels)
    return MapSize(
        {value: pixels[value] for value in order},
        {value: float(hectares[value]) for value in order},
        unclassified,
    )


def strips(raster: ClassRaster, progress: Progress, doing: str) -> Iterator[Tile]:
    """Yield tiles over the whole width, from top to bottom.

    Args:
        raster: Has the tiles.
        progress: From 0 to 1.
        doing: What is done with them, for its text.
    """
    grid = raster.grid
    step = max(1, _STRIP_PIXELS // grid.width)
    meter = RateMeter(grid.window.pixels, "pixels", doing)
    for first in range(0, grid.height, step):
        progress.check_cancelled()
        tile = Tile(first, 0, min(step, grid.height - first), grid.width)
        yield tile
        meter.add(tile.pixels)
        progress.update(meter.fraction, meter.text())


def values_at(raster: ClassRaster, units: ReferenceUnits, progress: Progress) -> tuple[Int64Array, BoolArray]:
    """Return the map's values under the units (N,), and where it has any."""
    values = np.zeros(len(units), dtype=np.int64)
    valid = np.zeros(len(units), dtype=bool)
    order = np.argsort(units.rows, kind="stable")
    for tile in strips(raster, progress, "Reading the map under the reference"):
        first, stop = np.searchsorted(units.rows[order], [tile.row, tile.row_stop])
        members = order[first:stop]
        if not len(members):
            continue
        top, bottom = int(units.rows[members].min()), int(units.rows[members].max()) + 1
        found, has_class = raster.read(Tile(top, 0, bottom - top, raster.grid.width))
        places = units.rows[members] - top, units.columns[members]
        values[members], valid[members] = found[places], has_class[places]
    return values, valid


@dataclass(frozen=True, eq=False)
class Crossing:
    """Pixels of a reference raster that all maps have, by block.

    Attributes:
        tallies: For each map, pixels of each block (blocks, classes * classes), map classes first.
        numbers: Which block each is, counted along the rows of the grid of blocks (blocks,).
        differences: For each map but the first, pixels of each block that only the first has right,
            and that only this one has (blocks, 2).
        values: The class values.
        block: Side of the blocks in pixels.
        unclassified: Pixels of the reference where some map has no class.
        unreferenced: Pixels of the first map where the reference has none.
    """

    tallies: tuple[csr_array, ...]
    numbers: Int64Array
    differences: tuple[Int64Array, ...]
    values: tuple[int, ...]
    block: int
    unclassified: int
    unreferenced: int


def cross_rasters(
    maps: Sequence[ClassRaster],
    truth: ClassRaster,
    values: Sequence[int],
    block: int,
    progress: Progress,
) -> Crossing:
    """Cross maps on one grid with a reference raster.

    Args:
        maps: All on the grid of the first.
        truth: The reference, on that grid, too.
        values: Class values of the maps.
        block: Side of the blocks in pixels; 0 is as wide as the reference's classes are alike.
        progress: For the log.

    Raises:
        SampleError: The reference has no class where the maps lie, or more than a legend holds.
        RasterError: A raster cannot be read.
    """
    grid = maps[0].grid
    counts, unreferenced, unclassified = _occurring(maps, truth, Stage(progress, 0.0, 0.3))
    known = tuple(sorted({*values, *counts}))
    total = sum(counts.values())
    side = _limited(block or _block_side(truth, total, Stage(progress, 0.3, 0.5)), grid, progress)
    across = -(-grid.width // side)
    blocks = across * -(-grid.height // side)
    tally = [_Tally(blocks, len(known) ** 2) for _ in maps]
    differences = [np.zeros((blocks, 2), dtype=np.int64) for _ in maps[1:]]
    for tile in strips(truth, Stage(progress, 0.5, 1.0), "Comparing map and reference"):
        right, members, all_codes = _codes(maps, truth, tile, known, side, across)
        for item, codes in zip(tally, all_codes, strict=True):
            item.add(members, codes * len(known) + right)
        hits = [codes == right for codes in all_codes]
        for other, found in zip(hits[1:], differences, strict=True):
            found[:, 0] += np.bincount(members[hits[0] & ~other], minlength=blocks)
            found[:, 1] += np.bincount(members[other & ~hits[0]], minlength=blocks)
    used = np.flatnonzero(np.asarray(tally[0].matrix.sum(axis=1)).ravel())
    return Crossing(
        tuple(item.matrix[used] for item in tally),
        used,
        tuple(found[used] for found in differences),
        known,
        side,
        unclassified,
        unreferenced,
    )


class _Tally:
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
    """Return the true codes, blocks and maps' codes of a tile's pixels that all of them have."""
    right, usable = truth.read(tile)
    read = [raster.read(tile) for raster in maps]
    for _, valid in read:
        usable = usable & valid
    rows, columns = np.nonzero(usable)
    members = (rows + tile.row) // side * across + columns // side
    return encode(right[usable], known), members, [encode(values[usable], known) for values, _ in read]


def _occurring(
    maps: Sequence[ClassRaster], truth: ClassRaster, progress: Progress
) -> tuple[Counter[int], int, int]:
    """Return the classes of the reference where all maps have one, and what is missing where."""
    counts: Counter[int] = Counter()
    unreferenced = unclassified = 0
    for tile in strips(truth, progress, "Looking for the reference’s classes"):
        values, known = truth.read(tile)
        mapped = [raster.read(tile)[1] for raster in maps]
        everywhere = np.logical_and.reduce(mapped)
        unreferenced += int(np.count_nonzero(mapped[0] & ~known))
        unclassified += int(np.count_nonzero(known & ~everywhere))
        counts.update(_counts(values[known & everywhere]))
        if len(counts) > MAX_CLASSES:
            raise too_many_values(truth.source)
    if not counts:
        raise SampleError(
            "The reference has no class where the map has one",
            where=str(truth.source),
            advice="Check that both show the same place, and their nodata values.",
        )
    return counts, unreferenced, unclassified


def _counts(values: Int64Array) -> dict[int, int]:
    """Return how often each value occurs (N,)."""
    if len(values) and values.min() >= 0 and values.max() < _FEW_VALUES:
        # Many times quicker than sorting them.
        numbers = np.bincount(values)
        return {int(value): int(numbers[value]) for value in np.flatnonzero(numbers)}
    return count_values(values)


def _sums(values: Int64Array, areas: Float64Array) -> dict[int, float]:
    """Return the summed areas of each value (N,)."""
    if len(values) and values.min() >= 0 and values.max() < _FEW_VALUES:
        # Many times quicker than sorting them.
        sums = np.bincount(values, weights=areas)
        return {int(value): float(sums[value]) for value in np.flatnonzero(sums)}
    found, members = np.unique(values, return_inverse=True)
    sums = np.bincount(members, weights=areas)
    return dict(zip(found.tolist(), sums.tolist(), strict=True))


def _limited(side: int, grid: Grid, progress: Progress) -> int:
    """Return a side that gives no more than ``_MOST_BLOCKS``."""
    least = math.ceil(math.sqrt(grid.width * grid.height / _MOST_BLOCKS))
    if side >= least:
        return side
    progress.log(
        "Blocks of {side} pixels would be too many to draw from; {least} pixels are used.",
        side=side,
        least=least,
    )
    return least


def _block_side(truth: ClassRaster, total: int, progress: Progress) -> int:
    """Return how far apart the reference's classes stop being alike, in pixels."""
    share = min(1.0, _MOST_DRAWN / total)
    generator = np.random.default_rng(0)
    parts: list[tuple[Int64Array, Int64Array, Int64Array]] = []
    for tile in strips(truth, progress, "Looking how far the reference’s classes are alike"):
        values, known = truth.read(tile)
        rows, columns = np.nonzero(known & (generator.random(known.shape) < share))
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
    return alike_within(samples, truth.grid)
