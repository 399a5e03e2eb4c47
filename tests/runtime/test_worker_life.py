"""A real worker stays warm, is closed or dies, and the next run has another one."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import replace

import pytest

from deep_land_cover.core import errors

from .conftest import CANCEL_LIMIT, pid_in


def test_the_worker_stays_warm(client, act, recorder):
    first = client.run("act", act("echo"), recorder())
    second = client.run("act", act("echo"), recorder())
    assert first["pid"] == second["pid"] != os.getpid()


def test_an_idle_worker_is_closed(make_client, settings, act, recorder, is_running, eventually):
    client = make_client(replace(settings, idle_seconds=0.3))
    pid = client.run("act", act("echo"), recorder())["pid"]
    eventually(lambda: not is_running(pid))
    assert client.run("act", act("echo"), recorder())["pid"] != pid


def test_a_run_longer_than_the_idle_time_is_left_alone(make_client, settings, act, recorder, tmp_path):
    client = make_client(replace(settings, idle_seconds=0.1))
    go = tmp_path / "go"
    timer = threading.Timer(0.6, go.touch)
    client.run("act", act("echo"), recorder())
    timer.start()
    assert client.run("act", act("steps", "lang", str(go)), recorder())["text"] == "lang"


def test_a_changed_interpreter_takes_a_new_worker(make_client, settings, act, recorder, tmp_path, is_running):
    other = tmp_path / "other python"
    other.symlink_to(sys.executable)
    current = settings
    client = make_client(lambda: current)
    first = client.run("act", act("echo"), recorder())["pid"]
    current = replace(settings, python=str(other))
    second = client.run("act", act("echo"), recorder())["pid"]
    assert first != second
    assert not is_running(first)


def test_close_ends_the_worker_and_a_later_run_starts_a_new_one(client, act, recorder, is_running):
    pid = client.run("act", act("echo"), recorder())["pid"]
    client.close()
    assert not is_running(pid)
    client.close()
    assert client.run("act", act("echo", "wieder"), recorder())["text"] == "wieder"


def test_close_ends_runs_that_are_under_way_or_wait(runs, act, recorder, tmp_path, eventually, is_running):
    part = tmp_path / "x.part"
    first_heard, second_heard = recorder(), recorder()
    first = runs.start(act("deaf", path=str(part)), first_heard)
    eventually(lambda: pid_in(first_heard))
    second = runs.start(act("echo"), second_heard)
    eventually(lambda: second_heard.positions)
    start = time.monotonic()
    runs.client.close()
    assert time.monotonic() - start < CANCEL_LIMIT
    for result in (first, second):
        with pytest.raises(errors.RunCancelled):
            result()
    assert not is_running(pid_in(first_heard))
    assert not part.exists()


def test_a_worker_killed_in_mid_run_is_an_error_and_the_next_run_works(
    runs, act, recorder, tmp_path, eventually
):
    part = tmp_path / "map.tif.part"
    heard = recorder()
    result = runs.start(act("deaf", path=str(part)), heard)
    eventually(lambda: pid_in(heard))
    os.kill(pid_in(heard), signal.SIGKILL)
    with pytest.raises(errors.WorkerError, match=r"was killed \(signal 9\), perhaps because memory ran out"):
        result()
    assert not part.exists()
    assert runs.client.run("act", act("echo", "danach"), recorder())["text"] == "danach"


@pytest.mark.parametrize(
    ("text", "count", "words"),
    [
        ("crash", 0, "crashed (signal 11, segmentation fault)"),
        ("", 3, "ended with exit code 3"),
        ("", 0, "ended with exit code 0"),
        ("", -signal.SIGABRT, "crashed (signal 6, it aborted)"),
        ("", -signal.SIGTERM, "was ended (signal 15)"),
    ],
)
def test_a_death_is_told_in_words_with_the_last_lines(client, act, recorder, tmp_path, text, count, words):
    part = tmp_path / "x.part"
    heard = recorder()
    with pytest.raises(errors.WorkerError) as caught:
        client.run("act", act("die", text, str(part), count), heard)
    assert words in str(caught.value)
    assert ("warning", "letzte Worte, ü") in heard.lines
    assert not part.exists()


def test_a_worker_that_dies_while_idle_is_replaced(client, act, recorder, is_running, eventually):
    pid = client.run("act", act("echo"), recorder())["pid"]
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not is_running(pid))
    # The parent learns of it a moment later; until then a run would be the one that finds out.
    eventually(lambda: not client._worker.is_alive)
    assert client.run("act", act("echo"), recorder())["pid"] != pid


def test_a_forked_child_of_a_dead_worker_does_not_delay_the_error(
    client, act, recorder, is_running, eventually
):
    heard = recorder()
    start = time.monotonic()
    with pytest.raises(errors.WorkerError):
        client.run("act", act("fork"), heard)
    assert time.monotonic() - start < 20
    child = int(heard.text.rpartition("child ")[2].split()[0])
    eventually(lambda: not is_running(child))
