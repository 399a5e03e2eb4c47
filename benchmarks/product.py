"""Algorithms of the plugin, run by benchmarks as a user without a screen runs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

DEV = Path(__file__).resolve().parents[1] / "dev"


def run_algorithm(algorithm: str, **parameters: Any) -> dict[str, Any]:
    """Run an algorithm through ``qgis_process`` and return its results.

    Args:
        algorithm: Its id, without that of the provider.
        parameters: Values by name; paths and numbers are written as text.

    Raises:
        subprocess.CalledProcessError: It failed; its message is on stderr.
    """
    done = subprocess.run(
        [str(DEV), "qgis_process", "run", f"deeplandcover:{algorithm}", "--json", "--"]
        + [f"{name}={value}" for name, value in parameters.items()],
        check=True,
        stdout=subprocess.PIPE,
    )
    results: dict[str, Any] = json.loads(done.stdout)["results"]
    return results
