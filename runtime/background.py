"""The one thread that talks to child processes.

QGIS runs each algorithm in a thread of its own that ends with it, and asyncio's processes belong
to the loop that started them. So one loop lives for as long as QGIS does.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from asyncio.subprocess import PIPE, Process
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

Value = TypeVar("Value")

_CREATE_NO_WINDOW = 0x08000000
_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def background_loop() -> asyncio.AbstractEventLoop:
    """Return the loop, started on first use; its thread ends with the process."""
    global _loop
    with _lock:
        if _loop is None:
            # Made by hand, as another plugin may have changed the policy.
            if sys.platform == "win32":
                _loop = asyncio.ProactorEventLoop()
            else:
                _loop = asyncio.SelectorEventLoop()
            threading.Thread(target=_loop.run_forever, name="deep_land_cover", daemon=True).start()
        return _loop


def submit(coroutine: Coroutine[Any, Any, Value]) -> Future[Value]:
    """Start ``coroutine`` in the background thread."""
    return asyncio.run_coroutine_threadsafe(coroutine, background_loop())


async def start_child(
    arguments: Sequence[str], environment: Mapping[str, str], *, with_input: bool, merge_errors: bool
) -> Process:
    """Start a process with pipes, in a process group of its own and without a console window.

    Args:
        arguments: The program and its arguments.
        environment: All of its environment variables.
        with_input: Keep its stdin open for writing; else it is empty.
        merge_errors: Send its stderr to stdout.

    Raises:
        OSError: The program cannot be started.
    """
    flags: dict[str, Any]
    if sys.platform == "win32":
        flags = {"creationflags": _CREATE_NO_WINDOW}
    else:
        # Ctrl+C in QGIS's terminal does not reach it, and its own children can be killed with it.
        flags = {"start_new_session": True}
    return await asyncio.create_subprocess_exec(
        *arguments,
        stdin=PIPE if with_input else asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT if merge_errors else PIPE,
        env=dict(environment),
        limit=2**30,  # the longest line; asyncio's own limit of 64 KiB is too short for a message
        **flags,
    )


def kill_child(process: Process) -> None:
    """End ``process`` and the children of its group at once; harmless when it is gone."""
    if sys.platform == "win32":
        with suppress(OSError):
            process.kill()
        return
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


async def exit_code(process: Process, patience: float) -> int:
    """Wait for ``process`` to end and return its exit code; kill it after ``patience`` seconds.

    The code is polled because ``Process.wait`` of some Python versions waits for all who hold the
    pipes, which may be a grandchild.
    """
    deadline = asyncio.get_running_loop().time() + patience
    while process.returncode is None:
        if asyncio.get_running_loop().time() > deadline:
            kill_child(process)
            deadline = float("inf")
        await asyncio.sleep(0.02)
    kill_child(process)
    return process.returncode
