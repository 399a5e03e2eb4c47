"""The worker script, spoken with line by line as its parent does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import deep_land_cover
from deep_land_cover.core.text import unpacked

SCRIPT = Path(deep_land_cover.__file__).parent / "core" / "worker.py"


class Worker:
    """A running worker script."""

    def __init__(self, cwd):
        command = [sys.executable, "-I", "-u", "-X", "utf8", str(SCRIPT)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd
        )
        # A worker that never answers must fail the test, not hang it.
        self._guard = threading.Timer(60, self.process.kill)
        self._guard.start()

    def send(self, line):
        data = line if isinstance(line, bytes) else json.dumps(line).encode()
        self.process.stdin.write(data + b"\n")
        self.process.stdin.flush()

    def receive(self):
        return json.loads(self.process.stdout.readline())

    def receive_end(self):
        while (message := self.receive())["type"] not in ("result", "error"):
            pass
        return message

    def close(self):
        self._guard.cancel()
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        self.process.wait()


@pytest.fixture
def worker(tmp_path):
    worker = Worker(tmp_path)
    yield worker
    worker.close()


def test_it_says_that_it_is_ready(worker):
    assert worker.receive() == {"type": "ready", "pid": worker.process.pid}


def test_it_ends_when_its_stdin_is_closed(worker):
    worker.receive()
    worker.process.stdin.close()
    assert worker.process.wait(20) == 0


def test_it_ends_when_told_to_stop(worker):
    worker.receive()
    worker.send({"type": "stop"})
    assert worker.process.wait(20) == 0


def test_it_ignores_an_interrupt(worker):
    worker.receive()
    worker.process.send_signal(signal.SIGINT)
    worker.send({"type": "run", "id": "1", "task": "nosuch", "request": {}})
    assert worker.receive_end()["id"] == "1"


def test_lines_that_are_no_messages_are_ignored_and_told_on_stderr(worker):
    worker.receive()
    for line in (b"hello", b"{}", b"[1]", b"\xff\xff", b'{"type": "ready", "pid": 1}'):
        worker.send(line)
    worker.send({"type": "cancel", "id": "nosuch"})
    worker.send({"type": "run", "id": "2", "task": "nosuch", "request": {}})
    assert worker.receive_end()["id"] == "2"
    worker.send({"type": "stop"})
    assert b"hello" in worker.process.stderr.read()


def test_an_unknown_task_is_an_error_and_the_loop_goes_on(worker):
    worker.receive()
    for number, task in enumerate(("nosuch", "../worker", "__init__", "os.path")):
        worker.send({"type": "run", "id": str(number), "task": task, "request": {}})
        answer = worker.receive_end()
        assert (answer["type"], answer["id"], answer["kind"]) == ("error", str(number), "WorkerError")


@pytest.mark.medium
def test_a_run_cancelled_before_it_begins_is_answered_as_cancelled(worker):
    worker.receive()
    # Both lines are read before the first run, which imports torch, is over.
    worker.send({"type": "run", "id": "1", "task": "check", "request": {}})
    worker.send({"type": "run", "id": "2", "task": "check", "request": {}})
    worker.send({"type": "cancel", "id": "2"})
    assert worker.receive_end()["id"] == "1"
    answer = worker.receive_end()
    assert (answer["id"], answer["kind"]) == ("2", "RunCancelled")


def test_the_check_tells_device_and_versions(worker):
    torch = pytest.importorskip("torch")
    worker.receive()
    worker.send({"type": "run", "id": "1", "task": "check", "request": {}})
    answer = worker.receive_end()
    assert answer["type"] == "result"
    values = answer["values"]
    assert values["versions"]["torch"] == torch.__version__
    assert values["device"] in unpacked(values["sentence"])


def test_it_starts_without_any_heavy_package(worker, tmp_path):
    code = (
        "import importlib.util, sys; "
        f"s = importlib.util.spec_from_file_location('w', {os.fspath(SCRIPT)!r}); "
        f"w = importlib.util.module_from_spec(s); s.loader.exec_module(w); "
        f"from pathlib import Path; w.load_package(Path({os.fspath(SCRIPT.parents[1])!r})); "
        "import deep_land_cover.core.loop; "
        "print([n for n in ('numpy', 'torch', 'rasterio', 'sklearn', 'qgis') if n in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert shown.stdout.strip() == "[]", shown.stderr
