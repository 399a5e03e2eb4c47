"""From the worker's records to a point layer."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ...core.files import disk_full, is_disk_full
from ..i18n.messages import translated_error
from ..parameters.outputs import given_path


def write_point_layer(
    algorithm: QgsProcessingAlgorithm,
    name: str,
    fields: Sequence[tuple[str, Any]],
    records: Path,
    crs: QgsCoordinateReferenceSystem,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
) -> str:
    """Write records to the output ``name`` and return the layer's id.

    Args:
        algorithm: Whose output it is.
        name: Of the output.
        fields: Name and type of the fields.
        records: JSON lines with ``x``, ``y`` and the fields; those that a line lacks stay empty.
        crs: Of the records.
        parameters: Of the run.
        context: Of the run.

    Raises:
        QgsProcessingException: The layer cannot be written, or not to its end; what there is of it is
            removed.
    """
    declared = QgsFields()
    for field, kind in fields:
        declared.append(QgsField(field, kind))
    try:
        sink, layer = algorithm.parameterAsSink(parameters, name, context, declared, Qgis.WkbType.Point, crs)
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
    with records.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            feature = QgsFeature(declared)
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(record["x"], record["y"])))
            feature.setAttributes([record.get(field) for field, _kind in fields])
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
