"""The report of a map's accuracy, written."""

from __future__ import annotations

import csv
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import rasterio
import scipy

from ..assessment.accuracy_table import write_accuracy_table
from ..assessment.assessed import AssessedMap
from ..assessment.intervals import Estimate
from ..assessment.sampled import Sampled
from ..classes import class_label
from ..files import partial_file
from ..progress import Progress
from ..version import plugin_version
from .area_figures import draw_areas
from .figure import Picture, figure_labels, figure_style
from .page import write_report
from .paths import figure_folder
from .score_figures import draw_class_scores, draw_confusion


def stamp() -> tuple[dict[str, str], str]:
    """Return by which software, and when, an assessment is made."""
    return software_versions(), datetime.now(UTC).isoformat(timespec="seconds")


def software_versions() -> dict[str, str]:
    """Return the versions of what computes accuracy."""
    return {
        "deep_land_cover": plugin_version(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "rasterio": rasterio.__version__,
    }


def write_accuracy_report(path: Path, found: AssessedMap, progress: Progress) -> None:
    """Write the page, its JSON and figures, and the tables as CSV beside the figures.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    with figure_style([class_label(item) for item in found.classes]) as chain:
        labels = figure_labels(found.classes, chain)
        write_report(path, "accuracy.html", found, _pictures(found, labels), progress)
    folder = figure_folder(path)
    write_accuracy_table(folder / "classes.csv", found, progress)
    for name, matrix in (("counts", found.accuracy.counts), ("proportions", found.accuracy.proportions)):
        write_matrix(folder / f"{name}.csv", matrix, [class_label(item) for item in found.classes], progress)


def write_matrix(
    path: Path, matrix: Sequence[Sequence[float]], labels: Sequence[str], progress: Progress
) -> None:
    """Write a matrix with map classes as rows and reference classes as columns, as CSV."""
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["map \\ reference", *labels])
        for label, row in zip(labels, matrix, strict=True):
            writer.writerow([label, *(f"{value:.10g}" for value in row)])


def _pictures(found: AssessedMap, labels: list[str]) -> list[Picture]:
    accuracy = found.accuracy
    colors = [item.color for item in found.classes]
    pictures = [
        Picture(
            "confusion_matrix",
            "Confusion matrix in counts: rows are what the map says, columns what the reference says; the "
            "colour is the share of the row, so that the diagonal shows the user’s accuracy of the sample.",
            f"Confusion matrix of {len(labels)} classes; the numbers are in the table below",
            draw_confusion(accuracy.counts, labels, "map class", "reference class"),
        ),
        Picture(
            "class_accuracy",
            "User’s accuracy (circles) and producer’s accuracy (diamonds) of each class, with 95 % intervals "
            "where they can be given.",
            "User's and producer's accuracy of each class; the numbers are in the table above",
            draw_class_scores(
                _estimates(accuracy.users),
                labels,
                colors,
                _estimates(accuracy.producers),
                "producer’s accuracy",
                "user’s accuracy",
                "accuracy",
            ),
        ),
    ]
    if any(item.value is not None for item in found.area_hectares):
        pictures.append(
            Picture(
                "areas",
                "Area of each class: the bar is what is mapped, the point what is estimated from the "
                "reference, with its 95 % interval. Where they differ, the map over- or underestimates the "
                "class.",
                "Mapped and estimated area of each class; the numbers are in the table above",
                draw_areas(found.mapped_hectares, found.area_hectares, labels, colors),
            )
        )
    return pictures


def _estimates(figures: Sequence[Sampled]) -> list[Estimate]:
    return [Estimate(item.value, item.low, item.high) for item in figures]
