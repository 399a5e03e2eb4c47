"""Commands: run a program to its end, with its output line by line and with cancellation.

>>> run_command(["nvidia-smi"], timeout=20.0).code
"""

from __future__ import annotations

import asyncio
import os
import queue
import threading
from asyncio.subprocess import Process
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..core.errors import RunCancelled
from .background import exit_code, kill_child, start_child, submit
from .process_env import clean_environment


@dataclass(frozen=True)
class Outcome:
    """Result of a command.

    Attributes:
        code: Exit code.
        lines: Last lines of stdout and stderr, 200 at most.
    """

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Last lines as one text."""
        return "\n".join(self.lines)


def run_command(
    arguments: Sequence[str],
    *,
    on_line: Callable[[str], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    variables: dict[str, str] | None = None,
    timeout: float = float("inf"),
) -> Outcome:
    """Run a command in the clean environment and return its result.

    Args:
        arguments: Program and its arguments.
        on_line: Function that is called in this thread with each line of stdout and stderr.
        is_cancelled: Function that returns whether to cancel, called about ten times per second.
        variables: Further environment variables.
        timeout: Seconds after which the command is killed.

    Raises:
        OSError: The program cannot be started.
        RunCancelled: ``is_cancelled`` returned True. The command and its children were killed.
    """
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    stop = threading.Event()
    environment = clean_environment(os.environ) | (variables or {})
    future = submit(_run(arguments, environment, lines, stop, timeout))
    future.add_done_callback(lambda _: lines.put(None))
    tail: deque[str] = deque(maxlen=200)
    try:
        while True:
            try:
                line = lines.get(timeout=0.1)
            except queue.Empty:
                line = ""
            if line is None:
                return Outcome(future.result(), tuple(tail))
            if line:
                tail.append(line)
                if on_line:
                    on_line(line)
            if is_cancelled and is_cancelled():
                raise RunCancelled()
    finally:
        stop.set()
        if not future.done():
            future.exception()


async def _run(
    arguments: Sequence[str],
    environment: dict[str, str],
    lines: queue.SimpleQueue[str | None],
    stop: threading.Event,
    timeout: float,
) -> int:
    process = await start_child(arguments, environment, with_input=False, merge_errors=True)
    reader = asyncio.ensure_future(_read(process, lines))
    clock = asyncio.get_running_loop().time
    end = clock() + timeout
    while not reader.done():
        await asyncio.wait({reader}, timeout=0.1)
        if stop.is_set() or clock() > end:
            kill_child(process)
            break
        if process.returncode is not None:
            # A child of the command may hold the pipe open. The last lines arrive within a second.
            await asyncio.wait({reader}, timeout=1.0)
            break
    reader.cancel()
    return await exit_code(process, timeout=5.0)


async def _read(process: Process, lines: queue.SimpleQueue[str | None]) -> None:
    if process.stdout is not None:
        async for line in process.stdout:
            lines.put(line.decode(errors="replace").rstrip())
