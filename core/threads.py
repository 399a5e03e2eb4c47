"""Background threads: prefetch of items, work on items by several threads, and background writer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
# Interval in which a worker at a full queue checks whether to stop.
_STOP_CHECK_SECONDS = 0.1
# Interval in which the caller at a full queue checks whether the writer has failed.
_FAILURE_CHECK_SECONDS = 0.1


def prefetch(items: Iterable[Item], depth: int) -> Generator[Item, None, None]:
    """Yield items that another thread takes from their source in advance.

    Closing the generator (``contextlib.closing``) stops the thread, and waits for its end.

    Args:
        items: Source of the items.
        depth: Maximum number of items that wait.

    Raises:
        BaseException: The source raised it.
    """
    return _results_of_threads(items, [lambda item: item], depth, "read-ahead")


def map_in_threads(
    items: Iterable[Item], works: Sequence[Callable[[Item], Result]]
) -> Generator[Result, None, None]:
    """Yield the results of functions that take items in turn, in the order in which they are ready.

    Args:
        items: Source of the items.
        works: Functions from an item to a result. Several have a thread each. A single one is called in the
            caller's thread, when a result is requested.

    Raises:
        BaseException: The source or a function raised it. The others stop after their item.
    """
    if len(works) == 1:
        return (works[0](item) for item in items)
    return _results_of_threads(items, works, len(works), "share")


def _results_of_threads(
    items: Iterable[Item], works: Sequence[Callable[[Item], Result]], depth: int, name: str
) -> Generator[Result, None, None]:
    source: _Source[Item, Result] = _Source(items, depth)
    threads = [threading.Thread(target=source.run, args=(work,), name=name, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        running = len(threads)
        while running:
            result = source.results.get()
            if not isinstance(result, _End):
                yield result
            elif result.error is not None:
                raise result.error
            else:
                running -= 1
    finally:
        source.stop.set()
        for thread in threads:
            thread.join()


class _End:
    """Last result of a thread.

    Attributes:
        error: Error that ended the thread; None where no items are left.
    """

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Source(Generic[Item, Result]):
    """Items that threads take in turn, and the queue of their results."""

    def __init__(self, items: Iterable[Item], depth: int) -> None:
        self._items: Iterator[Item] = iter(items)
        self._lock = threading.Lock()
        self.results: queue.Queue[Result | _End] = queue.Queue(maxsize=depth)
        self.stop = threading.Event()

    def run(self, work: Callable[[Item], Result]) -> None:
        failure: BaseException | None = None
        try:
            while True:
                with self._lock:
                    try:
                        item = next(self._items)
                    except StopIteration:
                        break
                if not self._put(work(item)):
                    return
        except BaseException as error:
            # Raised in the thread that requested the items.
            failure = error
        self._put(_End(failure))

    def _put(self, result: Result | _End) -> bool:
        """Put a result into the queue; return False where the threads are to stop."""
        while not self.stop.is_set():
            with suppress(queue.Full):
                self.results.put(result, timeout=_STOP_CHECK_SECONDS)
                return True
        return False


@contextmanager
def background_writer(write: Callable[[Item], None], depth: int) -> Iterator[Callable[[Item], None]]:
    """Provide a function that passes items to ``write`` in another thread.

    An error of ``write`` is raised by the next call, or at the end of the block, and nothing is written after
    it. All items are written when the block ends, with or without an error of the caller.

    Args:
        write: Function that writes an item.
        depth: Maximum number of items that wait.
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
    """Mark behind the last item."""


class _Writer(Generic[Item]):
    def __init__(self, write: Callable[[Item], None], depth: int) -> None:
        self._write = write
        self._waiting: queue.Queue[Item | _EndOfItems] = queue.Queue(maxsize=depth)
        self._error: BaseException | None = None

    def put(self, item: Item) -> None:
        while True:
            self.check()
            with suppress(queue.Full):
                self._waiting.put(item, timeout=_FAILURE_CHECK_SECONDS)
                return

    def end(self) -> None:
        # After a failure no thread takes the mark, and none needs it.
        while self._error is None:
            with suppress(queue.Full):
                self._waiting.put(_EndOfItems(), timeout=_FAILURE_CHECK_SECONDS)
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
                # Raised in the caller's thread.
                self._error = error
                return
