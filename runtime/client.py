"""Worker client: run tasks in the worker process, from any thread of QGIS.

>>> client = WorkerClient(settings=read_settings)
>>> client.run("classify", request, listener)      # blocks and returns the plain form of the result
>>> client.close()

Coroutines in the background thread exchange messages with the process. Progress and log lines go through a
queue to the caller, so that listeners are called only in the thread that they belong to.
"""

from __future__ import annotations

import asyncio
import queue
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ..core.errors import (
    LandCoverError,
    RunCancelled,
    WorkerError,
    error_from_parts,
)
from ..core.messages import (
    Cancel,
    Error,
    Log,
    Message,
    Progress,
    Result,
    Run,
    Temporary,
)
from ..core.provenance import RunContext
from ..core.text import Text
from ..core.values import to_plain
from .background import background_loop, submit
from .interpreter import Interpreter, find_interpreter
from .listener import Listener
from .process import WorkerProcess, describe_exit, remove_files, start_worker
from .process_env import worker_variables
from .settings import RuntimeSettings

Value = TypeVar("Value")

CANCEL_SECONDS = 0.8
"""Seconds that a worker has to end a cancelled run, before it is killed."""

WAITING = Text("Waiting for the running job")
_POLL_SECONDS = 0.1
_PACKAGE_ROOT = Path(__file__).absolute().parents[1]


@dataclass(eq=False)
class _Job:
    """Run in progress.

    Attributes:
        message: Message that starts the run.
        interpreter: Python interpreter of the worker.
        variables: Environment variables that the settings add.
        idle_seconds: Seconds without a run after which the worker is ended.
        reports: Progress and log lines for the caller; None marks the end.
        cancelled: Set when the caller cancels.
        temporaries: Files to remove if the worker dies.
    """

    message: Run
    interpreter: Interpreter
    variables: dict[str, str]
    idle_seconds: float
    reports: queue.SimpleQueue[Progress | Log | None] = field(default_factory=queue.SimpleQueue)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    temporaries: list[str] = field(default_factory=list)

    def log(self, text: str, level: str = "info") -> None:
        self.reports.put(Log(self.message.id, text, level))


class WorkerClient:
    """Client of a worker process, which is started when needed and kept for further runs.

    Args:
        settings: Function that returns the settings, called before every run. A changed interpreter, cache
            folder or number of threads starts a new worker.
        package_root: Folder of the package that the worker loads.
    """

    def __init__(
        self, settings: Callable[[], RuntimeSettings], *, package_root: Path = _PACKAGE_ROOT
    ) -> None:
        self._settings = settings
        self._package_root = package_root
        self._worker: WorkerProcess | None = None
        self._turn = asyncio.Lock()
        self._jobs: dict[_Job, asyncio.Task[Any] | None] = {}
        self._idle: asyncio.TimerHandle | None = None

    def run(
        self, task: str, request: Any, listener: Listener, context: RunContext | None = None
    ) -> dict[str, Any]:
        """Run a task and return the plain form of its result. Blocks, also while another run is in progress.

        Args:
            task: Name of a module in ``core.tasks``.
            request: Request of the task, a dataclass.
            listener: Receiver of progress and log lines.
            context: What QGIS knows of the run, for the provenance of its results.

        Raises:
            RunCancelled: The listener cancelled, or the client was closed.
            SetupError: There is no Python environment, or the cache folder cannot be written.
            WorkerError: The worker process died.
            LandCoverError: Error of the task.
        """
        settings = self._settings()
        message = Run(uuid.uuid4().hex, task, to_plain(request), to_plain(context or RunContext()))
        interpreter = find_interpreter(settings)
        job = _Job(message, interpreter, worker_variables(settings), settings.idle_seconds)
        future = submit(self._run_job(job))
        future.add_done_callback(lambda _: job.reports.put(None))
        try:
            self._relay(job, listener)
        except BaseException:
            # The run ends with the listener that fails.
            self._cancel(job)
            _wait(future)
            raise
        try:
            return future.result()
        except CancelledError:
            raise RunCancelled() from None

    @property
    def is_busy(self) -> bool:
        """Whether a run is in progress or waits for one."""
        return bool(self._jobs)

    def close(self) -> None:
        """End the worker and its run at once. A later run starts a new worker."""
        submit(self._close()).result(timeout=10.0)

    def _relay(self, job: _Job, listener: Listener) -> None:
        """Pass reports to the listener and its cancellation to the job, until the job ends."""
        is_cancelling = False
        while True:
            with suppress(queue.Empty):
                report = job.reports.get(timeout=_POLL_SECONDS)
                if report is None:
                    return
                if isinstance(report, Progress):
                    listener.progress(report.fraction, report.text)
                else:
                    listener.log(report.text, report.level)
            if not is_cancelling and listener.is_cancelled():
                is_cancelling = True
                self._cancel(job)

    def _cancel(self, job: _Job) -> None:
        background_loop().call_soon_threadsafe(job.cancelled.set)

    async def _run_job(self, job: _Job) -> dict[str, Any]:
        self._jobs[job] = asyncio.current_task()
        try:
            if self._turn.locked():
                job.log(WAITING)
                job.reports.put(Progress(job.message.id, 0.0, WAITING))
            await _or_cancelled(job, self._turn.acquire())
            try:
                self._stop_idling()
                worker = await _or_cancelled(job, self._ready_worker(job))
                return await self._exchange(worker, job)
            finally:
                self._start_idling(job.idle_seconds)
                self._turn.release()
        finally:
            del self._jobs[job]

    async def _ready_worker(self, job: _Job) -> WorkerProcess:
        python = job.interpreter.path
        if self._worker and not self._worker.suits(python, job.variables):
            await self._end_worker()
        if self._worker is None:
            for line in job.interpreter.skipped:
                job.log(line)
            job.log(
                Text(
                    "Starting the worker with {python} ({origin})",
                    python=python,
                    origin=job.interpreter.origin,
                )
            )
            self._worker = await start_worker(python, self._package_root, job.variables)
        return self._worker

    async def _exchange(self, worker: WorkerProcess, job: _Job) -> dict[str, Any]:
        worker.forget_tail()
        await worker.send(job.message)
        enforcer = asyncio.ensure_future(_enforce_cancel(worker, job))
        try:
            while (message := await worker.receive()) is not None:
                if getattr(message, "id", "") == job.message.id and self._handle(message, job):
                    return _result_values(message, job)
        finally:
            enforcer.cancel()
        raise await self._clean_up(worker, job)

    def _handle(self, message: Message, job: _Job) -> bool:
        """Pass a message on; return whether it is the last one of its run."""
        match message:
            case Progress() | Log():
                job.reports.put(message)
            case Temporary():
                job.temporaries.append(message.path)
            case Error():
                if message.details:
                    job.log(message.details, "warning")
        return isinstance(message, Result | Error)

    async def _clean_up(self, worker: WorkerProcess, job: _Job) -> LandCoverError:
        """Clean up after a worker that died during a run and return the error."""
        end = describe_exit(await worker.end())
        self._worker = None
        remove_files(job.temporaries, lambda text: job.log(text, "warning"))
        if job.cancelled.is_set():
            return RunCancelled()
        for line in worker.tail:
            job.log(line, "warning")
        return WorkerError(
            "The worker process {end}",
            advice="QGIS is not affected, and the next run starts a new worker. The log has its last lines.",
            end=end,
        )

    async def _end_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.kill()
            await worker.end()

    async def _close(self) -> None:
        tasks = [task for task in self._jobs.values() if task]
        for job in self._jobs:
            job.cancelled.set()
        self._stop_idling()
        if self._worker:
            self._worker.kill()
        if tasks:
            await asyncio.wait(tasks, timeout=5.0)
        self._stop_idling()
        await self._end_worker()

    def _start_idling(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(seconds, lambda: loop.create_task(self._end_idle()))

    def _stop_idling(self) -> None:
        if self._idle:
            self._idle.cancel()
            self._idle = None

    async def _end_idle(self) -> None:
        # A run may have begun after the timer.
        if not self._turn.locked():
            async with self._turn:
                await self._end_worker()


async def _enforce_cancel(worker: WorkerProcess, job: _Job) -> None:
    await job.cancelled.wait()
    await worker.send(Cancel(job.message.id))
    await asyncio.sleep(CANCEL_SECONDS)
    worker.kill()


async def _or_cancelled(job: _Job, work: Awaitable[Value]) -> Value:
    """Return the result of ``work``, unless the job is cancelled before.

    Raises:
        RunCancelled: The job was cancelled.
    """
    task = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(job.cancelled.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise RunCancelled()
    finally:
        stop.cancel()
        task.cancel()


def _result_values(message: Message, job: _Job) -> dict[str, Any]:
    """Return the values of a result message, or raise the error of an error message."""
    if job.cancelled.is_set():
        raise RunCancelled()
    if isinstance(message, Result):
        return message.values
    if isinstance(message, Error):
        raise error_from_parts(message.kind, message.what, message.where, message.advice)
    raise RuntimeError(f"the worker ended a run with {message}")


def _wait(future: Future[Any]) -> None:
    try:
        future.result()
    except (LandCoverError, CancelledError):
        return
