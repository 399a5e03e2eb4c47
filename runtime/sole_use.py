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
        try:
            _lock(descriptor)
        except OSError as error:
            raise SetupError(
                "The environment is being set up already",
                where=str(folder),
                advice="Wait until the other run of 'Set up the environment' is over, also in another QGIS.",
            ) from error
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock the file until it is closed.

    Raises:
        OSError: It is locked.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
