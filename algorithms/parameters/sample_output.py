"""The sample design as a point layer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
)
from qgis.PyQt.QtCore import QMetaType

from ...core.marks import SAMPLES
from ..i18n.translation import tr
from ..layers.point_files import PointKind
from ..layers.points import write_point_layer
from ..layers.samples import CLUSTER, WEIGHT
from ..layers.split_styles import style_split

OUTPUT_SAMPLES = "OUTPUT_SAMPLES"
OUTPUT_SAMPLES_HELP = (
    "The samples of the training as points at the centres of their pixels, with class and split. As SAMPLES "
    "with SPLIT=field they repeat the same split."
)
OUTPUT_SAMPLES_DETAILS = (
    "Fields: <code>value</code> and <code>name</code> of the class; <code>split</code> (train, suggested, "
    "validation, calibration, test, or dropped for lying too near to a test sample; with folds a word for "
    "each); <code>fold</code> that tests the sample; <code>cluster</code>, the number of its polygon or "
    "block; <code>weight</code>, the number of labelled pixels that it stands for. To repeat the split, set "
    "CLASS_FIELD=value, NAME_FIELD=name, SPLIT=field and SPLIT_FIELD=split."
)
_INTEGER, _REAL, _TEXT = QMetaType.Type.Int, QMetaType.Type.Double, QMetaType.Type.QString
_FIELDS = (
    ("value", _INTEGER),
    ("name", _TEXT),
    ("split", _TEXT),
    ("fold", _INTEGER),
    (CLUSTER, _INTEGER),
    (WEIGHT, _REAL),
)
SAMPLES_KIND = PointKind(SAMPLES, tuple(name for name, _type in _FIELDS))
"""Kind of the layer that OUTPUT_SAMPLES writes."""


def samples_output_parameter() -> QgsProcessingParameterFeatureSink:
    """Return the parameter OUTPUT_SAMPLES, which is off by default."""
    return QgsProcessingParameterFeatureSink(
        OUTPUT_SAMPLES,
        tr("Samples with split"),
        Qgis.ProcessingSourceType.VectorPoint,
        optional=True,
        createByDefault=False,
    )


def write_sample_layer(
    algorithm: QgsProcessingAlgorithm,
    records: Path,
    crs: QgsCoordinateReferenceSystem,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    items: Mapping[str, str],
) -> str:
    """Write the records, see ``core.samples.records``, to OUTPUT_SAMPLES and return the layer's id.

    Raises:
        QgsProcessingException: The layer cannot be written; QGIS says why.
    """
    layer = write_point_layer(
        algorithm, OUTPUT_SAMPLES, SAMPLES, _FIELDS, records, crs, parameters, context, items
    )
    style_split(layer, "split", context, feedback)
    return layer
