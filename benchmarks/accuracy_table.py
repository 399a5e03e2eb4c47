"""Table of accuracies: the folds and seeds of each model pooled, with paired differences.

Intervals (95 %) resample polygons, points or blocks with replacement. One that is tested with several seeds
is one cluster, for its samples are the same ground.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from deep_land_cover.core.arrays import Float32Array, Float64Array, Int64Array
from deep_land_cover.core.assessment.bootstrap import (
    bootstrap_estimate,
    count_by_cluster,
    resampled_margins,
    total_matrix,
)
from deep_land_cover.core.assessment.estimate import Estimate
from deep_land_cover.core.uncertainty.calibration import HeldOutSamples, cross_calibrated

from . import gewata

# Models that others are compared with: the better one of those that were measured.
_REFERENCES = ("tree_ensemble", "random_forest_per_pixel")


@dataclass(eq=False)
class FoldResult:
    """One fold of a model.

    Attributes:
        record: What the line of the fold says.
        logits: Scores of the test samples, float32, shape (N, classes).
        codes: Classes of the test samples, shape (N,).
        clusters: Polygon, point or block of each test sample, shape (N,).
        trained_on: Proportions of the classes that the model was trained for, shape (classes,).
        natural: Number of training samples of each class, shape (classes,).
    """

    record: dict[str, Any]
    logits: Float32Array
    codes: Int64Array
    clusters: Int64Array
    trained_on: Float64Array
    natural: Int64Array

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays by name."""
        return {name: value for name, value in vars(self).items() if name != "record"}


@dataclass(frozen=True, eq=False)
class Pooled:
    """Test samples of all folds and seeds of a model.

    Attributes:
        predicted: Predicted class of each sample, calibrated by the other folds, shape (N,).
        codes: True class of each sample, shape (N,).
        clusters: Polygon, point or block of each sample, shape (N,).
        classes: Number of classes.
    """

    predicted: Int64Array
    codes: Int64Array
    clusters: Int64Array
    classes: int


def pool(seeds: Sequence[Sequence[FoldResult]]) -> Pooled:
    """Return the test samples of all folds and seeds.

    As a training with FOLDS does it, each fold is calibrated with what the tests of the same seed's other
    folds say. A single fold is not calibrated.

    Args:
        seeds: Folds of each seed.
    """
    predicted = []
    for folds in seeds:
        logits = np.concatenate([fold.logits for fold in folds])
        if len(folds) > 1:
            held = HeldOutSamples(logits, *_joined(folds))
            numbers = np.repeat(np.arange(len(folds)), [len(fold.codes) for fold in folds])
            trained_on = np.concatenate([np.tile(fold.trained_on, (len(fold.codes), 1)) for fold in folds])
            natural = np.sum([fold.natural for fold in folds], axis=0)
            logits, _ = cross_calibrated(held, numbers, trained_on, natural / natural.sum())
        predicted.append(logits.argmax(axis=1))
    codes, clusters = _joined([fold for folds in seeds for fold in folds])
    return Pooled(np.concatenate(predicted), codes, clusters, seeds[0][0].logits.shape[1])


def _joined(folds: Sequence[FoldResult]) -> tuple[Int64Array, Int64Array]:
    return np.concatenate([fold.codes for fold in folds]), np.concatenate([fold.clusters for fold in folds])


def difference(model: Pooled, other: Pooled) -> Estimate:
    """Return by how much a model is more accurate than another on the same samples, with its interval."""
    return _differences(model, other)[1]


def _differences(model: Pooled, other: Pooled) -> tuple[Estimate, Estimate]:
    """Return the accuracy of a model and the difference to another."""
    if not np.array_equal(model.codes, other.codes):
        raise ValueError("the models were not tested on the same samples")
    counts = [
        count_by_cluster(item.codes, item.predicted, item.clusters, item.classes) for item in (model, other)
    ]
    first, second = resampled_margins(counts, model.classes, 0)
    accuracies = [total_matrix(item, model.classes).overall_accuracy for item in counts]
    clusters = counts[0].shape[0]
    return (
        bootstrap_estimate(accuracies[0], first.overall_accuracy, clusters),
        bootstrap_estimate(
            accuracies[0] - accuracies[1], first.overall_accuracy - second.overall_accuracy, clusters
        ),
    )


def markdown(scene: str, models: Mapping[str, Sequence[Sequence[FoldResult]]]) -> str:
    """Return the table of a scene.

    Args:
        scene: Name of the scene.
        models: Folds of each seed of each model by its name.
    """
    pooled = {name: pool(seeds) for name, seeds in models.items()}
    references = [name for name in _REFERENCES if name in pooled]
    best = max(references, key=lambda name: _accuracy(pooled[name]), default=None)
    f1 = "F1 of three" if scene == "gewata" else "macro-F1"
    lines = [
        f"| {scene} | window | gap | held out | OA, % (95 %) | {f1} | less {best or 'no reference'} "
        "| uncalibrated | training a fold | processor time | mapping 256 x 256 |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, seeds in models.items():
        records = [fold.record for folds in seeds for fold in folds]
        own = pooled[name]
        accuracy, gain = _differences(own, pooled[best or name])
        matrix = total_matrix(
            count_by_cluster(own.codes, own.predicted, own.clusters, own.classes), own.classes
        )
        scores = matrix.f1[[value - 1 for value in gewata.THREE]] if scene == "gewata" else matrix.f1
        raw = float(np.mean([record["accuracy"] for record in records]))
        worked = [record["processor_seconds"] for record in records if "processor_seconds" in record]
        mapped = [record["mapping_seconds"] for record in records if "mapping_seconds" in record]
        cells = [
            f"`{name}`",
            f"{records[0]['window']}",
            f"{records[0]['gap']}",
            f"{records[0]['held_out']}, {len(records)} folds",
            _percent(accuracy),
            f"{np.nanmean(scores):.3f}",
            "" if name == best or best is None else _percent(gain, "+"),
            f"{raw:.2f}",
            f"{np.mean([record['training_seconds'] for record in records]):.0f} s",
            f"{np.mean(worked):.0f} s" if worked else "",
            f"{np.mean(mapped):.0f} s" if mapped else "",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _accuracy(pooled: Pooled) -> float:
    return float((pooled.predicted == pooled.codes).mean())


def _percent(estimate: Estimate, sign: str = "") -> str:
    value, low, high = (
        None if number is None else 100 * number for number in (estimate.value, estimate.low, estimate.high)
    )
    interval = "" if low is None or high is None else f" ({low:{sign}.2f} to {high:{sign}.2f})"
    return f"{value:{sign}.2f}{interval}"
