"""Codes of class values: small numbers by which pixels are looked up and counted.

>>> known = ValueCodes(raster.recoded_values)
>>> codes = known.of(*raster.read_stored(tile))          # 0 is unclassified
>>> pixels, hectares = sums_by_code(codes, len(known.values) + 1, tile, pixel_areas(grid))
>>> names = looked_up(table, codes)

Maps of up to 254 classes have codes of 8 bits, which are looked up and counted several times faster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray, Float64Array, Int64Array, IntegerArray
from ..raster.grid import Tile
from ..raster.pixel_area import PixelAreas
from ..raster.writer import count_bytes

# Class values below this are found by their position in an array, which is many times faster than sorting.
_TABLE_SIZE = 65_536
# Largest number of rows times codes that are counted row by row.
_MAX_ROW_CELLS = 4_000_000
# Code of 8 bits of values that were not met before.
_UNKNOWN = 255


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
        self._bytes = bytearray([_UNKNOWN]) * 256
        self._table = np.zeros(_TABLE_SIZE, dtype=np.int16)

    def of(self, stored: IntegerArray, valid: BoolArray) -> IntegerArray:
        """Return the code of each pixel, uint8 or int16, shape of ``stored``.

        Args:
            stored: Class values as the file holds them.
            valid: Whether each pixel has one.
        """
        if stored.dtype == np.uint8 and len(self.values) < _UNKNOWN - 1:
            small = self._of_bytes(stored, valid)
            if small is not None:
                return small
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

    def _of_bytes(self, stored: IntegerArray, valid: BoolArray) -> IntegerArray | None:
        """Return codes of 8 bits; None where there are too many."""
        for _ in range(2):
            codes = looked_up(self._bytes, stored)
            codes *= valid
            if not codes.size or codes.max() < _UNKNOWN:
                return codes
            for value in np.flatnonzero(count_bytes(stored[codes == _UNKNOWN])).tolist():
                code = self._code(value)
                if code >= _UNKNOWN:
                    return None
                self._bytes[value] = code
        raise RuntimeError("a value has no code")

    def _code(self, stored: int) -> int:
        value = self._recoding.get(stored, stored)
        if value not in self._codes:
            self.values.append(value)
            self._codes[value] = len(self.values)
        return self._codes[value]

    def _sorted(self, stored: IntegerArray, valid: BoolArray) -> NDArray[np.int16]:
        occurring, members = np.unique(stored[valid], return_inverse=True)
        codes = np.zeros(stored.shape, dtype=np.int16)
        of_values = np.array([self._code(value) for value in occurring.tolist()], dtype=np.int16)
        codes[valid] = of_values[members]
        return codes


def looked_up(table: NDArray[Any] | bytearray, codes: IntegerArray) -> NDArray[Any]:
    """Return the entry of a table for each code, shape of ``codes``.

    Args:
        table: Entries of at most 256 codes as bytes, or of all codes as an array, shape (codes,).
        codes: Codes of the pixels, from 0.
    """
    if isinstance(table, bytearray):
        # Several times faster than indexing.
        found = np.frombuffer(bytearray(codes.tobytes().translate(table)), dtype=np.uint8)
        return found.reshape(codes.shape)
    if codes.dtype == np.uint8 and len(table) <= 256 and table.dtype in (np.uint8, np.bool_):
        padded = bytearray(table.tobytes().ljust(256, b"\0"))
        return looked_up(padded, codes).view(table.dtype)
    return np.take(table, codes)


def paired(first: IntegerArray, second: IntegerArray, sizes: tuple[int, int]) -> IntegerArray:
    """Return one code for each pair of codes: the first times the number of second codes, and the second.

    Args:
        first: Codes below ``sizes[0]``.
        second: Codes below ``sizes[1]``, of the same shape.
        sizes: Number of first and of second codes.
    """
    cells = sizes[0] * sizes[1]
    dtype = np.uint8 if cells <= 256 else np.int32
    pairs: IntegerArray = np.multiply(first, sizes[1], dtype=dtype, casting="unsafe")
    np.add(pairs, second, out=pairs, casting="unsafe")
    return pairs


def sums_by_code(
    codes: IntegerArray, cells: int, tile: Tile, areas: PixelAreas
) -> tuple[Int64Array, Float64Array]:
    """Return the number of pixels of each code, and their area in hectares, both of shape (cells,).

    Args:
        codes: Code of each pixel of a tile, from 0, shape (rows, columns).
        cells: Number of codes.
        tile: Pixels of the raster.
        areas: Areas of the raster's pixels.
    """
    of_tile = areas.of(tile)
    if areas.are_equal:
        counts = counts_of_codes(codes, cells)
        return counts, np.multiply(counts, float(of_tile[0, 0]))
    if of_tile.shape[1] > 1 or tile.width == 1 or tile.height * cells > _MAX_ROW_CELLS:
        weights = np.broadcast_to(of_tile, codes.shape).ravel()
        sums = np.bincount(codes.ravel(), weights, minlength=cells).astype(np.float64)
        return counts_of_codes(codes, cells), sums
    # Pixels of a row have one area, so those of each row are counted.
    rows = np.arange(tile.height, dtype=np.int64)[:, None] * cells + codes
    by_row = np.bincount(rows.ravel(), minlength=tile.height * cells).reshape(tile.height, cells)
    return by_row.sum(axis=0), np.asarray(of_tile[:, 0] @ by_row, dtype=np.float64)


def counts_of_codes(codes: IntegerArray, cells: int) -> Int64Array:
    """Return the number of pixels of each code, int64, shape (cells,)."""
    if codes.dtype == np.uint8 and cells <= 256:
        return count_bytes(codes)[:cells]
    return np.bincount(codes.ravel(), minlength=cells)
