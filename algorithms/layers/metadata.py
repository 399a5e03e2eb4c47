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

from ...core.provenance import PIXELS_KEY, PixelChecksum
from ..i18n.translation import tr

_STRIP_PIXELS = 4_000_000
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
    dataset = _dataset(layer)
    return dict(dataset.GetMetadata()) if dataset is not None else {}


def is_changed(layer: QgsMapLayer) -> bool | None:
    """Return whether a map's pixels are others than when it was written; None where that is not known.

    Tools that clean, recode or clip a map copy what its metadata say, also of the model that made it.

    Args:
        layer: Raster layer.
    """
    recorded = file_items(layer).get(PIXELS_KEY)
    return file_pixels(layer) != recorded if recorded else None


def file_pixels(layer: QgsMapLayer) -> str:
    """Return the checksum of a raster file's pixels, see ``core.provenance``; empty for other layers."""
    dataset = _dataset(layer)
    if dataset is None:
        return ""
    band = dataset.GetRasterBand(1)
    width, height = dataset.RasterXSize, dataset.RasterYSize
    kind = gdal.GetDataTypeName(band.DataType).lower().replace("byte", "uint8")
    checksum = PixelChecksum(width, height, dataset.GetGeoTransform(), kind, band.GetNoDataValue())
    step = max(1, _STRIP_PIXELS // width)
    for row in range(0, height, step):
        checksum.add(bytes(band.ReadRaster(0, row, width, min(step, height - row))))
    return checksum.text()


def _dataset(layer: QgsMapLayer) -> gdal.Dataset | None:
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return None
    try:
        return gdal.OpenEx(layer.source().split("|option:")[0], gdal.OF_RASTER)
    except RuntimeError:
        # Where another plugin has called gdal.UseExceptions().
        return None


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
