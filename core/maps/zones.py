"""Zones: polygons of a layer, which may overlap, and tables of what a raster holds in each of them.

Features with one value of the zone field are one zone. A pixel counts for each zone that covers it, and for
one zone once, by its centre or by the fraction of its area inside.

>>> zones = read_zones(path, raster.grid, fractional=False)
>>> tables = ZoneTables(zones, pixel_areas(raster.grid))
>>> for tile in strips(raster, progress, "Counting the map’s classes"):
...     tables.add(tile, *raster.read(tile))
>>> tables.sizes()[0].hectares            # hectares by value within the zone zones.names[0]
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import BoolArray, Float64Array, IntegerArray
from ..errors import ParameterError
from ..progress import Progress
from ..raster.coverage import PolygonEdges, centres_inside, fractions_inside, polygon_edges
from ..raster.grid import Grid, Tile
from ..raster.pixel_area import PixelAreas
from ..raster.rasterize import to_pixels
from ..text import Text
from .areas import count_classes, sum_by_class

_MAX_LISTED = 8
# Zones whose bounding box takes at least this part of a tile are counted together, if values are small.
_LAYER_FRACTION, _LAYER_VALUES = 64, 256
_PART_PIXELS = 1_000_000


@dataclass(frozen=True, eq=False)
class Zone:
    """Polygons of one value of the zone field.

    Attributes:
        name: Value of the zone field as text.
        parts: Edges of each polygon in pixel coordinates.
        features: Index of each feature of the layer that belongs to the zone, in the order of the layer.
        is_cut: Whether the zone reaches beyond the raster.
    """

    name: str
    parts: tuple[PolygonEdges, ...]
    features: tuple[int, ...]
    is_cut: bool

    def of(self, tile: Tile, fractional: bool = False) -> tuple[Tile, BoolArray | Float64Array] | None:
        """Return the pixels of a tile that lie in the zone.

        Args:
            tile: Pixels of the raster.
            fractional: Whether to return fractions of the pixels' areas instead of whether their centres lie
                inside.

        Returns:
            The part of the tile that the zone's bounding box touches, and the pixels of this part: bool or
            float64 from 0 to 1, shape (rows, columns). None where it touches no pixel. Of features of one
            zone that overlap, a pixel counts once by its centre; fractions are added up to 1 at most.
        """
        touching = [(part, box) for part in self.parts if (box := part.within(tile)) is not None]
        if not touching:
            return None
        first = min(box.row for _, box in touching)
        left = min(box.column for _, box in touching)
        height = max(box.row_stop for _, box in touching) - first
        width = max(box.column_stop for _, box in touching) - left
        whole = Tile(first, left, height, width)
        inside: Any = np.zeros((height, width), dtype=np.float64 if fractional else np.bool_)
        for part, box in touching:
            there = box.relative_to(whole)
            view = inside[there.row : there.row_stop, there.column : there.column_stop]
            if fractional:
                np.minimum(view + fractions_inside(part, box), 1.0, out=view)
            else:
                view |= centres_inside(part, box)
        return whole, inside


@dataclass(frozen=True, eq=False)
class Zones:
    """Zones of a layer on the grid of a raster.

    Attributes:
        field: Name of the zone field; empty where each feature is a zone.
        items: Zones, sorted by their values: numbers by size, text by the alphabet.
        fractional: Whether pixels count by the fraction of their area inside, instead of by their centres.
    """

    field: str
    items: tuple[Zone, ...]
    fractional: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each zone."""
        return tuple(item.name for item in self.items)

    def of(self, tile: Tile) -> Iterator[tuple[int, Tile, BoolArray | Float64Array]]:
        """Yield the index of each zone that touches a tile, and its pixels as ``Zone.of`` returns them."""
        for number, zone in enumerate(self.items):
            part = zone.of(tile, self.fractional)
            if part is not None:
                yield number, *part


@dataclass(frozen=True, eq=False)
class ZoneSize:
    """Pixels and area of each value of a raster within a zone.

    Attributes:
        pixels: Number of pixels by value; whole numbers unless pixels count by fractions.
        hectares: Area in hectares by value.
        unclassified: Number of pixels of the raster in the zone that have no value.
    """

    pixels: dict[int, float]
    hectares: dict[int, float]
    unclassified: float

    @property
    def total_hectares(self) -> float:
        """Area with a value in hectares."""
        return sum(self.hectares.values())


class ZoneTables:
    """Pixels and hectares of each value of a raster in each zone, added up tile by tile.

    The result does not depend on the tiles. Values may be classes, or codes of transitions. They are counted
    fastest where they lie between 0 and 65,535.

    Args:
        zones: Zones on the grid of the raster.
        areas: Areas of the raster's pixels.
    """

    def __init__(self, zones: Zones, areas: PixelAreas) -> None:
        self.zones = zones
        self._areas = areas
        self._pixels: list[Counter[int]] = [Counter() for _ in zones.items]
        self._hectares: list[Counter[int]] = [Counter() for _ in zones.items]
        self._unclassified = [0.0] * len(zones.items)

    def add(self, tile: Tile, values: IntegerArray, valid: BoolArray) -> None:
        """Count the pixels of a tile; each pixel of the raster is to be counted once.

        Args:
            tile: Pixels of the raster.
            values: Value of each pixel, whole numbers, shape (rows, columns).
            valid: Whether each pixel has a value, shape (rows, columns).
        """
        # In parts, so that the arrays between stay small.
        step = max(1, _PART_PIXELS // max(tile.width, 1))
        for first in range(0, tile.height, step):
            rows = slice(first, min(first + step, tile.height))
            part = Tile(tile.row + first, tile.column, rows.stop - first, tile.width)
            self._add_part(part, values[rows], valid[rows])

    def _add_part(self, tile: Tile, values: IntegerArray, valid: BoolArray) -> None:
        areas = self._areas.of(tile)
        layer = _Layer(values, valid) if not self.zones.fractional else None
        for number, whole, inside in self.zones.of(tile):
            box = whole.relative_to(tile)
            place = slice(box.row, box.row_stop), slice(box.column, box.column_stop)
            is_large = _LAYER_FRACTION * whole.pixels >= tile.pixels
            if layer is not None and is_large and layer.paint(number, place, inside):
                continue
            self._add_zone(
                number, values[place], valid[place], np.broadcast_to(areas, valid.shape)[place], inside
            )
        if layer is not None:
            for number, counts, without, sums in layer.tables(areas, self._areas.are_equal):
                self._count(number, counts, without, sums)

    def _add_zone(
        self, number: int, values: IntegerArray, valid: BoolArray, areas: Float64Array, inside: Any
    ) -> None:
        """Count the pixels of one zone."""
        if self.zones.fractional:
            counted = (inside > 0) & valid
            without = float(inside[~valid].sum())
        else:
            counted = inside & valid
            without = float(np.count_nonzero(inside) - np.count_nonzero(counted))
        taken = values[counted]
        weights = np.asarray(inside[counted], dtype=np.float64) if self.zones.fractional else np.ones(1)
        counts: Mapping[int, float] = (
            sum_by_class(taken, weights) if self.zones.fractional else count_classes(taken)
        )
        if self._areas.are_equal:
            pixel = float(areas.flat[0]) if areas.size else 0.0
            sums: Mapping[int, float] = {value: count * pixel for value, count in counts.items()}
        else:
            sums = sum_by_class(taken, areas[counted] * weights)
        self._count(number, counts, without, sums)

    def _count(
        self, number: int, counts: Mapping[int, float], without: float, sums: Mapping[int, float]
    ) -> None:
        self._pixels[number].update(counts)
        self._unclassified[number] += without
        self._hectares[number].update(sums)

    def sizes(self) -> tuple[ZoneSize, ...]:
        """Return the table of each zone, in the order of the zones, values in order."""
        return tuple(
            ZoneSize(
                {value: pixels[value] for value in sorted(pixels)},
                {value: float(hectares[value]) for value in sorted(pixels)},
                unclassified,
            )
            for pixels, hectares, unclassified in zip(
                self._pixels, self._hectares, self._unclassified, strict=True
            )
        )


class _Layer:
    """Zones of a tile that do not overlap, counted all at once.

    Args:
        values: Value of each pixel, shape (rows, columns).
        valid: Whether each pixel has a value, shape (rows, columns).
    """

    def __init__(self, values: IntegerArray, valid: BoolArray) -> None:
        self._values = values
        self._valid = valid
        self._numbers: list[int] = []
        self._painted = np.zeros((0, 0), dtype=np.uint16)
        self._fits: bool | None = None

    def paint(self, number: int, place: tuple[slice, slice], inside: Any) -> bool:
        """Add a zone, and return True; False where it overlaps another one, or values are not small."""
        if self._fits is None:
            values = self._values
            self._fits = values.size > 0 and values.min() >= 0 and values.max() < _LAYER_VALUES
            if self._fits:
                self._painted = np.zeros(values.shape, dtype=np.uint16)
        if not self._fits or len(self._numbers) == np.iinfo(np.uint16).max:
            return False
        view = self._painted[place]
        if np.any(inside & (view != 0)):
            return False
        self._numbers.append(number)
        np.copyto(view, len(self._numbers), where=inside)
        return True

    def tables(
        self, areas: Float64Array, are_equal: bool
    ) -> Iterator[tuple[int, dict[int, float], float, dict[int, float]]]:
        """Yield the zone, pixels by value, pixels without a value, and hectares by value of each zone."""
        if not self._numbers:
            return
        width = _LAYER_VALUES + 1
        keys = self._painted.astype(np.int64)
        keys *= width
        keys += self._values
        if not self._valid.all():
            np.copyto(keys, self._painted.astype(np.int64) * width + _LAYER_VALUES, where=~self._valid)
        flat = keys.ravel()
        shape = (len(self._numbers) + 1, width)
        counts = np.bincount(flat, minlength=shape[0] * width).reshape(shape)
        if are_equal:
            sums = np.asarray(counts * float(areas[0, 0]), dtype=np.float64)
        else:
            weights = np.broadcast_to(areas, self._valid.shape).ravel()
            sums = np.bincount(flat, weights, shape[0] * width).reshape(shape).astype(np.float64)
        for place, number in enumerate(self._numbers, start=1):
            values = np.flatnonzero(counts[place, :_LAYER_VALUES]).tolist()
            yield (
                number,
                {value: int(counts[place, value]) for value in values},
                float(counts[place, _LAYER_VALUES]),
                {value: float(sums[place, value]) for value in values},
            )


def read_zones(path: Path, grid: Grid, field: str = "", fractional: bool = False) -> Zones:
    """Read zones from JSON lines.

    A line is ``{"geometry": <GeoJSON polygon>, "zone": 3 or "North", "feature": 0}``.

    Args:
        path: Path of the file.
        grid: Grid of the raster, in whose CRS the polygons are.
        field: Name of the zone field; empty where each feature is a zone.
        fractional: Whether pixels count by the fraction of their area inside.

    Raises:
        ParameterError: The file holds no polygon, or no polygon touches the raster.
    """
    parts: dict[str | float, list[tuple[PolygonEdges, int, bool]]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            record = json.loads(line)
            geometry = record.get("geometry")
            if not geometry or geometry.get("type") not in ("Polygon", "MultiPolygon"):
                continue
            edges = polygon_edges(to_pixels(geometry, grid))
            parts.setdefault(_key(record["zone"]), []).append(
                (edges, int(record["feature"]), _reaches_beyond(edges, grid))
            )
    if not parts:
        raise ParameterError(
            "The zones have no polygons", where="ZONES", advice="Choose a polygon layer with features."
        )
    if not any(edges.box.pixels for items in parts.values() for edges, _, _ in items):
        raise ParameterError(
            "No zone lies in the map",
            where="ZONES",
            advice="Check that both cover the same area and that their coordinate reference systems are "
            "right.",
        )
    return Zones(
        field,
        tuple(
            Zone(
                _name(key),
                tuple(edges for edges, _, _ in items),
                tuple(feature for _, feature, _ in items),
                any(is_cut for _, _, is_cut in items),
            )
            for key, items in sorted(parts.items(), key=lambda item: _order(item[0]))
        ),
        fractional,
    )


def log_zones(zones: Zones, sizes: tuple[ZoneSize, ...], advice: Text, progress: Progress) -> None:
    """Log which zones lie outside the raster, reach beyond it, or contain no centre of a pixel.

    Args:
        zones: Zones.
        sizes: Table of each zone.
        advice: How zones smaller than a pixel can be measured with the tool, as a sentence.
        progress: Progress reporter.
    """
    outside = [zone.name for zone in zones.items if not any(part.box.pixels for part in zone.parts)]
    cut = [zone.name for zone in zones.items if zone.is_cut and zone.name not in outside]
    empty = [
        zone.name
        for zone, size in zip(zones.items, sizes, strict=True)
        if not size.pixels and not size.unclassified and zone.name not in outside
    ]
    if outside:
        progress.log(
            "{count:,} zones lie outside the map and have no area in it: {zones}.",
            "warning",
            count=len(outside),
            zones=listed(outside),
        )
    if cut:
        progress.log(
            "{count:,} zones reach beyond the map; only their parts within the map are counted: {zones}.",
            "warning",
            count=len(cut),
            zones=listed(cut),
        )
    if empty:
        progress.log(
            "{count:,} zones are so small that they contain no centre of a pixel: {zones}. {advice}",
            "warning",
            count=len(empty),
            zones=listed(empty),
            advice=advice,
        )


def listed(names: list[str]) -> str:
    """Return names for a message, the first ones only where there are many."""
    return ", ".join([*names[:_MAX_LISTED], *(["…"] if len(names) > _MAX_LISTED else [])])


def _reaches_beyond(edges: PolygonEdges, grid: Grid) -> bool:
    if not len(edges.rows):
        return False
    rows, columns, tolerance = edges.rows, edges.columns, 0.5
    return bool(
        rows.min() < -tolerance
        or columns.min() < -tolerance
        or rows.max() > grid.height + tolerance
        or columns.max() > grid.width + tolerance
    )


def _key(value: Any) -> str | float:
    """Return a value of the zone field such that 3 and 3.0 are one zone."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return value


def _name(key: str | float) -> str:
    return str(int(key)) if isinstance(key, float) and key.is_integer() else str(key)


def _order(key: str | float) -> tuple[int, float, str]:
    return (1, 0.0, key.casefold()) if isinstance(key, str) else (0, float(key), "")
