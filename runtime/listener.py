"""What hears of a run while it goes on."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Hears of one run, always in the thread that started it."""

    def progress(self, fraction: float, text: str) -> None:
        """The run is at ``fraction`` (0 to 1); ``text`` says what it does."""

    def log(self, text: str, level: str) -> None:
        """A line for the log; ``level`` is ``info`` or ``warning``."""

    def is_cancelled(self) -> bool:
        """Say whether the user has cancelled; asked about ten times a second."""
