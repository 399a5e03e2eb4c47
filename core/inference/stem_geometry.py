"""Where the layers of a stem lie along one axis, in patches and in a tile.

Rows and columns are alike, so everything here is about one of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from typing import TypeVar

import torch
from torch import Tensor

from ..models.stem import Stem

T = TypeVar("T")


@dataclass(frozen=True)
class Taps:
    """Places of the convolution along an axis at which a patch's edges clip its kernel alike.

    Attributes:
        first: The first of them, counted in a patch.
        last: The last one.
        low: The kernel's first tap that meets the patch.
        high: One after its last.
    """

    first: int
    last: int
    low: int
    high: int


@dataclass(frozen=True)
class Places:
    """Places of the maximum along an axis that are clipped alike.

    Attributes:
        first: The first of them, counted in a patch.
        last: The last one.
        taken: What it is the maximum of: places of the convolution, counted from its own, and which of
            ``Axis.taps`` they have.
    """

    first: int
    last: int
    taken: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Axis:
    """A stem along rows or columns of a patch.

    Attributes:
        step: From one place of the convolution to the next, in pixels.
        pool_step: From one place of the maximum to the next, in places of the convolution.
        padding: Zeros before a patch.
        taps: Of the convolution's places.
        places: Of the maximum.
    """

    step: int
    pool_step: int
    padding: int
    taps: tuple[Taps, ...]
    places: tuple[Places, ...]

    @classmethod
    def of(cls, stem: Stem, patch_size: int) -> Axis:
        """Derive it from a stem and the rows of a patch."""
        starts = range(-stem.padding, patch_size + stem.padding - stem.kernel + 1, stem.step)
        clipped = [(max(0, -start), min(stem.kernel, patch_size - start)) for start in starts]
        taps = tuple(Taps(first, last, *ends) for first, last, ends in _runs(clipped))
        number = [n for n, run in enumerate(taps) for _ in range(run.first, run.last + 1)]
        taken = []
        for own in range(0, len(starts) + 2 * stem.pool_padding - stem.window + 1, stem.pool_step):
            met = range(
                max(0, own - stem.pool_padding), min(len(starts), own - stem.pool_padding + stem.window)
            )
            taken.append(tuple((place - own, number[place]) for place in met))
        places = tuple(Places(*run) for run in _runs(taken))
        return cls(stem.step, stem.pool_step, stem.padding, taps, places)

    @property
    def kinds(self) -> list[int]:
        """Which of ``places`` each place of the maximum has."""
        return [n for n, run in enumerate(self.places) for _ in range(run.first, run.last + 1)]

    def highest(self, line: Line, kind: int, maps: Sequence[Tensor], dim: int) -> Tensor:
        """Return the maximum at all places of a kind.

        Args:
            line: The patches along this axis.
            kind: Which of ``places``.
            maps: Of the convolution, one for each of ``taps``.
            dim: Of the maps that lies along this axis.
        """
        place = self.places[kind]
        grid = line.places(place, self.step * self.pool_step)
        parts = []
        for offset, number in place.taken:
            part = line.places(self.taps[number], self.step).part(grid, offset * self.step)
            parts.append(maps[number][(*(slice(None),) * dim, part)])
        return reduce(torch.maximum, parts)

    @property
    def taps_of_a_patch(self) -> int:
        """Products along the axis that one patch takes."""
        return sum((run.last - run.first + 1) * (run.high - run.low) for run in self.taps)


@dataclass(frozen=True)
class Grid:
    """Places along a tile: the first pixel, the pixels from one to the next, and how many."""

    start: int
    step: int
    count: int

    def pixels(self, axis: Axis, taps: Taps) -> slice:
        """Return the pixels that the taps meet."""
        first = self.start - axis.padding + taps.low
        return slice(first, first + (self.count - 1) * self.step + taps.high - taps.low)

    def part(self, other: Grid, offset: int) -> slice:
        """Return which of these places another grid's are, moved by so many pixels."""
        first, step = (other.start + offset - self.start) // self.step, other.step // self.step
        return slice(first, first + (other.count - 1) * step + 1, step)


@dataclass(frozen=True)
class Line:
    """First pixels of patches along an axis of a tile: the first, the last, and what is between two."""

    first: int
    last: int
    step: int

    @classmethod
    def through(cls, starts: Tensor, step: int) -> Line:
        """Return the line through the first pixels of patches, int64, which are multiples of a step apart."""
        first, last = torch.aminmax(starts)
        return cls(int(first), int(last), step)

    def places(self, run: Taps | Places, unit: int) -> Grid:
        """Return where the places of a run lie that so many pixels are between."""
        step = self.step if run.first == run.last else math.gcd(self.step, unit)
        start, stop = self.first + run.first * unit, self.last + run.last * unit
        return Grid(start, step, (stop - start) // step + 1)

    def taps(self, axis: Axis, taps: Taps) -> int:
        """Return the products along the axis that a run of the convolution takes."""
        return self.places(taps, axis.step).count * (taps.high - taps.low)

    def numbers(self, axis: Axis, starts: Tensor) -> Tensor:
        """Return the numbers (patches, places) of the maximum's places in their maps."""
        unit = axis.step * axis.pool_step
        columns = []
        for run in axis.places:
            grid = self.places(run, unit)
            places = torch.arange(run.first, run.last + 1, device=starts.device) * unit
            columns.append((starts[:, None] + places - grid.start) // grid.step)
        return torch.cat(columns, dim=1)


def _runs(items: Sequence[T]) -> Iterator[tuple[int, int, T]]:
    """Yield the numbers of the first and last of equal neighbours, and what they are."""
    for item, group in groupby(enumerate(items), key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        yield numbers[0], numbers[-1], item
