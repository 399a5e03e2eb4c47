"""Skipped labels: those that neither train nor test, by reason and class, and classes that lose all of them.

>>> skipped = SkippedLabels()
>>> skipped.add("{count:,} features outside the raster", {"2 Forest": 12})
>>> skipped.lost(["1 Water"])   # (LostClass("2 Forest", "12 features outside the raster"),)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ..classes import LostClass
from ..text import Text, joined

NO_GEOMETRY = "{count:,} features without geometry"
OTHER_GEOMETRY = "{count:,} features that are neither polygon nor point"
PROBLEM = "{count:,} features, each of which {problem}"
OUTSIDE = "{count:,} features outside the raster"
NO_PIXEL = "{count:,} features that cover no pixel"
CONFLICT = "{count:,} pixels with labels of different classes"
NO_VALUE = "{count:,} pixels without a value in {bands}"
POOR_PATCH = "{count:,} pixels with less than half of their patch valid"
"""Reasons, as phrases with a number of features or pixels."""
# Classes that a sentence names.
_MAX_NAMES = 12


class SkippedLabels:
    """Tally of the skipped labels of a run."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[tuple[str, tuple[tuple[str, str], ...]]]] = {}

    def add(self, reason: str, counts: Mapping[str, int], **values: str) -> str:
        """Count skipped labels, and return their classes with their numbers, for the log.

        Args:
            reason: Phrase for the reason, a template with ``count``, such as ``OUTSIDE``.
            counts: Number of features or pixels of each class, by ``class_label``.
            values: Values of the other fields of the template.
        """
        for label, count in counts.items():
            self._counts.setdefault(label, Counter())[reason, tuple(sorted(values.items()))] += count
        return described(counts)

    def reasons(self, label: str) -> Text:
        """Return the reasons for the skipped labels of a class, separated by commas; empty without any."""
        counts = self._counts.get(label, Counter())
        return joined(
            (Text(reason, count=count, **dict(values)) for (reason, values), count in counts.items()), ", "
        )

    def lost(self, present: Iterable[str]) -> tuple[LostClass, ...]:
        """Return the classes of which all labels were skipped.

        Args:
            present: Labels of the classes that have samples, by ``class_label``.
        """
        names = set(present)
        return tuple(LostClass(label, self.reasons(label)) for label in self._counts if label not in names)


def described(counts: Mapping[str, int]) -> str:
    """Return ``1 Water: 120, 2 Forest: 4,500``, and an ellipsis after ``_MAX_NAMES`` classes."""
    items = [f"{label}: {count:,}" for label, count in counts.items() if count]
    return ", ".join([*items[:_MAX_NAMES], *(["…"] if len(items) > _MAX_NAMES else [])])
