"""mapchange as users run it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from qgis.core import QgsGeometry, QgsProcessingOutputHtml, QgsRasterLayer, QgsRectangle

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def maps(tmp_path_factory, make_raster):
    """Two maps of 60 x 80 pixels of 20 m; ten columns change from 17 to 3."""
    folder = tmp_path_factory.mktemp("maps")

    def halves(border):
        return lambda _band, _row, column: 17 if column >= border else 3

    return [
        make_raster(folder / f"{name}.tif", halves(border), bands=("class",))
        for name, border in (("old", 40), ("new", 50))
    ]


@pytest.mark.medium
def test_all_outputs_are_written_and_returned(run, maps, tmp_path):
    names = {"OUTPUT": "c.tif", "STRATA": "s.tif", "TABLE": "t.csv", "FIGURE": "f.png", "REPORT": "r.html"}
    outputs = {name: str(tmp_path / file) for name, file in names.items()}
    done = run("mapchange", {"BEFORE": maps[0], "AFTER": maps[1], "DATES": "1999, 2002", **outputs})
    assert done.succeeded, done.log
    assert {name: done.results[name] for name in outputs} == outputs
    assert all(Path(path).is_file() for path in outputs.values())
    # 600 pixels of 0.04 hectares, of 4,800.
    assert done.results["CHANGE_HA"] == pytest.approx(24)
    assert done.results["CHANGE_PERCENT"] == pytest.approx(12.5)
    assert "not an estimate of change" in done.log
    layer = QgsRasterLayer(outputs["OUTPUT"], "change")
    labels = {item.value: item.label for item in layer.renderer().classes()}
    assert labels == {
        303: "Class 3 → Class 3",
        1703: "Class 17 → Class 3",
        1717: "Class 17 → Class 17",
    }
    strata = QgsRasterLayer(outputs["STRATA"], "strata")
    assert "Buffer around change" in {item.label for item in strata.renderer().classes()}


def test_change_is_measured_by_zone(run, maps, make_layer, tmp_path):
    extent = QgsRasterLayer(maps[0], "map").extent()
    west = QgsRectangle(extent.xMinimum(), extent.yMinimum(), extent.xMinimum() + 45 * 20, extent.yMaximum())
    zones = make_layer(
        [(QgsGeometry.fromRect(west), "West"), (QgsGeometry.fromRect(extent), "All")], "name:string(9)"
    )
    table, report = tmp_path / "t.csv", tmp_path / "r.html"
    given = {"BEFORE": maps[0], "AFTER": maps[1], "ZONES": zones, "ZONE_FIELD": "name"}
    done = run("mapchange", {**given, "TABLE": str(table), "REPORT": str(report), "REPORT_LANGUAGE": "id"})
    assert done.succeeded, done.log
    with table.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["from_value"] == "17" and row["to_value"] == "3"]
    assert [(row["zone"], float(row["area_ha"])) for row in rows] == [
        ("", pytest.approx(24)),
        ("All", pytest.approx(24)),
        ("West", pytest.approx(12)),
    ]
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert [zone["changed"] for zone in content["zones"]] == [pytest.approx(24), pytest.approx(12)]


def test_a_crosswalk_joins_classes(run, maps, tmp_path):
    table = tmp_path / "crosswalk.csv"
    table.write_text("map,class,common\n,3,Land\nbefore,17,Land\nafter,17,Water\n", encoding="utf-8")
    given = {"BEFORE": maps[0], "AFTER": maps[1], "CROSSWALK": str(table)}
    done = run("mapchange", {**given, "TABLE": str(tmp_path / "t.csv")})
    assert done.succeeded, done.log
    # 30 columns that are Water in the later map alone.
    assert done.results["CHANGE_HA"] == pytest.approx(30 * 60 * 0.04)


def test_qgis_shows_the_report_in_the_results_viewer(algorithm):
    assert isinstance(algorithm("mapchange").outputDefinition("REPORT"), QgsProcessingOutputHtml)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"TABLE": None}, "No output was given"),
        ({"AFTER": "/nowhere.tif"}, "nowhere.tif"),
        ({"DATES": "soon"}, "is not the interval between the maps"),
        ({"ZONE_FIELD": "name"}, "without zones"),
        ({"PROBABILITY": "TEMPORARY_OUTPUT"}, "probabilities of both maps"),
        ({"FIGURE": "/tmp/figure.gif"}, "ending '.gif'"),
    ],
)
def test_wrong_input_gets_a_sentence(run, maps, tmp_path, changes, sentence):
    given = {"BEFORE": maps[0], "AFTER": maps[1], "TABLE": str(tmp_path / "t.csv")}
    done = run("mapchange", {**given, **changes})
    assert not done.succeeded
    assert sentence in done.log


def test_a_dry_run_tells_the_transitions_and_writes_nothing(run, maps, tmp_path):
    given = {"BEFORE": maps[0], "AFTER": maps[1], "OUTPUT": str(tmp_path / "c.tif"), "DRY_RUN": True}
    done = run("mapchange", given)
    assert done.succeeded, done.log
    plan = json.loads(done.results["PLAN"])
    assert [item["name"] for item in plan["classes"]] == [
        "Class 3 → Class 3",
        "Class 17 → Class 3",
        "Class 17 → Class 17",
    ]
    assert not list(tmp_path.iterdir())
