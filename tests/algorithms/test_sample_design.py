"""Samples of several layers, and the sample design as a layer that trains again, with the real worker."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from deep_land_cover.core.models.card import read_card

from .conftest import LEFT, PIXEL, TOP

pytestmark = pytest.mark.qgis


@pytest.mark.slow(but=("options0",))
@pytest.mark.parametrize(
    "options", [{"SPLIT": "field", "SPLIT_FIELD": "site"}, {"SPLIT": "blocks", "FOLDS": 2}]
)
@pytest.mark.medium
def test_the_written_design_trains_the_same_model_again(train, sample_layers, tmp_path, options):
    design = {"NAME_FIELD": "name", "OUTPUT_SAMPLES": str(tmp_path / "design.gpkg")}
    first = train(list(sample_layers), "a.safetensors", **design, **options)
    assert first.succeeded, first.log
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
    fields = {"CLASS_FIELD": "value", "NAME_FIELD": "name", "SPLIT": "field", "SPLIT_FIELD": "split"}
    # WINDOWS=auto may leave wide ones out for a split of its own, not for one of the user.
    windows = ",".join(map(str, read_card(tmp_path / "a.safetensors").windows))
    again = train(design["OUTPUT_SAMPLES"], "b.safetensors", **fields, WINDOWS=windows)
    assert again.succeeded, again.log
    keys = ("TEST_SAMPLES", "OVERALL_ACCURACY", "MACRO_F1")
    assert [again.results[key] for key in keys] == [first.results[key] for key in keys]
    one, other = (read_card(tmp_path / name) for name in ("a.safetensors", "b.safetensors"))
    # A single split of the user is never refitted: the samples that it holds out train no model.
    is_refitted = "FOLDS" in options
    assert (one.scaling == other.scaling) == is_refitted
    assert again.results["TRAIN_SAMPLES"] == first.results["TRAIN_SAMPLES"] == 40
    assert ("or drops, are not used" in again.log) != is_refitted
    assert one.training.history == other.training.history
    assert one.training.folds == other.training.folds
    assert one.classes == other.classes
    assert one.calibration is not None and other.calibration is not None
    assert other.calibration.proportions == pytest.approx(one.calibration.proportions)
    if is_refitted:
        assert other.calibration.offsets == pytest.approx(one.calibration.offsets)


@pytest.mark.medium
def test_the_design_may_be_a_temporary_layer(train, sample_layers):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    water, forest = sample_layers
    done = train(water, context=context, EXTRA_SAMPLES=[forest], OUTPUT_SAMPLES="TEMPORARY_OUTPUT")
    assert done.succeeded, done.log
    layer = QgsProcessingUtils.mapLayerFromString(done.results["OUTPUT_SAMPLES"], context)
    used = [item["split"] for item in layer.getFeatures()]
    assert used.count("test") == done.results["TEST_SAMPLES"]
    # The saved model uses the samples of all parts, up to MAX_PER_CLASS.
    assert used.count("train") <= done.results["TRAIN_SAMPLES"] == 40


def test_the_design_may_not_replace_the_samples(train, sample_layers, tmp_path):
    path = str(tmp_path / "samples.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(
        sample_layers[0], path, QgsCoordinateTransformContext(), QgsVectorFileWriter.SaveVectorOptions()
    )
    done = train(path, OUTPUT_SAMPLES=path)
    assert not done.succeeded
    assert "The output is one of the inputs" in done.log
