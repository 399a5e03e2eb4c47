"""Trajectories: the sequence of classes of each pixel in maps of several dates.

One pass over the maps filters the sequences, counts them and writes what is made of them::

    with open_outputs(...) as outputs:
        content = follow(maps, dates, plan, outputs, progress)

Pixels without a class at some date, after gaps are filled where that is asked for, have no trajectory.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass
from ..progress import Progress
from ..raster.class_raster import ClassRaster
from ..raster.grid import Tile
from ..raster.pixel_area import pixel_areas
from ..raster.probability_raster import ClassProbabilities
from ..raster.writer import MapWriter
from ..text import Text, untranslated
from .strips import STRIP_PIXELS, read_together
from .temporal_filters import (
    WINDOWS,
    Codes,
    fill_gaps,
    has_forbidden,
    most_probable_sequences,
    permitted_sequences,
    replace_first,
    replace_last,
    replace_rare,
    replace_window,
)
from .value_codes import ValueCodes

GAP_FILL, FIRST_YEAR, LAST_YEAR = "gap_fill", "first_year", "last_year"
WINDOW_FILTERS = tuple(f"window_{length}" for length in WINDOWS)
NO_CHANGE = untranslated("No change")
# Numbers of one strip: pixels of all maps together, and scores of all dates and classes.
_STRIP_SCORES = 8_000_000
_MAX_COUNTED_KEYS = 1_000_000
MAX_SEQUENCES = 1_000_000
"""Largest number of different sequences that are counted; the rarest beyond are only counted together."""
# Area of each pixel, or the area that all have.
_Areas = Float64Array | float
_NO_CHANGE_COLOR = "#D9D9D9"
_COUNT_RAMP = ("#FED976", "#FD8D3C", "#E31A1C", "#800026")
_DATE_RAMP = ("#440154", "#3B528B", "#21918C", "#5EC962", "#FDE725")


@dataclass(frozen=True, eq=False)
class FilterPlan:
    """Filters in the order in which they are applied; all are off by default.

    Attributes:
        names: Names of filters without further values: ``gap_fill``, ``first_year``, ``last_year``,
            ``window_3``, ``window_4``, ``window_5``.
        order: Class values in the order in which these filters take them.
        frequencies: Least fraction of the dates by class value, see ``temporal_filters.replace_rare``.
        transitions: Probability of transitions by pair of class values, see ``crosswalk.read_rules``.
        probabilities: Probability raster of each date; they replace the other filters.
    """

    names: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    frequencies: Mapping[int, float] = field(default_factory=dict)
    transitions: Mapping[tuple[int, int], float] = field(default_factory=dict)
    probabilities: Sequence[ClassProbabilities] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return not (self.names or self.frequencies or self.transitions or self.probabilities)


@dataclass(frozen=True)
class FilterEffect:
    """Effect of a filter.

    Attributes:
        filter: Name of the filter, for users.
        pixels: Number of pixels with another class at one date or more.
        labels: Number of classes changed, over all dates.
        unsolved: Number of pixels for which no sequence is permitted, which stay as they were.
    """

    filter: str
    pixels: int
    labels: int
    unsolved: int = 0

    def line(self, total: int) -> Text:
        """Return a line for the log.

        Args:
            total: Number of pixels with a class at one date or more.
        """
        text = Text(
            "{filter}: {pixels:,} of {total:,} pixels changed ({part:.2%}), {labels:,} classes in all.",
            filter=self.filter,
            pixels=self.pixels,
            total=total,
            part=self.pixels / max(total, 1),
            labels=self.labels,
        )
        if self.unsolved:
            text += Text(
                " For {count:,} pixels no sequence is permitted, and they stay as they were.",
                count=self.unsolved,
            )
        return text


@dataclass(frozen=True, eq=False)
class SequenceCount:
    """Pixels and area of a sequence.

    Attributes:
        values: Class value at each date.
        pixels: Number of pixels.
        hectares: Area in hectares.
    """

    values: tuple[int, ...]
    pixels: int
    hectares: float

    @property
    def changes(self) -> int:
        """Number of dates at which the class differs from that of the date before."""
        return sum(first != second for first, second in zip(self.values, self.values[1:], strict=False))


@dataclass(frozen=True, eq=False)
class TrajectoryCounts:
    """What the maps of all dates hold.

    Attributes:
        sequences: Sequences, the largest area first.
        dropped: Pixels of rare sequences that were only counted together, and their area in hectares.
        matrices: Area of each transition between a date and the next, in hectares, shape (classes, classes).
        before: Area of each class at each date before filters, hectares, shape (dates, classes).
        after: The same after filters.
        by_changes: Pixels and area by number of changes.
        incomplete: Number of pixels with a class at some dates, but not at all of them.
        pixels: Number of pixels with a class at one date or more.
        effects: Effects of the filters.
        forbidden: Number of pixels with a forbidden transition after filters; 0 without rules.
    """

    sequences: tuple[SequenceCount, ...]
    dropped: tuple[int, float]
    matrices: tuple[Float64Array, ...]
    before: Float64Array
    after: Float64Array
    by_changes: tuple[tuple[int, float], ...]
    incomplete: int
    pixels: int
    effects: tuple[FilterEffect, ...]
    forbidden: int


@dataclass(frozen=True, eq=False)
class TrajectoryWriters:
    """Open rasters of a run.

    Attributes:
        filtered: Filtered map of each date; empty without filters.
        changes: Number of changes.
        first: Date of the first change.
        last: Date of the last change.
        dates: Value of each date in ``first`` and ``last``.
    """

    filtered: Sequence[MapWriter]
    changes: MapWriter
    first: MapWriter
    last: MapWriter
    dates: Sequence[int]


def count_classes_of_changes(dates: int) -> tuple[LandCoverClass, ...]:
    """Return the legend of the number of changes between maps of a number of dates."""
    colors = ramp(_COUNT_RAMP, dates - 1)
    names = [NO_CHANGE, *(f"{number}" for number in range(1, dates))]
    return tuple(
        LandCoverClass(number, name, color)
        for number, (name, color) in enumerate(zip(names, (_NO_CHANGE_COLOR, *colors), strict=True))
    )


def classes_of_dates(dates: Sequence[str], values: Sequence[int]) -> tuple[LandCoverClass, ...]:
    """Return the legend of the date of a change: no change, and all dates but the first.

    Args:
        dates: Name of each date.
        values: Value of each date.
    """
    colors = ramp(_DATE_RAMP, len(dates) - 1)
    return (
        LandCoverClass(0, NO_CHANGE, _NO_CHANGE_COLOR),
        *(
            LandCoverClass(value, name, color)
            for value, name, color in zip(values[1:], dates[1:], colors, strict=True)
        ),
    )


def ramp(anchors: Sequence[str], count: int) -> tuple[str, ...]:
    """Return colours at equal distances on a ramp, ``#RRGGBB``.

    Args:
        anchors: Colours of the ramp.
        count: Number of colours.
    """
    rgb = np.array([[int(color[place : place + 2], 16) for place in (1, 3, 5)] for color in anchors])
    places = np.linspace(0, len(anchors) - 1, count) if count > 1 else np.zeros(count)
    channels = [np.interp(places, np.arange(len(anchors)), rgb[:, channel]) for channel in range(3)]
    return tuple(
        "#" + "".join(f"{round(float(value)):02X}" for value in color)
        for color in zip(*channels, strict=True)
    )


def follow(
    maps: Sequence[ClassRaster],
    values: Sequence[int],
    plan: FilterPlan,
    writers: TrajectoryWriters | None,
    progress: Progress,
    strip_pixels: int = STRIP_PIXELS,
    max_sequences: int = MAX_SEQUENCES,
) -> TrajectoryCounts:
    """Filter and count the sequences, and write the rasters.

    Args:
        maps: Maps in the order of time, on one grid.
        values: All class values that occur, in order.
        plan: Filters.
        writers: Open rasters; None only counts.
        progress: Progress reporter, from 0 to 1.
        strip_pixels: Number of pixels that are read at once, see ``strips.read_together``.
        max_sequences: Largest number of different sequences that are counted.

    Raises:
        RasterError: A map cannot be read.
    """
    if plan.probabilities:
        strip_pixels = min(strip_pixels, _STRIP_SCORES // len(values) // 2)
    steps = _filters(plan, values)
    known = [ValueCodes(raster.recoded_values, values) for raster in maps]
    tally = _Tally(len(maps), values, max_sequences)
    areas = pixel_areas(maps[0].grid)
    permitted = _transitions(plan, values) > 0 if plan.transitions else None
    for tile, read in read_together(maps, progress, "Following the pixels in time", strip_pixels):
        rows = [item.of(*strip).ravel() for item, strip in zip(known, read, strict=True)]
        codes: Codes = np.stack(rows).astype(np.int16, copy=False)
        of_tile = areas.of(tile)
        of_pixels: _Areas = float(of_tile[0, 0])
        if not areas.are_equal:
            of_pixels = np.broadcast_to(of_tile, (tile.height, tile.width)).ravel()
        tally.before += tally.areas(codes, of_pixels)
        tally.pixels += int(np.count_nonzero(codes.any(axis=0)))
        for step in steps:
            codes = step.apply(codes, tile)
        tally.after += tally.areas(codes, of_pixels)
        if permitted is not None:
            tally.forbidden += int(np.count_nonzero(has_forbidden(codes, permitted)))
        is_complete = np.asarray(codes.all(axis=0), dtype=bool)
        tally.add(codes, is_complete, of_pixels)
        if writers is not None:
            _write(writers, tile, codes, is_complete, values)
    return tally.counts(tuple(step.effect() for step in steps))


def _transitions(plan: FilterPlan, values: Sequence[int]) -> Float64Array:
    places = {value: place for place, value in enumerate(values)}
    table = np.ones((len(values), len(values)))
    for (before, after), probability in plan.transitions.items():
        if before in places and after in places:
            table[places[before], places[after]] = probability
    return table


class _Step:
    """A filter, and what it has changed so far."""

    def __init__(self, name: str, function: Callable[[Codes, Tile], tuple[Codes, int]]) -> None:
        self._name = name
        self._function = function
        self._pixels = self._labels = self._unsolved = 0

    def apply(self, codes: Codes, tile: Tile) -> Codes:
        """Return the filtered codes of a strip."""
        result, unsolved = self._function(codes, tile)
        is_other = result != codes
        self._pixels += int(np.count_nonzero(is_other.any(axis=0)))
        self._labels += int(np.count_nonzero(is_other))
        self._unsolved += unsolved
        return result

    def effect(self) -> FilterEffect:
        """Return what it changed."""
        return FilterEffect(self._name, self._pixels, self._labels, self._unsolved)


def _filters(plan: FilterPlan, values: Sequence[int]) -> list[_Step]:
    """Return the filters in their order: gaps, ends, windows, frequency, forbidden transitions."""
    places = {value: place + 1 for place, value in enumerate(values)}
    order = [places[value] for value in plan.order if value in places]
    if plan.probabilities:
        table, rasters = _transitions(plan, values), plan.probabilities

        def most_probable(codes: Codes, tile: Tile) -> tuple[Codes, int]:
            read = [raster.read(tile).reshape(len(values), -1) for raster in rasters]
            return most_probable_sequences(codes, read, table)

        return [_Step(Text("Most probable sequence"), most_probable)]

    steps = [
        _Step(name, _plain(function))
        for filter_name, name, function in (
            (GAP_FILL, Text("Gap fill"), fill_gaps),
            (FIRST_YEAR, Text("First date"), lambda codes: replace_first(codes, order)),
            (LAST_YEAR, Text("Last date"), lambda codes: replace_last(codes, order)),
            *(
                (name, Text("Window of {count} dates", count=length), _window(length, order))
                for length, name in zip(WINDOWS, WINDOW_FILTERS, strict=True)
            ),
        )
        if filter_name in plan.names
    ]
    if plan.frequencies:
        fractions = {places[value]: part for value, part in plan.frequencies.items() if value in places}
        steps.append(_Step(Text("Frequency"), _plain(lambda codes: replace_rare(codes, fractions))))
    if plan.transitions:
        permitted = _transitions(plan, values) > 0
        steps.append(
            _Step(Text("Forbidden transitions"), lambda codes, _tile: permitted_sequences(codes, permitted))
        )
    return steps


def _plain(function: Callable[[Codes], Codes]) -> Callable[[Codes, Tile], tuple[Codes, int]]:
    return lambda codes, _tile: (function(codes), 0)


def _window(length: int, order: Sequence[int]) -> Callable[[Codes], Codes]:
    return lambda codes: replace_window(codes, length, order)


def _sums(codes: NDArray[np.integer], areas: _Areas, size: int) -> Float64Array:
    """Return the area of each code below ``size``."""
    if isinstance(areas, float):
        return np.multiply(np.bincount(codes, minlength=size), areas)
    return np.asarray(np.bincount(codes, weights=areas, minlength=size), dtype=np.float64)


class _Tally:
    """Sequences and areas, to which strips are added."""

    def __init__(self, dates: int, values: Sequence[int], most: int) -> None:
        self._values = tuple(values)
        self._dates = dates
        self._most = most
        self._base = len(values) + 1
        # Sequences are numbers where 63 bits hold them, which sorts many times faster.
        self._is_number = dates * np.log2(self._base) < 62
        self._found: dict[Any, tuple[int, float]] = {}
        self._dropped = (0, 0.0)
        self._matrices = np.zeros((dates - 1, len(values), len(values)))
        self._by_changes = np.zeros((dates, 2))
        self.before = np.zeros((dates, len(values)))
        self.after = np.zeros((dates, len(values)))
        self.pixels = self._incomplete = self.forbidden = 0

    def areas(self, codes: Codes, of_pixels: _Areas) -> Float64Array:
        """Return the area of each class at each date, shape (dates, classes)."""
        return np.stack([_sums(row, of_pixels, self._base)[1:] for row in codes])

    def add(self, codes: Codes, is_complete: BoolArray, of_pixels: _Areas) -> None:
        """Count the sequences of a strip that have a class at all dates."""
        self._incomplete += int(np.count_nonzero(codes.any(axis=0) & ~is_complete))
        places = np.flatnonzero(is_complete)
        if not len(places):
            return
        whole = codes[:, places].astype(np.int64) - 1
        areas = of_pixels if isinstance(of_pixels, float) else of_pixels[places]
        count = len(self._values)
        for number, (first, second) in enumerate(itertools.pairwise(whole)):
            self._matrices[number] += _sums(first * count + second, areas, count**2).reshape(count, count)
        changes = np.count_nonzero(whole[1:] != whole[:-1], axis=0)
        self._by_changes[:, 0] += np.bincount(changes, minlength=self._dates)
        self._by_changes[:, 1] += _sums(changes, areas, self._dates)
        for key, number, area in self._counted(whole, areas):
            pixels, hectares = self._found.get(key, (0, 0.0))
            self._found[key] = pixels + number, hectares + area
        if len(self._found) > self._most:
            self._drop()

    def _counted(self, whole: Int64Array, areas: _Areas) -> Iterator[tuple[Any, int, float]]:
        """Yield each sequence of a strip with its pixels and its area."""
        keys: NDArray[Any]
        if self._is_number:
            keys = np.zeros(whole.shape[1], dtype=np.int64)
            for row in whole:
                keys = keys * self._base + row
            if self._base**self._dates <= _MAX_COUNTED_KEYS:
                # Counting by position is many times faster than sorting.
                numbers = np.bincount(keys)
                sums = _sums(keys, areas, len(numbers))
                for key in np.flatnonzero(numbers).tolist():
                    yield key, int(numbers[key]), float(sums[key])
                return
        else:
            rows = np.ascontiguousarray(whole.T.astype(np.int16))
            keys = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
        occurring, members, numbers = np.unique(keys, return_inverse=True, return_counts=True)
        sums = _sums(members.ravel(), areas, len(occurring))
        plain = occurring.tolist() if self._is_number else [item.tobytes() for item in occurring]
        yield from zip(plain, numbers.tolist(), sums.tolist(), strict=True)

    def _drop(self) -> None:
        """Keep the larger half of the sequences."""
        order = sorted(self._found, key=lambda key: self._found[key], reverse=True)
        for key in order[self._most // 2 :]:
            pixels, hectares = self._found.pop(key)
            self._dropped = self._dropped[0] + pixels, self._dropped[1] + hectares

    def _sequence(self, key: Any) -> tuple[int, ...]:
        if not self._is_number:
            return tuple(self._values[place] for place in np.frombuffer(key, dtype=np.int16).tolist())
        places = []
        for _ in range(self._dates):
            key, place = divmod(key, self._base)
            places.append(place)
        return tuple(self._values[place] for place in reversed(places))

    def counts(self, effects: tuple[FilterEffect, ...]) -> TrajectoryCounts:
        """Return what was added."""
        sequences = [
            SequenceCount(self._sequence(key), pixels, hectares)
            for key, (pixels, hectares) in self._found.items()
        ]
        sequences.sort(key=lambda item: (-item.hectares, item.values))
        return TrajectoryCounts(
            tuple(sequences),
            self._dropped,
            tuple(self._matrices),
            self.before,
            self.after,
            tuple((int(pixels), float(area)) for pixels, area in self._by_changes),
            self._incomplete,
            self.pixels,
            effects,
            self.forbidden,
        )


def _write(
    writers: TrajectoryWriters, tile: Tile, codes: Codes, is_complete: BoolArray, values: Sequence[int]
) -> None:
    shape = tile.height, tile.width
    for writer, row in zip(writers.filtered, codes, strict=False):
        table = np.array([writer.nodata, *values])
        writer.write(tile, table[row].reshape(shape))
    is_change = (codes[1:] != codes[:-1]) & is_complete
    numbers = np.count_nonzero(is_change, axis=0)
    dates = np.array(writers.dates)
    first = dates[1:][np.argmax(is_change, axis=0)]
    last = dates[1:][len(is_change) - 1 - np.argmax(is_change[::-1], axis=0)]
    for writer, found in (
        (writers.changes, numbers),
        (writers.first, np.where(numbers > 0, first, 0)),
        (writers.last, np.where(numbers > 0, last, 0)),
    ):
        writer.write(tile, np.where(is_complete, found, writer.nodata).reshape(shape))
