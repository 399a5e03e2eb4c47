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
from ..text import Text, counted, fixed, joined
from ..uncertainty.calibration import Reliability, reliability
from ..uncertainty.conformal import MIN_CLUSTERS as MIN_LIMIT_CLUSTERS
from ..values import to_plain
from .member_content import (
    MemberContent,
    describe_combination,
    describe_gains,
    describe_members,
    member_contents,
)
from .training_results import HeldOutTest, SampleDesign, TrainingReport

_SCOPES = {
    "polygons": Text(
        "The test samples are whole polygons (or points) that were not used in training. The figures "
        "describe the accuracy inside similar polygons of this scene."
    ),
    "blocks": Text(
        "The test samples lie in whole square blocks that were not used in training. The figures describe "
        "the accuracy in the same scene at some distance from the training samples."
    ),
    "field": Text(
        "The test samples belong to whole groups of your field that were not used in training. The figures "
        "describe the accuracy in a new group."
    ),
    "random": Text(
        "The test samples were drawn at random and are neighbours of the training samples. The figures are "
        "therefore optimistic and do not describe the accuracy elsewhere."
    ),
}
"""Scope of the held-out figures by split method."""
_SPLITS = {
    "polygons": Text("polygons"),
    "blocks": Text("blocks"),
    "field": Text("field"),
    "random": Text("random"),
}
_LIMITS_OF_SCOPE = Text(
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
_PART_SAMPLES = {
    "training": (Text("1 training sample"), Text("{count:,} training samples")),
    "test": (Text("1 test sample"), Text("{count:,} test samples")),
}
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
        report, design = self.report, self.report.design
        version = report.versions.get(
            "deep_land_cover", report.provenance.versions.get("deep_land_cover", "")
        )
        sentences = [
            Text(
                "A model ({architecture}) was trained with Deep Land Cover {version} to classify pixels from "
                "{inputs}, with {count:,} labelled pixels of {classes} classes and the seed {seed}.",
                architecture=report.architecture,
                version=version,
                inputs=report.looks_at,
                count=len(design.codes),
                classes=len(report.classes),
                seed=report.seed,
            ),
            *describe_combination(report),
            *describe_members(report.members),
            design.done,
        ]
        if self.accuracy is not None:
            sentences.append(
                Text(
                    "On {count:,} held-out samples, overall accuracy was {accuracy} %{range} and the mean F1 "
                    "of the classes {macro_f1}. This is not the accuracy of a map.",
                    count=self.test_samples,
                    accuracy=Estimate(self.accuracy.overall.value).text(1, 100),
                    range=_percent_interval(self.accuracy.overall),
                    macro_f1=Estimate(self.accuracy.macro_f1.value).text(),
                )
            )
        return joined(sentences)

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
    training = joined(
        [
            Text(
                "The model ({architecture}) was trained to classify a pixel from {inputs}.",
                architecture=report.architecture,
                inputs=report.looks_at,
            ),
            Text(
                "{count:,} labelled pixels of {classes} classes were used.",
                count=len(design.codes),
                classes=len(report.classes),
            ),
            *describe_combination(report),
            *describe_members(report.members),
            design.done,
        ]
    )
    if accuracy is None or evaluation is None:
        return training, Text(
            "No samples were held out for a test, so the accuracy of the model is not known."
        )
    samples = Text("{count:,} test samples", count=len(evaluation.reference))
    if evaluation.clusters is not None and not evaluation.are_points:
        clusters = counted(evaluation.cluster_count, design.cluster_name)
        samples = Text("{samples} from {clusters}", samples=samples, clusters=clusters)
    figures = {
        "accuracy": Estimate(accuracy.overall.value).text(1, 100),
        "samples": samples,
        "range": _percent_interval(accuracy.overall),
    }
    tested = Text("The model classified {accuracy} % of {samples} correctly{range}.", **figures)
    if report.test is not None and report.test.folds is not None:
        tested = Text(
            "Each sample was tested by the model of its fold. These models classified {accuracy} % of "
            "{samples} correctly{range}.",
            **figures,
        )
    elif report.test is not None and report.test.is_refitted:
        tested = Text(
            "The model before the saved one classified {accuracy} % of {samples} correctly{range}.", **figures
        )
    macro = Text(
        "The mean F1 of the classes, in which rare and common classes have the same weight, is {macro_f1}"
        "{range}.",
        macro_f1=Estimate(accuracy.macro_f1.value).text(),
        range=_interval(accuracy.macro_f1),
    )
    return training, joined([tested, macro]), _SCOPES.get(design.method, ""), _LIMITS_OF_SCOPE


def _headline(report: TrainingReport, accuracy: ModelAccuracy, evaluation: EvaluationSet) -> str:
    """Return the overall accuracy with what it is of."""
    return Text(
        "{accuracy} % of held-out {unit}s, not of the map",
        accuracy=Estimate(accuracy.overall.value).text(1, 100),
        unit=Text(report.design.cluster_name) if evaluation.clusters is not None else Text("pixel"),
    )


def _percent_interval(figure: Estimate) -> str:
    """Return `` (95 % interval 70.1 to 90.3 %)``; empty without an interval."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = fixed(100 * figure.low, 1), fixed(100 * figure.high, 1)
    return Text(" (95 % interval {low} to {high} %)", low=low, high=high)


def _interval(figure: Estimate) -> str:
    """Return `` (95 % interval 0.701 to 0.903)``; empty without an interval."""
    if figure.low is None or figure.high is None:
        return ""
    return Text(" (95 % interval {low} to {high})", low=fixed(figure.low, 3), high=fixed(figure.high, 3))


def _describe_intervals(evaluation: EvaluationSet, cluster_name: str) -> str:
    if evaluation.clusters is None:
        return Text(
            "There are no 95 % confidence intervals, because it is not known which samples belong together. "
            "Neighbouring pixels are correlated, and intervals that assume independence would be far too "
            "narrow."
        )
    number = evaluation.cluster_count
    clusters = counted(number, cluster_name)
    if not evaluation.has_intervals:
        return Text(
            "There are no 95 % confidence intervals, because the test samples come from only {clusters}; at "
            "least {least} are required.",
            clusters=clusters,
            least=MIN_CLUSTERS,
        )
    bootstrap = Text(
        "The 95 % confidence intervals come from {replicates:,} bootstrap samples, in which the {clusters} "
        "of the test are resampled with replacement (expanded percentiles).",
        replicates=REPLICATES,
        clusters=clusters,
    )
    if not evaluation.are_points:
        bootstrap = Text(
            "The 95 % confidence intervals come from {replicates:,} bootstrap samples, in which the "
            "{clusters} of the test are resampled with replacement (expanded percentiles), because pixels of "
            "one {cluster} are correlated.",
            replicates=REPLICATES,
            clusters=clusters,
            cluster=Text(cluster_name),
        )
    return joined([bootstrap, describe_coverage(number, cluster_name)])


def _describe_comparison(comparison: ModelComparison, baseline: str, cluster_name: str) -> str:
    gain = comparison.overall_gain
    points = 100 * (gain.value or 0.0)
    values = {"points": fixed(abs(points), 1), "baseline": baseline}
    if abs(points) < _MIN_GAIN_POINTS:
        head = Text(
            "The overall accuracy is the same as that of the baseline ({baseline})", baseline=baseline
        )
    elif points > 0:
        head = Text(
            "The overall accuracy is {points} points above that of the baseline ({baseline})", **values
        )
    else:
        head = Text(
            "The overall accuracy is {points} points below that of the baseline ({baseline})", **values
        )
    if ends := gain.interval_text(1, 100, has_sign=True):
        head = Text("{head}, 95 % interval {ends} points", head=head, ends=ends)
    test = comparison.test
    if test is None or test.p is None:
        return Text(
            "{head}. The significance of the difference is not known, because it is not known which samples "
            "belong together.",
            head=head,
        )
    if not test.first_only and not test.second_only:
        return Text("{head}: both classify the same test samples correctly.", head=head)
    counts = Text(
        "{head}. {first:,} test samples are correct only with this model, {second:,} only with the baseline; "
        "{test}.",
        head=head,
        first=test.first_only,
        second=test.second_only,
        test=_describe_test(test, cluster_name),
    )
    verdict = (
        Text("The difference is significant.")
        if test.p < _SIGNIFICANCE_LEVEL
        else Text(
            "The difference is not significant: these test samples do not show that one model is better."
        )
    )
    return joined([counts, verdict])


def _describe_test(test: Significance, cluster_name: str) -> str:
    p = test.p_text
    if test.name == "McNemar":
        return Text("McNemar’s exact test over the independent points: {p}", p=p)
    return Text(
        "sign-flip test over {clusters}: {p} (McNemar’s test is not given, because it assumes that the "
        "pixels of one {cluster} are independent and would make any difference appear significant)",
        clusters=counted(test.units, cluster_name),
        p=p,
        cluster=Text(cluster_name),
    )


def _describe_limits(test: HeldOutTest, cluster_name: str) -> str:
    if test.folds is None and test.is_refitted:
        source = Text(
            "The limits come from samples that are not in the test, and the calibration was fitted to the "
            "same samples, so the sets may be slightly too small. Both belong to the model before the saved "
            "one: the coverage of the saved one is close to the requested one where it is about as accurate."
        )
    elif test.folds is None:
        source = Text(
            "The limits come from samples that are not in the test. The calibration was fitted to the same "
            "samples, so the sets may be slightly too small."
        )
    else:
        source = Text(
            "The limits of each fold come from the other folds. Those of the saved model come from all "
            "folds, that is, from other models: its coverage is not guaranteed by a theorem. It is close to "
            "the requested one where the saved model is about as accurate as the models of the folds."
        )
    cluster = Text(cluster_name)
    own = Text(
        "A class has a limit of its own where it has enough samples from at least {count} {cluster}s.",
        count=MIN_LIMIT_CLUSTERS,
        cluster=cluster,
    )
    average = Text(
        "Pixels of one {cluster} are correlated, so the coverage is an average over {cluster}s, not that of "
        "each; with few of them it may be lower than requested.",
        cluster=cluster,
    )
    return joined(filter(None, (source, own, test.limit_note, average)))


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
    rare, few = list[str](), dict[str, list[str]]()
    for item, samples in zip(report.classes, classes, strict=True):
        name = class_label(item)
        facts = [_describe_part(design, samples, part) for part in parts if _is_rare(samples, part)]
        if facts:
            rare.append(Text("{name} ({facts})", name=name, facts=joined(facts, ", ")))
        for part in parts:
            if not _is_rare(samples, part) and _is_in_few_clusters(samples, part):
                fact = _describe_part(design, samples, part)
                few.setdefault(design.part_names[part], []).append(
                    Text("{name} ({facts})", name=name, facts=fact)
                )
    cluster = Text(design.cluster_name)
    heads = {
        "training": Text(
            "Classes trained on few {cluster}s, which may not show all their forms", cluster=cluster
        ),
        "test": Text(
            "Classes tested in few {cluster}s, whose figures may be quite different in others",
            cluster=cluster,
        ),
    }
    return [
        *_listed(Text("Rare classes, whose figures may be quite different with other samples"), rare),
        *(text for part, head in heads.items() for text in _listed(head, few.get(part, []))),
    ]


def _listed(head: str, items: Sequence[str]) -> list[str]:
    """Return ``HEAD: a; b; and 3 more.``; nothing without items."""
    if not items:
        return []
    others = len(items) - _MAX_RARE_CLASSES
    listed = joined(items[:_MAX_RARE_CLASSES], "; ")
    if others > 0:
        listed = Text("{items}; and {count} more", items=listed, count=others)
    return [Text("{head}: {items}.", head=head, items=listed)]


def _is_rare(item: ClassSamples, part: int) -> bool:
    return 0 < item.samples[part] < _MIN_SAMPLES


def _is_in_few_clusters(item: ClassSamples, part: int) -> bool:
    return item.clusters is not None and 0 < item.clusters[part] < _MIN_SAMPLE_CLUSTERS


def _describe_part(design: SampleDesign, item: ClassSamples, part: int) -> str:
    """Return ``12 test samples from 1 polygon``."""
    number = item.samples[part]
    one, many = _PART_SAMPLES[design.part_names[part]]
    samples = one if number == 1 else Text(many, count=number)
    if item.clusters is None:
        return samples
    clusters = counted(item.clusters[part], design.cluster_name)
    return Text("{samples} from {clusters}", samples=samples, clusters=clusters)


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
