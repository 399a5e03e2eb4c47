"""Facts about a run for the worker: the command that repeats it, its input files, and the report language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameters,
    QgsProviderRegistry,
)

from ...core.provenance import RunContext, without_secrets
from ..gate import only_layer
from ..parameters.common import is_given
from ..parameters.dry_run import DRY_RUN

_LAYERS = {"layer", "raster", "source", "vector"}
LANGUAGE = "REPORT_LANGUAGE"


def run_context(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> RunContext:
    """Return what is told of a run to the worker.

    Args:
        algorithm: Algorithm that runs.
        parameters: Parameters of the run.
        context: Context of the run.
    """
    command, _is_whole = algorithm.asQgisProcessCommand(parameters, context)
    inputs = [
        (item.name(), source)
        for item in algorithm.parameterDefinitions()
        if not item.isDestination() and is_given(parameters, item.name())
        for source in _sources(item, parameters, context)
    ]
    is_dry = algorithm.parameterDefinition(DRY_RUN) is not None and algorithm.parameterAsBoolean(
        parameters, DRY_RUN, context
    )
    return RunContext(
        algorithm.id(),
        without_secrets(command),
        tuple(inputs),
        _language(algorithm, parameters, context),
        is_dry,
    )


def sources_of(
    algorithm: QgsProcessingAlgorithm,
    names: Sequence[str],
    parameters: dict[str, Any],
    context: QgsProcessingContext,
) -> tuple[str, ...]:
    """Return the sources of the layers that some parameters mean, in order, with the layer of a container.

    Args:
        algorithm: Algorithm that runs.
        names: Names of the parameters.
        parameters: Parameters of the run.
        context: Context of the run.
    """
    return tuple(
        without_secrets(source)
        for name in names
        if is_given(parameters, name)
        for source in _sources(algorithm.parameterDefinition(name), parameters, context)
    )


def _sources(
    item: QgsProcessingParameterDefinition, parameters: dict[str, Any], context: QgsProcessingContext
) -> list[str]:
    """Return the sources of the layers or files that a parameter means; nothing for other parameters."""
    kind, value = item.type(), parameters[item.name()]
    if kind == "file":
        return [QgsProcessingParameters.parameterAsFile(item, parameters, context)]
    if kind not in _LAYERS and kind != "multilayer":
        return []
    if kind == "multilayer" and item.layerType() == Qgis.ProcessingSourceType.File:
        # QGIS would try to open them as layers of every kind.
        return list(filter(None, QgsProcessingParameters.parameterAsFileList(item, value, context)))
    values = value if isinstance(value, (list, tuple)) else [value]
    if kind == "multilayer":
        layers = QgsProcessingParameters.parameterAsLayerList(item, parameters, context)
    else:
        layers = [_layer(item, part, context) for part in values]
    return [_source(layer) for layer in layers if layer is not None]


def _source(layer: QgsMapLayer) -> str:
    """Return the source of a layer with the name of a GeoPackage's only layer; the name of one in memory."""
    if layer.providerType() == "memory":
        return str(layer.name())
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = parts.get("path") or ""
    if layer.providerType() == "ogr" and not parts.get("layerName"):
        name = only_layer(Path(path))
        return f"{path}|layername={name}" if name else str(layer.source())
    return str(layer.source())


def _layer(
    item: QgsProcessingParameterDefinition, value: Any, context: QgsProcessingContext
) -> QgsMapLayer | None:
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    return QgsProcessingParameters.parameterAsLayer(item, {item.name(): value}, context)


def _language(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> str:
    """Return the language of reports: the user's choice, else QGIS's."""
    if algorithm.parameterDefinition(LANGUAGE) is not None:
        chosen = QgsProcessingParameters.parameterAsEnumString(
            algorithm.parameterDefinition(LANGUAGE), parameters, context
        )
        if chosen and chosen != "auto":
            return str(chosen)
    return str(QgsApplication.locale())
