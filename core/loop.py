"""Worker loop: read messages, run tasks one after the other, and write messages.

Tasks run in the main thread, as libraries expect. A second thread reads messages, so that a cancellation
arrives while a task computes. It ends the process when the parent has ended, even if the main thread is
inside a native call. A third thread writes the progress, so that tasks may report as often as they like.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import queue
import sys
import threading
import typing
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from .errors import DryRunEnd, RunCancelled, WorkerError
from .exception_mapping import describe_failure, is_memory_failure
from .locks import use
from .messages import Cancel, Level, Log, Message, Progress, Ready, Result, Run, Stop, Temporary
from .messages import decode as decode_message
from .messages import encode as encode_message
from .provenance import PLAN, RunContext, running
from .raster.gdal import set_gdal_options
from .reporting.language import speaking
from .text import text_of
from .values import from_plain, to_plain

PROGRESS_INTERVAL = 0.1
"""Seconds between two progress messages."""


def serve(messages_in: BinaryIO, messages_out: BinaryIO) -> NoReturn:
    """Run tasks until a Stop message arrives or the parent has ended; then end the process.

    Args:
        messages_in: Stream of messages from the parent.
        messages_out: Stream of messages to the parent.
    """
    set_gdal_options()
    # No set-up removes the packages of a running process.
    use(Path(sys.prefix))
    sender = Sender(messages_out)
    inbox = Inbox(messages_in, sender)
    if hasattr(os, "register_at_fork"):
        # A process that a library forks must not keep the pipe to the parent open.
        os.register_at_fork(after_in_child=lambda: os.close(messages_out.fileno()))
    sender.send(Ready(os.getpid()))
    inbox.start()
    while True:
        run, progress = inbox.next()
        outcome = _outcome(run, progress)
        progress.finish()
        inbox.finished()
        sender.send(outcome)


def task_names() -> tuple[str, ...]:
    """Return the names of the tasks, which are the modules in ``core/tasks``."""
    files = sorted((Path(__file__).parent / "tasks").glob("*.py"))
    return tuple(file.stem for file in files if file.stem.isidentifier() and not file.stem.startswith("_"))


def perform(task: str, request: dict[str, Any], progress: WorkerProgress) -> dict[str, Any]:
    """Run a task and return the plain form of its result; of a dry run, its plan under the name ``PLAN``.

    Args:
        task: Name of a module in ``core.tasks``.
        request: Plain form of its request.
        progress: Progress reporter.

    Raises:
        WorkerError: The task does not exist, or the request does not fit it.
        Exception: Any error of the task.
    """
    if task not in task_names():
        raise WorkerError(
            "{task!r} is not a task",
            advice="Restart QGIS, so that all parts have the same version.",
            task=task,
        )
    module = importlib.import_module(f".tasks.{task}", __package__)
    kind = typing.get_type_hints(module.run)["request"]
    try:
        typed = from_plain(kind, request)
    except TypeError as error:
        raise WorkerError(
            "The request does not fit the task {task!r}: {error}",
            advice="Restart QGIS, so that all parts have the same version.",
            task=task,
            error=error,
        ) from error
    try:
        values = to_plain(module.run(typed, progress))
    except DryRunEnd as end:
        return {PLAN: end.plan}
    return dict(values)


class Sender:
    """Writer of messages for any thread.

    Args:
        stream: Stream of messages to the parent.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Write a message. If the parent has ended, end the process."""
        line = encode_message(message)
        with self._lock:
            try:
                self._stream.write(line)
                self._stream.flush()
            except OSError:
                os._exit(1)


class WorkerProgress:
    """Progress reporter of a task, which sends messages to the parent.

    Args:
        run_id: Id of the run.
        sender: Writer of messages.

    Attributes:
        cancelled: Set when the user has cancelled.
        temporaries: Files to remove if the process ends during the run.
    """

    def __init__(self, run_id: str, sender: Sender) -> None:
        self._id = run_id
        self._sender = sender
        self._latest: Progress | None = None
        self._lock = threading.Lock()
        self._has_update = threading.Event()
        self._is_over = threading.Event()
        self.cancelled = threading.Event()
        self.temporaries: list[str] = []
        threading.Thread(target=self._write_updates, daemon=True).start()

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Move the progress bar. About ten positions per second are sent, and always the last."""
        self._latest = Progress(self._id, min(max(float(fraction), 0.0), 1.0), text_of(text, values))
        self._has_update.set()

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Write a line to the log of the run, after the last position."""
        self._send_latest()
        self._sender.send(Log(self._id, text_of(text, values), level))

    def temporary(self, path: str) -> None:
        """Report a file that the parent removes if this process dies during the run."""
        self.temporaries.append(path)
        self._sender.send(Temporary(self._id, path))

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled."""
        if self.cancelled.is_set():
            raise RunCancelled()

    def finish(self) -> None:
        """Send the last position. No position is sent afterwards."""
        self._is_over.set()
        self._has_update.set()
        self._send_latest()

    def _write_updates(self) -> None:
        while not self._is_over.is_set():
            self._has_update.wait()
            self._has_update.clear()
            self._send_latest()
            self._is_over.wait(PROGRESS_INTERVAL)

    def _send_latest(self) -> None:
        # The lock prevents the writer from sending after finish() has returned.
        with self._lock:
            latest, self._latest = self._latest, None
            if latest:
                self._sender.send(latest)


class Inbox:
    """Reader of messages in its own thread, with a queue of runs for the main thread.

    Args:
        stream: Stream of messages from the parent.
        sender: Writer of messages, for the progress of runs.
    """

    def __init__(self, stream: BinaryIO, sender: Sender) -> None:
        self._stream = stream
        self._sender = sender
        self._runs: queue.SimpleQueue[tuple[Run, WorkerProgress]] = queue.SimpleQueue()
        self._progress: dict[str, WorkerProgress] = {}

    def start(self) -> None:
        """Start the thread."""
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> tuple[Run, WorkerProgress]:
        """Return the next run and its progress reporter; wait for one if there is none."""
        return self._runs.get()

    def finished(self) -> None:
        """Remove the oldest run, which has ended."""
        self._progress.pop(next(iter(self._progress)))

    def _read(self) -> None:
        for line in self._stream:
            try:
                self._handle(decode_message(line))
            except ValueError as error:
                sys.stderr.write(f"ignored: {error}\n")
        self._end()

    def _handle(self, message: Message) -> None:
        match message:
            case Run():
                progress = WorkerProgress(message.id, self._sender)
                self._progress[message.id] = progress
                self._runs.put((message, progress))
            case Cancel(run_id) if run_id in self._progress:
                self._progress[run_id].cancelled.set()
            case Stop():
                self._end()
            case _:
                sys.stderr.write(f"ignored: {message}\n")

    def _end(self) -> NoReturn:
        # sys.exit would not end the main thread while it is inside a native call.
        for progress in list(self._progress.values()):
            for path in progress.temporaries:
                with contextlib.suppress(OSError):
                    os.unlink(path)
        os._exit(0)


def _outcome(run: Run, progress: WorkerProgress) -> Message:
    """Run a task and return its result or error as a message, so that no error ends the loop."""
    try:
        progress.check_cancelled()
        context = from_plain(RunContext, run.context)
        with running(context), speaking(context.language):
            return Result(run.id, perform(run.task, run.request, progress))
    except BaseException as error:
        outcome = describe_failure(run.id, error)
        is_memory_full = is_memory_failure(error)
    if is_memory_full:
        # The error, its traceback and the arrays of the task are released only here.
        _release_memory()
    return outcome


def _release_memory() -> None:
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
