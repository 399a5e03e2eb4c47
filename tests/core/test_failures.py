"""What libraries raise becomes a sentence with advice."""

from __future__ import annotations

import errno
import os

import pytest

from deep_land_cover.core.errors import (
    LandCoverError,
    OutputError,
    RasterError,
    RunCancelled,
    SetupError,
    WorkerError,
)
from deep_land_cover.core.exception_mapping import describe_failure, is_memory_failure, user_error


def caused(outer, inner):
    try:
        try:
            raise inner
        except type(inner) as error:
            raise outer from error
    except type(outer) as error:
        return error


class OutOfMemoryError(RuntimeError):
    """Named as torch names its own."""


@pytest.mark.parametrize(
    ("error", "leaf", "sentence"),
    [
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/out/map.tif"),
            OutputError,
            "The disk is full (/out/map",
        ),
        (OSError("ZIPFillBuffer: No space left on device"), OutputError, "The disk is full"),
        (
            caused(ValueError("write failed"), OSError(errno.ENOSPC, "x")),
            OutputError,
            "The disk is full",
        ),
        (
            RuntimeError("Free disk space available is 20 bytes, whereas 4096 are at least necessary"),
            OutputError,
            "The disk is full",
        ),
        (MemoryError(), WorkerError, "The memory of the computer is full"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), WorkerError, "The memory of the computer is full"),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:114] DefaultCPUAllocator: can't allocate memory"),
            WorkerError,
            "The memory of the computer is full",
        ),
        (OutOfMemoryError("Tried to allocate 2.00 GiB"), WorkerError, "The memory of the GPU is full"),
        (RuntimeError("CUDA error: out of memory"), WorkerError, "The memory of the GPU is full"),
        (ModuleNotFoundError("No module named 'rasterio'"), SetupError, "No module named 'rasterio'"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x.tif"),
            LandCoverError,
            "Permission denied (/x.tif)",
        ),
        (KeyError("ndvi"), WorkerError, "An unexpected error occurred: KeyError: 'ndvi'"),
        (ZeroDivisionError(), WorkerError, "An unexpected error occurred: ZeroDivisionError. This"),
        (ValueError("first\nsecond"), WorkerError, "ValueError: first. This"),
    ],
)
def test_an_error_becomes_a_sentence(error, leaf, sentence):
    known = user_error(error)
    assert type(known) is leaf
    assert sentence in str(known)
    assert known.advice


def test_a_users_error_stays_itself_without_a_traceback():
    message = describe_failure("7", RasterError("No bands", where="a.tif", advice="Choose another."))
    assert (message.id, message.kind, message.what) == ("7", "RasterError", "No bands")
    assert (message.where, message.advice, message.details) == ("a.tif", "Choose another.", "")


def test_a_users_error_stays_itself_whatever_caused_it():
    assert describe_failure("7", caused(RasterError("Broken"), MemoryError())).kind == "RasterError"


def test_a_cancel_is_a_cancel():
    assert describe_failure("7", RunCancelled()).kind == "RunCancelled"


def test_a_fault_of_ours_carries_its_traceback():
    details = describe_failure("7", caused(ValueError("outer"), KeyError("inner"))).details
    assert "KeyError: 'inner'" in details and "ValueError: outer" in details


def test_memory_failures_are_known_also_where_they_are_the_cause():
    assert is_memory_failure(caused(RasterError("Broken"), MemoryError()))
    assert is_memory_failure(RuntimeError("CUDA out of memory. Tried to allocate"))
    assert not is_memory_failure(RasterError("Broken"))


@pytest.mark.parametrize("device", ["cpu"])
def test_torch_itself_running_out_of_memory_is_known(device):
    torch = pytest.importorskip("torch")
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**50, device=device)
    assert "The memory of the computer is full" in str(user_error(caught.value))
