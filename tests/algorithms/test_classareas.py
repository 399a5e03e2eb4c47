"""classareas as users run it."""

from __future__ import annotations

import csv
import json

import pytest
from qgis.core import QgsGeometry, QgsVectorLayer

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def halves(tmp_path_factory, make_raster):
    """A map of 80 columns and 60 rows of 20 m: class 3 left of column 40, and 17 right of it."""
    path = tmp_path_factory.mktemp("maps") / "halves.tif"
    return make_raster(path, lambda _band, _row, column: 3 if column < 40 else 17, bands=("class",))


@pytest.fixture
def zones(halves, make_layer):
    """Two zones of three polygons that overlap; those of the first one overlap each other."""
    from osgeo import gdal

    x, _, _, y, _, _ = gdal.Open(halves).GetGeoTransform()

    def box(left, top, right, bottom):
        places = [
            (x + 20 * c, y - 20 * r) for c, r in ((left, top), (right, top), (right, bottom), (left, bottom))
        ]
        return QgsGeometry.fromWkt(f"POLYGON(({', '.join(f'{a} {b}' for a, b in [*places, places[0]])}))")

    rows = [
        (box(0, 0, 20, 10), 1, "North"),
        (box(10, 0, 60, 10), 1, "North"),
        (box(30, 5, 50, 25), 2, "South"),
    ]
    return make_layer(rows, "class:int,name:string(20)")


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.medium
def test_overlapping_zones_have_all_classes(run, halves, zones, tmp_path):
    outputs = {
        "TABLE": str(tmp_path / "a.csv"),
        "OUTPUT": str(tmp_path / "z.gpkg"),
        "REPORT": str(tmp_path / "a.html"),
    }
    done = run("classareas", {"INPUT": halves, "ZONES": zones, "ZONE_FIELD": "name", **outputs})
    assert done.succeeded, done.log
    found = {
        (item["zone"], item["value"]): (float(item["pixels"]), float(item["area_ha"]))
        for item in rows_of(outputs["TABLE"])
    }
    # 60 columns of 10 rows, of which 40 are of class 3; and 20 of 20 rows, half and half.
    expected = {
        ("", "3"): 2400,
        ("", "17"): 2400,
        ("North", "3"): 400,
        ("North", "17"): 200,
        ("South", "3"): 200,
        ("South", "17"): 200,
    }
    assert found == {key: (pixels, pytest.approx(0.04 * pixels)) for key, pixels in expected.items()}
    layer = QgsVectorLayer(outputs["OUTPUT"] + "|layername=z", "z", "ogr")
    assert {item["zone"]: (item["Class 3 (ha)"], item["Class 17 (ha)"]) for item in layer.getFeatures()} == {
        "North": (pytest.approx(16), pytest.approx(8)),
        "South": (pytest.approx(8), pytest.approx(8)),
    }
    content = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [item["zone"] for item in content["zones"]] == ["North", "South"]


def test_estimates_of_a_table_stay_with_the_whole_map(run, halves, zones, tmp_path):
    table = tmp_path / "accuracy.csv"
    head = "value,name,mapped_area_ha,users_accuracy,users_accuracy_ci,producers_accuracy"
    head += ",producers_accuracy_ci,area_ha,area_ci_ha"
    table.write_text(f"{head}\n3,Class 3,96,1,,1,,90,5\n17,Class 17,96,1,,1,,102,5\n")
    output = str(tmp_path / "a.csv")
    given = {"INPUT": halves, "ZONES": zones, "ZONE_FIELD": "name", "TABLE": output}
    done = run("classareas", {**given, "ESTIMATES": str(table)})
    assert done.succeeded, done.log
    rows = rows_of(output)
    assert [row["estimate_ha"] for row in rows if not row["zone"]] == ["90", "102"]
    assert {row["estimate_ha"] for row in rows if row["zone"]} == {""}
    table.write_text(table.read_text().replace(",96,", ",99,"))
    done = run("classareas", {**given, "ESTIMATES": str(table)})
    assert not done.succeeded and "another map" in done.log


def test_zones_of_too_few_points_are_not_estimated(run, halves, zones, make_layer, tmp_path):
    from osgeo import gdal

    x, _, _, y, _, _ = gdal.Open(halves).GetGeoTransform()
    rows = []
    for column in range(1, 80, 4):
        for row in range(1, 60, 4):
            point = QgsGeometry.fromWkt(f"POINT({x + 20 * column + 10} {y - 20 * row - 10})")
            rows.append((point, 3 if column < 36 else 17, ""))
    points = make_layer(rows, "class:int,name:string(20)", kind="Point")
    output = str(tmp_path / "a.csv")
    given = {"INPUT": halves, "ZONES": zones, "ZONE_FIELD": "name", "TABLE": output}
    done = run("classareas", {**given, "REFERENCE": points, "CLASS_FIELD": "class", "DESIGN": "simple"})
    assert done.succeeded, done.log
    # Columns 1 to 57 and rows 1 to 9; columns 33 to 49 and rows 5 to 21.
    zone = {row["zone"]: row for row in rows_of(output) if row["value"] == "3"}
    assert (zone["North"]["points"], zone["South"]["points"]) == ("45", "25")
    assert zone["South"]["note"] == "not enough points in this zone" and not zone["South"]["estimate_ha"]
    assert float(zone["North"]["estimate_ha"]) == pytest.approx(24 * 9 / 15)
    done = run("classareas", {**given, "REFERENCE": points, "CLASS_FIELD": "class", "DESIGN": "none"})
    assert not done.succeeded and "not a probability sample" in done.log


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ZONES": None, "OUTPUT": "TEMPORARY_OUTPUT"}, "needs zones"),
        ({"TABLE": None}, "No output was given"),
        ({"ZONE_FIELD": "nothing"}, "There is no field"),
    ],
)
def test_what_cannot_work_is_refused(run, halves, zones, tmp_path, changes, sentence):
    given = {"INPUT": halves, "ZONES": zones, "TABLE": str(tmp_path / "a.csv"), **changes}
    done = run("classareas", {name: value for name, value in given.items() if value is not None})
    assert not done.succeeded and sentence in done.log
    assert not list(tmp_path.iterdir())
