"""Content of a training report, as plain values: for the page and the JSON file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatingArray, Int64Array
from ..assessment.bootstrap import Estimate
from ..assessment.confusion_matrix import confusion_matrix, scores
from ..assessment.evidence import Comparison, Evidence, Judgement
from ..models.card import Epoch
from ..options import DEFAULT_COVERAGE
from ..uncertainty.calibration import Reliability, reliability
from .training_results import TestOutcome, TrainingReport
from .words import cautions_of, comparison_words, interval_words, set_words, summary_words


@dataclass(frozen=True)
class ClassContent:
    """A class and its samples: how many of them, and of how many clusters, in each part."""

    value: int
    name: str
    color: str
    samples: tuple[int, ...]
    clusters: tuple[int, ...] | None


@dataclass(frozen=True)
class FoldContent:
    """The figures of one fold alone."""

    number: int
    samples: int
    overall_accuracy: float
    macro_f1: float


@dataclass(frozen=True)
class DecisionContent:
    """What a decision rule of the classification gives on the test."""

    name: str
    overall_accuracy: float
    balanced_accuracy: float
    macro_f1: float


@dataclass(frozen=True)
class SetsContent:
    """Prediction sets on the test.

    Attributes:
        asked: The share of samples whose class should be in their set.
        covered: The share whose class is.
        mean_size: Classes in a set, on average.
        single: Share of sets of one class.
        empty: Share of sets of none.
        limits: Where the limits come from, which classes have none of their own, and what that means
            for the share; whole sentences.
    """

    asked: float
    covered: Estimate
    mean_size: float
    single: float
    empty: float
    limits: str


@dataclass(frozen=True)
class BaselineContent:
    """Another model on the same samples; ``verdict`` says in words which one is better."""

    title: str
    judgement: Judgement
    comparison: Comparison
    verdict: str


@dataclass(frozen=True)
class TrainingContent:
    """The content of the report.

    Attributes:
        model: Name of the model file.
        architecture: What kind of model it is.
        created: ISO time stamp.
        summary: What was done, what it shows and what not; whole sentences, a paragraph each.
        cautions: What to be careful about.
        split: Name of the split.
        split_done: What the split did.
        split_cautions: What it does not prove.
        part_names: ``training``, ``validation``, ``test``; or the folds.
        cluster_name: What holds samples together, such as ``polygon``.
        classes: In the order of the codes.
        judgement: Figures of the test; None where none could be made.
        test_samples: How many there are.
        test_clusters: Of how many polygons or blocks; None where not known.
        intervals: How the intervals were made, or why there are none.
        folds: Empty without folds.
        decisions: The decision rules side by side; empty where there is one only.
        reliability: Of the probabilities; None without a test.
        uncalibrated: Of those before calibration.
        calibration: What calibration did; empty where there was none.
        sets: Prediction sets; None where there were no samples to make them with.
        baseline: None where none was asked for.
        history: Epochs.
        best_epoch: The one that was kept.
        fold_histories: Epochs of each fold's model.
        parameters: What the user or the defaults chose.
        versions: Package to version.
        seed: Of the run.
        device: What computed.
    """

    model: str
    architecture: str
    created: str
    summary: tuple[str, ...]
    cautions: tuple[str, ...]
    split: str
    split_done: str
    split_cautions: tuple[str, ...]
    part_names: tuple[str, ...]
    cluster_name: str
    classes: tuple[ClassContent, ...]
    judgement: Judgement | None
    test_samples: int
    test_clusters: int | None
    intervals: str
    folds: tuple[FoldContent, ...]
    decisions: tuple[DecisionContent, ...]
    reliability: Reliability | None
    uncalibrated: Reliability | None
    calibration: str
    sets: SetsContent | None
    baseline: BaselineContent | None
    history: tuple[Epoch, ...]
    best_epoch: int | None
    fold_histories: tuple[tuple[Epoch, ...], ...]
    parameters: dict[str, str | int | float | bool | None]
    versions: dict[str, str]
    seed: int
    device: str


def training_content(report: TrainingReport) -> TrainingContent:
    """Return what the report of a training says."""
    test, design = report.test, report.design
    classes = _classes(report)
    judgement = reliable = raw = baseline = evidence = None
    if test is not None:
        evidence = Evidence(test.reference, test.clusters, len(report.classes), report.seed)
        judgement = evidence.judge(_codes(test.probabilities))
        reliable = reliability(test.probabilities, test.reference)
        if test.uncalibrated is not None:
            raw = reliability(test.uncalibrated, test.reference)
        baseline = _baseline(report, test, evidence)
    return TrainingContent(
        model=report.model,
        architecture=report.architecture,
        created=report.created,
        summary=summary_words(report, judgement, evidence),
        cautions=cautions_of(report, judgement, reliable),
        split=design.method,
        split_done=design.done,
        split_cautions=design.cautions,
        part_names=design.part_names,
        cluster_name=design.cluster_name,
        classes=classes,
        judgement=judgement,
        test_samples=len(test.reference) if test else 0,
        test_clusters=evidence.cluster_count if evidence and evidence.clusters is not None else None,
        intervals=interval_words(evidence, design.cluster_name) if evidence else "",
        folds=_folds(test, len(report.classes)) if test else (),
        decisions=_decisions(test, len(report.classes)) if test else (),
        reliability=reliable,
        uncalibrated=raw,
        calibration=report.calibration,
        sets=_sets(test, design.cluster_name, report.seed) if test else None,
        baseline=baseline,
        history=report.history,
        best_epoch=report.best_epoch,
        fold_histories=report.fold_histories,
        parameters=report.parameters,
        versions=report.versions,
        seed=report.seed,
        device=report.device,
    )


def _classes(report: TrainingReport) -> tuple[ClassContent, ...]:
    design = report.design
    content = []
    for code, item in enumerate(report.classes):
        members = [(design.codes == code) & (design.parts == part) for part in range(len(design.part_names))]
        clusters = None
        if design.clusters is not None:
            clusters = tuple(len(np.unique(design.clusters[chosen])) for chosen in members)
        counts = tuple(int(np.count_nonzero(chosen)) for chosen in members)
        content.append(ClassContent(item.value, item.name, item.color, counts, clusters))
    return tuple(content)


def _folds(test: TestOutcome, classes: int) -> tuple[FoldContent, ...]:
    if test.folds is None:
        return ()
    predicted, folds = _codes(test.probabilities), []
    for number in np.unique(test.folds):
        here = test.folds == number
        found = scores(confusion_matrix(test.reference[here], predicted[here], classes))
        samples = int(np.count_nonzero(here))
        folds.append(FoldContent(int(number), samples, float(found.overall), float(found.macro_f1)))
    return tuple(folds)


def _decisions(test: TestOutcome, classes: int) -> tuple[DecisionContent, ...]:
    if test.balanced is None:
        return ()
    content = []
    for name, codes in (("accuracy", _codes(test.probabilities)), ("balanced", test.balanced)):
        found = scores(confusion_matrix(test.reference, codes, classes))
        content.append(
            DecisionContent(name, float(found.overall), float(found.balanced), float(found.macro_f1))
        )
    return tuple(content)


def _sets(test: TestOutcome, cluster_name: str, seed: int) -> SetsContent | None:
    if test.set_limits is None:
        return None
    members = test.probabilities >= test.set_limits
    covered = members[np.arange(len(members)), test.reference].astype(np.int64)
    # How many are right, with an interval over clusters: a test of one class, said to be there or not.
    evidence = Evidence(np.ones(len(covered), dtype=np.int64), test.clusters, 2, seed)
    sizes = members.sum(axis=1)
    return SetsContent(
        asked=DEFAULT_COVERAGE,
        covered=evidence.judge(covered).overall,
        mean_size=float(sizes.mean()),
        single=float((sizes == 1).mean()),
        empty=float((sizes == 0).mean()),
        limits=set_words(test, cluster_name),
    )


def _baseline(report: TrainingReport, test: TestOutcome, evidence: Evidence) -> BaselineContent | None:
    if report.baseline is None:
        return None
    theirs = _codes(report.baseline.probabilities)
    comparison = evidence.compare(_codes(test.probabilities), theirs)
    return BaselineContent(
        title=report.baseline.title,
        judgement=evidence.judge(theirs),
        comparison=comparison,
        verdict=comparison_words(comparison, report.baseline.title, report.design.cluster_name),
    )


def _codes(probabilities: FloatingArray) -> Int64Array:
    return np.asarray(probabilities.argmax(axis=1), dtype=np.int64)
