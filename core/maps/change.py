"""Change between two class maps: areas of the transitions, and the from-to raster.

Maps are read strip by strip, see ``core.maps.strips``::

    counts = count_pairs([before, after], progress)      # pixels and hectares by pair of class values
    legend = transition_legend(classes, counts.hectares)
    write_from_to(path, maps, legend, ...)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import generate_binary_structure, label
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..arrays import BoolArray, Int64Array, IntegerArray
from ..errors import SampleError
from ..progress import Progress, Stage
from ..raster.class_raster import ClassRaster, check_is_class_map
from ..raster.derived_map import open_derived_map
from ..raster.grid import Tile
from ..raster.pixel_area import PixelAreas, pixel_areas
from .strips import STRIP_PIXELS, ReadStrip, read_together
from .transitions import Pair, TransitionLegend
from .value_codes import ValueCodes, looked_up, paired, sums_by_code
from .zones import Zones, ZoneSize, ZoneTables

# Relative error of sums of areas.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Pixels and hectares by pair of class values of two maps.

    Attributes:
        pixels: Number of pixels by class value before and after.
        hectares: Area in hectares by class value before and after.
        only_before: Number of pixels with a class in the earlier map alone, by its value.
        only_after: Number of pixels with a class in the later map alone, by its value.
        below_pixels: Pixels of change below the minimum mapping unit, which are not in ``pixels``.
        below_hectares: Their area, which is not in ``hectares``.
        patches_below: Number of patches of change below the minimum mapping unit.
    """

    pixels: dict[Pair, int]
    hectares: dict[Pair, float]
    only_before: dict[int, int]
    only_after: dict[int, int]
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
        only_before, only_after = (
            _recoded(counts, rule) for counts, rule in ((self.only_before, before), (self.only_after, after))
        )
        for (old, new), count in self.pixels.items():
            first, second = before[old], after[new]
            if first is not None and second is not None:
                pixels[first, second] += count
                hectares[first, second] = hectares.get((first, second), 0.0) + self.hectares[old, new]
            elif first is not None:
                only_before[first] += count
            elif second is not None:
                only_after[second] += count
        return PairCounts(dict(pixels), hectares, dict(only_before), dict(only_after))


def _recoded(counts: Mapping[int, int], rule: Mapping[int, int | None]) -> Counter[int]:
    """Return pixels by common value, without those of values that are left out.

    A value that the rule does not name occurs nowhere beside a class of the other map, and counts.
    """
    result: Counter[int] = Counter()
    for value, count in counts.items():
        common = rule.get(value, value)
        if common is not None:
            result[common] += count
    return result


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


@dataclass(frozen=True, eq=False)
class PairCodes:
    """Pair of codes of each pixel of a strip.

    Attributes:
        pairs: Code of the earlier map times the number of later codes, and the later code, shape (rows,
            columns); 0 where neither map has a class.
        sizes: Number of codes of the earlier and of the later map.
    """

    pairs: IntegerArray
    sizes: tuple[int, int]


class _Tally:
    """Pixels and areas by pair of codes, to which strips are added."""

    def __init__(self, maps: Sequence[ClassRaster]) -> None:
        first, second = (ValueCodes(raster.recoded_values) for raster in maps)
        self.known = (first, second)
        self._areas = pixel_areas(maps[0].grid)
        self._pixels: Counter[tuple[int, int]] = Counter()
        self._hectares: dict[tuple[int, int], float] = {}

    def codes(self, read: Sequence[ReadStrip]) -> PairCodes:
        """Return the codes of both maps in a strip."""
        first, second = (codes.of(*strip) for codes, strip in zip(self.known, read, strict=True))
        sizes = len(self.known[0].values) + 1, len(self.known[1].values) + 1
        return PairCodes(paired(first, second, sizes), sizes)

    def add(self, tile: Tile, codes: PairCodes, only: BoolArray | None = None) -> None:
        """Add the pixels of a strip.

        Args:
            tile: Pixels of the strip.
            codes: Codes of both maps.
            only: Pixels that count; None counts all.
        """
        across = codes.sizes[1]
        # Others are without a class in both maps.
        pairs = codes.pairs if only is None else np.multiply(codes.pairs, only, dtype=codes.pairs.dtype)
        numbers, sums = sums_by_code(pairs, codes.sizes[0] * across, tile, self._areas)
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
            self._alone(0),
            self._alone(1),
        )

    def _alone(self, place: int) -> dict[int, int]:
        """Return the pixels by class value of one map where the other one has no class."""
        values = self.known[place].values
        return {
            values[pair[place] - 1]: count
            for pair, count in self._pixels.items()
            if pair[place] and not pair[1 - place]
        }

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
        self,
        known: tuple[ValueCodes, ValueCodes],
        sizes: tuple[int, int],
        value: Callable[[int, int], int],
        empty: int,
    ) -> Int64Array:
        """Return a value for each pair of codes, shape (codes before times codes after,).

        Args:
            known: Codes of both maps.
            sizes: Number of codes of both maps, as in ``PairCodes``.
            value: Value of a pair of common values.
            empty: Value where one of them has no class.
        """
        result = np.full(sizes, empty, dtype=np.int64)
        for row, old in enumerate(known[0].values[: sizes[0] - 1], 1):
            for column, new in enumerate(known[1].values[: sizes[1] - 1], 1):
                first, second = self.before.get(old), self.after.get(new)
                if first is not None and second is not None:
                    result[row, column] = value(first, second)
        return result.ravel()


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


def _is_change(rule: ChangeRule, known: tuple[ValueCodes, ValueCodes], codes: PairCodes) -> BoolArray:
    table = rule.table(known, codes.sizes, lambda first, second: int(first != second), 0).astype(bool)
    result: BoolArray = looked_up(table, codes.pairs)
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
) -> Iterator[tuple[Tile, IntegerArray]]:
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
    # Only small patches have a transition that the legend lacks.
    missing = empty if legend.below is None else legend.below
    most = max([empty, missing, *legend.values.values()])
    for tile, read in read_together(maps, progress, doing, strip_pixels):
        codes = tally.codes(read)
        table = rule.table(
            tally.known, codes.sizes, lambda first, second: legend.values.get((first, second), missing), empty
        )
        values = looked_up(table.astype(np.min_scalar_type(most)), codes.pairs)
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
