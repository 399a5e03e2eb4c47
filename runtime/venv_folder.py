"""The folder of a virtual environment: made anew, and never over other files."""

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
    """Make an empty virtual environment in ``folder``, in the place of the one that may be there.

    Args:
        folder: Where.
        base: The interpreter to make it with.
        listener: Hears the progress and every line; its cancel ends the making.

    Raises:
        SetupError: It cannot be made, or ``folder`` holds something else.
        OSError: What is there cannot be removed.
        RunCancelled: The listener cancelled.
    """
    listener.progress(0.0, "Making the environment")
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
    """Empty ``folder``, the record first.

    Raises:
        SetupError: It holds something else than an environment.
        OSError: Something in it cannot be removed.
    """
    names = {item.name for item in folder.iterdir()}
    if "pyvenv.cfg" not in names and not names <= _VENV_NAMES:
        raise SetupError(
            "The folder for the environment holds other files",
            where=str(folder),
            advice="Choose another folder or empty it.",
        )
    remove_record(folder)
    for item in folder.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
