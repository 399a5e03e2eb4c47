"""The metadata of a result's layer: what it is, what it was made with, and when.

A raster and a layer of a GeoPackage keep it in the file, other vector files in a ``.qmd`` beside them, and a
layer in memory keeps it in the project.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsBox3D,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsNotSupportedException,
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsProviderConnectionException,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, Qt

from ...core.marks import KIND_ITEM
from ...core.provenance import PIXELS_KEY, PixelChecksum
from ..gate import only_layer
from ..i18n.translation import tr

_STRIP_PIXELS = 4_000_000
HISTORY = "HISTORY"
"""Metadata item with the earlier steps of a map, see ``core.raster.derived_map``."""
_NO_HISTORY = ("AREA_OR_POINT", "CLASSES", "CREATED", HISTORY)


def describe_layer(layer: QgsMapLayer) -> None:
    """Fill the metadata of a layer from the items of its file; the licence is the user's to give.

    Args:
        layer: Of the project.
    """
    items = file_items(layer)
    metadata = layer.metadata()
    if items or not metadata.abstract():
        # Of other vector files, the run has written it.
        _describe(metadata, layer.name(), items)
    metadata.setTitle(layer.name())
    metadata.setCrs(layer.crs())
    extent = QgsLayerMetadata.SpatialExtent()
    extent.bounds, extent.extentCrs = QgsBox3D(layer.extent()), layer.crs()
    whole = QgsLayerMetadata.Extent()
    whole.setSpatialExtents([extent])
    metadata.setExtent(whole)
    layer.setMetadata(metadata)


def _describe(metadata: QgsLayerMetadata, name: str, items: Mapping[str, str]) -> None:
    """Set title, abstract, date and history by the items of a file."""
    metadata.setType("dataset")
    metadata.setTitle(name)
    metadata.setAbstract(_abstract(name, items))
    created = QDateTime.fromString(items.get("CREATED", ""), Qt.DateFormat.ISODate)
    if created.isValid():
        metadata.setDateTime(Qgis.MetadataDateType.Created, created)
    if items:
        steps = [
            tr("Step {}: {}").format(number, _step_text(step))
            for number, step in enumerate(earlier_steps(items), start=1)
        ]
        known = [
            f"{name}: {value}"
            for name, value in items.items()
            if value and name not in _NO_HISTORY and not name.startswith("TIFFTAG_")
        ]
        metadata.setHistory([*steps, *known])


def class_parents(layer: QgsMapLayer) -> dict[int, str]:
    """Return the parent of each class of a map that has one, by its value.

    Args:
        layer: Raster layer.
    """
    try:
        classes = json.loads(file_items(layer).get("CLASSES", "[]"))
        return {int(item["value"]): str(item["parent"]) for item in classes if item.get("parent")}
    except (ValueError, TypeError, KeyError, AttributeError):
        # Another program wrote an item of this name.
        return {}


def earlier_steps(items: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the steps that led to a map that is made of other maps, the oldest first; none for other files.

    Args:
        items: Metadata items of the file.
    """
    try:
        steps = json.loads(items.get(HISTORY, "[]"))
        return [{str(name): str(value) for name, value in step.items()} for step in steps]
    except (ValueError, AttributeError, TypeError):
        # Another program wrote an item of this name.
        return []


def _step_text(step: Mapping[str, str]) -> str:
    """Return a step as a line: the map, the tool, the model and the date."""
    model = tr("model {}").format(step["model"]) if step.get("model") else ""
    tool = step.get("algorithm", "").partition(":")[2]
    return ", ".join(filter(None, (step.get("map", ""), tool, model, step.get("created", "")[:10])))


def changed_text() -> str:
    """Return the sentence on a map that was changed after its classification."""
    return tr("The map was changed after its classification.")


def note_change(layer: QgsMapLayer) -> None:
    """Say in the abstract of a layer that its map was changed after its classification."""
    metadata = layer.metadata()
    if changed_text() not in metadata.abstract():
        metadata.setAbstract("\n".join(filter(None, (metadata.abstract(), changed_text()))))
        layer.setMetadata(metadata)


def save_metadata(source: str, name: str, items: Mapping[str, str]) -> str | None:
    """Write the metadata of a vector layer into its GeoPackage, or beside another file.

    Args:
        source: Source of the layer.
        name: Title of the layer.
        items: Items by name.

    Returns:
        What went wrong; None where nothing did.
    """
    metadata = QgsLayerMetadata()
    _describe(metadata, name, items)
    layer = "" if "|" in source else only_layer(Path(source))
    if layer:
        # Without its name, QGIS does not find the layer of a GeoPackage.
        source = f"{source}|layername={layer}"
    try:
        is_saved, problem = QgsProviderRegistry.instance().saveLayerMetadata("ogr", source, metadata)
    except (QgsNotSupportedException, QgsProviderConnectionException) as error:
        return str(error)
    return None if is_saved else str(problem)


def keep_metadata(layer: str, items: Mapping[str, str], context: QgsProcessingContext) -> None:
    """Give a vector layer that a run has written its metadata.

    Args:
        layer: Path or id of the layer, as the sink returned it.
        items: Items by name.
        context: Of the run.
    """
    found = QgsProcessingUtils.mapLayerFromString(layer, context)
    if not isinstance(found, QgsVectorLayer):
        return
    metadata = found.metadata()
    _describe(metadata, found.name(), items)
    found.setMetadata(metadata)
    if found.providerType() == "ogr":
        dataset = _vector_dataset(found, gdal.OF_VECTOR | gdal.OF_UPDATE)
        if dataset is not None and dataset.GetDriver().ShortName == "GPKG":
            for name, value in items.items():
                _ogr_layer(dataset, found).SetMetadataItem(name, value)
        del dataset
        save_metadata(found.source(), found.name(), items)


def keep_file_metadata(path: str) -> None:
    """Give the layer of a GeoPackage that the worker has written its metadata, by the items of the file.

    Args:
        path: Path of the file, whose layer has the name of the file. Other files have no items.
    """
    file = Path(path)
    if file.suffix.lower() != ".gpkg":
        return
    source = f"{path}|layername={file.stem}"
    layer = QgsVectorLayer(source, file.stem, "ogr")
    items = file_items(layer)
    del layer
    if items:
        save_metadata(source, file.stem, items)


def file_items(layer: QgsMapLayer) -> dict[str, str]:
    """Return the metadata items in the file of a raster, or of points in a GeoPackage; else none."""
    if isinstance(layer, QgsVectorLayer):
        vectors = _vector_dataset(layer, gdal.OF_VECTOR)
        items = dict(_ogr_layer(vectors, layer).GetMetadata()) if vectors is not None else {}
        return items if KIND_ITEM in items else {}
    dataset = _dataset(layer)
    return dict(dataset.GetMetadata()) if dataset is not None else {}


def _ogr_layer(dataset: gdal.Dataset, layer: QgsVectorLayer) -> gdal.Dataset:
    name = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("layerName")
    return (dataset.GetLayerByName(name) if name else None) or dataset.GetLayer(0)


def _vector_dataset(layer: QgsVectorLayer, flags: int) -> gdal.Dataset | None:
    path = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path")
    if layer.providerType() != "ogr" or not path:
        return None
    try:
        return gdal.OpenEx(path, flags)
    except RuntimeError:
        # Where another plugin has called gdal.UseExceptions().
        return None


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


def _abstract(name: str, items: Mapping[str, str]) -> str:
    lines = [f"{name}."]
    if items.get("MODEL"):
        lines.append(
            tr("Made from {} with the model {} ({}).").format(
                items.get("INPUT", ""), items["MODEL"], items.get("ARCHITECTURE", "")
            )
        )
    elif items.get("INPUT"):
        lines.append(tr("Made from {}.").format(items["INPUT"]))
    elif earlier_steps(items):
        lines.append(tr("Made of {}.").format("; ".join(map(_step_text, earlier_steps(items)))))
    elif items.get("DESCRIPTION"):
        lines.append(f"{items['DESCRIPTION']}.")
    if items.get("CREATED"):
        lines.append(tr("Date: {}.").format(items["CREATED"][:10]))
    if items.get("CLASSES"):
        classes = (f"{item['value']} {item['name']}" for item in json.loads(items["CLASSES"]))
        lines.append(tr("Classes: {}.").format(", ".join(classes)))
    return "\n".join(lines)
