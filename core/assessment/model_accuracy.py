"""Accuracy of a model on held-out test samples, and its paired comparison with another model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Int64Array
from .bootstrap import (
    MIN_CLUSTERS,
    bootstrap_estimate,
    bootstrap_estimates,
    clusters_with,
    count_by_cluster,
    resampled_margins,
)
from .comparison import Significance, mcnemar, sign_flip
from .confusion_matrix import ConfusionMatrix, MatrixMargins
from .estimate import Estimate, Estimates


@dataclass(frozen=True)
class ModelAccuracy:
    """Accuracy figures of a model with their 95 % confidence intervals.

    The names are keys in the JSON of training reports.

    Attributes:
        overall: Overall accuracy.
        balanced: Mean recall of the classes that the test samples have.
        macro_f1: Mean F1 of these classes.
        weighted_f1: Mean F1 of these classes, weighted by their test samples.
        precision: Precision (user's accuracy) of each class.
        recall: Recall (producer's accuracy) of each class.
        f1: F1 of each class.
        confusion: Confusion matrix in test samples.
    """

    overall: Estimate
    balanced: Estimate
    macro_f1: Estimate
    weighted_f1: Estimate
    precision: Estimates
    recall: Estimates
    f1: Estimates
    confusion: ConfusionMatrix


@dataclass(frozen=True)
class ModelComparison:
    """Gains of a model over a baseline on the same test samples: figure of the model less the baseline's.

    The names are keys in the JSON of training reports.

    Attributes:
        overall_gain: Gain in overall accuracy.
        macro_gain: Gain in macro-F1.
        class_gains: Gain in the F1 of each class.
        test: Significance test of the gain in overall accuracy; None where it is not known which samples
            belong together.
    """

    overall_gain: Estimate
    macro_gain: Estimate
    class_gains: Estimates
    test: Significance | None


@dataclass(frozen=True, eq=False)
class EvaluationSet:
    """Held-out test samples on which models are evaluated.

    Attributes:
        reference: True class codes, shape (N,), at least one sample.
        clusters: Polygon, block or point of each sample, shape (N,); None where it is not known.
        classes: Number of classes.
        seed: Seed of the resampling.
    """

    reference: Int64Array
    clusters: Int64Array | None
    classes: int
    seed: int

    @property
    def cluster_count(self) -> int:
        """Number of clusters; 0 where they are not known."""
        return 0 if self.clusters is None else len(np.unique(self.clusters))

    @property
    def has_intervals(self) -> bool:
        """Whether there are enough clusters for confidence intervals."""
        return self.cluster_count >= MIN_CLUSTERS

    @property
    def are_points(self) -> bool:
        """Whether every sample is a cluster of its own."""
        return self.cluster_count == len(self.reference)

    def accuracy(self, predicted: Int64Array) -> ModelAccuracy:
        """Return the accuracy of predictions.

        The interval of a precision is based on the clusters in which the class is predicted, those of
        recall and F1 on the clusters that have it.

        Args:
            predicted: Predicted class codes, shape (N,).
        """
        matrix = ConfusionMatrix.of_codes(self.reference, predicted, self.classes)
        ((replicates, referenced, mapped),) = self._resampled(predicted)
        clusters = self.cluster_count

        def whole(name: str) -> Estimate:
            return bootstrap_estimate(getattr(matrix, name), getattr(replicates, name), clusters)

        def per_class(name: str, of_class: Int64Array) -> Estimates:
            return bootstrap_estimates(getattr(matrix, name), getattr(replicates, name), of_class)

        return ModelAccuracy(
            overall=whole("overall_accuracy"),
            balanced=whole("balanced_accuracy"),
            macro_f1=whole("macro_f1"),
            weighted_f1=whole("weighted_f1"),
            precision=per_class("users_accuracy", mapped),
            recall=per_class("producers_accuracy", referenced),
            f1=per_class("f1", referenced),
            confusion=matrix,
        )

    def compare(self, model: Int64Array, baseline: Int64Array) -> ModelComparison:
        """Return the gains of a model over a baseline.

        Args:
            model: Class codes predicted by the model, shape (N,).
            baseline: Class codes predicted by the baseline, shape (N,).
        """
        first, second = (
            ConfusionMatrix.of_codes(self.reference, predicted, self.classes)
            for predicted in (model, baseline)
        )
        (ours, referenced, _), (theirs, _, _) = self._resampled(model, baseline)
        clusters = self.cluster_count
        return ModelComparison(
            overall_gain=bootstrap_estimate(
                first.overall_accuracy - second.overall_accuracy,
                ours.overall_accuracy - theirs.overall_accuracy,
                clusters,
            ),
            macro_gain=bootstrap_estimate(
                first.macro_f1 - second.macro_f1, ours.macro_f1 - theirs.macro_f1, clusters
            ),
            class_gains=bootstrap_estimates(first.f1 - second.f1, ours.f1 - theirs.f1, referenced),
            test=self._test(model, baseline),
        )

    def _resampled(self, *predictions: Int64Array) -> list[tuple[MatrixMargins, Int64Array, Int64Array]]:
        """Return margins of resampled matrices of predictions, and the clusters that each class is based on.

        Returns:
            For each prediction the margins, the number of clusters that have each class, and the number of
            those in which it is predicted, both of shape (classes,). Without enough clusters there are no
            matrices, and all numbers are 0.
        """
        if self.clusters is None or not self.has_intervals:
            empty = MatrixMargins(*np.empty((3, 0, self.classes)))
            none = np.zeros(self.classes, dtype=np.int64)
            return [(empty, none, none)] * len(predictions)
        counts = [
            count_by_cluster(self.reference, predicted, self.clusters, self.classes)
            for predicted in predictions
        ]
        replicates = resampled_margins(counts, self.classes, self.seed)
        return [
            (matrices, *clusters_with(item, self.classes))
            for matrices, item in zip(replicates, counts, strict=True)
        ]

    def _test(self, model: Int64Array, baseline: Int64Array) -> Significance | None:
        """McNemar's test assumes independent samples, which pixels of a polygon are not."""
        if self.clusters is None:
            return None
        first, second = ((item == self.reference).astype(np.int64) for item in (model, baseline))
        if self.are_points:
            return mcnemar(int(np.sum(first > second)), int(np.sum(second > first)))
        return sign_flip(first, second, self.clusters, self.seed)
