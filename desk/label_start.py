"""Layers and fields that a labelling session begins with, and class maps that are hidden from a blind one."""

from __future__ import annotations

from qgis.core import Qgis, QgsProject, QgsRasterLayer, QgsVectorLayer

from .class_lists import is_class_map
from .rasters import PixelGrid

NEW_FIELD = "class"
"""Name of the class field of a layer that has none."""
# Fields of our points, and of other programs, that are not the class.
_NO_CLASS = {
    "fid", "id", "confidence", "note", "stratum", "stratum_name", "stratum_ha", "inclusion", "weight",
    "rank", "predicted", "predicted_name", "margin", "dissimilarity", "split",
}  # fmt: skip


def usual_layer() -> QgsVectorLayer | None:
    """Return the layer that was most probably opened to be labelled."""
    points = [
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if isinstance(layer, QgsVectorLayer) and layer.geometryType() == Qgis.GeometryType.Point
    ]
    known = [layer for layer in points if {"stratum", "rank"} & set(layer.fields().names())]
    return next(iter((*known, *points)), None)


def usual_field(layer: QgsVectorLayer | None) -> str:
    """Return the field that most probably holds the class."""
    if layer is None:
        return NEW_FIELD
    names = layer.fields().names()
    if NEW_FIELD in names:
        return NEW_FIELD
    offered = [name for name in names if layer.editorWidgetSetup(names.index(name)).type() == "ValueMap"]
    others = [name for name in offered if name not in _NO_CLASS]
    return others[0] if others else NEW_FIELD


def usual_grid(layer: QgsVectorLayer) -> QgsRasterLayer | None:
    """Return the raster that the points most probably belong to: a class map, else an image."""
    rasters = [
        item
        for item in QgsProject.instance().mapLayers().values()
        if isinstance(item, QgsRasterLayer) and item.isValid() and item.providerType() == "gdal"
    ]
    maps = [item for item in rasters if is_class_map(item)]
    feature = next(layer.getFeatures(), None)
    for item in (*maps, *rasters):
        point = feature.geometry().centroid().asPoint() if feature and feature.hasGeometry() else None
        if point is not None and PixelGrid(item).pixel_at(point, layer.crs()) is not None:
            return item
    return None


class HiddenMaps:
    """Class maps of the project that are hidden while points are labelled blind."""

    def __init__(self) -> None:
        self._layers: list[str] = []

    def hide(self) -> None:
        """Hide all class maps that are visible."""
        root = QgsProject.instance().layerTreeRoot()
        for layer in QgsProject.instance().mapLayers().values():
            node = root.findLayer(layer.id()) if is_class_map(layer) else None
            if node is not None and node.itemVisibilityChecked():
                node.setItemVisibilityChecked(False)
                self._layers.append(layer.id())

    def show(self) -> None:
        """Show what was hidden."""
        root = QgsProject.instance().layerTreeRoot()
        for layer_id in self._layers:
            node = root.findLayer(layer_id)
            if node is not None:
                node.setItemVisibilityChecked(True)
        self._layers.clear()
