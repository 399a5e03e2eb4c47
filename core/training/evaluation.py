"""Cross-validation: fitting and testing by a sample design, once or fold by fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from ..arrays import Float32Array, Float64Array, Int64Array
from ..assessment.confusion_matrix import ConfusionMatrix
from ..models.card import Calibration, ConformalScores, Fold, Metrics
from ..progress import Progress, Stage
from ..samples.split_design import Design, Split
from ..text import Text
from .feeds.base import Dataset
from .trainer import Fitted, Trainer, codes_of

Keep = Callable[[Fitted, Split, str], None]
"""Is given each model that is the best so far, its split, and what is to be said of it."""
Look = Callable[[Fitted, Split, Progress], None]
"""Is given each model that was fitted and tested, its split, and a progress from 0 to 1 for looking at it."""


@dataclass(frozen=True, eq=False)
class Tested:
    """What models said of samples that they had not seen.

    Attributes:
        chosen: The test samples, indices into the dataset's, one fold after the other (N,).
        logits: Of the model that did not see them (N, classes).
        metrics: Figures of all together, of the calibrated probabilities once there are any.
        log_chances: Logarithms of calibrated probabilities (N, classes); None before calibration.
        balanced: Classes by the decision rule ``balanced`` (N,); None before calibration.
        set_limits: Least probability of each class to be in a prediction set of the usual coverage, by
            samples other than these (N, classes); None where there were none.
    """

    chosen: Int64Array
    logits: Float32Array
    metrics: Metrics
    log_chances: Float64Array | None = None
    balanced: Int64Array | None = None
    set_limits: Float64Array | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a training gives.

    Attributes:
        fitted: The model to save.
        tested: Of the only split or of all folds; None where nothing could be held out.
        folds: Of each fold; empty without folds.
        calibration: How logits become probabilities; None before ``core.training.calibrate``.
        calibration_words: The same in words, whole sentences.
        conformal: What prediction sets are made with; None before that.
        limit_words: Which classes have no limit of their own in sets of the usual coverage, a sentence;
            empty where all have one.
    """

    fitted: Fitted
    tested: Tested | None
    folds: tuple[Fold, ...] = ()
    calibration: Calibration | None = None
    calibration_words: str = ""
    conformal: ConformalScores | None = None
    limit_words: str = ""


def fit_and_test(
    trainer: Trainer[Any],
    dataset: Dataset,
    design: Design,
    progress: Progress,
    keep: Keep,
    look: Look = lambda fitted, split, progress: None,
) -> Outcome:
    """Fit as the design says and look at the test samples once.

    With folds, a model a fold is tested on the fold's samples; then the model to save is fitted to
    all of them, for as many epochs as the folds' best ones had in the median. Its learning rates are
    those that the folds had up to there: calibration, limits of prediction sets and the threshold of
    the area of applicability come from the folds' models, so the saved one has to be like them.

    Args:
        trainer: Has read ``dataset``.
        dataset: The samples.
        design: Of these samples.
        progress: From 0 to 1 for all of it.
        keep: Gets the best model so far.
        look: Gets each model that was fitted, the one to save last.

    Raises:
        RunCancelled: The user cancelled.
        LandCoverError: A fit failed; what and why.
    """
    if design.final is None:
        (split,) = design.splits
        fitted = trainer.fit(dataset, split, Stage(progress, 0.0, 0.95), lambda best: keep(best, split, ""))
        if fitted.best:
            progress.log("Epoch {number} is kept.", number=fitted.best.number)
        logits = [_logits(fitted, dataset, split, Stage(progress, 0.95, 0.97))]
        look(fitted, split, Stage(progress, 0.97, 1.0))
        return Outcome(fitted, _tested(dataset, design, logits))
    return _fold_by_fold(trainer, dataset, design, design.final, progress, keep, look)


def _fold_by_fold(
    trainer: Trainer[Any],
    dataset: Dataset,
    design: Design,
    final: Split,
    progress: Progress,
    keep: Keep,
    look: Look,
) -> Outcome:
    number, length = len(design.splits), 1.0 / (len(design.splits) + 1)
    logits: list[Float32Array] = []
    folds: list[Fold] = []
    for index, split in enumerate(design.splits):
        name = Text("Fold {number} of {total}", number=index + 1, total=number)
        progress.log("Fold {number} of {total}.", number=index + 1, total=number)
        stage = Stage(progress, index * length, (index + 1) * length)
        note = Text(
            "The training ended early: this is the model of fold {number}, and was not trained on all.",
            number=index + 1,
        )
        fitted = trainer.fit(dataset, split, Stage(stage, 0.0, 0.95), _keeper(keep, split, note))
        logits.append(_logits(fitted, dataset, split, Stage(stage, 0.95, 0.97)))
        look(fitted, split, Stage(stage, 0.97, 1.0))
        folds.append(_fold(fitted, dataset, split, logits[-1]))
        progress.log(_fold_line(name, folds[-1]))
    epochs = _epochs(folds)
    stage = Stage(progress, number * length, 1.0)
    progress.log(
        "Training the saved model on the samples of all folds, {count:,} of them, for {epochs} epochs, the "
        "median of the folds' best, with the same learning rates."
        if epochs
        else "Training the saved model on the samples of all folds, {count:,} of them.",
        count=len(final.train),
        epochs=epochs,
    )
    fitted = trainer.fit(dataset, final, Stage(stage, 0.0, 0.97), _keeper(keep, final, ""), epochs)
    look(fitted, final, Stage(stage, 0.97, 1.0))
    return Outcome(fitted, _tested(dataset, design, logits), tuple(folds))


def _keeper(keep: Keep, split: Split, note: str) -> Callable[[Fitted], None]:
    return lambda best: keep(best, split, note)


def _logits(fitted: Fitted, dataset: Dataset, split: Split, progress: Progress) -> Float32Array:
    if not len(split.test):
        return np.zeros((0, len(dataset.classes)), dtype=np.float32)
    progress.update(0.0, "Testing")
    return fitted.logits(split.test, progress)


def _tested(dataset: Dataset, design: Design, logits: Sequence[Float32Array]) -> Tested | None:
    chosen = design.test
    if not len(chosen):
        return None
    joined = np.concatenate(logits)
    return Tested(chosen, joined, _metrics(dataset, chosen, joined))


def _metrics(dataset: Dataset, chosen: Int64Array, logits: Float32Array) -> Metrics:
    matrix = ConfusionMatrix.of_codes(dataset.codes(chosen), codes_of(logits), len(dataset.classes))
    return matrix.metrics(dataset.classes)


def _fold(fitted: Fitted, dataset: Dataset, split: Split, logits: Float32Array) -> Fold:
    metrics = _metrics(dataset, split.test, logits) if len(split.test) else None
    return Fold(
        test_samples=len(split.test),
        overall_accuracy=metrics.overall_accuracy if metrics else None,
        macro_f1=metrics.macro_f1 if metrics else None,
        best_epoch=fitted.best.number if fitted.best else None,
        history=fitted.history,
    )


def _fold_line(name: str, fold: Fold) -> str:
    kept = Text("epoch {number} is kept; ", number=fold.best_epoch) if fold.best_epoch else ""
    if fold.overall_accuracy is None or fold.macro_f1 is None:
        return Text("{fold}: {epoch}nothing to test.", fold=name, epoch=kept)
    return Text(
        "{fold}: {epoch}overall accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f} over "
        "{count:,} test samples.",
        fold=name,
        epoch=kept,
        accuracy=fold.overall_accuracy,
        macro_f1=fold.macro_f1,
        count=fold.test_samples,
    )


def _epochs(folds: Sequence[Fold]) -> int | None:
    best = [fold.best_epoch for fold in folds if fold.best_epoch]
    return round(median(best)) if best else None
