"""The environment variables of a child: the user's, without those that QGIS set for itself."""

from __future__ import annotations

from collections.abc import Mapping

_DROPPED_PREFIXES = ("PYTHON", "PROJ_", "GDAL_", "QGIS_", "DYLD_", "VIRTUAL_ENV")
"""Each would bend the child's Python, or point its libraries at QGIS's data or plugins.

Proxies, PIP_*, CUDA_*, and what names credentials (AWS_*, CPL_*, AZURE_*, ...) stay.
"""
_KEPT_PREFIXES = ("GDAL_HTTP_", "GDAL_HTTPS_")
_KEPT_NAMES = (
    "GDAL_CACHEMAX",
    "GDAL_CURL_CA_BUNDLE",
    "GDAL_DISABLE_READDIR_ON_OPEN",
    "GDAL_INGESTED_BYTES_AT_OPEN",
    "GDAL_NUM_THREADS",
    "GDAL_PROXY_AUTH",
)
"""Of GDAL's, these and the prefixes say how to reach servers and how much to use, not where its files are."""
_DROPPED_NAMES = ("LD_LIBRARY_PATH", "LD_PRELOAD", "__PYVENV_LAUNCHER__", "PROJ_LIB")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` as a child of QGIS may have it.

    Names are compared without regard to case, as Windows does.
    """
    return {name: value for name, value in environment.items() if not _is_dropped(name.upper())}


def _is_dropped(name: str) -> bool:
    if name in _KEPT_NAMES or name.startswith(_KEPT_PREFIXES):
        return False
    return name in _DROPPED_NAMES or name.startswith(_DROPPED_PREFIXES)
