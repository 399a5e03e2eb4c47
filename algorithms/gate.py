"""The gate that all algorithms pass before any work: their outputs against all files that they read.

Files are compared by what they are on disk: links, the parts of a virtual raster, the files beside a
shapefile, and the layers of a GeoPackage.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterFile,
    QgsProcessingUtils,
    QgsProviderRegistry,
)

from ..core.files import disk_files
from ..core.raster.source import is_remote
from ..core.text import untranslated
from .parameters.common import flattened, value_text
from .parameters.outputs import absolute

_LAYER_TYPES = ("raster", "source", "vector", "layer", "multilayer")
# Opening each of more rasters would take longer than the check is worth; their own files are known by name.
_MAX_OPENED = 20


@dataclass(frozen=True)
class ReadFile:
    """File that a run reads.

    Attributes:
        path: Path of the file.
        layer: Layer of a container that is read; empty for the whole file.
    """

    path: Path
    layer: str = ""


def files_read(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> list[ReadFile]:
    """Return all files that a run reads, by its parameters.

    Args:
        algorithm: Algorithm with the definitions of the parameters.
        parameters: Parameters of the run.
        context: Context of the run.
    """
    files: list[ReadFile] = []
    for definition in algorithm.parameterDefinitions():
        value = parameters.get(definition.name())
        if definition.isDestination():
            continue
        if isinstance(definition, QgsProcessingParameterFile):
            path = value_text(value)
            if path and definition.behavior() == Qgis.ProcessingFileParameterBehavior.File:
                files.append(ReadFile(Path(absolute(path))))
        elif definition.type() in _LAYER_TYPES:
            items = flattened(value)
            for item in items:
                files += _files_of(item, context, is_opened=len(items) <= _MAX_OPENED)
    return list(dict.fromkeys(files))


def _files_of(value: Any, context: QgsProcessingContext, is_opened: bool) -> Iterator[ReadFile]:
    layer = value
    if not isinstance(layer, QgsMapLayer):
        text = value_text(value)
        if not text:
            return
        layer = QgsProcessingUtils.mapLayerFromString(text, context, allowLoadingNewLayers=False)
    source, provider = (layer.source(), layer.providerType()) if layer is not None else (text, "ogr")
    if is_remote(source):
        return
    parts = QgsProviderRegistry.instance().decodeUri(provider, source)
    names = disk_files(str(parts.get("path") or "")) or disk_files(source)
    for path in names:
        whole = Path(absolute(str(path)))
        table = str(parts.get("layerName") or "") or only_layer(whole)
        yield ReadFile(whole, table)
        if is_opened:
            yield from (ReadFile(other) for other in _others(source.split("|")[0], whole))


def _others(name: str, path: Path) -> list[Path]:
    """Return the other files of a dataset: sidecars, and what a virtual one consists of."""
    known = {path}
    waiting = [name if not Path(name).exists() else str(path)]
    while waiting:
        dataset = open_quietly(waiting.pop(), gdal.OF_RASTER | gdal.OF_VECTOR)
        for item in (dataset.GetFileList() or []) if dataset is not None else []:
            for file in disk_files(item):
                whole = Path(absolute(str(file)))
                if whole not in known:
                    known.add(whole)
                    if whole.suffix.lower() == ".vrt":
                        waiting.append(str(whole))
    return sorted(known - {path})


def only_layer(path: Path) -> str:
    """Return the name of a GeoPackage's layer where it has no other; else nothing."""
    names = geopackage_layers(path) or []
    return names[0] if len(names) == 1 else ""


def geopackage_layers(path: Path) -> list[str] | None:
    """Return the names of all layers of a GeoPackage, rasters among them; None of another file."""
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return None
    dataset = open_quietly(str(path), gdal.OF_VECTOR)
    if dataset is None:
        # Rasters only, or no GeoPackage.
        dataset = open_quietly(str(path), gdal.OF_RASTER)
    if dataset is None or dataset.GetDriver().ShortName != "GPKG":
        return None
    # Layers of GDAL are either rasters or vectors.
    rows = dataset.ExecuteSQL(untranslated("SELECT table_name FROM gpkg_contents"))
    names = [row.GetField(0) for row in rows or ()]
    dataset.ReleaseResultSet(rows)
    return names


def open_quietly(name: str, flags: int) -> gdal.Dataset | None:
    """Return a dataset of GDAL, or None, without a message and whether GDAL raises exceptions or not."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return gdal.OpenEx(os.fspath(name), flags)
    except RuntimeError:
        return None
    finally:
        gdal.PopErrorHandler()
