"""Pixel areas in hectares on the ground.

In a CRS in degrees, and in a projection that distorts areas, pixels differ in area:

>>> areas = pixel_areas(grid)
>>> areas.of(tile)            # areas of the pixels of a tile
>>> areas.at(rows, columns)   # areas of single pixels
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.enums import WktVersion
from rasterio.errors import CRSError
from rasterio.warp import transform
from scipy.ndimage import distance_transform_edt

from ..arrays import Float64Array, Int64Array
from ..text import Text
from .grid import Grid, Tile

SQUARE_METRES_PER_HECTARE = 10_000.0
MIN_DISTORTION = 0.01
"""Relative error of a projection's areas from which areas are measured on the ellipsoid instead."""
# Semi-major axis in metres and inverse flattening, in WKT 1 and WKT 2.
_ELLIPSOID = re.compile(r'(?:SPHEROID|ELLIPSOID)\["[^"]*",\s*([\d.eE+]+),\s*([\d.eE+]+)')
_WGS84 = (6_378_137.0, 298.257223563)
# Nodes along a side of the raster at which the scale of areas is measured: at first, and where areas are
# distorted.
_FIRST_NODES, _MAX_NODES = 17, 129
# Half the side of the square that is measured at a node, in metres: far above the precision of an inverse
# projection, and small compared with the Earth.
_HALF_SIDE = 100.0


@dataclass(frozen=True, eq=False)
class AreaScale:
    """Scale of areas of a projection over a raster, at the nodes of a lattice.

    Attributes:
        rows: Row of each node, in pixels from the raster's corner, shape (R,).
        columns: Column of each node, in pixels from the raster's corner, shape (C,).
        logarithms: Natural logarithm of the area on the ellipsoid divided by the area in the
            projection, shape (R, C).
    """

    rows: Float64Array
    columns: Float64Array
    logarithms: Float64Array

    @property
    def bounds(self) -> tuple[float, float]:
        """Smallest and largest ratio of the area in the projection to the area on the ellipsoid."""
        return float(np.exp(-self.logarithms.max())), float(np.exp(-self.logarithms.min()))

    @property
    def error(self) -> float:
        """Largest relative error of the projection's areas."""
        least, most = self.bounds
        return max(1 - least, most - 1)

    def of(self, tile: Tile) -> Float64Array:
        """Return the area on the ellipsoid divided by the area in the projection, shape (rows, columns)."""
        above, down = _between(self.rows, np.arange(tile.row, tile.row_stop, dtype=np.float64) + 0.5)
        left, right = _between(self.columns, np.arange(tile.column, tile.column_stop, dtype=np.float64) + 0.5)
        by_row = self.logarithms[above] * (1 - down[:, None]) + self.logarithms[above + 1] * down[:, None]
        return np.asarray(np.exp(by_row[:, left] * (1 - right) + by_row[:, left + 1] * right))


@dataclass(frozen=True, eq=False)
class PixelAreas:
    """Areas of a grid's pixels in hectares.

    Attributes:
        grid: Grid of the raster.
        scale: Scale of areas of a projection that distorts them; None where the areas in the CRS are used.
    """

    grid: Grid
    scale: AreaScale | None

    @cached_property
    def are_equal(self) -> bool:
        """Whether all pixels have the same area."""
        return self.scale is None and not CRS.from_wkt(self.grid.crs).is_geographic

    def of(self, tile: Tile) -> Float64Array:
        """Return the areas of a tile's pixels in hectares.

        The shape is (rows, columns), or (rows, 1) where all pixels of a row have the same area.
        """
        rows = _hectares(self.grid, np.arange(tile.row, tile.row_stop, dtype=np.float64))[:, None]
        return rows if self.scale is None else rows * self.scale.of(tile)

    def at(self, rows: Int64Array, columns: Int64Array) -> Float64Array:
        """Return the areas of single pixels in hectares, shape (N,).

        Args:
            rows: Row of each pixel, int64, shape (N,); may lie outside the grid.
            columns: Column of each pixel, int64, shape (N,); may lie outside the grid.
        """
        first, left = rows.astype(np.float64), columns.astype(np.float64)
        in_crs = _hectares(self.grid, first)
        if self.scale is None or not len(rows):
            return in_crs
        ground = _ground_per_plane(self.grid, first + 0.5, left + 0.5)
        # Outside the projection's domain the scale is not defined.
        return np.asarray(in_crs * np.where(np.isfinite(ground), ground, 1.0), dtype=np.float64)


def pixel_areas(grid: Grid) -> PixelAreas:
    """Return the areas of a grid's pixels.

    In degrees, and in a projection whose areas are wrong by 1 % or more somewhere in the raster, such as
    Web Mercator, areas are measured on the CRS's ellipsoid. Otherwise they are those of the projection,
    as in any GIS.
    """
    scale = area_scale(grid)
    return PixelAreas(grid, scale if scale is not None and scale.error >= MIN_DISTORTION else None)


@dataclass(frozen=True, eq=False)
class EdgeLengths:
    """Lengths of the edges of a grid's pixels in metres, at the nodes of a lattice.

    Attributes:
        rows: Row of each node, shape (R,).
        columns: Column of each node, shape (C,).
        horizontal: Length of a pixel's upper or lower edge, shape (R, C).
        vertical: Length of a pixel's left or right edge, shape (R, C).
    """

    rows: Float64Array
    columns: Float64Array
    horizontal: Float64Array
    vertical: Float64Array

    def across(self, rows: Float64Array, columns: Float64Array) -> Float64Array:
        """Return the length of a horizontal edge at each place, shape (N,)."""
        return self._at(self.horizontal, rows, columns)

    def down(self, rows: Float64Array, columns: Float64Array) -> Float64Array:
        """Return the length of a vertical edge at each place, shape (N,)."""
        return self._at(self.vertical, rows, columns)

    def _at(self, lengths: Float64Array, rows: Float64Array, columns: Float64Array) -> Float64Array:
        if lengths.size == 1:
            return np.full(len(rows), lengths[0, 0])
        above, down = _between(self.rows, rows)
        if len(self.columns) == 1:
            return np.asarray(lengths[above, 0] * (1 - down) + lengths[above + 1, 0] * down)
        left, right = _between(self.columns, columns)
        upper = lengths[above, left] * (1 - right) + lengths[above, left + 1] * right
        lower = lengths[above + 1, left] * (1 - right) + lengths[above + 1, left + 1] * right
        return np.asarray(upper * (1 - down) + lower * down)


def edge_lengths(grid: Grid) -> EdgeLengths:
    """Return the lengths of a grid's pixel edges in metres.

    In degrees, and in a projection whose lengths are wrong by 1 % or more somewhere in the raster, they are
    measured on the CRS's ellipsoid. Otherwise they are those of the projection.
    """
    crs = CRS.from_wkt(grid.crs)
    if crs.is_geographic:
        is_upright = grid.transform[1] == grid.transform[3] == 0
        # In an upright raster in degrees, lengths depend on the row alone.
        rows = np.arange(grid.height + 1.0) if is_upright else _nodes(grid.height, _MAX_NODES)
        columns = np.array([grid.width / 2]) if is_upright else _nodes(grid.width, _MAX_NODES)
        return _measured_edges(grid, crs, rows, columns)
    width, height = grid.pixel_size
    metres = float(crs.linear_units_factor[1]) if crs.is_projected else 1.0
    plane = np.array([[width * metres]]), np.array([[height * metres]])
    if crs.is_projected:
        nodes = _nodes(grid.height, _FIRST_NODES), _nodes(grid.width, _FIRST_NODES)
        first = _measured_edges(grid, crs, *nodes)
        ratios = np.concatenate([first.horizontal / plane[0], first.vertical / plane[1]])
        if np.isfinite(ratios).any() and np.nanmax(np.abs(ratios - 1)) >= MIN_DISTORTION:
            nodes = _nodes(grid.height, _MAX_NODES), _nodes(grid.width, _MAX_NODES)
            measured = _measured_edges(grid, crs, *nodes)
            # Outside the projection's domain no pixel has a class.
            return replace(
                measured,
                horizontal=np.where(np.isfinite(measured.horizontal), measured.horizontal, plane[0]),
                vertical=np.where(np.isfinite(measured.vertical), measured.vertical, plane[1]),
            )
    return EdgeLengths(np.zeros(1), np.zeros(1), *plane)


def _measured_edges(grid: Grid, crs: CRS, rows: Float64Array, columns: Float64Array) -> EdgeLengths:
    """Return the lengths of edges on the ellipsoid, centred at some rows and columns."""
    across, down = (item.ravel() for item in np.meshgrid(columns, rows))

    def point(row: Float64Array, column: Float64Array) -> Float64Array:
        x, y = grid.position(row, column)
        radians = float(crs.units_factor[1])
        longitudes, latitudes = (x * radians, y * radians) if crs.is_geographic else _degrees(crs, x, y)
        return _on_ellipsoid(grid.crs, longitudes, latitudes)

    def length(row: float, column: float) -> Float64Array:
        # Chords are measured, which are shorter than geodesics by less than a millionth for pixels of 30 km.
        ends = point(down + row, across + column), point(down - row, across - column)
        lengths = np.linalg.norm(ends[0] - ends[1], axis=1)
        return np.asarray(lengths.reshape(len(rows), len(columns)))

    return EdgeLengths(rows, columns, length(0.0, 0.5), length(0.5, 0.0))


def pixel_hectares(grid: Grid) -> Float64Array:
    """Return the area of a pixel of each row in the CRS, in hectares, shape (rows,).

    In degrees it is the geodesic area on the CRS's ellipsoid, between two meridians and two parallels
    (Snyder 1987, https://doi.org/10.3133/pp1395, equation 3-12). In a rotated raster in degrees it is
    the area of the parallelogram in the middle of the row.
    """
    return _hectares(grid, np.arange(grid.height, dtype=np.float64))


def distortion_notes(grid: Grid) -> tuple[str, ...]:
    """Return the note that areas of the map's projection are not used; empty where they are used."""
    scale = pixel_areas(grid).scale
    if scale is None:
        return ()
    least, most = scale.bounds
    return (
        Text(
            "The map’s coordinate reference system shows areas at {low:.3g} to {high:.3g} "
            "times their size on the ground. The area of each pixel was therefore measured on "
            "the ellipsoid. Hectares and the weights of sampled points refer to the ground.",
            low=least,
            high=most,
        ),
    )


@lru_cache(maxsize=16)
def area_scale(grid: Grid) -> AreaScale | None:
    """Return the scale of areas of a projection over a raster.

    It is measured by transforming squares of 200 m from the projection to the ellipsoid.

    Returns:
        The scale; None in degrees, and where no point of the raster can be transformed.
    """
    if not CRS.from_wkt(grid.crs).is_projected:
        return None
    first = _scale(grid, _FIRST_NODES)
    if first is None or first.error < MIN_DISTORTION / 2:
        return first
    return _scale(grid, _MAX_NODES)


def _scale(grid: Grid, nodes: int) -> AreaScale | None:
    rows, columns = _nodes(grid.height, nodes), _nodes(grid.width, nodes)
    across, down = np.meshgrid(columns, rows)
    ground = _ground_per_plane(grid, down.ravel(), across.ravel()).reshape(down.shape)
    is_known = np.isfinite(ground) & (ground > 0)
    if not is_known.any():
        return None
    # Nodes outside the projection's domain take the scale of the nearest node. No pixel there has a class.
    nearest = distance_transform_edt(~is_known, return_distances=False, return_indices=True)
    return AreaScale(rows, columns, np.log(ground[tuple(nearest)]))


def _nodes(size: int, most: int) -> Float64Array:
    """Return at least two positions from the centre of the first pixel to that of the last."""
    return np.linspace(0.5, max(size - 0.5, 1.5), min(max(size, 2), most))


def _between(nodes: Float64Array, places: Float64Array) -> tuple[Int64Array, Float64Array]:
    """Return the node before each position, and the position between it (0) and the next node (1)."""
    before = np.clip(np.searchsorted(nodes, places, side="right") - 1, 0, len(nodes) - 2)
    return before, (places - nodes[before]) / (nodes[before + 1] - nodes[before])


def _ground_per_plane(grid: Grid, rows: Float64Array, columns: Float64Array) -> Float64Array:
    """Return the area on the ellipsoid divided by that in the projection (N,); NaN outside its domain."""
    crs = CRS.from_wkt(grid.crs)
    metres = float(crs.linear_units_factor[1])
    step = _HALF_SIDE / metres
    x, y = grid.position(rows, columns)
    # Points to the east, west, north and south of each position.
    around = np.concatenate([x + step, x - step, x, x]), np.concatenate([y, y, y + step, y - step])
    longitudes, latitudes = _degrees(crs, *around)
    east, west, north, south = np.split(_on_ellipsoid(grid.crs, longitudes, latitudes), 4)
    square = np.cross(east - west, north - south)
    return np.asarray(np.linalg.norm(square, axis=1) / (2 * _HALF_SIDE) ** 2, dtype=np.float64)


def _on_ellipsoid(wkt: str, longitudes: Float64Array, latitudes: Float64Array) -> Float64Array:
    """Return geocentric coordinates in metres (N, 3), which have neither a date line nor poles."""
    axis, flattening = _ellipsoid(wkt)
    squared = flattening * (2 - flattening)
    radius = axis / np.sqrt(1 - squared * np.sin(latitudes) ** 2)
    flat = radius * np.cos(latitudes)
    up = radius * (1 - squared) * np.sin(latitudes)
    return np.stack([flat * np.cos(longitudes), flat * np.sin(longitudes), up], axis=1)


def _degrees(crs: CRS, x: Float64Array, y: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Return longitudes and latitudes in radians (N,) on the CRS's datum; NaN outside its domain."""
    geographic = _geographic(crs)
    radians = float(geographic.units_factor[1])
    longitudes, latitudes = _transformed(crs, geographic, x, y)
    # Points beyond the edge of a world map are transformed to points of the opposite edge.
    back = _transformed(geographic, crs, np.nan_to_num(longitudes), np.nan_to_num(latitudes))
    is_known = np.hypot(back[0] - x, back[1] - y) < _HALF_SIDE / 100
    longitudes, latitudes = (np.where(is_known, item, np.nan) for item in (longitudes, latitudes))
    return longitudes * radians, latitudes * radians


def _transformed(
    source: CRS, target: CRS, x: Float64Array, y: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Return coordinates in another CRS (N,); NaN outside its domain."""
    try:
        moved = transform(source, target, x, y)
    except CPLE_BaseError:
        # The transformation of all points fails if a single one lies outside the domain.
        if len(x) == 1:
            return np.full(1, np.nan), np.full(1, np.nan)
        middle = len(x) // 2
        halves = [
            _transformed(source, target, x[part], y[part]) for part in (slice(middle), slice(middle, None))
        ]
        return np.concatenate([half[0] for half in halves]), np.concatenate([half[1] for half in halves])
    return np.asarray(moved[0], dtype=np.float64), np.asarray(moved[1], dtype=np.float64)


def _geographic(crs: CRS) -> CRS:
    """Return the geographic CRS that a projected one is based on, without a change of datum."""
    try:
        wkt = crs.to_wkt(version=WktVersion.WKT1_GDAL)
        start = stop = wkt.index("GEOGCS[")
        while stop == start or wkt.count("[", start, stop) != wkt.count("]", start, stop):
            stop = wkt.index("]", stop) + 1
        return CRS.from_wkt(wkt[start:stop])
    except (CRSError, ValueError):
        # WKT 1 cannot express all projections.
        return CRS.from_epsg(4326)


def _hectares(grid: Grid, rows: Float64Array) -> Float64Array:
    """Return the area of a pixel in some rows (N,), in hectares in the CRS."""
    a, b, _, d, e, _ = grid.transform
    crs = CRS.from_wkt(grid.crs)
    determinant = abs(a * e - b * d)
    if not crs.is_geographic:
        metres = float(crs.linear_units_factor[1]) if crs.is_projected else 1.0
        return np.full(len(rows), determinant * metres**2 / SQUARE_METRES_PER_HECTARE)
    radians = float(crs.units_factor[1])
    axis, flattening = _ellipsoid(grid.crs)
    if b == d == 0:
        _, first = grid.position(rows, np.zeros_like(rows))
        _, last = grid.position(rows + 1, np.zeros_like(rows))
        bands = _zone(last * radians, axis, flattening) - _zone(first * radians, axis, flattening)
        areas = np.abs(bands) * abs(a) * radians
    else:
        _, latitudes = grid.position(rows + 0.5, np.full(len(rows), grid.width / 2))
        areas = _density(latitudes * radians, axis, flattening) * determinant * radians**2
    return np.asarray(areas / SQUARE_METRES_PER_HECTARE, dtype=np.float64)


def _ellipsoid(wkt: str) -> tuple[float, float]:
    """Return the semi-major axis in metres and the flattening."""
    match = _ELLIPSOID.search(wkt)
    axis, inverse = (float(match[1]), float(match[2])) if match else _WGS84
    # WKT gives a sphere an inverse flattening of 0.
    return axis, 1 / inverse if inverse else 0.0


def _zone(latitudes: Float64Array, axis: float, flattening: float) -> Float64Array:
    """Return the area from the equator to each parallel per radian of longitude, in m²."""
    sine = np.sin(latitudes)
    squared = flattening * (2 - flattening)
    if squared == 0:
        return np.asarray(axis**2 * sine, dtype=np.float64)
    eccentricity = math.sqrt(squared)
    rest = sine / (1 - squared * sine**2) + np.arctanh(eccentricity * sine) / eccentricity
    return np.asarray(axis**2 * (1 - squared) / 2 * rest, dtype=np.float64)


def _density(latitudes: Float64Array, axis: float, flattening: float) -> Float64Array:
    """Return the area per square radian of longitude and latitude, in m²."""
    squared = flattening * (2 - flattening)
    return np.asarray(
        axis**2 * (1 - squared) * np.cos(latitudes) / (1 - squared * np.sin(latitudes) ** 2) ** 2,
        dtype=np.float64,
    )
