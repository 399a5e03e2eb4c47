"""A worker never outlives its parent, however that ends."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import deep_land_cover

PARENT = """
import subprocess, sys
from dataclasses import dataclass
from pathlib import Path
plugins, root, folder, action, path, *sibling = sys.argv[1:]
sys.path.insert(0, plugins)
from deep_land_cover.runtime.client import WorkerClient
from deep_land_cover.runtime.settings import RuntimeSettings

@dataclass(frozen=True)
class Act:
    action: str
    path: str = ""

class Listener:
    def progress(self, fraction, text): pass
    def is_cancelled(self): return False
    def log(self, text, level):
        if text.startswith("pid "):
            if sibling:
                child = subprocess.Popen(["sleep", "60"], close_fds=False, stdout=subprocess.DEVNULL)
                print("sibling", child.pid, flush=True)
            print(text, flush=True)

settings = RuntimeSettings(environment_folder=Path(folder), python=sys.executable)
WorkerClient(lambda: settings, package_root=Path(root)).run("act", Act(action, path), Listener())
"""


@pytest.fixture
def parent(package_copy, tmp_path):
    started = []

    def start(action, path, *more):
        plugins = Path(deep_land_cover.__file__).parent.parent
        arguments = [str(plugins), str(package_copy), str(tmp_path), action, str(path), *more]
        process = subprocess.Popen(
            [sys.executable, "-c", PARENT, *arguments], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        pids = {}
        for line in process.stdout:
            name, _, number = line.partition(" ")
            pids[name] = int(number)
            if name == "pid":
                return process, pids
        raise AssertionError("the parent ended early")

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.medium
@pytest.mark.parametrize("action", ["c_sleep", "torch"])
def test_a_worker_dies_with_a_killed_parent_even_inside_a_native_call(
    parent, tmp_path, is_running, eventually, action
):
    if action == "torch" and not importlib.util.find_spec("torch"):
        pytest.skip("no torch here")
    end = tmp_path / "end"
    process, pids = parent(action, end)
    assert is_running(pids["pid"])
    process.send_signal(signal.SIGKILL)
    process.wait()
    eventually(lambda: not is_running(pids["pid"]), seconds=5)
    assert not end.exists()


def test_a_dying_parent_leaves_no_partial_file(parent, tmp_path, is_running, eventually):
    part = tmp_path / "map.tif.part"
    process, pids = parent("deaf", part)
    eventually(part.exists)
    process.kill()
    process.wait()
    eventually(lambda: not is_running(pids["pid"]), seconds=5)
    assert not part.exists()


def test_other_children_of_the_parent_do_not_keep_the_worker_alive(parent, tmp_path, is_running, eventually):
    process, pids = parent("deaf", tmp_path / "x", "sibling")
    process.kill()
    process.wait()
    try:
        eventually(lambda: not is_running(pids["pid"]), seconds=5)
        assert is_running(pids["sibling"])
    finally:
        os.kill(pids["sibling"], signal.SIGKILL)
