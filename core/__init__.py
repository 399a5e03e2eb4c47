"""Computing core: everything that runs in the worker process. It does not import QGIS."""

from __future__ import annotations

import importlib.metadata
from functools import cache
from pathlib import Path

_PLUGIN_METADATA = Path(__file__).parent.parent / "metadata.txt"


@cache
def plugin_version() -> str:
    """Return the version of the plugin, or of the package if pip installed it; ``unknown`` without one."""
    if not _PLUGIN_METADATA.exists():
        return importlib.metadata.version("deep-land-cover")
    lines = _PLUGIN_METADATA.read_text(encoding="utf-8").splitlines()
    versions = (line.partition("=")[2].strip() for line in lines if line.startswith("version="))
    return next(versions, "unknown")
