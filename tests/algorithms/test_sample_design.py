"""Samples of several layers, and the sample design as a layer that trains again, with the real worker."""

from __future__ import annotations

import pytest
from qgis.core import QgsGeometry, QgsProcessingUtils, QgsVectorLayer

from deep_land_cover.core.models.card import read_card

from .conftest import LEFT, PIXEL, QUICK, TOP

pytestmark = pytest.mark.qgis
TINY = {**QUICK, "EPOCHS": 1, "MAX_PER_CLASS": 20, "INDICES": []}


def square(row, column, side=4):
    left, top = LEFT + PIXEL * column, TOP - PIXEL * row
    right, bottom = left + PIXEL * side, top - PIXEL * side
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return QgsGeometry.fromWkt(f"Polygon(({', '.join(f'{x} {y}' for x, y in corners)}))")


@pytest.fixture
def layers(make_layer):
    """Water in one layer and forest in another, with a field of sites."""
    # Larger fields of water: MAX_PER_CLASS takes a smaller share of them.
    water = [(square(row, 8, 6), 1, "Air", f"site {row}") for row in (2, 14, 26, 38, 50)]
    forest = [(square(row, 64), 2, "Hutan", f"site {row}") for row in (2, 14, 26, 38, 50)]
    fields = "class:int,name:string(20),site:string(20)"
    return make_layer(water, fields), make_layer(forest, fields)


def train(run, scene, folder, name, **parameters):
    inputs = {"INPUT": scene, "CLASS_FIELD": "class", "NAME_FIELD": "name", "OUTPUT": str(folder / name)}
    done = run("trainmodel", {**TINY, **inputs, **parameters})
    assert done.succeeded, done.log
    return done


@pytest.mark.parametrize(
    "options", [{"SPLIT": "field", "SPLIT_FIELD": "site"}, {"SPLIT": "blocks", "FOLDS": 2}]
)
def test_the_written_design_trains_the_same_model_again(run, scene, layers, tmp_path, options):
    design = str(tmp_path / "design.gpkg")
    first = train(
        run, scene, tmp_path, "a.safetensors", SAMPLES=list(layers), OUTPUT_SAMPLES=design, **options
    )
    assert first.results["CLASSES"] == 2
    layer = QgsVectorLayer(first.results["OUTPUT_SAMPLES"], "design")
    assert layer.isValid() and layer.crs().authid() == "EPSG:32748"
    assert set(layer.fields().names()) - {"fid"} == {"value", "name", "split", "fold", "cluster", "weight"}
    points = [
        (item.geometry().asPoint(), item["value"], item["name"], item["split"])
        for item in layer.getFeatures()
    ]
    assert {(value, name) for _, value, name, _ in points} == {(1, "Air"), (2, "Hutan")}
    for point, _, _, _ in points:
        assert (point.x() - LEFT) / PIXEL % 1 == pytest.approx(0.5, abs=1e-6)
        assert (TOP - point.y()) / PIXEL % 1 == pytest.approx(0.5, abs=1e-6)
    again = train(
        run,
        scene,
        tmp_path,
        "b.safetensors",
        SAMPLES=design,
        CLASS_FIELD="value",
        SPLIT="field",
        SPLIT_FIELD="split",
    )
    keys = ("TRAIN_SAMPLES", "TEST_SAMPLES", "OVERALL_ACCURACY", "MACRO_F1")
    assert [again.results[key] for key in keys] == [first.results[key] for key in keys]
    one, other = (read_card(tmp_path / name) for name in ("a.safetensors", "b.safetensors"))
    assert one.scaling == other.scaling
    assert one.training.history == other.training.history
    assert one.training.folds == other.training.folds
    assert one.classes == other.classes
    assert one.calibration is not None and other.calibration is not None
    assert other.calibration.proportions == pytest.approx(one.calibration.proportions)
    assert other.calibration.offsets == pytest.approx(one.calibration.offsets)


def test_the_design_may_be_a_temporary_layer(run, scene, layers, tmp_path):
    from qgis.core import QgsProcessingContext, QgsProject

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    inputs = {"INPUT": scene, "CLASS_FIELD": "class", "OUTPUT": str(tmp_path / "a.safetensors")}
    both = {"SAMPLES": layers[0], "EXTRA_SAMPLES": [layers[1]], "OUTPUT_SAMPLES": "TEMPORARY_OUTPUT"}
    done = run("trainmodel", {**TINY, **inputs, **both}, context)
    assert done.succeeded, done.log
    layer = QgsProcessingUtils.mapLayerFromString(done.results["OUTPUT_SAMPLES"], context)
    used = [item["split"] for item in layer.getFeatures()]
    assert used.count("test") == done.results["TEST_SAMPLES"]
    assert used.count("train") == done.results["TRAIN_SAMPLES"]


def test_the_design_may_not_replace_the_samples(run, scene, layers, tmp_path):
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter

    path = str(tmp_path / "samples.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(
        layers[0], path, QgsCoordinateTransformContext(), QgsVectorFileWriter.SaveVectorOptions()
    )
    inputs = {"INPUT": scene, "CLASS_FIELD": "class", "OUTPUT": str(tmp_path / "a.safetensors")}
    done = run("trainmodel", {**TINY, **inputs, "SAMPLES": path, "OUTPUT_SAMPLES": path})
    assert not done.succeeded
    assert "The output is one of the inputs" in done.log
