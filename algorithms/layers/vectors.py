"""From a vector layer, as the user sees it, to JSON lines in the raster's CRS.

Features come through Processing's feature source, so that the edit buffer, the selection, a filter,
memory layers and repeated feature ids count. The form of a line is described in
``core.samples.vector``.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count
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
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameters,
    QgsProcessingUtils,
    QgsProperty,
    QgsProviderRegistry,
    QgsProviderSublayerDetails,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

from ...core.errors import ParameterError, RunCancelled, SampleError
from ...core.text import Text, joined, packed
from ..i18n.messages import translated_message
from ..parameters.common import value_text

# More layers make a message too long.
_MAX_LISTED = 8
# Smallest area of a projected polygon as a fraction of the square of its extent. Rivers have far more.
_LEAST_FILLED = 1e-13
# Geometries that are handed over, by their number in well-known binary.
_WKB_NAMES = {
    **{1: "Point", 3: "Polygon", 4: "MultiPoint", 6: "MultiPolygon"},
    # Surfaces of polygons or triangles, and a triangle.
    **{15: "MultiPolygon", 16: "MultiPolygon", 17: "Polygon"},
}
POINT, POLYGON = Qgis.GeometryType.Point, Qgis.GeometryType.Polygon
_NO_CLASS = Text("has no class")
_DEFINITION = QgsProcessingParameterFeatureSource("SOURCE")

Describe = Callable[[QgsProcessingFeatureSource, QgsFeature, int], dict[str, Any] | str | None]


def source_of(
    value: Any, context: QgsProcessingContext, feedback: QgsProcessingFeedback | None = None
) -> QgsProcessingFeatureSource:
    """Return the feature source that a parameter's value means.

    Args:
        value: Of the parameter.
        context: Of the run.
        feedback: Is told which layer is read; None tells nobody.

    Raises:
        ParameterError: There is none, it has no geometry or no CRS, or its file has several layers.
    """
    value = one_layer(value, (Qgis.LayerType.Vector,), context)
    source = QgsProcessingParameters.parameterAsSource(_DEFINITION, value, context)
    if source is None:
        raise ParameterError(
            "There is no such vector layer",
            where=value_text(value),
            advice="Check the path or choose another layer.",
        )
    if source.wkbType() == Qgis.WkbType.NoGeometry:
        raise ParameterError(
            "The layer is a table without geometry",
            where=source.sourceName(),
            advice="Choose a layer of polygons or points. Convert a table with coordinates with 'Create "
            "points layer from table'.",
        )
    if not source.sourceCrs().isValid():
        raise ParameterError(
            "The vector layer has no coordinate reference system",
            where=source.sourceName(),
            advice="Set it with Layer > Set CRS of Layer(s).",
        )
    if feedback is not None:
        _log_layer(value, source, context, feedback)
    return source


def one_layer(value: Any, kinds: tuple[Qgis.LayerType, ...], context: QgsProcessingContext) -> Any:
    """Return a parameter's value, with the name of the layer where a file has others that cannot be meant.

    Tables without geometry beside a layer, such as styles, and empty layers cannot be meant.

    Args:
        value: Of a parameter: a path, a layer or features of it. Layers of the project are what they are.
        kinds: Kinds of layers that the parameter takes.
        context: Of the run.

    Raises:
        ParameterError: The file has several layers, of which QGIS would take the first one. The sentence
            lists them.
    """
    path = _path_without_layer(value, context)
    if not path:
        return value
    layers = _layers_of(path, kinds, Qgis.SublayerQueryFlags())
    if len(layers) > 1:
        counted = _layers_of(path, kinds, Qgis.SublayerQueryFlag.CountFeatures)
        layers = [item for item in counted if item.featureCount() != 0] or layers
    if len(layers) > 1:
        raise ParameterError(
            "The file has several layers: {layers}",
            where=path,
            advice="Choose one of: {choices}.",
            layers=_listed([item.name() for item in layers]),
            choices=_listed([item.uri() for item in layers]),
        )
    first = _first_layer(path)
    if not layers or layers[0].type() != Qgis.LayerType.Vector or layers[0].uri() == first:
        return value
    # Such as a filter of features.
    _path, bar, options = _source_text(value, context).partition("|")
    uri = layers[0].uri() + bar + options
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        named = QgsProcessingFeatureSourceDefinition(value)
        named.source = QgsProperty.fromValue(uri)
        return named
    return uri


def _first_layer(path: str) -> str:
    """Return the vector layer that QGIS opens by the path of a file; empty without one."""
    for item in QgsProviderRegistry.instance().querySublayers(path):
        if item.type() == Qgis.LayerType.Vector:
            return str(item.uri())
    return ""


def _layers_of(
    path: str, kinds: tuple[Qgis.LayerType, ...], flags: Qgis.SublayerQueryFlags
) -> list[QgsProviderSublayerDetails]:
    """Return the layers of a file that can be meant by its path."""
    layers = QgsProviderRegistry.instance().querySublayers(path, flags)
    # Of parts of a raster that opens as a whole, the whole is meant.
    whole = [item for item in layers if item.type() == Qgis.LayerType.Raster and item.uri() == path]
    layers = [item for item in layers if item.type() in kinds]
    if whole:
        layers = [item for item in layers if item.type() != Qgis.LayerType.Raster or item in whole]
    placed = [item for item in layers if item.type() != Qgis.LayerType.Vector or _has_geometry(item)]
    return placed or layers


def _has_geometry(layer: QgsProviderSublayerDetails) -> bool:
    return layer.wkbType() != Qgis.WkbType.NoGeometry


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*names[:_MAX_LISTED], *(["…"] if len(names) > _MAX_LISTED else [])])


def _path_without_layer(value: Any, context: QgsProcessingContext) -> str:
    """Return the file that a value means as a whole; empty where it is a layer, or names one."""
    text = _source_text(value, context)
    if not text or any(
        text in (layer.id(), layer.name(), layer.source())
        for layer in (context.project().mapLayers().values() if context.project() is not None else ())
    ):
        return ""
    parts = QgsProviderRegistry.instance().decodeUri("ogr", text)
    if (
        parts.get("layerName")
        or parts.get("layerId") is not None
        or not os.path.exists(parts.get("path") or "")
    ):
        return ""
    return text.split("|")[0]


def _source_text(value: Any, context: QgsProcessingContext) -> str:
    """Return the path or the id in a parameter's value; empty where it is a layer itself."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    if isinstance(value, QgsProperty):
        value = value.valueAsString(context.expressionContext())[0]
    return value if isinstance(value, str) else ""


def _log_layer(
    value: Any,
    source: QgsProcessingFeatureSource,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> None:
    text = _source_text(value, context)
    layer = QgsProcessingUtils.mapLayerFromString(text, context) if text else value
    uri = layer.source() if isinstance(layer, QgsVectorLayer) and layer.providerType() == "ogr" else ""
    parts = QgsProviderRegistry.instance().decodeUri("ogr", uri) if uri else {}
    name = parts.get("layerName") or ""
    if parts.get("path"):
        file = Path(parts["path"]).name
        line = (
            Text("Reading the layer {layer} of {file}.", layer=name, file=file)
            if name
            else Text("Reading the layer {layer} ({file}).", layer=source.sourceName(), file=file)
        )
    else:
        line = Text("Reading the layer {layer}.", layer=source.sourceName())
    feedback.pushInfo(translated_message(line))


def check_field(source: QgsProcessingFeatureSource, field: str) -> None:
    """Refuse a field that the source does not have.

    Raises:
        SampleError: The sentence lists the fields that there are.
    """
    names = source.fields().names()
    if field not in names:
        raise SampleError(
            "There is no field {field!r}",
            where=source.sourceName(),
            advice=(
                Text("Choose one of: {fields}.", fields=", ".join(names))
                if names
                else "The layer has no fields at all."
            ),
            field=field,
        )


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
    return write_features([source], crs, (POLYGON,), lambda _source, _feature, _number: {}, context, feedback)


def write_features(
    sources: Sequence[QgsProcessingFeatureSource],
    crs: QgsCoordinateReferenceSystem,
    kinds: tuple[Qgis.GeometryType, ...],
    describe: Describe,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> Path:
    """Write the features of all layers in ``crs`` into Processing's temporary folder.

    Args:
        sources: The layers.
        crs: Of the raster.
        kinds: Geometries that are taken.
        describe: Gives what a line holds besides the geometry, of a source, its feature and the
            running number over all layers; None skips the feature for it has no class, text for
            another reason, such as "has no weight".
        context: Of the run.
        feedback: Of the run.

    Raises:
        SampleError: No feature of a layer can be used.
        ParameterError: A geometry cannot be reprojected.
        RunCancelled: The user cancelled.
    """
    path = Path(QgsProcessingUtils.generateTempFilename("features.jsonl", context))
    numbers = count()
    try:
        with path.open("w", encoding="utf-8") as file:
            for source in sources:
                transform = QgsCoordinateTransform(source.sourceCrs(), crs, context.transformContext())
                for line in _lines(source, transform, kinds, describe, numbers, feedback):
                    file.write(line)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _lines(
    source: QgsProcessingFeatureSource,
    transform: QgsCoordinateTransform,
    kinds: tuple[Qgis.GeometryType, ...],
    describe: Describe,
    numbers: Iterator[int],
    feedback: QgsProcessingFeedback,
) -> Iterator[str]:
    skipped: Counter[str] = Counter()
    classes: dict[str, Counter[str]] = {}
    written = 0
    # Invalid geometries are mended below instead of ending the run.
    features = source.getFeatures(
        QgsFeatureRequest(), Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
    )
    for place, (feature, number) in enumerate(zip(features, numbers, strict=False), start=1):
        if feedback.isCanceled():
            raise RunCancelled()
        properties = describe(source, feature, number)
        if not isinstance(properties, dict):
            skipped[properties or _NO_CLASS] += 1
            continue
        geometry, problem = _usable_geometry(feature.geometry(), kinds)
        if problem:
            skipped[problem] += 1
            if "class" in properties:
                classes.setdefault(problem, Counter())[_class_label(properties)] += 1
                # So that the worker knows of a class that loses all of its features.
                yield _line(None, {**properties, "problem": packed(problem)})
            continue
        _reproject(geometry, transform, source.sourceName(), place)
        yield _line(geometry, properties)
        written += 1
    for problem, number in skipped.items():
        counts = ", ".join(f"{label}: {count:,}" for label, count in classes.get(problem, Counter()).items())
        said = translated_message(
            Text(
                "{count:,} skipped, each because it {problem}: {classes}.",
                count=number,
                problem=problem,
                classes=counts,
            )
            if counts
            else Text("{count:,} skipped, each because it {problem}.", count=number, problem=problem)
        )
        feedback.pushWarning(f"{source.sourceName()}: {said}")
    if not written:
        raise _nothing_left(source, skipped)


def _class_label(properties: dict[str, Any]) -> str:
    return f"{properties['class']} {properties.get('name') or ''}".rstrip()


def _line(geometry: QgsGeometry | None, properties: dict[str, Any]) -> str:
    shape = _as_geojson(geometry) if geometry is not None else None
    record = {"geometry": shape, **properties}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _as_geojson(geometry: QgsGeometry) -> dict[str, Any]:
    """Return a flat, straight geometry with the very numbers that QGIS holds.

    QGIS's own GeoJSON rounds to decimals, so that a point on the border of two pixels may change sides.
    """
    shape, _end = _from_wkb(geometry.asWkb().data(), 0)
    return shape


def _from_wkb(wkb: bytes, start: int) -> tuple[dict[str, Any], int]:
    """Return the GeoJSON geometry that begins at ``start``, and where it ends."""
    order = "<" if wkb[start] else ">"
    kind, start = *struct.unpack_from(f"{order}I", wkb, start + 1), start + 5
    name = _WKB_NAMES[kind]
    if name == "Point":
        return {"type": name, "coordinates": list(struct.unpack_from(f"{order}2d", wkb, start))}, start + 16
    (count,), start = struct.unpack_from(f"{order}I", wkb, start), start + 4
    parts: list[Any] = []
    for _part in range(count):
        if name == "Polygon":
            (length,), start = struct.unpack_from(f"{order}I", wkb, start), start + 4
            numbers = struct.unpack_from(f"{order}{2 * length}d", wkb, start)
            parts.append([list(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)])
            start += 16 * length
        else:
            part, start = _from_wkb(wkb, start)
            parts.append(part["coordinates"])
    return {"type": name, "coordinates": parts}, start


def is_null(value: Any) -> bool:
    """Return whether a field is empty."""
    return value is None or value == NULL or (isinstance(value, float) and math.isnan(value))


def plain_value(value: Any) -> Any:
    """Return a field's value; a date or a time as text in the form of ISO 8601 (2024-05-31)."""
    if isinstance(value, (QDate, QDateTime, QTime)):
        return value.toString(Qt.DateFormat.ISODate)
    return value


def _usable_geometry(original: QgsGeometry, kinds: tuple[Qgis.GeometryType, ...]) -> tuple[QgsGeometry, str]:
    """Return a flat, straight, valid copy, or what is wrong with the geometry."""
    if original.isNull() or original.isEmpty():
        return original, Text("has no geometry")
    # Arcs are drawn before reprojection, where they are still arcs.
    geometry = QgsGeometry(original.constGet().segmentize())
    geometry.get().dropZValue()
    geometry.get().dropMValue()
    if QgsWkbTypes.flatType(geometry.wkbType()) == Qgis.WkbType.GeometryCollection:
        # Of a collection the polygons count, else the points.
        present = {QgsWkbTypes.geometryType(part.wkbType()) for part in geometry.constParts()}
        taken = next((kind for kind in (POLYGON, POINT) if kind in kinds and kind in present), None)
        if taken is not None:
            geometry.convertGeometryCollectionToSubclass(taken)
    kind = geometry.type()
    if kind not in kinds:
        if len(kinds) > 1:
            return geometry, Text("is neither polygon nor point")
        return geometry, Text("is no polygon") if POLYGON in kinds else Text("is no point")
    if kind == POLYGON and not geometry.isGeosValid():
        geometry = geometry.makeValid()
        if QgsWkbTypes.flatType(geometry.wkbType()) == Qgis.WkbType.GeometryCollection:
            geometry.convertGeometryCollectionToSubclass(POLYGON)
        if geometry.type() != POLYGON or geometry.isEmpty():
            return geometry, Text("has no area")
    return geometry, ""


def _reproject(geometry: QgsGeometry, transform: QgsCoordinateTransform, layer: str, place: int) -> None:
    try:
        geometry.transform(transform)
        box = geometry.boundingBox()
        fine = box.isFinite()
        if fine and geometry.type() == POLYGON:
            # A polygon around half the Earth becomes a line where only its corners are projected.
            fine = geometry.area() > _LEAST_FILLED * (box.width() + box.height()) ** 2
    except QgsCsException:
        fine = False
    if not fine:
        source, target = transform.sourceCrs(), transform.destinationCrs()
        raise ParameterError(
            "Feature {number} cannot be reprojected from {source} to {target}",
            where=layer,
            advice="Check the CRS of the layer. Polygons that are far larger than the map must be cut first.",
            number=place,
            source=source.userFriendlyIdentifier(),
            target=target.userFriendlyIdentifier(),
        )


def _nothing_left(source: QgsProcessingFeatureSource, skipped: Counter[str]) -> SampleError:
    if skipped:
        reasons = joined(
            (
                Text("{count} skipped because it {problem}", count=count, problem=problem)
                for problem, count in skipped.items()
            ),
            ", ",
        )
        return SampleError(
            "No feature can be used: {reasons}",
            where=source.sourceName(),
            advice="Choose another layer or field.",
            reasons=reasons,
        )
    return SampleError(
        "The vector layer has no features",
        where=source.sourceName(),
        advice="Check its filter, and the selection where only selected features are used.",
    )
