"""Simplified outlines of patches: shared borders stay shared, and bands of rows are joined without a gap.

>>> simplifier = Simplifier(grid, areas, lengths, tolerance=30.0)
>>> for tile in simplifier.bands():
...     patches = simplifier.add(*raster.read(tile))
>>> patches = simplifier.finish()

The patches of a band and the pixels without a class cover it without gaps. Their borders are simplified
together, by the coverage simplification of GEOS (Visvalingam and Whyatt 1993,
https://doi.org/10.1179/000870493786962263), so that neighbours keep one border between them and nothing
crosses. The outline of the band is left as it is, so that the pieces of two bands fit together. They are
joined where pixels of one class meet. The bands depend on the raster's size alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..raster.grid import Grid, Tile
from ..raster.pixel_area import EdgeLengths, PixelAreas
from .outlines import (
    METRES,
    Int32Array,
    Patches,
    Tracer,
    assembled,
    joined_patches,
    parted,
    sums_of,
)
from .vector_files import polygons_of

BAND_PIXELS = 4_000_000
"""Pixels of a band, approximately."""
_MIN_BAND_ROWS = 64


@dataclass(eq=False)
class _Piece:
    """Patch that touches the last line so far."""

    value: int
    sums: Float64Array
    rings: list[Int32Array] = field(default_factory=list)
    parent: _Piece | None = None

    def root(self) -> _Piece:
        """Return the patch that this piece has become a part of."""
        item = self
        while item.parent is not None:
            item = item.parent
        return item


@dataclass(frozen=True, eq=False)
class _Path:
    """Part of a ring between two places on a seam where it goes on in the other band."""

    start: int
    stop: int
    vertices: Int32Array
    piece: _Piece


class Simplifier:
    """Simplified patches of a map that is given band by band.

    Args:
        grid: Grid of the map.
        areas: Areas of the pixels.
        lengths: Lengths of the pixels' edges.
        tolerance: Tolerance in units of the CRS: corners whose triangle with their neighbours is smaller than
            its square are removed.
        band_pixels: Pixels of a band, approximately.
    """

    def __init__(
        self,
        grid: Grid,
        areas: PixelAreas,
        lengths: EdgeLengths,
        tolerance: float,
        band_pixels: int = BAND_PIXELS,
    ) -> None:
        self._grid = grid
        self._areas = areas
        self._lengths = lengths
        self._tolerance = tolerance
        self._rows = max(_MIN_BAND_ROWS if band_pixels == BAND_PIXELS else 1, band_pixels // grid.width)
        self._line = 0
        self._last: Int64Array | None = None
        self._waiting: list[_Piece] = []
        # Stands for pixels without a class, which are patches while borders are simplified.
        self._empty = np.iinfo(np.int64).min // 2

    def bands(self) -> Iterator[Tile]:
        """Yield the bands of the map from top to bottom."""
        for row in range(0, self._grid.height, self._rows):
            yield Tile(row, 0, min(self._rows, self._grid.height - row), self._grid.width)

    def add(self, values: Int64Array, valid: BoolArray, confidence: Float64Array | None = None) -> Patches:
        """Simplify the next band, and return the patches that it completes.

        Args:
            values: Class values, shape (rows, columns) with all columns of the map.
            valid: Whether each pixel has a class, shape (rows, columns).
            confidence: Confidence of each pixel, NaN where it is not known, shape (rows, columns).
        """
        height = len(values)
        tracer = Tracer(self._areas, self._lengths, with_junctions=True, first_line=self._line)
        codes, names = _compact(values, valid)
        everywhere = np.ones(values.shape, dtype=np.bool_)
        patches = joined_patches([tracer.add(codes, everywhere, confidence), tracer.finish()])
        rings, owners = self._simplified(patches)
        known = np.append(names, self._empty)[patches.values]
        sums = sums_of(patches)
        top, bottom = self._line, self._line + height
        first = np.array([int(ring[:, 0].min()) for ring in rings])
        last = np.array([int(ring[:, 0].max()) for ring in rings])
        touches = np.zeros(len(patches), dtype=np.bool_)
        is_at_seam = (last == bottom) & (bottom < self._grid.height)
        is_at_seam |= (first == top) & (top > 0)
        touches[owners[is_at_seam]] = True
        pieces = {
            number: _Piece(int(known[number]), sums[number]) for number in np.flatnonzero(touches).tolist()
        }
        done: list[Patches] = []
        inner: dict[int, list[Int32Array]] = {}
        for ring, owner in zip(rings, owners.tolist(), strict=True):
            if owner in pieces:
                pieces[owner].rings.append(ring)
            elif known[owner] != self._empty:
                inner.setdefault(owner, []).append(ring)
        done.append(_of_rings(inner, known, sums))
        self._join(list(pieces.values()), values, valid, top)
        self._line = bottom
        self._last = np.where(valid[-1], values[-1], self._empty)
        waiting = list(pieces.values()) + self._waiting
        roots = list({id(item.root()): item.root() for item in waiting}.values())
        self._waiting = []
        for item in roots:
            if bottom < self._grid.height and any((ring[:, 0] == bottom).any() for ring in item.rings):
                self._waiting.append(item)
            elif item.value != self._empty:
                done.append(_complete(item, self._grid.width + 1))
        return joined_patches(done)

    def finish(self) -> Patches:
        """Return the patches that are left after the last band: none."""
        return joined_patches([])

    def _simplified(self, patches: Patches) -> tuple[list[Int32Array], Int64Array]:
        """Return the rings of simplified patches, and the patch of each."""
        import shapely

        shapes = shapely.from_wkb(polygons_of(patches, self._grid))
        shapes = shapely.coverage_simplify(shapes, self._tolerance, simplify_boundary=False)
        rings = shapely.get_rings(shapes)
        owners = np.repeat(np.arange(len(shapes)), shapely.get_num_interior_rings(shapes) + 1)
        points, index = shapely.get_coordinates(rings, return_index=True)
        rows, columns = self._grid.place(points[:, 0], points[:, 1])
        # Corners of pixels are removed but never moved.
        corners = np.rint(np.stack([rows, columns], axis=1)).astype(np.int32)
        stops = np.cumsum(np.bincount(index, minlength=len(rings)))
        parts = [part[:-1] for part in np.split(corners, stops[:-1])]
        return [_turned(part, self._is_outer(place, owners)) for place, part in enumerate(parts)], owners

    @staticmethod
    def _is_outer(place: int, owners: Int64Array) -> bool:
        return place == 0 or bool(owners[place] != owners[place - 1])

    def _join(self, pieces: list[_Piece], values: Int64Array, valid: BoolArray, line: int) -> None:
        """Join pieces above and below a seam where pixels of one class meet."""
        if self._last is None:
            return
        below = np.where(valid[0], values[0], self._empty)
        starts, stops = _runs(self._last, below)
        above_of = _cut_all(self._waiting, line, starts, stops)
        below_of = _cut_all(pieces, line, starts, stops)
        position = np.full(len(starts), line, dtype=np.float64), (starts + stops) / 2
        metres = 2 * (stops - starts) * self._lengths.across(*position)
        # A path above begins at the west end of a run, and one below at its east end.
        for start, stop, length in zip(starts.tolist(), stops.tolist(), metres.tolist(), strict=True):
            one, other = above_of[start].piece.root(), below_of[stop].piece.root()
            one.sums[METRES] -= length
            if one is not other:
                other.parent = one
                one.sums += other.sums
                one.rings += other.rings
        while above_of:
            first, path = above_of.popitem()
            piece, parts = path.piece.root(), [path.vertices[:-1]]
            while True:
                path = below_of.pop(path.stop)
                parts.append(path.vertices[:-1])
                if path.stop == first:
                    break
                path = above_of.pop(path.stop)
                parts.append(path.vertices[:-1])
            piece.rings.append(np.concatenate(parts))


def _compact(values: Int64Array, valid: BoolArray) -> tuple[Int64Array, Int64Array]:
    """Return values as places among those that occur, and these; pixels without a class come last."""
    names = np.unique(values[valid])
    codes = np.searchsorted(names, values)
    return np.where(valid, codes, len(names)), names


def _turned(ring: Int32Array, is_outer: bool) -> Int32Array:
    """Return a ring in the direction of outer rings or of holes, whatever the library made of it."""
    return ring if (_signed_area(ring) > 0) == is_outer else ring[::-1]


def _signed_area(ring: Int32Array) -> float:
    line, column = (ring[:, place].astype(np.float64) for place in (0, 1))
    return float(np.dot(column, np.roll(line, -1)) - np.dot(line, np.roll(column, -1))) / 2


def _runs(above: Int64Array, below: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Return the first column, and the one after the last, of each run of one class on both sides."""
    same = np.concatenate([[False], above == below, [False]])
    change = np.concatenate([[True], above[1:] != above[:-1], [True]])
    begins = np.flatnonzero(same[1:] & (~same[:-1] | change))
    ends = np.flatnonzero(same[:-1] & (~same[1:] | change))
    return begins, ends


def _cut_all(pieces: list[_Piece], line: int, starts: Int64Array, stops: Int64Array) -> dict[int, _Path]:
    """Take the rings that have edges within some runs of a seam, and return their paths by their start."""
    paths: dict[int, _Path] = {}
    for piece in pieces if len(starts) else ():
        kept = []
        for ring in piece.rings:
            of_ring = _cut(ring, line, starts, stops, piece)
            if of_ring is None:
                kept.append(ring)
            else:
                paths.update({path.start: path for path in of_ring})
        piece.rings = kept
    return paths


def _cut(
    ring: Int32Array, line: int, starts: Int64Array, stops: Int64Array, piece: _Piece
) -> list[_Path] | None:
    """Return the paths that are left of a ring without its edges on a seam within some runs.

    None if the whole ring is left.

    Args:
        ring: Corners of a closed ring, shape (N, 2).
        line: Line of the seam.
        starts: First column of each run, in order.
        stops: Column after the last of each run.
        piece: Patch of the ring.
    """
    following = np.roll(ring, -1, axis=0)
    edges = np.flatnonzero((ring[:, 0] == line) & (following[:, 0] == line))
    cuts: list[tuple[int, int, int]] = []
    for edge in edges.tolist():
        begin, end = int(ring[edge, 1]), int(following[edge, 1])
        low, high = min(begin, end), max(begin, end)
        runs = range(int(np.searchsorted(starts, low)), int(np.searchsorted(stops, high, side="right")))
        if begin < end:
            cuts += [(edge, int(starts[run]), int(stops[run])) for run in runs]
        else:
            cuts += [(edge, int(stops[run]), int(starts[run])) for run in reversed(runs)]
    if not cuts:
        return None
    paths = []
    for (edge, _, leaves), (to_edge, arrives, _) in zip(cuts, [*cuts[1:], cuts[0]], strict=True):
        is_same = (
            to_edge == edge
            and len(cuts) > 1
            and (arrives - leaves) * (int(following[edge, 1]) - int(ring[edge, 1])) >= 0
        )
        if is_same:
            between = ring[:0]
        elif to_edge > edge:
            between = ring[edge + 1 : to_edge + 1]
        else:
            between = np.concatenate([ring[edge + 1 :], ring[: to_edge + 1]])
        ends = np.array([[line, leaves], [line, arrives]], dtype=np.int32)
        vertices = np.concatenate([ends[:1], between, ends[1:]])
        keep = np.ones(len(vertices), dtype=np.bool_)
        keep[1:] = (vertices[1:] != vertices[:-1]).any(axis=1)
        vertices = vertices[keep]
        if len(vertices) == 1:
            vertices = np.concatenate([vertices, vertices])
        paths.append(_Path(leaves, arrives, vertices, piece))
    return paths


def _of_rings(rings: dict[int, list[Int32Array]], values: Int64Array, sums: Float64Array) -> Patches:
    """Return patches whose outer ring comes first."""
    return joined_patches([_patch(int(values[owner]), sums[owner], items) for owner, items in rings.items()])


def _patch(value: int, sums: Float64Array, rings: list[Int32Array]) -> Patches:
    return assembled(value, sums, [(ring, np.array([0, len(ring)])) for ring in rings])


def _complete(piece: _Piece, lines: int) -> Patches:
    return assembled(piece.value, piece.sums, [parted(ring, lines) for ring in piece.rings])
