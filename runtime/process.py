"""Worker process: start it, exchange messages with it, end it, and describe how it ended.

All functions run in the background thread.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from ..core.errors import SetupError, WorkerError
from ..core.messages import (
    Message,
    Ready,
    decode,
    encode,
)
from ..core.text import Text, joined
from .background import exit_code, kill_child, start_child
from .process_env import worker_environment

_START_SECONDS = 120.0
"""Seconds until a worker must be ready. A virus scanner may first read all of Python."""

_TAIL_BYTES = 20_000
_TAIL_LINES = 50
_SETUP_ADVICE = "Check the Python named in the settings, or run 'Set up the environment'."
_WINDOWS_CRASHES = {
    0xC0000005: Text("crashed (access violation)"),
    0xC0000017: Text("was ended by Windows, because memory ran out"),
    0xC000012D: Text("was ended by Windows, because memory ran out"),
    0xC00000FD: Text("crashed (stack overflow)"),
    0xC0000135: Text("could not start, because a DLL is missing"),
    0xC0000409: Text("crashed (it aborted)"),
}


class WorkerProcess:
    """Running worker process, created by ``start_worker``.

    Attributes:
        python: Path of its interpreter.
        variables: Environment variables that the settings add.
        pid: Process id.
    """

    def __init__(self, process: Process, python: str, variables: Mapping[str, str]) -> None:
        self.python = python
        self.variables = dict(variables)
        self.pid = process.pid
        self._process = process
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self._tail = b""
        self._tasks = (
            asyncio.ensure_future(self._read_messages()),
            asyncio.ensure_future(self._read_errors()),
        )

    @property
    def is_alive(self) -> bool:
        """Whether it can run tasks."""
        return self._process.returncode is None and not self._tasks[0].done()

    def suits(self, python: str, variables: Mapping[str, str]) -> bool:
        """Return whether it can run tasks and was started with this interpreter and these variables."""
        return self.is_alive and (self.python, self.variables) == (python, variables)

    @property
    def tail(self) -> tuple[str, ...]:
        """Last lines that it and its libraries wrote to stderr."""
        return tuple(self._tail.decode(errors="replace").splitlines()[-_TAIL_LINES:])

    def forget_tail(self) -> None:
        """Remove the lines of earlier runs from ``tail``."""
        self._tail = b""

    async def send(self, message: Message) -> None:
        """Send a message. If the worker has died, ``receive`` returns None."""
        if self._process.stdin is None:
            return
        with suppress(OSError):
            self._process.stdin.write(encode(message))
            await self._process.stdin.drain()

    async def receive(self) -> Message | None:
        """Return the next message, None once the worker has ended."""
        return await self._messages.get()

    def kill(self) -> None:
        """Kill the process and its children."""
        kill_child(self._process)

    async def end(self) -> int:
        """Wait for the end of the process, after a kill or its last message, and return its exit code."""
        code = await exit_code(self._process, timeout=2.0)
        # Its last lines are still in the pipe, which a grandchild may hold open for ever.
        await asyncio.wait(self._tasks, timeout=0.5)
        for task in self._tasks:
            task.cancel()
        return code

    async def _read_messages(self) -> None:
        try:
            if self._process.stdout is not None:
                async for line in self._process.stdout:
                    self._handle(line)
        finally:
            self._messages.put_nowait(None)

    def _handle(self, line: bytes) -> None:
        try:
            self._messages.put_nowait(decode(line))
        except ValueError:
            # A start-up hook of the interpreter wrote this before the worker took over stdout.
            self._append_to_tail(line)

    async def _read_errors(self) -> None:
        # stderr is always read, because a full pipe would block a library that prints much.
        if self._process.stderr is not None:
            while chunk := await self._process.stderr.read(65536):
                self._append_to_tail(chunk)

    def _append_to_tail(self, text: bytes) -> None:
        self._tail = (self._tail + text)[-_TAIL_BYTES:]


async def start_worker(python: str, package_root: Path, variables: Mapping[str, str]) -> WorkerProcess:
    """Start a worker process and wait until it is ready.

    Args:
        python: Path of the interpreter.
        package_root: Folder of the package, of any name.
        variables: Environment variables that take precedence over those of QGIS.

    Raises:
        SetupError: The interpreter does not start.
        WorkerError: The interpreter starts, but the worker does not become ready.
    """
    script = package_root / "core" / "worker.py"
    arguments = [python, "-I", "-u", "-X", "utf8", str(script)]
    environment = worker_environment(os.environ) | dict(variables)
    try:
        process = await start_child(arguments, environment, with_input=True, merge_errors=False)
    except OSError as error:
        raise SetupError(
            "The Python interpreter does not start: {reason}",
            where=python,
            advice=_SETUP_ADVICE,
            reason=error.strerror,
        ) from error
    worker = WorkerProcess(process, python, variables)
    try:
        first = await asyncio.wait_for(worker.receive(), _START_SECONDS)
    except TimeoutError:
        worker.kill()
        await worker.end()
        raise WorkerError(
            "The worker process did not answer within {seconds:.0f} s",
            where=python,
            advice="Try again. " + _SETUP_ADVICE,
            seconds=_START_SECONDS,
        ) from None
    except asyncio.CancelledError:
        worker.kill()
        raise
    if isinstance(first, Ready):
        return worker
    worker.kill()
    end = describe_exit(await worker.end())
    last = [Text("Its last line was: {line}", line=worker.tail[-1])] if worker.tail else []
    raise WorkerError(
        "The worker process {end} before it was ready",
        where=python,
        advice=joined((_SETUP_ADVICE, *last)),
        end=end,
    )


def describe_exit(code: int, platform: str = sys.platform) -> str:
    """Return the end of a process in words, such as ``ended with exit code 1``.

    Args:
        code: Exit code; negative for a signal, except on Windows.
        platform: Value of ``sys.platform``.
    """
    if platform == "win32":
        return _WINDOWS_CRASHES.get(code & 0xFFFFFFFF, Text("ended with exit code {code}", code=code))
    if code >= 0:
        return Text("ended with exit code {code}", code=code)
    if -code == 9:
        return Text("was killed (signal 9), perhaps because memory ran out")
    crashes = {
        signal.SIGSEGV: Text("segmentation fault"),
        signal.SIGABRT: Text("it aborted"),
        signal.SIGBUS: Text("bus error"),
    }
    crash = next((words for number, words in crashes.items() if number == -code), None)
    if crash:
        return Text("crashed (signal {number}, {crash})", number=-code, crash=crash)
    return Text("was ended (signal {number})", number=-code)


def remove_files(paths: Iterable[str], on_failure: Callable[[str], None]) -> None:
    """Remove the partial files of a worker that died.

    Args:
        paths: Paths of the files.
        on_failure: Function that is called with a sentence on each file that cannot be removed.
    """
    for path in paths:
        try:
            Path(path).unlink(missing_ok=True)
        except OSError as error:
            on_failure(
                Text(
                    "The partial file {path} cannot be removed: {reason}",
                    path=path,
                    reason=error.strerror,
                )
            )
