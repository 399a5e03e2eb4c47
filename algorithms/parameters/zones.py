"""Zones: a polygon layer and its zone field, handed to the worker in the map's CRS."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from ...core.errors import ParameterError
from ...core.text import Text
from ..i18n.translation import tr
from ..layers.vectors import POLYGON, check_field, is_null, plain_value, source_of, write_features
from .common import Described, is_given

ZONES, ZONE_FIELD = "ZONES", "ZONE_FIELD"


class ZoneFile(NamedTuple):
    """Zones as the worker reads them (``core.maps.zones.read_zones``).

    Attributes:
        path: File of JSON lines with ``geometry``, ``zone`` and ``feature``, the place of the
            feature in the layer, from 0.
        field: Name of the zone field; empty where each feature is a zone.
        name: Name of the layer.
    """

    path: str
    field: str
    name: str


def zone_parameters() -> list[Described]:
    """Return ZONES and ZONE_FIELD, both optional."""
    return [
        Described(
            QgsProcessingParameterFeatureSource(
                ZONES, tr("Zones"), [Qgis.ProcessingSourceType.VectorPolygon], optional=True
            ),
            "Polygons such as districts or protected areas, in any coordinate reference system. They may "
            "overlap: a pixel counts for each zone that covers it.",
            details="A pixel lies in a zone where its centre does. A centre on the border of two zones lies "
            "in one of them. Parts of a zone outside the map are not counted.",
        ),
        Described(
            QgsProcessingParameterField(
                ZONE_FIELD, tr("Zone field"), parentLayerParameterName=ZONES, optional=True
            ),
            "Field that names the zones. Polygons of the same value are one zone; empty: each polygon is a "
            "zone, named by its number.",
            details="Polygons without a value are left out, and the log counts them.",
        ),
    ]


def check_zones(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> None:
    """Refuse zones that cannot be read and a field that they lack.

    Raises:
        ParameterError: There is no such layer, it has no CRS, or a field was given without zones.
        SampleError: There is no such field.
    """
    field = algorithm.parameterAsString(parameters, ZONE_FIELD, context)
    if not is_given(parameters, ZONES):
        if field:
            raise ParameterError(
                "A zone field was given without zones", where=ZONE_FIELD, advice="Choose a layer of zones."
            )
        return
    source = source_of(parameters[ZONES], context)
    if field:
        check_field(source, field)


def write_zones(
    algorithm: QgsProcessingAlgorithm,
    crs: QgsCoordinateReferenceSystem,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> ZoneFile | None:
    """Write the zones in ``crs`` for the worker, and return where they are; None where none were given.

    The caller adds the path to its ``files``, which are removed after the run.

    Raises:
        SampleError: No feature can be used.
        ParameterError: A geometry cannot be reprojected.
        RunCancelled: The user cancelled.
    """
    if not is_given(parameters, ZONES):
        return None
    field = algorithm.parameterAsString(parameters, ZONE_FIELD, context)
    source = source_of(parameters[ZONES], context, feedback)

    def describe(
        _source: QgsProcessingFeatureSource, feature: QgsFeature, number: int
    ) -> dict[str, Any] | str:
        value: Any = plain_value(feature[field]) if field else number + 1
        if is_null(value) or value == "":
            return Text("has no value in the zone field")
        return {"zone": value if isinstance(value, (int, float)) else str(value), "feature": number}

    path: Path = write_features([source], crs, (POLYGON,), describe, context, feedback)
    return ZoneFile(str(path), field, source.sourceName())
