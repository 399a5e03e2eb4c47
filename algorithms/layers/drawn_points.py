"""Point layers of ‘Sampling design’: their record in the layer's metadata, and how it is found again."""

from __future__ import annotations

import math
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProcessingFeatureSource,
    QgsVectorLayer,
)

from ...core.assessment.drawn_sample import MARK, DrawnSample, Stratum, sample_of_json
from .metadata import file_items
from .vectors import is_null

CLASS, STRATUM, STRATUM_HECTARES = "class", "stratum", "stratum_ha"
_FIELDS = {CLASS, STRATUM, STRATUM_HECTARES, "inclusion", "weight"}


def drawn_sample(source: QgsProcessingFeatureSource, layer: QgsMapLayer | None) -> DrawnSample | None:
    """Return the record of points that ‘Sampling design’ drew; None for any other layer.

    Points of version 0.1.0, and copies whose metadata was lost, are known by their fields. Then the map that
    they were drawn for is not known.

    Args:
        source: The points.
        layer: The layer that they are of; None where there is none.
    """
    if not set(source.fields().names()) >= _FIELDS:
        return None
    if isinstance(layer, QgsVectorLayer):
        for record in _records(layer):
            sample = sample_of_json(record)
            if sample is not None:
                return sample
    return _sample_of_fields(source)


def _records(layer: QgsVectorLayer) -> list[str]:
    start = f"{MARK}: "
    found = [line[len(start) :] for line in layer.metadata().history() if line.startswith(start)]
    item = file_items(layer).get(MARK)
    if item:
        found.append(item)
    if Path(layer.metadataUri()).is_file():
        beside = QgsVectorLayer(layer.source(), "", layer.providerType())
        beside.loadDefaultMetadata()
        found += [line[len(start) :] for line in beside.metadata().history() if line.startswith(start)]
    return found


def _sample_of_fields(source: QgsProcessingFeatureSource) -> DrawnSample | None:
    fields = source.fields()
    request = QgsFeatureRequest()
    request.setFlags(Qgis.FeatureRequestFlag.NoGeometry)
    request.setSubsetOfAttributes([STRATUM, STRATUM_HECTARES], fields)
    hectares: dict[int, float] = {}
    points: dict[int, int] = {}
    for feature in source.getFeatures(request, Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks):
        value, area = feature[STRATUM], feature[STRATUM_HECTARES]
        try:
            if is_null(value) or is_null(area) or not float(area) > 0:
                return None
            number = int(value)
        except (TypeError, ValueError):
            return None
        if not math.isclose(hectares.setdefault(number, float(area)), float(area), rel_tol=1e-6):
            # Points of two designs in one layer, which no single record describes.
            return None
        points[number] = points.get(number, 0) + 1
    strata = (Stratum(value, "", hectares[value], points[value]) for value in sorted(hectares))
    return DrawnSample("", "", tuple(strata)) if hectares else None
