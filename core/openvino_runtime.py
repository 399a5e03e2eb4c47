"""OpenVINO (https://docs.openvino.ai), an optional package that is imported only where it is used.

>>> if is_installed():
...     compiled = openvino_core().compile_model(model, "CPU")
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import cache
from typing import Any


def is_installed() -> bool:
    """Return whether OpenVINO is installed."""
    return importlib.util.find_spec("openvino") is not None


@cache
def openvino_module() -> Any:
    """Import OpenVINO without its telemetry package, which OpenVINO and NNCF do not require."""
    for name in ("openvino_telemetry", "openvino_telemetry.backend"):
        sys.modules[name] = None  # type: ignore[assignment]
    importlib.import_module("openvino.preprocess")
    return importlib.import_module("openvino")


@cache
def openvino_core() -> Any:
    """Return OpenVINO's runtime, one for the process."""
    return openvino_module().Core()
