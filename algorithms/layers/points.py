"""From the worker's records to a point layer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ...core.files import disk_full, is_disk_full
from ...core.marks import KIND_ITEM
from ..i18n.messages import translated_error
from ..parameters.outputs import given_path
from .metadata import keep_metadata
from .point_files import point_file, write_point_file


def write_point_layer(
    algorithm: QgsProcessingAlgorithm,
    name: str,
    kind: str,
    fields: Sequence[tuple[str, Any]],
    records: Path,
    crs: QgsCoordinateReferenceSystem,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    items: Mapping[str, str],
) -> str:
    """Write records to the output ``name`` and return the layer's source or id.

    Args:
        algorithm: Whose output it is.
        name: Of the output.
        kind: Kind of the output, one of ``core.marks``.
        fields: Name and type of the fields.
        records: JSON lines with ``x``, ``y`` and the fields; those that a line lacks stay empty.
        crs: Of the records.
        parameters: Of the run.
        context: Of the run.
        items: Metadata items of the layer by name: its origin, and the record of a sampling design.

    Raises:
        OutputError: The file cannot be written; an earlier one is as it was.
        QgsProcessingException: The layer cannot be written, or not to its end; what there is of it is
            removed.
    """
    declared = QgsFields()
    for field, field_type in fields:
        declared.append(QgsField(field, field_type))
    value = parameters.get(name)
    items = {KIND_ITEM: kind, **items}
    target = point_file(given_path(value, context))
    if target is None:
        # Temporary files, memory and databases.
        layer = _write_to_sink(algorithm, name, declared, records, crs, parameters, context)
        keep_metadata(layer, items, context)
        return layer
    layer = write_point_file(target, items, declared, _features(records, declared), crs, context).uri
    if isinstance(value, QgsProcessingOutputLayerDefinition) and value.destinationProject is not None:
        definition = algorithm.parameterDefinition(name)
        title = value.destinationName or (definition.description() if definition else "")
        details = QgsProcessingContext.LayerDetails(title, value.destinationProject, name)
        context.addLayerToLoadOnCompletion(layer, details)
    return layer


def _features(records: Path, fields: QgsFields) -> Iterator[QgsFeature]:
    names = fields.names()
    with records.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            feature = QgsFeature(fields)
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(record["x"], record["y"])))
            feature.setAttributes([record.get(field) for field in names])
            yield feature


def _write_to_sink(
    algorithm: QgsProcessingAlgorithm,
    name: str,
    fields: QgsFields,
    records: Path,
    crs: QgsCoordinateReferenceSystem,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
) -> str:
    try:
        sink, layer = algorithm.parameterAsSink(parameters, name, context, fields, Qgis.WkbType.Point, crs)
    except QgsProcessingException as error:
        begun = given_path(parameters.get(name), context)
        # For another reason an earlier file may still stand there.
        if not is_disk_full(_folder(begun)):
            raise
        raise _broken_off(begun, str(error)) from error
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, name))
    problem = algorithm.writeFeatureError(sink, parameters, name)
    count, is_whole = 0, True
    for feature in _features(records, fields):
        count += 1
        if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            is_whole = False
            break
    # Closes the file. Whether there was room for all of it, QGIS does not tell.
    del sink
    if not (is_whole and _holds(layer, count, context)):
        raise _broken_off(layer, problem)
    return layer


def _holds(layer: str, count: int, context: QgsProcessingContext) -> bool:
    """Return whether a layer has so many points, as far as that can be told."""
    found = QgsProcessingUtils.mapLayerFromString(layer, context)
    if isinstance(found, QgsVectorLayer):
        return not 0 <= found.featureCount() < count
    # A dump of a database, such as .sql, is no layer. Nor is a file that was cut off.
    return not is_disk_full(_folder(layer))


def _folder(layer: str) -> Path:
    """Return where a layer's file is; of one in memory or in a database, a folder that says nothing."""
    folder = Path(layer).parent
    return folder if folder.is_dir() else Path.cwd()


def _broken_off(layer: str, problem: str) -> QgsProcessingException:
    """Remove a layer's file, if it has one of its own, and return what to say of it."""
    if layer.lower().endswith(".shp"):
        QgsVectorFileWriter.deleteShapeFile(layer)
    elif Path(layer).is_file():
        Path(layer).unlink()
    if not is_disk_full(_folder(layer)):
        return QgsProcessingException(problem)
    return QgsProcessingException(translated_error(disk_full(Path(layer))))
