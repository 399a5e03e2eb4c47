from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.warp import transform as transform_points

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import RasterError, SampleError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.attribute_table import write_attribute_table
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.samples import draw as thinning
from deep_land_cover.core.samples.label_sources import samples_from_raster
from deep_land_cover.core.samples.samples import NO_GROUP, Samples

Make = Callable[..., Path]
UTM = rasterio.crs.CRS.from_epsg(32748).to_wkt()
GRID = Grid(40, 30, (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0), UTM)


def read(
    path: Path, grid: Grid = GRID, nodata: float | None = None, seed: int = 0, **options: int
) -> Samples:
    source = RasterSource(str(path), nodata=nodata)
    return samples_from_raster(source, grid, None, seed, SilentProgress(), **options)


def as_map(samples: Samples, grid: Grid = GRID, empty: int = -99) -> np.ndarray[Any, Any]:
    values = np.array([item.value for item in samples.classes])
    result = np.full((grid.height, grid.width), empty)
    result[samples.rows, samples.columns] = values[samples.codes]
    return result


@pytest.fixture
def labels() -> np.ndarray[Any, Any]:
    return np.random.default_rng(0).choice([0, 1, 4, 5, 6, 7], size=(30, 40)).astype(np.uint8)


def test_labels_on_the_same_grid_are_taken_as_they_are(
    make_raster: Make, labels: np.ndarray[Any, Any]
) -> None:
    samples = read(make_raster(labels, name="labels.tif"))
    assert np.array_equal(as_map(samples), labels)
    assert [item.value for item in samples.classes] == [0, 1, 4, 5, 6, 7]
    assert set(samples.groups.tolist()) == {NO_GROUP}
    assert not samples.has_groups


def test_labels_across_180_degrees_are_found(make_raster: Make, labels: np.ndarray[Any, Any]) -> None:
    """The raster goes on to 180.2 degrees, the labels stand at -179.8."""
    degrees = rasterio.crs.CRS.from_epsg(4326)
    path = make_raster(
        labels, name="labels.tif", crs=degrees, transform=(0.01, 0.0, -179.9, 0.0, -0.01, 5.0), nodata=0
    )
    grid = Grid(60, 30, (0.01, 0.0, 179.9, 0.0, -0.01, 5.0), degrees.to_wkt())
    found = as_map(read(path, grid), grid, empty=0)
    assert np.array_equal(found[:, 20:], labels)
    assert not found[:, :20].any()


@pytest.mark.parametrize("west", [-180.0, 0.0])
@pytest.mark.parametrize("nodata", [0, None])
def test_labels_of_the_whole_world_are_read_at_both_ends(
    make_raster: Make, west: float, nodata: int | None
) -> None:
    """The raster goes from 178 to 182 degrees; world rasters begin at -180 or at 0 degrees."""
    degrees = rasterio.crs.CRS.from_epsg(4326)
    # A class for each of the meridians, by its longitude from 0 to 359.
    world = np.tile(np.arange(360, dtype=np.uint16) + 1, (3, 1))
    world = np.roll(world, 180, axis=1) if west else world
    path = make_raster(
        world, name="labels.tif", crs=degrees, transform=(1.0, 0.0, west, 0.0, -1.0, 5.0), nodata=nodata
    )
    grid = Grid(40, 30, (0.1, 0.0, 178.0, 0.0, -0.1, 5.0), degrees.to_wkt())
    found = as_map(read(path, grid), grid, empty=0)
    assert np.array_equal(found, np.tile(np.repeat([179, 180, 181, 182], 10), (30, 1)))


def test_labels_beyond_180_degrees_are_found_under_a_raster_in_metres(make_raster: Make) -> None:
    """UTM zone 1 begins at -180 degrees; the label raster calls that 180."""
    degrees = rasterio.crs.CRS.from_epsg(4326)
    path = make_raster(
        np.full((20, 20), 7, np.uint8),
        name="labels.tif",
        crs=degrees,
        transform=(0.1, 0.0, 179.0, 0.0, -0.1, 1.0),
    )
    metres = rasterio.crs.CRS.from_epsg(32601)
    # The central meridian of zone 1 is 177 degrees west; -179.5 is 278 km west of it.
    grid = Grid(10, 10, (100.0, 0.0, 222_000.0, 0.0, -100.0, 50_000.0), metres.to_wkt())
    assert np.array_equal(as_map(read(path, grid), grid, empty=0), np.full((10, 10), 7))


def test_nodata_of_the_file_is_unlabelled(make_raster: Make, labels: np.ndarray[Any, Any]) -> None:
    samples = read(make_raster(labels, name="labels.tif", nodata=0))
    assert np.array_equal(as_map(samples, empty=0), labels)
    assert 0 not in [item.value for item in samples.classes]


def test_nodata_of_the_layer_is_unlabelled(make_raster: Make, labels: np.ndarray[Any, Any]) -> None:
    samples = read(make_raster(labels, name="labels.tif"), nodata=4.0)
    assert np.array_equal(as_map(samples, empty=4), labels)


def test_values_beyond_what_float32_holds_stay_exact(make_raster: Make) -> None:
    values = np.full((30, 40), 2**31 - 1, dtype=np.int32)
    values[:10] = 2**31 - 2
    values[10:20] = -(2**31) + 1
    assert np.array_equal(as_map(read(make_raster(values, name="labels.tif"))), values)


def test_strips_give_the_same_as_one_piece(
    make_raster: Make, labels: np.ndarray[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thinning, "POOL_PER_CLASS", 50)
    path = make_raster(labels, name="labels.tif")
    whole = read(path)
    strips = read(path, max_strip_pixels=100)
    assert np.array_equal(as_map(whole), as_map(strips))
    assert 0 < len(whole) < labels.size / 2


def test_a_thinned_class_says_what_a_sample_stands_for(
    make_raster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thinning, "POOL_PER_CLASS", 100)
    values = np.ones((30, 40), dtype=np.uint8)
    values[:2] = 2
    samples = read(make_raster(values, name="labels.tif"))
    assert samples.stands_for == pytest.approx((28 * 40 / 100, 1.0))
    assert samples.counts()[1] == 80


def test_coarser_labels_go_to_the_nearest_pixels(make_raster: Make) -> None:
    coarse = np.arange(1, 13, dtype=np.uint8).reshape(3, 4)
    path = make_raster(coarse, name="labels.tif", transform=(200.0, 0.0, 500_000.0, 0.0, -200.0, 9_800_000.0))
    assert np.array_equal(as_map(read(path)), np.kron(coarse, np.ones((10, 10), dtype=np.uint8)))


def test_what_the_labels_do_not_cover_is_unlabelled_also_where_zero_is_a_class(make_raster: Make) -> None:
    values = np.zeros((10, 10), dtype=np.uint8)
    values[5:] = 3
    path = make_raster(values, name="labels.tif", transform=(20.0, 0.0, 500_200.0, 0.0, -20.0, 9_799_900.0))
    expected = np.full((30, 40), -99)
    expected[5:10, 10:20], expected[10:15, 10:20] = 0, 3
    assert np.array_equal(as_map(read(path)), expected)


def test_labels_in_degrees_lie_where_they_belong(make_raster: Make) -> None:
    xs, ys = transform_points(UTM, "EPSG:4326", [500_000.0, 500_800.0], [9_800_000.0, 9_799_400.0])
    step = 0.0001
    width, height = int((xs[1] - xs[0]) / step) + 20, int((ys[0] - ys[1]) / step) + 20
    left, top = xs[0] - 10 * step, ys[0] + 10 * step
    values = np.ones((height, width), dtype=np.uint8)
    middle_x, _ = transform_points(UTM, "EPSG:4326", [500_400.0], [9_799_700.0])
    values[:, int((middle_x[0] - left) / step) :] = 2
    path = make_raster(
        values, name="labels.tif", crs="EPSG:4326", transform=(step, 0.0, left, 0.0, -step, top)
    )
    found = as_map(read(path))
    assert (found[:, :19] == 1).all()
    assert (found[:, 21:] == 2).all()


def test_labels_elsewhere_are_an_error(make_raster: Make, labels: np.ndarray[Any, Any]) -> None:
    path = make_raster(labels, name="labels.tif", transform=(20.0, 0.0, 700_000.0, 0.0, -20.0, 9_800_000.0))
    with pytest.raises(SampleError, match="no labelled pixels"):
        read(path)


def test_labels_of_nodata_only_are_an_error(make_raster: Make) -> None:
    with pytest.raises(SampleError, match="no labelled pixel"):
        read(make_raster(np.zeros((30, 40), dtype=np.uint8), name="labels.tif", nodata=0))


def test_fractions_are_no_class_values(make_raster: Make) -> None:
    with pytest.raises(SampleError, match=r"0\.25"):
        read(make_raster(np.full((30, 40), 0.25, dtype=np.float32), name="labels.tif"))


def test_whole_numbers_stored_as_floats_are_class_values(
    make_raster: Make, labels: np.ndarray[Any, Any]
) -> None:
    values = labels.astype(np.float32)
    values[0, 0] = np.nan
    found = as_map(read(make_raster(values, name="labels.tif")))
    assert found[0, 0] == -99
    assert np.array_equal(found.ravel()[1:], labels.ravel()[1:])


def test_an_image_is_no_label_raster(make_raster: Make) -> None:
    with pytest.raises(SampleError, match="more than 256 different values"):
        read(make_raster(np.arange(1200, dtype=np.uint16).reshape(30, 40), name="labels.tif"))


def test_many_classes_in_fields_are_a_label_raster(make_raster: Make) -> None:
    """300 crops without names in fields of 8 x 8 pixels."""
    fields = np.arange(300, dtype=np.uint16).reshape(15, 20)
    values = np.kron(fields, np.ones((8, 8), dtype=np.uint16))
    grid = Grid(160, 120, (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0), UTM)
    samples = read(make_raster(values, name="crops.tif"), grid)
    assert [item.value for item in samples.classes] == list(range(300))


def test_an_attribute_table_may_name_more_than_256_values(make_raster: Make) -> None:
    path = make_raster(np.arange(1200, dtype=np.uint16).reshape(30, 40), name="labels.tif")
    crops = tuple(LandCoverClass(value, f"Crop {value}", "#112233") for value in range(1200))
    write_attribute_table(Path(f"{path}.aux.xml"), crops, {})
    assert [item.name for item in read(path).classes] == [item.name for item in crops]


def test_labels_without_a_crs_must_lie_on_the_grid(make_raster: Make, labels: np.ndarray[Any, Any]) -> None:
    assert len(read(make_raster(labels, name="same.tif", crs=None))) == 1200
    with pytest.raises(SampleError, match="no coordinate reference system"):
        read(make_raster(labels[:20], name="other.tif", crs=None))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RasterError, match="There is no such raster"):
        read(tmp_path / "absent.tif")
