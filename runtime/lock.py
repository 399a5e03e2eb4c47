"""Lock of an environment folder, so that only one set-up runs at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import SetupError


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Lock an environment folder against set-ups of this and of other QGIS processes.

    It is a file lock of the system on a file beside the folder, which ends with the process.

    Args:
        folder: Folder of the environment.

    Raises:
        SetupError: Another set-up is running.
        OSError: The lock file cannot be created.
    """
    path = folder.with_name(f"{folder.name}.in-use")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _try_lock(descriptor):
            raise SetupError(
                "The environment is already being set up",
                where=str(folder),
                advice="Wait for the end of the other 'Set up the environment', perhaps in another QGIS.",
            )
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    """Lock a file until it is closed; return False if another process has locked it."""
    try:
        lock_file(descriptor)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        # Some network drives have no locks. A profile there can be set up without one.
        return True
    return True


def lock_file(descriptor: int) -> None:
    """Lock a file.

    Raises:
        BlockingIOError: The file is locked.
        PermissionError: The file is locked, on Windows and some network drives.
        OSError: The drive has no locks.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
