"""Files of points: the check of the target, and writing that loses nothing.

A file is written in a folder beside it and moved to its name when it is complete, so that a run that is
killed changes nothing. Of a GeoPackage that exists, a copy gets the layer, and all other layers stay. One
that QGIS or another program has open is not replaced under it: there the layer is written in one transaction.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from osgeo import gdal, ogr
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingContext,
    QgsProviderRegistry,
    QgsVectorFileWriter,
)

from ...core.errors import OutputError
from ...core.files import (
    check_companions,
    check_output,
    companions,
    disk_full,
    foreign,
    is_disk_full,
    is_same_file,
    overwrites_input,
)
from ...core.marks import KIND_ITEM
from ...core.text import untranslated
from ...runtime.lock import temporary_folder
from ..gate import ReadFile, geopackage_layers, open_quietly
from ..parameters.outputs import absolute
from .metadata import save_metadata

GEOPACKAGE = ".gpkg"
_WITHOUT_GEOMETRY = (".csv", ".xlsx", ".ods")
# Formats that keep points with all fields; GeoPackage first, which is the usual one.
_SUFFIXES = (
    GEOPACKAGE,
    ".geojson",
    ".shp",
    ".fgb",
    ".sqlite",
    ".gml",
    ".kml",
    ".tab",
    ".mif",
    ".geojsonl",
    ".json",
)
_SHAPEFILE_NAME = 10
# First letters of the hidden folder that a file is written in.
_PREFIX = ".deep_land_cover_"
# Endings of the files beside a GeoPackage that is open, or that a killed program has left.
_IN_USE = ("-wal", "-shm", "-journal")
# Fields that drivers add to those of the layer, in lower case.
_ADDED = {
    "fid", "gml_id", "description", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude",
    "visibility", "draworder", "icon", "snippet",
}  # fmt: skip


@dataclass(frozen=True)
class PointKind:
    """Kind of a point output, by which a layer is known again.

    Attributes:
        kind: Kind of the output, one of ``core.marks``.
        fields: Names of the fields, in order.
        label: Field that users fill in; empty for none.
    """

    kind: str
    fields: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True)
class PointFile:
    """Target of a point output.

    Attributes:
        path: Path of the file.
        layer: Name of the layer in it.
        is_named: Whether the user named the layer.
    """

    path: Path
    layer: str
    is_named: bool = False

    @property
    def uri(self) -> str:
        """Source of the layer for QGIS."""
        return f"{self.path}|layername={self.layer}" if self.is_named else str(self.path)

    @property
    def files(self) -> tuple[Path, ...]:
        """The file and those that belong to it."""
        return self.path, *companions(self.path)


def point_suffixes() -> tuple[str, ...]:
    """Return the endings of the formats that hold points with all fields, GeoPackage first."""
    known = {f".{ending}" for ending in QgsVectorFileWriter.supportedFormatExtensions()} | {".json"}
    return tuple(suffix for suffix in _SUFFIXES if suffix in known)


def point_file(text: str) -> PointFile | None:
    """Return the file and layer that the value of an output means; None for memory and databases.

    Args:
        text: A path, also with ``|layername=...``, or ``ogr:dbname='f.gpkg' table="points" (geom)``.
    """
    if text.startswith("ogr:"):
        uri = QgsDataSourceUri(text.removeprefix("ogr:"))
        path = Path(absolute(uri.database())) if uri.database() else None
        return PointFile(path, uri.table() or path.stem, bool(uri.table())) if path else None
    name, _bar, rest = text.partition("|")
    # A file may have a colon in its name, such as one with a time, and a database may be named by a path.
    key, colon, _rest = name.partition(":")
    providers = {"memory", "postgis", *QgsProviderRegistry.instance().providerList()}
    if not name or (colon and key in providers):
        return None
    path = Path(absolute(name))
    layer = rest.removeprefix("layername=")
    return PointFile(path, layer or path.stem, bool(layer))


def check_point_file(target: PointFile, kind: PointKind, read: Iterable[ReadFile], overwrite: bool) -> None:
    """Check the target of a point output before any work.

    Args:
        target: Target of the output.
        kind: Kind of the output.
        read: Files that the run reads.
        overwrite: Whether layers and files of another kind or origin, and labels, may be replaced.

    Raises:
        OutputError: The format has no geometry or is unknown, the file cannot be written, it is an input,
            it was not written by the same kind of output, or users have filled in its labels.
    """
    path = target.path
    if path.suffix.lower() in _WITHOUT_GEOMETRY:
        raise OutputError(
            "A file with the extension {ending} has no geometry, so the coordinates of the points would be "
            "lost",
            where=str(path),
            advice="Use .gpkg. Tables with x and y can be exported from there.",
            ending=path.suffix,
        )
    check_output(path, point_suffixes())
    for item in read:
        is_other_layer = item.layer and item.layer.casefold() != target.layer.casefold()
        is_container = path.suffix.lower() == GEOPACKAGE and is_other_layer
        if not is_container and any(is_same_file(file, item.path) for file in target.files):
            raise overwrites_input(path)
    if not overwrite:
        check_companions(path, kind.kind)
    if os.path.lexists(path):
        _check_existing(target, kind, overwrite)


def _check_existing(target: PointFile, kind: PointKind, overwrite: bool) -> None:
    """Require that the layer, or the whole file, may be replaced."""
    path = target.path
    layers = geopackage_layers(path)
    if layers is None and path.suffix.lower() != GEOPACKAGE:
        dataset = open_quietly(str(path), gdal.OF_VECTOR)
        layers = (
            [dataset.GetLayer(place).GetName() for place in range(dataset.GetLayerCount())]
            if dataset
            else None
        )
        if layers is not None and len(layers) > 1:
            raise OutputError(
                "The file holds {count} layers, and a file of this format can only be replaced as a whole",
                where=str(path),
                advice="Choose another name, or a GeoPackage (.gpkg), whose other layers stay.",
                count=len(layers),
            )
        _check_layer(path, layers[0] if layers else "", kind, overwrite)
    elif layers is None:
        if not overwrite:
            raise foreign(path)
    else:
        name = next((name for name in layers if name.casefold() == target.layer.casefold()), "")
        if name:
            _check_layer(path, name, kind, overwrite)


def _check_layer(path: Path, name: str, kind: PointKind, overwrite: bool) -> None:
    """Require that a layer is one of the output's own, without labels of users."""
    dataset = open_quietly(str(path), gdal.OF_VECTOR)
    layer = dataset.GetLayerByName(name) if dataset is not None and name else None
    if layer is None:
        if name and path.suffix.lower() == GEOPACKAGE:
            raise OutputError(
                "The file holds a raster named {layer!r}",
                where=str(path),
                advice="Choose another file, or another name for the layer.",
                layer=name,
            )
        if not overwrite:
            raise foreign(path)
        return
    if overwrite:
        return
    mark = layer.GetMetadataItem(KIND_ITEM)
    names = [field.GetName() for field in layer.schema]
    if mark not in (None, "", kind.kind) or not _fits(names, kind):
        if path.suffix.lower() != GEOPACKAGE:
            raise foreign(path)
        raise OutputError(
            "The file has a layer {layer!r} that holds another output of Deep Land Cover"
            if mark not in (None, "", kind.kind)
            else "The file has a layer {layer!r} that Deep Land Cover did not write, or that was changed",
            where=str(path),
            advice="Choose another name, or set OVERWRITE to replace this layer; all others stay.",
            layer=name,
        )
    labelled = _count_labelled(layer, kind.label)
    if labelled:
        raise OutputError(
            "The layer {layer!r} has a labelled point, which would be lost"
            if labelled == 1
            else "The layer {layer!r} has {count:,} labelled points, which would be lost",
            where=str(path),
            advice="Choose another name, or set OVERWRITE to replace the layer.",
            layer=name,
            count=labelled,
        )


def _fits(names: Sequence[str], kind: PointKind) -> bool:
    """Return whether a layer has the fields of the output and no others, but those that drivers add."""
    wanted, found = {name.casefold() for name in kind.fields}, {name.casefold() for name in names}
    if len(max(names, key=len, default="")) <= _SHAPEFILE_NAME:
        wanted = {name[:_SHAPEFILE_NAME] for name in wanted}
    return wanted <= found and not found - wanted - _ADDED - {"name"}


def _count_labelled(layer: ogr.Layer, field: str) -> int:
    """Return how many features have a value in a field."""
    if not field or layer.GetLayerDefn().GetFieldIndex(field) < 0:
        return 0
    is_labelled = untranslated(f'"{field}" IS NOT NULL AND CAST("{field}" AS character(255)) <> \'\'')
    layer.SetAttributeFilter(is_labelled)
    count = layer.GetFeatureCount()
    layer.SetAttributeFilter(None)
    return int(count)


def write_point_file(
    target: PointFile,
    items: Mapping[str, str],
    fields: QgsFields,
    features: Iterable[QgsFeature],
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
) -> PointFile:
    """Write points, and return where the layer is.

    Args:
        target: Target of the output, which passed ``check_point_file``.
        items: Metadata items of the layer: its kind, its origin, the record of a sampling design.
        fields: Fields of the features.
        features: Points.
        crs: CRS of the points.
        context: Context of the run.

    Raises:
        OutputError: The disk is full, or the file cannot be written or replaced. Nothing of it remains, and
            an earlier file is as it was.
    """
    path = target.path
    try:
        with temporary_folder(path.parent, _PREFIX) as folder:
            part = folder / path.name
            problem = _write(part, target.layer, items, fields, features, crs, context)
            if problem is None and geopackage_layers(path) is not None:
                problem = _add_layer(part, target, items)
            elif problem is None:
                _move(folder, target)
            if problem is not None:
                raise _failed(path, problem)
    except PermissionError as error:
        raise OutputError(
            "The output cannot be replaced, perhaps because it is open in another program",
            where=str(path),
            advice="Close the other program, or choose another name.",
        ) from error
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise _failed(path, error.strerror or str(error)) from error
    is_alone = len(geopackage_layers(path) or ()) < 2
    return replace(target, is_named=target.is_named or not is_alone)


def _move(folder: Path, target: PointFile) -> None:
    """Move the files of a folder to their final place, the one that the user named last."""
    for old in target.files[1:]:
        # An index of the earlier shapefile would hide features of the new one.
        old.unlink(missing_ok=True)
    for file in sorted(folder.iterdir(), key=lambda item: item.name == target.path.name):
        os.replace(file, target.path.with_name(file.name))


def _write(
    part: Path,
    layer: str,
    items: Mapping[str, str],
    fields: QgsFields,
    features: Iterable[QgsFeature],
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
) -> str | None:
    """Write a file of one layer, and return what went wrong; None where nothing did.

    An exception would keep the file open, for Processing keeps tracebacks.
    """
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = (
        "GeoJSON" if part.suffix == ".json" else QgsVectorFileWriter.driverForExtension(part.suffix)
    )
    options.layerName = layer
    options.fileEncoding = "UTF-8"
    writer = QgsVectorFileWriter.create(
        str(part), fields, Qgis.WkbType.Point, crs, context.transformContext(), options
    )
    count, is_whole = 0, writer.hasError() == QgsVectorFileWriter.WriterError.NoError
    for feature in features if is_whole else ():
        count += 1
        is_whole = writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        if not is_whole:
            break
    problem = writer.errorMessage()
    # Closes the file. Whether there was room for all of it, QGIS does not tell.
    del writer
    dataset = open_quietly(str(part), gdal.OF_VECTOR | gdal.OF_UPDATE) if is_whole else None
    written = dataset.GetLayer(0) if dataset is not None else None
    if written is None or written.GetFeatureCount() != count:
        return str(problem)
    if part.suffix.lower() == GEOPACKAGE:
        _set_items(written, items)
    del written, dataset
    return save_metadata(str(part), layer, items)


def _set_items(layer: ogr.Layer, items: Mapping[str, str]) -> None:
    for name, value in items.items():
        layer.SetMetadataItem(name, value)


def _add_layer(part: Path, target: PointFile, items: Mapping[str, str]) -> str | None:
    """Copy the layer of a file into a GeoPackage, in place of one of the same name.

    Returns:
        What went wrong, as of ``_write``; then the GeoPackage is as it was.
    """
    path = target.path
    if any(path.with_name(path.name + ending).exists() for ending in _IN_USE):
        problem = _add_in_transaction(part, path, target.layer, items)
        if problem is None:
            # The layer is complete and has its items, so that a lock may refuse QGIS's own copy of them.
            save_metadata(f"{path}|layername={target.layer}", target.layer, items)
        return problem
    whole = part.with_name(f"whole_{path.name}")
    shutil.copy2(path, whole)
    problem = _add_in_transaction(part, whole, target.layer, items)
    problem = problem or save_metadata(f"{whole}|layername={target.layer}", target.layer, items)
    if problem is None:
        os.replace(whole, path)
    return problem


def _add_in_transaction(part: Path, path: Path, name: str, items: Mapping[str, str]) -> str | None:
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    container = None
    try:
        source = gdal.OpenEx(str(part), gdal.OF_VECTOR)
        container = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
        if source is None or container is None:
            return str(gdal.GetLastErrorMsg())
        container.StartTransaction()
        names = [container.GetLayer(place).GetName() for place in range(container.GetLayerCount())]
        for place, other in reversed(list(enumerate(names))):
            if other.casefold() == name.casefold():
                container.DeleteLayer(place)
        is_whole = _copy(source.GetLayer(0), container, name, items)
        if is_whole and container.CommitTransaction() == ogr.OGRERR_NONE:
            return None
        problem = str(gdal.GetLastErrorMsg())
    except RuntimeError as error:
        # Where another plugin has called gdal.UseExceptions().
        problem = str(error)
    finally:
        gdal.PopErrorHandler()
    _roll_back(container)
    return problem


def _roll_back(container: gdal.Dataset | None) -> None:
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        if container is not None:
            container.RollbackTransaction()
    except RuntimeError:
        # There was none.
        return
    finally:
        gdal.PopErrorHandler()


def _copy(source: ogr.Layer, container: gdal.Dataset, name: str, items: Mapping[str, str]) -> bool:
    """Copy a layer and return whether all went well; GDAL's own copy begins a second transaction."""
    layer = container.CreateLayer(name, source.GetSpatialRef(), source.GetGeomType())
    if layer is None:
        return False
    _set_items(layer, items)
    for field in source.schema:
        layer.CreateField(field)
    for feature in source:
        copied = ogr.Feature(layer.GetLayerDefn())
        copied.SetFrom(feature)
        if layer.CreateFeature(copied) != ogr.OGRERR_NONE:
            return False
    return bool(layer.SyncToDisk() == ogr.OGRERR_NONE)


def _failed(path: Path, problem: str) -> OutputError:
    if is_disk_full(path.parent):
        return disk_full(path)
    return OutputError(
        "The points cannot be written: {reason}",
        where=str(path),
        advice="Close programs that use the file, or choose another file or folder.",
        reason=problem.rstrip(".") or path.suffix,
    )
