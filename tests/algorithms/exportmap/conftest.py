"""A styled map to print, and what stands on the page that is made of it."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import (
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsPalettedRasterRenderer,
    QgsPrintLayout,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRasterSymbolLegendNode,
    QgsReadWriteContext,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor

from deep_land_cover.algorithms.page import layout as page
from deep_land_cover.algorithms.page import legend as page_legend
from deep_land_cover.algorithms.page.sheet import template_name

# In the order of the legend, which is not that of the values; the raster lacks 5.
CLASSES = [(7, "Tanah terbuka", "#D2691E"), (5, "Semak", "#FF8C00"), (0, "Air", "#0066CC")]


@pytest.fixture
def raster(make_raster, tmp_path):
    """Value 7 on the left half and 0 on the right."""
    return make_raster(
        tmp_path / "land.tif", lambda _, __, column: 0 if column >= 40 else 7, bands=("class",)
    )


@pytest.fixture
def layer(raster):
    layer = QgsRasterLayer(raster, "Jambi 2023")
    draw(layer, CLASSES)
    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.fixture
def two_scenes(layer, raster, tmp_path):
    """The layer, and the same place in degrees."""
    path = str(tmp_path / "degrees.tif")
    gdal.Warp(path, raster, dstSRS="EPSG:4326", dstNodata=99)
    other = QgsRasterLayer(path, "Jambi 2024")
    draw(other, CLASSES)
    QgsProject.instance().addMapLayer(other)
    return layer, other


@pytest.fixture
def own_template(tmp_path, plugin):
    """A layout as a user saves it: a map and a label of his own, and nothing else."""
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    item = QgsLayoutItemMap(layout)
    layout.addLayoutItem(item)
    item.setId("map")
    item.attemptSetSceneRect(QRectF(10, 10, 100, 100))
    label = QgsLayoutItemLabel(layout)
    label.setText("Dinas Kehutanan")
    label.setId("office")
    layout.addLayoutItem(label)
    path = tmp_path / "own.qpt"
    assert layout.saveAsTemplate(str(path), QgsReadWriteContext())
    return path


def draw(layer, classes):
    entries = [QgsPalettedRasterRenderer.Class(value, QColor(color), name) for value, name, color in classes]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))


def page_of(*layers, template=None, accuracy="", title="Title"):
    copies = [layer.clone() for layer in layers]
    legend = page_legend.legend_parts(copies, QgsProcessingFeedback())
    extent, entries = layers[0].extent(), sum(len(part.classes) for part in legend)
    name = template_name((extent.width(), extent.height()), len(layers), entries)
    path = template or page.LAYOUT_FOLDER / f"{name}.qpt"
    names = [layer.name() for layer in layers]
    content = page.PageContent(copies, title, names, legend, "Sources", accuracy)
    return page.make_page(
        page.read_template(path), path, content, QgsProject.instance(), QgsProcessingFeedback()
    )


def legend_entries(made):
    model = made.layout.itemById("legend").model()
    entries = []
    for item in model.rootGroup().findLayers():
        nodes = model.layerLegendNodes(item)
        assert all(isinstance(node, QgsRasterSymbolLegendNode) for node in nodes)
        words = [node.data(Qt.ItemDataRole.DisplayRole).replace("\n", " ") for node in nodes]
        colors = [color.name().upper() for _, color in item.layer().renderer().legendSymbologyItems()]
        entries += zip(words, colors, strict=True)
    return entries


def text_of(made, name):
    return made.layout.itemById(name).currentText()
