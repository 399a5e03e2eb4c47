"""Outlines of the patches of a class map, traced strip by strip.

A patch is a set of pixels of one class that are connected by their sides (4-connected). Its outline runs
along the edges of its pixels. Patches are given out as soon as they are complete, so that memory holds what
crosses the last row only. The patches are the same for any division into strips.

>>> tracer = Tracer(pixel_areas(grid), edge_lengths(grid))
>>> for tile in strips(raster, progress, "Tracing patches"):
...     patches = tracer.add(*raster.read(tile))
>>> patches = tracer.finish()

How it works. Around each corner of a pixel, four pixels decide where the outline of each of them turns.
Outlines have their patch on the right, so that a turn has one direction in and one out. Along a line, turns
that leave in a direction and turns that arrive in it alternate: sorted by place, the first that leaves leads
to the first that arrives. So all outlines of a strip are linked by sorting, without a loop over pixels. An
outline that crosses the last row is kept as a chain and becomes two turns of the next strip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components

from ..arrays import BoolArray, Float64Array, Int64Array
from ..raster.grid import Tile
from ..raster.pixel_area import EdgeLengths, PixelAreas

Int32Array = npt.NDArray[np.int32]
_EAST, _SOUTH, _WEST, _NORTH = range(4)
# Sums over a patch's pixels or edges that are kept while it grows.
_PIXELS, _HECTARES, METRES, _CONFIDENCE, _CONFIDENT = range(5)
_SUMS = 5
CHUNK_CORNERS = 200_000
"""Number of corners that are worked on together: a patch may have many millions."""
# Pieces of an outline that are kept one by one; each takes a hundred bytes.
_MAX_PIECES = 32


@dataclass(frozen=True, eq=False)
class Patches:
    """Complete patches of a map.

    Attributes:
        values: Class value of each patch, shape (N,).
        pixels: Number of pixels of each patch, shape (N,).
        hectares: Area of each patch's pixels, shape (N,).
        metres: Length of each patch's outline with its holes, along the edges of pixels, shape (N,).
        confidence: Mean of the confidences of each patch's pixels; NaN without any, shape (N,).
        known: Number of pixels of each patch with a confidence, shape (N,).
        vertices: Line and column of the corners of all rings, counted from the raster's corner, shape (M, 2).
            Rings are closed, but their first corner is not repeated.
        rings: First vertex of each ring, and the number of vertices, shape (R + 1,).
        parts: First ring of each patch, and the number of rings, shape (N + 1,). The first ring of a patch is
            its outer one, clockwise on a map with north up; the others are its holes.
    """

    values: Int64Array
    pixels: Int64Array
    hectares: Float64Array
    metres: Float64Array
    confidence: Float64Array
    known: Float64Array
    vertices: Int32Array
    rings: Int64Array
    parts: Int64Array

    def __len__(self) -> int:
        return len(self.values)


_NO_PATCHES = Patches(
    values=np.zeros(0, dtype=np.int64),
    pixels=np.zeros(0, dtype=np.int64),
    hectares=np.zeros(0),
    metres=np.zeros(0),
    confidence=np.zeros(0),
    known=np.zeros(0),
    vertices=np.zeros((0, 2), dtype=np.int32),
    rings=np.zeros(1, dtype=np.int64),
    parts=np.zeros(1, dtype=np.int64),
)


@dataclass(eq=False)
class _Region:
    """Patch that is not complete: what is known of it."""

    value: int
    sums: Float64Array
    # Complete rings: their vertices, and their offsets.
    rings: list[tuple[Int32Array, Int64Array]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Chains:
    """Pieces of outlines above a line that go on below it; each starts northwards and ends southwards."""

    starts: Int64Array
    ends: Int64Array
    regions: Int64Array
    vertices: list[list[Int32Array]]


_NO_CHAINS = _Chains(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), [])


class Tracer:
    """Outlines of the patches of rows that are given one strip after another.

    Args:
        areas: Areas of the raster's pixels.
        lengths: Lengths of the pixels' edges.
        with_junctions: Whether to keep the places on straight borders where borders of other patches end, so
            that all patches that meet in a place have a vertex there.
        first_line: Line of the raster that the first row begins on.
    """

    def __init__(
        self,
        areas: PixelAreas,
        lengths: EdgeLengths,
        *,
        with_junctions: bool = False,
        first_line: int = 0,
    ) -> None:
        self._areas = areas
        self._lengths = lengths
        self._with_junctions = with_junctions
        self._line = first_line
        self._width = areas.grid.width
        self._values = np.zeros((1, self._width), dtype=np.int64)
        self._valid = np.zeros((1, self._width), dtype=np.bool_)
        self._chains = _NO_CHAINS
        self._regions: list[_Region] = []

    def add(self, values: Int64Array, valid: BoolArray, confidence: Float64Array | None = None) -> Patches:
        """Trace the next rows of the map, and return the patches that they complete.

        Args:
            values: Class values, shape (rows, columns) with all columns of the map.
            valid: Whether each pixel has a class, shape (rows, columns).
            confidence: Confidence of each pixel, NaN where it is not known, shape (rows, columns).
        """
        strip = _Strip(self, values, valid, confidence)
        return strip.patches()

    def finish(self) -> Patches:
        """Return the patches that the last row belongs to."""
        return self.add(
            np.zeros((1, self._width), dtype=np.int64), np.zeros((1, self._width), dtype=np.bool_)
        )


class _Strip:
    """One strip: its turns, their links, and what they make of the chains of the strip above."""

    def __init__(
        self, tracer: Tracer, values: Int64Array, valid: BoolArray, confidence: Float64Array | None
    ) -> None:
        self.tracer = tracer
        self.height, self.width = values.shape
        self.lines = self.width + 1
        self.chains, self.regions = tracer._chains, tracer._regions
        self.codes, self.offset = _coded(
            np.concatenate([tracer._values, values]), np.concatenate([tracer._valid, valid])
        )
        self.across = self.codes[:, :-1] == self.codes[:, 1:]
        self.confidence = confidence
        tracer._values, tracer._valid = values[-1:].copy(), valid[-1:].copy()
        self._find_turns()
        self._link()

    def patches(self) -> Patches:
        """Return the complete patches, and leave the incomplete ones to the next strip."""
        tracer = self.tracer
        sums = self._sums()
        count = self.components
        # Signed area of each outline: that of an outer ring is positive, that of a hole negative.
        chains = len(self.chains.starts)
        is_path = np.zeros(count, dtype=np.bool_)
        is_path[self.labels[self.bottom_starts]] = True
        has_chain = np.zeros(count, dtype=np.bool_)
        has_chain[self.labels[self.chain_starts]] = True
        region = self._regions_of(is_path | (sums[:, _PIXELS] < 0), chains)
        of_outline, of_earlier = region[:count], region[count:]
        regions = int(region.max()) + 1 if len(region) else 0
        is_open = np.zeros(regions, dtype=np.bool_)
        is_open[of_outline[is_path]] = True
        is_old = np.zeros(regions, dtype=np.bool_)
        is_old[of_earlier] = True
        totals = np.zeros((regions, _SUMS))
        for column in range(_SUMS):
            totals[:, column] = np.bincount(of_outline, sums[:, column], minlength=regions)
        if len(of_earlier):
            earlier = np.stack([item.sums for item in self.regions])
            np.add.at(totals, of_earlier, earlier)
        values = np.zeros(regions, dtype=np.int64)
        values[of_outline] = self.node_values[self.heads]
        quick = ~is_open & ~is_old
        done = [self._quick_patches(quick, of_outline, totals, values, sums[:, _PIXELS])]
        done += self._slow_patches(is_open, is_old, region, totals, values, is_path, has_chain)
        tracer._line += self.height
        return joined_patches(done)

    def _find_turns(self) -> None:
        """Find all turns: their line, column, code and directions."""
        codes = self.codes
        width = self.width + 2
        down = codes[:-1] == codes[1:]
        north, south = self.across[:-1], self.across[1:]
        west, east = down[:, :-1], down[:, 1:]
        # Nothing turns where a border is straight, or where there is none.
        place = np.flatnonzero(~(north & south) & ~(west & east))
        line = place // self.lines
        column = place - line * self.lines
        at = line * width + column
        flat = codes.ravel()
        nw, ne, sw, se = flat[at], flat[at + 1], flat[at + width], flat[at + width + 1]
        n, s, w, e = nw == ne, sw == se, nw == sw, ne == se
        turns = [
            # Around a pixel whose two neighbours differ from it.
            (~n & ~w & (nw > 0), nw, _SOUTH, _WEST),
            (~n & ~e & (ne > 0), ne, _WEST, _NORTH),
            (~s & ~w & (sw > 0), sw, _EAST, _SOUTH),
            (~s & ~e & (se > 0), se, _NORTH, _EAST),
            # Around three pixels of a patch and one of another.
            (n & w & ~e & (nw > 0), nw, _WEST, _SOUTH),
            (n & e & ~w & (ne > 0), ne, _NORTH, _WEST),
            (s & w & ~n & (sw > 0), sw, _SOUTH, _EAST),
            (s & e & ~n & (se > 0), se, _EAST, _NORTH),
        ]
        if self.tracer._with_junctions:
            turns += [
                (n & ~s & ~w & ~e & (nw > 0), nw, _WEST, _WEST),
                (s & ~n & ~w & ~e & (sw > 0), sw, _EAST, _EAST),
                (w & ~e & ~n & ~s & (nw > 0), nw, _SOUTH, _SOUTH),
                (e & ~w & ~n & ~s & (ne > 0), ne, _NORTH, _NORTH),
            ]
        found = [np.flatnonzero(mask) for mask, _, _, _ in turns]
        # Borders that go on below the last line: a turn of the next strip will end or begin them.
        bottom = np.flatnonzero(~self.across[-1])
        last = self.codes[-1]
        ends, starts = bottom[last[bottom] > 0], bottom[last[bottom + 1] > 0]
        chains = len(self.chains.starts)
        zeros = np.zeros(chains, dtype=np.int64)
        groups: list[tuple[Any, Any, Any, int, int]] = [
            (line[index], column[index], code[index], arrives, leaves)
            for index, (_, code, arrives, leaves) in zip(found, turns, strict=True)
        ]
        above = self.codes[0]
        groups += [
            (zeros, self.chains.starts, above[self.chains.starts + 1], _NORTH, -1),
            (zeros, self.chains.ends, above[self.chains.ends], -1, _SOUTH),
            (np.full(len(starts), self.height), starts, last[starts + 1], -1, _NORTH),
            (np.full(len(ends), self.height), ends, last[ends], _SOUTH, -1),
        ]
        sizes = [len(group[0]) for group in groups]
        stops = np.cumsum(sizes)
        self.turn_lines = np.concatenate([group[0] for group in groups]).astype(np.int64)
        self.turn_columns = np.concatenate([group[1] for group in groups]).astype(np.int64)
        codes_of = np.concatenate([group[2] for group in groups]).astype(np.int64)
        self.node_values = codes_of + self.offset
        self.arrives = np.repeat(np.array([group[3] for group in groups], dtype=np.int8), sizes)
        self.leaves = np.repeat(np.array([group[4] for group in groups], dtype=np.int8), sizes)
        self.turns = int(stops[-5]) if len(stops) > 4 else 0
        self.chain_starts = np.arange(stops[-5], stops[-4])
        self.chain_ends = np.arange(stops[-4], stops[-3])
        self.bottom_starts = np.arange(stops[-3], stops[-2])
        self.bottom_ends = np.arange(stops[-2], stops[-1])
        # Two pixels of one code that touch at a corner only: the outline may touch itself there.
        crossing = ~n & ~s & ~w & ~e
        rank = [np.cumsum(mask) - 1 for mask, _, _, _ in turns[:4]]
        first = np.concatenate([[0], stops])
        self.touching = []
        for one, other, same in ((0, 3, nw == se), (1, 2, ne == sw)):
            both = np.flatnonzero(crossing & same & turns[one][0])
            self.touching.append((first[one] + rank[one][both], first[other] + rank[other][both]))

    def _link(self) -> None:
        """Link each turn to the next one of its outline, and number the outlines."""
        line, column = self.turn_lines, self.turn_columns
        is_virtual = np.zeros(len(line), dtype=np.int64)
        is_virtual[self.chain_starts] = is_virtual[self.chain_ends] = 1
        # What comes from above the first line stands before all that begins or ends on it.
        by_column = column * (2 * self.height + 2) + 2 * line + 1 - is_virtual
        by_line = line * self.lines + column
        following = np.full(len(line), -1, dtype=np.int64)
        for heading, key in ((_EAST, by_line), (_WEST, by_line), (_SOUTH, by_column), (_NORTH, by_column)):
            leaving, arriving = (
                np.flatnonzero(self.leaves == heading),
                np.flatnonzero(self.arrives == heading),
            )
            leaving = leaving[np.argsort(key[leaving], kind="stable")]
            arriving = arriving[np.argsort(key[arriving], kind="stable")]
            following[leaving] = arriving
            if heading == _NORTH:
                self.tops, self.top_keys = arriving, key[arriving]
        following[self.chain_starts] = self.chain_ends
        following[self.bottom_ends] = self.bottom_ends
        self.components, labels = _components(following)
        swapped = False
        for one, other in self.touching:
            same = labels[one] == labels[other]
            one, other = one[same], other[same]
            following[one], following[other] = following[other], following[one]
            self.leaves[one], self.leaves[other] = self.leaves[other], self.leaves[one]
            swapped = swapped or len(one) > 0
        if swapped:
            self.components, labels = _components(following)
        self.following, self.labels = following, labels
        self._order(by_line)

    def _order(self, keys: Int64Array) -> None:
        """Put the turns in the order of their outlines, which begin with their first corner on the map."""
        count, labels, following = self.components, self.labels, self.following
        # A path begins at the last line, a ring at its first corner.
        keys = keys.copy()
        keys[self.bottom_starts] = -1
        keys[self.chain_starts] = keys[self.chain_ends] = np.iinfo(np.int64).max
        first = np.full(count, np.iinfo(np.int64).max)
        np.minimum.at(first, labels, keys)
        candidates = np.flatnonzero(keys == first[labels])
        heads = np.zeros(count, dtype=np.int64)
        heads[labels[candidates]] = candidates
        self.heads = heads
        before = np.zeros(len(following), dtype=np.int64)
        before[following] = np.arange(len(following))
        tails = before[heads]
        # The end of a path is linked to itself.
        tails[labels[self.bottom_ends]] = self.bottom_ends
        order = following.copy()
        order[tails[:-1]] = heads[1:]
        if count:
            order[tails[-1]] = tails[-1]
        self.order = _walk(order, int(heads[0])) if count else np.zeros(0, dtype=np.int64)
        self.sizes = np.bincount(labels, minlength=count)
        self.firsts = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)

    def _sums(self) -> Float64Array:
        """Return the sums of each outline within the strip, shape (outlines, sums).

        The area within an outline is a sum over its vertical edges: of the pixels left of those that lead
        south, less those left of the ones that lead north (Green's theorem).
        """
        line, column, following = self.turn_lines, self.turn_columns, self.following
        to_line, to_column = line[following], column[following]
        drop, run = to_line - line, to_column - column
        drop[self.chain_starts] = run[self.chain_starts] = 0
        result = np.zeros((self.components, _SUMS))

        def total(values: Any) -> Float64Array:
            return np.bincount(self.labels, values, minlength=self.components).astype(np.float64)

        result[:, _PIXELS] = total(column * drop)
        tile = Tile(self.tracer._line, 0, self.height, self.width)
        areas = self.tracer._areas
        falls = np.flatnonzero(drop)
        labels, columns = self.labels[falls], column[falls]
        tops, ends = line[falls], to_line[falls]

        def sum_over(prefix: _Prefix) -> Float64Array:
            values = prefix.at(ends, columns) - prefix.at(tops, columns)
            return np.bincount(labels, values, minlength=self.components).astype(np.float64)

        is_inside = tile.row < areas.grid.height
        if areas.are_equal:
            result[:, _HECTARES] = result[:, _PIXELS] * float(areas.of(Tile(0, 0, 1, 1))[0, 0])
        elif is_inside:
            result[:, _HECTARES] = sum_over(_Prefix(areas.of(tile), self.width))
        if self.confidence is not None:
            known = np.isfinite(self.confidence)
            result[:, _CONFIDENCE] = sum_over(_Prefix(np.where(known, self.confidence, 0.0), self.width))
            result[:, _CONFIDENT] = sum_over(_Prefix(known.astype(np.float64), self.width))
        lengths = self.tracer._lengths
        middle = tile.row + (line + to_line) / 2, (column + to_column) / 2
        metres = np.abs(run) * lengths.across(*middle) + np.abs(drop) * lengths.down(*middle)
        result[:, METRES] = total(metres)
        return result

    def _regions_of(self, searched: BoolArray, chains: int) -> Int64Array:
        """Return the patch of each outline and of each earlier region, shape (outlines + regions,).

        From the westernmost edge of a hole, the row of the patch to its west ends at an outline that reaches
        farther west, and so on to the outer ring. Of an incomplete outline nobody knows whether it is a
        hole, so that it is treated like one.
        """
        count, columns = self.components, self.turn_columns
        south = np.flatnonzero(self.leaves == _SOUTH)
        # What turns on the first line right after it came from above has no edge within the strip.
        is_edge = self.turn_lines[self.following[south]] > self.turn_lines[south]
        south = south[is_edge & searched[self.labels[south]]]
        best = np.full(count, np.iinfo(np.int64).max)
        keys = columns[south] * (len(columns) + 1) + south
        np.minimum.at(best, self.labels[south], keys)
        is_found = best < np.iinfo(np.int64).max
        outlines = np.flatnonzero(is_found)
        nodes = best[is_found] % (len(columns) + 1)
        # Edges between pixels of different patches, row by row: the one before is the west end of the row.
        edges = np.flatnonzero(~self.across[1:])
        rows = self.turn_lines[nodes]
        # Borders touched from below by a chain's end begin on the first line.
        place = np.searchsorted(edges, rows * self.lines + columns[nodes])
        west = edges[place - 1] - rows * self.lines
        above = np.searchsorted(self.top_keys, west * (2 * self.height + 2) + 2 * rows + 1, side="right") - 1
        neighbours = self.labels[self.tops[above]] if len(nodes) else np.zeros(0, dtype=np.int64)
        earlier = len(self.regions)
        sources = np.concatenate([outlines, self.labels[self.chain_starts]])
        targets = np.concatenate([neighbours, count + self.chains.regions])
        graph = csr_matrix(
            (np.ones(len(sources), dtype=np.int8), (sources, targets)), shape=(count + earlier,) * 2
        )
        _, labels = connected_components(graph, directed=False)
        return np.asarray(labels, dtype=np.int64)

    def _corners(self, positions: Int64Array) -> Int32Array:
        """Return line and column of turns by their position in the order, shape (N, 2)."""
        nodes = self.order[positions]
        return np.stack(
            [self.turn_lines[nodes] + self.tracer._line, self.turn_columns[nodes]], axis=1
        ).astype(np.int32)

    def _quick_patches(
        self,
        is_taken: BoolArray,
        of_outline: Int64Array,
        totals: Float64Array,
        values: Int64Array,
        areas: Float64Array,
    ) -> Patches:
        """Return the patches that lie within the strip."""
        outlines = np.flatnonzero(is_taken[of_outline])
        regions = of_outline[outlines]
        # Patches in the order of their first corner, the outer ring of each first.
        first = np.zeros(len(is_taken), dtype=np.int64)
        outer = areas[outlines] > 0
        first[regions[outer]] = self._heads_keys(outlines[outer])
        outlines = outlines[np.lexsort((outlines, ~outer, first[regions]))]
        regions = of_outline[outlines]
        sizes = self.sizes[outlines]
        is_first = np.ones(len(outlines), dtype=np.bool_)
        is_first[1:] = regions[1:] != regions[:-1]
        order = regions[is_first]
        return _patches(
            values[order],
            totals[order],
            self._corners(_ranges(self.firsts[outlines], sizes)),
            np.concatenate([[0], np.cumsum(sizes)]),
            np.concatenate([np.flatnonzero(is_first), [len(outlines)]]),
        )

    def _heads_keys(self, outlines: Int64Array) -> Int64Array:
        """Return the place of the first corner of each outline."""
        heads = self.heads[outlines]
        return np.asarray(self.turn_lines[heads] * self.lines + self.turn_columns[heads], dtype=np.int64)

    def _slow_patches(
        self,
        is_open: BoolArray,
        is_old: BoolArray,
        region: Int64Array,
        totals: Float64Array,
        values: Int64Array,
        is_path: BoolArray,
        has_chain: BoolArray,
    ) -> list[Patches]:
        """Return the patches that began above the strip and end in it; keep those that go on below."""
        count = self.components
        of_outline, of_earlier = region[:count], region[count:]
        kept: dict[int, _Region] = {
            number: _Region(int(values[number]), totals[number])
            for number in np.flatnonzero(is_open | is_old).tolist()
        }
        for number, item in zip(of_earlier.tolist(), self.regions, strict=True):
            kept[number].rings += item.rings
        # Rings within the strip of patches that reach beyond it, all at once.
        rings = np.flatnonzero((is_open | is_old)[of_outline] & ~is_path & ~has_chain)
        rings = rings[np.argsort(of_outline[rings], kind="stable")]
        sizes = self.sizes[rings]
        corners = self._corners(_ranges(self.firsts[rings], sizes))
        stops = np.concatenate([[0], np.cumsum(sizes)])
        borders = np.flatnonzero(np.diff(of_outline[rings], prepend=-1))
        for first, stop in zip(borders.tolist(), [*borders.tolist()[1:], len(rings)], strict=False):
            block = corners[stops[first] : stops[stop]]
            kept[int(of_outline[rings[first]])].rings.append((block, stops[first : stop + 1] - stops[first]))
        paths = self._pieces(np.flatnonzero(is_path | has_chain))
        starts, ends, regions, chains = [], [], [], []
        open_numbers = {number: place for place, number in enumerate(np.flatnonzero(is_open).tolist())}
        for outline, pieces in paths:
            number = int(of_outline[outline])
            if is_path[outline]:
                starts.append(int(self.turn_columns[self.order[self.firsts[outline]]]))
                ends.append(int(self.turn_columns[self.order[self.firsts[outline + 1] - 1]]))
                regions.append(open_numbers[number])
                chains.append(pieces if len(pieces) <= _MAX_PIECES else [np.concatenate(pieces)])
            else:
                kept[number].rings.append(parted(np.concatenate(pieces), self.lines))
        self.tracer._chains = _Chains(
            np.array(starts, dtype=np.int64),
            np.array(ends, dtype=np.int64),
            np.array(regions, dtype=np.int64),
            chains,
        )
        self.tracer._regions = [kept[number] for number in open_numbers]
        return [
            assembled(kept[number].value, kept[number].sums, kept[number].rings)
            for number in np.flatnonzero(is_old & ~is_open).tolist()
        ]

    def _pieces(self, outlines: Int64Array) -> list[tuple[int, list[Int32Array]]]:
        """Return the corners of outlines that have parts above or below the strip, piece by piece."""
        if not len(outlines):
            return []
        sizes = self.sizes[outlines]
        positions = _ranges(self.firsts[outlines], sizes)
        nodes = self.order[positions]
        corners = self._corners(positions)
        is_turn = nodes < self.turns
        # Runs of turns between those that stand for chains and for ends at the last line.
        chain_of = np.full(len(nodes), -1, dtype=np.int64)
        is_chain = (
            (nodes >= self.chain_starts[0]) & (nodes <= self.chain_starts[-1])
            if len(self.chain_starts)
            else np.zeros(len(nodes), dtype=np.bool_)
        )
        chain_of[is_chain] = nodes[is_chain] - self.chain_starts[0] if len(self.chain_starts) else 0
        owner = np.repeat(np.arange(len(outlines)), sizes)
        begins = np.ones(len(nodes), dtype=np.bool_)
        begins[1:] = (is_turn[1:] != is_turn[:-1]) | (owner[1:] != owner[:-1]) | is_chain[1:]
        runs = np.flatnonzero(begins)
        result: list[tuple[int, list[Int32Array]]] = [(int(item), []) for item in outlines]
        run_stops = [*runs[1:].tolist(), len(nodes)]
        owners, turning, chain = owner[runs].tolist(), is_turn[runs].tolist(), chain_of[runs].tolist()
        for first, stop, owned, turns, number in zip(
            runs.tolist(), run_stops, owners, turning, chain, strict=True
        ):
            if turns:
                result[owned][1].append(corners[first:stop])
            elif number >= 0:
                result[owned][1].extend(self.chains.vertices[number])
        return result


class _Prefix:
    """Sums of a strip's pixels above a line and left of a column.

    Args:
        weights: Weight of each pixel, shape (rows, columns), or (rows, 1) where those of a row are equal.
        width: Number of columns.
    """

    def __init__(self, weights: Float64Array, width: int) -> None:
        self._by_row = weights.shape[1] == 1 and width != 1
        sums = np.zeros((weights.shape[0] + 1, weights.shape[1] + (0 if self._by_row else 1)))
        inner = sums[1:] if self._by_row else sums[1:, 1:]
        np.cumsum(weights, axis=0, out=inner)
        if not self._by_row:
            np.cumsum(inner, axis=1, out=inner)
        self._sums = sums

    def at(self, lines: Int64Array, columns: Int64Array) -> Float64Array:
        """Return the sum of the pixels above each line and left of each column, shape (N,)."""
        if self._by_row:
            return np.asarray(self._sums[lines, 0] * columns)
        return np.asarray(self._sums[lines, columns])


def _coded(values: Int64Array, valid: BoolArray) -> tuple[npt.NDArray[Any], int]:
    """Return codes from 1 of the classes and 0 without one, with a border of 0 at both sides, and the offset.

    The value of a class is its code plus the offset. Codes are bytes where they fit, which is quick.
    """
    if not valid.all():
        values = np.where(valid, values, 0)
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    low = min(low, 0)
    kind = np.uint8 if high - low < 255 else np.int64
    codes = np.zeros((values.shape[0], values.shape[1] + 2), dtype=kind)
    np.subtract(values, low - 1, out=codes[:, 1:-1], casting="unsafe")
    codes[:, 1:-1] *= valid
    return codes, low - 1


def _components(following: Int64Array) -> tuple[int, Int64Array]:
    """Return the number of outlines, and the outline of each turn."""
    count = len(following)
    graph = csr_matrix(
        (np.ones(count, dtype=np.int8), following.astype(np.int32), np.arange(count + 1, dtype=np.int32)),
        shape=(count, count),
    )
    number, labels = connected_components(graph, directed=False)
    return int(number), np.asarray(labels, dtype=np.int64)


def _walk(following: Int64Array, first: int) -> Int64Array:
    """Return all turns in the order in which they follow each other."""
    count = len(following)
    graph = csr_matrix(
        (np.ones(count, dtype=np.int8), following.astype(np.int32), np.arange(count + 1, dtype=np.int32)),
        shape=(count, count),
    )
    order = breadth_first_order(graph, first, directed=True, return_predecessors=False)
    return np.asarray(order, dtype=np.int64)


def _ranges(firsts: Int64Array, sizes: Int64Array) -> Int64Array:
    """Return the whole numbers of some ranges, one after another."""
    stops = np.cumsum(sizes)
    total = int(stops[-1]) if len(stops) else 0
    return np.asarray(np.arange(total) + np.repeat(firsts - (stops - sizes), sizes), dtype=np.int64)


def parted(ring: Int32Array, lines: int) -> tuple[Int32Array, Int64Array]:
    """Return a closed ring parted where it touches itself, as polygons must be, and its parts' offsets."""
    least, most = ring[:, 0].min(), ring[:, 0].max()
    # A ring may have millions of corners, so that 32 bits are used where they are enough.
    kind = np.uint32 if (int(most - least) + 1) * lines < 2**32 else np.int64
    keys = (ring[:, 0] - least).astype(kind) * kind(lines) + ring[:, 1].astype(kind)
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    if not len(same):
        return np.roll(ring, -int(order[0]), axis=0), np.array([0, len(ring)])
    following = np.roll(np.arange(len(ring)), -1)
    one, other = order[same], order[same + 1]
    following[one], following[other] = following[other], following[one]
    count, labels = _components(following)
    first = np.full(count, np.iinfo(keys.dtype).max, dtype=keys.dtype)
    np.minimum.at(first, labels, keys)
    heads = np.zeros(count, dtype=np.int64)
    candidates = np.flatnonzero(keys == first[labels])
    heads[labels[candidates]] = candidates
    before = np.zeros(len(ring), dtype=np.int64)
    before[following] = np.arange(len(ring))
    tails = before[heads]
    following[tails[:-1]] = heads[1:]
    following[tails[-1]] = tails[-1]
    sizes = np.bincount(labels, minlength=count)
    return ring[_walk(following, int(heads[0]))], np.concatenate([[0], np.cumsum(sizes)])


def assembled(value: int, sums: Float64Array, blocks: Sequence[tuple[Int32Array, Int64Array]]) -> Patches:
    """Return a complete patch with its outer ring first and the others in the order of their first corners.

    Args:
        value: Class value.
        sums: Sums as ``sums_of`` returns them, shape (sums,).
        blocks: Corners of rings, shape (N, 2), and their offsets, for any number of rings each.
    """
    areas, firsts = [np.zeros(0, dtype=np.int64)], [np.zeros((0, 2), dtype=np.int32)]
    lengths = [np.zeros(0, dtype=np.int64)]
    # Block by block, for the rings of a patch may have many millions of corners.
    for block, offsets in blocks:
        areas.append(_doubled_areas(block, offsets))
        firsts.append(block[offsets[:-1]])
        lengths.append(np.diff(offsets))
    first = np.concatenate(firsts)
    order = np.lexsort((first[:, 1], first[:, 0], np.concatenate(areas) < 0))
    sizes = np.concatenate(lengths)[order]
    rings = np.concatenate([[0], np.cumsum(sizes)])
    # Place of each ring in the result, in the order of the blocks.
    places = np.zeros(len(order), dtype=np.int64)
    places[order] = rings[:-1]
    vertices = np.empty((int(rings[-1]), 2), dtype=np.int32)
    ring = 0
    for block, offsets in blocks:
        for begin, stop in ring_chunks(offsets, CHUNK_CORNERS):
            part = block[offsets[begin] : offsets[stop]]
            if stop == begin + 1:
                vertices[places[ring + begin] :][: len(part)] = part
            else:
                of_rings = places[ring + begin : ring + stop]
                vertices[_ranges(of_rings, np.diff(offsets[begin : stop + 1]))] = part
        ring += len(offsets) - 1
    return _patches(np.array([value]), sums[None], vertices, rings, np.array([0, len(sizes)]))


def ring_chunks(rings: Int64Array, corners: int) -> Iterator[tuple[int, int]]:
    """Yield the first ring and the one after the last of parts with a bounded number of corners.

    Args:
        rings: First corner of each ring, and the number of corners, shape (R + 1,).
        corners: Largest number of corners of a part; a single ring may have more.
    """
    first = 0
    while first < len(rings) - 1:
        stop = int(np.searchsorted(rings, rings[first] + corners, side="right")) - 1
        stop = min(max(stop, first + 1), len(rings) - 1)
        yield first, stop
        first = stop


def _doubled_areas(block: Int32Array, offsets: Int64Array) -> Int64Array:
    """Return twice the signed area of each ring, int64, shape (R,).

    Args:
        block: Corners of the rings, shape (N, 2).
        offsets: First corner of each ring, and the number of corners, shape (R + 1,).
    """
    result = np.zeros(len(offsets) - 1, dtype=np.int64)
    for first, stop in ring_chunks(offsets, CHUNK_CORNERS):
        begin, end = int(offsets[first]), int(offsets[stop])
        if stop == first + 1:
            # A ring of any length, corner after corner.
            for corner in range(begin, end, CHUNK_CORNERS):
                part = block[corner : min(corner + CHUNK_CORNERS + 1, end)].astype(np.int64)
                result[first] += _edges(part[:-1], part[1:]).sum()
            ends = block[[end - 1, begin]].astype(np.int64)
            result[first] += _edges(ends[:1], ends[1:]).sum()
            continue
        corners = block[begin:end].astype(np.int64)
        starts = offsets[first : stop + 1] - begin
        following = np.arange(len(corners)) + 1
        following[starts[1:] - 1] = starts[:-1]
        result[first:stop] = np.add.reduceat(_edges(corners, corners[following]), starts[:-1])
    return result


def _edges(first: Int64Array, second: Int64Array) -> Int64Array:
    """Return what edges between corners add to twice an area, shape (N,)."""
    return (first[:, 1] + second[:, 1]) * (second[:, 0] - first[:, 0])


def _patches(values: Int64Array, sums: Float64Array, vertices: Int32Array, rings: Any, parts: Any) -> Patches:
    known = sums[:, _CONFIDENT]
    return Patches(
        values,
        np.rint(sums[:, _PIXELS]).astype(np.int64),
        sums[:, _HECTARES],
        sums[:, METRES],
        np.divide(sums[:, _CONFIDENCE], known, out=np.full(len(known), np.nan), where=known > 0.5),
        known,
        vertices,
        np.asarray(rings, dtype=np.int64),
        np.asarray(parts, dtype=np.int64),
    )


def sums_of(patches: Patches) -> Float64Array:
    """Return the sums that patches were made of, shape (patches, sums), so that pieces can be added up."""
    known = np.isfinite(patches.confidence)
    result = np.zeros((len(patches), _SUMS))
    result[:, _PIXELS], result[:, _HECTARES] = patches.pixels, patches.hectares
    result[:, METRES] = patches.metres
    result[:, _CONFIDENCE] = np.where(known, patches.confidence * patches.known, 0.0)
    result[:, _CONFIDENT] = patches.known
    return result


def joined_patches(items: Sequence[Patches]) -> Patches:
    """Return the patches of several groups as one."""
    if len(items) == 1:
        return items[0]
    items = [*items, _NO_PATCHES]
    corners = np.cumsum([0, *(len(item.vertices) for item in items)])
    rings = np.cumsum([0, *(len(item.rings) - 1 for item in items)])
    return Patches(
        np.concatenate([item.values for item in items]),
        np.concatenate([item.pixels for item in items]),
        np.concatenate([item.hectares for item in items]),
        np.concatenate([item.metres for item in items]),
        np.concatenate([item.confidence for item in items]),
        np.concatenate([item.known for item in items]),
        np.concatenate([item.vertices for item in items]),
        np.concatenate([[0], *(item.rings[1:] + start for item, start in zip(items, corners, strict=False))]),
        np.concatenate([[0], *(item.parts[1:] + start for item, start in zip(items, rings, strict=False))]),
    )
