"""From a vector layer, as the user sees it, to JSON lines in the raster's CRS.

Features come through Processing's feature source, so that the edit buffer, the selection, a filter,
memory layers and repeated feature ids count. The form of a line is described in
``core.samples.vector``.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import (
    NULL,
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from ..core.errors import ParameterError, RunCancelled, SampleError
from .parameters import value_text

# Decimals of a coordinate: a degree needs them to keep what a double holds.
_DECIMALS = 17
_POINT, _POLYGON = Qgis.GeometryType.Point, Qgis.GeometryType.Polygon
_NO_CLASS = "has no class"


def vector_parameter(
    algorithm: QgsProcessingAlgorithm, name: str, parameters: dict[str, Any], context: QgsProcessingContext
) -> QgsProcessingFeatureSource:
    """Return the feature source that the parameter ``name`` means.

    Raises:
        ParameterError: There is none, or it has no CRS.
    """
    source = algorithm.parameterAsSource(parameters, name, context)
    if source is None:
        raise ParameterError(
            "There is no such vector layer",
            where=value_text(parameters.get(name)),
            advice="Check the path or choose another layer.",
        )
    if not source.sourceCrs().isValid():
        raise ParameterError(
            "The vector layer has no coordinate reference system",
            where=source.sourceName(),
            advice="Set it with Layer > Set CRS of Layer(s).",
        )
    return source


def check_field(source: QgsProcessingFeatureSource, field: str) -> None:
    """Refuse a field that the source does not have.

    Raises:
        SampleError: The sentence lists the fields that there are.
    """
    names = source.fields().names()
    if field not in names:
        raise SampleError(
            f"There is no field {field!r}",
            where=source.sourceName(),
            advice=f"Choose one of: {', '.join(names)}." if names else "The layer has no fields at all.",
        )


def write_samples(
    source: QgsProcessingFeatureSource,
    crs: QgsCoordinateReferenceSystem,
    class_field: str,
    name_field: str,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> Path:
    """Write labelled polygons and points in ``crs`` into Processing's temporary folder.

    Features without class, geometry or area are skipped and counted in the log.

    Raises:
        SampleError: A class is neither whole number nor text, or no feature is left.
        ParameterError: A geometry cannot be reprojected.
        RunCancelled: The user cancelled.
    """

    def describe(feature: QgsFeature, number: int) -> dict[str, Any] | None:
        value = _class_value(feature[class_field], class_field, source.sourceName())
        if value is None:
            return None
        name = feature[name_field] if name_field else NULL
        return {"class": value, "name": None if _is_null(name) else str(name), "group": number}

    return _write(source, crs, (_POLYGON, _POINT), describe, context, feedback)


def write_polygons(
    source: QgsProcessingFeatureSource,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> Path:
    """Write the polygons of a mask in ``crs`` into Processing's temporary folder.

    Raises:
        SampleError: No polygon is left.
        ParameterError: A geometry cannot be reprojected.
        RunCancelled: The user cancelled.
    """
    return _write(source, crs, (_POLYGON,), lambda _feature, _number: {}, context, feedback)


def _write(
    source: QgsProcessingFeatureSource,
    crs: QgsCoordinateReferenceSystem,
    kinds: tuple[Qgis.GeometryType, ...],
    describe: Callable[[QgsFeature, int], dict[str, Any] | None],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> Path:
    transform = QgsCoordinateTransform(source.sourceCrs(), crs, context.transformContext())
    skipped: Counter[str] = Counter()
    written = 0
    path = Path(QgsProcessingUtils.generateTempFilename("features.jsonl", context))
    try:
        with path.open("w", encoding="utf-8") as file:
            # Invalid geometries are mended below instead of ending the run.
            features = source.getFeatures(
                QgsFeatureRequest(), Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
            )
            for number, feature in enumerate(features):
                if feedback.isCanceled():
                    raise RunCancelled()
                properties = describe(feature, number)
                if properties is None:
                    skipped[_NO_CLASS] += 1
                    continue
                geometry, problem = _usable_geometry(feature.geometry(), kinds)
                if problem:
                    skipped[problem] += 1
                    continue
                _reproject(geometry, transform, source.sourceName(), number)
                file.write(_line(geometry, properties))
                written += 1
        for problem, count in skipped.items():
            feedback.pushWarning(f"{source.sourceName()}: {count} skipped, because it {problem}.")
        if not written:
            raise _nothing_left(source, skipped)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _line(geometry: QgsGeometry, properties: dict[str, Any]) -> str:
    record = {"geometry": json.loads(geometry.asJson(_DECIMALS)), **properties}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _class_value(value: Any, field: str, layer: str) -> int | str | None:
    if _is_null(value) or value == "":
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise SampleError(
        f"The class {value!r} in the field {field!r} is neither a whole number nor text",
        where=layer,
        advice="Choose a field with whole numbers or names.",
    )


def _is_null(value: Any) -> bool:
    return value is None or value == NULL or (isinstance(value, float) and math.isnan(value))


def _usable_geometry(original: QgsGeometry, kinds: tuple[Qgis.GeometryType, ...]) -> tuple[QgsGeometry, str]:
    """Return a flat, straight, valid copy, or what is wrong with the geometry."""
    if original.isNull() or original.isEmpty():
        return original, "has no geometry"
    # Arcs are drawn before reprojection, where they are still arcs.
    geometry = QgsGeometry(original.constGet().segmentize())
    geometry.get().dropZValue()
    geometry.get().dropMValue()
    kind = geometry.type()
    if kind not in kinds:
        wanted = " nor ".join("polygon" if item == _POLYGON else "point" for item in kinds)
        return geometry, f"is neither {wanted}" if len(kinds) > 1 else f"is no {wanted}"
    if kind == _POLYGON and not geometry.isGeosValid():
        geometry = geometry.makeValid()
        if QgsWkbTypes.flatType(geometry.wkbType()) == Qgis.WkbType.GeometryCollection:
            geometry.convertGeometryCollectionToSubclass(_POLYGON)
        if geometry.type() != _POLYGON or geometry.isEmpty():
            return geometry, "has no area"
    return geometry, ""


def _reproject(geometry: QgsGeometry, transform: QgsCoordinateTransform, layer: str, number: int) -> None:
    try:
        geometry.transform(transform)
        fine = geometry.boundingBox().isFinite()
    except QgsCsException:
        fine = False
    if not fine:
        source, target = transform.sourceCrs(), transform.destinationCrs()
        raise ParameterError(
            f"Feature {number + 1} cannot be reprojected from {source.userFriendlyIdentifier()} "
            f"to {target.userFriendlyIdentifier()}",
            where=layer,
            advice="Check the CRS of the layer.",
        )


def _nothing_left(source: QgsProcessingFeatureSource, skipped: Counter[str]) -> SampleError:
    if skipped:
        reasons = ", ".join(f"{count} skipped because it {problem}" for problem, count in skipped.items())
        return SampleError(
            f"No feature can be used: {reasons}",
            where=source.sourceName(),
            advice="Choose another layer or field.",
        )
    return SampleError(
        "The vector layer has no features",
        where=source.sourceName(),
        advice="Check its filter, and the selection where only selected features are used.",
    )
