"""`qgis_process` as a user types it: a process of its own, a fresh profile, no screen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Small enough for two cores.
QUICK = {
    "ARCHITECTURE": "resnet18",
    "PATCH_SIZE": 8,
    "STEM": "standard",
    "EPOCHS": 1,
    "BATCH_SIZE": 16,
    "MAX_PER_CLASS": 20,
    "DEVICE": "cpu",
}


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """Environment variables with a throw-away profile in which the plugin is enabled."""
    if shutil.which("qgis_process") is None:
        pytest.skip("QGIS is not installed")
    home = tmp_path_factory.mktemp("home")
    variables = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("XDG_", "QGIS_", "PYTHON")) and key != "VIRTUAL_ENV"
    }
    variables |= {
        "HOME": str(home),
        "QGIS_PLUGINPATH": str(ROOT / ".dev" / "plugins"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    variables.setdefault("DEEP_LAND_COVER_PYTHON", str(ROOT / ".dev" / "env" / "bin" / "python"))
    subprocess.run(
        ["qgis_process", "plugins", "enable", "deep_land_cover"],
        env=variables,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return variables


@pytest.fixture(scope="session")
def qgis_process(environment):
    """Run an algorithm; return the finished process and, where it succeeded, its results.

    ``variables`` are environment variables besides the usual ones.
    """

    def run(algorithm, *lists, variables=None, **parameters):
        pairs = [f"{name}={value}" for name, value in (*lists, *parameters.items())]
        done = subprocess.run(
            ["qgis_process", "run", f"deeplandcover:{algorithm}", "--json", "--", *pairs],
            env={**environment, **(variables or {})},
            capture_output=True,
            text=True,
            timeout=900,
        )
        return done, json.loads(done.stdout)["results"] if done.returncode == 0 else {}

    return run


@pytest.fixture(scope="session")
def qgis(environment):
    """Return a function that runs algorithms in one QGIS with one worker, see ``in_qgis``."""
    script = Path(__file__).with_name("in_qgis.py")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    with subprocess.Popen([sys.executable, script], env=environment, **pipes) as process:

        def run(algorithm, parameters, cancel_at=None):
            order = {"algorithm": algorithm, "parameters": parameters, "cancel_at": cancel_at or {}}
            print(json.dumps(order, default=str), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


@pytest.fixture(scope="session")
def prepared(qgis):
    """Return a function that makes what a test needs, in the QGIS that stays, and returns its results."""

    def run(algorithm, **parameters):
        answer = qgis(algorithm, parameters)
        assert answer["succeeded"], answer["log"]
        return answer["results"]

    return run


@pytest.fixture(scope="session")
def demo(qgis_process, made_once):
    """The outputs of 'Create the demo scene'."""

    def make(folder):
        done, results = qgis_process("createdemo", OUTPUT_FOLDER=folder, SEED=3)
        assert done.returncode == 0, done.stderr
        return results

    return made_once("demo", make)


@pytest.fixture(scope="session")
def trained(prepared, demo, made_once):
    """The outputs of a quick training on the demo scene."""

    def make(folder):
        return prepared(
            "trainmodel",
            **QUICK,
            INDICES=["NDVI", "MNDWI"],
            INPUT=demo["RASTER"],
            SAMPLES=demo["TRAINING"],
            CLASS_FIELD="class",
            NAME_FIELD="name",
            SCHEME="jambi",
            OUTPUT=folder / "demo.safetensors",
        )

    return made_once("trained", make)
