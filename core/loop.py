"""The worker's loop: messages in, tasks run one after the other, messages out.

Tasks run in the main thread, as libraries expect. A second thread reads the messages, so that a
cancel arrives while a task computes, and ends the process the moment the parent is gone, even
while the main thread is inside a native call. A third one writes the progress, so that tasks may
report as often as they like.
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

from .errors import RunCancelled, WorkerError
from .exception_mapping import describe_failure, is_memory_failure
from .messages import Cancel, Level, Log, Message, Progress, Ready, Result, Run, Stop, Temporary
from .messages import decode as decode_message
from .messages import encode as encode_message
from .raster.gdal import bound_gdal
from .text import text_of
from .values import from_plain, to_plain

PROGRESS_INTERVAL = 0.1
"""Seconds between two progress messages."""


def serve(messages_in: BinaryIO, messages_out: BinaryIO) -> NoReturn:
    """Work until a Stop arrives or the parent is gone; the process ends here."""
    bound_gdal()
    sender = Sender(messages_out)
    inbox = Inbox(messages_in, sender)
    if hasattr(os, "register_at_fork"):
        # A library's forked helpers must not keep the parent's end of the pipe waiting.
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
    """Return the names of the tasks: the modules in ``core/tasks``."""
    files = sorted((Path(__file__).parent / "tasks").glob("*.py"))
    return tuple(file.stem for file in files if file.stem.isidentifier() and not file.stem.startswith("_"))


def perform(task: str, request: dict[str, Any], progress: WorkerProgress) -> dict[str, Any]:
    """Do ``task`` and return its result's plain form.

    Raises:
        WorkerError: There is no such task, or the request does not fit it.
        Exception: Whatever the task raises.
    """
    if task not in task_names():
        raise WorkerError(
            "There is no task {task!r}",
            advice="Restart QGIS, so that all parts are of one version.",
            task=task,
        )
    module = importlib.import_module(f".tasks.{task}", __package__)
    kind = typing.get_type_hints(module.run)["request"]
    try:
        typed = from_plain(kind, request)
    except TypeError as error:
        raise WorkerError(
            "The request does not fit the task {task!r}: {error}",
            advice="Restart QGIS, so that all parts are of one version.",
            task=task,
            error=error,
        ) from error
    values = to_plain(module.run(typed, progress))
    return dict(values)


class Sender:
    """Writes messages, whole, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Write ``message``; where nobody reads any more, end the process."""
        line = encode_message(message)
        with self._lock:
            try:
                self._stream.write(line)
                self._stream.flush()
            except OSError:
                os._exit(1)


class WorkerProgress:
    """The Progress that a task is given: what it says goes to the parent as messages."""

    def __init__(self, run_id: str, sender: Sender) -> None:
        self._id = run_id
        self._sender = sender
        self._latest: Progress | None = None
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._is_over = threading.Event()
        self.cancelled = threading.Event()
        self.temporaries: list[str] = []
        threading.Thread(target=self._write_news, daemon=True).start()

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Move the progress bar; at most about ten positions a second are sent, the last always."""
        self._latest = Progress(self._id, min(max(float(fraction), 0.0), 1.0), text_of(text, values))
        self._news.set()

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Write a line into the run's log, after the position that was reported before it."""
        self._send_latest()
        self._sender.send(Log(self._id, text_of(text, values), level))

    def temporary(self, path: str) -> None:
        """Name a file that the parent removes if this process dies during the run."""
        self.temporaries.append(path)
        self._sender.send(Temporary(self._id, path))

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled."""
        if self.cancelled.is_set():
            raise RunCancelled()

    def finish(self) -> None:
        """Send the last position; nothing is sent for this run afterwards."""
        self._is_over.set()
        self._news.set()
        self._send_latest()

    def _write_news(self) -> None:
        while not self._is_over.is_set():
            self._news.wait()
            self._news.clear()
            self._send_latest()
            self._is_over.wait(PROGRESS_INTERVAL)

    def _send_latest(self) -> None:
        # The lock keeps the writer from sending after finish() has returned.
        with self._lock:
            latest, self._latest = self._latest, None
            if latest:
                self._sender.send(latest)


class Inbox:
    """Reads messages in a thread of its own and keeps the runs for the main thread."""

    def __init__(self, stream: BinaryIO, sender: Sender) -> None:
        self._stream = stream
        self._sender = sender
        self._runs: queue.SimpleQueue[tuple[Run, WorkerProgress]] = queue.SimpleQueue()
        self._progress: dict[str, WorkerProgress] = {}

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> tuple[Run, WorkerProgress]:
        """Wait for the next run."""
        return self._runs.get()

    def finished(self) -> None:
        """Forget the oldest run."""
        self._progress.pop(next(iter(self._progress)))

    def _read(self) -> None:
        for line in self._stream:
            try:
                self._take(decode_message(line))
            except ValueError as error:
                sys.stderr.write(f"ignored: {error}\n")
        self._end()

    def _take(self, message: Message) -> None:
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
        # Not sys.exit: the main thread may be inside a native call and would not hear of it.
        for progress in list(self._progress.values()):
            for path in progress.temporaries:
                with contextlib.suppress(OSError):
                    os.unlink(path)
        os._exit(0)


def _outcome(run: Run, progress: WorkerProgress) -> Message:
    """Do ``run``; whatever it raises becomes a message, so that no task ends the loop."""
    try:
        progress.check_cancelled()
        return Result(run.id, perform(run.task, run.request, progress))
    except BaseException as error:
        outcome = describe_failure(run.id, error)
        is_memory_full = is_memory_failure(error)
    if is_memory_full:
        # Only here have the error and, with its traceback, the task's arrays been let go.
        _release_memory()
    return outcome


def _release_memory() -> None:
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
