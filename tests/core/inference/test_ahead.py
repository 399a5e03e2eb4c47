import threading
from contextlib import closing

import pytest

from deep_land_cover.core.threads import map_in_threads, prefetch


def test_all_items_come_in_order():
    with closing(prefetch(range(50), 2)) as items:
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

    with closing(prefetch(source(), 2)) as items:
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

    with closing(prefetch(source(), 2)) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="broken"):
            next(items)


def test_closing_ends_the_thread_though_items_are_left():
    before = threading.active_count()
    with closing(prefetch(iter(int, 1), 2)) as items:
        next(items)
    assert threading.active_count() == before


def test_works_that_share_do_each_item_once_side_by_side():
    both = threading.Barrier(2, timeout=10)
    doers = set()

    def work(item):
        # Neither goes on before the other has an item, too.
        both.wait()
        doers.add(threading.get_ident())
        return item * item

    with closing(map_in_threads(range(20), [work, work])) as done:
        assert sorted(done) == [item * item for item in range(20)]
    assert len(doers) == 2


def test_one_work_does_all_in_the_thread_that_asks():
    doers = []
    with closing(map_in_threads(range(3), [lambda _: doers.append(threading.get_ident())])) as done:
        assert len(list(done)) == 3
    assert set(doers) == {threading.get_ident()}


@pytest.mark.parametrize("breaks", ["source", "work"])
def test_what_breaks_in_a_thread_is_raised_and_ends_the_others(breaks):
    def source():
        yield from range(100)
        raise ValueError("source")

    def work(item):
        if breaks == "work" and item == 7:
            raise ValueError("work")
        return item

    before = threading.active_count()
    with (
        closing(map_in_threads(source(), [work, work, work])) as done,
        pytest.raises(ValueError, match=breaks),
    ):
        list(done)
    assert threading.active_count() == before
