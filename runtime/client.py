"""The worker as QGIS sees it: ``run`` a task from any thread, ``close`` at the end.

``run`` blocks its caller, who keeps hearing progress and may cancel. The work of talking to the
process is done by coroutines in the one background thread; what they have to say goes through a
queue back to the caller, so listeners are only ever called in the thread that they belong to.
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
from ..core.text import Text
from ..core.values import to_plain
from .background import background_loop, submit
from .environment import worker_variables
from .interpreter import Interpreter, find_interpreter
from .listener import Listener
from .process import WorkerProcess, describe_exit, remove_files, start_worker
from .settings import RuntimeSettings

Value = TypeVar("Value")

CANCEL_PATIENCE = 0.8
"""Seconds in which a worker must answer a cancel, before it is killed."""

WAITING = Text("Waiting for the running job")
_POLL = 0.1
_PACKAGE_ROOT = Path(__file__).absolute().parents[1]


@dataclass(eq=False)
class _Job:
    """One run on its way; ``news`` goes to the caller, ``cancelled`` comes from it."""

    message: Run
    interpreter: Interpreter
    variables: dict[str, str]
    idle_seconds: float
    news: queue.SimpleQueue[Progress | Log | None] = field(default_factory=queue.SimpleQueue)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    temporaries: list[str] = field(default_factory=list)

    def say(self, text: str, level: str = "info") -> None:
        self.news.put(Log(self.message.id, text, level))


class WorkerClient:
    """Runs tasks in a worker process, which is started when needed and kept warm.

    Args:
        settings: Asked before every run; a changed interpreter, cache folder or number of threads takes a
            new worker.
        package_root: The folder of the package that the worker loads.
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

    def run(self, task: str, request: Any, listener: Listener) -> dict[str, Any]:
        """Do ``task`` with ``request`` (its dataclass) and return the plain form of its result.

        Blocks. Where another run is under way, waits for it and says so.

        Raises:
            RunCancelled: The listener cancelled, or the client was closed.
            SetupError: There is no Python to run it, or the cache folder cannot be written.
            WorkerError: The worker died.
            LandCoverError: Whatever leaf the task raised.
        """
        settings = self._settings()
        message = Run(uuid.uuid4().hex, task, to_plain(request))
        interpreter = find_interpreter(settings)
        job = _Job(message, interpreter, worker_variables(settings), settings.idle_seconds)
        future = submit(self._do(job))
        future.add_done_callback(lambda _: job.news.put(None))
        try:
            self._attend(job, listener)
        except BaseException:
            # A listener that fails must not leave its run behind.
            self._cancel(job)
            _wait(future)
            raise
        try:
            return future.result()
        except CancelledError:
            raise RunCancelled() from None

    def close(self) -> None:
        """End the worker at once, with whatever it does; a later run starts a new one."""
        submit(self._close()).result(timeout=10.0)

    def _attend(self, job: _Job, listener: Listener) -> None:
        """Pass the job's news to the listener, and its cancel to the job, until the job is over."""
        is_cancelling = False
        while True:
            with suppress(queue.Empty):
                news = job.news.get(timeout=_POLL)
                if news is None:
                    return
                if isinstance(news, Progress):
                    listener.progress(news.fraction, news.text)
                else:
                    listener.log(news.text, news.level)
            if not is_cancelling and listener.is_cancelled():
                is_cancelling = True
                self._cancel(job)

    def _cancel(self, job: _Job) -> None:
        background_loop().call_soon_threadsafe(job.cancelled.set)

    async def _do(self, job: _Job) -> dict[str, Any]:
        self._jobs[job] = asyncio.current_task()
        try:
            if self._turn.locked():
                job.say(WAITING)
                job.news.put(Progress(job.message.id, 0.0, WAITING))
            await _unless_cancelled(job, self._turn.acquire())
            try:
                self._stop_idling()
                worker = await _unless_cancelled(job, self._ready_worker(job))
                return await self._converse(worker, job)
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
                job.say(line)
            job.say(
                Text(
                    "Starting the worker with {python} ({origin})",
                    python=python,
                    origin=job.interpreter.origin,
                )
            )
            self._worker = await start_worker(python, self._package_root, job.variables)
        return self._worker

    async def _converse(self, worker: WorkerProcess, job: _Job) -> dict[str, Any]:
        worker.forget_tail()
        await worker.send(job.message)
        enforcer = asyncio.ensure_future(_enforce_cancel(worker, job))
        try:
            while (message := await worker.receive()) is not None:
                if getattr(message, "id", "") == job.message.id and self._take(message, job):
                    return _values(message, job)
        finally:
            enforcer.cancel()
        raise await self._mourn(worker, job)

    def _take(self, message: Message, job: _Job) -> bool:
        """Pass a message on; say whether it is the last of its run."""
        match message:
            case Progress() | Log():
                job.news.put(message)
            case Temporary():
                job.temporaries.append(message.path)
            case Error():
                if message.details:
                    job.say(message.details, "warning")
        return isinstance(message, Result | Error)

    async def _mourn(self, worker: WorkerProcess, job: _Job) -> LandCoverError:
        """Clear up after a worker that died in mid-run and return the error that tells of it."""
        end = describe_exit(await worker.end())
        self._worker = None
        remove_files(job.temporaries, lambda text: job.say(text, "warning"))
        if job.cancelled.is_set():
            return RunCancelled()
        for line in worker.tail:
            job.say(line, "warning")
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
        # A run may have begun between the timer and this.
        if not self._turn.locked():
            async with self._turn:
                await self._end_worker()


async def _enforce_cancel(worker: WorkerProcess, job: _Job) -> None:
    await job.cancelled.wait()
    await worker.send(Cancel(job.message.id))
    await asyncio.sleep(CANCEL_PATIENCE)
    worker.kill()


async def _unless_cancelled(job: _Job, work: Awaitable[Value]) -> Value:
    """Return what ``work`` returns; abandon it when the job is cancelled before.

    Raises:
        RunCancelled: The job was cancelled.
    """
    doing = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(job.cancelled.wait())
    try:
        await asyncio.wait({doing, stop}, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
        raise RunCancelled()
    finally:
        stop.cancel()
        doing.cancel()


def _values(message: Message, job: _Job) -> dict[str, Any]:
    """Return the values of a result; raise what an error tells of."""
    if job.cancelled.is_set():
        raise RunCancelled()
    if isinstance(message, Result):
        return message.values
    if isinstance(message, Error):
        raise error_from_parts(message.kind, message.what, message.where, message.advice)
    raise WorkerError("The worker ended a run with {message}", advice="Restart QGIS.", message=message)


def _wait(future: Future[Any]) -> None:
    try:
        future.result()
    except (LandCoverError, CancelledError):
        return
