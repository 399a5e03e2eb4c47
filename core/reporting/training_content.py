"""Content of a training report: figures and sentences, which the page and the JSON file both take from here.

``TrainingReport`` holds the results of a training; ``TrainingContent`` adds what is derived from them::

    content = training_content(report)
    content.accuracy.overall.value     # for the page
    content.document()                 # for the JSON file
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatingArray, Int64Array
from ..assessment.bootstrap import MIN_CLUSTERS, REPLICATES, describe_coverage
from ..assessment.comparison import Significance
from ..assessment.confusion_matrix import ConfusionMatrix
from ..assessment.estimate import Estimate
from ..assessment.model_accuracy import EvaluationSet, ModelAccuracy, ModelComparison
from ..classes import class_label
from ..options import DEFAULT_COVERAGE
from ..text import Text, counted
from ..uncertainty.calibration import Reliability, reliability
from ..uncertainty.conformal import MIN_CLUSTERS as MIN_LIMIT_CLUSTERS
from ..values import to_plain
from .training_results import HeldOutTest, SampleDesign, TrainingReport

_SCOPES = {
    "polygons": (
        "The test samples are whole polygons (or points) that were not used in training. The figures "
        "describe the accuracy inside similar polygons of this scene."
    ),
    "blocks": (
        "The test samples lie in whole square blocks that were not used in training. The figures describe "
        "the accuracy in the same scene at some distance from the training samples."
    ),
    "field": (
        "The test samples belong to whole groups of your field that were not used in training. The figures "
        "describe the accuracy in a new group."
    ),
    "random": (
        "The test samples were drawn at random and are neighbours of the training samples. The figures are "
        "therefore optimistic and do not describe the accuracy elsewhere."
    ),
}
"""Scope of the held-out figures by split method."""
_LIMITS_OF_SCOPE = (
    "They are not the accuracy of a map. Labels are usually placed where the class is obvious, so edges, "
    "mixed pixels and land cover without labels are missing here. For the accuracy and the areas of a map, "
    "compare it with an independent probability sample of reference points. The figures do not "
    "describe the accuracy in another scene, season or year."
)
_SIGNIFICANCE_LEVEL = 0.05
# Gains in percentage points below which a table shows 0.0.
_MIN_GAIN_POINTS = 0.05
# A class with fewer samples in training or test is rare; one of fewer clusters is trained or tested in few.
_MIN_SAMPLES, _MIN_SAMPLE_CLUSTERS = 50, 3
_MAX_RARE_CLASSES = 12
# Two classes are confused where at least this fraction and number of samples of one have the other class.
_MIN_CONFUSED_FRACTION, _MIN_CONFUSED_SAMPLES = 0.15, 5
_MAX_CONFUSED_PAIRS = 6
# Difference of training and validation accuracy from which on the model overfits.
_MIN_OVERFITTING_GAP = 0.10
# Expected calibration error from which on there is a warning.
_MIN_CALIBRATION_ERROR = 0.10


@dataclass(frozen=True)
class ClassSamples:
    """Samples of a class by part of the design.

    Attributes:
        value: Class value.
        name: Class name.
        color: Colour ``#RRGGBB``.
        samples: Number of samples in each part.
        clusters: Number of their clusters in each part; None where clusters are not known.
    """

    value: int
    name: str
    color: str
    samples: tuple[int, ...]
    clusters: tuple[int, ...] | None


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
    def methods(self) -> str:
        """Paragraph on the training for a publication."""
        report, design = self.report, self.report.design
        version = report.versions.get(
            "deep_land_cover", report.provenance.versions.get("deep_land_cover", "")
        )
        sentences = [
            f"A {report.architecture} was trained with Deep Land Cover {version} to classify pixels from "
            f"{report.looks_at}, with {len(design.codes):,} labelled pixels of {len(report.classes)} classes "
            f"and the seed {report.seed}. {design.done}"
        ]
        if self.accuracy is not None:
            overall = self.accuracy.overall
            sentences.append(
                f"On {self.test_samples:,} held-out samples, overall accuracy was "
                f"{Estimate(overall.value).text(1, 100)} %{_interval(overall, 1, 100, ' %')} and the mean F1 "
                f"of the classes {Estimate(self.accuracy.macro_f1.value).text()}. This is not the accuracy "
                "of a map."
            )
        return " ".join(sentences)

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
    """Return the figures and sentences of a training report."""
    test, design = report.test, report.design
    classes = _class_samples(report)
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
        headline=_headline(report, accuracy, evaluation) if accuracy and evaluation else "",
        intervals=_describe_intervals(evaluation, design.cluster_name) if evaluation else "",
        summary=_summary(report, accuracy, evaluation),
        cautions=_cautions(report, classes, accuracy, reliable),
    )


def _class_samples(report: TrainingReport) -> tuple[ClassSamples, ...]:
    design = report.design
    content = []
    for code, item in enumerate(report.classes):
        members = [(design.codes == code) & (design.parts == part) for part in range(len(design.part_names))]
        clusters = None
        if design.clusters is not None:
            clusters = tuple(len(np.unique(design.clusters[mask])) for mask in members)
        counts = tuple(int(np.count_nonzero(mask)) for mask in members)
        content.append(ClassSamples(item.value, item.name, item.color, counts, clusters))
    return tuple(content)


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
        limits=_describe_limits(test, cluster_name),
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
        verdict=_describe_comparison(comparison, report.baseline.title, report.design.cluster_name),
    )


def _codes(probabilities: FloatingArray) -> Int64Array:
    return np.asarray(probabilities.argmax(axis=1), dtype=np.int64)


def _summary(
    report: TrainingReport, accuracy: ModelAccuracy | None, evaluation: EvaluationSet | None
) -> tuple[str, ...]:
    """Return paragraphs on the training, its result, and the scope of the figures."""
    design = report.design
    training = (
        f"{report.architecture} was trained to classify a pixel from {report.looks_at}. "
        f"{len(design.codes):,} labelled pixels of {len(report.classes)} classes were used. {design.done}"
    )
    if accuracy is None or evaluation is None:
        return training, "No samples were held out for a test, so the accuracy of the model is not known."
    clusters = ""
    if evaluation.clusters is not None and not evaluation.are_points:
        clusters = f" from {counted(evaluation.cluster_count, design.cluster_name)}"
    tested = "The model"
    if report.test is not None and report.test.folds is not None:
        tested = "Each sample was tested by the model of its fold. These models"
    elif report.test is not None and report.test.is_refitted:
        tested = "The model before the saved one"
    result = (
        f"{tested} classified {Estimate(accuracy.overall.value).text(1, 100)} % of "
        f"{len(evaluation.reference):,} test samples{clusters} correctly"
        f"{_interval(accuracy.overall, 1, 100, ' %')}. The mean F1 of the classes, in which rare and common "
        f"classes have the same weight, is {Estimate(accuracy.macro_f1.value).text()}"
        f"{_interval(accuracy.macro_f1, 3)}."
    )
    return training, result, _SCOPES.get(design.method, ""), _LIMITS_OF_SCOPE


def _headline(report: TrainingReport, accuracy: ModelAccuracy, evaluation: EvaluationSet) -> str:
    """Return the overall accuracy with what it is of."""
    unit = report.design.cluster_name if evaluation.clusters is not None else "pixel"
    value = Estimate(accuracy.overall.value).text(1, 100)
    return f"{value} % of held-out {unit}s, not of the map"


def _interval(figure: Estimate, digits: int, factor: float = 1, unit: str = "") -> str:
    """Return `` (95 % interval 70.1 to 90.3 %)``; empty without an interval."""
    ends = figure.interval_text(digits, factor, separator=" to ")
    return f" (95 % interval {ends}{unit})" if ends else ""


def _describe_intervals(evaluation: EvaluationSet, cluster_name: str) -> str:
    if evaluation.clusters is None:
        return (
            "There are no 95 % confidence intervals, because it is not known which samples belong together. "
            "Neighbouring pixels are correlated, and intervals that assume independence would be far too "
            "narrow."
        )
    number = evaluation.cluster_count
    clusters = counted(number, cluster_name)
    if not evaluation.has_intervals:
        return (
            f"There are no 95 % confidence intervals, because the test samples come from only {clusters}; at "
            f"least {MIN_CLUSTERS} are required."
        )
    reason = f", because pixels of one {cluster_name} are correlated"
    return (
        f"The 95 % confidence intervals come from {REPLICATES:,} bootstrap samples, in which the {clusters} "
        f"of the test are resampled with replacement (expanded percentiles)"
        f"{'' if evaluation.are_points else reason}. {describe_coverage(number, cluster_name)}"
    )


def _describe_comparison(comparison: ModelComparison, baseline: str, cluster_name: str) -> str:
    gain = comparison.overall_gain
    points = 100 * (gain.value or 0.0)
    relation = f"{abs(points):.1f} points {'above' if points > 0 else 'below'}"
    if abs(points) < _MIN_GAIN_POINTS:
        relation = "the same as"
    head = f"The overall accuracy is {relation} that of the baseline ({baseline})"
    if ends := gain.interval_text(1, 100, has_sign=True):
        head += f", 95 % interval {ends} points"
    test = comparison.test
    if test is None or test.p is None:
        return (
            f"{head}. The significance of the difference is not known, because it is not known which samples "
            "belong together."
        )
    if not test.first_only and not test.second_only:
        return f"{head}: both classify the same test samples correctly."
    verdict = (
        "The difference is significant."
        if test.p < _SIGNIFICANCE_LEVEL
        else "The difference is not significant: these test samples do not show that one model is better."
    )
    return (
        f"{head}. {test.first_only:,} test samples are correct only with this model, {test.second_only:,} "
        f"only with the baseline; {_describe_test(test, test.p, cluster_name)}. {verdict}"
    )


def _describe_test(test: Significance, probability: float, cluster_name: str) -> str:
    p = "p < 0.001" if probability < 0.001 else f"p = {probability:.3f}"
    if test.name == "McNemar":
        return f"McNemar's exact test over the independent points: {p}"
    return (
        f"sign-flip test over {counted(test.units, cluster_name)}: {p} (McNemar's test is not given, because "
        f"it assumes that the pixels of one {cluster_name} are independent and would make any difference "
        "appear significant)"
    )


def _describe_limits(test: HeldOutTest, cluster_name: str) -> str:
    if test.folds is None and test.is_refitted:
        source = (
            "The limits come from samples that are not in the test, and the calibration was fitted to the "
            "same samples, so the sets may be slightly too small. Both belong to the model before the saved "
            "one: the coverage of the saved one is close to the requested one where it is about as accurate."
        )
    elif test.folds is None:
        source = (
            "The limits come from samples that are not in the test. The calibration was fitted to the same "
            "samples, so the sets may be slightly too small."
        )
    else:
        source = (
            "The limits of each fold come from the other folds. Those of the saved model come from all "
            "folds, that is, from other models: its coverage is not guaranteed by a theorem. It is close to "
            "the requested one where the saved model is about as accurate as the models of the folds."
        )
    own = (
        f" A class has a limit of its own where it has enough samples from at least {MIN_LIMIT_CLUSTERS} "
        f"{cluster_name}s."
    )
    note = f" {test.limit_note}" if test.limit_note else ""
    average = (
        f" Pixels of one {cluster_name} are correlated, so the coverage is an average over {cluster_name}s, "
        "not that of each; with few of them it may be lower than requested."
    )
    return f"{source}{own}{note}{average}"


def _cautions(
    report: TrainingReport,
    classes: Sequence[ClassSamples],
    accuracy: ModelAccuracy | None,
    reliable: Reliability | None,
) -> tuple[str, ...]:
    """Return warnings as whole sentences, the most important first."""
    cautions: list[str] = []
    if report.design.method == "random":
        cautions.append(
            Text(
                "The split is random: neighbouring pixels are in both training and test, so all figures here "
                "are optimistic. Train again with SPLIT=auto for reliable figures."
            )
        )
    cautions += report.design.cautions
    if report.test is None:
        cautions.append(Text("There is no test, so the accuracy of the model is not known."))
    cautions += _rare_classes(report, classes)
    if accuracy is not None:
        cautions += _confused_classes(report, accuracy.confusion)
    cautions += _overfitting(report)
    if reliable is not None:
        cautions += _unreliable(reliable)
    return tuple(dict.fromkeys((*cautions, *report.notes)))


def _rare_classes(report: TrainingReport, classes: Sequence[ClassSamples]) -> list[str]:
    design = report.design
    parts = [number for number, name in enumerate(design.part_names) if name in ("training", "test")]
    rare, few = [], dict[str, list[str]]()
    for item, samples in zip(report.classes, classes, strict=True):
        name = class_label(item)
        facts = [_describe_part(design, samples, part) for part in parts if _is_rare(samples, part)]
        if facts:
            rare.append(f"{name} ({', '.join(facts)})")
        for part in parts:
            if not _is_rare(samples, part) and _is_in_few_clusters(samples, part):
                few.setdefault(design.part_names[part], []).append(
                    f"{name} ({_describe_part(design, samples, part)})"
                )
    heads = {
        "training": f"Classes trained on few {design.cluster_name}s, which may not show all their forms",
        "test": f"Classes tested in few {design.cluster_name}s, whose figures may be quite different in "
        "others",
    }
    return [
        *_listed("Rare classes, whose figures may be quite different with other samples", rare),
        *(text for part, head in heads.items() for text in _listed(head, few.get(part, []))),
    ]


def _listed(head: str, items: Sequence[str]) -> list[str]:
    """Return ``HEAD: a; b; and 3 more.``; nothing without items."""
    if not items:
        return []
    others = len(items) - _MAX_RARE_CLASSES
    more = f"; and {others} more" if others > 0 else ""
    return [f"{head}: {'; '.join(items[:_MAX_RARE_CLASSES])}{more}."]


def _is_rare(item: ClassSamples, part: int) -> bool:
    return 0 < item.samples[part] < _MIN_SAMPLES


def _is_in_few_clusters(item: ClassSamples, part: int) -> bool:
    return item.clusters is not None and 0 < item.clusters[part] < _MIN_SAMPLE_CLUSTERS


def _describe_part(design: SampleDesign, item: ClassSamples, part: int) -> str:
    """Return ``12 test samples from 1 polygon``."""
    text = counted(item.samples[part], f"{design.part_names[part]} sample")
    if item.clusters is None:
        return text
    return f"{text} from {counted(item.clusters[part], design.cluster_name)}"


def _confused_classes(report: TrainingReport, confusion: ConfusionMatrix) -> list[str]:
    counts = confusion.counts.astype(np.int64)
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    fractions = wrong / totals
    is_confused = (fractions >= _MIN_CONFUSED_FRACTION) & (wrong >= _MIN_CONFUSED_SAMPLES)
    pairs = sorted(np.argwhere(is_confused).tolist(), key=lambda pair: -float(fractions[pair[0], pair[1]]))
    return [
        Text(
            "{true_class} is often confused with {other}: {count:,} of {total:,} test samples "
            "({fraction:.0%}).",
            true_class=class_label(report.classes[truth]),
            other=class_label(report.classes[guess]),
            count=counts[truth, guess],
            total=totals[truth, 0],
            fraction=fractions[truth, guess],
        )
        for truth, guess in pairs[:_MAX_CONFUSED_PAIRS]
    ]


def _overfitting(report: TrainingReport) -> list[str]:
    best = [item for item in report.history if item.number == report.best_epoch]
    if not best or best[0].validation_accuracy is None:
        return []
    train, validation = best[0].train_accuracy, best[0].validation_accuracy
    if train - validation < _MIN_OVERFITTING_GAP:
        return []
    return [
        Text(
            "The accuracy is {points:.0f} points higher on the training samples ({training:.1%}) than on "
            "validation ({validation:.1%}): the model is overfitting. More samples from more locations help "
            "most.",
            points=100 * (train - validation),
            training=train,
            validation=validation,
        )
    ]


def _unreliable(reliable: Reliability) -> list[str]:
    if reliable.calibration_error < _MIN_CALIBRATION_ERROR:
        return []
    filled = [item for item in reliable.bins if item.probability is not None and item.accuracy is not None]
    excess = sum(item.samples * ((item.probability or 0.0) - (item.accuracy or 0.0)) for item in filled)
    return [
        Text(
            "The probabilities are {direction}, by {points:.0f} points on average. They do not show how "
            "often a class is correct.",
            direction=Text("too high") if excess > 0 else Text("too low"),
            points=100 * reliable.calibration_error,
        )
    ]
