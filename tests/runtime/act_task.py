"""A task that does what a test asks for; the tests put it into a copy of the package."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .. import errors
from ..progress import Progress


@dataclass(frozen=True)
class ActRequest:
    action: str
    text: str = ""
    path: str = ""
    count: int = 0


@dataclass(frozen=True)
class ActResult:
    pid: int
    text: str = ""
    values: dict[str, str] | None = None


def run(request: ActRequest, progress: Progress) -> ActResult:
    outcome = globals()[f"do_{request.action}"](request, progress)
    if isinstance(outcome, ActResult):
        return outcome
    return ActResult(os.getpid(), outcome or "")


def do_echo(request, progress):
    """Say the text as often as asked for, and note it in the file at ``path``."""
    if request.path:
        with Path(request.path).open("a", encoding="utf-8") as file:
            file.write(f"{request.text}\n")
    for number in range(request.count):
        progress.update((number + 1) / request.count, f"{request.text} {number + 1}")
    progress.log(f"heard {request.text}")
    return request.text


def do_steps(request, progress):
    """Count at leisure, until the file at ``path`` is there."""
    number = 0
    deadline = time.monotonic() + 30
    while not Path(request.path).exists() and time.monotonic() < deadline:
        number += 1
        progress.update(0.5, f"{request.text} {number}")
        progress.check_cancelled()
        time.sleep(0.02)
    return request.text


def do_last_text(request, progress):
    """Say three things at once, then nothing for as long as the test likes."""
    for number in range(3):
        progress.update(number / 3, f"part {number}")
    return do_quiet(request, progress)


def do_quiet(request, progress):
    deadline = time.monotonic() + 30
    while not Path(request.path).exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def do_polite(request, progress):
    """Work until cancelled, and clear up."""
    part = Path(request.path)
    part.write_text("partial")
    progress.temporary(str(part))
    progress.log(f"pid {os.getpid()}")
    try:
        while True:
            progress.check_cancelled()
            time.sleep(0.01)
    finally:
        part.unlink()


def do_deaf(request, progress):
    """Work and never look whether it was cancelled."""
    Path(request.path).write_text("partial")
    progress.temporary(request.path)
    progress.log(f"pid {os.getpid()}")
    time.sleep(60)


def do_c_sleep(request, progress):
    progress.log(f"pid {os.getpid()}")
    ctypes.CDLL(None).sleep(60)
    Path(request.path).write_text("the call came to its end")


def do_torch(request, progress):
    import torch

    matrix = torch.rand(4000, 4000, dtype=torch.float64)
    progress.log(f"pid {os.getpid()}")
    torch.linalg.svd(matrix)
    Path(request.path).write_text("the call came to its end")


def do_print(request, progress):
    print("from Python")
    sys.stdout.flush()
    os.write(1, b'{"type": "result", "id": "x", "values": {}}\nfrom the descriptor\n')
    libc = ctypes.CDLL(None)
    libc.puts(b"from C")
    libc.fflush(None)
    sys.__stdout__.write("from the original\n")
    # Among the messages, this would spoil the next one.
    os.write(1, b"an unfinished line")
    progress.log("told after all that")
    return repr(sys.stdin.read())


def do_flood(request, progress):
    for _ in range(request.count):
        os.write(2, b"x" * 1000 + b"\n")
    os.write(2, b"y" * 1_000_000)
    return "done"


def do_long(request, progress):
    progress.log("z" * request.count)
    return "z" * request.count


def do_environment(request, progress):
    import json

    import numpy

    about = {
        "path": json.dumps(sys.path),
        "json": json.__file__,
        "numpy": str(numpy.__file__),
        "isolated": str(sys.flags.isolated),
        "utf8": str(sys.flags.utf8_mode),
        "cwd": os.getcwd(),
    }
    return ActResult(
        os.getpid(), "", {**dict(os.environ), **{f"@{key}": value for key, value in about.items()}}
    )


def do_raise(request, progress):
    name = request.text
    if name in dir(errors):
        raise getattr(errors, name)("It happened", where="dort, ü", advice="Do this.")
    if name == "disk":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), request.path)
    if name == "exit":
        sys.exit(3)
    if name == "interrupt":
        raise KeyboardInterrupt
    if name == "memory":
        raise MemoryError
    raise ValueError("odd, 奇")


def do_unspeakable(request, progress):
    return ActResult(os.getpid(), object())


def do_die(request, progress):
    Path(request.path).write_text("partial")
    progress.temporary(request.path)
    os.write(2, "letzte Worte, ü\n".encode())
    if request.count < 0:
        os.kill(os.getpid(), -request.count)
        time.sleep(60)
    if request.text == "crash":
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
        ctypes.string_at(0)
    os._exit(request.count)


def do_fork(request, progress):
    """Leave a forked child behind that holds whatever it inherited."""
    pid = os.fork()
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    progress.log(f"child {pid}")
    os.kill(os.getpid(), signal.SIGKILL)
