"""A real worker process, with this process in the place of QGIS."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deep_land_cover.runtime.client import WorkerClient
from deep_land_cover.runtime.settings import RuntimeSettings

from .memory import process_tree


class Worker:
    """A worker that is started by its first run and then kept warm; made by ``open_worker``."""

    def __init__(self, client: WorkerClient) -> None:
        self._client = client
        self._others = set(process_tree())

    def run(self, task: str, request: Any) -> dict[str, Any]:
        """Do ``task`` and return the plain form of its result."""
        return self._client.run(task, request, _Deaf())

    def seconds_to_first_patches(self, task: str, request: Any) -> float:
        """Do ``task`` and return how long it took until the progress bar moved off its beginning."""
        watch = _Watch()
        self._client.run(task, request, watch)
        return watch.seconds

    @property
    def pid(self) -> int:
        """The id of the process, once there is one: the first that was not here before."""
        return next(pid for pid in process_tree() if pid not in self._others)


@contextmanager
def open_worker() -> Iterator[Worker]:
    """Give a worker that runs on this Python; it ends with the block."""
    client = WorkerClient(lambda: RuntimeSettings(Path("unused"), python=sys.executable))
    try:
        yield Worker(client)
    finally:
        client.close()


class _Deaf:
    """A listener that needs to know nothing and never cancels."""

    def progress(self, fraction: float, text: str) -> None:
        """Ignore the position."""

    def log(self, text: str, level: str) -> None:
        """Ignore the line."""

    def is_cancelled(self) -> bool:
        """Never cancel."""
        return False


class _Watch(_Deaf):
    """Notes when the first work was done."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self.seconds = math.inf

    def progress(self, fraction: float, text: str) -> None:
        """Note the time of the first position after 0."""
        if fraction > 0:
            self.seconds = min(self.seconds, time.perf_counter() - self._start)
