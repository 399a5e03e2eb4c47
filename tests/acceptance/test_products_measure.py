"""Polygons and areas of a real map, headless, against GDAL and numpy.

- Polygons: ``gdal.Polygonize`` of the whole raster (4-connected), value by value: number and area.
- Areas: ``numpy.bincount`` of the raster's values times the pixel's area.
- Areas of zones: ``gdal.RasterizeLayer`` of the polygons of each zone, then ``numpy.bincount``.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parents[3] / "shared" / "data" / "gewata_landsat7"
pytestmark = [
    pytest.mark.qgis,
    pytest.mark.medium,
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here"),
]
MAP, ZONES = DATA / "gewata_lulc2011.tif", DATA / "gewata_training.gpkg"
HECTARES = 0.09


@pytest.fixture(scope="module")
def whole():
    """The map as QGIS's GDAL reads it: values, and where there is one.

    No dataset: pytest would keep the one of the last test beyond QGIS, whose end closes all of GDAL.
    """
    from osgeo import gdal

    dataset = gdal.Open(str(MAP))
    band = dataset.GetRasterBand(1)
    return band.ReadAsArray(), band.GetMaskBand().ReadAsArray() > 0


def polygons_of_gdal():
    """Return the number and the area of GDAL's polygons by value."""
    from osgeo import gdal, ogr

    dataset = gdal.Open(str(MAP))
    band = dataset.GetRasterBand(1)
    memory = ogr.GetDriverByName("Memory").CreateDataSource("polygons")
    layer = memory.CreateLayer("polygons", geom_type=ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("value", ogr.OFTInteger))
    gdal.Polygonize(band, band.GetMaskBand(), layer, 0)
    number, area = Counter(), Counter()
    for feature in layer:
        number[feature["value"]] += 1
        area[feature["value"]] += feature.geometry().GetArea() / 10_000
    return number, area


def test_polygons_of_gewata_are_those_of_gdal(prepared, whole, tmp_path):
    from osgeo import ogr

    values, valid = whole
    results = prepared("vectorisemap", INPUT=MAP, OUTPUT=tmp_path / "patches.gpkg")
    number, area = polygons_of_gdal()
    source = ogr.Open(str(tmp_path / "patches.gpkg"))
    found, hectares, shapes, pixels = Counter(), Counter(), Counter(), Counter()
    for feature in source.GetLayerByName("patches"):
        found[feature["value"]] += 1
        hectares[feature["value"]] += feature["area_ha"]
        pixels[feature["value"]] += feature["pixels"]
        shapes[feature["value"]] += feature.geometry().GetArea() / 10_000
    assert found == number and results["POLYGONS"] == sum(number.values())
    counts = np.bincount(values[valid])
    for value, expected in area.items():
        assert shapes[value] == pytest.approx(expected)
        assert pixels[value] == counts[value]
        assert hectares[value] == pytest.approx(counts[value] * HECTARES)


def test_areas_of_gewata_and_its_zones_are_those_of_numpy(prepared, whole, tmp_path):
    from osgeo import gdal, ogr

    values, valid = whole
    field = "class"
    results = prepared(
        "classareas",
        INPUT=MAP,
        ZONES=ZONES,
        ZONE_FIELD=field,
        TABLE=tmp_path / "areas.csv",
        OUTPUT=tmp_path / "zones.gpkg",
        REPORT=tmp_path / "areas.html",
    )
    with open(tmp_path / "areas.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["zone"], int(row["value"])): row for row in rows}
    counts = np.bincount(values[valid], minlength=7)
    assert results["AREA_HA"] == pytest.approx(counts.sum() * HECTARES)
    zones = {"": valid}
    # A layer must not outlive its dataset.
    source, dataset = ogr.Open(str(ZONES)), gdal.Open(str(MAP))
    layer = source.GetLayer(0)
    for name in sorted({feature[field] for feature in layer}):
        inside = gdal.GetDriverByName("MEM").CreateCopy("", dataset)
        inside.GetRasterBand(1).Fill(0)
        layer.SetAttributeFilter(f"\"{field}\" = '{name}'")
        gdal.RasterizeLayer(inside, [1], layer, burn_values=[9])
        zones[str(name)] = (inside.GetRasterBand(1).ReadAsArray() == 9) & valid
    assert {zone for zone, _ in found} == set(zones)
    for zone, inside in zones.items():
        of_zone = np.bincount(values[inside], minlength=7)
        for value in np.flatnonzero(counts).tolist():
            # All classes are listed in each zone, those that it lacks with 0.
            row = found[zone, value]
            assert float(row["pixels"]) == of_zone[value]
            assert float(row["area_ha"]) == pytest.approx(of_zone[value] * HECTARES)
            assert float(row["percent"]) == pytest.approx(100 * of_zone[value] / of_zone.sum())
    made = ogr.Open(str(tmp_path / "zones.gpkg"))
    assert {feature["zone"] for feature in made.GetLayer(0)} == set(zones) - {""}
