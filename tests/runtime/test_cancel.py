"""A cancelled run ends soon, its worker asked before it is killed, and leaves nothing."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from deep_land_cover.core import errors
from deep_land_cover.runtime.client import WAITING

from .conftest import CANCEL_LIMIT, pid_in


def test_a_run_cancelled_before_it_begins_does_nothing(client, act, recorder, tmp_path):
    with pytest.raises(errors.RunCancelled):
        client.run("act", act("polite", path=str(tmp_path / "x.part")), recorder(cancel_when=lambda _: True))
    assert not (tmp_path / "x.part").exists()


def test_a_waiting_run_can_be_cancelled(runs, act, recorder, tmp_path, eventually):
    go = tmp_path / "go"
    first_heard = recorder()
    first = runs.start(act("steps", "eins", str(go)), first_heard)
    eventually(lambda: first_heard.positions)
    second = runs.start(act("echo"), recorder(cancel_when=lambda heard: WAITING in heard.text))
    with pytest.raises(errors.RunCancelled):
        second()
    go.touch()
    assert first()["text"] == "eins"
    assert runs.client.run("act", act("echo", "drei"), recorder())["text"] == "drei"


def test_a_cancel_is_cooperative(client, act, recorder, tmp_path):
    part = tmp_path / "map.tif.part"
    before = client.run("act", act("echo"), recorder())["pid"]
    with pytest.raises(errors.RunCancelled):
        client.run("act", act("polite", path=str(part)), recorder(cancel_when=pid_in))
    assert not part.exists()
    assert client.run("act", act("echo"), recorder())["pid"] == before


def test_a_task_that_does_not_answer_a_cancel_is_killed_and_cleared_up(
    client, act, recorder, tmp_path, is_running
):
    part = tmp_path / "map ü.tif.part"
    heard = recorder(cancel_when=pid_in)
    with pytest.raises(errors.RunCancelled):
        client.run("act", act("deaf", path=str(part)), heard)
    assert 0.7 < time.monotonic() - heard.cancelled_at < CANCEL_LIMIT
    assert not part.exists()
    assert not is_running(pid_in(heard))
    assert client.run("act", act("echo", "danach"), recorder())["text"] == "danach"


def test_a_start_can_be_cancelled(make_client, settings, act, recorder, program):
    python = program("python", "sleep 60")
    heard = recorder(cancel_when=lambda heard: "Starting the worker" in heard.text)
    start = time.monotonic()
    with pytest.raises(errors.RunCancelled):
        make_client(replace(settings, python=python)).run("act", act("echo"), heard)
    assert time.monotonic() - start < 20
