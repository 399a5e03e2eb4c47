"""The desktop itself, on a screen that nobody sees."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.qgis,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="Xvfb is not installed"),
]


def test_the_active_layer_is_classified_from_the_menu_and_the_plugin_unloads(
    environment, demo, trained, tmp_path
):
    report = tmp_path / "report.json"
    variables = {key: value for key, value in environment.items() if key != "QT_QPA_PLATFORM"}
    variables |= {
        "RASTER": demo["RASTER"],
        "MODEL": trained["OUTPUT"],
        "REPORT": str(report),
    }
    script = Path(__file__).with_name("in_desktop.py")
    done = subprocess.run(
        [
            "xvfb-run",
            "-a",
            "-s",
            "-screen 0 1600x1000x24",
            "qgis",
            "--noversioncheck",
            "--nologo",
            "--code",
            script,
        ],
        env=variables,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(report.read_text(encoding="utf-8"))
    assert "error" not in seen, seen["error"]
    assert seen["toolbar"] == [
        "Classify the active raster layer…",
        "Train on the active raster layer…",
        "Set up the environment…",
    ]
    assert seen["menu"] == seen["toolbar"]
    assert seen["preset"].startswith("Active_scene")
    assert seen["name"] == "Land-cover map"
    assert seen["renderer"] == "paletted"
    assert [value for value, _name in seen["classes"]] == [0, 1, 4, 5, 6, 7]
    assert ["Water", "Trees/Forest"] == [name for _value, name in seen["classes"]][:2]
    assert not seen["provider left"]
    assert not seen["actions left"]
