"""`qgis_process` as a user types it: a process of its own, a fresh profile, no screen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
    """Run an algorithm; return the finished process and, where it succeeded, its results."""

    def run(algorithm, *lists, **parameters):
        pairs = [f"{name}={value}" for name, value in (*lists, *parameters.items())]
        done = subprocess.run(
            ["qgis_process", "run", f"deeplandcover:{algorithm}", "--json", "--", *pairs],
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
        return done, json.loads(done.stdout)["results"] if done.returncode == 0 else {}

    return run
