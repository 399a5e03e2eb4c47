import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.dom import minidom

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import OutputError, ParameterError, RunCancelled
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.attribute_table import sidecar_of
from deep_land_cover.core.raster.geotiff import FileForm
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.tiles import tiles_of
from deep_land_cover.core.raster.writer import map_type, open_map, write_class_map

WKT = CRS.from_epsg(32748).to_wkt()
UTM = (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0)
NAMES = ('Água & <Wasser> "x"', "森林", "Лес 'ß'")
GDALINFO = shutil.which("gdalinfo")
TYPES = {
    "uint8": (0, 4, 254),
    "uint16": (1, 300, 20122),
    "int16": (-1, 0, 7),
    "int32": (-70_000, 2001, 100_000_001),
}


def classes_of(values):
    return tuple(
        LandCoverClass(value, name, f"#12AB{number:02X}")
        for number, (value, name) in enumerate(zip(values, NAMES, strict=True))
    )


def write(path, dtype="uint8", shape=(30, 40), transform=UTM, valid=None, progress=None):
    classes = classes_of(TYPES[dtype])
    values = np.random.default_rng(0).choice(TYPES[dtype], size=shape)
    grid = Grid(shape[1], shape[0], transform, WKT)
    metadata = {"MODEL": "m.safetensors"}
    write_class_map(path, values, grid, classes, progress or SilentProgress(), metadata, valid)
    return values, classes


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
    with pytest.raises(ParameterError, match="2147483648 does not fit"):
        map_type([2**31])


@pytest.mark.parametrize("dtype", TYPES)
def test_the_file_holds_the_users_values_on_the_exact_grid(tmp_path, dtype):
    path = tmp_path / "map.tif"
    valid = np.random.default_rng(1).random((30, 40)) > 0.2
    values, _ = write(path, dtype, valid=valid)
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
    write(tmp_path / "map.tif", transform=transform)
    with rasterio.open(tmp_path / "map.tif") as dataset:
        assert tuple(dataset.transform)[:6] == transform


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_the_colour_table_has_the_classes_colours(tmp_path, dtype):
    _, classes = write(tmp_path / "map.tif", dtype)
    with rasterio.open(tmp_path / "map.tif") as dataset:
        table = dataset.colormap(1)
    assert all(table[item.value] == (*item.rgb, 255) for item in classes)


def test_the_metadata_name_model_classes_software_and_date(tmp_path):
    _, classes = write(tmp_path / "map.tif")
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


def test_the_sidecar_has_a_row_a_class_with_counts(tmp_path):
    path = tmp_path / "map.tif"
    values, classes = write(path, "int16")
    table = minidom.parseString(sidecar_of(path).read_bytes())
    rows = [
        [cell.firstChild.data for cell in row.getElementsByTagName("F")]
        for row in table.getElementsByTagName("Row")
    ]
    assert [(int(row[0]), int(row[1]), row[2]) for row in rows] == [
        (item.value, int((values == item.value).sum()), item.name) for item in classes
    ]
    assert table.getElementsByTagName("Category") == []


def test_letters_that_xml_cannot_hold_do_not_break_the_sidecar(tmp_path):
    path = tmp_path / "map.tif"
    classes = (LandCoverClass(1, "a\x00b\x1bc\ufffe]]>", "#000000"),)
    write_class_map(path, np.ones((2, 2), int), Grid(2, 2, UTM, WKT), classes, SilentProgress())
    table = minidom.parseString(sidecar_of(path).read_bytes())
    assert table.getElementsByTagName("F")[2].firstChild.data == "a b c ]]>"


@pytest.mark.qgis
@pytest.mark.skipif(GDALINFO is None, reason="the GDAL of QGIS (gdalinfo) is not installed")
@pytest.mark.parametrize("dtype", TYPES)
def test_the_gdal_of_qgis_reads_the_attribute_table(tmp_path, dtype):
    path = tmp_path / "Karte (1) ä.tif"
    values, classes = write(path, dtype)
    text = subprocess.run(
        [GDALINFO, "-json", str(path)], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    report = json.loads(text)
    table = report["rat"]
    usages = {field["name"]: (field["usage"], field["type"]) for field in table["fieldDefn"]}
    # GDALRATFieldUsage and GDALRATFieldType.
    assert usages == {
        "Value": (5, 0),
        "Count": (1, 1),
        "Class": (2, 2),
        "Red": (6, 0),
        "Green": (7, 0),
        "Blue": (8, 0),
        "Alpha": (9, 0),
    }
    assert table["tableType"] == "thematic"
    assert [row["f"] for row in table["row"]] == [
        [item.value, int((values == item.value).sum()), item.name, *item.rgb, 255] for item in classes
    ]
    band = report["bands"][0]
    assert band["noDataValue"] == map_type(TYPES[dtype])[1]
    assert band["description"] == "Land cover"


@pytest.mark.qgis
@pytest.mark.skipif(GDALINFO is None, reason="the GDAL of QGIS (gdalinfo) is not installed")
def test_the_gdal_of_qgis_reads_category_names_of_small_values(tmp_path):
    path = tmp_path / "map.tif"
    write(path, "uint8")
    text = subprocess.run([GDALINFO, str(path)], capture_output=True, check=True, encoding="utf-8").stdout
    for value, name in zip(TYPES["uint8"], NAMES, strict=True):
        assert f" {value}: {name}\n" in text


def test_sidecars_of_an_earlier_map_are_gone_and_a_style_is_kept_and_named(tmp_path):
    path = tmp_path / "map.tif"
    write(path)
    for ending in (".ovr", ".msk"):
        (tmp_path / f"map.tif{ending}").write_bytes(b"stale")
    (tmp_path / "map.qml").write_text("<qgis/>")
    progress = SilentProgress()
    write(path, "int16", progress=progress)
    assert sorted(os.listdir(tmp_path)) == ["map.qml", "map.tif", "map.tif.aux.xml"]
    assert "-1" in sidecar_of(path).read_text(encoding="utf-8")
    assert any("map.qml" in text for level, text in progress.lines if level == "warning")


def test_a_run_that_fails_leaves_the_earlier_map_as_it_was(tmp_path):
    path = tmp_path / "map.tif"
    write(path)
    before = {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)}
    grid = Grid(40, 30, UTM, WKT)
    with pytest.raises(RunCancelled):
        with open_map(path, grid, classes_of((1, 2, 3)), SilentProgress()):
            raise RunCancelled
    assert {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)} == before


def test_the_map_stands_under_its_name_only_when_it_is_complete(tmp_path):
    path = tmp_path / "map.tif"
    with open_map(path, Grid(40, 30, UTM, WKT), classes_of((1, 2, 3)), SilentProgress()) as writer:
        assert "map.tif" not in os.listdir(tmp_path)
        assert "map.tif.new" in os.listdir(tmp_path)
        writer.write(writer.window, np.ones((30, 40), int))
    assert sorted(os.listdir(tmp_path)) == ["map.tif", "map.tif.aux.xml"]


def test_pixels_that_are_never_written_are_nodata(tmp_path):
    path = tmp_path / "map.tif"
    with open_map(path, Grid(600, 300, UTM, WKT), classes_of((0, 2, 3)), SilentProgress()):
        pass
    with rasterio.open(path) as dataset:
        assert not dataset.read_masks(1).any()


def test_a_full_disk_is_named_and_leaves_nothing(small_disk: Path):
    values = np.random.default_rng(0).choice(TYPES["uint8"], size=(3000, 3000))
    classes = classes_of(TYPES["uint8"])
    with pytest.raises(OutputError, match="The disk is full") as error:
        write_class_map(small_disk / "map.tif", values, Grid(3000, 3000, UTM, WKT), classes, SilentProgress())
    assert str(small_disk) in str(error.value)
    assert os.listdir(small_disk) == []


def test_a_disk_that_fills_only_at_the_end_is_noticed(small_disk: Path):
    # Fits GDAL's cache as a whole, so that nothing is written before the file is closed.
    values = np.random.default_rng(0).integers(0, 200, size=(1200, 1200))
    classes = tuple(LandCoverClass(value, str(value), "#000000") for value in range(200))
    (small_disk / "filler").write_bytes(bytes(500_000))
    with pytest.raises(OutputError, match="The disk is full"):
        write_class_map(small_disk / "map.tif", values, Grid(1200, 1200, UTM, WKT), classes, SilentProgress())
    assert os.listdir(small_disk) == ["filler"]


def test_a_crs_that_geotiff_cannot_hold_is_kept_in_the_sidecar(tmp_path):
    # A rotated pole, as regional climate models have it; GDAL puts it into a sidecar of its own.
    pole = "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +R=6371229"
    crs = CRS.from_user_input(pole)
    grid = Grid(3, 2, (0.11, 0.0, 5.0, 0.0, -0.11, 6.0), crs.to_wkt())
    write_class_map(
        tmp_path / "map.tif", np.full((2, 3), 4), grid, classes_of(TYPES["uint8"]), SilentProgress()
    )
    assert sorted(os.listdir(tmp_path)) == ["map.tif", "map.tif.aux.xml"]
    with rasterio.open(tmp_path / "map.tif") as dataset:
        assert dataset.crs == crs
    assert "GDALRasterAttributeTable" in (tmp_path / "map.tif.aux.xml").read_text()


def test_a_legend_too_long_for_the_tiff_is_kept_in_the_sidecar(tmp_path):
    # GDAL writes at most 32,000 bytes of metadata into the file.
    classes = tuple(LandCoverClass(value, f"Class {value} & {'x' * 100}", "#123456") for value in range(400))
    grid = Grid(20, 20, UTM, WKT)
    values = np.arange(400).reshape(20, 20)
    write_class_map(tmp_path / "map.tif", values, grid, classes, SilentProgress(), {"MODEL": "m"})
    assert sorted(os.listdir(tmp_path)) == ["map.tif", "map.tif.aux.xml"]
    with rasterio.open(tmp_path / "map.tif") as dataset:
        tags = dataset.tags()
        assert dataset.crs == CRS.from_wkt(WKT)
    assert [item["name"] for item in json.loads(tags["CLASSES"])] == [item.name for item in classes]
    assert tags["MODEL"] == "m"


def test_a_failed_map_leaves_nothing_of_gdals_sidecar(tmp_path):
    crs = CRS.from_user_input("+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39 +lon_0=18 +R=6371229")
    grid = Grid(3, 2, (0.11, 0.0, 5.0, 0.0, -0.11, 6.0), crs.to_wkt())
    with pytest.raises(RunCancelled):
        with open_map(tmp_path / "map.tif", grid, classes_of(TYPES["uint8"]), SilentProgress()):
            raise RunCancelled
    assert os.listdir(tmp_path) == []


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
