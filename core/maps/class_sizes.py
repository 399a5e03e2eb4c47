"""Areas of the classes of a map before and after a tool changed it: log, warnings and table.

>>> sizes = SizesBeforeAfter(classes, pixels, new_pixels, hectares, new_hectares)
>>> sizes.log(progress)   # "5 Forest: 94,423.8 ha before, 94,817.2 ha after (+0.4 %)"
>>> sizes.write(path, progress)
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..classes import LandCoverClass, class_label
from ..files import partial_file
from ..progress import Progress
from ..text import Text, typeset

MAX_LOSS = 1 / 3
"""Fraction of its area from which on the loss of a class is a warning."""
# A log of more lines is not read.
_MAX_LINES = 40
SIZE_COLUMNS = ("value", "name", "pixels_before", "pixels_after", "hectares_before", "hectares_after")
"""First columns of the tables."""


@dataclass(frozen=True, eq=False)
class SizesBeforeAfter:
    """Pixels and areas of classes before and after a change of the map.

    Attributes:
        classes: Classes, in the order of the arrays.
        pixels_before: Number of pixels before, int64, shape (classes,).
        pixels_after: Number of pixels after, int64, shape (classes,).
        hectares_before: Area before in hectares, shape (classes,).
        hectares_after: Area after in hectares, shape (classes,).
        columns: Further columns of the table by name, with a text per class.
    """

    classes: tuple[LandCoverClass, ...]
    pixels_before: Int64Array
    pixels_after: Int64Array
    hectares_before: Float64Array
    hectares_after: Float64Array
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def log(self, progress: Progress) -> None:
        """Log the area of each class, and a warning for those that lose more than a third of it."""
        shrunken, lines = [], 0
        for number, item in enumerate(self.classes):
            before, after = float(self.hectares_before[number]), float(self.hectares_after[number])
            if not before and not after:
                continue
            lines += 1
            if lines <= _MAX_LINES:
                ratio = 100 * (after / before - 1) if before else 0.0
                progress.log(
                    "{name}: {before:,.2f} ha before, {after:,.2f} ha after{change}.",
                    name=class_label(item),
                    before=before,
                    after=after,
                    change=Text(" ({percent} %)", percent=typeset(ratio, 1)) if before else "",
                )
            if before and after < before * (1 - MAX_LOSS):
                shrunken.append(class_label(item))
        if lines > _MAX_LINES:
            progress.log("TABLE has {count} more classes.", count=lines - _MAX_LINES)
        if shrunken:
            progress.log(
                "These classes lose more than a third of their area: {classes}. Their accuracy may fall.",
                "warning",
                classes=", ".join(shrunken),
            )

    def write(self, path: Path, progress: Progress) -> None:
        """Write a row per class as CSV.

        Args:
            path: File to write.
            progress: Progress reporter.

        Raises:
            OutputError: The disk is full, or the file cannot be replaced.
        """
        with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*SIZE_COLUMNS, *self.columns])
            for number, item in enumerate(self.classes):
                pixels = int(self.pixels_before[number]), int(self.pixels_after[number])
                hectares = self.hectares_before[number], self.hectares_after[number]
                more = [column[number] for column in self.columns.values()]
                writer.writerow([item.value, item.name, *pixels, *map(number_text, hectares), *more])


def number_text(number: float | None) -> str:
    """Return a number as tables have it; empty for None or what is not a number."""
    return "" if number is None or not np.isfinite(number) else f"{number:.10g}"
