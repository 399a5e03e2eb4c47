"""Layers on a page: drawn in their own style, wherever that comes from, and left as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsProject

from .conftest import CLASSES

pytestmark = pytest.mark.qgis


def test_the_project_and_its_layer_stay_as_they_are(run, layer, tmp_path):
    QgsProject.instance().setDirty(False)
    before = layer.name(), layer.renderer().type(), layer.crs(), list(QgsProject.instance().mapLayers())
    assert run("exportmap", {"INPUTS": [layer], "OUTPUT": str(tmp_path / "page.svg")}).succeeded
    assert (
        layer.name(),
        layer.renderer().type(),
        layer.crs(),
        list(QgsProject.instance().mapLayers()),
    ) == before
    assert [item.label for item in layer.renderer().classes()] == [name for _, name, _ in CLASSES]
    assert not QgsProject.instance().isDirty()


@pytest.mark.medium
def test_the_project_style_holds_also_where_the_dialog_names_the_layers_file(run, layer, tmp_path):
    # For layers that are files the dialog gives the file.
    done = run("exportmap", {"INPUTS": [layer.source()], "OUTPUT": str(tmp_path / "page.svg")})
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 2


@pytest.mark.medium
def test_a_file_opens_with_its_own_style(run, raster, layer, tmp_path):
    layer.saveNamedStyle(str(Path(raster).with_suffix(".qml")))
    QgsProject.instance().clear()
    done = run("exportmap", {"INPUTS": [raster], "OUTPUT": str(tmp_path / "page.png")})
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 2


@pytest.mark.medium
def test_a_raster_that_is_not_drawn_by_classes_is_shown_as_it_is(run, scene, tmp_path):
    done = run("exportmap", {"INPUTS": [scene], "OUTPUT": str(tmp_path / "page.png")})
    assert done.succeeded, done.log
    assert done.results["CLASSES"] == 0
    assert "No map is drawn by classes" in done.log
