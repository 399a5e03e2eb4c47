"""Report of an inspection of samples: page, JSON file and figures."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..assessment.confusion_matrix import ConfusionMatrix
from ..assessment.estimate import Estimate
from ..classes import class_label
from ..files import figure_folder, partial_file
from ..progress import Progress
from ..samples.separability import GOOD_DISTANCE, POOR_DISTANCE, ClassCurve
from ..text import Text, joined
from ..values import to_plain
from .charts import draw_class_scores, draw_confusion
from .figure import Picture, figure_labels, figure_style
from .inspection_charts import (
    MAX_CURVES,
    draw_importance,
    draw_learning_curve,
    draw_separability,
    draw_spectra,
)
from .inspection_content import InspectionContent, LabelCheck, SampleInspection
from .language import say
from .page import software_sentence, write_report

MAX_MATRIX = 100
"""Largest number of classes whose distances are drawn; the JSON file has all."""
UNITS = {
    "polygon": Text("number of training polygons"),
    "point": Text("number of training points"),
    "block": Text("number of training blocks"),
    "group": Text("number of training groups"),
}


def inspection_methods(content: InspectionContent) -> str:
    """Return the paragraph on the inspection for a publication."""
    sentences: list[str] = [
        Text(
            "{samples:,} samples of {units:,} {unit}s were inspected. Extra trees (Geurts et al. 2006) on "
            "the bands and indices of single pixels were grown in five folds, three times, in which whole "
            "{cluster}s were held out. The label of a {unit} counts as suspicious where the mean out-of-fold "
            "probability of another class is higher.",
            samples=content.samples,
            units=content.units,
            unit=Text(content.found.unit_name),
            cluster=Text(content.found.cluster_name),
        )
    ]
    if content.check is not None:
        sentences.append(
            Text(
                "The overall accuracy of held-out samples was {accuracy} %.",
                accuracy=content.check.overall_accuracy.text(1, 100),
            )
        )
    sentences.append(
        Text(
            "Separability was measured by the Jeffries-Matusita distance (Richards 2013), importance by "
            "permutation on held-out samples (Breiman 2001), where bands and indices with a rank correlation "
            "above 0.9 were permuted together. Intervals are of resampled {cluster}s.",
            cluster=Text(content.found.cluster_name),
        )
    )
    return joined([*sentences, software_sentence(content.provenance)])


def write_inspection_report(path: Path, content: InspectionContent, progress: Progress) -> None:
    """Write the page of an inspection, its JSON file, figures and tables.

    Args:
        path: Page to write, an ``.html`` file.
        content: Content of the report.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    found = content.found
    texts = [content.raster, *(class_label(item) for item in found.classes), *found.channels]
    with figure_style(texts) as chain:
        labels = figure_labels(found.classes, chain)
        first, last = inspection_pictures(found, labels)
        check = [] if content.check is None else _check_pictures(content.check, found, labels)
        methods = inspection_methods(content)
        document = {
            **found_document(found),
            **{
                item.name: _plain(getattr(content, item.name))
                for item in fields(content)
                if item.name != "found"
            },
            "findings": [str(line) for line in content.findings()],
            "methods": str(methods),
        }
        write_report(path, "inspection.html", content, document, [*first, *check, *last], progress, methods)
    write_curves(figure_folder(path) / "curves.csv", found, progress)


def found_document(found: SampleInspection) -> dict[str, Any]:
    """Return what was found as plain values, for the JSON file of a report."""
    document: dict[str, Any] = _plain(found)
    return document


def _plain(value: Any) -> Any:
    return to_plain(
        value,
        {
            Estimate: lambda item: {key: getattr(item, key) for key in ("value", "error", "low", "high")},
            ConfusionMatrix: lambda item: item.to_rows(),
        },
    )


def inspection_pictures(
    found: SampleInspection, labels: Sequence[str]
) -> tuple[list[Picture], list[Picture]]:
    """Return the figures of what was found, within ``figure_style``: of the classes, and of the models.

    Args:
        found: What was found.
        labels: Label of each class.
    """
    return _class_pictures(found, labels), _model_pictures(found)


def _class_pictures(found: SampleInspection, labels: Sequence[str]) -> list[Picture]:
    """Return the curves of the classes and the matrix of their distances."""
    colors = [item.color for item in found.classes]
    pictures = []
    for name, start, stop, caption in (
        (
            "spectra",
            0,
            found.bands,
            Text("Mean of each class by band, and the range of 90 % of its samples; grey: other classes."),
        ),
        (
            "indices",
            found.bands,
            len(found.channels),
            Text("Mean of each class by index, and the range of 90 % of its samples; grey: other classes."),
        ),
    ):
        if stop == start:
            continue
        curves = [
            ClassCurve(item.mean[start:stop], item.low[start:stop], item.high[start:stop])
            for item in found.curves
        ]
        if len(curves) > MAX_CURVES:
            caption = joined((caption, Text("The first {count} classes are drawn.", count=MAX_CURVES)))
        figure = draw_spectra(curves, found.channels[start:stop], labels, colors, name == "spectra")
        pictures.append(
            Picture(name, caption, Text("Curves of the classes; the numbers are in curves.csv"), figure)
        )
    if len(labels) <= MAX_MATRIX:
        pictures.append(
            Picture(
                "separability",
                Text(
                    "Jeffries-Matusita distance of each pair of classes. Dark: they overlap; bold: below "
                    "{good}.",
                    good=GOOD_DISTANCE,
                ),
                Text("Matrix of the distances between classes; the numbers are in the JSON file"),
                draw_separability(found.distances, labels, GOOD_DISTANCE, POOR_DISTANCE),
            )
        )
    return pictures


def _check_pictures(check: LabelCheck, found: SampleInspection, labels: Sequence[str]) -> list[Picture]:
    """Return the confusion of held-out samples, and the F1 of each class."""
    return [
        Picture(
            "confusion",
            Text(
                "Labels (rows) and classes of models that were grown without the {unit} (columns).",
                unit=Text(found.cluster_name),
            ),
            Text("Confusion matrix of held-out samples; the numbers are in the JSON file"),
            draw_confusion(check.matrix.to_rows(), labels, Text("label"), Text("predicted")),
        ),
        Picture(
            "class_scores",
            Text("F1 of each class on held-out samples, with its 95 % interval."),
            Text("Chart of the F1 of each class; the numbers are in the table"),
            draw_class_scores(check.f1, labels, [item.color for item in found.classes], None, ""),
        ),
    ]


def _model_pictures(found: SampleInspection) -> list[Picture]:
    """Return the importance of bands, and the learning curve."""
    pictures = []
    if found.importance:
        pictures.append(
            Picture(
                "importance",
                Text("Importance of bands and indices; those on one line were permuted together."),
                Text("Bars of the importance; the numbers are in the table"),
                draw_importance(
                    [", ".join(item.channels) for item in found.importance],
                    [item.fall for item in found.importance],
                ),
            )
        )
    if found.curve is not None and found.curve.points:
        pictures.append(
            Picture(
                "learning_curve",
                Text(
                    "Overall accuracy of the same held-out samples, with a part of the training {unit}s.",
                    unit=Text(found.cluster_name),
                ),
                Text("Learning curve; the numbers are in the table"),
                draw_learning_curve(found.curve, say(UNITS[found.cluster_name])),
            )
        )
    return pictures


def write_curves(path: Path, content: SampleInspection, progress: Progress) -> None:
    """Write the mean and the range of 90 % of each class and channel as a CSV table."""
    with partial_file(path, progress) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["value", "name", "channel", "mean", "p5", "p95"])
        for item, curve in zip(content.classes, content.curves, strict=True):
            for row in zip(content.channels, curve.mean, curve.low, curve.high, strict=True):
                writer.writerow([item.value, item.name, row[0], *(f"{number:.6g}" for number in row[1:])])
