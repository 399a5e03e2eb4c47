"""Folder of a virtual environment: created again without deleting other files."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..core.errors import SetupError
from .command import run_command
from .listener import Listener
from .pip_errors import venv_error
from .record import remove_record

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
