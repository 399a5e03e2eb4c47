"""Environment record: the file that marks the plugin's Python environment as complete.

``environment.json`` is written last. An environment without it was interrupted. One whose record has other
packages was created for another version of the plugin. Neither is used.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.text import Text
from ..core.values import from_plain, to_plain
from .packages import PACKAGES, Package

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
