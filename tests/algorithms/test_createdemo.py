"""The demo scene as QGIS opens it."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from qgis.core import (
    QgsLayerNotesUtils,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

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


def test_the_project_opens_without_a_warning_in_another_folder(demo, tmp_path, messages):
    results, _loaded = demo
    folder = tmp_path / "moved"
    shutil.copytree(results["OUTPUT_FOLDER"], folder)
    project = QgsProject()
    assert project.read(str(folder / Path(results["PROJECT"]).name))
    assert messages == []
    layers = project.mapLayers().values()
    assert {layer.name() for layer in layers} == {"Training polygons", "Demo scene", "Reference map"}
    assert all(layer.isValid() and str(folder) in layer.source() for layer in layers)
    assert all(QgsLayerNotesUtils.layerHasNotes(layer) for layer in layers)
    (scene,) = project.mapLayersByName("Demo scene")
    assert [project.crs().authid(), scene.renderer().redBand()] == ["EPSG:32748", 3]
    (polygons,) = project.mapLayersByName("Training polygons")
    assert {item.value() for item in polygons.renderer().categories()} == set(JAMBI)
    (truth,) = project.mapLayersByName("Reference map")
    assert not project.layerTreeRoot().findLayer(truth.id()).isVisible()
    assert project.layerTreeRoot().findLayer(scene.id()).isVisible()
    assert project.viewSettings().defaultViewExtent().contains(scene.extent())
    assert len(project.bookmarkManager().bookmarks()) == 1
    with ZipFile(results["PROJECT"]) as archive:
        (name,) = (item for item in archive.namelist() if item.endswith(".qgs"))
        assert results["OUTPUT_FOLDER"] not in archive.read(name).decode("utf-8")


def test_a_project_that_was_saved_again_is_kept(run, demo, tmp_path):
    from deep_land_cover.algorithms.page.demo_project import is_own_work

    folder = tmp_path / "demo"
    shutil.copytree(demo[0]["OUTPUT_FOLDER"], folder)
    path = folder / Path(demo[0]["PROJECT"]).name
    project = QgsProject()
    assert not is_own_work(path) and project.read(str(path))
    project.setTitle("My work")
    assert project.write() and is_own_work(path)
    done = run("createdemo", {"OUTPUT_FOLDER": str(folder), "SEED": 2})
    assert done.succeeded and str(path) in done.log
    assert project.read(str(path)) and project.title() == "My work"
    assert run("createdemo", {"OUTPUT_FOLDER": str(folder), "OVERWRITE": True}).succeeded
    assert project.read(str(path)) and project.title() == "Demo scene"
    path.write_text("a file of someone else")
    assert "demo_project.qgz" in run("createdemo", {"OUTPUT_FOLDER": str(folder)}).log
    assert path.read_text() == "a file of someone else"
