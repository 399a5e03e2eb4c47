"""Runs through real worker processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from deep_land_cover.core import errors
from deep_land_cover.runtime.client import WAITING

CANCEL_LIMIT = 5.0  # 0.8 s of patience, and a machine under load


def pid_in(recorder):
    words = [text for _, text in recorder.lines if text.startswith("pid ")]
    return int(words[0].split()[1]) if words else 0


def test_a_task_returns_its_result_and_tells_its_progress_and_log(client, act, recorder):
    heard = recorder()
    result = client.run("act", act("echo", "Wälder 森林", count=4), heard)
    assert result["text"] == "Wälder 森林"
    assert heard.positions[-1] == (1.0, "Wälder 森林 4")
    assert ("info", "heard Wälder 森林") in heard.lines


def test_a_listener_is_called_in_the_thread_that_runs(client, act, recorder):
    heard = recorder()
    client.run("act", act("echo", "a", count=3), heard)
    assert heard.threads == {threading.get_ident()}


def test_the_worker_stays_warm(client, act, recorder):
    first = client.run("act", act("echo"), recorder())
    second = client.run("act", act("echo"), recorder())
    assert first["pid"] == second["pid"] != os.getpid()


def test_the_log_says_which_python_is_used(client, act, recorder):
    heard = recorder()
    client.run("act", act("echo"), heard)
    assert sys.executable in heard.text
    assert "settings" in heard.text


def test_two_runs_at_once_finish_with_their_own_results_and_progress(
    runs, act, recorder, tmp_path, eventually
):
    go = tmp_path / "go"
    first_heard, second_heard = recorder(), recorder()
    first = runs.start(act("steps", "eins", str(go)), first_heard)
    eventually(lambda: first_heard.positions)
    second = runs.start(act("steps", "zwei", str(go)), second_heard)
    eventually(lambda: (0.0, WAITING) in second_heard.positions)
    go.touch()
    assert first()["text"] == "eins"
    go.unlink()
    eventually(lambda: any("zwei" in text for _, text in second_heard.positions))
    go.touch()
    assert second()["text"] == "zwei"
    assert ("info", WAITING) in second_heard.lines
    assert WAITING not in first_heard.text
    assert all("zwei" not in text for _, text in first_heard.positions)
    assert all("eins" not in text for _, text in second_heard.positions)


def test_waiting_runs_go_in_the_order_they_came(runs, act, recorder, tmp_path, eventually):
    go = tmp_path / "go"
    heard = [recorder() for _ in range(4)]
    order: list[str] = []

    class Noting(type(heard[0])):
        def progress(self, fraction, text):
            super().progress(fraction, text)
            if text.endswith(" 1") and text not in order:
                order.append(text)

    listeners = [Noting() for _ in range(4)]
    results = []
    for number, listener in enumerate(listeners):
        results.append(runs.start(act("steps", f"run{number}", str(go)), listener))
        eventually(lambda listener=listener: listener.positions)
    go.touch()
    assert [result()["text"] for result in results] == ["run0", "run1", "run2", "run3"]


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


def test_a_run_cancelled_before_it_begins_does_nothing(client, act, recorder, tmp_path):
    with pytest.raises(errors.RunCancelled):
        client.run("act", act("polite", path=str(tmp_path / "x.part")), recorder(cancel_when=lambda _: True))
    assert not (tmp_path / "x.part").exists()


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


def test_a_forked_child_of_a_dead_worker_does_not_delay_the_error(client, act, recorder, is_running):
    heard = recorder()
    start = time.monotonic()
    with pytest.raises(errors.WorkerError):
        client.run("act", act("fork"), heard)
    assert time.monotonic() - start < 20
    child = int(heard.text.rpartition("child ")[2].split()[0])
    assert not is_running(child)


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


def test_a_listener_that_fails_stops_its_run(client, act, recorder, tmp_path):
    class Failing(recorder):
        def log(self, text, level):
            if text.startswith("pid "):
                raise RuntimeError("wrapped C++ object was deleted")

    part = tmp_path / "x.part"
    with pytest.raises(RuntimeError, match="was deleted"):
        client.run("act", act("polite", path=str(part)), Failing())
    assert not part.exists()
    assert client.run("act", act("echo", "danach"), recorder())["text"] == "danach"


def test_what_libraries_print_does_not_reach_the_messages(client, act, recorder):
    heard = recorder()
    result = client.run("act", act("print"), heard)
    assert result["text"] == "''"  # stdin is empty for tasks
    assert client.run("act", act("echo", "weiter"), recorder())["text"] == "weiter"


def test_much_output_on_stderr_does_not_block_the_worker(client, act, recorder):
    assert client.run("act", act("flood", count=5000), recorder())["text"] == "done"


def test_messages_may_be_longer_than_any_pipe_or_default_limit(client, act, recorder):
    heard = recorder()
    text = "ü" * 500_000
    assert client.run("act", act("echo", text), recorder())["text"] == text
    result = client.run("act", act("long", count=3_000_000), heard)
    assert len(result["text"]) == 3_000_000
    assert any(len(line) == 3_000_000 for _, line in heard.lines)


def test_the_last_text_before_a_silence_is_told(runs, act, recorder, tmp_path, eventually):
    go = tmp_path / "go"
    heard = recorder()
    result = runs.start(act("last_text", path=str(go)), heard)
    eventually(lambda: any(text == "part 2" for _, text in heard.positions))
    go.touch()
    result()


def test_progress_is_thinned_out_but_ends_at_the_end(client, act, recorder):
    heard = recorder()
    client.run("act", act("echo", "p", count=20_000), heard)
    assert heard.positions[-1] == (1.0, "p 20000")
    assert len(heard.positions) < 200


@pytest.mark.parametrize(
    "leaf", ["RasterError", "SampleError", "ModelFileError", "DeviceError", "ParameterError"]
)
def test_an_error_of_a_task_keeps_its_leaf_and_its_parts(client, act, recorder, leaf):
    heard = recorder()
    with pytest.raises(errors.LandCoverError) as caught:
        client.run("act", act("raise", leaf), heard)
    assert type(caught.value) is getattr(errors, leaf)
    assert (caught.value.what, caught.value.where, caught.value.advice) == (
        "It happened",
        "dort, ü",
        "Do this.",
    )
    assert "Traceback" not in heard.text


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        ("disk", "The disk is full"),
        ("memory", "The memory of the computer is full"),
        ("exit", "Something unexpected happened: SystemExit: 3"),
        ("interrupt", "Something unexpected happened: KeyboardInterrupt"),
        ("anything", "Something unexpected happened: ValueError: odd, 奇"),
    ],
)
def test_whatever_a_task_raises_is_a_sentence_and_the_loop_goes_on(client, act, recorder, cause, sentence):
    before = client.run("act", act("echo"), recorder())["pid"]
    heard = recorder()
    with pytest.raises(errors.LandCoverError) as caught:
        client.run("act", act("raise", cause), heard)
    assert sentence in str(caught.value)
    assert any(level == "warning" and "Traceback" in text for level, text in heard.lines)
    assert client.run("act", act("echo"), recorder())["pid"] == before


def test_a_result_without_plain_form_is_an_error(client, act, recorder):
    with pytest.raises(errors.WorkerError, match="object has no plain form"):
        client.run("act", act("unspeakable"), recorder())


@pytest.mark.parametrize("task", ["nosuch", "__init__", "../loop", "os", "tasks.act", ""])
def test_an_unknown_task_is_an_error(client, act, recorder, task):
    with pytest.raises(errors.WorkerError, match="There is no task"):
        client.run(task, act("echo"), recorder())


def test_a_request_that_does_not_fit_is_an_error(client, act, recorder):
    with pytest.raises(errors.WorkerError, match="does not fit"):
        client.run("act", act(5), recorder())


def test_an_interpreter_that_is_no_program_is_a_setup_error(make_client, settings, act, recorder, tmp_path):
    with pytest.raises(errors.SetupError, match="is no program") as caught:
        make_client(replace(settings, python=str(tmp_path / "keins"))).run("act", act("echo"), recorder())
    assert caught.value.where == str(tmp_path / "keins")


def test_an_interpreter_that_cannot_start_is_a_setup_error(make_client, settings, act, recorder, tmp_path):
    program = tmp_path / "python"
    program.write_bytes(b"\x7fELF nonsense")
    program.chmod(0o755)
    with pytest.raises(errors.SetupError, match="does not start"):
        make_client(replace(settings, python=str(program))).run("act", act("echo"), recorder())


def test_an_interpreter_that_is_another_program_is_told_with_its_last_line(
    make_client, settings, act, recorder, tmp_path
):
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho '[1, 2]'\necho something else >&2\nexit 7\n")
    program.chmod(0o755)
    with pytest.raises(errors.WorkerError) as caught:
        make_client(replace(settings, python=str(program))).run("act", act("echo"), recorder())
    assert "ended with exit code 7 before it was ready" in str(caught.value)
    assert "something else" in str(caught.value)


def test_a_start_can_be_cancelled(make_client, settings, act, recorder, tmp_path):
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    heard = recorder(cancel_when=lambda heard: "Starting the worker" in heard.text)
    start = time.monotonic()
    with pytest.raises(errors.RunCancelled):
        make_client(replace(settings, python=str(program))).run("act", act("echo"), heard)
    assert time.monotonic() - start < 20


def test_lines_that_are_no_messages_are_passed_over(make_client, settings, act, recorder, tmp_path):
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\necho hello\necho \'{{"a": 1}}\'\nexec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    client = make_client(replace(settings, python=str(program)))
    assert client.run("act", act("echo", "gut"), recorder())["text"] == "gut"


def test_nothing_of_the_neighbourhood_reaches_the_worker(client, act, recorder, tmp_path, monkeypatch):
    poison = tmp_path / "poison"
    for name in ("numpy", "json"):
        (poison / name).mkdir(parents=True)
        (poison / name / "__init__.py").write_text("raise RuntimeError('poisoned')")
    monkeypatch.chdir(poison)
    for name, value in {
        "PYTHONPATH": str(poison),
        "PYTHONHOME": str(poison),
        "PYTHONSTARTUP": str(poison / "x.py"),
        "PYTHONEXECUTABLE": "/nowhere/python",
        "VIRTUAL_ENV": str(poison),
        "PROJ_LIB": str(poison),
        "PROJ_DATA": str(poison),
        "GDAL_DATA": str(poison),
        "GDAL_DRIVER_PATH": str(poison),
        "QGIS_PREFIX_PATH": str(poison),
        "LD_LIBRARY_PATH": str(poison),
        "HTTPS_PROXY": "http://proxy.example:3128",
        "AWS_PROFILE": "karten",
        "DEEP_TEXT": "日本",
    }.items():
        monkeypatch.setenv(name, value)
    values = client.run("act", act("environment"), recorder())["values"]
    # GDAL's options for caches and servers are harmless; its folders are not.
    dropped = ("PYTHON", "VIRTUAL_ENV", "PROJ_", "GDAL_DATA", "GDAL_DRIVER_PATH", "QGIS_", "LD_LIBRARY_PATH")
    assert not [name for name in values if name.startswith(dropped)]
    assert values["HTTPS_PROXY"] == "http://proxy.example:3128"
    assert values["AWS_PROFILE"] == "karten"
    assert values["DEEP_TEXT"] == "日本"
    assert str(poison) not in values["@path"]
    assert "poison" not in values["@json"] + values["@numpy"]
    assert (values["@isolated"], values["@utf8"]) == ("1", "1")
    assert Path(values["@cwd"]) == poison  # so that relative paths mean what the user meant
