"""List of the points to label: order, position, progress, time left, and the keys of the classes.

>>> work = WorkList([11, 12, 13], labelled={12})
>>> work.next_unlabelled(), work.next_unlabelled()
(13, 11)
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

NEXT_KEY, PREVIOUS_KEY, UNSURE_KEY, ZOOM_KEY, NOTE_KEY = "N", "P", "U", "Z", "M"
"""Letters of commands, which are not keys of classes."""
_CLASS_KEYS = "123456789" + "".join(
    letter
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if letter not in (NEXT_KEY, PREVIOUS_KEY, UNSURE_KEY, ZOOM_KEY, NOTE_KEY)
)
MAX_PAUSE_SECONDS = 300.0
"""Longer times between two labels are breaks, which say nothing of the pace."""
_MIN_INTERVALS = 3


def class_keys(count: int) -> list[str]:
    """Return a key for each class: 1 to 9, then the letters that are not commands; then none.

    Args:
        count: Number of classes.
    """
    return [_CLASS_KEYS[number] if number < len(_CLASS_KEYS) else "" for number in range(count)]


class WorkList:
    """Points in their order, one of which is current.

    Args:
        points: Ids in the order of the work.
        labelled: Ids of the points that have a label.
    """

    def __init__(self, points: Sequence[int], labelled: Iterable[int] = ()) -> None:
        self.points = list(points)
        self._position = {point: number for number, point in enumerate(self.points)}
        self.labelled = {point for point in labelled if point in self._position}
        self._current = 0

    @property
    def current(self) -> int | None:
        """Id of the current point; None for an empty list."""
        return self.points[self._current] if self.points else None

    @property
    def number(self) -> int:
        """Number of the current point, from 1; 0 for an empty list."""
        return self._current + 1 if self.points else 0

    @property
    def left(self) -> int:
        """Number of points without a label."""
        return len(self.points) - len(self.labelled)

    def go_to(self, point: int | None) -> bool:
        """Make a point the current one, and return whether it is in the list."""
        if point is None or point not in self._position:
            return False
        self._current = self._position[point]
        return True

    def step(self, distance: int) -> int | None:
        """Move on by some points, back where negative, around the ends, and return the current one."""
        if self.points:
            self._current = (self._current + distance) % len(self.points)
        return self.current

    def next_unlabelled(self) -> int | None:
        """Move on to the next point without a label, around the end; None where all are labelled."""
        for distance in range(1, len(self.points) + 1):
            position = (self._current + distance) % len(self.points)
            if self.points[position] not in self.labelled:
                self._current = position
                return self.points[position]
        return None

    def set_labelled(self, point: int, is_labelled: bool) -> None:
        """Note that a point has got or lost its label."""
        if is_labelled and point in self._position:
            self.labelled.add(point)
        else:
            self.labelled.discard(point)


class Pace:
    """Time between labels, for the time that the rest will take."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._intervals: list[float] = []

    def note(self, seconds: float) -> None:
        """Note that a label was given.

        Args:
            seconds: Time of a clock that only goes forward.
        """
        if self._last is not None and 0 < seconds - self._last <= MAX_PAUSE_SECONDS:
            self._intervals.append(seconds - self._last)
        self._last = seconds

    def minutes_left(self, points: int) -> float | None:
        """Return the minutes that some points will take at the median pace; None after few labels."""
        if len(self._intervals) < _MIN_INTERVALS:
            return None
        return points * statistics.median(self._intervals[-50:]) / 60
