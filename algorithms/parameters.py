"""Parameters that several algorithms have."""

from __future__ import annotations

import re
from typing import Any

from qgis.core import NULL, QgsProcessingFeatureSourceDefinition, QgsProcessingParameterString, QgsProperty

from ..core.errors import ParameterError

DEVICE_HELP = (
    "What computes: <code>auto</code> takes the GPU where one works, else the processor; <code>cpu</code>; "
    "<code>cuda</code> (NVIDIA) or a certain one such as <code>cuda:1</code>; <code>mps</code> (Apple)."
)
_DEVICES = ("auto", "cpu", "cuda", "cuda:1", "mps")
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


def device_parameter() -> QgsProcessingParameterString:
    """Return the parameter DEVICE.

    It is text with suggestions instead of an enumeration, because GPUs are numbered.
    """
    parameter = QgsProcessingParameterString("DEVICE", "Device", defaultValue="auto")
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
    value = parameters.get(name)
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    if isinstance(value, QgsProperty):
        return value.isActive() and value.asExpression() not in ("", "''")
    return value is not None and value != NULL and value != ""
