"""Change between two class maps: areas of the transitions, from-to raster, strata and probability of change.

Maps are read strip by strip, each in a thread of its own, so memory does not grow with them::

    counts = count_pairs([before, after], progress)      # pixels and hectares by pair of class values
    legend = transition_legend(classes, counts.hectares)
    write_from_to(path, maps, legend, ...)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import generate_binary_structure, label, maximum_filter1d
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..arrays import BoolArray, Int64Array
from ..classes import LandCoverClass
from ..errors import SampleError
from ..progress import Progress, RateMeter, Stage
from ..raster.class_raster import ClassRaster, check_is_class_map
from ..raster.derived_map import open_derived_map
from ..raster.geotiff import BLOCK
from ..raster.grid import Tile
from ..raster.pixel_area import PixelAreas, pixel_areas
from ..text import untranslated
from .transitions import Pair, TransitionLegend
from .zones import Zones, ZoneSize, ZoneTables

STRIP_PIXELS = 1_000_000
"""Number of pixels of each map that are read at once."""
# Strips may be so many times larger to hold a whole row of blocks.
_MAX_STRETCH = 2
BUFFER_NAME = untranslated("Buffer around change")
OTHER_CHANGE = untranslated("Other change")
# Class values below this are found by their position in an array, which is many times faster than sorting.
_TABLE_SIZE = 65_536
# Largest number of rows times pairs that are counted row by row.
_MAX_ROW_CELLS = 4_000_000
_BUFFER_COLOR, _OTHER_COLOR = "#E9A3D6", "#7B3F8C"
# Relative error of sums of areas.
_ROUNDING = 1e-9

ReadStrip = tuple[NDArray[np.integer], BoolArray]
"""Class values of a strip as the file holds them, and whether each pixel has one."""


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
    step = max(1, 2 * strip_pixels // len(maps) // grid.width)
    if step >= BLOCK or BLOCK * grid.width <= _MAX_STRETCH * strip_pixels:
        # Whole rows of blocks, which are then decoded, and written, once.
        step = max(BLOCK, step - step % BLOCK)
    meter = RateMeter(grid.window.pixels, "pixels", doing)
    with ExitStack() as stack:
        pools = [stack.enter_context(ThreadPoolExecutor(1)) for _ in maps]
        waiting: tuple[Tile, list[Future[ReadStrip]]] | None = None
        for first in [*range(0, grid.height, step), None]:
            progress.check_cancelled()
            following = None
            if first is not None:
                tile = Tile(first, 0, min(step, grid.height - first), grid.width)
                # A dataset may be used by one thread at a time: each map has its own.
                following = (
                    tile,
                    [pool.submit(raster.read_stored, tile) for pool, raster in zip(pools, maps, strict=True)],
                )
            if waiting is not None:
                tile, futures = waiting
                yield tile, [future.result() for future in futures]
                meter.add(tile.pixels)
                progress.update(meter.fraction, meter.text())
            waiting = following


class ValueCodes:
    """Codes 1, 2, … of the class values of a map; 0 means unclassified.

    Args:
        recoding: Class value that a stored value stands for, see ``ClassRaster.recode``.
        values: Class values that have the first codes; others follow in the order in which they are met.

    Attributes:
        values: Class value of each code from 1 on.
    """

    def __init__(self, recoding: Mapping[int, int], values: Sequence[int] = ()) -> None:
        self.values: list[int] = list(values)
        self._codes = {value: code for code, value in enumerate(values, 1)}
        self._recoding = recoding
        self._table = np.zeros(_TABLE_SIZE, dtype=np.int16)

    def of(self, stored: NDArray[np.integer], valid: BoolArray) -> NDArray[np.int16]:
        """Return the code of each pixel, shape of ``stored``.

        Args:
            stored: Class values as the file holds them.
            valid: Whether each pixel has one.
        """
        is_small = stored.dtype in (np.uint8, np.uint16)
        if not is_small and stored.size and (stored.min() < 0 or stored.max() >= _TABLE_SIZE):
            return self._sorted(stored, valid)
        codes: NDArray[np.int16] = self._table[stored]
        codes *= valid
        unknown = stored[(codes == 0) & valid]
        if len(unknown):
            for value in np.flatnonzero(np.bincount(unknown)).tolist():
                self._table[value] = self._code(value)
            codes = self._table[stored]
            codes *= valid
        return codes

    def _code(self, stored: int) -> int:
        value = self._recoding.get(stored, stored)
        if value not in self._codes:
            self.values.append(value)
            self._codes[value] = len(self.values)
        return self._codes[value]

    def _sorted(self, stored: NDArray[np.integer], valid: BoolArray) -> NDArray[np.int16]:
        occurring, members = np.unique(stored[valid], return_inverse=True)
        codes = np.zeros(stored.shape, dtype=np.int16)
        of_values = np.array([self._code(value) for value in occurring.tolist()], dtype=np.int16)
        codes[valid] = of_values[members]
        return codes


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Pixels and hectares by pair of class values of two maps.

    Attributes:
        pixels: Number of pixels by class value before and after.
        hectares: Area in hectares by class value before and after.
        only_before: Number of pixels with a class in the earlier map alone.
        only_after: Number of pixels with a class in the later map alone.
        below_pixels: Pixels of change below the minimum mapping unit, which are not in ``pixels``.
        below_hectares: Their area, which is not in ``hectares``.
        patches_below: Number of patches of change below the minimum mapping unit.
    """

    pixels: dict[Pair, int]
    hectares: dict[Pair, float]
    only_before: int
    only_after: int
    below_pixels: dict[Pair, int] = field(default_factory=dict)
    below_hectares: dict[Pair, float] = field(default_factory=dict)
    patches_below: int = 0

    def values(self, place: int) -> tuple[int, ...]:
        """Return the class values of the earlier map (0) or the later one (1), in order."""
        return tuple(sorted({pair[place] for pair in (*self.pixels, *self.below_pixels)}))

    def recoded(self, before: Mapping[int, int | None], after: Mapping[int, int | None]) -> PairCounts:
        """Return the same of a common scheme; pixels that it leaves out have a class in neither map.

        Args:
            before: Common value of each class value of the earlier map; None leaves it out.
            after: The same of the later map.
        """
        pixels: Counter[Pair] = Counter()
        hectares: dict[Pair, float] = {}
        only_before, only_after = self.only_before, self.only_after
        for (old, new), count in self.pixels.items():
            first, second = before[old], after[new]
            if first is not None and second is not None:
                pixels[first, second] += count
                hectares[first, second] = hectares.get((first, second), 0.0) + self.hectares[old, new]
            elif first is not None:
                only_before += count
            elif second is not None:
                only_after += count
        return PairCounts(dict(pixels), hectares, only_before, only_after)


def count_pairs(
    maps: Sequence[ClassRaster], progress: Progress, strip_pixels: int = STRIP_PIXELS
) -> PairCounts:
    """Return the pixels and areas of each pair of class values.

    Args:
        maps: Earlier and later map on one grid.
        progress: Progress reporter, from 0 to 1.
        strip_pixels: Number of pixels of each map that are read at once.

    Raises:
        SampleError: No pixel has a class in both maps, or one of them is not a class map.
        RasterError: A map cannot be read.
    """
    tally = _Tally(maps)
    for tile, read in read_together(maps, progress, "Comparing the maps", strip_pixels):
        codes = tally.codes(read)
        tally.add(tile, codes)
        tally.check(maps)
    for raster, known in zip(maps, tally.known, strict=True):
        if known.values:
            check_is_class_map(raster, len(known.values))
    counts = tally.counts()
    if not counts.pixels:
        raise SampleError(
            "No pixel has a class in both maps",
            where=", ".join(str(raster.source) for raster in maps),
            advice="Check that both cover the same area, and their nodata values.",
        )
    return counts


class _Tally:
    """Pixels and areas by pair of codes, to which strips are added."""

    def __init__(self, maps: Sequence[ClassRaster]) -> None:
        first, second = (ValueCodes(raster.recoded_values) for raster in maps)
        self.known = (first, second)
        self._areas = pixel_areas(maps[0].grid)
        self._pixels: Counter[tuple[int, int]] = Counter()
        self._hectares: dict[tuple[int, int], float] = {}

    def codes(self, read: Sequence[ReadStrip]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Return the codes of both maps in a strip."""
        first, second = (codes.of(*strip) for codes, strip in zip(self.known, read, strict=True))
        return first, second

    def add(
        self, tile: Tile, codes: tuple[NDArray[np.int16], NDArray[np.int16]], only: BoolArray | None = None
    ) -> None:
        """Add the pixels of a strip.

        Args:
            tile: Pixels of the strip.
            codes: Codes of both maps.
            only: Pixels that count; None counts all.
        """
        across = len(self.known[1].values) + 1
        cells = (len(self.known[0].values) + 1) * across
        pairs = np.multiply(codes[0], across, dtype=np.int32)
        pairs += codes[1]
        areas = self._areas.of(tile)
        if only is not None:
            # Without a class in both maps.
            pairs *= only
        if self._areas.are_equal:
            numbers = np.bincount(pairs.ravel(), minlength=cells)
            sums = np.multiply(numbers, float(areas[0, 0]))
        elif areas.shape[1] > 1 or tile.height * cells > _MAX_ROW_CELLS:
            weights = np.broadcast_to(areas, pairs.shape).ravel()
            numbers = np.bincount(pairs.ravel(), minlength=cells)
            sums = np.bincount(pairs.ravel(), weights=weights, minlength=cells)
        else:
            # Pixels of a row have one area, so those of each row are counted.
            pairs += np.arange(tile.height, dtype=np.int32)[:, None] * np.int32(cells)
            by_row = np.bincount(pairs.ravel(), minlength=tile.height * cells).reshape(tile.height, cells)
            numbers, sums = by_row.sum(axis=0), areas[:, 0] @ by_row
        for cell in np.flatnonzero(numbers).tolist():
            pair = divmod(cell, across)
            self._pixels[pair] += int(numbers[cell])
            self._hectares[pair] = self._hectares.get(pair, 0.0) + float(sums[cell])

    def check(self, maps: Sequence[ClassRaster]) -> None:
        """Refuse rasters that are not class maps, as soon as they show it."""
        for raster, known in zip(maps, self.known, strict=True):
            raster.check_values(known.values)

    def counts(self) -> PairCounts:
        """Return what was added."""
        named = {pair: self._named(pair) for pair in self._pixels if all(pair)}
        return PairCounts(
            {named[pair]: count for pair, count in self._pixels.items() if pair in named},
            {named[pair]: area for pair, area in self._hectares.items() if pair in named},
            sum(count for (before, after), count in self._pixels.items() if before and not after),
            sum(count for (before, after), count in self._pixels.items() if after and not before),
        )

    def _named(self, pair: tuple[int, int]) -> Pair:
        return self.known[0].values[pair[0] - 1], self.known[1].values[pair[1] - 1]


@dataclass(frozen=True, eq=False)
class ChangeRule:
    """Rule that says which pairs of class values are which transition.

    Attributes:
        before: Common value of each class value of the earlier map; None leaves its pixels out.
        after: The same of the later map.
    """

    before: Mapping[int, int | None]
    after: Mapping[int, int | None]

    def table(
        self, known: tuple[ValueCodes, ValueCodes], value: Callable[[int, int], int], empty: int
    ) -> NDArray[Any]:
        """Return a value for each pair of codes, shape (codes before, codes after).

        Args:
            known: Codes of both maps.
            value: Value of a pair of common values.
            empty: Value where one of them has no class.
        """
        result = np.full([len(codes.values) + 1 for codes in known], empty, dtype=np.int64)
        for row, old in enumerate(known[0].values, 1):
            for column, new in enumerate(known[1].values, 1):
                first, second = self.before[old], self.after[new]
                if first is not None and second is not None:
                    result[row, column] = value(first, second)
        return result


class SmallPatches:
    """Patches of change below a minimum mapping unit, found strip by strip.

    A patch is a set of pixels of change, of whatever kind, that touch at an edge or a corner. Strips are
    added from top to bottom; then the same strips are asked for. Patches that cross the border of strips are
    joined. What is kept is one byte per patch.

    Args:
        areas: Areas of the pixels.
        hectares: Minimum mapping unit in hectares.
        has_corners: Whether pixels that touch at a corner belong together.
    """

    def __init__(self, areas: PixelAreas, hectares: float, has_corners: bool = True) -> None:
        self._areas = areas
        self._minimum = hectares * (1 - _ROUNDING)
        self._structure = generate_binary_structure(2, 2 if has_corners else 1)
        self._has_corners = has_corners
        self._is_small: dict[int, BoolArray] = {}
        # Patches at the border of strips: first node of a strip, labels of its nodes, areas of all nodes.
        self._nodes: list[tuple[int, int, Int64Array]] = []
        self._node_areas: list[float] = []
        self._edges: list[NDArray[Any]] = []
        self._last: Int64Array | None = None
        self.count = 0

    def add(self, tile: Tile, change: BoolArray) -> None:
        """Add the pixels of change of the next strip."""
        labels, number = label(change, self._structure)
        if self._areas.are_equal:
            sizes = np.bincount(labels.ravel(), minlength=number + 1)
            sums = np.multiply(sizes, float(self._areas.of(tile)[0, 0]))
        else:
            weights = np.broadcast_to(self._areas.of(tile), change.shape)
            sums = np.bincount(labels.ravel(), weights=weights.ravel(), minlength=number + 1)
        is_small = sums < self._minimum
        is_small[0] = False
        at_border = np.unique(np.concatenate([labels[0], labels[-1]]))
        at_border = at_border[at_border > 0]
        start = len(self._node_areas)
        nodes = np.full(number + 1, -1, dtype=np.int64)
        nodes[at_border] = np.arange(start, start + len(at_border))
        self._node_areas += sums[at_border].tolist()
        if self._last is not None:
            self._edges.append(_touching(self._last, nodes[labels[0]], self._has_corners))
        self._last = nodes[labels[-1]]
        self._is_small[tile.row] = is_small
        self._nodes.append((tile.row, start, at_border))

    def finish(self) -> None:
        """Join the patches across strips."""
        number = len(self._node_areas)
        if number:
            edges = np.concatenate([*self._edges, np.empty((2, 0), dtype=np.int64)], axis=1)
            graph = coo_array((np.ones(edges.shape[1]), (edges[0], edges[1])), shape=(number, number))
            joined, members = connected_components(graph, directed=False)
            sums = np.bincount(members, weights=self._node_areas, minlength=joined)
            small = sums < self._minimum
            # Of a patch in several strips, one node counts.
            self.count = int(np.count_nonzero(small))
            for row, start, labels in self._nodes:
                self.count += int(np.count_nonzero(np.delete(self._is_small[row], labels)))
                self._is_small[row][labels] = small[members[start : start + len(labels)]]
        else:
            self.count = sum(int(np.count_nonzero(item)) for item in self._is_small.values())

    def of(self, tile: Tile, change: BoolArray) -> BoolArray:
        """Return which pixels of a strip that was added belong to small patches."""
        labels, _ = label(change, self._structure)
        result: BoolArray = self._is_small[tile.row][labels]
        return result


def _touching(above: Int64Array, below: Int64Array, has_corners: bool) -> NDArray[Any]:
    """Return pairs of nodes of two rows that touch, shape (2, N); -1 is no node."""
    pairs = [(above, below)]
    if has_corners:
        pairs += [(above[1:], below[:-1]), (above[:-1], below[1:])]
    upper = np.concatenate([first for first, _ in pairs])
    lower = np.concatenate([second for _, second in pairs])
    both = np.stack([upper, lower])[:, (upper >= 0) & (lower >= 0)]
    return np.unique(both, axis=1)


def find_small_patches(
    maps: Sequence[ClassRaster],
    rule: ChangeRule,
    hectares: float,
    has_corners: bool,
    progress: Progress,
    strip_pixels: int = STRIP_PIXELS,
) -> tuple[SmallPatches, PairCounts]:
    """Return the patches of change below a minimum mapping unit, and the counts with and without them.

    Args:
        maps: Earlier and later map on one grid.
        rule: Common scheme of the maps.
        hectares: Minimum mapping unit in hectares.
        has_corners: Whether pixels that touch at a corner belong to one patch.
        progress: Progress reporter, from 0 to 1.
        strip_pixels: Number of pixels of each map that are read at once.
    """
    patches = SmallPatches(pixel_areas(maps[0].grid), hectares, has_corners)
    whole = _Tally(maps)
    for tile, read in read_together(
        maps, Stage(progress, 0.0, 0.5), "Finding patches of change", strip_pixels
    ):
        codes = whole.codes(read)
        patches.add(tile, _is_change(rule, whole.known, codes))
    patches.finish()
    large, small = _Tally(maps), _Tally(maps)
    large.known = small.known = whole.known
    for tile, read in read_together(
        maps, Stage(progress, 0.5, 1.0), "Measuring patches of change", strip_pixels
    ):
        codes = whole.codes(read)
        is_small = patches.of(tile, _is_change(rule, whole.known, codes))
        large.add(tile, codes, ~is_small)
        small.add(tile, codes, is_small)
    counts, below = large.counts().recoded(rule.before, rule.after), small.counts()
    below = below.recoded(rule.before, rule.after)
    return patches, PairCounts(
        counts.pixels,
        counts.hectares,
        counts.only_before,
        counts.only_after,
        below.pixels,
        below.hectares,
        patches.count,
    )


def _is_change(
    rule: ChangeRule,
    known: tuple[ValueCodes, ValueCodes],
    codes: tuple[NDArray[np.int16], NDArray[np.int16]],
) -> BoolArray:
    table = rule.table(known, lambda first, second: int(first != second), 0).astype(bool)
    result: BoolArray = table[codes[0], codes[1]]
    return result


def from_to_strips(
    maps: Sequence[ClassRaster],
    rule: ChangeRule,
    legend: TransitionLegend,
    patches: SmallPatches | None,
    empty: int,
    progress: Progress,
    doing: str,
    strip_pixels: int = STRIP_PIXELS,
) -> Iterator[tuple[Tile, Int64Array]]:
    """Yield strips of the from-to raster, from top to bottom.

    Args:
        maps: Earlier and later map on one grid.
        rule: Common scheme of the maps.
        legend: Values of the transitions.
        patches: Patches below the minimum mapping unit; None without one.
        empty: Value of pixels without a class in one of the maps.
        progress: Progress reporter, from 0 to 1.
        doing: Description of the work for the progress text.
        strip_pixels: Number of pixels of each map that are read at once, as in the search for patches.
    """
    tally = _Tally(maps)
    table = np.empty((0, 0), dtype=np.int64)
    # Only small patches have a transition that the legend lacks.
    missing = empty if legend.below is None else legend.below
    for tile, read in read_together(maps, progress, doing, strip_pixels):
        codes = tally.codes(read)
        if table.shape != tuple(len(known.values) + 1 for known in tally.known):
            table = rule.table(
                tally.known, lambda first, second: legend.values.get((first, second), missing), empty
            )
        values = table[codes[0], codes[1]]
        if patches is not None and legend.below is not None:
            values[patches.of(tile, _is_change(rule, tally.known, codes))] = legend.below
        yield tile, values


def write_from_to(
    path: Path,
    maps: Sequence[ClassRaster],
    rule: ChangeRule,
    legend: TransitionLegend,
    patches: SmallPatches | None,
    kind: str,
    metadata: Mapping[str, str],
    progress: Progress,
    strip_pixels: int = STRIP_PIXELS,
) -> None:
    """Write the from-to raster.

    Args:
        path: GeoTIFF to write.
        maps: Earlier and later map on one grid.
        rule: Common scheme of the maps.
        legend: Values of the transitions.
        patches: Patches below the minimum mapping unit; None without one.
        kind: Kind of the output, see ``core.marks``.
        metadata: Metadata items for the file.
        progress: Progress reporter, from 0 to 1.
        strip_pixels: Number of pixels of each map that are read at once, as in the search for patches.

    Raises:
        OutputError: The disk is full, or the file cannot be written there.
        RasterError: A map cannot be read.
    """
    grid = maps[0].grid
    doing = "Writing the change map"
    with open_derived_map(
        path, maps, grid, legend.classes, kind, progress, metadata, title="Change"
    ) as writer:
        for tile, values in from_to_strips(
            maps, rule, legend, patches, writer.nodata, progress, doing, strip_pixels
        ):
            writer.write(tile, values)


def count_in_zones(
    maps: Sequence[ClassRaster],
    rule: ChangeRule,
    legend: TransitionLegend,
    patches: SmallPatches | None,
    zones: Zones,
    progress: Progress,
    strip_pixels: int = STRIP_PIXELS,
) -> tuple[ZoneSize, ...]:
    """Return the pixels and areas of each value of the from-to raster in each zone.

    Args:
        maps: Earlier and later map on one grid.
        rule: Common scheme of the maps.
        legend: Values of the transitions.
        patches: Patches below the minimum mapping unit; None without one.
        zones: Zones on the grid of the maps.
        progress: Progress reporter, from 0 to 1.
        strip_pixels: Number of pixels of each map that are read at once, as in the search for patches.
    """
    tables = ZoneTables(zones, pixel_areas(maps[0].grid))
    # A value that no transition has.
    empty = legend.free
    for tile, values in from_to_strips(
        maps, rule, legend, patches, empty, progress, "Measuring change in the zones", strip_pixels
    ):
        tables.add(tile, values, values != empty)
    return tables.sizes()


@dataclass(frozen=True)
class Strata:
    """Strata of a change map for a sampling design.

    Attributes:
        classes: Class of each stratum.
        values: Stratum of each value of the from-to raster.
        stable: Values of the from-to raster that may become the buffer.
        changed: Values of the from-to raster around which the buffer lies.
        buffer: Value of the buffer; None without one.
    """

    classes: tuple[LandCoverClass, ...]
    values: dict[int, int]
    stable: tuple[int, ...]
    changed: tuple[int, ...]
    buffer: int | None


def strata_of(
    legend: TransitionLegend, hectares: Mapping[Pair, float], max_transitions: int, has_buffer: bool
) -> Strata:
    """Return the strata of a change map: persistence by class, the largest transitions, and a buffer.

    Args:
        legend: Legend of the from-to raster.
        hectares: Area of each transition.
        max_transitions: Number of transitions with a stratum of their own; the others are one.
        has_buffer: Whether stable pixels around change are a stratum.
    """
    by_value = {item.value: item for item in legend.classes}
    changes = sorted(legend.changes(), key=lambda pair: (-hectares[pair], pair))
    own = changes[:max_transitions] if len(changes) > max_transitions + 1 else changes
    buffer = legend.free if has_buffer and changes else None
    other = legend.free + (buffer is not None)
    values = {}
    for pair, value in legend.values.items():
        values[value] = value if pair[0] == pair[1] or pair in own else other
    if legend.below is not None:
        values[legend.below] = legend.below
    classes = [by_value[value] for value in sorted({*values.values()} & by_value.keys())]
    if buffer is not None:
        classes.append(LandCoverClass(buffer, BUFFER_NAME, _BUFFER_COLOR))
    if other in values.values():
        classes.append(LandCoverClass(other, OTHER_CHANGE, _OTHER_COLOR))
    return Strata(
        tuple(classes),
        values,
        tuple(value for pair, value in legend.values.items() if pair[0] == pair[1]),
        tuple(legend.values[pair] for pair in changes),
        buffer,
    )


def write_strata(
    path: Path,
    change: ClassRaster,
    strata: Strata,
    width: int,
    kind: str,
    metadata: Mapping[str, str],
    progress: Progress,
    strip_pixels: int = STRIP_PIXELS,
) -> dict[int, int]:
    """Write the strata of a from-to raster, and return the number of pixels of each.

    Stable pixels within ``width`` pixels of change, in rows and columns, become the buffer: there errors of
    omission gather, and in a stratum of their own they weigh little.

    Args:
        path: GeoTIFF to write.
        change: From-to raster.
        strata: Strata.
        width: Width of the buffer in pixels.
        kind: Kind of the output, see ``core.marks``.
        metadata: Metadata items for the file.
        progress: Progress reporter, from 0 to 1.
        strip_pixels: Number of pixels that are read at once.

    Raises:
        OutputError: The disk is full, or the file cannot be written there.
    """
    grid = change.grid
    size = max([*strata.values, *strata.values.values(), 0]) + 2
    table = np.full(size, -1, dtype=np.int64)
    table[list(strata.values)] = list(strata.values.values())
    stable, changed = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    stable[list(strata.stable)] = True
    changed[list(strata.changed)] = True
    step = max(width, strip_pixels // grid.width, 1)
    meter = RateMeter(grid.window.pixels, "pixels", "Writing the strata")
    with open_derived_map(
        path, [change], grid, strata.classes, kind, progress, metadata, title="Strata"
    ) as writer:
        for first in range(0, grid.height, step):
            progress.check_cancelled()
            tile = Tile(first, 0, min(step, grid.height - first), grid.width)
            top, bottom = max(0, first - width), min(grid.height, tile.row_stop + width)
            values, valid = change.read(Tile(top, 0, bottom - top, grid.width))
            values = np.where(valid, values, size - 1)
            own = values[first - top : first - top + tile.height]
            written = table[own]
            if strata.buffer is not None and width:
                near = changed[values].astype(np.uint8)
                for axis in (0, 1):
                    near = maximum_filter1d(near, 2 * width + 1, axis=axis, mode="constant")
                near = near[first - top : first - top + tile.height].astype(bool)
                written[near & stable[own]] = strata.buffer
            written[written == -1] = writer.nodata
            writer.write(tile, written)
            meter.add(tile.pixels)
            progress.update(meter.fraction, meter.text())
        return dict(writer.counts)
