"""Parameters DEVICE and PRECISION, and their defaults in the settings."""

from __future__ import annotations

import re
import sys
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingParameterString

from ...core.errors import ParameterError
from ..i18n.translation import tr
from .common import add_widget_options, titled
from .settings import (
    AUTO,
    DEVICE_SETTING,
    DEVICES,
    default_device,
    default_precision,
)

DEVICE_HELP = (
    "Processor or GPU that computes. <code>auto</code>: the default device of the plugin's settings, or a "
    "GPU where there is one; <code>cpu</code>; <code>cuda</code> (NVIDIA) or one of several GPUs such as "
    "<code>cuda:1</code>; <code>mps</code> (Apple); <code>gpu</code>: cuda or mps."
)
DEVICE_DETAILS = "With <code>cuda</code>, several GPUs of one kind share the tiles of a map."
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


def device_parameter() -> QgsProcessingParameterString:
    """Return the parameter DEVICE.

    It is text with suggestions instead of an enumeration, because GPUs are numbered.
    """
    parameter = QgsProcessingParameterString("DEVICE", tr("Device"), defaultValue=AUTO)
    add_widget_options(parameter, {"value_hints": list(DEVICES)})
    return titled(parameter)


def chosen_device(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> str:
    """Return the device to compute on; whether it is there, the worker finds out.

    Raises:
        ParameterError: It has no form that names of devices have.
    """
    name, source = algorithm.parameterAsString(parameters, "DEVICE", context).strip().lower(), "DEVICE"
    if name == AUTO:
        name, source = default_device().lower(), DEVICE_SETTING
    if name == "gpu":
        # As other programs call it: the one kind of GPU that the system may have.
        name = "mps" if sys.platform == "darwin" else "cuda"
    if not _DEVICE.fullmatch(name):
        raise ParameterError(
            "There is no device {name!r}",
            where=source,
            advice="Use one of: {devices}.",
            name=name,
            devices=", ".join(DEVICES),
        )
    return name


def chosen_precision(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> str:
    """Return the precision to compute in.

    Raises:
        ParameterError: The settings hold one that is none.
    """
    chosen = algorithm.parameterAsEnumString(parameters, "PRECISION", context)
    return default_precision() if chosen == AUTO else chosen
