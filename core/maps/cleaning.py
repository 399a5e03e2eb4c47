"""Cleaning of a class map: majority filter, dissolving of thin strips, then a minimum mapping unit.

The steps follow each other in this order, each on the result of the one before:

1. Majority: a pixel takes the most frequent class of the window around it, where no other is as frequent.
2. Thin strips: pixels of a strip between two other classes take the class of the nearer side.
3. Minimum mapping unit: see ``core.maps.generalise``.

Pixels without a class, and classes that are kept, do not change and are not given to other pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray, Float64Array, Int64Array
from ..progress import Progress, RateMeter
from ..raster.grid import Grid, Tile
from ..raster.pixel_area import pixel_areas
from ..threads import background_writer, prefetch
from .generalise import Generalisation, Generaliser, Settled
from .patches import Codes, Strip
from .strips import STRIP_PIXELS, strip_tiles
from .value_codes import sums_by_code

# Largest range of class values whose codes are looked up in a table.
_MAX_TABLE = 65_536
MAX_MAJORITY = 15
"""Largest window of the majority filter in pixels; its counts fit 8 bits."""
MAX_THIN = 15
"""Largest width of strips that are dissolved, in pixels."""
Reader = Callable[[Tile], tuple[NDArray[Any], BoolArray]]
"""Function that returns class values of a tile and whether each pixel has one."""


class ProbabilityReader(Protocol):
    """Probabilities of classes on the grid of a map."""

    def read(self, tile: Tile) -> tuple[Sequence[NDArray[Any]], BoolArray]:
        """Return a band of whole numbers per class, and where they are valid, each (rows, columns)."""


@dataclass(frozen=True)
class Cleaning:
    """Settings of a cleaning.

    Attributes:
        unit: Minimum mapping unit, and the classes that are kept in all steps.
        majority: Rows and columns of the window of the majority filter, odd; 0 for none.
        thin: Strips narrower than so many pixels are dissolved; 0 for none.
    """

    unit: Generalisation
    majority: int = 0
    thin: int = 0


@dataclass(frozen=True, eq=False)
class CleanedMap:
    """Figures of a cleaned map, per class in the order of the values.

    Attributes:
        values: Class values, in ascending order.
        pixels_before: Number of pixels of the input.
        pixels_after: Number of pixels of the result.
        hectares_before: Area in the input in hectares.
        hectares_after: Area in the result in hectares.
        removed: Number of patches that were dissolved for being below the minimum mapping unit.
        stranded: Number of patches below it that have no neighbour above it, and stay.
        majority_pixels: Number of pixels that the majority filter changed.
        thin_pixels: Number of pixels of thin strips that were dissolved.
        dissolved_pixels: Number of pixels of patches that were dissolved.
    """

    values: tuple[int, ...]
    pixels_before: Int64Array
    pixels_after: Int64Array
    hectares_before: Float64Array
    hectares_after: Float64Array
    removed: Int64Array
    stranded: Int64Array
    majority_pixels: int
    thin_pixels: int
    dissolved_pixels: int

    @property
    def mapped_pixels(self) -> int:
        """Number of pixels with a class."""
        return int(self.pixels_before.sum())


def clean_map(
    read: Reader,
    grid: Grid,
    values: Sequence[int],
    cleaning: Cleaning,
    write: Callable[[Tile, NDArray[np.int64]], None],
    nodata: int,
    progress: Progress,
    probabilities: ProbabilityReader | None = None,
    strip_pixels: int = STRIP_PIXELS,
) -> CleanedMap:
    """Clean a map strip by strip.

    Args:
        read: Reader of the map.
        grid: Grid of the map.
        values: All class values of the map.
        cleaning: Settings.
        write: Writer of class values; gets tiles of the whole width from top to bottom.
        nodata: Value of unclassified pixels in the result.
        progress: Progress reporter, from 0 to 1.
        probabilities: Probabilities, of which the highest mean within a patch then decides instead of the
            longest border. Bands are in ascending order of the class values.
        strip_pixels: Number of pixels that are read together; the result does not depend on it.

    Raises:
        RasterError: The map cannot be read.
        OutputError: The result cannot be written.
        RunCancelled: The user cancelled.
    """
    ordered = tuple(sorted(set(values)))
    strips = _Strips(read, grid, ordered, cleaning, probabilities, strip_pixels)
    generaliser = strips.generaliser
    table = np.array([*ordered, nodata], dtype=np.int64)

    def write_settled(item: Settled) -> None:
        write(item.tile, table[item.codes])

    meter = RateMeter(grid.window.pixels, "pixels", "Cleaning the map")
    with (
        closing(prefetch(strips, 1)) as labelled,
        background_writer(write_settled, 1) as put,
    ):
        for tile, strip, sums in labelled:
            progress.check_cancelled()
            for settled in generaliser.add(tile, strip, sums, tile.row_stop == grid.height):
                put(settled)
            meter.add(tile.pixels)
            progress.update(meter.fraction, meter.text())
    return CleanedMap(
        ordered,
        strips.pixels[:-1],
        generaliser.pixels[:-1],
        strips.hectares[:-1],
        generaliser.hectares[:-1],
        generaliser.removed,
        generaliser.stranded,
        strips.majority_pixels,
        strips.thin_pixels,
        generaliser.dissolved_pixels,
    )


class _Strips:
    """Labelled strips of a map after the filters, with the probabilities of their patches.

    Attributes:
        generaliser: Generaliser that takes the strips.
        pixels: Number of pixels of each code in the input so far; the last one has no class.
        hectares: Area of each code in the input so far in hectares.
        majority_pixels: Number of pixels that the majority filter has changed.
        thin_pixels: Number of pixels of thin strips that were dissolved.
    """

    def __init__(
        self,
        read: Reader,
        grid: Grid,
        values: Sequence[int],
        cleaning: Cleaning,
        probabilities: ProbabilityReader | None,
        strip_pixels: int,
    ) -> None:
        self._strip_pixels = strip_pixels
        self._read, self._grid, self._cleaning = read, grid, cleaning
        self._probabilities = probabilities
        self._coder = _Coder(values)
        self._fixed = np.array([*(value in cleaning.unit.keep for value in values), True])
        self._areas = pixel_areas(grid)
        self.generaliser = Generaliser(values, cleaning.unit, self._areas, probabilities is not None)
        self.pixels = np.zeros(len(values) + 1, dtype=np.int64)
        self.hectares = np.zeros(len(values) + 1)
        self.majority_pixels = self.thin_pixels = 0

    def __iter__(self) -> Iterator[tuple[Tile, Strip, Int64Array | None]]:
        for tile in strip_tiles(self._grid, self._strip_pixels):
            codes = self._filtered(tile)
            strip = self.generaliser.label(tile, codes)
            reader = self._probabilities
            yield tile, strip, None if reader is None else self._sums(tile, strip, reader)

    def _filtered(self, tile: Tile) -> Codes:
        """Return the codes of a tile after both filters, and count what they change and the input."""
        majority, thin = self._cleaning.majority, self._cleaning.thin
        for_thin, for_majority = max(thin - 1, 0), majority // 2
        codes = self._codes(tile, for_thin + for_majority)
        own = slice(for_thin + for_majority, for_thin + for_majority + tile.height)
        self._count(tile, codes[own])
        if majority:
            before = codes[own]
            codes = majority_filtered(codes, majority, self._fixed)
            own = slice(for_thin, for_thin + tile.height)
            self.majority_pixels += int(np.count_nonzero(codes[own] != before))
        if thin:
            before = codes[own]
            codes = thin_dissolved(codes, thin, self._fixed)
            self.thin_pixels += int(np.count_nonzero(codes != before))
        return codes

    def _codes(self, tile: Tile, halo: int) -> Codes:
        """Return the codes of a tile and of some rows around it, which have no class outside the map."""
        first, stop = max(0, tile.row - halo), min(self._grid.height, tile.row_stop + halo)
        codes = self._coder.codes(*self._read(Tile(first, 0, stop - first, tile.width)))
        missing = (halo - (tile.row - first), halo - (stop - tile.row_stop))
        if not any(missing):
            return codes
        return np.pad(codes, (missing, (0, 0)), constant_values=len(self.pixels) - 1)

    def _count(self, tile: Tile, codes: Codes) -> None:
        counts, sums = sums_by_code(codes, len(self.pixels), tile, self._areas)
        self.pixels += counts
        self.hectares += sums

    @staticmethod
    def _sums(tile: Tile, strip: Strip, probabilities: ProbabilityReader) -> Int64Array:
        """Return the sums of probabilities per patch and class, and the number of their pixels."""
        bands, valid = probabilities.read(tile)
        columns = [strip.sums(np.where(valid, band, 0)) for band in bands]
        return np.stack([*columns, strip.sums(valid)], axis=1)


class _Coder:
    """Positions of class values in a list.

    Args:
        values: Class values, in ascending order.
    """

    def __init__(self, values: Sequence[int]) -> None:
        self._values = np.array(values, dtype=np.int64)
        self._dtype = np.min_scalar_type(len(values))
        self._first = int(values[0])
        span = int(values[-1]) - self._first + 1
        self._table: Codes | None = None
        if span <= _MAX_TABLE:
            self._table = np.full(span, len(values), dtype=self._dtype)
            self._table[self._values - self._first] = np.arange(len(values))

    def codes(self, values: NDArray[Any], valid: BoolArray) -> Codes:
        """Return the position of each pixel's value; unclassified pixels have the number of values."""
        missing = self._dtype.type(len(self._values))
        if self._table is not None:
            # Values without a class may be anything.
            found: Codes = self._table[np.where(valid, values, self._first) - self._first]
        else:
            found = np.searchsorted(self._values, values).astype(self._dtype)
        found[~valid] = missing
        return found


def majority_filtered(codes: Codes, window: int, is_fixed: BoolArray) -> Codes:
    """Return the codes of the inner rows after a majority filter.

    Args:
        codes: Codes with ``window // 2`` more rows above and below, shape (rows + window - 1, columns).
            The highest code means unclassified.
        window: Rows and columns of the window, odd.
        is_fixed: Whether pixels of each code stay, and the code is not given to others.

    Returns:
        Codes, shape (rows, columns). Where several classes are most frequent, the pixel keeps its own.
    """
    radius = window // 2
    rows, columns = codes.shape[0] - 2 * radius, codes.shape[1]
    centre = codes[radius : radius + rows]
    most = np.zeros((rows, columns), dtype=np.uint8)
    winner = np.full((rows, columns), len(is_fixed) - 1, dtype=codes.dtype)
    is_tied = np.zeros((rows, columns), dtype=np.bool_)
    for code in range(len(is_fixed) - 1):
        is_code = np.pad(codes == code, ((0, 0), (radius, radius))).view(np.uint8)
        across = sum(
            (is_code[:, shift : shift + columns] for shift in range(1, window)), is_code[:, :columns]
        )
        counts = sum((across[shift : shift + rows] for shift in range(1, window)), across[:rows])
        is_more = counts > most
        is_tied = np.where(is_more, False, is_tied | (counts == most))
        winner[is_more] = code
        np.maximum(most, counts, out=most)
    return np.where(is_tied | is_fixed[centre] | is_fixed[winner], centre, winner)


def thin_dissolved(codes: Codes, width: int, is_fixed: BoolArray) -> Codes:
    """Return the codes of the inner rows with strips between two other classes dissolved.

    A pixel is part of a thin strip where the run of its class, along its row or its column, is shorter than
    ``width`` and ends at two different classes. It takes the class of the nearer end, where both are equally
    near the lower one.

    Args:
        codes: Codes with ``width - 1`` more rows above and below, shape (rows + 2 * (width - 1), columns).
            The highest code means unclassified.
        width: Width in pixels below which strips are dissolved, 2 or more.
        is_fixed: Whether pixels of each code stay, and the code is not given to others.
    """
    halo = width - 1
    padded = np.pad(codes, ((0, 0), (halo, halo)), constant_values=len(is_fixed) - 1)
    rows, columns = codes.shape[0] - 2 * halo, codes.shape[1]
    centre = codes[halo : halo + rows]
    nothing = len(is_fixed) - 1
    never = np.int32(width * len(is_fixed))
    best = np.full(centre.shape, never, dtype=np.int32)
    for down, right in ((0, 1), (1, 0)):
        ends = []
        for sign in (-1, 1):
            distance = np.full(centre.shape, width, dtype=np.int32)
            end = np.full(centre.shape, nothing, dtype=np.int32)
            for step in range(1, width):
                row, column = halo + sign * step * down, halo + sign * step * right
                other = padded[row : row + rows, column : column + columns]
                is_end = (distance == width) & (other != centre)
                distance[is_end], end[is_end] = step, other[is_end]
            ends.append((distance, end))
        (before, first), (behind, second) = ends
        is_strip = (
            (before + behind - 1 < width) & (first != second) & (first != nothing) & (second != nothing)
        )
        for distance, end in ends:
            rank = np.where(is_strip & ~is_fixed[end], distance * len(is_fixed) + end, never)
            np.minimum(best, rank, out=best)
    given = (best % len(is_fixed)).astype(codes.dtype)
    return np.where((best < never) & ~is_fixed[centre], given, centre)
