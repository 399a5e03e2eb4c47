"""The metadata of a result's layer: what it is, what it was made with, and when."""

from __future__ import annotations

import json

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsBox3D,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QDateTime, Qt

from ..i18n.translation import tr

_NO_HISTORY = ("AREA_OR_POINT", "CLASSES", "CREATED")


def describe_layer(layer: QgsMapLayer) -> None:
    """Fill the metadata of a layer from the items of its file; the licence is the user's to give.

    Args:
        layer: Of the project.
    """
    items = file_items(layer)
    metadata = layer.metadata()
    metadata.setType("dataset")
    metadata.setTitle(layer.name())
    metadata.setAbstract(_abstract(layer.name(), items))
    metadata.setCrs(layer.crs())
    extent = QgsLayerMetadata.SpatialExtent()
    extent.bounds, extent.extentCrs = QgsBox3D(layer.extent()), layer.crs()
    whole = QgsLayerMetadata.Extent()
    whole.setSpatialExtents([extent])
    metadata.setExtent(whole)
    created = QDateTime.fromString(items.get("CREATED", ""), Qt.DateFormat.ISODate)
    if created.isValid():
        metadata.setDateTime(Qgis.MetadataDateType.Created, created)
    if items:
        # Of other layers, such as points, the run has written it.
        metadata.setHistory(
            [
                f"{name}: {value}"
                for name, value in items.items()
                if value and name not in _NO_HISTORY and not name.startswith("TIFFTAG_")
            ]
        )
    layer.setMetadata(metadata)


def file_items(layer: QgsMapLayer) -> dict[str, str]:
    """Return the metadata items of a raster's file; none of other layers."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return {}
    try:
        dataset = gdal.OpenEx(layer.source().split("|option:")[0], gdal.OF_RASTER)
    except RuntimeError:
        # Where another plugin has called gdal.UseExceptions().
        dataset = None
    return dict(dataset.GetMetadata()) if dataset is not None else {}


def _abstract(name: str, items: dict[str, str]) -> str:
    lines = [f"{name}."]
    if items.get("MODEL"):
        lines.append(
            tr("Made from {} with the model {} ({}).").format(
                items.get("INPUT", ""), items["MODEL"], items.get("ARCHITECTURE", "")
            )
        )
    elif items.get("INPUT"):
        lines.append(tr("Made from {}.").format(items["INPUT"]))
    elif items.get("DESCRIPTION"):
        lines.append(f"{items['DESCRIPTION']}.")
    if items.get("CREATED"):
        lines.append(tr("Date: {}.").format(items["CREATED"][:10]))
    if items.get("CLASSES"):
        classes = (f"{item['value']} {item['name']}" for item in json.loads(items["CLASSES"]))
        lines.append(tr("Classes: {}.").format(", ".join(classes)))
    return "\n".join(lines)
