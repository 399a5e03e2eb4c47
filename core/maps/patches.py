"""Patches of a strip of a class map: connected pixels of one class, their areas and common borders.

A strip is cut into runs, which are neighbouring pixels of one class in one row. All further work is done per
run, of which a map has far fewer than pixels.

>>> strip = label_strip(codes, units, has_corners=True)
>>> strip.codes, strip.units     # class and area of each patch
>>> strip.contacts               # pairs of neighbouring patches and their common border
>>> strip.paint(new_codes)       # the strip with another class per patch
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..arrays import BoolArray, Float64Array, Int64Array

Codes = NDArray[Any]
"""Positions of classes in a list of values, unsigned integers."""


@dataclass(frozen=True, eq=False)
class Contacts:
    """Pairs of neighbours, of which each pair may occur several times.

    Attributes:
        first: One of each pair, int64, shape (N,).
        second: The other, int64, shape (N,).
        borders: Pixel edges that both share, int64, shape (N,); 0 where they touch at a corner only.
    """

    first: Int64Array
    second: Int64Array
    borders: Int64Array

    def of(self, chosen: BoolArray) -> Contacts:
        """Return some of the pairs."""
        return Contacts(self.first[chosen], self.second[chosen], self.borders[chosen])

    def renumbered(self, numbers: Int64Array) -> Contacts:
        """Return the same pairs by other numbers."""
        return Contacts(numbers[self.first], numbers[self.second], self.borders)


@dataclass(frozen=True, eq=False)
class Strip:
    """Patches of some rows of a map, numbered from 0.

    Attributes:
        shape: Rows and columns.
        starts: Flat position of the first pixel of each run, int64, shape (runs,).
        patches: Patch of each run, int64, shape (runs,).
        codes: Code of each patch, int64, shape (patches,).
        units: Area of each patch in whole units, float64, shape (patches,). Sums of whole numbers do not
            depend on their order.
        contacts: Neighbouring patches, which have different codes.
    """

    shape: tuple[int, int]
    starts: Int64Array
    patches: Int64Array
    codes: Int64Array
    units: Float64Array
    contacts: Contacts

    @property
    def pixels(self) -> Int64Array:
        """Number of pixels of each patch, int64, shape (patches,)."""
        lengths = np.diff(self.starts, append=self.shape[0] * self.shape[1])
        return np.bincount(self.patches, weights=lengths, minlength=len(self.codes)).astype(np.int64)

    def paint(self, codes: Codes) -> Codes:
        """Return the strip with a new code for each patch, shape (rows, columns).

        Args:
            codes: New code of each patch, shape (patches,).
        """
        lengths = np.diff(self.starts, append=self.shape[0] * self.shape[1])
        return np.repeat(codes[self.patches], lengths).reshape(self.shape)

    @property
    def first_row(self) -> Int64Array:
        """Patch of each pixel of the first row, int64, shape (columns,)."""
        count = int(np.searchsorted(self.starts, self.shape[1]))
        lengths = np.diff(self.starts[:count], append=self.shape[1])
        return np.repeat(self.patches[:count], lengths)

    @property
    def last_row(self) -> Int64Array:
        """Patch of each pixel of the last row, int64, shape (columns,)."""
        begin = (self.shape[0] - 1) * self.shape[1]
        first = int(np.searchsorted(self.starts, begin))
        lengths = np.diff(self.starts[first:], append=self.shape[0] * self.shape[1])
        return np.repeat(self.patches[first:], lengths)

    def sums(self, values: NDArray[Any]) -> Int64Array:
        """Return the sum of a band's whole numbers over each patch, int64, shape (patches,).

        Args:
            values: Integers, shape (rows, columns).
        """
        of_runs = np.add.reduceat(values.ravel(), self.starts, dtype=np.int64)
        sums = np.zeros(len(self.codes), dtype=np.int64)
        np.add.at(sums, self.patches, of_runs)
        return sums


def label_strip(codes: Codes, units: Float64Array, has_corners: bool) -> Strip:
    """Return the patches of a strip.

    Args:
        codes: Code of each pixel, shape (rows, columns).
        units: Area of the pixels in whole units, shape (rows, columns), (rows, 1) or (1, 1).
        has_corners: Whether pixels that touch at a corner are connected (8 neighbours instead of 4).
    """
    rows, columns = codes.shape
    begins = run_starts(codes)
    starts = np.flatnonzero(begins)
    of_runs = codes.ravel()[starts].astype(np.int64)
    runs = np.cumsum(begins.ravel(), dtype=np.int32).reshape(codes.shape)
    runs -= 1
    pairs = _touching(begins, runs, has_corners)
    equal = of_runs[pairs.first] == of_runs[pairs.second]
    patches = join(len(starts), pairs.of(equal))
    count = int(patches.max()) + 1
    patch_codes = np.zeros(count, dtype=np.int64)
    patch_codes[patches] = of_runs
    lengths = np.diff(starts, append=rows * columns)
    if units.shape == codes.shape:
        of_runs_units = np.add.reduceat(units.ravel(), starts)
    else:
        of_runs_units = lengths * np.broadcast_to(units[:, 0], rows)[starts // columns]
    areas = np.bincount(patches, weights=of_runs_units, minlength=count).astype(np.float64)
    return Strip((rows, columns), starts, patches, patch_codes, areas, pairs.of(~equal).renumbered(patches))


def seam_contacts(above: Int64Array, below: Int64Array, has_corners: bool) -> Contacts:
    """Return the neighbours across the border of two rows, by the numbers that the rows hold.

    Args:
        above: Number of each pixel of the upper row, int64, shape (columns,).
        below: Number of each pixel of the lower row, int64, shape (columns,).
        has_corners: Whether pixels that touch at a corner are neighbours.
    """
    numbers = np.stack((above, below))
    begins = run_starts(numbers)
    starts = np.flatnonzero(begins)
    runs = np.cumsum(begins.ravel(), dtype=np.int32).reshape(numbers.shape) - 1
    pairs = _vertical(begins, runs, has_corners)
    return pairs.renumbered(numbers.ravel()[starts])


def join(count: int, pairs: Contacts) -> Int64Array:
    """Return the number of the connected component of each of ``count`` nodes, int64, shape (count,)."""
    ones = np.ones(len(pairs.first), dtype=np.int8)
    graph = coo_array((ones, (pairs.first, pairs.second)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def run_starts(values: NDArray[Any]) -> BoolArray:
    """Return where a pixel differs from its left neighbour, and the first column; shape (rows, columns)."""
    begins = np.empty(values.shape, dtype=np.bool_)
    begins[:, 0] = True
    np.not_equal(values[:, 1:], values[:, :-1], out=begins[:, 1:])
    return begins


def _touching(begins: BoolArray, runs: NDArray[np.int32], has_corners: bool) -> Contacts:
    """Return all pairs of neighbouring runs."""
    right = np.flatnonzero(begins[:, 1:])
    # Positions within all columns but the first.
    second = runs[:, 1:].ravel()[right].astype(np.int64) if begins.shape[1] > 1 else right
    vertical = _vertical(begins, runs, has_corners)
    return Contacts(
        np.concatenate((second - 1, vertical.first)),
        np.concatenate((second, vertical.second)),
        np.concatenate((np.ones(len(second), dtype=np.int64), vertical.borders)),
    )


def _vertical(begins: BoolArray, runs: NDArray[np.int32], has_corners: bool) -> Contacts:
    """Return the pairs of runs in neighbouring rows."""
    above, below = begins[:-1], begins[1:]
    # The common border of two runs begins where one of them does. Each row begins with a run.
    borders = np.flatnonzero(above | below)
    upper, lower = runs[:-1].ravel(), runs[1:].ravel()
    first, second = [upper[borders]], [lower[borders]]
    lengths = [np.diff(borders, append=above.size)]
    if has_corners:
        # Where both rows change their run, the runs touch at a corner. Elsewhere they share an edge, too.
        corners = np.flatnonzero((above & below)[:, 1:])
        corners += corners // max(1, above.shape[1] - 1) + 1
        first += [upper[corners], upper[corners] - 1]
        second += [lower[corners] - 1, lower[corners]]
        lengths += [np.zeros(2 * len(corners), dtype=np.int64)]
    return Contacts(
        np.concatenate(first).astype(np.int64),
        np.concatenate(second).astype(np.int64),
        np.concatenate(lengths).astype(np.int64),
    )
