"""GDAL's settings: cache size, network timeouts, and the memory of this computer.

The same options hold in the worker and, while QGIS opens a raster for this plugin, in QGIS. Light: QGIS
imports this module.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

# Memory limit of a container in bytes, or "max" (Linux control groups, version 2).
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
NETWORK_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        # Seconds. A slow connection is waited for; one that delivers nothing is not.
        "GDAL_HTTP_CONNECTTIMEOUT": "10",
        "GDAL_HTTP_LOW_SPEED_TIME": "30",
        "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
        "GDAL_HTTP_TIMEOUT": "300",
        # For servers that are busy (429, 502, 503, 504) or close the connection.
        "GDAL_HTTP_MAX_RETRY": "2",
        "GDAL_HTTP_RETRY_DELAY": "1",
    }
)
"""GDAL options for HTTP requests. Without them GDAL waits for ever.

Source: https://gdal.org/user/configoptions.html
"""
LISTING_OPTION = "GDAL_DISABLE_READDIR_ON_OPEN"
"""GDAL option that, with ``TRUE``, requests files beside a raster by name instead of listing the folder.

Folders on servers may hold millions of files, or cannot be listed at all.
"""
CACHE_OPTION = "GDAL_CACHEMAX"
CACHE_MEGABYTES = "256"
"""Size of GDAL's block cache in MiB.

GDAL's default, a twentieth of the computer's memory, is 13 GB on a large server.
"""


def physical_memory() -> int:
    """Return the memory of this computer, or of the container that it runs in, in bytes."""
    if sys.platform == "win32":
        return _windows_memory()
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = _CONTAINER_LIMIT.read_text(encoding="ascii").strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdecimal() else total


class _MemoryStatus(ctypes.Structure):
    """``MEMORYSTATUSEX`` of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 6),
    )


def _windows_memory() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    # ctypes has ``windll`` on Windows only, so type checkers elsewhere reject the attribute.
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.total)


def set_gdal_options() -> None:
    """Set cache size and network timeouts for this process, unless the user has set them.

    GDAL reads them from the environment when it first needs them, in any thread.
    """
    for name, value in {CACHE_OPTION: CACHE_MEGABYTES, **NETWORK_OPTIONS}.items():
        os.environ.setdefault(name, value)
