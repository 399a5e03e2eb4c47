"""The sample design as a point layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameters,
    QgsProviderRegistry,
    QgsVectorFileWriter,
)
from qgis.PyQt.QtCore import QMetaType

from ...core.files import Output, check_files
from ..i18n.translation import tr
from ..layers.points import write_point_layer
from ..layers.samples import CLUSTER, WEIGHT, sample_values
from ..layers.split_styles import style_split
from .outputs import absolute, given_path

OUTPUT_SAMPLES = "OUTPUT_SAMPLES"
OUTPUT_SAMPLES_HELP = (
    "The samples that were used, as points at the centres of their pixels: the class (<code>value</code>, "
    "<code>name</code>); <code>split</code> (train, suggested, validation, calibration, test, or dropped for "
    "lying too near to the test; with folds a word for each); the <code>fold</code> that tests its ground; "
    "the number of the polygon or block that was kept on one side (<code>cluster</code>); and how many "
    "labelled pixels it stands for (<code>weight</code>). Given back as SAMPLES with CLASS_FIELD=value, "
    "NAME_FIELD=name, SPLIT=field and SPLIT_FIELD=split, the layer repeats the same split."
)
_DEFINITION = QgsProcessingParameterFeatureSource("SOURCE")
_INTEGER, _REAL, _TEXT = QMetaType.Type.Int, QMetaType.Type.Double, QMetaType.Type.QString
_FIELDS = (
    ("value", _INTEGER),
    ("name", _TEXT),
    ("split", _TEXT),
    ("fold", _INTEGER),
    (CLUSTER, _INTEGER),
    (WEIGHT, _REAL),
)


def samples_output_parameter() -> QgsProcessingParameterFeatureSink:
    """Return the parameter OUTPUT_SAMPLES, which is off by default."""
    return QgsProcessingParameterFeatureSink(
        OUTPUT_SAMPLES,
        tr("Samples and their split"),
        Qgis.ProcessingSourceType.VectorPoint,
        optional=True,
        createByDefault=False,
    )


def check_samples_output(parameters: dict[str, Any], context: QgsProcessingContext) -> None:
    """Refuse a file that cannot be written, or that is read from.

    Raises:
        OutputError: Its ending is no vector format, its folder is missing or read-only, or it is
            one of the sample layers.
    """
    if given_path(parameters.get(OUTPUT_SAMPLES), context):
        inputs = [_file(value, context) for value in sample_values(parameters)]
        check_vector_output(OUTPUT_SAMPLES, parameters, context, inputs)


def check_vector_output(
    name: str, parameters: dict[str, Any], context: QgsProcessingContext, inputs: Sequence[str] = ()
) -> None:
    """Check the file of a vector output before any work.

    Args:
        name: Name of the parameter.
        parameters: Parameters of the run.
        context: Context of the run.
        inputs: Files that the run reads.

    Raises:
        OutputError: The ending is not that of a vector format, the folder is missing or read-only, or the
            file is one of the inputs.
    """
    path = given_path(parameters.get(name), context)
    # memory:, ogr:dbname='…' or postgres: are for QGIS to judge.
    if not path or ":" in Path(path).name:
        return
    suffixes = [f".{ending}" for ending in QgsVectorFileWriter.supportedFormatExtensions()]
    check_files([Output(absolute(path), suffixes)], inputs)


def write_sample_layer(
    algorithm: QgsProcessingAlgorithm,
    records: Path,
    crs: QgsCoordinateReferenceSystem,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> str:
    """Write the records, see ``core.samples.records``, to OUTPUT_SAMPLES and return the layer's id.

    Raises:
        QgsProcessingException: The layer cannot be written; QGIS says why.
    """
    layer = write_point_layer(algorithm, OUTPUT_SAMPLES, _FIELDS, records, crs, parameters, context)
    style_split(layer, "split", context, feedback)
    return layer


def _file(value: Any, context: QgsProcessingContext) -> str:
    """Return the file behind a layer, empty where there is none."""
    layer = QgsProcessingParameters.parameterAsVectorLayer(_DEFINITION, value, context)
    if layer is None:
        return ""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    return str(parts.get("path") or "")
