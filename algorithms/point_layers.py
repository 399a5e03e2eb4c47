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
)


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
        QgsProcessingException: The layer cannot be written; QGIS says why.
    """
    declared = QgsFields()
    for field, kind in fields:
        declared.append(QgsField(field, kind))
    sink, layer = algorithm.parameterAsSink(parameters, name, context, declared, Qgis.WkbType.Point, crs)
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, name))
    with records.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            feature = QgsFeature(declared)
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(record["x"], record["y"])))
            feature.setAttributes([record.get(field) for field, _kind in fields])
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(algorithm.writeFeatureError(sink, parameters, name))
    return layer
