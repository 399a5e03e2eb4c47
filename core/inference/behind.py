"""One thread that writes behind the one that computes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
# How long a full queue makes the caller wait before it looks whether the thread has failed, in seconds.
_PATIENCE = 0.1


@contextmanager
def write_behind(write: Callable[[Item], None], depth: int) -> Iterator[Callable[[Item], None]]:
    """Give a function that hands an item to ``write`` in another thread, at most ``depth`` behind.

    What ``write`` raises is raised by the next call, or when the block ends; nothing is written
    after it. All that was handed over is written when the block ends, however it does.
    """
    writer = _Writer(write, depth)
    thread = threading.Thread(target=writer.run, name="write-behind", daemon=True)
    thread.start()
    try:
        yield writer.put
    finally:
        writer.end()
        thread.join()
    writer.check()


class _End:
    """Stands behind the last item."""


class _Writer(Generic[Item]):
    def __init__(self, write: Callable[[Item], None], depth: int) -> None:
        self._write = write
        self._waiting: queue.Queue[Item | _End] = queue.Queue(maxsize=depth)
        self._error: BaseException | None = None

    def put(self, item: Item) -> None:
        while True:
            self.check()
            with suppress(queue.Full):
                self._waiting.put(item, timeout=_PATIENCE)
                return

    def end(self) -> None:
        # Where writing has failed nobody takes it, and nobody has to.
        while self._error is None:
            with suppress(queue.Full):
                self._waiting.put(_End(), timeout=_PATIENCE)
                return

    def check(self) -> None:
        if self._error is not None:
            raise self._error

    def run(self) -> None:
        while True:
            item = self._waiting.get()
            if isinstance(item, _End):
                return
            try:
                self._write(item)
            except BaseException as error:
                # Handed over, to be raised in the thread that computes.
                self._error = error
                return
