"""Another attribute table for a raster that has a sidecar already."""

import json

import pytest
import rasterio

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.raster.attribute_table import (
    dataset_items,
    read_attribute_table,
    sidecar_of,
    write_attribute_table,
    write_other_table,
)

OLD = (LandCoverClass(1, "Old", "#000001"), LandCoverClass(3, "Older", "#000002"))
NEW = (LandCoverClass(3, "Wald & <Wiese>", "#112233"), LandCoverClass(1, 'Fluss "Õ"', "#445566"))
ROWS = tuple((item.value, item.name, item.color) for item in NEW)


def restyle(sidecar):
    target = sidecar.with_name("target.xml")
    write_other_table(target, sidecar, NEW, {1: 5, 3: 7})
    return target


def test_a_raster_without_a_sidecar_gets_one(tmp_path):
    target = restyle(tmp_path / "none.aux.xml")
    assert read_attribute_table(target) == ROWS


def test_the_old_table_and_its_names_are_gone(tmp_path):
    sidecar = tmp_path / "a.tif.aux.xml"
    write_attribute_table(sidecar, OLD, {1: 5, 3: 7})
    text = restyle(sidecar).read_text(encoding="utf-8")
    assert read_attribute_table(tmp_path / "target.xml") == ROWS
    assert "Old" not in text
    assert text.count("<GDALRasterAttributeTable") == text.count("<CategoryNames") == 1


def test_a_byte_order_mark_is_no_part_of_a_sidecar(tmp_path):
    sidecar = tmp_path / "a.tif.aux.xml"
    write_attribute_table(sidecar, OLD, {1: 5, 3: 7}, "<SRS>LOCAL_CS</SRS>")
    items = dataset_items(sidecar)
    sidecar.write_text(sidecar.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_attribute_table(restyle(sidecar)) == ROWS
    assert "LOCAL_CS" in items and dataset_items(sidecar) == items


def test_twice_is_as_once(tmp_path):
    sidecar = tmp_path / "a.tif.aux.xml"
    once = restyle(sidecar).read_text(encoding="utf-8")
    sidecar.write_text(once, encoding="utf-8")
    assert restyle(sidecar).read_text(encoding="utf-8") == once


def test_all_else_that_gdal_has_written_stays(make_raster):
    path = make_raster([[[1, 3]], [[2, 2]]], crs=None)
    with rasterio.open(path, "r+") as dataset:
        dataset.nodata = 0
    # Opened for reading, rasterio leaves what it finds out in the sidecar, as QGIS does.
    sidecar = sidecar_of(path)
    sidecar.write_text(
        '<PAMDataset>\n  <SRS dataAxisToSRSAxisMapping="1,2">EPSG:32748</SRS>\n  <Metadata>\n'
        '    <MDI key="CLASSES">[]</MDI>\n    <MDI key="AUTHOR">Sari &amp; Ben</MDI>\n  </Metadata>\n'
        '  <PAMRasterBand band="1">\n    <Description>Mine</Description>\n'
        "    <CategoryNames />\n    <Metadata>\n"
        '      <MDI key="STATISTICS_MAXIMUM">3</MDI>\n    </Metadata>\n  </PAMRasterBand>\n'
        '  <PAMRasterBand band="2">\n    <Description>Second</Description>\n  </PAMRasterBand>\n'
        "</PAMDataset>\n",
        encoding="utf-8",
    )
    restyle(sidecar).replace(sidecar)
    with rasterio.open(path) as dataset:
        assert dataset.crs.to_epsg() == 32748
        assert dataset.descriptions == ("Mine", "Second")
        assert dataset.tags()["AUTHOR"] == "Sari & Ben"
        assert dataset.tags(1)["STATISTICS_MAXIMUM"] == "3"
        classes = json.loads(dataset.tags()["CLASSES"])
    assert [(item["value"], item["name"], item["color"]) for item in classes] == list(ROWS)
    assert read_attribute_table(sidecar) == ROWS


def test_the_sidecars_classes_go_before_those_inside_the_file(make_raster):
    path = make_raster([[1, 3]])
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(CLASSES="[]", MODEL="m")
    restyle(sidecar_of(path)).replace(sidecar_of(path))
    with rasterio.open(path) as dataset:
        assert len(json.loads(dataset.tags()["CLASSES"])) == 2
        assert dataset.tags()["MODEL"] == "m"


def test_a_file_of_another_kind_is_refused(tmp_path):
    sidecar = tmp_path / "a.tif.aux.xml"
    sidecar.write_text("<metadata/>")
    with pytest.raises(ValueError, match="PAMDataset"):
        restyle(sidecar)
