"""The demo scene as QGIS opens it."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsProcessingContext, QgsProject, QgsRasterLayer, QgsVectorLayer

pytestmark = [pytest.mark.qgis, pytest.mark.medium]
JAMBI = {
    0: "Water",
    1: "Trees/Forest",
    4: "Crops/Agriculture",
    5: "Shrub/Scrub",
    6: "Built Area",
    7: "Bare Ground",
}


@pytest.fixture(scope="module")
def demo(run, tmp_path_factory):
    """The files of the demo, and which of them are loaded into the project."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    done = run("createdemo", {"OUTPUT_FOLDER": str(tmp_path_factory.mktemp("demo"))}, context)
    assert done.succeeded, done.log
    return done.results, set(context.layersToLoadOnCompletion())


def test_the_demo_is_written_and_its_layers_are_loaded_into_a_project(demo):
    results, loaded = demo
    files = {results[name] for name in ("RASTER", "TRAINING", "REFERENCE")}
    assert all(Path(file).is_file() for file in files)
    assert loaded == files


def test_the_layers_of_the_demo_open_styled(demo):
    results, _loaded = demo
    scene = QgsRasterLayer(results["RASTER"], "scene")
    shown = scene.renderer()
    bands = [shown.redBand(), shown.greenBand(), shown.blueBand()]
    assert [scene.bandName(band).split(": ")[1].split()[0] for band in bands] == ["B4", "B3", "B2"]
    polygons = QgsVectorLayer(results["TRAINING"], "polygons")
    legend = {item.value(): item.label() for item in polygons.renderer().categories()}
    assert legend == JAMBI
    reference = QgsRasterLayer(results["REFERENCE"], "reference")
    assert {item.value: item.label for item in reference.renderer().classes()} == JAMBI


def test_the_demo_loads_nothing_without_a_project(demo_without_project):
    results, loaded = demo_without_project
    assert Path(results["RASTER"]).is_file()
    assert loaded == []
