"""Which Python runs the core.

In this order: the one that the user named (in the settings, or for servers in an environment
variable); the environment that the plugin made; the Python that runs QGIS, where it has what is
needed.
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
from .record import environment_problem, environment_python
from .settings import RuntimeSettings

PYTHON_VARIABLE = "DEEP_LAND_COVER_PYTHON"
"""Environment variable that names the interpreter."""

_ADVICE = "Run 'Set up the environment' (deeplandcover:setupenvironment) once."
_RETRY_AFTER = 30.0
"""Seconds for which a host Python that failed is not tried again."""
_host_findings: dict[tuple[str, bool], tuple[float, str]] = {}


@dataclass(frozen=True)
class Interpreter:
    """The chosen Python.

    Attributes:
        path: The program.
        origin: Where the choice comes from, for the log.
        skipped: Why those before it in the order were not taken, a line each.
    """

    path: str
    origin: str
    skipped: tuple[str, ...] = ()


def find_interpreter(settings: RuntimeSettings) -> Interpreter:
    """Return the Python that runs the core.

    The Python of QGIS, where its turn comes, is started and made to import the packages, which
    takes seconds the first time.

    Raises:
        SetupError: There is none; says what to do.
    """
    return _choose(settings, is_thorough=True)


def interpreter_problem(settings: RuntimeSettings) -> str:
    """Say why nothing can run the core, and what to do; empty when something can.

    Quick enough to be asked for every algorithm in the toolbox: nothing heavy is imported.
    """
    try:
        _choose(settings, is_thorough=False)
    except SetupError as error:
        return error.sentence
    return ""


def host_python() -> str:
    """Return the path of the Python that this process runs in; empty where it is not found.

    ``sys.executable`` is QGIS itself on Windows and macOS, and on Linux whichever ``python3``
    comes first on PATH; the one beside the standard library in use is the right one.
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
    # QGIS for macOS keeps its Python in a folder beside the program.
    for candidate in (program.parent / "bin" / "python3", program):
        if candidate.is_file() and candidate.name.lower().startswith("python"):
            return str(candidate)
    return ""


def _choose(settings: RuntimeSettings, *, is_thorough: bool) -> Interpreter:
    named = _named_interpreter(settings)
    if named:
        return named
    problem = environment_problem(settings.environment_folder)
    if not problem:
        python = str(environment_python(settings.environment_folder))
        return Interpreter(python, Text("the plugin's environment"))
    skipped = [Text("The plugin's environment is not used: {problem}.", problem=problem)]
    if settings.host_python:
        problem = _host_problem(settings.host_python, is_thorough)
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
    found = shutil.which(os.path.expanduser(path))
    if found is None:
        raise SetupError(
            "The Python interpreter named in {origin} is no program",
            where=path,
            advice="Name the python program itself, or name none and run 'Set up the environment'.",
            origin=origin,
        )
    return Interpreter(found, origin)


def _host_problem(python: str, is_thorough: bool) -> str:
    # Who is thorough need not ask quickly before, and a thorough answer serves the quick too.
    for thorough in (True, is_thorough):
        when, problem = _host_findings.get((python, thorough), (0.0, ""))
        is_known = (python, thorough) in _host_findings
        if is_known and (not problem or time.monotonic() - when < _RETRY_AFTER):
            return problem
    problem = probe_python(python).problem
    if is_thorough and not problem:
        problem = probe_python(python, load=True).problem
    _host_findings[python, is_thorough] = (time.monotonic(), problem)
    return problem
