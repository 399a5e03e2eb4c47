"""One thread that reads ahead of the one that computes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
# How long a full queue makes the reader wait before it looks whether it should stop, in seconds.
_PATIENCE = 0.1


def read_ahead(items: Iterable[Item], depth: int) -> Generator[Item, None, None]:
    """Yield ``items``, which another thread takes from their source up to ``depth`` items ahead.

    What the source raises is raised here. Close the generator (``contextlib.closing``) to stop
    the thread; it is gone when the generator is.
    """
    reader = _Reader(items, depth)
    thread = threading.Thread(target=reader.run, name="read-ahead", daemon=True)
    thread.start()
    try:
        while True:
            item = reader.handed.get()
            if isinstance(item, _End):
                break
            yield item
        if item.error is not None:
            raise item.error
    finally:
        reader.stop.set()
        thread.join()


class _End:
    """What the reader hands over last: why it ended, None where nothing is left."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Reader(Generic[Item]):
    def __init__(self, items: Iterable[Item], depth: int) -> None:
        self._items = items
        self.handed: queue.Queue[Item | _End] = queue.Queue(maxsize=depth)
        self.stop = threading.Event()

    def run(self) -> None:
        problem: BaseException | None = None
        try:
            for item in self._items:
                if not self._hand(item):
                    return
        except BaseException as error:
            # Handed over, to be raised in the thread that asked for the items.
            problem = error
        self._hand(_End(problem))

    def _hand(self, item: Item | _End) -> bool:
        """Return whether ``item`` was handed over, rather than no longer wanted."""
        while not self.stop.is_set():
            with suppress(queue.Full):
                self.handed.put(item, timeout=_PATIENCE)
                return True
        return False
