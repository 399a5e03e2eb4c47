"""Environment variables of child processes: those of the user, without those that QGIS sets for itself."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping

from .cache import cache_variables
from .settings import RuntimeSettings

_DROPPED_PREFIXES = ("PYTHON", "PROJ_", "GDAL_", "QGIS_", "DYLD_", "VIRTUAL_ENV")
"""Prefixes of variables that would change the child's Python, or make its libraries use data of QGIS.

Proxies, PIP_*, CUDA_* and credentials (AWS_*, CPL_*, AZURE_*, …) are kept.
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
"""Variables of GDAL for servers and resources, which are kept."""
_DROPPED_NAMES = ("LD_LIBRARY_PATH", "LD_PRELOAD", "__PYVENV_LAUNCHER__", "PROJ_LIB")


_MALLOC_VARIABLES = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(512 * 2**20),
    "MALLOC_TOP_PAD_": str(64 * 2**20),
}
"""Settings of glibc's malloc that keep freed memory in the process.

The layers of a network allocate and free megabytes thousands of times per second. By default, each block is
returned to the system, which fills it with zeros again: a fifth of the time of a classification on two cores.
32 MiB is the largest MMAP_THRESHOLD (https://man7.org/linux/man-pages/man3/mallopt.3.html).
"""


_OPENMP_VARIABLES = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Settings of OpenMP that make waiting threads sleep.

By default they spin, also on cores that other programs need (QGIS, another run). The training of boosted
trees then took two to fifty times as long (two busy cores of an AMD EPYC).
"""


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables for a child process.

    Names are compared without regard to case, as on Windows.

    Args:
        environment: Environment variables of QGIS.
    """
    return {name: value for name, value in environment.items() if not _is_dropped(name.upper())}


def worker_environment(environment: Mapping[str, str], libc: str = platform.libc_ver()[0]) -> dict[str, str]:
    """Return the environment variables for the worker, with settings of malloc and OpenMP.

    Args:
        environment: Environment variables of QGIS, which take precedence.
        libc: Name of the C library. Only glibc has the settings of malloc.
    """
    malloc = _MALLOC_VARIABLES if libc == "glibc" else {}
    return malloc | _OPENMP_VARIABLES | clean_environment(environment)


def worker_variables(settings: RuntimeSettings) -> dict[str, str]:
    """Return the environment variables that the settings add for a worker.

    Raises:
        SetupError: The cache folder cannot be written.
    """
    # PyTorch, scikit-learn and OpenVINO all use the number of threads of OpenMP here.
    threads = {"OMP_NUM_THREADS": str(settings.threads)} if settings.threads else {}
    return cache_variables(settings, os.environ) | threads


def _is_dropped(name: str) -> bool:
    if name in _KEPT_NAMES or name.startswith(_KEPT_PREFIXES):
        return False
    return name in _DROPPED_NAMES or name.startswith(_DROPPED_PREFIXES)
