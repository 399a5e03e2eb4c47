"""Listener: receiver of progress and log lines during a run."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Receiver of the reports of one run. It is called in the thread that started the run."""

    def progress(self, fraction: float, text: str) -> None:
        """Show the position of the run, ``fraction`` from 0 to 1, and the text of the current step."""

    def log(self, text: str, level: str) -> None:
        """Show a log line; ``level`` is ``info`` or ``warning``."""

    def is_cancelled(self) -> bool:
        """Return whether the user has cancelled. It is called about ten times per second."""
