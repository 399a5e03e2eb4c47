"""Background threads: prefetching items, and writing items, in order."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
# How long a full queue makes a worker wait before it looks whether it should stop, in seconds.
_PATIENCE = 0.1
# How long a full queue makes the caller wait before it looks whether the thread has failed, in seconds.
_WRITER_PATIENCE = 0.1


def read_ahead(items: Iterable[Item], depth: int) -> Generator[Item, None, None]:
    """Yield ``items``, which another thread takes from their source up to ``depth`` items ahead.

    What the source raises is raised here. Close the generator (``contextlib.closing``) to stop
    the thread; it is gone when the generator is.
    """
    return _made_by_threads(items, [lambda item: item], depth, "read-ahead")


def shared_out(items: Iterable[Item], works: Sequence[Callable[[Item], Made]]) -> Generator[Made, None, None]:
    """Yield what ``works`` make of ``items``, as it comes: whichever is free takes the next one.

    Args:
        items: Each goes to one work.
        works: Several have a thread each. A single one works in the thread that asks, on one item
            after the other.

    Raises:
        BaseException: What the source or a work raises; the others then stop after their item.
    """
    if len(works) == 1:
        return (works[0](item) for item in items)
    return _made_by_threads(items, works, len(works), "share")


def _made_by_threads(
    items: Iterable[Item], works: Sequence[Callable[[Item], Made]], depth: int, name: str
) -> Generator[Made, None, None]:
    source: _Source[Item, Made] = _Source(items, depth)
    threads = [threading.Thread(target=source.run, args=(work,), name=name, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        left = len(threads)
        while left:
            made = source.handed.get()
            if not isinstance(made, _End):
                yield made
            elif made.error is not None:
                raise made.error
            else:
                left -= 1
    finally:
        source.stop.set()
        for thread in threads:
            thread.join()


class _End:
    """What a thread hands over last: why it ended, None where nothing is left."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Source(Generic[Item, Made]):
    """Items that threads take in turns, and the queue of what they make of them."""

    def __init__(self, items: Iterable[Item], depth: int) -> None:
        self._items: Iterator[Item] = iter(items)
        self._taking = threading.Lock()
        self.handed: queue.Queue[Made | _End] = queue.Queue(maxsize=depth)
        self.stop = threading.Event()

    def run(self, work: Callable[[Item], Made]) -> None:
        problem: BaseException | None = None
        try:
            while True:
                with self._taking:
                    try:
                        item = next(self._items)
                    except StopIteration:
                        break
                if not self._hand(work(item)):
                    return
        except BaseException as error:
            # Handed over, to be raised in the thread that asked for the items.
            problem = error
        self._hand(_End(problem))

    def _hand(self, made: Made | _End) -> bool:
        """Return whether it was handed over, rather than no longer wanted."""
        while not self.stop.is_set():
            with suppress(queue.Full):
                self.handed.put(made, timeout=_PATIENCE)
                return True
        return False


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


class _EndOfItems:
    """Stands behind the last item."""


class _Writer(Generic[Item]):
    def __init__(self, write: Callable[[Item], None], depth: int) -> None:
        self._write = write
        self._waiting: queue.Queue[Item | _EndOfItems] = queue.Queue(maxsize=depth)
        self._error: BaseException | None = None

    def put(self, item: Item) -> None:
        while True:
            self.check()
            with suppress(queue.Full):
                self._waiting.put(item, timeout=_WRITER_PATIENCE)
                return

    def end(self) -> None:
        # Where writing has failed nobody takes it, and nobody has to.
        while self._error is None:
            with suppress(queue.Full):
                self._waiting.put(_EndOfItems(), timeout=_WRITER_PATIENCE)
                return

    def check(self) -> None:
        if self._error is not None:
            raise self._error

    def run(self) -> None:
        while True:
            item = self._waiting.get()
            if isinstance(item, _EndOfItems):
                return
            try:
                self._write(item)
            except BaseException as error:
                # Handed over, to be raised in the thread that computes.
                self._error = error
                return
