import threading
from contextlib import closing

import pytest

from deep_land_cover.core.inference.ahead import read_ahead


def test_all_items_come_in_order():
    with closing(read_ahead(range(50), 2)) as items:
        assert list(items) == list(range(50))


def test_items_are_made_in_another_thread_and_not_too_many_ahead():
    made, threads = [], set()
    may_go_on = threading.Semaphore(0)

    def source():
        for number in range(10):
            threads.add(threading.current_thread().name)
            made.append(number)
            if number == 3:
                may_go_on.release()
            yield number

    with closing(read_ahead(source(), 2)) as items:
        assert next(items) == 0
        assert may_go_on.acquire(timeout=10)
        # One was taken, two wait in the queue, and one in the reader's hand.
        assert made == [0, 1, 2, 3]
        assert list(items) == list(range(1, 10))
    assert threads == {"read-ahead"}


def test_an_error_of_the_source_is_raised_where_the_items_are_used():
    def source():
        yield 1
        raise ValueError("broken")

    with closing(read_ahead(source(), 2)) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="broken"):
            next(items)


def test_closing_ends_the_thread_though_items_are_left():
    before = threading.active_count()
    with closing(read_ahead(iter(int, 1), 2)) as items:
        next(items)
    assert threading.active_count() == before
