"""Content of a training report, as plain values: for the page and the JSON file."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..arrays import FloatingArray, Int64Array
from ..assessment.bootstrap import Comparison, Estimate, Evidence, Judgement
from ..assessment.confusion_matrix import confusion_matrix, scores
from ..classes import LandCoverClass
from ..models.card import Epoch
from ..options import DEFAULT_COVERAGE
from ..raster.grid import Tile
from ..uncertainty.calibration import Reliability, reliability
from .words import cautions_of, comparison_words, interval_words, set_words, summary_words


@dataclass(frozen=True, eq=False)
class SampleDesign:
    """The samples, and which of them trained, validated and tested.

    Attributes:
        rows: Rows in the raster (N,).
        columns: Columns in the raster (N,).
        codes: Classes (N,).
        parts: Index into ``part_names`` (N,).
        part_names: ``training``, ``validation``, perhaps ``calibration``, ``test``; or the folds.
        clusters: Polygon, block or point that a sample belongs to (N,); None where not known.
        cluster_name: What clusters are, in the singular, such as ``polygon``.
        method: Name of the split.
        done: What the split did, a sentence.
        cautions: What it does not prove, whole sentences.
    """

    rows: Int64Array
    columns: Int64Array
    codes: Int64Array
    parts: Int64Array
    part_names: tuple[str, ...]
    clusters: Int64Array | None
    cluster_name: str
    method: str
    done: str
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class TestOutcome:
    """What the model said of the test samples.

    Attributes:
        reference: True classes (M,).
        probabilities: The model's (M, classes).
        clusters: Polygon, block or point of each sample (M,); None where not known.
        folds: Number of the fold that tested each sample (M,); None without folds.
        uncalibrated: The probabilities before calibration; None where nothing was calibrated.
        balanced: Classes by the decision rule ``balanced`` (M,); None where there is none.
        set_limits: Least probability of each class to be in a prediction set of the usual coverage, by
            samples other than these (M, classes); None where there are no sets.
        limit_words: Which classes have no limit of their own, a sentence; empty where all have one.
    """

    __test__ = False  # no test class, for all that pytest thinks

    reference: Int64Array
    probabilities: FloatingArray
    clusters: Int64Array | None = None
    folds: Int64Array | None = None
    uncalibrated: FloatingArray | None = None
    balanced: Int64Array | None = None
    set_limits: FloatingArray | None = None
    limit_words: str = ""


@dataclass(frozen=True, eq=False)
class BaselineOutcome:
    """What another model, fitted to the same training samples, said of the same test samples."""

    title: str
    probabilities: FloatingArray


@dataclass(frozen=True, eq=False)
class Background:
    """A picture of the ground: red, green and blue, shape (rows, columns, 3), uint8.

    ``window`` tells which pixels of the raster it shows; it may have fewer pixels than these.
    """

    image: npt.NDArray[np.uint8]
    window: Tile


@dataclass(frozen=True, eq=False)
class TrainingReport:
    """A training, for its report.

    Attributes:
        model: Name of the model file.
        architecture: What kind of model it is, for the reader.
        looks_at: What it looks at, such as ``a patch of 16 × 16 pixels around a pixel``.
        classes: In the order of the codes.
        design: The samples.
        test: None where no samples could be held out.
        baseline: None where none was asked for.
        history: Epochs; empty for models without.
        best_epoch: Number of the epoch that was kept.
        fold_histories: Epochs of each fold's model; empty without folds.
        calibration: How the probabilities were calibrated, whole sentences; empty where not.
        background: None where the raster could not be drawn.
        notes: Warnings of the run, whole sentences.
        parameters: What the user or the defaults chose.
        versions: Package to version.
        seed: Of the run.
        device: What computed.
        created: ISO time stamp.
    """

    model: str
    architecture: str
    looks_at: str
    classes: tuple[LandCoverClass, ...]
    design: SampleDesign
    test: TestOutcome | None
    baseline: BaselineOutcome | None = None
    history: tuple[Epoch, ...] = ()
    best_epoch: int | None = None
    fold_histories: tuple[tuple[Epoch, ...], ...] = ()
    calibration: str = ""
    background: Background | None = None
    notes: tuple[str, ...] = ()
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    seed: int = 0
    device: str = ""
    created: str = ""


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
