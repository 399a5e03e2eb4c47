"""The plugin's own environment on disk, and the record that says it is complete.

``environment.json`` is written last. An environment without it was interrupted, and one whose
record names other packages was made for another version of the plugin; neither is used.
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
    """What was installed: ``build`` is ``cpu`` or ``cuda``, or empty where wheels decided."""

    build: str
    python: str
    requirements: tuple[str, ...]
    versions: dict[str, str]


def environment_python(folder: Path) -> Path:
    """Return the path of the environment's interpreter, which need not exist."""
    return folder / "Scripts" / "python.exe" if sys.platform == "win32" else folder / "bin" / "python"


def environment_problem(folder: Path, packages: Sequence[Package] = PACKAGES) -> str:
    """Say why the environment in ``folder`` cannot be used; empty when it can. Quick."""
    if not folder.is_dir():
        return Text("it has not been made yet")
    record = read_record(folder)
    if record is None:
        return Text("its set-up was not finished")
    if set(record.requirements) != {package.requirement for package in packages}:
        return Text("it was made for another version of the plugin")
    if not environment_python(folder).exists():
        return Text("it is damaged: its Python is gone")
    return ""


def read_record(folder: Path) -> EnvironmentRecord | None:
    """Return the record in ``folder``, or None where there is none that can be read."""
    try:
        text = (folder / RECORD_NAME).read_text(encoding="utf-8")
        return from_plain(EnvironmentRecord, json.loads(text))
    except (OSError, ValueError, TypeError):
        return None


def write_record(folder: Path, record: EnvironmentRecord) -> None:
    """Write the record in one step, so that it is never there in part."""
    part = folder / (RECORD_NAME + ".part")
    part.write_text(json.dumps(to_plain(record), indent=1), encoding="utf-8")
    os.replace(part, folder / RECORD_NAME)


def remove_record(folder: Path) -> None:
    """Make the environment count as unfinished."""
    (folder / RECORD_NAME).unlink(missing_ok=True)
