"""TABLE of a comparison: a CSV with a row a figure and the maps side by side."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ..files import partial_file
from ..progress import Progress
from .compare import ComparedMaps
from .sampled import Sampled

_WHOLE = (("overall_accuracy", "overall"), ("macro_f1", "macro_f1"))
_CLASSES = (("users_accuracy", "users"), ("producers_accuracy", "producers"), ("f1", "f1"))


def write_comparison_table(path: Path, found: ComparedMaps, progress: Progress) -> None:
    """Write each figure of each map with its interval, and the gains over the first map.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    head = ["figure", "value", "name"]
    for name in found.maps:
        head += [name, f"{name} low", f"{name} high"]
    for name in found.maps[1:]:
        head += [f"gain of {name}", f"gain of {name} low", f"gain of {name} high"]
    head += [f"p of {name}" for name in found.maps[1:]]
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(_rows(found))


def _rows(found: ComparedMaps) -> Iterator[list[str]]:
    for title, name in _WHOLE:
        tests = [
            f"{gain.test.p:.4g}" if name == "overall" and gain.test.p is not None else ""
            for gain in found.gains
        ]
        figures = [getattr(item, name) for item in (*found.accuracies, *found.gains)]
        yield [title, "", "", *_cells(figures), *tests]
    for title, name in _CLASSES:
        for code, item in enumerate(found.classes):
            figures = [getattr(part, name)[code] for part in (*found.accuracies, *found.gains)]
            yield [title, str(item.value), item.name, *_cells(figures), *("" for _ in found.gains)]


def _cells(figures: list[Sampled]) -> Iterator[str]:
    for figure in figures:
        for number in (figure.value, figure.low, figure.high):
            yield "" if number is None else f"{number:.10g}"
