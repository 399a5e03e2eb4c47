"""Training report: page, JSON file and figures."""

from __future__ import annotations

from pathlib import Path

from ..classes import class_label
from ..progress import Progress
from .charts import draw_class_scores, draw_confusion, draw_curves, draw_reliability, is_validated
from .figure import Picture, figure_labels, figure_style
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
    with figure_style([class_label(item) for item in report.classes]) as chain:
        labels = figure_labels(report.classes, chain)
        pictures = [*_maps(report, labels), *_curves(report), *_scores(content, labels)]
        write_report(path, "training.html", content, content.document(), pictures, progress, content.methods)
    return content


def _maps(report: TrainingReport, labels: list[str]) -> list[Picture]:
    design = report.design
    places = (report.background, design.rows, design.columns)
    parts = [
        _PART_COLORS.get(name, _FOLD_COLORS[number % len(_FOLD_COLORS)])
        for number, name in enumerate(design.part_names)
    ]
    frame = "over the raster" if report.background else "in rows and columns of the raster"
    return [
        Picture(
            "split_map",
            f"The samples {frame}, coloured by their part in the training.",
            f"Map of {len(design.rows)} samples coloured by {', '.join(design.part_names)}",
            draw_sample_map(*places, design.parts, design.part_names, parts, report.grid),
        ),
        Picture(
            "class_map",
            f"The same samples {frame}, coloured by class.",
            f"Map of {len(design.rows)} samples coloured by class",
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
    more = "" if best is None else f" The dotted line is epoch {best}, whose weights the model has."
    if best is not None and report.test is not None and report.test.is_refitted:
        more = f" The dotted line is epoch {best}, after which the training of the saved model ended."
    if report.fold_histories:
        more = f" A line for each of the {len(histories)} folds."
    what, where = "Loss and accuracy", ""
    if is_validated(histories):
        what, where = "Loss, accuracy and macro-F1", " and on validation in natural proportions"
    return [
        Picture(
            "learning_curves",
            f"{what} after each epoch, on the training samples as they were used "
            f"(augmented, weighted or balanced where that was chosen){where}.{more}",
            f"Learning curves of {max(len(history) for history in histories)} epochs",
            draw_curves(histories, best),
        )
    ]


def _scores(content: TrainingContent, labels: list[str]) -> list[Picture]:
    accuracy, reliable = content.accuracy, content.reliability
    if accuracy is None or reliable is None:
        return []
    baseline = content.baseline
    return [
        Picture(
            "confusion_matrix",
            "Confusion matrix of the test: rows are reference classes, columns predicted classes; the "
            "colour is the fraction of the row.",
            f"Confusion matrix of {len(labels)} classes; the numbers are in the table below",
            draw_confusion(accuracy.confusion.to_rows(), labels),
        ),
        Picture(
            "class_scores",
            "F1 of each class that the test has, with 95 % confidence intervals where there are any.",
            "F1 of each class; the numbers are in the table above",
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
            "Reliability: accuracy of the test samples by the probability of their predicted class. On the "
            "dashed line, samples with a probability of 80 % are correct in 80 % of the cases; below it "
            "the model is overconfident. Large marks and the bars show where most samples are.",
            f"Reliability diagram; expected calibration error {reliable.calibration_error:.3f}",
            draw_reliability(reliable, content.uncalibrated),
        ),
    ]
