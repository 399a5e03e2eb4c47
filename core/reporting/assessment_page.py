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
from ..options import BY_MAP, BY_WEIGHTS, NONE, OTHER, SIMPLE
from ..progress import Progress
from ..text import Text, joined, typeset, untranslated
from ..values import to_plain
from .charts import draw_areas, draw_class_scores, draw_confusion
from .figure import Picture, figure_labels, figure_style
from .page import software_sentence, write_report

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


_DESIGN_PHRASES = {
    NONE: Text("that are not a probability sample"),
    SIMPLE: Text("drawn by simple random sampling"),
    BY_MAP: Text("drawn by stratified random sampling with the classes of the map as strata"),
    OTHER: Text("drawn by stratified random sampling"),
    BY_WEIGHTS: Text("of a weighted probability sample"),
}
_ESTIMATORS = {
    SIMPLE: Text(
        "Accuracy and areas were estimated by the proportions of the sample, with Wilson’s 95 % "
        "confidence intervals."
    ),
    BY_MAP: Text(
        "Accuracy and areas were estimated as in Olofsson et al. (2014), with Wilson’s 95 % "
        "confidence intervals."
    ),
    OTHER: Text(
        "Accuracy and areas were estimated as in Stehman (2014), with Wilson’s 95 % confidence intervals."
    ),
    BY_WEIGHTS: Text(
        "Accuracy and areas were estimated by weighted ratios, with Wilson’s 95 % confidence intervals."
    ),
}


def accuracy_methods(content: AssessedMap) -> str:
    """Return the paragraph on an assessment for a publication."""
    overall = content.accuracy.overall
    sentences = [
        Text(
            "The map “{map}” ({classes} classes) was compared with {units:,} reference {unit}s {design} "
            "({reference}).",
            map=content.map,
            classes=len(content.classes),
            units=content.units,
            unit=Text(content.unit_name),
            design=_DESIGN_PHRASES[content.design],
            reference=content.reference,
        )
    ]
    if content.design in _ESTIMATORS:
        sentences.append(_ESTIMATORS[content.design])
    elif overall.low is not None:
        sentences.append(
            Text(
                "The 95 % confidence intervals come from a bootstrap over {count:,} {cluster}s.",
                count=content.clusters,
                cluster=Text(content.cluster_name),
            )
        )
    if overall.value is not None:
        sentences.append(
            Text(
                "Overall accuracy was {accuracy:.1f} % (95 % confidence interval {low:.1f} to {high:.1f} %).",
                accuracy=100 * overall.value,
                low=100 * overall.low,
                high=100 * overall.high,
            )
            if overall.low is not None and overall.high is not None
            else Text("Overall accuracy was {accuracy:.1f} %.", accuracy=100 * overall.value)
        )
    return joined([*sentences, *_omitted(content), software_sentence(content.provenance)])


def _omitted(content: AssessedMap | ComparedMaps | MapsSideBySide) -> list[str]:
    """Return a sentence on the units that were not compared; nothing where there are none."""
    units = {what: count for what, count in content.left_out.items() if count}
    if not units:
        return []
    items = [Text("{what}: {count:,}", what=Text(what), count=count) for what, count in units.items()]
    return [Text("These units were not compared: {items}.", items=joined(items, "; "))]


def comparison_methods(content: ComparedMaps) -> str:
    """Return the paragraph on a comparison for a publication."""
    return joined(
        [
            Text(
                "{maps} were compared on {units:,} reference {unit}s {design} ({reference}).",
                maps=", ".join(content.maps),
                units=content.units,
                unit=Text(content.unit_name),
                design=_DESIGN_PHRASES[content.design],
                reference=content.reference,
            ),
            *(
                Text(
                    "The gain of {map} over {first} in overall accuracy was {gain} percentage points{range}.",
                    map=name,
                    first=content.maps[0],
                    gain=typeset(100 * (gain.overall.value or 0.0), 1),
                    range=_range(gain.overall),
                )
                for name, gain in zip(content.maps[1:], content.gains, strict=True)
            ),
            *_omitted(content),
            software_sentence(content.provenance),
        ]
    )


def _range(gain: Estimate) -> str:
    ends = gain.interval_text(1, 100, has_sign=True)
    return Text(" (95 % confidence interval {ends})", ends=ends) if ends else ""


def areas_methods(content: MapsSideBySide) -> str:
    """Return the paragraph on a comparison without a reference for a publication."""
    return joined(
        [
            Text(
                "{maps} were cross-tabulated pixel by pixel with {first}, without a reference; areas are "
                "those "
                "of mapped pixels and are not corrected for errors of the maps.",
                maps=", ".join(content.maps[1:]),
                first=content.maps[0],
            ),
            software_sentence(content.provenance),
        ]
    )


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
        head += [name, untranslated(f"{name} low"), untranslated(f"{name} high")]
    for name in content.maps[1:]:
        head += [untranslated(f"gain of {name}{end}") for end in ("", " low", " high")]
    head += [untranslated(f"p of {name}") for name in content.maps[1:]]
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


def _document(content: AssessedMap | ComparedMaps | MapsSideBySide, methods: str) -> dict[str, Any]:
    """Return the content as plain values, with the keys of the first version, and the methods paragraph."""
    document: dict[str, Any] = to_plain(
        content,
        {
            ConfusionMatrix: ConfusionMatrix.to_map_rows,
            Estimate: lambda item: {
                key: getattr(item, key) for key in ("value", "error", "low", "high", "quantile")
            },
        },
    )
    return {**document, "methods": str(methods)}


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
        methods = accuracy_methods(content)
        pictures = accuracy_pictures(content, labels)
        document = _document(content, methods)
        write_report(path, "accuracy.html", content, document, pictures, progress, methods)
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


def accuracy_pictures(content: AssessedMap, labels: Sequence[str]) -> list[Picture]:
    """Return the figures of an accuracy report, within ``figure_style``.

    Args:
        content: Content of the report.
        labels: Label of each class.
    """
    accuracy = content.accuracy
    colors = [item.color for item in content.classes]
    pictures = [
        Picture(
            "confusion_matrix",
            Text(
                "Confusion matrix in counts: rows are map classes, columns reference classes; the colour is "
                "the fraction of the row, so the diagonal shows the user’s accuracy of the sample."
            ),
            Text(
                "Confusion matrix of {count} classes; the numbers are in the table below", count=len(labels)
            ),
            draw_confusion(accuracy.counts.to_map_rows(), labels, Text("map class"), Text("reference class")),
        ),
        Picture(
            "class_accuracy",
            Text(
                "User’s accuracy (circles) and producer’s accuracy (diamonds) of each class, with 95 % "
                "confidence intervals where there are any."
            ),
            Text("User’s and producer’s accuracy of each class; the numbers are in the table above"),
            draw_class_scores(
                accuracy.users,
                labels,
                colors,
                accuracy.producers,
                Text("producer’s accuracy"),
                Text("user’s accuracy"),
                Text("accuracy"),
            ),
        ),
    ]
    if any(item.value is not None for item in content.area_hectares):
        pictures.append(
            Picture(
                "areas",
                Text(
                    "Area of each class: the bar is the mapped area, the point the area estimated from the "
                    "reference, with its 95 % confidence interval. Where they differ, the map over- or "
                    "underestimates the class."
                ),
                Text("Mapped and estimated area of each class; the numbers are in the table above"),
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
        pictures = comparison_pictures(content, labels)
        methods = comparison_methods(content)
        document = _document(content, methods)
        write_report(path, "comparison.html", content, document, pictures, progress, methods)
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
        pictures = areas_pictures(content, labels)
        methods = areas_methods(content)
        write_report(path, "areas.html", content, _document(content, methods), pictures, progress, methods)
    folder = figure_folder(path)
    write_areas_table(folder / "areas.csv", content, progress)
    names = [class_label(item) for item in content.classes]
    for number, table in enumerate(content.tables, start=1):
        _write_cells(folder / f"cross_tabulation_{number}.csv", "first \\ other", table, names, progress)


def areas_pictures(content: MapsSideBySide, labels: Sequence[str]) -> list[Picture]:
    """Return the figures of a comparison without a reference, within ``figure_style``.

    Args:
        content: Content of the report.
        labels: Label of each class.
    """
    return [
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


def comparison_pictures(content: ComparedMaps, labels: Sequence[str]) -> list[Picture]:
    """Return the figures of a comparison report, within ``figure_style``.

    Args:
        content: Content of the report.
        labels: Label of each class.
    """
    colors = [item.color for item in content.classes]
    pictures = []
    for number, (name, accuracy) in enumerate(zip(content.maps, content.accuracies, strict=True), start=1):
        pictures.append(
            Picture(
                f"confusion_{number}",
                Text(
                    "{map}: rows are map classes, columns reference classes, in counts; the colour is the "
                    "fraction of the row.",
                    map=name,
                ),
                Text("Confusion matrix of {map}", map=name),
                draw_confusion(
                    accuracy.counts.to_map_rows(), labels, Text("map class"), Text("reference class")
                ),
            )
        )
    first = content.accuracies[0].f1
    for number, name in enumerate(content.maps[1:], start=1):
        pictures.append(
            Picture(
                f"f1_{number}",
                Text(
                    "F1 of each class, with 95 % confidence intervals where there are any: {map} (circles) "
                    "and {first} (diamonds).",
                    map=name,
                    first=content.maps[0],
                ),
                Text("F1 of each class; the numbers are in the table above"),
                draw_class_scores(
                    content.accuracies[number].f1, labels, colors, first, content.maps[0], name
                ),
            )
        )
    return pictures
