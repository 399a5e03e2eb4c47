"""Progress reporting: position, log lines, temporary files and cancellation of a run.

A task gets a ``Progress``. ``Stage`` maps a part of the run to a part of the progress bar. ``Notes`` keeps
warnings for a report.

>>> meter = RateMeter(total=4800, unit="patches", doing="Classifying")
>>> stage = Stage(progress, 0.2, 0.8)
>>> meter.add(1200)
>>> stage.update(meter.fraction, meter.text())   # "Classifying: 1,200 of 4,800 patches, 600 patches/s, …"
"""

from __future__ import annotations

import threading
import time
from typing import Protocol

from .messages import Level
from .text import Text, format_duration, text_of


class Progress(Protocol):
    """Progress reporter of a run."""

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Move the progress bar and set its text.

        Args:
            fraction: Position from 0 to 1.
            text: Text of the progress bar; with ``values`` a template.
            values: Values of the template's fields, see ``core.text.Text``.
        """

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Write a line to the log of the run.

        Args:
            text: Log line; with ``values`` a template.
            level: Level of the line, ``info`` or ``warning``.
            values: Values of the template's fields, see ``core.text.Text``.
        """

    def temporary(self, path: str) -> None:
        """Report a file that must be removed if the process dies during this run."""

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled. Tasks call it a few times per second."""


class SilentProgress:
    """Progress reporter for library use and tests, which keeps the log and never cancels.

    Attributes:
        lines: Level and text of each log line.
    """

    def __init__(self) -> None:
        self.lines: list[tuple[Level, str]] = []

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Ignore the position."""

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Keep the line in ``lines``."""
        self.lines.append((level, text_of(text, values)))

    def temporary(self, path: str) -> None:
        """Ignore the file, because there is no parent process to remove it."""

    def check_cancelled(self) -> None:
        """Never cancel."""


class RateMeter:
    """Rate and remaining time of a job with countable items. Safe for several threads.

    Args:
        total: Number of items.
        unit: Name of the items in the plural, for the text. It is translated.
        doing: Description of the job, for the beginning of the text; empty without one. It is translated.
    """

    def __init__(self, total: int, unit: str, doing: str = "") -> None:
        self.total = total
        self.unit = Text(unit)
        self.doing = Text(doing)
        self.done = 0
        self._start = time.perf_counter()
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """Count ``count`` more items as done."""
        with self._lock:
            self.done += count

    def correct(self, change: int) -> None:
        """Change the total, which was an estimate, by ``change`` items."""
        with self._lock:
            self.total += change

    @property
    def seconds(self) -> float:
        """Seconds since the meter was created."""
        return time.perf_counter() - self._start

    @property
    def rate(self) -> float:
        """Items per second so far."""
        return self.done / max(self.seconds, 1e-9)

    @property
    def fraction(self) -> float:
        """Fraction of the items that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 1.0

    def text(self) -> str:
        """Return a text such as ``Classifying: 1,200 of 4,800 patches, 600 patches/s, 0:00:06 left``."""
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
    """Progress reporter of a part of a run.

    Args:
        progress: Progress reporter of the run.
        start: Position of the run at the start of the part, 0 to 1.
        stop: Position of the run at the end of the part, 0 to 1.
    """

    def __init__(self, progress: Progress, start: float, stop: float) -> None:
        self._progress = progress
        self._start = start
        self._length = stop - start

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Move the progress bar of the run to ``fraction`` (0 to 1) of this part."""
        self._progress.update(self._start + self._length * fraction, text, **values)

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Write a line to the log of the run."""
        self._progress.log(text, level, **values)

    def temporary(self, path: str) -> None:
        """Report a file that must be removed if the process dies during this run."""
        self._progress.temporary(path)

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled."""
        self._progress.check_cancelled()


class Notes:
    """Progress reporter that keeps warnings and reports each only once, for the folds of a training.

    Args:
        progress: Progress reporter of the run.

    Attributes:
        warnings: Texts of the warnings so far.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.warnings: list[str] = []

    def update(self, fraction: float, text: str = "", **values: object) -> None:
        """Move the progress bar."""
        self._progress.update(fraction, text, **values)

    def log(self, text: str, level: Level = "info", **values: object) -> None:
        """Write a line to the log of the run."""
        text = text_of(text, values)
        if level == "warning":
            if text in self.warnings:
                return
            self.warnings.append(text)
        self._progress.log(text, level)

    def temporary(self, path: str) -> None:
        """Report a file that must be removed if the process dies during this run."""
        self._progress.temporary(path)

    def check_cancelled(self) -> None:
        """Raise RunCancelled once the user has cancelled."""
        self._progress.check_cancelled()
