"""Rasterization of polygons and points.

Geometries are first transformed to pixel coordinates (column, row), so that rotated and south-up rasters
need no special case.

>>> shape = to_pixels({"type": "Polygon", "coordinates": rings}, grid)
>>> for rows, columns in burn(shape):
...     labels[rows, columns] = 3
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

MAX_STRIP_PIXELS = 16_000_000
"""Pixels that are rasterized at a time, approximately.

A polygon of the size of a province therefore takes no more memory than a field.
"""
# Coordinates that miss the edge of a pixel by less lie on it. The rounding of a reprojection is smaller.
_ROUNDING_PIXELS = 1e-6
# Vertices from which on a ring is transformed as an array.
_MIN_RING = 8


@dataclass(frozen=True, eq=False)
class PixelGeometry:
    """Polygon or point in pixel coordinates.

    Attributes:
        geometry: GeoJSON geometry with coordinates (column, row).
        area: Area in pixels without holes; for points, their number.
        rows: First row of the bounding box and the row after its last, inside the raster.
        columns: First column of the bounding box and the column after its last, inside the raster.
    """

    geometry: dict[str, Any]
    area: float
    rows: tuple[int, int]
    columns: tuple[int, int]

    @property
    def is_outside(self) -> bool:
        """Whether the bounding box lies outside the raster."""
        return self.rows[0] >= self.rows[1] or self.columns[0] >= self.columns[1]

    @property
    def pixels(self) -> float:
        """Approximate number of pixels of the raster that the geometry covers."""
        box = (self.rows[1] - self.rows[0]) * (self.columns[1] - self.columns[0])
        return 0.0 if self.is_outside else min(self.area, float(box))


def to_pixels(geometry: dict[str, Any], grid: Grid) -> PixelGeometry:
    """Return a geometry in pixel coordinates.

    In a geographic CRS, the parts of the geometry are moved by full turns onto the raster (``Grid.turns``).

    Args:
        geometry: GeoJSON polygon or point, single or multi, in the raster's CRS.
        grid: Grid of the raster.
    """
    geometry = _turned(geometry, grid)
    coordinates = _to_pixel_coordinates(geometry["coordinates"], grid)
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


def burn(
    shape: PixelGeometry, max_strip_pixels: int = MAX_STRIP_PIXELS
) -> Iterator[tuple[Int64Array, Int64Array]]:
    """Yield rows and columns (N,) of the pixels that a geometry covers, each pixel once.

    A polygon covers the pixels whose centres lie inside it. A point covers the pixel that it lies in; on an
    edge, the one to the right or below.

    Args:
        shape: Polygon or point in pixel coordinates.
        max_strip_pixels: Pixels to rasterize at a time, approximately.
    """
    if shape.is_outside:
        return
    if shape.geometry["type"] in ("Point", "MultiPoint"):
        yield _burn_points(shape)
        return
    width = shape.columns[1] - shape.columns[0]
    step = max(1, max_strip_pixels // width)
    for first in range(shape.rows[0], shape.rows[1], step):
        yield _burn_strip(shape, first, min(first + step, shape.rows[1]), all_touched=False)


def burn_touched(shape: PixelGeometry) -> tuple[Int64Array, Int64Array]:
    """Return rows and columns (N,) of all pixels that a polygon touches.

    This is for polygons so thin that they contain no pixel centre.
    """
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
    """Return the existing pixels from ``low`` to ``high`` as a half-open range."""
    return max(0, math.floor(low)), min(size, math.floor(high) + 1)


def _turned(geometry: dict[str, Any], grid: Grid) -> dict[str, Any]:
    """Return a geometry whose parts have the raster's longitudes, a polygon twice if it reaches both ends."""
    if not grid.has_turns:
        return geometry
    kind = geometry["type"]
    is_multiple = kind.startswith("Multi")
    parts = geometry["coordinates"] if is_multiple else [geometry["coordinates"]]
    turned: list[Any] = []
    for part in parts:
        xs = [float(vertex[0]) for vertex in _vertices(part)]
        offsets = grid.turns(min(xs), max(xs)) if xs else (0.0,)
        # A point has one place.
        for offset in offsets if kind.endswith("Polygon") else offsets[:1]:
            turned.append(_moved(part, offset) if offset else part)
    if not is_multiple and len(turned) == 1:
        return {"type": kind, "coordinates": turned[0]}
    return {"type": kind if is_multiple else f"Multi{kind}", "coordinates": turned}


def _moved(coordinates: Any, offset: float) -> Any:
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [coordinates[0] + offset, *coordinates[1:]]
    return [_moved(part, offset) for part in coordinates]


def _to_pixel_coordinates(coordinates: Any, grid: Grid) -> Any:
    """Return nested GeoJSON coordinates in pixel coordinates, without heights."""
    if len(coordinates) > _MIN_RING and isinstance(coordinates[0][0], (int, float)):
        # All vertices of a ring at once, which is many times faster.
        x, y = np.array([vertex[:2] for vertex in coordinates], dtype=np.float64).T
        places = np.stack(grid.place(x, y)[::-1], axis=1)
        edges = np.round(places)
        return np.where(np.abs(places - edges) < _ROUNDING_PIXELS, edges, places).tolist()
    if coordinates and isinstance(coordinates[0], (int, float)):
        row, column = grid.place(float(coordinates[0]), float(coordinates[1]))
        return [_on_edge(column), _on_edge(row)]
    return [_to_pixel_coordinates(part, grid) for part in coordinates]


def _on_edge(place: float) -> float:
    """Return the edge of a pixel for a coordinate that misses it by rounding alone.

    So a point on the corner of four pixels belongs to the lower right one, as GDAL has it.
    """
    edge = round(place) if math.isfinite(place) else place
    return float(edge) if abs(place - edge) < _ROUNDING_PIXELS else place


def _vertices(coordinates: Any) -> Iterator[list[float]]:
    if coordinates and isinstance(coordinates[0], (int, float)):
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
    """Return the area of a closed ring of vertices (N, 2) by the shoelace formula, in square units."""
    if len(ring) < 3:
        return 0.0
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
