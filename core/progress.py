"""Progress reporting: position, log lines, temporary files and cancellation of a run.

A task gets a ``Progress``. ``Stage`` maps a part of the run to its piece of the progress bar, and ``Notes``
keeps the warnings for a report.
"""

from __future__ import annotations

import threading
import time
from typing import Protocol

from .messages import Level
from .text import Text, format_duration, text_of


class Progress(Protocol):
    """What a task is given to speak with the user."""

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Move the progress bar to ``fraction`` (0 to 1) and set its text, a template where it has values."""

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Write a line, a template where it has values, into the run's log."""

    def temporary(self, path: str) -> None:
        """Name a file that must be removed if the process dies during this run."""

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled. Call it a few times a second."""


class SilentProgress:
    """A Progress for library use and tests: keeps the log and never cancels."""

    def __init__(self) -> None:
        self.lines: list[tuple[Level, str]] = []

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Ignore the position."""

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Keep the line in ``lines``."""
        self.lines.append((level, text_of(text, values)))

    def temporary(self, path: str) -> None:
        """Ignore the file: there is no parent to remove it."""

    def check_cancelled(self) -> None:
        """Never cancel."""


class RateMeter:
    """Rate and remaining time of a countable job.

    Args:
        total: How many items there are.
        unit: What is counted, a word in the plural. It is translated.
        doing: What is done and by what device, for the beginning of the text. It is translated.
    """

    def __init__(self, total: int, unit: str, doing: str = "") -> None:
        self.total = total
        self.unit = Text(unit)
        self.doing = Text(doing)
        self.done = 0
        self._start = time.perf_counter()
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """Count ``count`` more items as done; several threads may."""
        with self._lock:
            self.done += count

    def correct(self, change: int) -> None:
        """Change the total, which was an estimate, by ``change``; several threads may."""
        with self._lock:
            self.total += change

    @property
    def seconds(self) -> float:
        """Seconds since the meter was made."""
        return time.perf_counter() - self._start

    @property
    def rate(self) -> float:
        """Items a second so far."""
        return self.done / max(self.seconds, 1e-9)

    @property
    def fraction(self) -> float:
        """Share that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 1.0

    def text(self) -> str:
        """Return for example ``Classifying on CPU: 1,200 of 4,800 patches, 600 patches/s, 0:00:06 left``."""
        head = Text("{done:,} of {total:,} {unit}", done=self.done, total=self.total, unit=self.unit)
        if self.doing:
            head = Text("{doing}: {head}", doing=self.doing, head=head)
        if not self.done:
            return head
        left = max(0, self.total - self.done) / self.rate
        return Text(
            "{head}, {rate:,.0f} {unit}/s, {left} left",
            head=head,
            rate=self.rate,
            unit=self.unit,
            left=format_duration(left),
        )


class Stage:
    """A Progress that maps 0 … 1 to ``start`` … ``stop`` of another one."""

    def __init__(self, progress: Progress, start: float, stop: float) -> None:
        self._progress = progress
        self._start = start
        self._length = stop - start

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Move the run's bar to where ``fraction`` of this stage lies."""
        self._progress.update(self._start + self._length * fraction, text, **values)

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Write a line into the run's log."""
        self._progress.log(text, level, **values)

    def temporary(self, path: str) -> None:
        """Name a file that must be removed if the process dies during this run."""
        self._progress.temporary(path)

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled."""
        self._progress.check_cancelled()


class Notes:
    """A Progress that passes everything on and keeps the warnings in ``warnings``, each once.

    The folds of a training warn of the same.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.warnings: list[str] = []

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Move the progress bar."""
        self._progress.update(fraction, text, **values)

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Write a line into the run's log."""
        text = text_of(text, values)
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
