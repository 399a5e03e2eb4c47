"""How much memory this computer has."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

# What a container may use, in bytes or "max"; version 2 of Linux's control groups.
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


def physical_memory() -> int:
    """Return the bytes of memory that this computer, or the container it runs in, has."""
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
    # Only Windows has it, and type checkers elsewhere do not know it.
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.total)
