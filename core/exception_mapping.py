"""Mapping of exceptions to messages for users.

Errors of ``core.errors`` are not changed. Failures of the computer (memory, disk, a package that does not
load) get their own message. Any other exception is reported as a fault of this program. All but the first
come with a traceback for the log.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Iterator

from .errors import LandCoverError, OutputError, SetupError, WorkerError
from .messages import Error

# Phrases of the system, GDAL and PyTorch, in lower case.
_DISK_FULL = (
    "no space left on device",
    "not enough space on the disk",
    "free disk space available",  # GDAL, before it writes a large TIFF
    "disk quota exceeded",
)
_MEMORY_FULL = ("can't allocate memory", "not enough memory", "unable to allocate", "cannot allocate memory")
_GPU_MEMORY_FULL = ("cuda out of memory", "cuda error: out of memory", "mps backend out of memory")


def describe_failure(run_id: str, error: BaseException) -> Error:
    """Return the message to the parent on an exception.

    Args:
        run_id: Id of the run.
        error: Exception that ended it.
    """
    mapped = user_error(error)
    details = "" if mapped is error else "".join(traceback.format_exception(error))
    return Error(run_id, mapped.kind, mapped.what, mapped.where, mapped.advice, details)


def user_error(error: BaseException) -> LandCoverError:
    """Return an exception itself if it is an error for users, otherwise the error that it is mapped to."""
    if isinstance(error, LandCoverError):
        return error
    for item in _chain(error):
        mapped = _machine_error(item)
        if mapped:
            return mapped
    if isinstance(error, OSError) and error.filename and error.strerror:
        return LandCoverError(
            "A file cannot be used: {reason}",
            where=str(error.filename),
            advice="Check that it exists, that no other program has it open and that you may use it.",
            reason=error.strerror,
        )
    return WorkerError(
        "An unexpected error occurred: {first_line}",
        advice="This is a fault of Deep Land Cover. Please report it with the lines in the log.",
        first_line=_first_line(error),
    )


def is_memory_failure(error: BaseException) -> bool:
    """Return whether an exception was caused by a lack of memory, of the computer or the GPU."""
    return any(_is_memory_full(item) or _is_gpu_memory_full(item) for item in _chain(error))


def _machine_error(error: BaseException) -> LandCoverError | None:
    if _is_disk_full(error):
        place = error.filename if isinstance(error, OSError) else None
        return OutputError(
            "The disk is full",
            where=str(place or ""),
            advice="Free some space or choose an output folder on another disk.",
        )
    if _is_gpu_memory_full(error):
        return WorkerError(
            "The memory of the GPU is full",
            advice="Choose a smaller BATCH_SIZE or DEVICE=cpu, or close other programs that use the GPU.",
        )
    if _is_memory_full(error):
        return WorkerError(
            "The memory of the computer is full",
            advice="Choose a smaller BATCH_SIZE or extent, or close other programs.",
        )
    if _is_load_failure(error):
        return SetupError(
            "A package of the environment does not load: {first_line}",
            advice="Run 'Set up the environment' (deeplandcover:setupenvironment). On Windows, also install "
            "the latest Microsoft Visual C++ Redistributable.",
            first_line=_first_line(error),
        )
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and its causes, because libraries wrap the error of the system in their own."""
    seen: set[int] = set()
    item: BaseException | None = error
    while item is not None and id(item) not in seen:
        seen.add(id(item))
        yield item
        item = item.__cause__ or item.__context__


def _is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return _contains(error, _DISK_FULL)


def _is_memory_full(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return isinstance(error, RuntimeError) and _contains(error, _MEMORY_FULL)


def _is_gpu_memory_full(error: BaseException) -> bool:
    # Compared by name, so that PyTorch is not imported for a task that does not use it.
    return type(error).__name__ == "OutOfMemoryError" or _contains(error, _GPU_MEMORY_FULL)


def _is_load_failure(error: BaseException) -> bool:
    # WinError 1114 and 126: a DLL of a library, or one that it needs, cannot be loaded.
    return isinstance(error, ImportError) or getattr(error, "winerror", None) in (1114, 126)


def _contains(error: BaseException, phrases: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(phrase in text for phrase in phrases)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300].rstrip('.')}" if lines else type(error).__name__
