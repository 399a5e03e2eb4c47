"""Results of a training, collected for its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import softmax

from ..arrays import FloatingArray, Int64Array
from ..classes import LandCoverClass
from ..models.architecture import Architecture
from ..models.card import Epoch, MemberWeight, ModelCard
from ..options import WEIGHTED
from ..provenance import Provenance, provenance
from ..raster.grid import Grid
from ..samples.group_split import blocks_of_near_points
from ..samples.samples import Samples
from ..samples.split_design import Design
from ..text import Text, joined
from ..training.baseline import Baseline
from ..training.evaluation import Outcome, Tested
from .inspection_content import SampleInspection
from .sample_map import Background

_UNITS = {
    "polygons": Text("polygon"),
    "blocks": Text("block"),
    "field": Text("group"),
    "random": Text("polygon"),
}


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
    grid: Grid | None = None,
    inspection: SampleInspection | None = None,
) -> TrainingReport:
    """Return the results of a training for its report.

    Args:
        model: Name of the model file.
        architecture: Registry entry of the architecture.
        card: Document of the model.
        samples: Samples of the sample design.
        design: Sample design.
        window: Side of the model's receptive field, in pixels.
        outcome: Calibrated and tested model.
        baseline: Baseline model on the same test samples; None without a baseline.
        split: Requested split method, such as ``auto``. The design has the method that was used.
        background: Picture of the raster for the map of samples; None where it cannot be drawn.
        notes: Warnings of the run, whole sentences.
        grid: Grid of the raster, for coordinates on the maps of samples.
        inspection: What was found about the samples; None without.
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
        baseline=baseline,
        history=training.history,
        best_epoch=training.best_epoch,
        fold_histories=tuple(fold.history for fold in outcome.folds if fold.history),
        calibration=outcome.calibration_note,
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
        device=device if isinstance(device := training.parameters.get("device"), str) else "",
        created=card.created,
        provenance=provenance({}, card.versions),
        grid=grid,
        members=card.members,
        combination=card.combination,
        inspection=inspection,
    )


def sample_clusters(samples: Samples, design: Design, window: int) -> tuple[Int64Array | None, str]:
    """Return the cluster of each sample, shape (N,), or None where it is unknown, and the kind of clusters.

    The clusters are the groups of samples that the split does not separate. For a random split, they are the
    polygons. Points are clusters of their own, unless many lie within ``window`` pixels of each other: then
    they are not independent, and square blocks are the clusters.
    """
    clusters: Int64Array | None = design.clusters
    if design.method == "random":
        clusters = samples.groups if samples.has_groups else None
    unit = _UNITS[design.method]
    if clusters is None or len(np.unique(clusters)) < len(samples):
        return clusters, unit
    blocks = blocks_of_near_points(samples, window)
    return (clusters, Text("point")) if blocks is None else (blocks, Text("block"))


def _looks_at(architecture: Architecture, card: ModelCard, window: int) -> str:
    if architecture.kind == "pixel":
        return Text(
            "the {side} × {side} pixels around it, and hardly from what lies farther away", side=window
        )
    inputs = [Text("its own values")]
    if card.patch_size > 1:
        inputs = [Text("the patch of {side} × {side} pixels around it", side=card.patch_size)]
    if card.centre:
        inputs = [
            Text("its own values"),
            Text("the squares around it, up to {side} pixels wide", side=max(card.centre.windows)),
            Text("a patch of {side} × {side} pixels around the nearest node of a grid", side=card.patch_size),
        ]
    if card.windows:
        inputs.append(
            Text("the neighbourhoods around it, up to {side} × {side} pixels", side=max(card.windows))
        )
    *others, last = inputs
    return Text("{others} and {last}", others=joined(others, ", "), last=last) if others else last


def _sample_design(samples: Samples, design: Design, clusters: Int64Array | None, unit: str) -> SampleDesign:
    parts, names = _folds(design) if design.is_folded else _parts(len(samples), design)
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
    named_parts = [
        (Text("training"), split.train),
        (Text("validation"), split.validation),
        (Text("test"), split.test),
    ]
    if len(split.calibration):
        named_parts.insert(2, (Text("calibration"), split.calibration))
    if (
        design.final is not None
        and len(np.unique(np.concatenate([item for _, item in named_parts]))) < number
    ):
        named_parts.append((Text("saved model only"), design.final.train))
    # In reverse order, so that samples that train and validate count as training.
    for part, (_, members) in reversed(list(enumerate(named_parts))):
        parts[members] = part
    return parts, tuple(name for name, _ in named_parts)


def _folds(design: Design) -> tuple[Int64Array, tuple[str, ...]]:
    names = tuple(Text("fold {number}", number=number) for number in range(1, len(design.splits) + 1))
    if np.any(design.folds == 0):
        return design.folds, (Text("never tested"), *names)
    return design.folds - 1, names


def _test(
    samples: Samples, design: Design, outcome: Outcome, tested: Tested, clusters: Int64Array | None
) -> HeldOutTest:
    raw = softmax(tested.logits.astype(np.float64), axis=1)
    is_calibrated = tested.log_chances is not None
    return HeldOutTest(
        reference=samples.codes[tested.indices],
        probabilities=np.exp(tested.log_chances) if tested.log_chances is not None else raw,
        clusters=None if clusters is None else clusters[tested.indices],
        folds=design.folds[tested.indices] if design.is_folded else None,
        is_refitted=design.final is not None,
        uncalibrated=raw if is_calibrated else None,
        balanced=tested.balanced,
        set_limits=tested.set_limits,
        limit_note=outcome.limit_note,
    )


@dataclass(frozen=True, eq=False)
class SampleDesign:
    """Samples of a training and their parts, such as training and test.

    Attributes:
        rows: Row of each sample in the raster, shape (N,).
        columns: Column of each sample in the raster, shape (N,).
        codes: Class code of each sample, shape (N,).
        parts: Part of each sample, an index into ``part_names``, shape (N,).
        part_names: ``training``, ``validation``, optionally ``calibration``, ``test``, optionally ``saved
            model only``; or the folds.
        clusters: Polygon, block or point of each sample, shape (N,); None where it is unknown.
        cluster_name: Kind of the clusters in the singular, such as ``polygon``.
        method: Name of the split method.
        done: Description of the split, a sentence.
        cautions: Limitations of the split, whole sentences.
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
class HeldOutTest:
    """Predictions of the model for the held-out test samples.

    Attributes:
        reference: True class codes, shape (M,).
        probabilities: Probabilities of the model, shape (M, classes).
        clusters: Polygon, block or point of each sample, shape (M,); None where it is unknown.
        folds: Number of the fold that tested each sample, shape (M,); None without folds.
        uncalibrated: Probabilities before calibration, shape (M, classes); None without calibration.
        balanced: Class codes by the decision rule ``balanced``, shape (M,); None without the rule.
        set_limits: Minimum probability of each class in a prediction set of the default coverage, shape (M,
            classes), from other samples than the test samples; None without prediction sets.
        limit_note: Sentence that names the classes without an own limit; empty where all have one.
        is_refitted: Whether the saved model was trained afterwards, on these samples too.
    """

    reference: Int64Array
    probabilities: FloatingArray
    clusters: Int64Array | None = None
    folds: Int64Array | None = None
    uncalibrated: FloatingArray | None = None
    balanced: Int64Array | None = None
    set_limits: FloatingArray | None = None
    limit_note: str = ""
    is_refitted: bool = False


@dataclass(frozen=True, eq=False)
class TrainingReport:
    """Results of a training for its report.

    Attributes:
        model: Name of the model file.
        architecture: Title of the architecture.
        looks_at: Inputs of the model for a pixel, such as ``the patch of 16 × 16 pixels around it``.
        classes: Classes in the order of the codes.
        design: Samples and their parts.
        test: Predictions for the test samples; None where no samples were held out.
        baseline: Baseline model on the same test samples; None without a baseline.
        history: Epochs of the training; empty for models without epochs.
        best_epoch: Number of the epoch whose weights the model has; None for models without epochs.
        fold_histories: Epochs of each fold's model; empty without folds or without epochs.
        calibration: Description of the calibration, whole sentences; empty without calibration.
        background: Picture of the raster; None where it could not be drawn.
        notes: Warnings of the run, whole sentences.
        parameters: Parameters of the run, by name.
        versions: Versions of the software by package.
        seed: Seed of the run.
        device: Name of the device that computed.
        created: Time of the training, ISO 8601.
        provenance: Command, inputs with checksums, and what else repeats the run.
        grid: Grid of the raster; None labels the maps in rows and columns.
        members: Members of an ensemble and their weights; empty for other models.
        combination: Rule by which an ensemble combines its members, one of ``core.options.COMBINATIONS``.
        inspection: What was found about the samples; None without.
    """

    model: str
    architecture: str
    looks_at: str
    classes: tuple[LandCoverClass, ...]
    design: SampleDesign
    test: HeldOutTest | None
    baseline: Baseline | None = None
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
    provenance: Provenance = field(default_factory=Provenance)
    grid: Grid | None = None
    members: tuple[MemberWeight, ...] = ()
    combination: str = WEIGHTED
    inspection: SampleInspection | None = None


@dataclass(frozen=True)
class ClassSamples:
    """Number of samples of a class in each part of a sample design, see ``SampleDesign.part_names``.

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


def class_samples(report: TrainingReport) -> tuple[ClassSamples, ...]:
    """Return the number of samples of each class in each part, in the order of the codes.

    Args:
        report: Results of the training.
    """
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
