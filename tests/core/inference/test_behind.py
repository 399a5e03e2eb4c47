"""What is computed is written by another thread, in order, and nothing is lost."""

import threading

import pytest

from deep_land_cover.core.threads import background_writer


def test_all_items_are_written_in_order_by_another_thread():
    written, threads = [], set()

    def write(item):
        written.append(item)
        threads.add(threading.get_ident())

    with background_writer(write, 2) as put:
        for item in range(50):
            put(item)
    assert written == list(range(50))
    assert threads and threading.get_ident() not in threads


def test_no_more_items_wait_than_the_depth():
    go, written = threading.Event(), []

    def write(item):
        go.wait(10)
        written.append(item)

    put_all = threading.Event()

    def put_five(put):
        for item in range(5):
            put(item)
        put_all.set()

    with background_writer(write, 2) as put:
        caller = threading.Thread(target=put_five, args=(put,))
        caller.start()
        # One is being written, two wait: the fourth has no room until the first is done.
        assert not put_all.wait(0.5)
        go.set()
        caller.join(10)
    assert written == list(range(5))


def test_an_error_of_the_writer_is_raised_where_the_items_come_from_and_nothing_follows_it():
    written = []

    def write(item):
        if item == 1:
            raise OSError("the disk is gone")
        written.append(item)

    def put_without_end(put):
        for item in range(1000):
            put(item)

    with pytest.raises(OSError, match="the disk is gone"), background_writer(write, 2) as put:
        put_without_end(put)
    assert written == [0]


def test_an_error_with_the_last_item_is_not_lost():
    def write(item):
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"), background_writer(write, 2) as put:
        put(1)


def test_what_was_put_is_written_when_the_caller_fails():
    written = []
    with pytest.raises(ZeroDivisionError), background_writer(written.append, 2) as put:
        put(1)
        raise ZeroDivisionError
    assert written == [1]
