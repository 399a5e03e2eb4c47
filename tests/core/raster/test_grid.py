import math
from dataclasses import replace

import pytest
import rasterio.transform
from hypothesis import given
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.transform import Affine
from rasterio.windows import Window

from deep_land_cover.core.errors import ParameterError, RasterError
from deep_land_cover.core.raster.grid import Grid, Tile

NORTH_UP = (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0)
SOUTH_UP = (20.0, 0.0, 500_000.0, 0.0, 20.0, 9_700_000.0)
ROTATED = (17.32, 10.0, 100.0, 10.0, -17.32, 200.0)
DEGREES = (0.0001, 0.0, -56.37, 0.0, -0.0001, -1.45)
transforms = pytest.mark.parametrize("transform", [NORTH_UP, SOUTH_UP, ROTATED, DEGREES])


@transforms
def test_positions_are_those_of_rasterio(transform):
    grid = Grid(30, 40, transform, "")
    x, y = rasterio.transform.xy(Affine(*transform), 7, 11)
    assert grid.position(7.5, 11.5) == pytest.approx((x, y), rel=1e-12)


@transforms
def test_place_is_the_inverse_of_position(transform):
    grid = Grid(30, 40, transform, "")
    assert grid.place(*grid.position(3.25, 8.5)) == pytest.approx((3.25, 8.5), abs=1e-6)


@transforms
def test_a_crop_lies_where_rasterio_says(transform):
    grid = Grid(30, 40, transform, "wkt").crop(Tile(5, 7, 11, 13))
    expected = rasterio.windows.transform(Window(7, 5, 13, 11), Affine(*transform))
    assert (grid.height, grid.width, grid.crs) == (11, 13, "wkt")
    assert grid.transform == pytest.approx(tuple(expected)[:6], rel=1e-12)


@transforms
@given(st.integers(0, 39), st.integers(0, 29), st.integers(1, 40), st.integers(1, 30))
def test_the_extent_of_whole_pixels_gives_these_pixels(transform, row, column, height, width):
    grid = Grid(30, 40, transform, "")
    height, width = min(height, 40 - row), min(width, 30 - column)
    corners = [grid.position(r, c) for r in (row, row + height) for c in (column, column + width)]
    xs, ys = zip(*corners, strict=True)
    window = grid.window_of_extent((min(xs), min(ys), max(xs), max(ys)))
    if transform == ROTATED:
        assert window.row <= row and window.row_stop >= row + height
        assert window.column <= column and window.column_stop >= column + width
    else:
        assert window == Tile(row, column, height, width)


def test_an_extent_grows_to_whole_pixels():
    grid = Grid(10, 10, (10.0, 0.0, 0.0, 0.0, -10.0, 100.0), "")
    assert grid.window_of_extent((12.0, 41.0, 39.0, 59.0)) == Tile(4, 1, 2, 3)


def test_an_extent_is_cut_at_the_raster():
    grid = Grid(10, 10, (10.0, 0.0, 0.0, 0.0, -10.0, 100.0), "")
    assert grid.window_of_extent((-500.0, -500.0, 15.0, 500.0)) == Tile(0, 0, 10, 2)


def test_an_extent_outside_the_raster_is_refused():
    with pytest.raises(ParameterError, match="outside the raster"):
        Grid(10, 10, NORTH_UP, "").window_of_extent((0.0, 0.0, 10.0, 10.0))


def test_an_empty_extent_is_refused():
    with pytest.raises(ParameterError, match="empty"):
        Grid(10, 10, NORTH_UP, "").window_of_extent((10.0, 0.0, 10.0, 10.0))


# 100 columns of a hundredth of a degree from 179.5 to 180.5, 10 rows from 10.1 down to 10.0.
ACROSS = Grid(100, 10, (0.01, 0.0, 179.5, 0.0, -0.01, 10.1), CRS.from_epsg(4326).to_wkt())


@pytest.mark.parametrize(
    ("low", "high", "offsets"),
    [
        (179.6, 179.9, (0.0,)),
        (-179.9, -179.6, (360.0,)),
        (539.6, 539.9, (-360.0,)),
        # From pole to pole around the earth: both ends.
        (-180.0, 180.0, (0.0, 360.0)),
        (-5.0, 5.0, (0.0,)),
        (math.inf, math.inf, (0.0,)),
    ],
)
def test_longitudes_that_differ_by_a_turn_are_one_meridian(low, high, offsets):
    assert ACROSS.turns(low, high) == offsets


@pytest.mark.parametrize("crs", ["", CRS.from_epsg(32601).to_wkt()])
def test_only_degrees_turn(crs):
    assert replace(ACROSS, crs=crs).turns(-179.9, -179.6) == (0.0,)


def test_an_extent_across_180_degrees_is_found():
    assert ACROSS.window_of_extent((-179.9, 10.0, -179.7, 10.1)) == Tile(0, 60, 10, 20)


def test_a_degenerate_transform_is_refused():
    with pytest.raises(RasterError, match="degenerate"):
        Grid(10, 10, (0.0, 0.0, 1.0, 0.0, 0.0, 1.0), "").place(1.0, 1.0)


def test_pixel_sizes_are_lengths():
    assert Grid(1, 1, SOUTH_UP, "").pixel_size == (20.0, 20.0)
    assert Grid(1, 1, ROTATED, "").pixel_size == pytest.approx((math.hypot(17.32, 10.0),) * 2)


def test_grids_whose_origins_differ_by_a_pixel_have_not_the_same_pixels():
    grid = Grid(10, 10, NORTH_UP, "")
    assert grid.has_pixels_of(Grid(10, 10, (20.0, 0.0, 500_000.05, 0.0, -20.0, 9_800_000.0), ""))
    assert not grid.has_pixels_of(Grid(10, 10, (20.0, 0.0, 500_020.0, 0.0, -20.0, 9_800_000.0), ""))
    assert not grid.has_pixels_of(Grid(10, 11, NORTH_UP, ""))


@transforms
def test_grids_share_pixels_when_they_are_whole_pixels_apart(transform):
    grid = Grid(30, 40, transform, "")
    a, b, _, d, e, _ = transform
    apart = Grid(5, 9, (a, b, grid.position(-7, 12)[0], d, e, grid.position(-7, 12)[1]), "")
    across = Grid(5, 9, (a, b, grid.position(-7, 12.3)[0], d, e, grid.position(-7, 12.3)[1]), "")
    coarser = Grid(5, 9, (2 * a, 2 * b, transform[2], 2 * d, 2 * e, transform[5]), "")
    assert grid.shares_pixels_with(apart) and apart.shares_pixels_with(grid)
    assert not grid.shares_pixels_with(across)
    assert not grid.shares_pixels_with(coarser)
