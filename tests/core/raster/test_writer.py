"""A class map holds the user's values, colours and names on the exact grid."""

import json
from collections import Counter

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.crs import CRS

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.geotiff import FileForm
from deep_land_cover.core.raster.grid import Grid, tiles_of
from deep_land_cover.core.raster.writer import map_type, open_map, write_class_map

from .conftest import TYPES, UTM, WKT, classes_of, write_map


@given(st.sets(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=9))
def test_the_pixel_type_is_the_narrowest_and_nodata_the_highest_free_value(values):
    dtype, nodata = map_type(list(values))
    held = {name: np.iinfo(name) for name in ("uint8", "uint16", "int16", "int32")}
    fits = [name for name, limits in held.items() if all(limits.min <= v <= limits.max for v in values)]
    assert dtype == fits[0]
    assert nodata not in values
    assert all(higher in values for higher in range(nodata + 1, held[dtype].max + 1))


def test_a_full_type_gives_way_to_the_next():
    assert map_type(range(255)) == ("uint8", 255)
    assert map_type(range(1, 256)) == ("uint8", 0)
    assert map_type(range(256)) == ("uint16", 65535)


def test_a_value_beyond_32_bits_is_refused():
    with pytest.raises(ParameterError, match="got 2147483648"):
        map_type([2**31])


@pytest.mark.parametrize("dtype", TYPES)
def test_the_file_holds_the_users_values_on_the_exact_grid(tmp_path, dtype):
    path = tmp_path / "map.tif"
    valid = np.random.default_rng(1).random((30, 40)) > 0.2
    values, _ = write_map(path, dtype, valid=valid)
    with rasterio.open(path) as dataset:
        assert dataset.dtypes == (dtype,)
        assert np.array_equal(dataset.read_masks(1) > 0, valid)
        assert np.array_equal(dataset.read(1)[valid], values[valid])
        assert tuple(dataset.transform)[:6] == UTM
        assert dataset.crs == CRS.from_epsg(32748)
        assert dataset.compression.name == "deflate"
        assert dataset.block_shapes == [(256, 256)]
        assert dataset.descriptions == ("Land cover",)


@pytest.mark.parametrize("transform", [(20.0, 0.0, 5.0, 0.0, 20.0, 7.0), (17.0, 9.0, 5.0, 9.0, -17.0, 7.0)])
def test_south_up_and_rotated_grids_are_kept(tmp_path, transform):
    write_map(tmp_path / "map.tif", transform=transform)
    with rasterio.open(tmp_path / "map.tif") as dataset:
        assert tuple(dataset.transform)[:6] == transform


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_the_colour_table_has_the_classes_colours(tmp_path, dtype):
    _, classes = write_map(tmp_path / "map.tif", dtype)
    with rasterio.open(tmp_path / "map.tif") as dataset:
        table = dataset.colormap(1)
    assert all(table[item.value] == (*item.rgb, 255) for item in classes)


def test_the_metadata_name_model_classes_software_and_date(tmp_path):
    _, classes = write_map(tmp_path / "map.tif")
    with rasterio.open(tmp_path / "map.tif") as dataset:
        tags = dataset.tags()
    assert tags["MODEL"] == "m.safetensors"
    assert json.loads(tags["CLASSES"]) == [
        {"value": item.value, "name": item.name, "color": item.color} for item in classes
    ]
    assert tags["SOFTWARE"].startswith("Deep Land Cover ")
    assert tags["CREATED"].startswith("20")


def test_overviews_hold_the_most_frequent_class(tmp_path):
    path = tmp_path / "map.tif"
    classes = classes_of((2001, 20122, 100_000_001))
    values = np.full((600, 520), 20122)
    values[::2, ::2] = 2001
    write_class_map(path, values, Grid(520, 600, UTM, WKT), classes, SilentProgress())
    with rasterio.open(path) as dataset:
        assert dataset.overviews(1) == [2, 4]
    with rasterio.open(path, overview_level=0) as overview:
        assert Counter(overview.read(1).ravel().tolist()) == {20122: 300 * 260}


def test_pixels_that_are_never_written_are_nodata(tmp_path):
    path = tmp_path / "map.tif"
    with open_map(path, Grid(600, 300, UTM, WKT), classes_of((0, 2, 3)), SilentProgress()):
        pass
    with rasterio.open(path) as dataset:
        assert not dataset.read_masks(1).any()


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16"])
@pytest.mark.parametrize("compression", ["deflate", "zstd"])
def test_a_cog_has_the_pixels_colours_and_table_of_the_plain_file(tmp_path, dtype, compression):
    values = {"uint8": (1, 2, 3), "uint16": (1, 2, 40_000), "int16": (-5, 1, 2)}[dtype]
    random = np.random.default_rng(0)
    pixels = np.kron(random.choice(values, (40, 30)), np.ones((20, 20), int))
    grid = Grid(600, 800, UTM, WKT)
    found = {}
    for name, form in (("plain", FileForm()), ("cog", FileForm(compression, cog=True))):
        path = tmp_path / f"{name}.tif"
        with open_map(path, grid, classes_of(values), SilentProgress(), form=form) as writer:
            for tile in tiles_of(writer.window, 256):
                part = pixels[tile.row : tile.row_stop, tile.column : tile.column_stop]
                writer.write(tile, part)
        with rasterio.open(path) as dataset:
            colours = dataset.colormap(1) if dtype != "int16" else None
            overview = dataset.overviews(1), dataset.read(1, out_shape=(400, 300))
            tags = {key: value for key, value in dataset.tags().items() if "TIME" not in key}
            tags.pop("CREATED")
            found[name] = dataset.read(1), colours, overview, tags, dataset.nodata, dataset.transform
            layout = dataset.tags(ns="IMAGE_STRUCTURE")
        table = (tmp_path / f"{name}.tif.aux.xml").read_text()
        assert "GDALRasterAttributeTable" in table
    assert (layout["LAYOUT"], layout["COMPRESSION"]) == ("COG", compression.upper())
    assert np.array_equal(found["cog"][0], pixels)
    assert found["cog"][1] == found["plain"][1]
    assert found["cog"][2][0] == found["plain"][2][0]
    assert np.array_equal(found["cog"][2][1], found["plain"][2][1])
    assert found["cog"][3:] == found["plain"][3:]
    assert not list(tmp_path.glob("*.new*"))
