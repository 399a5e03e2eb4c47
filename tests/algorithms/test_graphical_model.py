"""A chain of training and classification in QGIS's graphical model."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorLayer,
    QgsProject,
)

from .conftest import FOREST, WATER
from .maps import legend

pytestmark = pytest.mark.qgis


@pytest.mark.medium
def test_train_feeds_classify_in_a_graphical_model(plugin, scene, samples, quick, tmp_path):
    def fixed(value):
        return [QgsProcessingModelChildParameterSource.fromStaticValue(value)]

    def given(name):
        return [QgsProcessingModelChildParameterSource.fromModelParameter(name)]

    graph = QgsProcessingModelAlgorithm("chain", "tests")
    graph.addModelParameter(
        QgsProcessingParameterRasterLayer("raster"), QgsProcessingModelParameter("raster")
    )
    graph.addModelParameter(
        QgsProcessingParameterVectorLayer("labels"), QgsProcessingModelParameter("labels")
    )
    train = QgsProcessingModelChildAlgorithm("deeplandcover:trainmodel")
    train.setChildId("train")
    for name, value in {**quick, "CLASS_FIELD": "class"}.items():
        train.addParameterSources(name, fixed(value))
    train.addParameterSources("INPUT", given("raster"))
    train.addParameterSources("SAMPLES", given("labels"))
    graph.addChildAlgorithm(train)
    classify = QgsProcessingModelChildAlgorithm("deeplandcover:classifyraster")
    classify.setChildId("classify")
    classify.addParameterSources("INPUT", given("raster"))
    classify.addParameterSources(
        "MODEL", [QgsProcessingModelChildParameterSource.fromChildOutput("train", "OUTPUT")]
    )
    final = QgsProcessingModelOutput("map")
    final.setChildId("classify")
    final.setChildOutputName("OUTPUT")
    classify.setModelOutputs({"map": final})
    graph.addChildAlgorithm(classify)
    assert graph.validate()[0], graph.validate()[1]

    QgsProject.instance().addMapLayer(samples)
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    destination = graph.destinationParameterDefinitions()[0].name()
    results, succeeded = graph.run(
        {"raster": scene, "labels": samples.id(), destination: str(tmp_path / "map.tif")}, context, feedback
    )
    assert succeeded, feedback.textLog()
    assert [value for value, *_ in legend(results[destination])] == [WATER, FOREST]
