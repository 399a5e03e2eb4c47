"""Runs through a real worker: their result, what their listener hears, and whose turn it is."""

from __future__ import annotations

import sys
import threading

import pytest

from deep_land_cover.runtime.client import WAITING


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
    go, order = tmp_path / "go", tmp_path / "order.txt"
    first_heard = recorder()
    results = [runs.start(act("steps", "run0", str(go)), first_heard)]
    eventually(lambda: first_heard.positions)
    for number in (1, 2, 3):
        listener = recorder()
        results.append(runs.start(act("echo", f"run{number}", str(order)), listener))
        eventually(lambda listener=listener: (0.0, WAITING) in listener.positions)
    go.touch()
    assert [result()["text"] for result in results] == ["run0", "run1", "run2", "run3"]
    # The worker's order: each listener is told by a thread of its own, at a time of its own.
    assert order.read_text(encoding="utf-8").split() == ["run1", "run2", "run3"]


def test_what_libraries_print_does_not_reach_the_messages(client, act, recorder):
    heard = recorder()
    result = client.run("act", act("print"), heard)
    assert result["text"] == "''"  # stdin is empty for tasks
    assert ("info", "told after all that") in heard.lines
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
