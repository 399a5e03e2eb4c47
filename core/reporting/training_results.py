"""Results of a training that a report is made from, collected from the training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import softmax

from ..arrays import FloatingArray, Int64Array
from ..classes import LandCoverClass
from ..models.architecture import Architecture
from ..models.card import Epoch, ModelCard
from ..samples.group_split import blocks_of
from ..samples.samples import Samples
from ..samples.split_design import Design
from ..training.baseline import Baseline
from ..training.evaluation import Outcome, Tested
from .sample_map import Background

# Share of points that may have a near neighbour while all are taken for independent, and the side of
# the blocks that count where more have.
_MOST_NEAR, _BLOCK_WINDOWS = 0.1, 3
_UNITS = {"polygons": "polygon", "blocks": "block", "field": "group", "random": "polygon"}


def training_report(
    model: str,
    architecture: Architecture,
    card: ModelCard,
    samples: Samples,
    design: Design,
    window: int,
    outcome: Outcome,
    baseline: Baseline | None,
    *,
    split: str,
    background: Background | None,
    notes: Sequence[str],
) -> TrainingReport:
    """Return what the report of a training is made of.

    Args:
        model: Name of the model file.
        architecture: Entry of the registry.
        card: Of the model.
        samples: All that the design uses.
        design: How they were split.
        window: Side of the widest square that the model looks at, in pixels.
        outcome: What came of it, calibrated.
        baseline: Another model's test; None where none was asked for.
        split: Split that was asked for, such as ``auto``; the design has the one that was made.
        background: Picture of the raster under the samples; None where it cannot be drawn.
        notes: The run's warnings.
    """
    training = card.training
    clusters, unit = sample_clusters(samples, design, window)
    return TrainingReport(
        model=model,
        architecture=architecture.title,
        looks_at=_looks_at(architecture, card, window),
        classes=samples.classes,
        design=_sample_design(samples, design, clusters, unit),
        test=_test(samples, design, outcome, outcome.tested, clusters) if outcome.tested else None,
        baseline=BaselineOutcome(baseline.title, baseline.probabilities) if baseline else None,
        history=training.history,
        best_epoch=training.best_epoch,
        fold_histories=tuple(fold.history for fold in outcome.folds if fold.history),
        calibration=outcome.calibration_words,
        background=background,
        notes=tuple(notes),
        parameters={
            "architecture": architecture.name,
            "bands": ", ".join(card.bands),
            "indices": ", ".join(card.indices),
            "patch_size": card.patch_size,
            "split": split,
            **training.parameters,
        },
        versions=card.versions,
        seed=training.seed,
        device=str(training.parameters.get("device", "")),
        created=card.created,
    )


def sample_clusters(samples: Samples, design: Design, window: int) -> tuple[Int64Array | None, str]:
    """Return what holds samples together (N,), None where nothing is known, and its name.

    A random split keeps nothing whole, so polygons count, where there are any. Points that lie
    within ``window`` pixels of each other are no evidence of their own: blocks of ground count.
    """
    clusters: Int64Array | None = design.clusters
    if design.method == "random":
        clusters = samples.groups if samples.has_groups else None
    unit = _UNITS[design.method]
    if clusters is None or len(np.unique(clusters)) < len(samples):
        return clusters, unit
    distance, _ = cKDTree(samples.places).query(samples.places, k=2, p=np.inf)
    if np.mean(distance[:, 1] < window) > _MOST_NEAR:
        return blocks_of(samples, _BLOCK_WINDOWS * window), "block"
    return clusters, "point"


def _looks_at(architecture: Architecture, card: ModelCard, window: int) -> str:
    if architecture.kind == "pixel":
        return f"the {window} × {window} pixels around it, and hardly from what lies farther away"
    seen = ["its own values"]
    if card.patch_size > 1:
        seen = [f"the patch of {card.patch_size} × {card.patch_size} pixels around it"]
    if card.windows:
        most = max(card.windows)
        seen.append(f"the neighbourhoods around it, up to {most} × {most} pixels")
    return " and ".join(seen)


def _sample_design(samples: Samples, design: Design, clusters: Int64Array | None, unit: str) -> SampleDesign:
    parts, names = _folds(design) if design.final is not None else _parts(len(samples), design)
    return SampleDesign(
        rows=samples.rows,
        columns=samples.columns,
        codes=samples.codes,
        parts=parts,
        part_names=names,
        clusters=clusters,
        cluster_name=unit,
        method=design.method,
        done=design.done,
        cautions=design.cautions,
    )


def _parts(number: int, design: Design) -> tuple[Int64Array, tuple[str, ...]]:
    (split,) = design.splits
    parts = np.zeros(number, dtype=np.int64)
    named = [("training", split.train), ("validation", split.validation), ("test", split.test)]
    if len(split.calibration):
        named.insert(2, ("calibration", split.calibration))
    # Where training itself validates, the samples count as training.
    for part, (_, chosen) in reversed(list(enumerate(named))):
        parts[chosen] = part
    return parts, tuple(name for name, _ in named)


def _folds(design: Design) -> tuple[Int64Array, tuple[str, ...]]:
    names = tuple(f"fold {number}" for number in range(1, len(design.splits) + 1))
    if np.any(design.folds == 0):
        return design.folds, ("never tested", *names)
    return design.folds - 1, names


def _test(
    samples: Samples, design: Design, outcome: Outcome, tested: Tested, clusters: Int64Array | None
) -> TestOutcome:
    raw = softmax(tested.logits.astype(np.float64), axis=1)
    is_calibrated = tested.log_chances is not None
    return TestOutcome(
        reference=samples.codes[tested.chosen],
        probabilities=np.exp(tested.log_chances) if tested.log_chances is not None else raw,
        clusters=None if clusters is None else clusters[tested.chosen],
        folds=design.folds[tested.chosen] if design.final is not None else None,
        uncalibrated=raw if is_calibrated else None,
        balanced=tested.balanced,
        set_limits=tested.set_limits,
        limit_words=outcome.limit_words,
    )


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
