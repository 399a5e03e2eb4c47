"""Samples of every kind teach a model what they say, with the real worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    QgsGeometry,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
)

from deep_land_cover.core.models.card import read_card

from .conftest import FOREST, WATER, in_degrees
from .maps import legend

pytestmark = pytest.mark.qgis


@pytest.mark.medium
def test_text_classes_are_numbered_and_keep_their_names(train, make_layer, training_rows, classify):
    rows = [(geometry, {WATER: "Sungai", FOREST: "Hutan"}[value]) for geometry, value, _name in training_rows]
    done = train(make_layer(rows, "class:string(20)"))
    assert done.succeeded, done.log
    path = classify(MODEL=done.results["OUTPUT"]).results["OUTPUT"]
    assert [item[:2] for item in legend(path)] == [(1, "Hutan"), (2, "Sungai")]


@pytest.mark.medium
def test_a_scheme_gives_names_and_colours(train, make_layer, training_rows):
    rows = [(geometry, {WATER: 0, FOREST: 1}[value]) for geometry, value, _name in training_rows]
    done = train(make_layer(rows, "class:int"), SCHEME="jambi")
    assert done.succeeded, done.log
    classes = read_card(Path(done.results["OUTPUT"])).classes
    assert [(item.value, item.name, item.color) for item in classes] == [
        (0, "Water", "#0066CC"),
        (1, "Trees/Forest", "#228B22"),
    ]


@pytest.mark.medium
def test_polygons_in_another_crs_give_the_same_samples(train, samples, make_layer, training_rows):
    rows = [(in_degrees(geometry), *attributes) for geometry, *attributes in training_rows]
    counts = ("CLASSES", "TRAIN_SAMPLES", "TEST_SAMPLES")
    here, there = train(samples), train(make_layer(rows, "class:int,name:string(20)", crs="EPSG:4326"))
    assert there.succeeded, there.log
    assert [there.results[name] for name in counts] == [here.results[name] for name in counts]


def test_only_the_selected_features_are_learned_from(train, make_layer, training_rows, box):
    third = [(QgsGeometry.fromRect(box(2 + 9 * number, 38, 6, 4)), 40, "Edge") for number in range(6)]
    layer = make_layer([*training_rows, *third], "class:int,name:string(20)")
    QgsProject.instance().addMapLayer(layer)
    layer.selectByExpression('"class" < 40')
    done = train(QgsProcessingFeatureSourceDefinition(layer.id(), True))
    assert done.succeeded, done.log
    assert [item.value for item in read_card(Path(done.results["OUTPUT"])).classes] == [WATER, FOREST]


@pytest.mark.medium
def test_a_label_raster_teaches_too(train, make_raster, tmp_path):
    labels = make_raster(
        tmp_path / "labels.tif", lambda _b, _r, column: WATER if column < 40 else FOREST, bands=("class",)
    )
    done = train(None, LABELS=labels, CLASS_FIELD=None, SPLIT="blocks")
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 2


@pytest.mark.medium
def test_the_temporary_samples_are_removed(train, samples, monkeypatch, tmp_path):
    place = tmp_path / "temporary"
    place.mkdir()
    named = []

    def name_here(name, _context):
        named.append(name)
        return str(place / name)

    monkeypatch.setattr(
        "deep_land_cover.algorithms.layers.vectors.QgsProcessingUtils.generateTempFilename", name_here
    )
    assert train(samples).succeeded
    assert named == ["features.jsonl"]
    assert not list(place.iterdir())
