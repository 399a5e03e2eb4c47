"""Generalisation of a class map to a minimum mapping unit (MMU), in one reading of the map.

A patch is a set of connected pixels of one class. Patches below the MMU of their class are found in the whole
map. Round by round, each of them that shares an edge with a patch above its MMU takes the class of such
neighbours with which it has the longest common border; where two are equally long, the lower class value. It
is then part of a large patch itself, so that the next round reaches what lay behind it. A patch that becomes
connected with a large patch of its own class stays as it is. Patches without a large neighbour stay, too.

The map is read in strips. A patch is settled as soon as nothing below the strip can change its class, so that
memory holds only patches that still may change, whatever the size of the map; and the result does not
depend on the strips.

>>> settings = Generalisation(mmu=0.5, keep=frozenset({6}))
>>> generaliser = Generaliser((1, 2, 5, 6), settings, pixel_areas(grid))
>>> for tile in strips:
...     for done in generaliser.add(tile, codes_of(tile)):
...         write(done.tile, done.codes)
>>> for done in generaliser.finish(): ...
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..arrays import BoolArray, Float64Array, Int64Array
from ..raster.grid import Tile
from ..raster.pixel_area import PixelAreas
from .patches import Codes, Contacts, Strip, join, label_strip, seam_contacts

# Units of a pixel. Areas are summed as whole numbers, so that the order of strips makes no difference.
_PIXEL_UNITS = 2.0**20
# Relative rounding of areas in units. An area that falls short of the MMU by less counts as equal.
_TOLERANCE = 1e-6
_NEVER = np.iinfo(np.int64).max
_KNOWN = -1


@dataclass(frozen=True)
class Generalisation:
    """Settings of a generalisation.

    Attributes:
        mmu: Minimum mapping unit in hectares; 0 dissolves nothing.
        connectivity: 4 where pixels of a patch share edges, 8 where a corner is enough.
        keep: Class values that are neither dissolved nor given to other patches.
        mmu_of_class: Minimum mapping unit of single class values, in hectares.
    """

    mmu: float
    connectivity: int = 8
    keep: frozenset[int] = frozenset()
    mmu_of_class: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Settled:
    """Strip whose pixels have their final class.

    Attributes:
        tile: Pixels of the map.
        codes: Position of each pixel's class in the list of values, shape (rows, columns); the number of
            classes where there is none.
    """

    tile: Tile
    codes: Codes


@dataclass(frozen=True, eq=False)
class _Links:
    """Neighbours of patches that may be dissolved; each link from one patch to a neighbour.

    Attributes:
        source: Patch, shape (N,).
        target: Neighbour, shape (N,), or ``_KNOWN`` where only its class and level are kept.
        codes: Code of a known neighbour, shape (N,).
        levels: Round in which a known neighbour took this code, shape (N,); 0 for one above the MMU.
        borders: Length of the common border in pixel edges, shape (N,).
    """

    source: Int64Array
    target: Int64Array
    codes: Int64Array
    levels: Int64Array
    borders: Int64Array

    def of(self, chosen: BoolArray) -> _Links:
        return _Links(
            self.source[chosen],
            self.target[chosen],
            self.codes[chosen],
            self.levels[chosen],
            self.borders[chosen],
        )

    def renumbered(self, numbers: Int64Array) -> _Links:
        # The number of _KNOWN, the last one, is replaced.
        target = np.where(self.target == _KNOWN, _KNOWN, numbers[self.target])
        return _Links(numbers[self.source], target, self.codes, self.levels, self.borders)

    def known(self, is_known: BoolArray, codes: Int64Array, levels: Int64Array) -> _Links:
        """Return the links with targets replaced by their code and level where these are known."""
        now = (self.target != _KNOWN) & is_known[self.target]
        target = np.where(now, _KNOWN, self.target)
        found = np.where(now, codes[self.target], self.codes)
        return _Links(
            self.source, target, found, np.where(now, levels[self.target], self.levels), self.borders
        )


@dataclass(frozen=True, eq=False)
class _Live:
    """Patches that may still change or grow.

    Attributes:
        codes: Code of each patch, shape (N,).
        units: Area of each patch so far, shape (N,).
        sums: Sum of the probabilities of each class over each patch, and in the last column the number of
            pixels with probabilities, int64, shape (N, classes + 1); without columns where there are none.
    """

    codes: Int64Array
    units: Float64Array
    sums: Int64Array


@dataclass(eq=False)
class _Waiting:
    """Strip of which some patches are not settled.

    Attributes:
        tile: Pixels of the map.
        strip: Patches of the strip.
        members: Live patch of each patch of the strip; -1 where it is settled.
        codes: Code of each settled patch.
    """

    tile: Tile
    strip: Strip
    members: Int64Array
    codes: Int64Array


class Generaliser:
    """Generalisation in progress: takes strips from top to bottom, and gives them back settled.

    Attributes:
        removed: Number of dissolved patches of each code, int64, shape (classes,).
        stranded: Number of patches of each code that are below the MMU and have no neighbour above it.
        pixels: Number of pixels of each code in the settled strips, int64, shape (classes + 1,); the last
            one has no class.
        dissolved_pixels: Number of pixels of dissolved patches in the settled strips.

    Args:
        values: Class values in ascending order. A code is a position in it; ``len(values)`` is no class.
        settings: Settings of the generalisation.
        areas: Areas of the pixels.
        has_probabilities: Whether strips come with probabilities, which then decide instead of borders.
    """

    def __init__(
        self,
        values: Sequence[int],
        settings: Generalisation,
        areas: PixelAreas,
        has_probabilities: bool = False,
    ) -> None:
        count = len(values)
        self._has_corners = settings.connectivity == 8
        self._areas = areas
        self._unit = _unit_hectares(areas)
        mmus = [settings.mmu_of_class.get(value, settings.mmu) for value in values]
        is_kept = [value in settings.keep for value in values]
        limits = [0.0 if keep else mmu / self._unit for mmu, keep in zip(mmus, is_kept, strict=True)]
        # Areas below these are dissolved. No class has no limit.
        self._limits = np.array([*limits, 0.0]) * (1 - _TOLERANCE)
        self._gives = np.array([*(not keep for keep in is_kept), False])
        self._dtype = np.min_scalar_type(count)
        columns = count + 1 if has_probabilities else 0
        empty = np.zeros(0, dtype=np.int64)
        self._live = _Live(empty, np.zeros(0), np.zeros((0, columns), dtype=np.int64))
        self._links = _Links(empty, empty, empty, empty, empty)
        self._frontier = empty
        self._waiting: deque[_Waiting] = deque()
        self.removed = np.zeros(count, dtype=np.int64)
        self.stranded = np.zeros(count, dtype=np.int64)
        self._units = np.zeros(count + 1)
        self.pixels = np.zeros(count + 1, dtype=np.int64)
        self.dissolved_pixels = 0

    @property
    def hectares(self) -> Float64Array:
        """Area of each code in the settled strips in hectares, shape (classes + 1,)."""
        return self._units * self._unit

    def label(self, tile: Tile, codes: Codes) -> Strip:
        """Return the patches of a strip, as ``add`` needs them. Strips can be labelled in any order.

        Args:
            tile: Pixels of the map, of its whole width.
            codes: Code of each pixel, shape (rows, columns).
        """
        if self._areas.are_equal:
            units = np.full((1, 1), _PIXEL_UNITS)
        else:
            units = np.rint(self._areas.of(tile) / self._unit)
        return label_strip(codes, units, self._has_corners)

    def add(
        self, tile: Tile, strip: Strip, sums: Int64Array | None = None, is_last: bool = False
    ) -> Iterator[Settled]:
        """Add the next strip, and yield those that are settled.

        Args:
            tile: Pixels of the map, of its whole width, below those of the strip before.
            strip: Patches of the strip.
            sums: Sum of the probabilities of each class over each patch, and number of pixels with
                probabilities, int64, shape (patches, classes + 1).
            is_last: Whether this is the last strip of the map.
        """
        before, count = len(self._live.codes), len(strip.codes)
        if sums is None:
            sums = np.zeros((count, self._live.sums.shape[1]), dtype=np.int64)
        contacts = strip.contacts.renumbered(np.arange(before, before + count))
        codes = np.concatenate((self._live.codes, strip.codes))
        numbers = np.arange(before + count)
        if self._waiting or before:
            seam = seam_contacts(self._frontier, strip.first_row + before, self._has_corners)
            is_same = codes[seam.first] == codes[seam.second]
            numbers = join(before + count, seam.of(is_same))
            contacts = _joined(contacts, seam.of(~is_same))
        self._live = _merged(
            self._live, _Live(strip.codes, strip.units, sums), numbers, int(numbers.max()) + 1
        )
        self._links = self._links.renumbered(numbers)
        for item in self._waiting:
            item.members = _renumbered(item.members, numbers)
        self._frontier = numbers[strip.last_row + before]
        self._waiting.append(_Waiting(tile, strip, numbers[before:], strip.codes.copy()))
        self._settle(contacts.renumbered(numbers), is_last)
        while self._waiting and (self._waiting[0].members < 0).all():
            item = self._waiting.popleft()
            self._count(item)
            yield Settled(item.tile, item.strip.paint(item.codes.astype(self._dtype)))

    def _count(self, item: _Waiting) -> None:
        strip, codes = item.strip, item.codes
        self._units += np.bincount(codes, weights=strip.units, minlength=len(self._units))
        pixels = strip.pixels
        counts = np.bincount(codes, weights=pixels, minlength=len(self._units))
        self.pixels += counts.astype(np.int64)
        self.dissolved_pixels += int(pixels[codes != strip.codes].sum())

    def _settle(self, contacts: Contacts, is_last: bool) -> None:
        """Settle patches, and forget those that nothing depends on any more."""
        live = self._live
        is_below = live.units < self._limits[live.codes]
        is_open = np.zeros(len(live.codes), dtype=np.bool_)
        if not is_last:
            is_open[self._frontier] = True
        links = self._all_links(contacts, is_below)
        levels, codes, is_settled = _dissolve(live, is_below & ~is_open, is_below & is_open, links)
        is_small = is_below & is_settled
        is_removed = is_small & (codes != live.codes)
        self.removed += np.bincount(live.codes[is_removed], minlength=len(self.removed))[: len(self.removed)]
        is_stranded = is_small & (levels == _NEVER)
        self.stranded += np.bincount(live.codes[is_stranded], minlength=len(self.removed))[
            : len(self.removed)
        ]
        stays = ~is_settled | is_open
        numbers = np.where(stays, np.cumsum(stays) - 1, -1)
        for item in self._waiting:
            done = (item.members >= 0) & is_settled[item.members]
            item.codes[done] = codes[item.members[done]]
            item.members[done] = -1
            item.members = _renumbered(item.members, numbers)
        self._frontier = numbers[self._frontier]
        links = links.of(~is_settled[links.source]).known(is_settled, codes, levels)
        self._links = links.renumbered(numbers)
        self._live = _Live(live.codes[stays], live.units[stays], live.sums[stays])

    def _all_links(self, contacts: Contacts, is_below: BoolArray) -> _Links:
        """Return the links of all patches below the MMU, those of new contacts among them."""
        first, second = contacts.first, contacts.second
        both = (np.concatenate((first, second)), np.concatenate((second, first)))
        borders = np.concatenate((contacts.borders, contacts.borders))
        zeros = np.zeros(len(borders), dtype=np.int64)
        new = _Links(*both, zeros, zeros, borders)
        # Classes that are kept, and no class, are neither dissolved nor given.
        new = new.of(is_below[new.source] & self._gives[self._live.codes[new.target]])
        old = self._links.of(is_below[self._links.source])
        links = _Links(*map(np.concatenate, zip(_columns(old), _columns(new), strict=True)))
        levels = np.zeros(len(is_below), dtype=np.int64)
        links = links.known(~is_below, self._live.codes, levels)
        # A corner of a patch that was large from the beginning means nothing.
        return links.of((links.borders > 0) | (links.target != _KNOWN) | (links.levels > 0))


def _dissolve(
    live: _Live, is_small: BoolArray, is_unknown: BoolArray, links: _Links
) -> tuple[Int64Array, Int64Array, BoolArray]:
    """Dissolve patches round by round, as far as what is not yet known has no influence.

    Args:
        live: Patches.
        is_small: Whether each patch is below the MMU and complete.
        is_unknown: Whether each patch is below the MMU so far and may grow.
        links: Links of the patches below the MMU.

    Returns:
        Round in which each patch took its code, its code, and whether it is settled, each of shape (N,).
    """
    levels = np.full(len(is_small), _NEVER)
    levels[~is_small & ~is_unknown] = 0
    codes = live.codes.copy()
    # Patches whose class in this round depends on unknown ones.
    is_doubtful = is_unknown.copy()
    is_left = is_small.copy()
    last = int(links.levels.max(initial=0))
    number = 0
    while True:
        number += 1
        links = links.of(is_left[links.source])
        inner = links.of(links.target != _KNOWN)
        has_spread = False
        # From the second round on, a neighbour may also stay because it has become part of a patch.
        for _ in range(1 if number == 1 else 2):
            reached = inner.source[is_doubtful[inner.target] & is_left[inner.source]]
            has_spread |= bool(len(reached))
            is_doubtful[reached], is_left[reached] = True, False
        links = links.of(is_left[links.source])
        chosen, given = _best(live, links.of(_levels(links, levels) < number), codes)
        levels[chosen], codes[chosen], is_left[chosen] = number, given, False
        links = links.of(is_left[links.source])
        is_joined = (_levels(links, levels) == number) & (_codes(links, codes) == codes[links.source])
        joined = links.source[is_joined]
        levels[joined], is_left[joined] = number, False
        if not len(chosen) and not has_spread and number > last:
            return levels, codes, ~is_doubtful


def _best(live: _Live, links: _Links, codes: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Return the patches that have neighbours to choose from, and the best code of each."""
    links = links.of(links.borders > 0)
    given = _codes(links, codes)
    classes = int(given.max(initial=0)) + 1
    pairs, members = np.unique(links.source * classes + given, return_inverse=True)
    source, code = pairs // classes, pairs % classes
    borders = np.bincount(members, weights=links.borders, minlength=len(pairs))
    scores = borders
    order = [code, -borders, source]
    if live.sums.shape[1]:
        is_known = live.sums[source, -1] > 0
        # Sums over the same pixels are in the order of means. Without probabilities, borders decide.
        scores = np.where(is_known, live.sums[source, code], 0)
        order = [code, np.where(is_known, 0, -borders), -scores, source]
    ranked = np.lexsort(order)
    is_first = np.diff(source[ranked], prepend=-1) > 0
    return source[ranked][is_first], code[ranked][is_first]


def _levels(links: _Links, levels: Int64Array) -> Int64Array:
    return np.where(links.target == _KNOWN, links.levels, levels[links.target])


def _codes(links: _Links, codes: Int64Array) -> Int64Array:
    return np.where(links.target == _KNOWN, links.codes, codes[links.target])


def _columns(links: _Links) -> tuple[Int64Array, ...]:
    return links.source, links.target, links.codes, links.levels, links.borders


def _joined(first: Contacts, second: Contacts) -> Contacts:
    return Contacts(
        np.concatenate((first.first, second.first)),
        np.concatenate((first.second, second.second)),
        np.concatenate((first.borders, second.borders)),
    )


def _merged(first: _Live, second: _Live, numbers: Int64Array, count: int) -> _Live:
    """Return both groups of patches by new numbers, of which several may be the same patch."""
    codes = np.zeros(count, dtype=np.int64)
    codes[numbers] = np.concatenate((first.codes, second.codes))
    both = np.concatenate((first.units, second.units))
    units = np.bincount(numbers, weights=both, minlength=count).astype(np.float64)
    sums = np.zeros((count, first.sums.shape[1]), dtype=np.int64)
    if sums.shape[1]:
        np.add.at(sums, numbers, np.concatenate((first.sums, second.sums)))
    return _Live(codes, units, sums)


def _renumbered(members: Int64Array, numbers: Int64Array) -> Int64Array:
    return np.where(members < 0, -1, numbers[members])


def _unit_hectares(areas: PixelAreas) -> float:
    grid = areas.grid
    pixel = float(areas.of(Tile(grid.height // 2, grid.width // 2, 1, 1))[0, 0])
    return pixel / _PIXEL_UNITS
