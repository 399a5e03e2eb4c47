"""Confusion matrices and the accuracy figures that follow from them.

The reference is in the rows and the prediction in the columns, as in scikit-learn. The figures describe the
samples at hand; ``core.assessment.estimators`` estimates those of a whole map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Float64Array, Int64Array
from ..classes import LandCoverClass, class_label
from ..models.card import ClassMetrics, Metrics


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of matrices of shape (..., classes, classes), whose rows are reference classes.

    Attributes:
        overall: Share of samples on the diagonal (...).
        balanced: Mean recall over the classes that the reference has (...).
        macro_f1: Mean F1 over these classes (...).
        weighted_f1: The same, weighted by their samples (...).
        precision: Of each class (..., classes); NaN where it was never predicted.
        recall: Of each class; NaN where the reference has none of it.
        f1: Of each class; NaN where the reference has none of it, 0 where it was never hit.
    """

    overall: Float64Array
    balanced: Float64Array
    macro_f1: Float64Array
    weighted_f1: Float64Array
    precision: Float64Array
    recall: Float64Array
    f1: Float64Array


def scores(confusion: npt.NDArray[np.int64] | Float64Array) -> Scores:
    """Return the scores of matrices (..., classes, classes); NaN where there are no samples."""
    counts = np.asarray(confusion, dtype=np.float64)
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    reference, predicted = counts.sum(axis=-1), counts.sum(axis=-2)
    total = reference.sum(axis=-1)
    recall = ratio(hits, reference)
    f1 = np.where(reference > 0, ratio(2 * hits, reference + predicted), np.nan)
    present = np.count_nonzero(reference > 0, axis=-1)
    return Scores(
        overall=ratio(hits.sum(axis=-1), total),
        balanced=ratio(np.nansum(recall, axis=-1), present),
        macro_f1=ratio(np.nansum(f1, axis=-1), present),
        weighted_f1=ratio(np.nansum(f1 * reference, axis=-1), total),
        precision=ratio(hits, predicted),
        recall=recall,
        f1=f1,
    )


def ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Float64Array:
    """Return part / whole, NaN where the whole is nothing."""
    above, below = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    found: Float64Array = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return found


def confusion_matrix(reference: Int64Array, predicted: Int64Array, classes: int) -> Int64Array:
    """Return counts (classes, classes): reference classes are rows, predicted classes columns."""
    return np.bincount(reference * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def metrics_of(confusion: Int64Array, classes: Sequence[LandCoverClass]) -> Metrics:
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


def overall_accuracy(confusion: Int64Array) -> float:
    """Return the share of samples on the diagonal."""
    return float(scores(confusion).overall)


def macro_f1(confusion: Int64Array) -> float:
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
