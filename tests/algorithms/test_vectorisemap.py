"""vectorisemap as users run it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from osgeo import gdal, ogr
from qgis.core import QgsVectorLayer

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def halves(tmp_path_factory, make_raster):
    """A map of 80 columns and 60 rows of 20 m: class 3 left of column 40, 17 right of it with a hole of 3."""

    def value(_band, row, column):
        return 3 if column < 40 or (50 <= column < 60 and 20 <= row < 25) else 17

    return make_raster(tmp_path_factory.mktemp("maps") / "halves.tif", value, bands=("class",))


def test_polygons_open_with_names_and_areas(run, halves, tmp_path):
    path = tmp_path / "patches.gpkg"
    done = run("vectorisemap", {"INPUT": halves, "OUTPUT": str(path)})
    assert done.succeeded, done.log
    assert done.results["POLYGONS"] == 3
    assert done.results["AREA_HA"] == pytest.approx(80 * 60 * 0.04)
    layer = QgsVectorLayer(f"{path}|layername=patches", "patches", "ogr")
    layer.loadDefaultStyle()
    assert layer.renderer().type() == "categorizedSymbol" and layer.renderer().classAttribute() == "value"
    assert {item.value(): item.label() for item in layer.renderer().categories()} == {
        3: "Class 3",
        17: "Class 17",
    }
    rows = sorted(
        (item["value"], item["pixels"], item["area_ha"], item["perimeter_m"]) for item in layer.getFeatures()
    )
    # The hole belongs to the outline of class 17: (40 + 60) * 2 * 20 m and (10 + 5) * 2 * 20 m.
    assert rows == [(3, 50, 2.0, 600.0), (3, 2400, 96.0, 4000.0), (17, 2350, 94.0, 4600.0)]
    assert all(item.geometry().isGeosValid() for item in layer.getFeatures())
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT useAsDefault FROM layer_styles").fetchall() == [(1,)]


def test_kml_is_in_degrees_with_names_and_colours(run, halves, tmp_path):
    path = tmp_path / "patches.kml"
    done = run("vectorisemap", {"INPUT": halves, "OUTPUT": str(path)})
    assert done.succeeded, done.log
    source = ogr.Open(str(path))
    features = [item for layer in source for item in layer]
    assert sorted(item["Name"] for item in features) == ["Class 17", "Class 3", "Class 3"]
    left, right, bottom, top = features[0].geometry().GetEnvelope()
    assert -180 < left < right < 180 and -90 < bottom < top < 90 and right - left < 0.1
    assert path.read_text(encoding="utf-8").count("<PolyStyle><color>cc") == 2


def test_simplified_polygons_keep_the_areas_of_the_pixels(run, halves, tmp_path):
    path = tmp_path / "patches.gpkg"
    done = run("vectorisemap", {"INPUT": halves, "SIMPLIFY": 40, "OUTPUT": str(path)})
    assert done.succeeded, done.log
    layer = QgsVectorLayer(f"{path}|layername=patches", "patches", "ogr")
    assert sorted(item["pixels"] for item in layer.getFeatures()) == [50, 2350, 2400]


def test_confidence_is_the_mean_probability_of_the_class(run, halves, make_raster, tmp_path):
    def probability(band, _row, column):
        # In thousandths, for the file holds whole numbers.
        right = 250 if column < 40 else 500 + 5 * (column - 40)
        return (1000 - right, right)[band]

    probabilities = make_raster(tmp_path / "p.tif", probability, bands=("3 Class 3", "17 Class 17"))
    dataset = gdal.Open(probabilities, gdal.GA_Update)
    for number in (1, 2):
        dataset.GetRasterBand(number).SetScale(0.001)
    dataset = None
    path = tmp_path / "patches.gpkg"
    done = run("vectorisemap", {"INPUT": halves, "PROBABILITIES": probabilities, "OUTPUT": str(path)})
    assert done.succeeded, done.log
    layer = QgsVectorLayer(f"{path}|layername=patches", "patches", "ogr")
    found = {(item["value"], item["pixels"]): item["confidence"] for item in layer.getFeatures()}
    columns = [5 * number for number in range(40)]
    right = (500 + (60 * sum(columns) - 5 * sum(columns[10:20])) / 2350) / 1000
    assert found == {
        (3, 2400): pytest.approx(0.75),
        (3, 50): pytest.approx((500 - sum(columns[10:20]) / 10) / 1000),
        (17, 2350): pytest.approx(right),
    }


def test_another_ending_and_a_foreign_geopackage_are_refused(run, halves, tmp_path):
    done = run("vectorisemap", {"INPUT": halves, "OUTPUT": str(tmp_path / "patches.shp")})
    assert not done.succeeded and ".gpkg" in done.log
    path = tmp_path / "patches.gpkg"
    assert run("vectorisemap", {"INPUT": halves, "OUTPUT": str(path)}).succeeded
    # Once the user has added a layer of his own, the file is his.
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)")
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('notes', 'attributes', 'n')"
        )
    for overwrite in (False, True):
        done = run("vectorisemap", {"INPUT": halves, "OUTPUT": str(path), "OVERWRITE": overwrite})
        assert not done.succeeded and "would remove all of them" in done.log


def test_a_dry_run_writes_nothing(run, halves, tmp_path):
    path = tmp_path / "patches.gpkg"
    done = run("vectorisemap", {"INPUT": halves, "OUTPUT": str(path), "DRY_RUN": True})
    assert done.succeeded and "PLAN" in done.results
    assert not list(tmp_path.iterdir())
