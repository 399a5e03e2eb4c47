"""Rasters on other grids, brought to a pixel by the nearest neighbour: it takes what covers its centre."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rasterio.warp import transform

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.class_raster import open_class_raster
from deep_land_cover.core.raster.grid import Grid, Tile, tiles_of
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.label_sources import read_samples

from .conftest import BANDS, GRIDS, UNMAPPED, positions

Make = Callable[..., Path]
Mapped = Callable[..., tuple[NDArray[np.int64], NDArray[Any]]]
SHAPE = (31, 44)
UTM, OTHER_ZONE, DEGREES = "EPSG:32748", "EPSG:32747", "EPSG:4326"
# Rows and columns, transform and CRS of rasters over the corner of the first one, which they cover in part.
OTHERS: dict[str, tuple[tuple[int, int], tuple[float, ...], str]] = {
    "coarser": ((10, 14), (55.0, 0.0, 500_013.0, 0.0, -55.0, 9_799_983.0), UTM),
    "finer": ((110, 160), (7.3, 0.0, 499_979.0, 0.0, -7.3, 9_800_011.0), UTM),
    "south up": ((10, 14), (55.0, 0.0, 500_013.0, 0.0, 55.0, 9_799_390.0), UTM),
    "turned": ((12, 14), (47.0, 21.0, 500_013.0, 21.0, -47.0, 9_799_803.0), UTM),
    "oblong": ((20, 11), (70.0, 0.0, 499_955.0, 0.0, -30.0, 9_799_983.0), UTM),
    "the same, shifted by half a pixel": ((31, 44), (20.0, 0.0, 500_009.0, 0.0, -20.0, 9_800_009.0), UTM),
    "the same, shifted by pixels": ((31, 44), (20.0, 0.0, 500_060.0, 0.0, -20.0, 9_799_900.0), UTM),
    "degrees": ((13, 17), (0.00047, 0.0, 104.99995, 0.0, -0.00047, -1.80925), DEGREES),
    "another zone": ((12, 15), (53.0, 0.0, 1_168_600.0, 0.0, -53.0, 9_799_370.0), OTHER_ZONE),
}
# Centres that lie so near an edge of the other raster's pixels, in pixels, may get either.
EDGE = 0.01


def covering(
    base: tuple[float, ...], shape: tuple[int, int], other: str
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return row and column of the pixel of ``other`` that covers each centre, and which are sure.

    By the affine transforms and PROJ alone; ``UNMAPPED`` where the raster does not reach.
    """
    (height, width), (a, b, c, d, e, f), crs = OTHERS[other]
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    xs = base[0] * columns + base[1] * rows + base[2]
    ys = base[3] * columns + base[4] * rows + base[5]
    if crs != UTM:
        moved = transform(UTM, crs, xs.ravel(), ys.ravel())
        xs, ys = (np.array(axis).reshape(shape) for axis in moved)
    inverse = np.linalg.inv(np.array([[a, b], [d, e]]))
    place = np.einsum("ij,jrc->irc", inverse, np.stack([xs - c, ys - f]))[::-1]
    found = np.floor(place).astype(np.int64)
    sizes = np.array([height, width])[:, None, None]
    outside = ((found < 0) | (found >= sizes)).any(axis=0)
    is_sure = (np.abs(place - np.round(place)) > EDGE).all(axis=0)
    found[:, outside] = UNMAPPED
    assert (~outside).any() and is_sure.mean() > 0.8
    return found, is_sure


@pytest.mark.medium(
    but=("north up-coarser", "north up-another zone", "south up-finer", "south up-degrees", "rotated-turned")
)
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("grid", ["north up", "south up", "rotated"])
def test_an_extra_input_gives_the_pixel_that_covers_the_centre(
    make_raster: Make, grid: str, other: str
) -> None:
    base = GRIDS[grid]
    if grid == "south up":
        # Where the others lie.
        base = (*base[:5], 9_799_380.0)
    first = make_raster(positions(*SHAPE), transform=base)
    shape, place, crs = OTHERS[other]
    second = make_raster(positions(*shape), name="other.tif", transform=place, crs=crs)
    expected, is_sure = covering(base, SHAPE, other)
    with open_stack(
        RasterSource(str(first)), extra_inputs=(RasterSource(str(second)),), resampling="nearest"
    ) as stack:
        whole = stack.read(0, SHAPE[0], 0, SHAPE[1])
        pieces = np.full_like(whole, np.nan)
        for tile in tiles_of(stack.grid.window, 7):
            rows, columns = slice(tile.row, tile.row_stop), slice(tile.column, tile.column_stop)
            pieces[:, rows, columns] = stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop)
    for values in (whole, pieces):
        assert np.array_equal(values[:2], positions(*SHAPE))
        found = np.nan_to_num(values[2:], nan=UNMAPPED)
        assert np.array_equal(found[:, is_sure], expected[:, is_sure])


@pytest.mark.medium(but=("1-degrees", "3-turned"))
@pytest.mark.parametrize("other", ["coarser", "south up", "turned", "degrees"])
@pytest.mark.parametrize("stride", [1, 3])
def test_a_map_of_an_extra_input_shows_the_pixel_that_covers_the_centre(
    make_raster: Make, mapped: Mapped, other: str, stride: int
) -> None:
    first = make_raster(positions(*SHAPE), names=("one", "two"))
    shape, place, crs = OTHERS[other]
    second = make_raster(positions(*shape), names=BANDS, name="other.tif", transform=place, crs=crs)
    found, _ = mapped(
        first, extra_inputs=(RasterSource(str(second)),), resampling="nearest", patch_size=8, stride=stride
    )
    expected, is_sure = covering(GRIDS["north up"], SHAPE, other)
    if stride > 1:
        # Of cells that are wholly covered: their middle.
        for top in range(0, SHAPE[0] - stride, stride):
            for left in range(0, SHAPE[1] - stride, stride):
                cell = np.s_[:, top : top + stride, left : left + stride]
                middle = top + stride // 2, left + stride // 2
                if (expected[cell] != UNMAPPED).all() and is_sure[middle]:
                    assert (found[cell] == expected[:, middle[0], middle[1]][:, None, None]).all()
        return
    assert np.array_equal(found[:, is_sure], expected[:, is_sure])


def numbered(shape: tuple[int, int]) -> NDArray[np.int32]:
    """Return a class for each pixel, counted row by row from 1."""
    return np.arange(1, shape[0] * shape[1] + 1, dtype=np.int32).reshape(shape)


def expected_values(other: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the class of the pixel that covers each centre, 0 for none, and which are sure."""
    found, is_sure = covering(GRIDS["north up"], SHAPE, other)
    values = found[0] * OTHERS[other][0][1] + found[1] + 1
    return np.where(found[0] == UNMAPPED, 0, values), is_sure


@pytest.mark.parametrize("nodata", [0, None])
@pytest.mark.parametrize("other", OTHERS)
def test_a_class_raster_gives_the_pixel_that_covers_the_centre(
    make_raster: Make, other: str, nodata: int | None
) -> None:
    base = make_raster(positions(*SHAPE))
    shape, place, crs = OTHERS[other]
    path = make_raster(numbered(shape), name="classes.tif", transform=place, crs=crs, nodata=nodata)
    with open_stack(RasterSource(str(base))) as stack:
        grid = stack.grid
    expected, is_sure = expected_values(other)
    with open_class_raster(RasterSource(str(path)), SilentProgress(), grid) as raster:
        whole = read_classes(raster, grid.window)
        pieces = np.zeros_like(whole)
        for tile in tiles_of(grid.window, 7):
            pieces[tile.row : tile.row_stop, tile.column : tile.column_stop] = read_classes(raster, tile)
    assert np.array_equal(whole[is_sure], expected[is_sure])
    assert np.array_equal(pieces[is_sure], expected[is_sure])


def read_classes(raster: Any, tile: Tile) -> NDArray[np.int64]:
    values, has_class = raster.read(tile)
    return np.where(has_class, values, 0)


def test_a_class_raster_of_another_crs_is_exact_far_from_its_middle(make_raster: Make) -> None:
    # A thousand pixels across: an approximate transformation is off by up to an eighth of a pixel there.
    shape, fine = (500, 1000), (0.00018, 0.0, 105.0, 0.0, -0.00018, -1.8)
    labels = np.add.outer(np.arange(shape[0]) % 251, np.arange(shape[1]) % 241).astype(np.int32) + 1
    path = make_raster(labels, name="classes.tif", transform=fine, crs=DEGREES, nodata=0)
    place = (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_801_000.0)
    base = make_raster(np.zeros((500, 1000), np.uint8), transform=place)
    with open_stack(RasterSource(str(base))) as stack:
        grid = stack.grid
    rows, columns = np.mgrid[0 : grid.height, 0 : grid.width] + 0.5
    moved = transform(UTM, DEGREES, *(axis.ravel() for axis in grid.position(rows, columns)))
    xs, ys = (np.array(axis).reshape(rows.shape) for axis in moved)
    their_rows, their_columns = (ys - fine[5]) / fine[4], (xs - fine[2]) / fine[0]
    is_inside = (
        (their_rows >= 0) & (their_rows < shape[0]) & (their_columns >= 0) & (their_columns < shape[1])
    )
    near = [np.abs(axis - np.round(axis)) > EDGE for axis in (their_rows, their_columns)]
    is_sure = is_inside & near[0] & near[1]
    expected = labels[np.floor(their_rows[is_sure]).astype(int), np.floor(their_columns[is_sure]).astype(int)]
    with open_class_raster(RasterSource(str(path)), SilentProgress(), grid) as raster:
        found = read_classes(raster, grid.window)
    assert is_sure.sum() > 100_000
    assert np.count_nonzero(found[is_sure] != expected) == 0


@pytest.mark.parametrize("other", [name for name in OTHERS if np.prod(OTHERS[name][0]) <= 256])
def test_labels_of_a_raster_are_those_that_cover_the_centres(make_raster: Make, other: str) -> None:
    shape, place, crs = OTHERS[other]
    path = make_raster(numbered(shape), name="labels.tif", transform=place, crs=crs, nodata=0)
    base = make_raster(positions(*SHAPE))
    with open_stack(RasterSource(str(base))) as stack:
        grid: Grid = stack.grid
    samples = read_samples(None, RasterSource(str(path)), grid, None, 0, SilentProgress())
    expected, is_sure = expected_values(other)
    found = np.zeros(SHAPE, dtype=np.int64)
    found[samples.rows, samples.columns] = np.array([item.value for item in samples.classes])[samples.codes]
    assert np.array_equal(found[is_sure], expected[is_sure])
