"""Probe of a Python interpreter: its version and packages, found by starting it.

>>> probe_python("/usr/bin/python3").problem     # "torch is missing; rasterio is missing", or empty
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.text import Text, joined
from .command import run_command
from .packages import MIN_PYTHON, PACKAGES, Package

_SCRIPT = Path(__file__).with_name("probe_script.py")
_START_SECONDS = 30.0
_LOAD_SECONDS = 300.0
_PROBLEMS = {
    "missing": "{name} is missing",
    "old": "{name} is {version}, but {least} or later is needed",
    "broken": "{name} does not load ({error})",
}
"""Template of each kind of problem that the script reports."""


@dataclass(frozen=True)
class Findings:
    """Result of a probe.

    Attributes:
        problem: Reason why the Python cannot run the core, the end of a sentence; empty if it can.
        python: Major and minor version of the Python; (0, 0) if it does not start.
        versions: Version of each package by name; None if the Python cannot be used.
    """

    problem: str
    python: tuple[int, int] = (0, 0)
    versions: dict[str, str] | None = None


def probe_python(
    python: str,
    packages: Sequence[Package] = PACKAGES,
    *,
    load: bool = False,
    is_cancelled: Callable[[], bool] | None = None,
) -> Findings:
    """Start a Python interpreter in the clean environment and check its packages.

    Args:
        python: Path of the interpreter.
        packages: Packages that it must have.
        load: Whether to import the packages (seconds), instead of only looking for them (fast).
        is_cancelled: Function that returns whether to cancel, called about ten times per second.

    Raises:
        RunCancelled: ``is_cancelled`` returned True.
    """
    names = [f"{package.requirement}={package.module}" for package in packages]
    arguments = [python, "-I", "-X", "utf8", str(_SCRIPT), *(["--load"] if load else []), *names]
    try:
        timeout = _LOAD_SECONDS if load else _START_SECONDS
        outcome = run_command(arguments, is_cancelled=is_cancelled, timeout=timeout)
    except OSError as error:
        return Findings(Text("it does not start ({reason})", reason=error.strerror))
    last = outcome.lines[-1] if outcome.lines else ""
    try:
        report = json.loads(last)
        version = (int(report["python"][0]), int(report["python"][1]))
        problems = [Text(_PROBLEMS[item.pop("kind")], **item) for item in report["problems"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        reason: str = last or Text("exit code {code}", code=outcome.code)
        return Findings(Text("it does not start ({reason})", reason=reason))
    if version < MIN_PYTHON:
        wanted = ".".join(map(str, MIN_PYTHON))
        return Findings(
            Text(
                "it is Python {version}, but {wanted} or later is needed",
                version=".".join(map(str, version)),
                wanted=wanted,
            ),
            version,
        )
    return Findings(joined(problems, "; ") if problems else "", version, report["versions"])
