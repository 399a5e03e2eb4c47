"""Labels to check and the report on samples, with the real worker."""

from __future__ import annotations

import json

import numpy as np
import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer, edit

from deep_land_cover.algorithms.layers.vectors import is_null

from .conftest import LEFT, PIXEL, TOP

pytestmark = pytest.mark.qgis


def square(row, column, side=4):
    """Return a square of pixels."""
    left, top = LEFT + column * PIXEL, TOP - row * PIXEL
    return QgsGeometry.fromRect(QgsRectangle(left, top - side * PIXEL, left + side * PIXEL, top))


# First pixel of each polygon, and the one with the label of the other class.
PLACES = [(row, column) for row in (4, 18, 32, 46, 60) for column in (10, 60)]
WRONG = 2


@pytest.fixture
def inspected(run, make_raster, make_layer, tmp_path):
    """Return the run on a raster of two halves with ten polygons, of which the third has a wrong class."""
    generator = np.random.default_rng(0)
    noise = generator.normal(0, 3, (2, 80, 80))
    scene = make_raster(
        tmp_path / "scene.tif",
        lambda band, row, column: 160 + 40 * (column >= 40) + 5 * band + noise[band, row, column],
        bands=("red", "nir"),
        rows=80,
    )
    labels = [1 + (column >= 40) for _, column in PLACES]
    labels[WRONG] = 2
    layer = make_layer(
        [(square(*place), label) for place, label in zip(PLACES, labels, strict=True)], "class:int"
    )

    def inspected(**more):
        given = {"INPUT": scene, "SAMPLES": layer, "CLASS_FIELD": "class", "INDICES": ["NDVI"]}
        return run("inspectsamples", {**given, "SUSPECTS": str(tmp_path / "check.gpkg"), **more})

    return inspected


@pytest.mark.medium
def test_the_wrong_polygon_is_the_first_to_check(inspected, tmp_path):
    done = inspected(REPORT=str(tmp_path / "report.html"))
    assert done.succeeded, done.log
    assert done.results["UNITS"] == 10 and done.results["SUSPICIOUS"] == 1
    (feature,) = QgsVectorLayer(done.results["SUSPECTS"], "check").getFeatures()
    assert (feature["rank"], feature["value"], feature["proposed"]) == (1, 2, 1)
    assert feature["probability"] < 0.2 < 0.8 < feature["proposed_probability"]
    assert feature["samples"] == 16 and is_null(feature["checked"])
    row, column = PLACES[WRONG]
    point = feature.geometry().asPoint()
    assert LEFT + column * PIXEL < point.x() < LEFT + (column + 4) * PIXEL
    assert TOP - (row + 4) * PIXEL < point.y() < TOP - row * PIXEL
    content = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert content["channels"] == ["red", "nir", "NDVI"] and content["bands"] == 2
    assert [item["polygons"] for item in content["spreads"]] == [4, 6]
    assert content["suspects"][0]["given"]["value"] == 2
    assert [sum(row) for row in content["check"]["matrix"]] == [64, 96]
    assert content["check"]["overall_accuracy"]["value"] == pytest.approx(0.9, abs=0.02)
    names = sorted(name for item in content["importance"] for name in item["channels"])
    assert names == ["NDVI", "nir", "red"]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Labels to check" in page and "Would more samples help?" in page


@pytest.mark.medium
def test_notes_of_a_user_are_not_overwritten(inspected):
    done = inspected()
    assert done.succeeded, done.log
    layer = QgsVectorLayer(done.results["SUSPECTS"], "check")
    with edit(layer):
        feature: QgsFeature = next(layer.getFeatures())
        layer.changeAttributeValue(feature.id(), layer.fields().indexOf("checked"), "really forest")
    again = inspected()
    assert not again.succeeded and "check.gpkg" in again.log


@pytest.mark.medium
def test_a_label_raster_is_judged_in_blocks_and_nothing_to_write_is_refused(inspected, make_raster, tmp_path):
    labels = make_raster(
        tmp_path / "labels.tif", lambda _band, _row, column: 1 + (column >= 40), bands=("class",), rows=80
    )
    done = inspected(SAMPLES=None, CLASS_FIELD=None, LABELS=labels, MAX_PER_CLASS=200, COUNT=1)
    assert done.succeeded, done.log
    assert done.results["UNITS"] > 10 and done.results["SUSPICIOUS"] <= 1
    refused = inspected(SUSPECTS=None)
    assert not refused.succeeded and "SUSPECTS" in refused.log
