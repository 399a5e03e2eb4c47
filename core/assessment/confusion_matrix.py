"""Confusion matrices and the accuracy figures that follow from them.

Reference classes are in the rows and mapped or predicted classes in the columns, as in scikit-learn::

    matrix = ConfusionMatrix.of_codes(reference, predicted, classes=4)
    matrix.overall_accuracy, matrix.producers_accuracy, matrix.f1

The figures describe the samples at hand; ``core.assessment.estimators`` estimates those of a whole map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Float64Array, Int64Array
from ..classes import LandCoverClass, class_label
from ..models.card import ClassMetrics, Metrics
from .estimate import finite


@dataclass(frozen=True, eq=False)
class MatrixMargins:
    """Diagonal and margins of one confusion matrix, or of several of the same classes.

    All accuracy figures follow from them. A figure has the shape (...) of the matrices, or (..., classes)
    where it belongs to a class. It is NaN where it is not defined: user's accuracy of a class that was never
    mapped, producer's accuracy and F1 of a class that the reference lacks. Means over classes leave out the
    classes that the reference lacks.

    Attributes:
        hits: Correct samples of each class, shape (..., classes).
        reference_totals: Samples of each reference class, shape (..., classes).
        predicted_totals: Samples mapped or predicted as each class, shape (..., classes).
    """

    hits: Float64Array
    reference_totals: Float64Array
    predicted_totals: Float64Array

    @property
    def overall_accuracy(self) -> Float64Array:
        """Fraction of correct samples."""
        return ratio(self.hits.sum(axis=-1), self.reference_totals.sum(axis=-1))

    @property
    def users_accuracy(self) -> Float64Array:
        """User's accuracy (precision) of each class."""
        return ratio(self.hits, self.predicted_totals)

    @property
    def producers_accuracy(self) -> Float64Array:
        """Producer's accuracy (recall) of each class."""
        return ratio(self.hits, self.reference_totals)

    @property
    def f1(self) -> Float64Array:
        """Harmonic mean of user's and producer's accuracy of each class; 0 for a class without a hit."""
        scores = ratio(2 * self.hits, self.reference_totals + self.predicted_totals)
        return np.where(self.reference_totals > 0, scores, np.nan)

    @property
    def iou(self) -> Float64Array:
        """Intersection over union of each class."""
        return np.asarray(self.f1 / (2 - self.f1), dtype=np.float64)

    @property
    def balanced_accuracy(self) -> Float64Array:
        """Mean producer's accuracy (recall) of the classes."""
        return ratio(np.nansum(self.producers_accuracy, axis=-1), self._class_number)

    @property
    def macro_f1(self) -> Float64Array:
        """Mean F1 of the classes."""
        return ratio(np.nansum(self.f1, axis=-1), self._class_number)

    @property
    def weighted_f1(self) -> Float64Array:
        """Mean F1 of the classes, weighted by their reference samples."""
        totals = self.reference_totals
        return ratio(np.nansum(self.f1 * totals, axis=-1), totals.sum(axis=-1))

    @property
    def kappa(self) -> Float64Array:
        """Cohen's kappa; NaN where the agreement expected by chance is 1."""
        total = self.reference_totals.sum(axis=-1, keepdims=True)
        chance = np.sum(ratio(self.reference_totals, total) * ratio(self.predicted_totals, total), axis=-1)
        return ratio(self.overall_accuracy - chance, 1 - chance)

    @property
    def _class_number(self) -> Int64Array:
        return np.asarray(np.count_nonzero(self.reference_totals > 0, axis=-1))


@dataclass(frozen=True, eq=False, init=False)
class ConfusionMatrix(MatrixMargins):
    """One confusion matrix, or several of the same classes, with the figures of ``MatrixMargins``.

    Attributes:
        counts: Numbers of samples, or their weights, shape (..., classes, classes). Rows are reference
            classes, columns mapped or predicted classes.
    """

    counts: Float64Array

    def __init__(self, counts: Float64Array) -> None:
        """Store the counts, their diagonal and their margins."""
        hits = np.asarray(np.diagonal(counts, axis1=-2, axis2=-1))
        super().__init__(hits, np.asarray(counts.sum(axis=-1)), np.asarray(counts.sum(axis=-2)))
        object.__setattr__(self, "counts", counts)

    @classmethod
    def of_codes(cls, reference: Int64Array, predicted: Int64Array, classes: int) -> ConfusionMatrix:
        """Return the matrix of samples.

        Args:
            reference: True class codes, shape (N,).
            predicted: Mapped or predicted class codes, shape (N,).
            classes: Number of classes.
        """
        counts = np.bincount(reference * classes + predicted, minlength=classes * classes)
        return cls(counts.reshape(classes, classes).astype(np.float64))

    @property
    def proportions(self) -> ConfusionMatrix:
        """The matrix divided by its total."""
        return ConfusionMatrix(ratio(self.counts, self.counts.sum(axis=(-1, -2), keepdims=True)))

    def to_rows(self) -> list[list[float]]:
        """Return the cells of a single matrix as nested lists, a reference class in each row."""
        rows: list[list[float]] = self.counts.tolist()
        return rows

    def to_map_rows(self) -> list[list[float]]:
        """Return the cells of a single matrix as nested lists, a map class in each row.

        Error matrices of map accuracy are printed in this orientation (Olofsson et al. 2014). The reports
        of an accuracy assessment have had it since the first version and keep it.
        """
        rows: list[list[float]] = self.counts.T.tolist()
        return rows

    def metrics(self, classes: Sequence[LandCoverClass]) -> Metrics:
        """Return the figures of a single matrix in the form of a model file.

        Args:
            classes: Classes in the order of the codes.
        """
        precision, recall, f1 = self.users_accuracy, self.producers_accuracy, self.f1
        per_class = tuple(
            ClassMetrics(
                value=item.value,
                precision=finite(precision[code]),
                recall=finite(recall[code]),
                f1=finite(f1[code]),
                support=int(self.reference_totals[code]),
            )
            for code, item in enumerate(classes)
        )
        return Metrics(
            overall_accuracy=float(self.overall_accuracy),
            macro_f1=float(self.macro_f1),
            per_class=per_class,
            confusion=tuple(tuple(int(count) for count in row) for row in self.counts),
        )


def ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Float64Array:
    """Return part / whole, NaN where the whole is not above 0; the arguments are broadcast."""
    numerator, denominator = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    quotient: Float64Array = np.divide(
        numerator, denominator, out=np.full(denominator.shape, np.nan), where=denominator > 0
    )
    return quotient


def table_lines(metrics: Metrics, classes: Sequence[LandCoverClass]) -> tuple[str, ...]:
    """Return the figures of each class as lines of a table for the log."""
    names = [class_label(item) for item in classes]
    width = max(len(name) for name in [*names, "class"])
    head = f"{'class':<{width}}  precision  recall     F1  samples"
    lines = [
        f"{name:<{width}}  {_figure(item.precision):>9}  {_figure(item.recall):>6}"
        f"  {_figure(item.f1):>5}  {item.support:>7,}"
        for name, item in zip(names, metrics.per_class, strict=True)
    ]
    return (head, *lines)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
