"""Baseline of a training: a random forest on the same samples and splits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Float64Array
from ..assessment.confusion_matrix import ConfusionMatrix
from ..models.architecture import Architecture
from ..models.architectures.trees import RANDOM_FOREST
from ..models.card import Metrics
from ..progress import Progress, Stage
from ..raster.neighbourhood_windows import parse_windows
from ..raster.stack import BandStack
from ..samples.draw import Limits
from ..samples.split_design import Design, without_validation
from ..text import Text
from .calibrate import calibrate
from .evaluation import Outcome, Tested
from .feeds.base import Dataset
from .trainer import codes_of
from .tree_trainer import TreeTrainer


@dataclass(frozen=True, eq=False)
class Baseline:
    """Baseline model on the same test samples.

    Attributes:
        title: Description of the model.
        probabilities: Calibrated probabilities, float64, shape (test samples, classes).
        metrics: Accuracy on the test samples.
    """

    title: str
    probabilities: Float64Array
    metrics: Metrics


def train_baseline(
    architecture: Architecture,
    dataset: Dataset,
    design: Design,
    window: int,
    stack: BandStack,
    progress: Progress,
    *,
    max_per_class: int,
    seed: int,
) -> Baseline | None:
    """Return a random forest that was trained and tested on the same samples, or None.

    The forest of a network uses neighbourhoods up to ``window``, so the split's gap separates training and
    test for it too. The forest of a tree model uses single pixels. It is trained on a network's validation
    samples too, because no choice for the forest depends on them.

    None is returned without test samples, and where the model is such a forest itself.

    Args:
        architecture: Registry entry of the model that the forest is compared with.
        dataset: Samples of the design.
        design: Sample design.
        window: Side of the model's receptive field, in pixels.
        stack: Open band stack.
        progress: Progress reporter.
        max_per_class: Maximum number of training samples per class; 0 is no limit.
        seed: Seed of the forest and of the samples that are drawn.

    Raises:
        RunCancelled: The user cancelled.
    """
    if not len(design.test):
        return None
    windows = _windows(architecture, window, stack)
    if architecture == RANDOM_FOREST and not windows:
        progress.log("The model is the baseline itself, so BASELINE has no effect.", "warning")
        return None
    progress.update(0.0, "Training the baseline")
    trainer = TreeTrainer(RANDOM_FOREST, windows, seed)
    design = without_validation(dataset.samples, design, Limits(max_per_class), seed)
    data = trainer.read(stack, dataset.samples, dataset.preparation, Stage(progress, 0.0, 0.1))
    logits, length = [], 0.9 / len(design.splits)
    for number, split in enumerate(design.splits):
        stage = Stage(progress, 0.1 + number * length, 0.1 + (number + 1) * length)
        fitted = trainer.fit(data, split, Stage(stage, 0.0, 0.7), lambda _: None)
        logits.append(fitted.logits(split.test, Stage(stage, 0.7, 1.0)))
    all_logits = np.concatenate(logits)
    matrix = ConfusionMatrix.of_codes(dataset.codes(design.test), codes_of(all_logits), len(dataset.classes))
    tested = Tested(design.test, all_logits, matrix.metrics(dataset.classes))
    outcome = calibrate(Outcome(fitted, tested), data, design, "sqrt", is_network=False, progress=progress)
    tested = outcome.tested or tested
    metrics, title = tested.metrics, _title(windows)
    progress.log(
        "Baseline ({model}): overall accuracy {accuracy:.1%}, macro-F1 "
        "{macro_f1:.3f} on the same test samples.",
        model=title,
        accuracy=metrics.overall_accuracy,
        macro_f1=metrics.macro_f1,
    )
    chances = all_logits if tested.log_chances is None else tested.log_chances
    return Baseline(title, np.exp(chances), metrics)


def _windows(architecture: Architecture, window: int, stack: BandStack) -> tuple[int, ...]:
    if not architecture.is_network:
        return ()
    windows = parse_windows("auto", stack.grid.height, stack.grid.width)
    return tuple(side for side in windows if side <= window)


def _title(windows: tuple[int, ...]) -> str:
    if not windows:
        return Text("random forest of single pixels")
    return Text(
        "random forest of single pixels and of their neighbourhoods up to {width} pixels wide",
        width=windows[-1],
    )
