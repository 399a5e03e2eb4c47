"""Folders that are locked against other processes.

``exclusive_lock`` lets only one set-up of an environment run at a time. ``temporary_folder`` holds unfinished
files, and its lock tells the folder of a running process from one that a killed process left behind.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import SetupError
from ..core.locks import lock_file, try_lock

_LOCK, _FILES = "lock", "files"


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
        if not try_lock(descriptor):
            raise SetupError(
                "The environment is already being set up",
                where=str(folder),
                advice="Wait for the end of the other 'Set up the environment', perhaps in another QGIS.",
            )
        yield
    finally:
        os.close(descriptor)


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Make a folder for unfinished files, and remove it with its content at the end.

    Folders of the same prefix that killed processes left behind are removed, too.

    Args:
        parent: Folder to make it in.
        prefix: First letters of its name.

    Raises:
        OSError: The folder cannot be created.
    """
    _remove_abandoned(parent, prefix)
    root, descriptor = _make_locked(parent, prefix)
    try:
        folder = root / _FILES
        folder.mkdir()
        yield folder
    finally:
        # Windows removes no open file.
        os.close(descriptor)
        shutil.rmtree(root, ignore_errors=True)


def _make_locked(parent: Path, prefix: str) -> tuple[Path, int]:
    """Return a new folder and the descriptor of its locked file."""
    while True:
        root = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
        path = root / _LOCK
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            root.rmdir()
            raise
        # Before the lock, another process may take the folder for an abandoned one.
        if try_lock(descriptor) and path.exists():
            return root, descriptor
        os.close(descriptor)


def _remove_abandoned(parent: Path, prefix: str) -> None:
    """Remove folders whose lock no process holds. Any doubt, such as a drive without locks, keeps them."""
    for root in parent.glob(f"{prefix}*"):
        try:
            descriptor = os.open(root / _LOCK, os.O_RDWR)
        except OSError:
            continue
        try:
            lock_file(descriptor)
            shutil.rmtree(root, ignore_errors=True)
        except OSError:
            continue
        finally:
            os.close(descriptor)
        shutil.rmtree(root, ignore_errors=True)
