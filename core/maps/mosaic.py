"""Mosaic of neighbouring class maps: their common grid and classes, and the map that counts at each pixel.

>>> grid, places = mosaic_grid([raster.grid for raster in maps])
>>> classes = common_classes(maps, progress)
>>> for tile in grid_strips(grid, progress, "Joining the maps"):
...     joined = join(placed, tile)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import numpy as np
from rasterio.crs import CRS
from rasterio.warp import transform

from ..arrays import BoolArray, Float32Array, Float64Array, IntegerArray
from ..classes import (
    LandCoverClass,
    describe_classes,
    has_name,
    name_key,
    recoding,
)
from ..errors import ParameterError, RasterError, SampleError
from ..marks import KIND_ITEM
from ..progress import Progress
from ..raster.class_raster import ClassRaster, log_new_values, named_classes
from ..raster.grid import Grid, Tile, to_window
from ..text import Text

# Points along each side of a map at which its outline is brought onto another CRS.
_OUTLINE_POINTS = 33
# Outline in pixels that differs by rounding only.
_PIXEL_TOLERANCE = 1e-6
# A mosaic of so many times the pixels of its maps is mostly empty.
_MAX_EMPTY_RATIO = 20
_MAX_JOINED_RATIO = 1000
_DATE_ITEMS = ("ACQUISITION_DATE", "DATE_ACQUIRED", "SENSING_DATE", "DATE")
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[-_./]?(0[1-9]|1[0-2])(?:[-_./]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
_UNCERTAINTY, _HIGHEST = "uncertainty", "Highest probability"


@dataclass(frozen=True)
class Place:
    """Place of a map in a mosaic.

    Attributes:
        window: Pixels of the mosaic that the map lies in.
        is_aligned: Whether the pixels of the map are pixels of the mosaic. Others are resampled.
    """

    window: Tile
    is_aligned: bool


def mosaic_grid(grids: Sequence[Grid]) -> tuple[Grid, tuple[Place, ...]]:
    """Return the grid of a mosaic and the place of each map in it.

    The mosaic has the CRS, the pixel size and the pixel borders of the first map. In degrees, a map on the
    other side of the 180th meridian is placed beside the others.

    Args:
        grids: Grid of each map, at least one.

    Raises:
        RasterError: A map cannot be brought onto the first one's CRS, or the maps reach around the Earth.
    """
    base = grids[0]
    windows = [Place(base.window, True)]
    for grid in grids[1:]:
        windows.append(_placed(grid, base, _union([place.window for place in windows])))
    whole = _union([place.window for place in windows])
    if base.has_turns and whole.width * base.pixel_size[0] > 2 * _half_turn(base) * (1 + 1e-9):
        raise RasterError(
            "The maps reach further than once around the Earth",
            where=Text(
                "{width:.4g} degrees", width=180 * whole.width * base.pixel_size[0] / _half_turn(base)
            ),
            advice="Choose neighbouring maps, or project them.",
        )
    moved = tuple(replace(place, window=place.window.relative_to(whole)) for place in windows)
    return base.crop(whole), moved


def check_size(grid: Grid, places: Sequence[Place], own: Sequence[Grid], progress: Progress) -> None:
    """Refuse a mosaic of many times the pixels of its maps, and log a warning where most of it is empty.

    Args:
        grid: Grid of the mosaic.
        places: Place of each map.
        own: Grid of each map.
        progress: Progress reporter.

    Raises:
        RasterError: Maps lie on two continents, or have pixels that are far larger than those of the first.
    """
    pixels = sum(item.window.pixels for item in own)
    if grid.window.pixels > _MAX_JOINED_RATIO * pixels:
        raise RasterError(
            "The mosaic would have {pixels:,} pixels, and all maps together have {own:,}",
            where="INPUTS",
            advice="The maps lie too far apart, or have far larger pixels than the first one. Choose "
            "neighbouring maps, and put the one with the largest pixels first.",
            pixels=grid.window.pixels,
            own=pixels,
        )
    covered = sum(place.window.pixels for place in places)
    if grid.window.pixels > _MAX_EMPTY_RATIO * covered:
        progress.log(
            "The maps lie far apart: the mosaic has {pixels:,} pixels, and the maps only {covered:,}.",
            "warning",
            pixels=grid.window.pixels,
            covered=covered,
        )


def _placed(grid: Grid, base: Grid, taken: Tile) -> Place:
    """Return the place of a map, of the possible ones that which makes the mosaic smallest."""
    candidates: list[Place] = []
    turn = 2 * _half_turn(base)
    if CRS.from_wkt(grid.crs) == CRS.from_wkt(base.crs):
        a, b, c, d, e, f = grid.transform
        for offset in (0.0, turn, -turn) if turn else (0.0,):
            moved = replace(grid, transform=(a, b, c + offset, d, e, f))
            if base.shares_pixels_with(moved):
                row, column = (round(place) for place in base.place(*moved.position(0, 0)))
                candidates.append(Place(Tile(row, column, grid.height, grid.width), True))
    if not candidates:
        xs, ys = _outline(grid, base)
        for offset in (0.0, turn, -turn) if turn else (0.0,):
            rows, columns = base.place(xs + offset, ys)
            first, left = (int(np.floor(places.min() + _PIXEL_TOLERANCE)) for places in (rows, columns))
            last, right = (int(np.ceil(places.max() - _PIXEL_TOLERANCE)) for places in (rows, columns))
            candidates.append(Place(Tile(first, left, max(last - first, 1), max(right - left, 1)), False))
    return min(candidates, key=lambda place: _union([taken, place.window]).pixels)


def _outline(grid: Grid, base: Grid) -> tuple[Float64Array, Float64Array]:
    """Return x and y of points on the outline of a grid in the CRS of another one."""
    along = np.linspace(0.0, 1.0, _OUTLINE_POINTS)
    rows = np.concatenate([along, along, np.zeros_like(along), np.ones_like(along)]) * grid.height
    columns = np.concatenate([np.zeros_like(along), np.ones_like(along), along, along]) * grid.width
    xs, ys = grid.position(rows, columns)
    source, target = CRS.from_wkt(grid.crs), CRS.from_wkt(base.crs)
    if source != target:
        xs, ys = (np.asarray(values, dtype=np.float64) for values in transform(source, target, xs, ys))
    if not (np.isfinite(xs).all() and np.isfinite(ys).all()):
        raise RasterError(
            "A map cannot be brought onto the coordinate reference system of the first one",
            advice="Check the coordinate reference systems, or project the map first.",
        )
    half = _half_turn(base)
    if half and xs.max() - xs.min() > half:
        # The outline crosses the 180th meridian.
        xs = np.where(xs < 0, xs + 2 * half, xs)
    return xs, ys


def _half_turn(grid: Grid) -> float:
    """Return 180 degrees in the unit of a geographic CRS; 0 for any other."""
    if not grid.has_turns:
        return 0.0
    return float(np.pi / CRS.from_wkt(grid.crs).units_factor[1])


def _union(windows: Sequence[Tile]) -> Tile:
    row, column = min(item.row for item in windows), min(item.column for item in windows)
    row_stop, column_stop = max(item.row_stop for item in windows), max(item.column_stop for item in windows)
    return Tile(row, column, row_stop - row, column_stop - column)


def common_classes(maps: Sequence[ClassRaster], progress: Progress) -> None:
    """Give classes of the same name one value in all maps, that of the first map that has the class.

    Args:
        maps: Open maps, the first one leading.
        progress: Progress reporter.

    Raises:
        SampleError: Some names show that values differ, and others cannot be matched.
    """
    known: dict[int, LandCoverClass] = {}
    for raster in maps:
        theirs = raster.own_classes()
        changed = recoding(list(known.values()), theirs, str(raster.source)) if known else {}
        raster.recode(changed)
        if changed:
            log_new_values(raster, maps[0], theirs, changed, progress)
        for item in raster.own_classes():
            if item.value not in known or not has_name(item.value, known[item.value].name):
                known[item.value] = item


def mosaic_classes(
    maps: Sequence[ClassRaster], values: Sequence[Sequence[int]]
) -> tuple[LandCoverClass, ...]:
    """Return the classes of a mosaic: those of the first legend in its order, then those of the others.

    Args:
        maps: Open maps, after ``common_classes``.
        values: Values that occur in each map.

    Raises:
        SampleError: A value that occurs in several maps has different names.
    """
    named: dict[int, tuple[LandCoverClass, ClassRaster]] = {}
    order: dict[int, None] = {}
    for raster, occurring in zip(maps, values, strict=True):
        own = {item.value: item for item in raster.own_classes()}
        order |= dict.fromkeys(value for value in own if value in set(occurring))
        order |= dict.fromkeys(occurring)
        for value in occurring:
            item = own.get(value)
            if item is None or not has_name(value, item.name):
                continue
            first, source = named.setdefault(value, (item, raster))
            if name_key(first.name) != name_key(item.name):
                raise SampleError(
                    "The maps have different names for the same value: {first_class} in {first}, "
                    "{other_class} in {other}",
                    where=str(raster.source),
                    advice="Give the classes the same names with ‘Rename classes’, or other values with "
                    "‘Recode a map’.",
                    first_class=describe_classes([first]),
                    first=source.source.title,
                    other_class=describe_classes([item]),
                    other=raster.source.title,
                )
    found = {item.value: item for item in named_classes(maps, order)}
    return tuple(named[value][0] if value in named else found[value] for value in order)


class Probabilities:
    """Highest probability at each pixel of a map, from its raster of probabilities or of uncertainty.

    Args:
        dataset: Open rasterio dataset, or one that resamples it.
        file: Open rasterio dataset of the file.
    """

    def __init__(self, dataset: Any, file: Any) -> None:
        self._dataset = dataset
        kind, names = file.tags().get(KIND_ITEM, ""), file.descriptions
        is_uncertainty = kind == _UNCERTAINTY or (names and names[0] == _HIGHEST)
        self._bands = (1,) if is_uncertainty else tuple(range(1, file.count + 1))
        self._scale = float(file.scales[0] or 1.0)

    def read(self, tile: Tile) -> Float32Array:
        """Return the highest probability, 0 where it is not known, float32, shape (rows, columns)."""
        highest = np.zeros((tile.height, tile.width), dtype=np.float32)
        for band in self._bands:
            values = self._dataset.read(band, window=to_window(tile))
            known = self._dataset.read_masks(band, window=to_window(tile)) > 0
            scaled = np.where(known, values, 0).astype(np.float32) * np.float32(self._scale)
            highest = np.fmax(highest, np.where(np.isfinite(scaled), scaled, np.float32(0)))
        return highest


@dataclass(frozen=True, eq=False)
class PlacedMap:
    """Map at its place in a mosaic.

    Attributes:
        raster: Open map, on its own grid where it is aligned, else on the mosaic's pixels of its window.
        window: Pixels of the mosaic that the map lies in.
        probabilities: Its probabilities on the same grid; None without.
    """

    raster: ClassRaster
    window: Tile
    probabilities: Probabilities | None = None


@dataclass(frozen=True, eq=False)
class Joined:
    """Mosaic of some pixels.

    Attributes:
        values: Class values, integers, shape (rows, columns).
        source: Number of the map that each pixel is from, counted from 1; 0 without a class, uint8 or
            uint16, shape (rows, columns).
        pixels: Number of pixels with a class of each map.
        overlap: Number of pixels at which several maps have a class.
        equal: Number of these at which all of them have the same one.
    """

    values: IntegerArray
    source: IntegerArray
    pixels: tuple[int, ...]
    overlap: int
    equal: int


def join(maps: Sequence[PlacedMap], tile: Tile) -> Joined:
    """Return the mosaic of a tile.

    Each pixel is from the map with the highest probability where all maps have probabilities, else from the
    first one that has a class. Of equal probabilities the first one counts.

    Args:
        maps: Maps, the most important one first.
        tile: Pixels of the mosaic.
    """
    shape = tile.height, tile.width
    pixels = [0] * len(maps)
    parts: list[tuple[int, Tile, IntegerArray, BoolArray]] = []
    for number, item in enumerate(maps):
        part = _overlap(tile, item.window)
        if part is not None:
            stored, valid = item.raster.read_stored(part.relative_to(item.window))
            pixels[number] = int(np.count_nonzero(valid))
            if pixels[number]:
                parts.append((number, part, item.raster.recoded(stored), valid))
    dtype = np.result_type(np.uint8, *(own.dtype for _, _, own, _ in parts))
    values = np.zeros(shape, dtype=dtype)
    source = np.zeros(shape, dtype=np.min_scalar_type(len(maps)))
    overlap = _Agreement(shape)
    best: Float32Array | None = None
    for number, part, own, valid in parts:
        rows = part.relative_to(tile)
        place = slice(rows.row, rows.row_stop), slice(rows.column, rows.column_stop)
        overlap.add(place, own, valid, source[place] > 0)
        probabilities = maps[number].probabilities
        if probabilities is None:
            taken = valid & (source[place] == 0)
        else:
            if best is None:
                best = np.full(shape, -1.0, dtype=np.float32)
            probability = probabilities.read(part.relative_to(maps[number].window))
            taken = valid & (probability > best[place])
            np.copyto(best[place], probability, where=taken)
        np.copyto(values[place], own, where=taken)
        np.copyto(source[place], source.dtype.type(number + 1), where=taken)
    return Joined(values, source, tuple(pixels), *overlap.counts())


class _Agreement:
    """Pixels at which several maps have a class, and those of them at which all have the same one.

    Args:
        shape: Rows and columns of the mosaic's tile.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._first: IntegerArray | None = None
        self._several = self._differs = np.zeros((0, 0), dtype=np.bool_)

    def add(
        self, place: tuple[slice, slice], own: IntegerArray, valid: BoolArray, is_covered: BoolArray
    ) -> None:
        """Add a map.

        Args:
            place: Rows and columns of the tile that it covers.
            own: Class values of the map.
            valid: Whether it has a class.
            is_covered: Whether a map before it has one.
        """
        if self._first is None:
            self._first = np.zeros(self._shape, dtype=own.dtype)
            self._several, self._differs = (np.zeros(self._shape, dtype=np.bool_) for _ in range(2))
        self._first = self._first.astype(np.result_type(self._first, own), copy=False)
        both = valid & is_covered
        if both.any():
            self._several[place] |= both
            self._differs[place] |= both & (own != self._first[place])
        np.copyto(self._first[place], own, where=valid & ~is_covered)

    def counts(self) -> tuple[int, int]:
        """Return the number of pixels of several maps, and of those with one class."""
        overlap = int(np.count_nonzero(self._several))
        return overlap, overlap - int(np.count_nonzero(self._differs))


def _overlap(tile: Tile, window: Tile) -> Tile | None:
    row, column = max(tile.row, window.row), max(tile.column, window.column)
    height = min(tile.row_stop, window.row_stop) - row
    width = min(tile.column_stop, window.column_stop) - column
    return Tile(row, column, height, width) if height > 0 and width > 0 else None


def parse_dates(text: str, count: int) -> tuple[str, ...]:
    """Return the dates that a text lists, as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; none for an empty text.

    Args:
        text: Dates, separated by commas, semicolons or blanks.
        count: Number of dates that are needed.

    Raises:
        ParameterError: A date is malformed, or there are more or fewer.
    """
    dates = []
    for word in re.split(r"[,;\s]+", text.strip()):
        if not word:
            continue
        match = _DATE.fullmatch(word)
        if match is None:
            raise ParameterError(
                "{word!r} is not a date",
                where="DATES",
                advice="Write dates such as 2019-07-31, 2019-07 or 2019, separated by commas.",
                word=word,
            )
        dates.append("-".join(filter(None, match.groups())))
    if dates and len(dates) != count:
        raise ParameterError(
            "There are {dates} dates for {count} maps",
            where="DATES",
            advice="Give a date for each map, in the order of the maps.",
            dates=len(dates),
            count=count,
        )
    return tuple(dates)


def date_of(raster: ClassRaster) -> str:
    """Return the date that a map shows, from its metadata or its file name; empty where neither tells it.

    The date on which the file was written is not that of the scene.
    """
    items = raster.items
    written = next((items[name] for name in _DATE_ITEMS if items.get(name)), "")
    shown = [match.groups("") for match in _DATE.finditer(written)]
    shown = shown or [match.groups("") for match in _DATE.finditer(PurePath(raster.source.path).stem)]
    # Path and row of a Landsat name, such as 199012, look like a month. The first whole day is meant, if any.
    return "-".join(filter(None, max(shown, key=lambda parts: sum(map(bool, parts))))) if shown else ""


def by_date(dates: Sequence[str]) -> list[int]:
    """Return the positions of dates, the latest first; those of one date in their order.

    A year counts as its last day, so that it is not earlier than a day in it.
    """
    ends = [(date + "-99-99")[:10] for date in dates]
    # Equal dates keep their order in a reversed sort, too.
    return sorted(range(len(dates)), key=lambda number: ends[number], reverse=True)
