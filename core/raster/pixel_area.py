"""How much ground a pixel covers."""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt
from rasterio.crs import CRS

from .grid import Grid

Floats = npt.NDArray[np.float64]

SQUARE_METRES_PER_HECTARE = 10_000.0
# Semi-major axis in metres and inverse flattening, in either version of WKT.
_ELLIPSOID = re.compile(r'(?:SPHEROID|ELLIPSOID)\["[^"]*",\s*([\d.eE+]+),\s*([\d.eE+]+)')
_WGS84 = (6_378_137.0, 298.257223563)


def pixel_hectares(grid: Grid) -> Floats:
    """Return the area of a pixel of each row (rows,), in hectares.

    In degrees it is the geodesic area on the CRS's ellipsoid: a row's cell between two meridians
    and two parallels (Snyder 1987, https://doi.org/10.3133/pp1395, equation 3-12); of a rotated
    raster that of the parallelogram at the row's middle.
    """
    a, b, _, d, e, _ = grid.transform
    crs = CRS.from_wkt(grid.crs)
    determinant = abs(a * e - b * d)
    if not crs.is_geographic:
        metres = float(crs.linear_units_factor[1]) if crs.is_projected else 1.0
        return np.full(grid.height, determinant * metres**2 / SQUARE_METRES_PER_HECTARE)
    radians = float(crs.units_factor[1])
    axis, flattening = _ellipsoid(grid.crs)
    rows = np.arange(grid.height + 1, dtype=np.float64)
    if b == d == 0:
        _, latitudes = grid.position(rows, np.zeros_like(rows))
        bands = _zone(latitudes * radians, axis, flattening)
        areas = np.abs(np.diff(bands)) * abs(a) * radians
    else:
        _, latitudes = grid.position(rows[:-1] + 0.5, np.full(grid.height, grid.width / 2))
        areas = _density(latitudes * radians, axis, flattening) * determinant * radians**2
    return np.asarray(areas / SQUARE_METRES_PER_HECTARE, dtype=np.float64)


def distorts_areas(grid: Grid) -> bool:
    """Whether pixels of one size cover very different areas of ground, as in Web Mercator."""
    crs = CRS.from_wkt(grid.crs)
    names = grid.crs.lower().replace(" ", "_")
    return bool(crs.is_projected) and "mercator" in names and "transverse" not in names


def _ellipsoid(wkt: str) -> tuple[float, float]:
    """Return the semi-major axis in metres and the flattening."""
    found = _ELLIPSOID.search(wkt)
    axis, inverse = (float(found[1]), float(found[2])) if found else _WGS84
    # A sphere is written with 0.
    return axis, 1 / inverse if inverse else 0.0


def _zone(latitudes: Floats, axis: float, flattening: float) -> Floats:
    """Return the area from the equator to each parallel, for a radian of longitude, in m²."""
    sine = np.sin(latitudes)
    squared = flattening * (2 - flattening)
    if squared == 0:
        return np.asarray(axis**2 * sine, dtype=np.float64)
    eccentricity = math.sqrt(squared)
    rest = sine / (1 - squared * sine**2) + np.arctanh(eccentricity * sine) / eccentricity
    return np.asarray(axis**2 * (1 - squared) / 2 * rest, dtype=np.float64)


def _density(latitudes: Floats, axis: float, flattening: float) -> Floats:
    """Return the area for a square radian of longitude and latitude, in m²."""
    squared = flattening * (2 - flattening)
    return np.asarray(
        axis**2 * (1 - squared) * np.cos(latitudes) / (1 - squared * np.sin(latitudes) ** 2) ** 2,
        dtype=np.float64,
    )
