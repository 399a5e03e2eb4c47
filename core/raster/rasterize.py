"""Rasterization of polygons and points.

Geometries are transformed to pixel coordinates (column, row) first, so that rotated and south-up rasters
need no special case.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from affine import Affine
from rasterio.features import rasterize

from ..arrays import Float64Array, Int64Array
from .grid import Grid

# Polygons are burnt in strips of about this many pixels, so that one the size of a province
# takes no more memory than one of a field.
_STRIP_PIXELS = 16_000_000


@dataclass(frozen=True, eq=False)
class PixelGeometry:
    """A polygon or point in pixel coordinates.

    Attributes:
        geometry: GeoJSON.
        area: Its area in pixels, holes subtracted; of points, their number.
        rows: First row and the row behind the last that it can touch, inside the raster.
        columns: The same for columns.
    """

    geometry: dict[str, Any]
    area: float
    rows: tuple[int, int]
    columns: tuple[int, int]

    @property
    def is_outside(self) -> bool:
        """Whether nothing of its bounding box lies in the raster."""
        return self.rows[0] >= self.rows[1] or self.columns[0] >= self.columns[1]

    @property
    def pixels(self) -> float:
        """About how many pixels of the raster it labels."""
        box = (self.rows[1] - self.rows[0]) * (self.columns[1] - self.columns[0])
        return 0.0 if self.is_outside else min(self.area, float(box))


def to_pixels(geometry: dict[str, Any], grid: Grid) -> PixelGeometry:
    """Return a GeoJSON polygon or point of the raster's CRS in pixel coordinates."""
    coordinates = _moved(geometry["coordinates"], grid)
    vertices = np.array(list(_vertices(coordinates)), dtype=np.float64).reshape(-1, 2)
    finite = len(vertices) > 0 and bool(np.isfinite(vertices).all())
    low = vertices.min(axis=0) if finite else np.zeros(2)
    high = vertices.max(axis=0) if finite else np.full(2, -1.0)
    return PixelGeometry(
        geometry={"type": geometry["type"], "coordinates": coordinates},
        area=_area(geometry["type"], coordinates) if finite else 0.0,
        rows=_span(low[1], high[1], grid.height),
        columns=_span(low[0], high[0], grid.width),
    )


def burn(shape: PixelGeometry) -> Iterator[tuple[Int64Array, Int64Array]]:
    """Yield the rows and columns of the pixels that ``shape`` labels, each pixel once.

    A polygon labels the pixels whose centres lie inside, a point the pixel that it falls in.
    """
    if shape.is_outside:
        return
    if shape.geometry["type"] in ("Point", "MultiPoint"):
        yield _burn_points(shape)
        return
    width = shape.columns[1] - shape.columns[0]
    step = max(1, _STRIP_PIXELS // width)
    for first in range(shape.rows[0], shape.rows[1], step):
        yield _burn_strip(shape, first, min(first + step, shape.rows[1]), all_touched=False)


def burn_touched(shape: PixelGeometry) -> tuple[Int64Array, Int64Array]:
    """Return the pixels that a polygon touches: for one so thin that it holds no centre."""
    return _burn_strip(shape, *shape.rows, all_touched=True)


def _burn_strip(
    shape: PixelGeometry, first: int, stop: int, *, all_touched: bool
) -> tuple[Int64Array, Int64Array]:
    left, right = shape.columns
    burnt = rasterize(
        [(shape.geometry, 1)],
        out_shape=(stop - first, right - left),
        transform=Affine.translation(left, first),
        all_touched=all_touched,
        dtype="uint8",
    )
    rows, columns = np.nonzero(burnt)
    return rows + first, columns + left


def _burn_points(shape: PixelGeometry) -> tuple[Int64Array, Int64Array]:
    places = np.floor(np.array(list(_vertices(shape.geometry["coordinates"])), dtype=np.float64))
    places = np.unique(places.reshape(-1, 2).astype(np.int64), axis=0)
    columns, rows = places[:, 0], places[:, 1]
    inside = (rows >= shape.rows[0]) & (rows < shape.rows[1])
    inside &= (columns >= shape.columns[0]) & (columns < shape.columns[1])
    return rows[inside], columns[inside]


def _span(low: float, high: float, size: int) -> tuple[int, int]:
    """Return the pixels from ``low`` to ``high`` that exist, as a half-open range."""
    return max(0, math.floor(low)), min(size, math.floor(high) + 1)


def _moved(coordinates: Any, grid: Grid) -> Any:
    """Return nested GeoJSON coordinates in pixel coordinates, heights dropped."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        row, column = grid.place(float(coordinates[0]), float(coordinates[1]))
        return [column, row]
    return [_moved(part, grid) for part in coordinates]


def _vertices(coordinates: Any) -> Iterator[list[float]]:
    if coordinates and isinstance(coordinates[0], float):
        yield coordinates
        return
    for part in coordinates:
        yield from _vertices(part)


def _area(kind: str, coordinates: Any) -> float:
    if kind == "Point":
        return 1.0
    if kind == "MultiPoint":
        return float(len(coordinates))
    polygons = [coordinates] if kind == "Polygon" else coordinates
    total = 0.0
    for rings in polygons:
        areas = [_ring_area(np.asarray(ring, dtype=np.float64)) for ring in rings]
        total += max(0.0, 2 * areas[0] - sum(areas)) if areas else 0.0
    return total


def _ring_area(ring: Float64Array) -> float:
    """Return the area of a closed ring of vertices (N, 2) by the shoelace formula."""
    if len(ring) < 3:
        return 0.0
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
