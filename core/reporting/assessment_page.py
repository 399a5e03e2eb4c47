"""Reports and CSV tables of an accuracy assessment and of a comparison.

Confusion matrices of these reports, in page, figure, JSON and CSV, have the map class in the rows and the
reference class in the columns, as published error matrices have and as in the first version. They are
transposed here, by ``ConfusionMatrix.to_map_rows``; everywhere else the reference is in the rows.
"""

from __future__ import annotations

import csv
import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import scipy

from .. import plugin_version
from ..assessment.assess import AssessedMap
from ..assessment.compare import ComparedMaps, MapsSideBySide
from ..assessment.confusion_matrix import ConfusionMatrix
from ..assessment.estimate import Estimate
from ..classes import class_label
from ..files import figure_folder, partial_file
from ..progress import Progress
from ..text import Text
from ..values import to_plain
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


def write_accuracy_table(path: Path, content: AssessedMap, progress: Progress) -> None:
    """Write the figures of each class as CSV; a figure that is not known is empty.

    Args:
        path: File to write.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    accuracy = content.accuracy
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for code, item in enumerate(content.classes):
            users, producers, area = (
                accuracy.users[code],
                accuracy.producers[code],
                content.area_hectares[code],
            )
            numbers: list[float | None] = [content.mapped_hectares[code]]
            for figure in (users, producers, area):
                numbers += [figure.value, figure.half_width]
            for figure in (users, producers, area):
                numbers += [figure.low, figure.high]
            numbers += [accuracy.f1[code].value, accuracy.iou[code].value]
            total = accuracy.counts.reference_totals[code]
            writer.writerow([item.value, item.name, *map(_text, numbers), f"{total:.0f}"])


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:.10g}"


def write_comparison_table(path: Path, content: ComparedMaps, progress: Progress) -> None:
    """Write the figures of each map with their intervals, and the gains over the first map, as CSV.

    Args:
        path: File to write.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    head = ["figure", "value", "name"]
    for name in content.maps:
        head += [name, f"{name} low", f"{name} high"]
    for name in content.maps[1:]:
        head += [f"gain of {name}", f"gain of {name} low", f"gain of {name} high"]
    head += [f"p of {name}" for name in content.maps[1:]]
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(_rows(content))


def _rows(content: ComparedMaps) -> Iterator[list[str]]:
    for title, name in _WHOLE:
        tests = [
            f"{gain.test.p:.4g}" if name == "overall" and gain.test.p is not None else ""
            for gain in content.gains
        ]
        figures = [getattr(item, name) for item in (*content.accuracies, *content.gains)]
        yield [title, "", "", *_cells(figures), *tests]
    for title, name in _CLASSES:
        for code, item in enumerate(content.classes):
            figures = [getattr(part, name)[code] for part in (*content.accuracies, *content.gains)]
            yield [title, str(item.value), item.name, *_cells(figures), *("" for _ in content.gains)]


def _cells(figures: Sequence[Estimate]) -> Iterator[str]:
    for figure in figures:
        for number in (figure.value, figure.low, figure.high):
            yield "" if number is None else f"{number:.10g}"


def stamp() -> tuple[dict[str, str], str]:
    """Return the versions of the software, and the time now."""
    return software_versions(), datetime.now(UTC).isoformat(timespec="seconds")


def software_versions() -> dict[str, str]:
    """Return the versions of the software that computes accuracy, by package."""
    return {
        "deep_land_cover": plugin_version(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "rasterio": rasterio.__version__,
    }


def _document(content: AssessedMap | ComparedMaps) -> dict[str, Any]:
    """Return the content as plain values, with the keys of the first version."""
    document: dict[str, Any] = to_plain(
        content,
        {
            ConfusionMatrix: ConfusionMatrix.to_map_rows,
            Estimate: lambda item: {
                key: getattr(item, key) for key in ("value", "error", "low", "high", "quantile")
            },
        },
    )
    return document


def write_accuracy_report(path: Path, content: AssessedMap, progress: Progress) -> None:
    """Write the page of an accuracy report, its JSON file, figures and CSV tables.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    with figure_style([class_label(item) for item in content.classes]) as chain:
        labels = figure_labels(content.classes, chain)
        write_report(path, "accuracy.html", content, _document(content), _pictures(content, labels), progress)
    folder = figure_folder(path)
    write_accuracy_table(folder / "classes.csv", content, progress)
    for name, matrix in (("counts", content.accuracy.counts), ("proportions", content.accuracy.proportions)):
        _write_matrix(
            folder / f"{name}.csv", matrix, [class_label(item) for item in content.classes], progress
        )


def _write_matrix(path: Path, matrix: ConfusionMatrix, labels: Sequence[str], progress: Progress) -> None:
    _write_cells(path, "map \\ reference", matrix.to_map_rows(), labels, progress)


def _write_cells(
    path: Path, corner: str, rows: Iterable[Iterable[float]], labels: Sequence[str], progress: Progress
) -> None:
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([corner, *labels])
        for label, row in zip(labels, rows, strict=True):
            writer.writerow([label, *(f"{value:.10g}" for value in row)])


def _pictures(content: AssessedMap, labels: list[str]) -> list[Picture]:
    accuracy = content.accuracy
    colors = [item.color for item in content.classes]
    pictures = [
        Picture(
            "confusion_matrix",
            "Confusion matrix in counts: rows are map classes, columns reference classes; the "
            "colour is the fraction of the row, so the diagonal shows the user’s accuracy of the sample.",
            f"Confusion matrix of {len(labels)} classes; the numbers are in the table below",
            draw_confusion(accuracy.counts.to_map_rows(), labels, "map class", "reference class"),
        ),
        Picture(
            "class_accuracy",
            "User’s accuracy (circles) and producer’s accuracy (diamonds) of each class, with 95 % "
            "confidence intervals where there are any.",
            "User's and producer's accuracy of each class; the numbers are in the table above",
            draw_class_scores(
                accuracy.users,
                labels,
                colors,
                accuracy.producers,
                "producer’s accuracy",
                "user’s accuracy",
                "accuracy",
            ),
        ),
    ]
    if any(item.value is not None for item in content.area_hectares):
        pictures.append(
            Picture(
                "areas",
                "Area of each class: the bar is the mapped area, the point the area estimated from the "
                "reference, with its 95 % confidence interval. Where they differ, the map over- or "
                "underestimates the class.",
                "Mapped and estimated area of each class; the numbers are in the table above",
                draw_areas(content.mapped_hectares, content.area_hectares, labels, colors),
            )
        )
    return pictures


def write_comparison_report(path: Path, content: ComparedMaps, progress: Progress) -> None:
    """Write the page of a comparison report, its JSON file, figures and CSV table.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    with figure_style([*content.maps, *(class_label(item) for item in content.classes)]) as chain:
        labels = figure_labels(content.classes, chain)
        pictures = _comparison_pictures(content, labels)
        write_report(path, "comparison.html", content, _document(content), pictures, progress)
    write_comparison_table(figure_folder(path) / "comparison.csv", content, progress)


def write_areas_table(path: Path, content: MapsSideBySide, progress: Progress) -> None:
    """Write the area of each class in each map, and the agreement with the first map, as CSV.

    Args:
        path: File to write.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be replaced.
    """
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["figure", "value", "name", *content.maps])
        for code, item in enumerate(content.classes):
            areas = (f"{hectares[code]:.10g}" for hectares in content.hectares)
            writer.writerow(["area_ha", item.value, item.name, *areas])
        shares = (f"{share:.10g}" for share in content.agreements)
        writer.writerow(["agreement_with_first", "", "", "1", *shares])


def write_areas_report(path: Path, content: MapsSideBySide, progress: Progress) -> None:
    """Write the page of a comparison without a reference, its JSON file, figures and CSV tables.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    with figure_style([*content.maps, *(class_label(item) for item in content.classes)]) as chain:
        labels = figure_labels(content.classes, chain)
        pictures = [
            Picture(
                f"cross_tabulation_{number}",
                Text(
                    "Pixels by class of {first} (rows) and of {map} (columns); the colour is the fraction of "
                    "the row.",
                    first=content.maps[0],
                    map=name,
                ),
                Text("Cross-tabulation of {first} and {map}", first=content.maps[0], map=name),
                draw_confusion(table, labels, content.maps[0], name),
            )
            for number, (name, table) in enumerate(zip(content.maps[1:], content.tables, strict=True), 1)
        ]
        write_report(path, "areas.html", content, to_plain(content), pictures, progress)
    folder = figure_folder(path)
    write_areas_table(folder / "areas.csv", content, progress)
    names = [class_label(item) for item in content.classes]
    for number, table in enumerate(content.tables, start=1):
        _write_cells(folder / f"cross_tabulation_{number}.csv", "first \\ other", table, names, progress)


def _comparison_pictures(content: ComparedMaps, labels: list[str]) -> list[Picture]:
    colors = [item.color for item in content.classes]
    pictures = []
    for number, (name, accuracy) in enumerate(zip(content.maps, content.accuracies, strict=True), start=1):
        pictures.append(
            Picture(
                f"confusion_{number}",
                f"{name}: rows are map classes, columns reference classes, in counts; the "
                "colour is the fraction of the row.",
                f"Confusion matrix of {name}",
                draw_confusion(accuracy.counts.to_map_rows(), labels, "map class", "reference class"),
            )
        )
    first = content.accuracies[0].f1
    for number, name in enumerate(content.maps[1:], start=1):
        pictures.append(
            Picture(
                f"f1_{number}",
                f"F1 of each class, with 95 % confidence intervals where there are any: {name} (circles) and "
                f"{content.maps[0]} (diamonds).",
                "F1 of each class; the numbers are in the table above",
                draw_class_scores(
                    content.accuracies[number].f1, labels, colors, first, content.maps[0], name
                ),
            )
        )
    return pictures
