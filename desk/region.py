"""Region growing from a pixel, and the outline of the region along the edges of its pixels.

>>> region = grow_region(read_block, shape=(100, 120), seed=(5, 7), tolerances=[20.0], max_pixels=500)
>>> rings = outline(region.pixels)
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

Pixel = tuple[int, int]
"""Row and column."""
Ring = list[tuple[int, int]]
"""Closed line of pixel corners as (row, column), the first one repeated at the end."""
ReadBlock = Callable[[int, int, int, int], Sequence[Sequence[float]]]
"""Function of first row, first column, rows and columns that returns the values of each band, row by row.

NaN is an invalid value.
"""
BLOCK_PIXELS = 128
"""Side of the blocks that are read."""
_SIDES = ((-1, 0), (0, 1), (1, 0), (0, -1))


@dataclass(frozen=True)
class Region:
    """Connected pixels that resemble a seed.

    Attributes:
        pixels: Rows and columns; empty where the seed is invalid.
        is_cut: Whether growing was stopped at the largest number of pixels.
    """

    pixels: frozenset[Pixel]
    is_cut: bool


def grow_region(
    read_block: ReadBlock,
    shape: tuple[int, int],
    seed: Pixel,
    tolerances: Sequence[float],
    max_pixels: int,
) -> Region:
    """Return the pixels that are connected with a seed by their edges and differ little from it.

    Each pixel is compared with the seed, not with its neighbour, so that a region cannot drift along a
    gradient. Pixels are taken in the order of their distance along the region.

    Args:
        read_block: Reads values; only blocks that the region reaches are read.
        shape: Rows and columns of the raster.
        seed: Row and column of the first pixel.
        tolerances: Largest difference from the seed in each band, in the units of the band.
        max_pixels: Largest number of pixels, at least 1.
    """
    value_at = _Values(read_block, shape)
    if not (0 <= seed[0] < shape[0] and 0 <= seed[1] < shape[1]):
        return Region(frozenset(), False)
    wanted = value_at(seed)
    if any(math.isnan(value) for value in wanted):
        return Region(frozenset(), False)
    seen, pixels = {seed}, [seed]
    waiting = deque([seed])
    while waiting:
        row, column = waiting.popleft()
        for down, right in _SIDES:
            pixel = row + down, column + right
            if pixel in seen or not (0 <= pixel[0] < shape[0] and 0 <= pixel[1] < shape[1]):
                continue
            seen.add(pixel)
            # A comparison with NaN is never true.
            if all(
                abs(value - middle) <= most
                for value, middle, most in zip(value_at(pixel), wanted, tolerances, strict=True)
            ):
                if len(pixels) == max_pixels:
                    return Region(frozenset(pixels), True)
                pixels.append(pixel)
                waiting.append(pixel)
    return Region(frozenset(pixels), False)


class _Values:
    """Values of pixels, read in blocks."""

    def __init__(self, read_block: ReadBlock, shape: tuple[int, int]) -> None:
        self._read = read_block
        self._shape = shape
        self._blocks: dict[Pixel, tuple[int, Sequence[Sequence[float]]]] = {}

    def __call__(self, pixel: Pixel) -> list[float]:
        row, column = pixel
        key = row // BLOCK_PIXELS, column // BLOCK_PIXELS
        if key not in self._blocks:
            top, left = key[0] * BLOCK_PIXELS, key[1] * BLOCK_PIXELS
            rows, columns = min(BLOCK_PIXELS, self._shape[0] - top), min(BLOCK_PIXELS, self._shape[1] - left)
            self._blocks[key] = columns, self._read(top, left, rows, columns)
        columns, bands = self._blocks[key]
        position = row % BLOCK_PIXELS * columns + column % BLOCK_PIXELS
        return [band[position] for band in bands]


def outline(pixels: Collection[Pixel], keep_corners: bool = False) -> list[Ring]:
    """Return the rings around pixels that are connected by their edges: the outer one, then those of holes.

    Rings touch themselves nowhere. Where two holes, or a hole and the outside, meet at a corner, their
    rings touch there, which a valid polygon may.

    Args:
        pixels: Rows and columns, connected by their edges.
        keep_corners: Whether corners of pixels along straight edges are kept, for a transformation into
            another coordinate reference system.
    """
    inside = set(pixels)
    following: dict[Pixel, list[Pixel]] = {}
    for start, end in _edges(inside):
        following.setdefault(start, []).append(end)
    rings: list[Ring] = []
    for first in sorted(following):
        while following.get(first):
            ring = _ring(first, following)
            rings.append(ring if keep_corners else _without_straight_corners(ring))
    return sorted(rings, key=_signed_area, reverse=True)


def _edges(pixels: set[Pixel]) -> Iterable[tuple[Pixel, Pixel]]:
    """Yield the edges between inside and outside, with the inside on the same hand throughout."""
    for row, column in pixels:
        if (row - 1, column) not in pixels:
            yield (row, column), (row, column + 1)
        if (row, column + 1) not in pixels:
            yield (row, column + 1), (row + 1, column + 1)
        if (row + 1, column) not in pixels:
            yield (row + 1, column + 1), (row + 1, column)
        if (row, column - 1) not in pixels:
            yield (row + 1, column), (row, column)


def _ring(first: Pixel, following: dict[Pixel, list[Pixel]]) -> Ring:
    """Follow the edges from a corner back to it, and take them away."""
    ring = [first]
    heading = (0, 0)
    while len(ring) == 1 or ring[-1] != first:
        corner = ring[-1]
        ends = following[corner]
        # Where two pixels meet at a corner only, turn from one to the other: so each ring is simple.
        end = min(ends, key=lambda other: _turn(heading, (other[0] - corner[0], other[1] - corner[1])))
        ends.remove(end)
        heading = end[0] - corner[0], end[1] - corner[1]
        ring.append(end)
    return ring


def _turn(heading: Pixel, new: Pixel) -> int:
    """Return the turn between two headings: negative away from the pixel that is passed."""
    return heading[1] * new[0] - heading[0] * new[1]


def _without_straight_corners(ring: Ring) -> Ring:
    corners = ring[:-1]
    kept = [
        corner
        for number, corner in enumerate(corners)
        if not _is_straight(corners[number - 1], corner, corners[(number + 1) % len(corners)])
    ]
    return [*kept, kept[0]]


def _is_straight(before: Pixel, corner: Pixel, after: Pixel) -> bool:
    return before[0] == corner[0] == after[0] or before[1] == corner[1] == after[1]


def _signed_area(ring: Ring) -> float:
    """Return the area that a ring encloses, positive for the outer ring, as rows go down."""
    return sum(one[1] * other[0] - other[1] * one[0] for one, other in itertools.pairwise(ring)) / 2
