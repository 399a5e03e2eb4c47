"""A part of a run: its own 0 to 1 is a piece of the run's progress bar."""

from __future__ import annotations

from .messages import Level
from .progress import Progress


class Stage:
    """A Progress that maps 0 … 1 to ``start`` … ``stop`` of another one."""

    def __init__(self, progress: Progress, start: float, stop: float) -> None:
        self._progress = progress
        self._start = start
        self._length = stop - start

    def update(self, fraction: float, text: str = "") -> None:
        """Move the run's bar to where ``fraction`` of this stage lies."""
        self._progress.update(self._start + self._length * fraction, text)

    def log(self, text: str, level: Level = "info") -> None:
        """Write a line into the run's log."""
        self._progress.log(text, level)

    def temporary(self, path: str) -> None:
        """Name a file that must be removed if the process dies during this run."""
        self._progress.temporary(path)

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled."""
        self._progress.check_cancelled()
