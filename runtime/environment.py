"""The environment variables of a child: the user's, without those that QGIS set for itself."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping

from .cache import cache_variables
from .settings import RuntimeSettings

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


_KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(512 * 2**20),
    "MALLOC_TOP_PAD_": str(64 * 2**20),
}
"""A network's layers take and free megabytes thousands of times a second. By default each piece goes back to
the system, which has to fill it with zeros again: a fifth of the time of a classification on two cores.
32 MB is the most that https://man7.org/linux/man-pages/man3/mallopt.3.html allows for the first."""


_YIELD = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Threads of OpenMP that wait for each other sleep. By default they spin, and where other programs have
the processors (QGIS draws, another run) they spin on those that the others would need: growing boosted
trees then took twice as long and longer, up to fifty times (two busy cores of an AMD EPYC)."""


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` as a child of QGIS may have it.

    Names are compared without regard to case, as Windows does.
    """
    return {name: value for name, value in environment.items() if not _is_dropped(name.upper())}


def worker_environment(environment: Mapping[str, str], libc: str = platform.libc_ver()[0]) -> dict[str, str]:
    """Return ``environment`` as the worker may have it, with what suits many small pieces of work.

    Args:
        environment: Of QGIS. What the user has set of these things stays.
        libc: Which C library there is; only GNU's knows the settings.
    """
    kept = _KEEP_MEMORY if libc == "glibc" else {}
    return kept | _YIELD | clean_environment(environment)


def worker_variables(settings: RuntimeSettings) -> dict[str, str]:
    """Return what the settings add to a worker's environment; other settings take another worker.

    Raises:
        SetupError: The cache folder cannot be written.
    """
    # OpenMP's is the number that PyTorch, scikit-learn and OpenVINO go by here.
    threads = {"OMP_NUM_THREADS": str(settings.threads)} if settings.threads else {}
    return cache_variables(settings, os.environ) | threads


def _is_dropped(name: str) -> bool:
    if name in _KEPT_NAMES or name.startswith(_KEPT_PREFIXES):
        return False
    return name in _DROPPED_NAMES or name.startswith(_DROPPED_PREFIXES)
