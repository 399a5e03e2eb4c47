from __future__ import annotations

import numpy as np
import pytest
from rasterio.crs import CRS

from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.pixel_area import distorts_areas, pixel_hectares

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


def test_web_mercator_is_known_to_distort() -> None:
    place = (1.0, 0.0, 0.0, 0.0, -1.0, 0.0)
    assert distorts_areas(Grid(1, 1, place, CRS.from_epsg(3857).to_wkt()))
    assert not distorts_areas(Grid(1, 1, place, UTM))
    assert not distorts_areas(Grid(1, 1, place, WGS84))
