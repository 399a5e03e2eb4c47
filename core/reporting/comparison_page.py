"""The report of several maps on one reference, written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..assessment.compare import ComparedMaps
from ..assessment.comparison_table import write_comparison_table
from ..assessment.intervals import Estimate
from ..classes import class_label
from ..progress import Progress
from .figure import Picture, figure_labels, figure_style
from .page import write_report
from .paths import figure_folder
from .score_figures import draw_class_scores, draw_confusion


def write_comparison_report(path: Path, found: ComparedMaps, progress: Progress) -> None:
    """Write the page, its JSON and figures, and the table as CSV beside the figures.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    with figure_style([*found.maps, *(class_label(item) for item in found.classes)]) as chain:
        labels = figure_labels(found.classes, chain)
        write_report(path, "comparison.html", found, _pictures(found, labels), progress)
    write_comparison_table(figure_folder(path) / "comparison.csv", found, progress)


def _pictures(found: ComparedMaps, labels: list[str]) -> list[Picture]:
    colors = [item.color for item in found.classes]
    pictures = []
    for number, (name, accuracy) in enumerate(zip(found.maps, found.accuracies, strict=True), start=1):
        pictures.append(
            Picture(
                f"confusion_{number}",
                f"{name}: rows are what the map says, columns what the reference says, in counts; the "
                "colour is the share of the row.",
                f"Confusion matrix of {name}",
                draw_confusion(accuracy.counts, labels, "map class", "reference class"),
            )
        )
    first = _estimates(found, 0)
    for number, name in enumerate(found.maps[1:], start=1):
        pictures.append(
            Picture(
                f"f1_{number}",
                f"F1 of each class, with 95 % intervals where they can be given: {name} (circles) and "
                f"{found.maps[0]} (diamonds).",
                "F1 of each class; the numbers are in the table above",
                draw_class_scores(_estimates(found, number), labels, colors, first, found.maps[0], name),
            )
        )
    return pictures


def _estimates(found: ComparedMaps, number: int) -> Sequence[Estimate]:
    return [Estimate(item.value, item.low, item.high) for item in found.accuracies[number].f1]
