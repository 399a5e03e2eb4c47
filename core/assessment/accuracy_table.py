"""TABLE: a CSV with a row a class, which spreadsheets and scripts read."""

from __future__ import annotations

import csv
from pathlib import Path

from ..files import partial_file
from ..progress import Progress
from .assessed import AssessedMap

COLUMNS = (
    "value",
    "name",
    "mapped_area_ha",
    "users_accuracy",
    "users_accuracy_ci",
    "producers_accuracy",
    "producers_accuracy_ci",
    "area_ha",
    "area_ci_ha",
    "users_accuracy_low",
    "users_accuracy_high",
    "producers_accuracy_low",
    "producers_accuracy_high",
    "area_low_ha",
    "area_high_ha",
    "f1",
    "iou",
    "reference_units",
)


def write_accuracy_table(path: Path, found: AssessedMap, progress: Progress) -> None:
    """Write the figures of each class; what is not known is empty.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    accuracy = found.accuracy
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for code, item in enumerate(found.classes):
            users, producers, area = accuracy.users[code], accuracy.producers[code], found.area_hectares[code]
            numbers: list[float | None] = [found.mapped_hectares[code]]
            for figure in (users, producers, area):
                numbers += [figure.value, figure.half_width]
            for figure in (users, producers, area):
                numbers += [figure.low, figure.high]
            numbers += [accuracy.f1[code].value, accuracy.iou[code].value]
            total = sum(row[code] for row in accuracy.counts)
            writer.writerow([item.value, item.name, *map(_text, numbers), f"{total:.0f}"])


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:.10g}"
