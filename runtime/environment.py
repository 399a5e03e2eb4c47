"""The environment variables of a child: the user's, without those that QGIS set for itself."""

from __future__ import annotations

from collections.abc import Mapping

_DROPPED_PREFIXES = ("PYTHON", "PROJ_", "GDAL_", "QGIS_", "DYLD_", "VIRTUAL_ENV")
"""Each would bend the child's Python, or point its libraries at QGIS's data or plugins.

Proxies, PIP_*, CUDA_*, and what names credentials (AWS_*, CPL_*, AZURE_*, ...) stay.
"""
_DROPPED_NAMES = ("LD_LIBRARY_PATH", "LD_PRELOAD", "__PYVENV_LAUNCHER__", "PROJ_LIB")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` as a child of QGIS may have it.

    Names are compared without regard to case, as Windows does.
    """
    return {name: value for name, value in environment.items() if not _is_dropped(name.upper())}


def _is_dropped(name: str) -> bool:
    return name in _DROPPED_NAMES or name.startswith(_DROPPED_PREFIXES)
