"""Virtual environment of the plugin: its folder, and the record that marks it as complete.

``environment.json`` is written last. An environment without it was interrupted. One whose record has other
packages was created for another version of the plugin. Neither is used.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import SetupError
from ..core.text import Text
from ..core.values import from_plain, to_plain
from .command import run_command
from .listener import Listener
from .packages import PACKAGES, Package
from .pip_errors import venv_error

RECORD_NAME = "environment.json"


@dataclass(frozen=True)
class EnvironmentRecord:
    """Content of an environment.

    Attributes:
        build: Build of PyTorch, ``cpu``, ``cuda`` or ``default``; empty if it came from a folder of wheels.
        python: Major and minor version of Python.
        requirements: Requirements of the installed packages.
        versions: Version of each package by name.
    """

    build: str
    python: str
    requirements: tuple[str, ...]
    versions: dict[str, str]


def environment_python(folder: Path) -> Path:
    """Return the path of the interpreter of an environment, which may not exist."""
    return folder / "Scripts" / "python.exe" if sys.platform == "win32" else folder / "bin" / "python"


def environment_problem(folder: Path, packages: Sequence[Package] = PACKAGES) -> str:
    """Return why an environment cannot be used, the end of a sentence; empty if it can. Fast.

    Args:
        folder: Folder of the environment.
        packages: Packages that it must have.
    """
    if not folder.is_dir():
        return Text("it does not exist yet")
    record = read_record(folder)
    if record is None:
        return Text("its set-up was not completed")
    if set(record.requirements) != {package.requirement for package in packages}:
        return Text("it was created for another version of the plugin")
    if not environment_python(folder).exists():
        return Text("it is damaged: its Python is missing")
    return ""


def read_record(folder: Path) -> EnvironmentRecord | None:
    """Return the record in ``folder``, None if it does not exist or cannot be read."""
    try:
        text = (folder / RECORD_NAME).read_text(encoding="utf-8")
        return from_plain(EnvironmentRecord, json.loads(text))
    except (OSError, ValueError, TypeError):
        return None


def write_record(folder: Path, record: EnvironmentRecord) -> None:
    """Write the record and rename it when it is complete."""
    part = folder / (RECORD_NAME + ".part")
    part.write_text(json.dumps(to_plain(record), indent=1), encoding="utf-8")
    os.replace(part, folder / RECORD_NAME)


def remove_record(folder: Path) -> None:
    """Remove the record, which marks the environment as incomplete."""
    (folder / RECORD_NAME).unlink(missing_ok=True)


_VENV_NAMES = {"bin", "include", "lib", "lib64", "Scripts", "Include", "Lib", "pyvenv.cfg"}


def make_venv(folder: Path, base: str, listener: Listener) -> None:
    """Create an empty virtual environment, which replaces an existing one.

    Args:
        folder: Folder of the environment.
        base: Path of the interpreter to create it with.
        listener: Receiver of progress and log lines.

    Raises:
        SetupError: The environment cannot be created, or ``folder`` has other files.
        OSError: An existing environment cannot be removed.
        RunCancelled: The listener cancelled.
    """
    listener.progress(0.0, "Creating the environment")
    if folder.exists():
        _clear(folder)
    outcome = run_command(
        [base, "-I", "-m", "venv", str(folder)],
        on_line=lambda line: listener.log(line, "info"),
        is_cancelled=listener.is_cancelled,
    )
    if outcome.code != 0:
        raise venv_error(outcome.text, base, folder)


def _clear(folder: Path) -> None:
    """Remove the content of an environment folder, beginning with the record.

    Raises:
        SetupError: The folder has other files.
        OSError: A file cannot be removed.
    """
    names = {item.name for item in folder.iterdir()}
    if "pyvenv.cfg" not in names and not names <= _VENV_NAMES:
        raise SetupError(
            "The folder for the environment has other files",
            where=str(folder),
            advice="Choose another folder or empty it.",
        )
    remove_record(folder)
    for item in folder.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
