"""Reports and CSV tables of an accuracy assessment and of a comparison."""

from __future__ import annotations

import csv
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import rasterio
import scipy

from .. import plugin_version
from ..assessment.assess import AssessedMap
from ..assessment.bootstrap import Estimate
from ..assessment.compare import ComparedMaps
from ..assessment.estimators import Sampled
from ..classes import class_label
from ..files import figure_folder, partial_file
from ..progress import Progress
from .charts import draw_areas, draw_class_scores, draw_confusion
from .figure import Picture, figure_labels, figure_style
from .page import write_report

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
_WHOLE = (("overall_accuracy", "overall"), ("macro_f1", "macro_f1"))
_CLASSES = (("users_accuracy", "users"), ("producers_accuracy", "producers"), ("f1", "f1"))


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


def write_comparison_report(path: Path, found: ComparedMaps, progress: Progress) -> None:
    """Write the page, its JSON and figures, and the table as CSV beside the figures.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    with figure_style([*found.maps, *(class_label(item) for item in found.classes)]) as chain:
        labels = figure_labels(found.classes, chain)
        write_report(path, "comparison.html", found, _comparison_pictures(found, labels), progress)
    write_comparison_table(figure_folder(path) / "comparison.csv", found, progress)


def _comparison_pictures(found: ComparedMaps, labels: list[str]) -> list[Picture]:
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
    first = _comparison_estimates(found, 0)
    for number, name in enumerate(found.maps[1:], start=1):
        pictures.append(
            Picture(
                f"f1_{number}",
                f"F1 of each class, with 95 % intervals where they can be given: {name} (circles) and "
                f"{found.maps[0]} (diamonds).",
                "F1 of each class; the numbers are in the table above",
                draw_class_scores(
                    _comparison_estimates(found, number), labels, colors, first, found.maps[0], name
                ),
            )
        )
    return pictures


def _comparison_estimates(found: ComparedMaps, number: int) -> Sequence[Estimate]:
    return [Estimate(item.value, item.low, item.high) for item in found.accuracies[number].f1]
