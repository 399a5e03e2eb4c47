"""One set-up at a time: of two at once, each would clear away what the other makes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import SetupError


@contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Let nobody else set up ``folder`` meanwhile, neither another QGIS nor another run of this one.

    The lock is the system's, on a file beside the folder, and ends with the process, however that ends.

    Raises:
        SetupError: Somebody is setting it up.
        OSError: The file cannot be made.
    """
    path = folder.with_name(f"{folder.name}.in-use")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if _is_taken(descriptor):
            raise SetupError(
                "The environment is being set up already",
                where=str(folder),
                advice="Wait until the other run of 'Set up the environment' is over, also in another QGIS.",
            )
        yield
    finally:
        os.close(descriptor)


def _is_taken(descriptor: int) -> bool:
    """Lock the file until it is closed; say whether somebody else has."""
    try:
        _lock(descriptor)
    except (BlockingIOError, PermissionError):
        return True
    except OSError:
        # Some drives in a network know no locks: a profile there can be set up all the same.
        return False
    return False


def _lock(descriptor: int) -> None:
    """Lock the file.

    Raises:
        BlockingIOError: It is locked.
        PermissionError: The same, on Windows and some drives in a network.
        OSError: The drive knows no locks.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
