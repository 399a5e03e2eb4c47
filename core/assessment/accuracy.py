"""Accuracy of predicted against reference classes: the confusion matrix and what follows from it.

The figures describe the samples at hand. Area and accuracy of a whole map need the sampling
design too, and are another module's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..classes import LandCoverClass, class_label
from ..models.card import ClassMetrics, Metrics
from .scores import scores

Codes = npt.NDArray[np.int64]
"""Class codes, 0 to classes - 1."""


def confusion_matrix(reference: Codes, predicted: Codes, classes: int) -> Codes:
    """Return counts (classes, classes): reference classes are rows, predicted classes columns."""
    return np.bincount(reference * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def metrics_of(confusion: Codes, classes: Sequence[LandCoverClass]) -> Metrics:
    """Return overall accuracy, macro-F1 and the figures of each class.

    Macro-F1 is the mean F1 of the classes that the reference has. There, F1 is 0 where a class is
    never hit; recall is None where the reference has none of a class, precision where it was
    never predicted.

    Args:
        confusion: From ``confusion_matrix``, with at least one sample.
        classes: In the order of the codes.
    """
    reference_totals, predicted_totals = confusion.sum(axis=1), confusion.sum(axis=0)
    per_class = tuple(
        _class_metrics(item.value, int(confusion[code, code]), int(rows), int(columns))
        for code, (item, rows, columns) in enumerate(
            zip(classes, reference_totals, predicted_totals, strict=True)
        )
    )
    return Metrics(
        overall_accuracy=overall_accuracy(confusion),
        macro_f1=macro_f1(confusion),
        per_class=per_class,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
    )


def overall_accuracy(confusion: Codes) -> float:
    """Return the share of samples on the diagonal."""
    return float(scores(confusion).overall)


def macro_f1(confusion: Codes) -> float:
    """Return the mean F1 over the classes that the reference has."""
    return float(scores(confusion).macro_f1)


def f1_score(precision: float, recall: float) -> float:
    """Return the harmonic mean of precision and recall, 0 where both are 0."""
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def table_lines(metrics: Metrics, classes: Sequence[LandCoverClass]) -> tuple[str, ...]:
    """Return the per-class figures as lines of text for the log."""
    names = [class_label(item) for item in classes]
    width = max(len(name) for name in [*names, "class"])
    head = f"{'class':<{width}}  precision  recall     F1  samples"
    lines = [
        f"{name:<{width}}  {_figure(item.precision):>9}  {_figure(item.recall):>6}"
        f"  {_figure(item.f1):>5}  {item.support:>7,}"
        for name, item in zip(names, metrics.per_class, strict=True)
    ]
    return (head, *lines)


def _class_metrics(value: int, hits: int, reference: int, predicted: int) -> ClassMetrics:
    precision = hits / predicted if predicted else None
    recall = hits / reference if reference else None
    f1 = f1_score(precision or 0.0, recall) if recall is not None else None
    return ClassMetrics(value=value, precision=precision, recall=recall, f1=f1, support=reference)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
