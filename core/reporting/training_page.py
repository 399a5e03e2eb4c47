"""Training report: page, JSON file and figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..classes import class_label
from ..files import figure_folder
from ..progress import Progress
from ..text import Text, joined
from .charts import draw_class_scores, draw_confusion, draw_curves, draw_reliability, is_validated
from .figure import Picture, figure_labels, figure_style
from .inspection_page import inspection_pictures, write_curves
from .page import write_report
from .sample_map import draw_sample_map
from .training_content import TrainingContent, training_content
from .training_results import TrainingReport

_PART_COLORS = {
    "training": "#0072B2",
    "validation": "#F0B000",
    "calibration": "#009E73",
    "test": "#D5215E",
    "never tested": "#7B8794",
    "saved model only": "#7B8794",
}
_FOLD_COLORS = ("#0072B2", "#E69F00", "#D5215E", "#009E73", "#7B4FA3", "#56B4E9", "#8C5A2B", "#222222")


def write_training_report(path: Path, report: TrainingReport, progress: Progress) -> TrainingContent:
    """Write the page, its JSON file and its figures as in ``core.reporting.page``, and return the content.

    Args:
        path: Page to write, an ``.html`` file.
        report: Results of the training.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or a file cannot be replaced.
    """
    content = training_content(report)
    inspection = report.inspection
    texts = [class_label(item) for item in report.classes]
    with figure_style([*texts, *(inspection.channels if inspection else ())]) as chain:
        labels = figure_labels(report.classes, chain)
        pictures = training_pictures(content, labels)
        write_report(path, "training.html", content, content.document(), pictures, progress, content.methods)
    if inspection is not None:
        write_curves(figure_folder(path) / "curves.csv", inspection, progress)
    return content


def training_pictures(content: TrainingContent, labels: Sequence[str]) -> list[Picture]:
    """Return the figures of a training report, within ``figure_style``.

    Args:
        content: Content of the report.
        labels: Label of each class.
    """
    report = content.report
    found = inspection_pictures(report.inspection, labels) if report.inspection else ([], [])
    return [*_maps(report, labels), *_curves(report), *_scores(content, labels), *found[0], *found[1]]


def _maps(report: TrainingReport, labels: Sequence[str]) -> list[Picture]:
    design = report.design
    places = (report.background, design.rows, design.columns)
    parts = [
        _PART_COLORS.get(name, _FOLD_COLORS[number % len(_FOLD_COLORS)])
        for number, name in enumerate(design.part_names)
    ]
    count = len(design.rows)
    has_raster = report.background is not None
    return [
        Picture(
            "split_map",
            Text("The samples over the raster, coloured by their part in the training.")
            if has_raster
            else Text(
                "The samples in rows and columns of the raster, coloured by their part in the training."
            ),
            Text(
                "Map of {count:,} samples coloured by {parts}",
                count=count,
                parts=joined(design.part_names, ", "),
            ),
            draw_sample_map(*places, design.parts, design.part_names, parts, report.grid),
        ),
        Picture(
            "class_map",
            Text("The same samples over the raster, coloured by class.")
            if has_raster
            else Text("The same samples in rows and columns of the raster, coloured by class."),
            Text("Map of {count:,} samples coloured by class", count=count),
            draw_sample_map(
                *places, design.codes, labels, [item.color for item in report.classes], report.grid
            ),
        ),
    ]


def _curves(report: TrainingReport) -> list[Picture]:
    histories = report.fold_histories or (report.history,)
    if not histories[0]:
        return []
    best = None if report.fold_histories else report.best_epoch
    caption: list[str] = [
        Text(
            "Loss, accuracy and macro-F1 after each epoch, on the training samples as they were used "
            "(augmented, weighted or balanced where that was chosen) and on validation in natural "
            "proportions."
        )
        if is_validated(histories)
        else Text(
            "Loss and accuracy after each epoch, on the training samples as they were used (augmented, "
            "weighted or balanced where that was chosen)."
        )
    ]
    if report.fold_histories:
        caption.append(Text("There is a line for each of the {count} folds.", count=len(histories)))
    elif best is not None and report.test is not None and report.test.is_refitted:
        caption.append(
            Text(
                "The dotted line is epoch {number}, after which the training of the saved model ended.",
                number=best,
            )
        )
    elif best is not None:
        caption.append(Text("The dotted line is epoch {number}, whose weights the model has.", number=best))
    return [
        Picture(
            "learning_curves",
            joined(caption),
            Text("Learning curves of {count} epochs", count=max(len(history) for history in histories)),
            draw_curves(histories, best),
        )
    ]


def _scores(content: TrainingContent, labels: Sequence[str]) -> list[Picture]:
    accuracy, reliable = content.accuracy, content.reliability
    if accuracy is None or reliable is None:
        return []
    baseline = content.baseline
    return [
        Picture(
            "confusion_matrix",
            Text(
                "Confusion matrix of the test: rows are reference classes, columns predicted classes; the "
                "colour is the fraction of the row."
            ),
            Text(
                "Confusion matrix of {count} classes; the numbers are in the table below", count=len(labels)
            ),
            draw_confusion(
                accuracy.confusion.to_rows(), labels, Text("reference class"), Text("predicted class")
            ),
        ),
        Picture(
            "class_scores",
            Text("F1 of each class that the test has, with 95 % confidence intervals where there are any."),
            Text("F1 of each class; the numbers are in the table above"),
            draw_class_scores(
                accuracy.f1,
                labels,
                [item.color for item in content.classes],
                baseline.accuracy.f1 if baseline else None,
                baseline.title if baseline else "",
            ),
        ),
        Picture(
            "reliability",
            Text(
                "Reliability: accuracy of the test samples by the probability of their predicted class. On "
                "the dashed line, samples with a probability of 80 % are correct in 80 % of the cases; below "
                "it the model is overconfident. Large marks and the bars show where most samples are."
            ),
            Text(
                "Reliability diagram; expected calibration error {error:.3f}",
                error=reliable.calibration_error,
            ),
            draw_reliability(reliable, content.uncalibrated),
        ),
    ]
