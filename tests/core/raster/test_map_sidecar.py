"""The sidecar of a class map: its attribute table, and what GeoTIFF itself cannot hold."""

import json
import os
import shutil
import subprocess
from xml.dom import minidom

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.attribute_table import sidecar_of
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.writer import map_type, write_class_map

from .conftest import NAMES, TYPES, UTM, WKT, classes_of, write_map

GDALINFO = shutil.which("gdalinfo")


def test_the_sidecar_has_a_row_a_class_with_counts(tmp_path):
    path = tmp_path / "map.tif"
    values, classes = write_map(path, "int16")
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
    values, classes = write_map(path, dtype)
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
    write_map(path, "uint8")
    text = subprocess.run([GDALINFO, str(path)], capture_output=True, check=True, encoding="utf-8").stdout
    for value, name in zip(TYPES["uint8"], NAMES, strict=True):
        assert f" {value}: {name}\n" in text


def test_sidecars_of_an_earlier_map_are_gone_and_a_style_is_kept_and_named(tmp_path):
    path = tmp_path / "map.tif"
    write_map(path)
    for ending in (".ovr", ".msk"):
        (tmp_path / f"map.tif{ending}").write_bytes(b"stale")
    (tmp_path / "map.qml").write_text("<qgis/>")
    progress = SilentProgress()
    write_map(path, "int16", progress=progress)
    assert sorted(os.listdir(tmp_path)) == ["map.qml", "map.tif", "map.tif.aux.xml"]
    assert "-1" in sidecar_of(path).read_text(encoding="utf-8")
    assert any("map.qml" in text for level, text in progress.lines if level == "warning")


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
