"""The warnings of a run, kept for its report."""

from __future__ import annotations

from ..messages import Level
from ..progress import Progress


class Notes:
    """A Progress that passes everything on and keeps the warnings in ``warnings``, each once.

    The folds of a training warn of the same.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.warnings: list[str] = []

    def update(self, fraction: float, text: str = "") -> None:
        """Move the progress bar."""
        self._progress.update(fraction, text)

    def log(self, text: str, level: Level = "info") -> None:
        """Write a line into the run's log."""
        if level == "warning":
            if text in self.warnings:
                return
            self.warnings.append(text)
        self._progress.log(text, level)

    def temporary(self, path: str) -> None:
        """Name a file that must be removed if the process dies during this run."""
        self._progress.temporary(path)

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled."""
        self._progress.check_cancelled()
