"""Parameters that several algorithms have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from qgis.core import (
    NULL,
    Qgis,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
    QgsProperty,
)

from ..core.errors import ParameterError
from .outputs import absolute
from .translation import tr

MODEL_HELP = "A model that 'Train a land-cover model' has written."
DEVICE_HELP = (
    "What computes: <code>auto</code> takes the GPU where one works, else the processor; <code>cpu</code>; "
    "<code>cuda</code> (NVIDIA) or a certain one such as <code>cuda:1</code>; <code>mps</code> (Apple)."
)
_DEVICES = ("auto", "cpu", "cuda", "cuda:1", "mps")
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


def model_definition() -> QgsProcessingParameterFile:
    """Return the parameter MODEL. Any ending will do: a model is known by its content."""
    return QgsProcessingParameterFile(
        "MODEL",
        tr("Model file"),
        Qgis.ProcessingFileParameterBehavior.File,
        fileFilter="Safetensors (*.safetensors);;All files (*)",
    )


def model_parameter(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Path:
    """Return the whole path that the parameter MODEL gives.

    Raises:
        ParameterError: It gives none.
    """
    path = algorithm.parameterAsFile(parameters, "MODEL", context)
    if not path:
        raise ParameterError("No model was given", where="MODEL", advice="Choose a model file.")
    return Path(absolute(path))


def device_parameter() -> QgsProcessingParameterString:
    """Return the parameter DEVICE.

    It is text with suggestions instead of an enumeration, because GPUs are numbered.
    """
    parameter = QgsProcessingParameterString("DEVICE", tr("Device"), defaultValue="auto")
    parameter.setMetadata({"widget_wrapper": {"value_hints": list(_DEVICES)}})
    return parameter


def check_device_name(name: str) -> None:
    """Refuse what is no name of a device; whether it is there, the worker finds out.

    Raises:
        ParameterError: The name has another form.
    """
    if not _DEVICE.fullmatch(name):
        raise ParameterError(
            f"There is no device {name!r}", where="DEVICE", advice=f"Use one of: {', '.join(_DEVICES)}."
        )


def is_given(parameters: dict[str, Any], name: str) -> bool:
    """Return whether an optional parameter has a value."""
    return bool(value_text(parameters.get(name)))


def value_text(value: Any) -> str:
    """Return a layer's or a file's value as the user would write it, for messages; empty for none."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    if isinstance(value, QgsProperty):
        value = (
            value.staticValue() if value.propertyType() == Qgis.PropertyType.Static else value.asExpression()
        )
    if isinstance(value, QgsMapLayer):
        return value.name() or value.id()
    return "" if value is None or value == NULL else str(value)
