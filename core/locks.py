"""Locks between processes, which end with the process that holds them.

::

    with writing(Path("map.tif")):
        write()  # a second run that writes map.tif stops with an error
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import OutputError

_WITHOUT = -1
_ATTEMPTS = 50


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Reserve a file for this run while the block runs, against runs of this and of other processes.

    The lock is an empty file in the folder of temporary files of this user, so that nothing is left beside
    the output. Runs of other users and of other computers on a shared drive are not seen.

    Args:
        path: Path of the file that is written.

    Raises:
        OutputError: Another run is writing the file.
    """
    lock = _lock_of(path)
    descriptor = _locked(lock)
    if descriptor is None:
        raise OutputError(
            "Another run is writing this file",
            where=str(path),
            advice="Wait for its end, or choose another name.",
        )
    try:
        yield
    finally:
        _remove(lock, descriptor)


def use(folder: Path) -> None:
    """Mark a folder as used by this process until it ends, see ``is_used``.

    Args:
        folder: Folder of a Python environment.
    """
    lock = _lock_of(folder)
    _count_users(lock)
    # Another process may just be looking whether this one has ended.
    for _ in range(_ATTEMPTS):
        if _locked(lock.with_suffix(f".{os.getpid()}")) is not None:
            return
        time.sleep(0.01)


def is_used(folder: Path) -> bool:
    """Return whether a process of this user uses a folder, see ``use``.

    Args:
        folder: Folder of a Python environment, which may not exist.
    """
    return _count_users(_lock_of(folder)) > 0


def _count_users(lock: Path) -> int:
    """Return the number of processes that use a folder, and remove the locks of those that have ended."""
    users = 0
    for path in sorted(lock.parent.glob(f"{lock.name}.*")):
        descriptor = _locked(path)
        if descriptor is None:
            users += 1
        else:
            _remove(path, descriptor)
    return users


def _lock_of(path: Path) -> Path:
    """Return the path of the lock of a file or folder."""
    name = hashlib.sha256(os.fsencode(os.path.normcase(path.resolve()))).hexdigest()[:32]
    user = os.getuid() if sys.platform != "win32" else ""
    return Path(tempfile.gettempdir(), f"deep-land-cover-locks{user}", name)


def _locked(lock: Path) -> int | None:
    """Return the descriptor of a locked file, None where another run has locked it.

    A folder of temporary files that cannot be written does not stop a run, which is then ``_WITHOUT`` a lock.
    """
    try:
        lock.parent.mkdir(mode=0o700, exist_ok=True)
        while True:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            if not try_lock(descriptor):
                os.close(descriptor)
                return None
            # A run that ended between the two lines above has removed the file.
            try:
                if os.path.samestat(os.fstat(descriptor), lock.stat()):
                    return descriptor
            except FileNotFoundError:
                pass
            os.close(descriptor)
    except OSError:
        return _WITHOUT


def _remove(lock: Path, descriptor: int) -> None:
    if descriptor == _WITHOUT:
        return
    if sys.platform == "win32":
        # Windows removes no open file, so that one which another run has opened meanwhile stays.
        os.close(descriptor)
        with suppress(OSError):
            lock.unlink()
    else:
        # While it is locked, nobody else has it.
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Lock a file until it is closed; return False if it is locked already.

    On a drive without locks, such as some network drives, the answer is True.

    Args:
        descriptor: Descriptor of the open file.
    """
    try:
        lock_file(descriptor)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def lock_file(descriptor: int) -> None:
    """Lock a file until it is closed.

    Args:
        descriptor: Descriptor of the open file.

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
