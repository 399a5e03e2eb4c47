"""A graphical model that was saved with the first edition runs with the tools of today."""

from __future__ import annotations

from pathlib import Path
from xml.dom import minidom

import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingModelAlgorithm, QgsProject

from .conftest import FOREST, WATER
from .maps import legend

pytestmark = pytest.mark.qgis
MODEL = Path(__file__).parents[1] / "first_edition" / "kept" / "train_classify.model3"
STEPS = {"train": "trainmodel", "classify": "classifyraster"}


@pytest.fixture
def graph(plugin):
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(MODEL))
    return model


def options(element, name):
    """Return the Option elements of that name below an element."""
    return [item for item in element.getElementsByTagName("Option") if item.getAttribute("name") == name]


def stored_parameters(step):
    """Return the names of a step's parameters as they stand in the file, QGIS left aside."""
    (children,) = options(minidom.parse(str(MODEL)), "children")
    (child,) = (
        item
        for item in children.childNodes
        if getattr(item, "tagName", "") and item.getAttribute("name") == step
    )
    (parameters,) = options(child, "params")
    return {item.getAttribute("name") for item in parameters.childNodes if getattr(item, "tagName", "")}


@pytest.mark.parametrize("step", STEPS)
def test_each_parameter_that_it_names_is_known(graph, algorithm, step):
    stored = stored_parameters(step)
    tool = algorithm(STEPS[step])
    assert len(stored) > 15
    assert stored <= {definition.name() for definition in tool.parameterDefinitions()}
    assert stored <= set(graph.childAlgorithms()[step].parameterSources())
    assert graph.validateChildAlgorithm(step) == (True, [])


@pytest.mark.medium
def test_it_trains_and_maps_as_it_did(graph, scene, samples, tmp_path):
    QgsProject.instance().addMapLayer(samples)
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    (destination,) = (definition.name() for definition in graph.destinationParameterDefinitions())
    path = str(tmp_path / "map.tif")
    results, succeeded = graph.run(
        {"raster": scene, "labels": samples.id(), destination: path}, context, feedback
    )
    assert succeeded, feedback.textLog()
    assert [value for value, *_ in legend(results[destination])] == [WATER, FOREST]
    # The scene is water on its left half and forest on its right one.
    dataset = gdal.Open(path)
    row = list(dataset.GetRasterBand(1).ReadRaster(0, 30, dataset.RasterXSize, 1, buf_type=gdal.GDT_Byte))
    assert row[:36] == [WATER] * 36 and row[-36:] == [FOREST] * 36
