"""Background thread with an asyncio event loop, which starts and reads all child processes.

QGIS runs each algorithm in a thread that ends with it, and asyncio's processes belong to the loop that
started them. One loop therefore runs for as long as QGIS.

>>> submit(start_child(["python", "--version"], environment, with_input=False, merge_errors=True)).result()
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
    """Return the event loop. It starts on first use, and its thread ends with the process."""
    global _loop
    with _lock:
        if _loop is None:
            # Created explicitly, because another plugin may have changed asyncio's policy.
            if sys.platform == "win32":
                _loop = asyncio.ProactorEventLoop()
            else:
                _loop = asyncio.SelectorEventLoop()
            threading.Thread(target=_loop.run_forever, name="deep_land_cover", daemon=True).start()
        return _loop


def submit(coroutine: Coroutine[Any, Any, Value]) -> Future[Value]:
    """Start a coroutine in the background thread and return its future."""
    return asyncio.run_coroutine_threadsafe(coroutine, background_loop())


async def start_child(
    arguments: Sequence[str], environment: Mapping[str, str], *, with_input: bool, merge_errors: bool
) -> Process:
    """Start a process with pipes, in its own process group and without a console window.

    Args:
        arguments: Program and its arguments.
        environment: All environment variables of the process.
        with_input: Whether stdin is a pipe; otherwise it is empty.
        merge_errors: Whether stderr is written to stdout.

    Raises:
        OSError: The program cannot be started.
    """
    flags: dict[str, Any]
    if sys.platform == "win32":
        flags = {"creationflags": _CREATE_NO_WINDOW}
    else:
        # Ctrl+C in the terminal of QGIS does not reach the process, and its children can be killed with it.
        flags = {"start_new_session": True}
    return await asyncio.create_subprocess_exec(
        *arguments,
        stdin=PIPE if with_input else asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT if merge_errors else PIPE,
        env=dict(environment),
        limit=2**30,  # longest line in bytes; asyncio's default of 64 KiB is too short for a message
        **flags,
    )


def kill_child(process: Process) -> None:
    """Kill a process and the other processes of its group. Nothing happens if it has ended."""
    if sys.platform == "win32":
        with suppress(OSError):
            process.kill()
        return
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


async def exit_code(process: Process, timeout: float) -> int:
    """Wait for a process to end and return its exit code.

    The code is polled, because ``Process.wait`` of some Python versions waits for all processes that hold
    the pipes, which may include a grandchild.

    Args:
        process: Process of ``start_child``.
        timeout: Seconds after which the process is killed.
    """
    deadline = asyncio.get_running_loop().time() + timeout
    while process.returncode is None:
        if asyncio.get_running_loop().time() > deadline:
            kill_child(process)
            deadline = float("inf")
        await asyncio.sleep(0.02)
    kill_child(process)
    return process.returncode
