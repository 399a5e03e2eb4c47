"""Computing core: everything that runs in the worker process. It does not import QGIS."""

from __future__ import annotations

import importlib.metadata
from functools import cache
from pathlib import Path

_PLUGIN_METADATA = Path(__file__).parent.parent / "metadata.txt"


@cache
def plugin_version() -> str:
    """Return the version, from the plugin's metadata or, where it was installed by pip, from pip's."""
    if not _PLUGIN_METADATA.exists():
        return importlib.metadata.version("deep-land-cover")
    lines = _PLUGIN_METADATA.read_text(encoding="utf-8").splitlines()
    found = (line.partition("=")[2].strip() for line in lines if line.startswith("version="))
    return next(found, "unknown")
