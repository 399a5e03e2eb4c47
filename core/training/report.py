"""Content of a training report from the results of a training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import softmax

from ..arrays import Int64Array
from ..models.architectures import architecture
from ..models.card import ModelCard
from ..raster.stack import BandStack
from ..reporting.sample_map import read_background
from ..reporting.training_content import BaselineOutcome, SampleDesign, TestOutcome, TrainingReport
from ..requests.train import TrainRequest
from ..samples.group_split import blocks_of
from ..samples.samples import Samples
from ..samples.split_design import Design
from .baseline import Baseline
from .evaluation import Outcome, Tested

# Share of points that may have a near neighbour while all are taken for independent, and the side of
# the blocks that count where more have.
_MOST_NEAR, _BLOCK_WINDOWS = 0.1, 3
_UNITS = {"polygons": "polygon", "blocks": "block", "field": "group", "random": "polygon"}


def training_report(
    request: TrainRequest,
    card: ModelCard,
    samples: Samples,
    design: Design,
    window: int,
    outcome: Outcome,
    baseline: Baseline | None,
    stack: BandStack,
    notes: Sequence[str],
) -> TrainingReport:
    """Return what the report of a training is made of.

    Args:
        request: What was asked for.
        card: Of the model.
        samples: All that the design uses.
        design: How they were split.
        window: Side of the widest square that the model looks at, in pixels.
        outcome: What came of it, calibrated.
        baseline: Another model's test; None where none was asked for.
        stack: The raster, open.
        notes: The run's warnings.

    Raises:
        RasterError: The raster cannot be read under the samples.
    """
    kind = architecture(request.architecture)
    training = card.training
    clusters, unit = sample_clusters(samples, design, window)
    return TrainingReport(
        model=PurePath(request.output).name,
        architecture=kind.title,
        looks_at=_looks_at(card, window),
        classes=samples.classes,
        design=_sample_design(samples, design, clusters, unit),
        test=_test(samples, design, outcome, outcome.tested, clusters) if outcome.tested else None,
        baseline=BaselineOutcome(baseline.title, baseline.probabilities) if baseline else None,
        history=training.history,
        best_epoch=training.best_epoch,
        fold_histories=tuple(fold.history for fold in outcome.folds if fold.history),
        calibration=outcome.calibration_words,
        background=read_background(stack, request.band_roles, samples.rows, samples.columns),
        notes=tuple(notes),
        parameters={
            "architecture": request.architecture,
            "bands": ", ".join(card.bands),
            "indices": ", ".join(card.indices),
            "patch_size": card.patch_size,
            "split": request.split,
            **training.parameters,
        },
        versions=card.versions,
        seed=request.seed,
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


def _looks_at(card: ModelCard, window: int) -> str:
    if architecture(card.architecture).kind == "pixel":
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
