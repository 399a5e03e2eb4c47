from __future__ import annotations

import numpy as np
import pytest
from rasterio.crs import CRS
from rasterio.warp import transform

from deep_land_cover.core.raster.grid import Grid, Tile
from deep_land_cover.core.raster.pixel_area import (
    area_scale,
    distortion_notes,
    pixel_areas,
    pixel_hectares,
)

# Axis in metres, flattening and squared eccentricity of WGS 84.
AXIS, FLATTENING = 6_378_137.0, 1 / 298.257223563
SQUARED = FLATTENING * (2 - FLATTENING)
WGS84, UTM = CRS.from_epsg(4326).to_wkt(), CRS.from_epsg(32748).to_wkt()


def test_the_whole_earth() -> None:
    """WGS 84 has 510,065,621.7 km² (NGA.STND.0036)."""
    grid = Grid(360, 180, (1.0, 0.0, -180.0, 0.0, -1.0, 90.0), WGS84)
    assert pixel_hectares(grid).sum() * 360 / 100 == pytest.approx(510_065_621.7, abs=0.1)


def test_a_rotated_raster_in_degrees_has_the_area_of_the_upright_one() -> None:
    size, turn = 0.001, np.deg2rad(30)
    a, b = size * np.cos(turn), size * np.sin(turn)
    turned = Grid(1, 1, (a, b, 101.0, b, -a, -52.0), WGS84)
    upright = Grid(1, 1, (size, 0.0, 101.0, 0.0, -size, -52.0 + b / 2 - a / 2 + size / 2), WGS84)
    assert pixel_hectares(turned)[0] == pytest.approx(pixel_hectares(upright)[0], rel=1e-6)


def test_metres_are_taken_as_they_are_and_feet_are_converted() -> None:
    assert pixel_hectares(Grid(4, 2, (20.0, 0.0, 5e5, 0.0, -30.0, 9.8e6), UTM)).tolist() == [0.06, 0.06]
    feet = Grid(1, 1, (100.0, 0.0, 0.0, 0.0, -100.0, 0.0), CRS.from_epsg(2263).to_wkt())
    assert pixel_hectares(feet)[0] == pytest.approx((100 * 1200 / 3937) ** 2 / 1e4)


def around(crs: str, longitude: float, latitude: float, pixel: float = 10.0) -> Grid:
    """Return nine by nine pixels around a place."""
    (x,), (y,) = transform("EPSG:4326", crs, [longitude], [latitude])
    place = (pixel, 0.0, x - 4.5 * pixel, 0.0, -pixel, y + 4.5 * pixel)
    return Grid(9, 9, place, CRS.from_user_input(crs).to_wkt())


def radii(latitude: float) -> tuple[float, float]:
    """Return the radii of curvature along the meridian and across it, in metres."""
    rest = 1 - SQUARED * np.sin(np.deg2rad(latitude)) ** 2
    return AXIS * (1 - SQUARED) / rest**1.5, AXIS / np.sqrt(rest)


def web_mercator(latitude: float) -> float:
    """x = a λ, and y as on a sphere, dy = a dφ / cos φ."""
    along, across = radii(latitude)
    return float(AXIS**2 / np.cos(np.deg2rad(latitude)) ** 2 / (along * across))


def plate_carree(latitude: float) -> float:
    along, across = radii(latitude)
    return float(AXIS**2 / np.cos(np.deg2rad(latitude)) / (along * across))


def polar_stereographic(latitude: float) -> float:
    """Polar stereographic as in Snyder 1987, true to scale at 71 degrees."""
    eccentricity = np.sqrt(SQUARED)
    turned, true = np.deg2rad(-latitude), np.deg2rad(71)

    def m(angle: float) -> float:
        return float(np.cos(angle) / np.sqrt(1 - SQUARED * np.sin(angle) ** 2))

    def t(angle: float) -> float:
        sine = eccentricity * np.sin(angle)
        return float(np.tan(np.pi / 4 - angle / 2) / ((1 - sine) / (1 + sine)) ** (eccentricity / 2))

    return float((m(true) * t(turned) / t(true) / m(turned)) ** 2)


@pytest.mark.parametrize(
    ("crs", "latitude", "factor"),
    [
        ("EPSG:3857", 60.0, web_mercator(60)),
        ("EPSG:3857", -10.0, web_mercator(-10)),
        ("EPSG:4087", 60.0, plate_carree(60)),
        ("EPSG:32662", 60.0, plate_carree(60)),
        ("EPSG:3031", -40.0, polar_stereographic(-40)),
        ("EPSG:3031", -90.0, polar_stereographic(-89.999999)),
    ],
)
def test_areas_of_distorting_projections_are_measured(crs: str, latitude: float, factor: float) -> None:
    if (crs, latitude) in {("EPSG:3857", 60.0), ("EPSG:4087", 60.0)}:
        # On a sphere they would be 4 and 2.
        assert factor == pytest.approx({"EPSG:3857": 4, "EPSG:4087": 2}[crs], rel=0.004)
    grid = around(crs, 15.0, latitude)
    areas = pixel_areas(grid)
    assert not areas.are_equal
    middle = np.array([4])
    assert 0.01 / areas.at(middle, middle)[0] == pytest.approx(factor, rel=1e-5)
    assert 0.01 / areas.of(Tile(4, 4, 1, 1))[0, 0] == pytest.approx(factor, rel=1e-5)
    (words,) = distortion_notes(grid)
    assert f"{factor:.3g} times their size on the ground" in words


@pytest.mark.parametrize(
    ("crs", "longitude", "latitude"),
    [
        ("EPSG:2056", 6.0, 46.2),
        ("EPSG:21781", 9.5, 46.8),
        ("EPSG:23700", 19.0, 47.0),
        ("EPSG:29873", 115.0, 4.0),
        ("EPSG:3168", 102.0, 4.0),
        ("EPSG:3375", 102.0, 4.0),
        ("EPSG:32748", 105.0, -2.0),
        ("EPSG:32748", 107.9, -2.0),
        ("EPSG:3035", 20.0, 65.0),
        ("EPSG:2263", -74.0, 40.7),
        ("EPSG:4326", 20.0, 60.0),
    ],
)
def test_accurate_projections_keep_their_own_areas_and_are_not_warned_of(
    crs: str, longitude: float, latitude: float
) -> None:
    """Oblique Mercators in official use, UTM to the edge of its zone, and equal-area projections."""
    grid = around(crs, longitude, latitude, 0.0001 if crs == "EPSG:4326" else 10.0)
    assert distortion_notes(grid) == ()
    assert pixel_areas(grid).of(grid.window)[:, 0].tolist() == pixel_hectares(grid).tolist()
    scale = area_scale(grid)
    if scale is not None:
        # UTM is 0.9996 true to scale in its middle.
        assert scale.error < 0.002
    if crs == "EPSG:32748":
        middle = 0.9996**2
        assert area_scale(around(crs, 105.0, -2.0)).bounds == pytest.approx((middle, middle), abs=1e-6)


def test_a_world_map_has_the_area_of_the_world_between_its_edges() -> None:
    """Web Mercator ends at 85.05 degrees; areas between parallels are from Snyder 1987, equation 3-12."""
    size = 2 * np.pi * AXIS / 600
    grid = Grid(600, 600, (size, 0.0, -300 * size, 0.0, -size, 300 * size), CRS.from_epsg(3857).to_wkt())
    sine, eccentricity = np.sin(np.deg2rad(85.0511287798066)), np.sqrt(SQUARED)
    zone = sine / (1 - SQUARED * sine**2) + np.arctanh(eccentricity * sine) / eccentricity
    expected = 2 * np.pi * AXIS**2 * (1 - SQUARED) * zone / 1e4
    areas = pixel_areas(grid)
    tiles = [Tile(row, 0, 100, 600) for row in range(0, 600, 100)]
    assert sum(areas.of(tile).sum() for tile in tiles) == pytest.approx(expected, rel=1e-3)
    rows, columns = np.array([0, 150, 299, 599]), np.array([0, 500, 300, 599])
    assert areas.at(rows, columns) == pytest.approx(areas.of(grid.window)[rows, columns], rel=1e-3)


def test_places_beyond_the_edge_of_a_world_map_do_not_count() -> None:
    """The corners of a sinusoidal map are outside the world; its areas are true everywhere else."""
    wkt = CRS.from_string("+proj=sinu +R=6371007.181 +units=m").to_wkt()
    grid = Grid(240, 120, (166_790.0, 0.0, -20_015_100.0, 0.0, -166_790.0, 10_007_500.0), wkt)
    scale = area_scale(grid)
    assert scale is not None
    assert scale.error < 0.002
    assert distortion_notes(grid) == ()


def test_pixels_beyond_the_grid_have_the_area_of_their_latitude() -> None:
    grid = Grid(4, 4, (1.0, 0.0, 0.0, 0.0, -1.0, 10.0), WGS84)
    larger = Grid(4, 40, (1.0, 0.0, 0.0, 0.0, -1.0, 20.0), WGS84)
    rows = np.array([-10, 29])
    expected = pixel_hectares(larger)[[0, 39]].tolist()
    assert pixel_areas(grid).at(rows, rows).tolist() == pytest.approx(expected)
