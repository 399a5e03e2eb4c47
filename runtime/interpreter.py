"""Choice of the Python interpreter that runs the core.

The order is: the interpreter in the settings or, for servers, in an environment variable; the environment of
the plugin; the Python of QGIS, if it has all packages.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import SetupError
from ..core.text import Text, joined
from .probe import probe_python
from .settings import RuntimeSettings
from .venv import environment_problem, environment_python

PYTHON_VARIABLE = "DEEP_LAND_COVER_PYTHON"
"""Environment variable with the path of the interpreter."""

_ADVICE = "Run 'Set up the environment' (deeplandcover:setupenvironment) once."
RETRY_SECONDS = 30.0
"""Seconds after which a Python of QGIS that failed is probed again."""


@dataclass(frozen=True)
class Interpreter:
    """Python interpreter of the worker.

    Attributes:
        path: Path of the program.
        origin: Origin of the choice, for the log.
        skipped: Sentences on the interpreters that come earlier in the order and cannot be used.
    """

    path: str
    origin: str
    skipped: tuple[str, ...] = ()


def find_interpreter(settings: RuntimeSettings, probes: HostProbes | None = None) -> Interpreter:
    """Return the Python that runs the core.

    The Python of QGIS is used only if it can import all packages, which takes seconds the first time.

    Args:
        settings: Runtime settings.
        probes: Earlier probes of the Python of QGIS; None is those of this process.

    Raises:
        SetupError: No Python can run the core.
    """
    return _choose(settings, probes or _HOST_PROBES, is_thorough=True)


def interpreter_problem(settings: RuntimeSettings, probes: HostProbes | None = None) -> str:
    """Return why no Python can run the core, with advice; empty if one can.

    No package is imported, so that it is quick enough to be called for every algorithm in the toolbox.
    """
    try:
        _choose(settings, probes or _HOST_PROBES, is_thorough=False)
    except SetupError as error:
        return error.sentence
    return ""


def host_python() -> str:
    """Return the path of the Python that this process runs in; empty if it is not found.

    ``sys.executable`` is QGIS on Windows and macOS, and the first ``python3`` on PATH on Linux. The right
    program is beside the standard library in use.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if sys.platform == "win32":
        names = ["python.exe", "python3.exe"]
    else:
        names = [f"bin/python{version}", "bin/python3", f"Resources/python/bin/python{version}"]
    for prefix in dict.fromkeys((sys.prefix, sys.exec_prefix, sys.base_prefix)):
        for name in names:
            if (Path(prefix) / name).is_file():
                return str(Path(prefix) / name)
    program = Path(sys.executable or "")
    # QGIS for macOS has its Python in a folder beside the program.
    for candidate in (program.parent / "bin" / "python3", program):
        if candidate.is_file() and candidate.name.lower().startswith("python"):
            return str(candidate)
    return ""


def _choose(settings: RuntimeSettings, probes: HostProbes, *, is_thorough: bool) -> Interpreter:
    named = _named_interpreter(settings)
    if named:
        return named
    problem = environment_problem(settings.environment_folder)
    if not problem:
        python = str(environment_python(settings.environment_folder))
        return Interpreter(python, Text("the plugin's environment"))
    skipped = [Text("The plugin's environment is not used: {problem}.", problem=problem)]
    if settings.host_python:
        problem = probes.problem(settings.host_python, is_thorough)
        if not problem:
            return Interpreter(settings.host_python, Text("the Python of QGIS"), tuple(skipped))
        skipped.append(Text("The Python of QGIS is not used: {problem}.", problem=problem))
    raise SetupError(
        "No Python environment is set up for Deep Land Cover", advice=joined([_ADVICE, *skipped])
    )


def _named_interpreter(settings: RuntimeSettings) -> Interpreter | None:
    origin, path = Text("the settings of Deep Land Cover"), settings.python.strip()
    if not path:
        origin = Text("the environment variable {name}", name=PYTHON_VARIABLE)
        path = os.environ.get(PYTHON_VARIABLE, "").strip()
    if not path:
        return None
    program = shutil.which(os.path.expanduser(path))
    if program is None:
        raise SetupError(
            "The Python interpreter in {origin} is not a program",
            where=path,
            advice="Enter the path of the python program, or no path and run 'Set up the environment'.",
            origin=origin,
        )
    return Interpreter(program, origin)


class HostProbes:
    """Results of probing the Python of QGIS, kept because a probe takes seconds.

    Args:
        retry_seconds: Seconds after which a Python that failed is probed again.
    """

    def __init__(self, retry_seconds: float = RETRY_SECONDS) -> None:
        self._retry_seconds = retry_seconds
        # Time and problem of each probe, by path and thoroughness.
        self._results: dict[tuple[str, bool], tuple[float, str]] = {}

    def problem(self, python: str, is_thorough: bool) -> str:
        """Return why a Python cannot run the core, the end of a sentence; empty if it can.

        Args:
            python: Path of the interpreter.
            is_thorough: Whether to import the packages, instead of only looking for them.
        """
        # The result of a thorough probe also answers a quick one.
        for thorough in (True, is_thorough):
            when, problem = self._results.get((python, thorough), (0.0, ""))
            is_known = (python, thorough) in self._results
            if is_known and (not problem or time.monotonic() - when < self._retry_seconds):
                return problem
        problem = probe_python(python).problem
        if is_thorough and not problem:
            problem = probe_python(python, load=True).problem
        self._results[python, is_thorough] = (time.monotonic(), problem)
        return problem


_HOST_PROBES = HostProbes()
