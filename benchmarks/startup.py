"""The time that the plugin adds to the start of QGIS's desktop."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from .figures import print_figure

_PLUGINS = Path(__file__).absolute().parents[1] / ".dev" / "plugins"
# What QGIS does with a plugin that is enabled, done and timed when all else has been loaded. QGIS
# keeps running its event loop only after that, so the program ends itself.
_SCRIPT = """
import json, os, sys, time
from qgis import utils
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication

def measure():
    before = set(sys.modules)
    times, busy = [time.perf_counter()], time.process_time()
    loaded = utils.loadPlugin("deep_land_cover")
    times.append(time.perf_counter())
    started = utils.startPlugin("deep_land_cover")
    times.append(time.perf_counter())
    found = {
        "loaded": bool(loaded and started),
        "import": 1000 * (times[1] - times[0]),
        "start": 1000 * (times[2] - times[1]),
        "cpu": 1000 * (time.process_time() - busy),
        "modules": len(set(sys.modules) - before),
        "qgis": utils.Qgis.QGIS_VERSION,
    }
    with open(os.environ["FOUND"], "w") as file:
        json.dump(found, file)
    os._exit(0)

# A plugin that does not load opens a message that waits for its reader.
QTimer.singleShot(30000, lambda: os._exit(1))
QTimer.singleShot(1000, measure)
"""


def main() -> None:
    """Start QGIS several times without a screen and print the median, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="fresh processes, after one to warm up")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # The first one compiles the modules, as the first start after an installation does.
        rounds = [_start(Path(folder)) for _ in range(options.rounds + 1)][1:]
    totals = [item["import"] + item["start"] for item in rounds]
    print_figure(
        "startup.desktop",
        round(statistics.median(totals), 1),
        "ms",
        goal=50,
        import_ms=round(statistics.median(item["import"] for item in rounds), 1),
        start_ms=round(statistics.median(item["start"] for item in rounds), 1),
        cpu_ms=round(statistics.median(item["cpu"] for item in rounds), 1),
        slowest_ms=round(max(totals), 1),
        rounds=len(rounds),
        modules=rounds[0]["modules"],
        qgis=rounds[0]["qgis"],
    )


def _start(folder: Path) -> dict[str, float]:
    """Start QGIS with an empty profile and return what its script found; the plugin is not enabled."""
    script, found = folder / "script.py", folder / "found.json"
    script.write_text(_SCRIPT, encoding="utf-8")
    found.unlink(missing_ok=True)
    dropped = ("XDG_", "PYTHON", "QGIS_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    environment |= {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "QGIS_PLUGINPATH": str(_PLUGINS),
        "QT_LOGGING_RULES": "*=false",
        "FOUND": str(found),
    }
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24"]
    command = [*screen, "qgis", "--noversioncheck", "--nologo", "--code", str(script)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if not found.exists():
        sys.exit(f"QGIS did not load the plugin: {done.stderr[-2000:]}")
    measured: dict[str, float] = json.loads(found.read_text(encoding="utf-8"))
    if not measured["loaded"]:
        sys.exit(f"QGIS could not load the plugin: {done.stderr[-2000:]}")
    return measured


if __name__ == "__main__":
    main()
