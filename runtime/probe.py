"""What another Python can do, found by starting it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.text import Text, joined
from .command import run_command
from .packages import OLDEST_PYTHON, PACKAGES, Package

_SCRIPT = Path(__file__).with_name("probe_script.py")
_START_TIMEOUT = 30.0
_LOAD_TIMEOUT = 300.0
_PROBLEMS = {
    "missing": "{name} is missing",
    "old": "{name} is {version}, but {least} or later is needed",
    "broken": "{name} does not load ({error})",
}
"""Kind of problem, as the script has it, to its text."""


@dataclass(frozen=True)
class Findings:
    """What a probe found.

    Attributes:
        problem: Why this Python cannot run the core, the end of a sentence; empty when it can.
        python: Its version, major and minor; (0, 0) where it does not start.
        versions: Versions of the packages by name.
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
    """Start ``python`` in the clean environment and ask for ``packages``.

    Args:
        python: Path of the interpreter.
        packages: What it must have.
        load: Really import them (seconds), rather than look whether they are there (fast).
        is_cancelled: Asked about ten times a second.

    Raises:
        RunCancelled: ``is_cancelled`` said so.
    """
    names = [f"{package.requirement}={package.module}" for package in packages]
    arguments = [python, "-I", "-X", "utf8", str(_SCRIPT), *(["--load"] if load else []), *names]
    try:
        timeout = _LOAD_TIMEOUT if load else _START_TIMEOUT
        outcome = run_command(arguments, is_cancelled=is_cancelled, timeout=timeout)
    except OSError as error:
        return Findings(Text("it does not start ({strerror})", strerror=error.strerror))
    last = outcome.lines[-1] if outcome.lines else ""
    try:
        found = json.loads(last)
        version = (int(found["python"][0]), int(found["python"][1]))
        problems = [Text(_PROBLEMS[item.pop("kind")], **item) for item in found["problems"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        reason: str = last or Text("exit code {code}", code=outcome.code)
        return Findings(Text("it does not start ({reason})", reason=reason))
    if version < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return Findings(
            Text(
                "it is Python {version}, but {wanted} or later is needed",
                version=".".join(map(str, version)),
                wanted=wanted,
            ),
            version,
        )
    return Findings(joined(problems, "; ") if problems else "", version, found["versions"])
