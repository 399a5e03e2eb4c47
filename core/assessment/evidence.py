"""Accuracy of a model on its test samples, and its paired comparison with another model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Int64Array
from .bootstrap import (
    FEWEST_CLUSTERS,
    Estimate,
    cluster_counts,
    clusters_with,
    interval_of,
    intervals_of,
    resampled,
)
from .comparison import Significance, mcnemar, sign_flip
from .confusion_matrix import Scores, confusion_matrix, scores


@dataclass(frozen=True)
class Judgement:
    """The figures of a model with their 95 % intervals.

    Attributes:
        overall: Overall accuracy.
        balanced: Mean recall over the classes that the test has.
        macro_f1: Mean F1 over these classes.
        weighted_f1: The same, weighted by test samples.
        precision: Of each class (user's accuracy).
        recall: Of each class (producer's accuracy).
        f1: Of each class.
        confusion: Counts; reference classes are rows.
    """

    overall: Estimate
    balanced: Estimate
    macro_f1: Estimate
    weighted_f1: Estimate
    precision: tuple[Estimate, ...]
    recall: tuple[Estimate, ...]
    f1: tuple[Estimate, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Comparison:
    """A model beside a baseline on the same test samples; gains are model less baseline.

    Attributes:
        overall_gain: In overall accuracy.
        macro_gain: In macro-F1.
        class_gains: In the F1 of each class.
        test: Is the gain in overall accuracy more than chance? None where nothing can be said.
    """

    overall_gain: Estimate
    macro_gain: Estimate
    class_gains: tuple[Estimate, ...]
    test: Significance | None


@dataclass(frozen=True, eq=False)
class Evidence:
    """Test samples.

    Attributes:
        reference: True classes (N,), at least one sample.
        clusters: Which polygon, block or point each belongs to (N,); None where it is not known.
        classes: How many there are.
        seed: Of the resampling.
    """

    reference: Int64Array
    clusters: Int64Array | None
    classes: int
    seed: int

    @property
    def cluster_count(self) -> int:
        """How many clusters there are; 0 where they are not known."""
        return 0 if self.clusters is None else len(np.unique(self.clusters))

    @property
    def has_intervals(self) -> bool:
        """Whether there are clusters enough to say how far a figure may be off."""
        return self.cluster_count >= FEWEST_CLUSTERS

    @property
    def are_points(self) -> bool:
        """Whether every sample is a cluster of its own."""
        return self.cluster_count == len(self.reference)

    def judge(self, predicted: Int64Array) -> Judgement:
        """Return the figures of predicted classes (N,).

        The interval of a precision rests on the clusters in which the class was predicted, those of
        recall and F1 on the clusters that have it.
        """
        confusion = confusion_matrix(self.reference, predicted, self.classes)
        found, ((drawn, referenced, mapped),) = scores(confusion), self._drawn(predicted)
        clusters = self.cluster_count
        return Judgement(
            overall=interval_of(float(found.overall), drawn.overall, clusters),
            balanced=interval_of(float(found.balanced), drawn.balanced, clusters),
            macro_f1=interval_of(float(found.macro_f1), drawn.macro_f1, clusters),
            weighted_f1=interval_of(float(found.weighted_f1), drawn.weighted_f1, clusters),
            precision=intervals_of(found.precision, drawn.precision, mapped),
            recall=intervals_of(found.recall, drawn.recall, referenced),
            f1=intervals_of(found.f1, drawn.f1, referenced),
            confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        )

    def compare(self, model: Int64Array, baseline: Int64Array) -> Comparison:
        """Return what ``model`` gains over ``baseline``, both predicted classes (N,)."""
        first, second = (
            scores(confusion_matrix(self.reference, predicted, self.classes))
            for predicted in (model, baseline)
        )
        (ours, referenced, _), (theirs, _, _) = self._drawn(model, baseline)
        clusters = self.cluster_count
        return Comparison(
            overall_gain=interval_of(
                float(first.overall - second.overall), ours.overall - theirs.overall, clusters
            ),
            macro_gain=interval_of(
                float(first.macro_f1 - second.macro_f1), ours.macro_f1 - theirs.macro_f1, clusters
            ),
            class_gains=intervals_of(first.f1 - second.f1, ours.f1 - theirs.f1, referenced),
            test=self._test(model, baseline),
        )

    def _drawn(self, *predictions: Int64Array) -> list[tuple[Scores, Int64Array, Int64Array]]:
        """Return the scores of resampled test samples, and the clusters that each class rests on.

        Returns:
            Of each prediction the scores, the clusters that have each class, and those in which it was
            predicted, both of shape (classes,). Without enough clusters there are no scores and no
            clusters of classes.
        """
        if self.clusters is None or not self.has_intervals:
            none = np.zeros(self.classes, dtype=np.int64)
            return [(scores(np.empty((0, self.classes, self.classes))), none, none)] * len(predictions)
        counts = [
            cluster_counts(self.reference, predicted, self.clusters, self.classes)
            for predicted in predictions
        ]
        drawn = resampled(counts, self.classes, self.seed)
        return [
            (scores(confusions), *clusters_with(item, self.classes))
            for confusions, item in zip(drawn, counts, strict=True)
        ]

    def _test(self, model: Int64Array, baseline: Int64Array) -> Significance | None:
        """McNemar's test takes samples for independent, which pixels of a polygon are not."""
        if self.clusters is None:
            return None
        first, second = ((item == self.reference).astype(np.int64) for item in (model, baseline))
        if self.are_points:
            return mcnemar(int(np.sum(first > second)), int(np.sum(second > first)))
        return sign_flip(first, second, self.clusters, self.seed)
