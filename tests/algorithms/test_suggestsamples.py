"""Suggested points can be labelled in QGIS and train beside the old samples, with the real worker."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest
from qgis.core import QgsProcessingContext, QgsProcessingUtils, QgsProject, QgsVectorLayer, edit

from deep_land_cover.algorithms.layers.vectors import is_null

from .conftest import LEFT, PIXEL, TOP

pytestmark = pytest.mark.qgis


def suggest(run, scene, folder, **parameters):
    defaults = {"INPUT": scene, "COUNT": 12, "MIN_DISTANCE": 5, "OUTPUT": str(folder / "suggested.gpkg")}
    return run("suggestsamples", {**defaults, "DEVICE": "cpu", **parameters})


@pytest.mark.medium
def test_points_are_labelled_and_train_but_never_test(run, scene, train, sample_layers, tmp_path):
    design = str(tmp_path / "design.gpkg")
    first = train(list(sample_layers), NAME_FIELD="name", OUTPUT_SAMPLES=design, SPLIT="blocks")
    assert first.succeeded, first.log
    fields = {"CLASS_FIELD": "value", "NAME_FIELD": "name"}
    done = suggest(run, scene, tmp_path, MODEL=first.results["OUTPUT"], SAMPLES=design, **fields)
    assert done.succeeded, done.log
    assert done.results["POINTS"] == 12
    layer = QgsVectorLayer(done.results["OUTPUT"], "points")
    names = ["value", "name", "rank", "predicted", "predicted_name", "margin", "dissimilarity", "split"]
    assert [name for name in layer.fields().names() if name != "fid"] == names
    points = [(item.geometry().asPoint(), item["rank"]) for item in layer.getFeatures()]
    assert [rank for _, rank in points] == list(range(1, 13))
    for (one, _), (other, _) in itertools.combinations(points, 2):
        assert math.hypot(one.x() - other.x(), one.y() - other.y()) >= 5 * PIXEL - 1e-6
    old = [item.geometry().asPoint() for item in QgsVectorLayer(design, "old").getFeatures()]
    for point, _ in points:
        assert (point.x() - LEFT) / PIXEL % 1 == pytest.approx(0.5, abs=1e-6)
        assert (TOP - point.y()) / PIXEL % 1 == pytest.approx(0.5, abs=1e-6)
        assert min(math.hypot(point.x() - item.x(), point.y() - item.y()) for item in old) >= 5 * PIXEL - 1e-6
    # The form lists the classes, under the names that the samples give them.
    setup = layer.editorWidgetSetup(layer.fields().indexOf("value"))
    assert setup.type() == "ValueMap"
    assert setup.config()["map"] == [{"1 Air": "1"}, {"2 Hutan": "2"}]
    place = layer.fields().indexOf("value")
    with edit(layer):
        for feature in layer.getFeatures():
            assert is_null(feature["value"])
            assert feature["split"] == "suggested"
            is_water = feature.geometry().asPoint().x() < LEFT + 40 * PIXEL
            layer.changeAttributeValue(feature.id(), place, 1 if is_water else 2)
    split = {"SPLIT": "field", "SPLIT_FIELD": "split", "MAX_PER_CLASS": 0}
    again = train(design, "again.safetensors", EXTRA_SAMPLES=[layer.source()], **fields, **split)
    assert again.succeeded, again.log
    assert again.results["TEST_SAMPLES"] == first.results["TEST_SAMPLES"]
    # All but those that lie too near the samples for validation and test.
    left_out = re.search(r"for which (\d+) samples were left out", again.log)
    near = int(left_out[1]) if left_out else 0
    assert near <= 6
    # The first model was trained once more on all its samples, this one keeps the split of the field.
    assert 40 < again.results["TRAIN_SAMPLES"] <= first.results["TRAIN_SAMPLES"] + 12 - near


@pytest.mark.medium
def test_a_temporary_layer_is_ready_too_and_needs_no_samples(run, scene, model):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {"INPUT": scene, "MODEL": model, "COUNT": 3, "MIN_DISTANCE": 0, "OUTPUT": "TEMPORARY_OUTPUT"}
    done = run("suggestsamples", {**parameters, "DEVICE": "cpu"}, context=context)
    assert done.succeeded, done.log
    layer = QgsProcessingUtils.mapLayerFromString(done.results["OUTPUT"], context)
    assert layer.featureCount() == 3
    setup = layer.editorWidgetSetup(layer.fields().indexOf("class"))
    assert setup.config()["map"] == [{"3 Water": "3"}, {"17 Forest": "17"}]


@pytest.mark.medium
def test_where_nothing_is_far_enough_the_log_says_so(run, scene, model, tmp_path):
    done = suggest(run, scene, tmp_path, MODEL=model, MIN_DISTANCE=500)
    assert done.succeeded, done.log
    assert done.results["POINTS"] == 1
    assert "smaller MIN_DISTANCE allows more" in done.log


def test_a_class_field_that_is_not_there_is_refused(run, scene, model, samples, tmp_path):
    done = suggest(run, scene, tmp_path, MODEL=model, SAMPLES=samples, CLASS_FIELD="kelas")
    assert not done.succeeded
    assert "kelas" in done.log


def test_a_field_of_names_is_refused_where_two_classes_have_one_name(run, scene, model, samples, tmp_path):
    # Case and blanks make no difference in names; the description in the file keeps its length.
    path = tmp_path / "alike.safetensors"
    path.write_bytes(Path(model).read_bytes().replace(b"Forest", b"WATER "))
    done = suggest(run, scene, tmp_path, MODEL=str(path), SAMPLES=samples, CLASS_FIELD="name")
    assert not done.succeeded
    assert "CLASS_FIELD" in done.log and "3 Water, 17 WATER" in done.log
    assert not (tmp_path / "suggested.gpkg").exists()
