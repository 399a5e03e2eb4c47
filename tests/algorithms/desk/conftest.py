"""A desktop in miniature for the dock: a main window with a canvas, without QGIS's own menus."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from ..conftest import LEFT, PIXEL, TOP

if importlib.util.find_spec("qgis"):
    from osgeo import gdal
    from qgis.core import (
        QgsApplication,
        QgsGeometry,
        QgsPointXY,
        QgsProject,
        QgsRasterLayer,
        QgsVectorFileWriter,
        QgsVectorLayer,
    )
    from qgis.PyQt import QtTest
    from qgis.PyQt.QtCore import Qt

    from .desktop import Desktop

    # The types of PyQt6 do not say that its methods are static.
    QTest: Any = QtTest.QTest
else:
    collect_ignore_glob = ["test_*.py"]

WATER, FOREST, CROPS = 3, 17, 20
NAMES = {WATER: "Water", FOREST: "Forest", CROPS: "Crops"}


@pytest.fixture(scope="session")
def desktop(plugin):
    desktop = Desktop()
    yield desktop
    desktop.canvas.setLayers([])
    desktop.window.close()
    desktop.window.deleteLater()
    QgsApplication.processEvents()


@pytest.fixture
def dock(desktop, clean_project):
    """The dock, closed; it goes before the layers of the project."""
    from deep_land_cover.desk.dock import DeskDock

    dock = DeskDock(desktop)
    desktop.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    yield dock
    dock.remove()
    desktop.canvas.setLayers([])
    QgsApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    QgsApplication.processEvents()


@pytest.fixture
def add(desktop):
    """Add a layer to the project and to the canvas, and return it."""

    def add(layer):
        assert layer.isValid()
        QgsProject.instance().addMapLayer(layer)
        desktop.canvas.setLayers([layer, *desktop.canvas.layers()])
        return layer

    return add


@pytest.fixture(scope="session")
def class_map(tmp_path_factory, make_raster):
    """A map of three classes with names and colours: columns of water, forest and crops."""
    path = tmp_path_factory.mktemp("desk") / "map.tif"

    def value(_band, _row, column):
        return WATER if column < 30 else FOREST if column < 60 else CROPS

    make_raster(path, value, bands=("class",), type=gdal.GDT_Byte)
    rows = "".join(
        f'<Row index="{number}"><F>{code}</F><F>{name}</F><F>{red}</F><F>120</F><F>90</F></Row>'
        for number, (code, name, red) in enumerate(
            (code, name, 60 * (1 + number)) for number, (code, name) in enumerate(NAMES.items())
        )
    )
    columns = "".join(
        f'<FieldDefn index="{index}"><Name>{name}</Name><Type>{kind}</Type><Usage>{usage}</Usage></FieldDefn>'
        for index, (name, kind, usage) in enumerate(
            (("Value", 0, 5), ("Class", 2, 2), ("Red", 0, 6), ("Green", 0, 7), ("Blue", 0, 8))
        )
    )
    path.with_suffix(".tif.aux.xml").write_text(
        '<PAMDataset><PAMRasterBand band="1"><GDALRasterAttributeTable tableType="thematic">'
        f"{columns}{rows}</GDALRasterAttributeTable></PAMRasterBand></PAMDataset>"
    )
    return str(path)


@pytest.fixture
def map_layer(add, class_map):
    return add(QgsRasterLayer(class_map, "Land cover"))


@pytest.fixture
def scene_layer(add, scene):
    return add(QgsRasterLayer(scene, "Scene"))


def centre(row, column):
    """Return the centre of a pixel of the scene."""
    return QgsPointXY(LEFT + (column + 0.5) * PIXEL, TOP - (row + 0.5) * PIXEL)


@pytest.fixture
def points(add, make_layer, tmp_path):
    """Six reference points in a GeoPackage, with the fields of Sampling design, in the order 3 1 2 6 5 4."""
    fields = "id:int,class:int,confidence:string(20),note:string(200),stratum:int,stratum_name:string(40)"
    places = (3, 5, 5), (1, 7, 35), (2, 9, 65), (6, 20, 5), (5, 30, 35), (4, 40, 65)
    strata = (WATER, FOREST, CROPS) * 2
    rows = [
        (QgsGeometry.fromPointXY(centre(row, column)), number, None, None, None, stratum, NAMES[stratum])
        for (number, row, column), stratum in zip(places, strata, strict=True)
    ]
    memory = make_layer(rows, fields, "Point")
    path = str(tmp_path / "points.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    context = QgsProject.instance().transformContext()
    assert QgsVectorFileWriter.writeAsVectorFormatV3(memory, path, context, options)[0] == 0
    return add(QgsVectorLayer(path, "Reference points", "ogr"))


@pytest.fixture
def press():
    """Press a key where the focus would be."""

    def press(widget, key, modifier=None):
        QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)
        QgsApplication.processEvents()

    return press
