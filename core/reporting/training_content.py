"""Content of a training report, from which the page and the JSON file are both written.

``TrainingReport`` holds the results of a training. ``TrainingContent`` adds the figures that are derived from
them, and the sentences of ``core.reporting.training_sentences`` on these figures::

    content = training_content(report)
    content.accuracy.overall.value     # for the page
    content.document()                 # for the JSON file
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatingArray, Int64Array
from ..assessment.confusion_matrix import ConfusionMatrix
from ..assessment.estimate import Estimate
from ..assessment.model_accuracy import EvaluationSet, ModelAccuracy, ModelComparison
from ..options import DEFAULT_COVERAGE
from ..text import Text, joined
from ..uncertainty.calibration import Reliability, reliability
from ..values import to_plain
from .inspection_page import found_document
from .member_content import MemberContent, describe_combination, describe_gains, member_contents
from .training_results import ClassSamples, HeldOutTest, TrainingReport, class_samples
from .training_sentences import (
    accuracy_headline,
    caution_sentences,
    describe_comparison,
    describe_intervals,
    describe_set_limits,
    methods_paragraph,
    summary_paragraphs,
)

_SPLITS = {
    "polygons": Text("polygons"),
    "blocks": Text("blocks"),
    "field": Text("field"),
    "random": Text("random"),
}


@dataclass(frozen=True)
class FoldAccuracy:
    """Accuracy figures of a single fold."""

    number: int
    samples: int
    overall_accuracy: float
    macro_f1: float


@dataclass(frozen=True)
class DecisionAccuracy:
    """Accuracy figures of a decision rule on the test samples."""

    name: str
    overall_accuracy: float
    balanced_accuracy: float
    macro_f1: float


@dataclass(frozen=True)
class PredictionSets:
    """Prediction sets of the test samples.

    Attributes:
        asked: Requested coverage, 0 to 1.
        covered: Fraction of the samples whose set contains the true class.
        mean_size: Mean number of classes in a set.
        single: Fraction of sets with one class.
        empty: Fraction of sets without a class.
        limits: Origin of the limits and its meaning for the coverage, whole sentences.
    """

    asked: float
    covered: Estimate
    mean_size: float
    single: float
    empty: float
    limits: str


@dataclass(frozen=True)
class BaselineComparison:
    """Baseline model on the same test samples.

    Attributes:
        title: Kind of the baseline model.
        accuracy: Accuracy of the baseline.
        comparison: Gains of the model over the baseline.
        verdict: Result of the comparison, whole sentences.
    """

    title: str
    accuracy: ModelAccuracy
    comparison: ModelComparison
    verdict: str


@dataclass(frozen=True, eq=False)
class TrainingContent:
    """Content of a training report.

    Attributes:
        report: Results of the training.
        classes: Samples of each class, in the order of the codes.
        evaluation: Test samples; None without a test.
        accuracy: Accuracy on the test samples; None without a test.
        folds: Accuracy of each fold; empty without folds.
        decisions: Accuracy of each decision rule; empty where there is only one rule.
        reliability: Reliability of the probabilities; None without a test.
        uncalibrated: Reliability before calibration; None without calibration.
        sets: Prediction sets; None without samples to derive limits from.
        baseline: Comparison with the baseline; None without a baseline.
        headline: Overall accuracy and what it is of, such as ``95.6 % of held-out polygons, not of the map``;
            empty without a test.
        intervals: Origin of the confidence intervals, or the reason why there are none.
        summary: Summary of training and test, a paragraph each.
        cautions: Warnings for the reader, whole sentences, the most important first.
    """

    report: TrainingReport
    classes: tuple[ClassSamples, ...]
    evaluation: EvaluationSet | None
    accuracy: ModelAccuracy | None
    folds: tuple[FoldAccuracy, ...]
    decisions: tuple[DecisionAccuracy, ...]
    reliability: Reliability | None
    uncalibrated: Reliability | None
    sets: PredictionSets | None
    baseline: BaselineComparison | None
    headline: str
    intervals: str
    summary: tuple[str, ...]
    cautions: tuple[str, ...]

    @property
    def members(self) -> tuple[MemberContent, ...]:
        """Members of an ensemble; empty for other models."""
        return member_contents(self.report.members)

    @property
    def combination(self) -> str:
        """Sentence on how the members of an ensemble are combined; empty for other models."""
        return joined(describe_combination(self.report))

    @property
    def member_note(self) -> str:
        """Sentences on what the figures of the members are of; empty where there are none."""
        return describe_gains(self.report)

    @property
    def test_samples(self) -> int:
        """Number of test samples."""
        return 0 if self.evaluation is None else len(self.evaluation.reference)

    @property
    def test_clusters(self) -> int | None:
        """Number of clusters of the test samples; None where it is not known."""
        if self.evaluation is None or self.evaluation.clusters is None:
            return None
        return self.evaluation.cluster_count

    @property
    def unit(self) -> str:
        """Kind of what was held out for the test, in the singular: of the clusters, or ``pixel``."""
        is_known = self.evaluation is not None and self.evaluation.clusters is not None
        return Text(self.report.design.cluster_name) if is_known else Text("pixel")

    @property
    def split(self) -> str:
        """Name of the split method."""
        return _SPLITS.get(self.report.design.method, Text(self.report.design.method))

    @property
    def methods(self) -> str:
        """Paragraph on the training for a publication."""
        return methods_paragraph(self.report, self.accuracy, self.test_samples)

    def document(self) -> dict[str, Any]:
        """Return the content as plain values: the JSON file, whose keys are those of the first version."""
        report, design, baseline = self.report, self.report.design, self.baseline
        return {
            "model": report.model,
            "architecture": report.architecture,
            "created": report.created,
            "headline": self.headline,
            "provenance": _plain(report.provenance),
            "methods": self.methods,
            "summary": list(self.summary),
            "cautions": list(self.cautions),
            "split": design.method,
            "split_done": design.done,
            "split_cautions": list(design.cautions),
            "part_names": list(design.part_names),
            "cluster_name": design.cluster_name,
            "classes": _plain(self.classes),
            "judgement": _plain(self.accuracy),
            "test_samples": self.test_samples,
            "test_clusters": self.test_clusters,
            "intervals": self.intervals,
            "folds": _plain(self.folds),
            "decisions": _plain(self.decisions),
            "reliability": _plain(self.reliability),
            "uncalibrated": _plain(self.uncalibrated),
            "calibration": report.calibration,
            "sets": _plain(self.sets),
            "baseline": None
            if baseline is None
            else {
                "title": baseline.title,
                "judgement": _plain(baseline.accuracy),
                "comparison": _plain(baseline.comparison),
                "verdict": baseline.verdict,
            },
            "history": _plain(report.history),
            "best_epoch": report.best_epoch,
            "fold_histories": _plain(report.fold_histories),
            "parameters": _plain(report.parameters),
            "versions": _plain(report.versions),
            "seed": report.seed,
            "device": report.device,
            "members": _plain(report.members),
            "combination": report.combination if report.members else None,
            "inspection": None if report.inspection is None else found_document(report.inspection),
        }


def _plain(value: Any) -> Any:
    """Return plain values; estimates without standard errors, matrices in counts with reference rows."""
    return to_plain(
        value,
        {
            Estimate: lambda item: {"value": item.value, "low": item.low, "high": item.high},
            ConfusionMatrix: lambda matrix: matrix.counts.astype(np.int64).tolist(),
        },
    )


def training_content(report: TrainingReport) -> TrainingContent:
    """Return the figures and sentences of a training report.

    Args:
        report: Results of the training.
    """
    test, design = report.test, report.design
    classes = class_samples(report)
    evaluation = accuracy = reliable = uncalibrated = baseline = None
    if test is not None:
        evaluation = EvaluationSet(test.reference, test.clusters, len(report.classes), report.seed)
        accuracy = evaluation.accuracy(_codes(test.probabilities))
        reliable = reliability(test.probabilities, test.reference)
        if test.uncalibrated is not None:
            uncalibrated = reliability(test.uncalibrated, test.reference)
        baseline = _baseline(report, test, evaluation)
    return TrainingContent(
        report=report,
        classes=classes,
        evaluation=evaluation,
        accuracy=accuracy,
        folds=_folds(test, len(report.classes)) if test else (),
        decisions=_decisions(test, len(report.classes)) if test else (),
        reliability=reliable,
        uncalibrated=uncalibrated,
        sets=_prediction_sets(test, design.cluster_name, report.seed) if test else None,
        baseline=baseline,
        headline=accuracy_headline(report, accuracy, evaluation) if accuracy and evaluation else "",
        intervals=describe_intervals(evaluation, design.cluster_name) if evaluation else "",
        summary=summary_paragraphs(report, accuracy, evaluation),
        cautions=caution_sentences(report, classes, accuracy, reliable),
    )


def _folds(test: HeldOutTest, classes: int) -> tuple[FoldAccuracy, ...]:
    if test.folds is None:
        return ()
    predicted, folds = _codes(test.probabilities), []
    for number in np.unique(test.folds):
        here = test.folds == number
        matrix = ConfusionMatrix.of_codes(test.reference[here], predicted[here], classes)
        samples = int(np.count_nonzero(here))
        overall, macro_f1 = float(matrix.overall_accuracy), float(matrix.macro_f1)
        folds.append(FoldAccuracy(int(number), samples, overall, macro_f1))
    return tuple(folds)


def _decisions(test: HeldOutTest, classes: int) -> tuple[DecisionAccuracy, ...]:
    if test.balanced is None:
        return ()
    content = []
    for name, codes in (("accuracy", _codes(test.probabilities)), ("balanced", test.balanced)):
        matrix = ConfusionMatrix.of_codes(test.reference, codes, classes)
        figures = matrix.overall_accuracy, matrix.balanced_accuracy, matrix.macro_f1
        content.append(DecisionAccuracy(name, *map(float, figures)))
    return tuple(content)


def _prediction_sets(test: HeldOutTest, cluster_name: str, seed: int) -> PredictionSets | None:
    if test.set_limits is None:
        return None
    members = test.probabilities >= test.set_limits
    covered = members[np.arange(len(members)), test.reference].astype(np.int64)
    # The coverage is the accuracy of a test of one class, 1, that a set contains or not.
    evaluation = EvaluationSet(np.ones(len(covered), dtype=np.int64), test.clusters, 2, seed)
    sizes = members.sum(axis=1)
    return PredictionSets(
        asked=DEFAULT_COVERAGE,
        covered=evaluation.accuracy(covered).overall,
        mean_size=float(sizes.mean()),
        single=float((sizes == 1).mean()),
        empty=float((sizes == 0).mean()),
        limits=describe_set_limits(test, cluster_name),
    )


def _baseline(
    report: TrainingReport, test: HeldOutTest, evaluation: EvaluationSet
) -> BaselineComparison | None:
    if report.baseline is None:
        return None
    predicted = _codes(report.baseline.probabilities)
    comparison = evaluation.compare(_codes(test.probabilities), predicted)
    return BaselineComparison(
        title=report.baseline.title,
        accuracy=evaluation.accuracy(predicted),
        comparison=comparison,
        verdict=describe_comparison(comparison, report.baseline.title, report.design.cluster_name),
    )


def _codes(probabilities: FloatingArray) -> Int64Array:
    return np.asarray(probabilities.argmax(axis=1), dtype=np.int64)
