"""Fit and test by a sample design: once with a single split, or per fold in a cross-validation."""

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

OnBest = Callable[[Fitted, Split, str], None]
"""Callback for each model that is the best so far, with its split and a note on its limitations."""
OnFitted = Callable[[Fitted, Split, Progress], None]
"""Callback for each fitted and tested model, with its split and a progress reporter."""


@dataclass(frozen=True, eq=False)
class Tested:
    """Predictions for the test samples, by models that were not trained on them.

    Attributes:
        indices: Indices of the test samples in the dataset, one fold after the other, int64, shape (N,).
        logits: Logits of the models, float32, shape (N, classes).
        metrics: Accuracy over all test samples, of calibrated probabilities after calibration.
        log_chances: Logarithms of calibrated probabilities, float64, shape (N, classes); None before
            calibration.
        balanced: Class codes by the decision rule ``balanced``, int64, shape (N,); None before calibration.
        set_limits: Minimum probability of each class in a prediction set of the default coverage, float64,
            shape (N, classes), from other samples than these; None without calibration samples.
    """

    indices: Int64Array
    logits: Float32Array
    metrics: Metrics
    log_chances: Float64Array | None = None
    balanced: Int64Array | None = None
    set_limits: Float64Array | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """Fitted model of a training, with its test and calibration.

    Attributes:
        fitted: Model to save.
        tested: Predictions for the test samples of the single split or of all folds; None without test
            samples.
        folds: Accuracy and epochs per fold; empty without folds.
        calibration: Calibration of the logits; None before ``core.training.calibrate``.
        calibration_note: Description of the calibration, whole sentences.
        conformal: Conformal scores for prediction sets; None before calibration or without its samples.
        limit_note: Sentence that names the classes without an own limit in sets of the default coverage;
            empty where all have one.
    """

    fitted: Fitted
    tested: Tested | None
    folds: tuple[Fold, ...] = ()
    calibration: Calibration | None = None
    calibration_note: str = ""
    conformal: ConformalScores | None = None
    limit_note: str = ""


def fit_and_test(
    trainer: Trainer[Any],
    dataset: Dataset,
    design: Design,
    progress: Progress,
    on_best: OnBest,
    on_fitted: OnFitted = lambda fitted, split, progress: None,
) -> Outcome:
    """Fit the models of a sample design, and predict each test sample once.

    With folds, one model per fold is tested on the fold's samples. Then the model to save is fitted to the
    samples of all folds, for the median of the folds' best epochs and with the same learning rates. So it
    resembles the folds' models, from which calibration, prediction sets and area of applicability come.

    Args:
        trainer: Trainer that has read ``dataset``.
        dataset: Samples of the design.
        design: Sample design.
        progress: Progress reporter.
        on_best: Callback for each model that is the best so far.
        on_fitted: Callback for each fitted model; the model to save is the last.

    Raises:
        RunCancelled: The user cancelled.
        LandCoverError: A fit failed.
    """
    if design.final is None:
        (split,) = design.splits
        fitted = trainer.fit(
            dataset, split, Stage(progress, 0.0, 0.95), lambda best: on_best(best, split, "")
        )
        if fitted.best:
            progress.log("The model has the weights of epoch {number}.", number=fitted.best.number)
        logits = [_logits(fitted, dataset, split, Stage(progress, 0.95, 0.97))]
        on_fitted(fitted, split, Stage(progress, 0.97, 1.0))
        return Outcome(fitted, _tested(dataset, design, logits))
    return _fold_by_fold(trainer, dataset, design, design.final, progress, on_best, on_fitted)


def _fold_by_fold(
    trainer: Trainer[Any],
    dataset: Dataset,
    design: Design,
    final: Split,
    progress: Progress,
    on_best: OnBest,
    on_fitted: OnFitted,
) -> Outcome:
    number, length = len(design.splits), 1.0 / (len(design.splits) + 1)
    logits: list[Float32Array] = []
    folds: list[Fold] = []
    for index, split in enumerate(design.splits):
        name = Text("Fold {number} of {total}", number=index + 1, total=number)
        progress.log("Fold {number} of {total}.", number=index + 1, total=number)
        stage = Stage(progress, index * length, (index + 1) * length)
        note = Text(
            "The training ended early: this is the model of fold {number}, which was trained on part of the "
            "samples.",
            number=index + 1,
        )
        fitted = trainer.fit(dataset, split, Stage(stage, 0.0, 0.95), _with_note(on_best, split, note))
        logits.append(_logits(fitted, dataset, split, Stage(stage, 0.95, 0.97)))
        on_fitted(fitted, split, Stage(stage, 0.97, 1.0))
        folds.append(_fold(fitted, dataset, split, logits[-1]))
        progress.log(_fold_line(name, folds[-1]))
    epochs = _epochs(folds)
    stage = Stage(progress, number * length, 1.0)
    progress.log(
        "The saved model is trained on the {count:,} samples of all folds for {epochs} epochs, the median of "
        "the folds' best epochs, with the same learning rates."
        if epochs
        else "The saved model is trained on the {count:,} samples of all folds.",
        count=len(final.train),
        epochs=epochs,
    )
    fitted = trainer.fit(dataset, final, Stage(stage, 0.0, 0.97), _with_note(on_best, final, ""), epochs)
    on_fitted(fitted, final, Stage(stage, 0.97, 1.0))
    return Outcome(fitted, _tested(dataset, design, logits), tuple(folds))


def _with_note(on_best: OnBest, split: Split, note: str) -> Callable[[Fitted], None]:
    return lambda best: on_best(best, split, note)


def _logits(fitted: Fitted, dataset: Dataset, split: Split, progress: Progress) -> Float32Array:
    if not len(split.test):
        return np.zeros((0, len(dataset.classes)), dtype=np.float32)
    progress.update(0.0, "Testing")
    return fitted.logits(split.test, progress)


def _tested(dataset: Dataset, design: Design, logits: Sequence[Float32Array]) -> Tested | None:
    indices = design.test
    if not len(indices):
        return None
    all_logits = np.concatenate(logits)
    return Tested(indices, all_logits, _metrics(dataset, indices, all_logits))


def _metrics(dataset: Dataset, indices: Int64Array, logits: Float32Array) -> Metrics:
    matrix = ConfusionMatrix.of_codes(dataset.codes(indices), codes_of(logits), len(dataset.classes))
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
    epoch = Text("best epoch {number}; ", number=fold.best_epoch) if fold.best_epoch else ""
    if fold.overall_accuracy is None or fold.macro_f1 is None:
        return Text("{fold}: {epoch}no test samples.", fold=name, epoch=epoch)
    return Text(
        "{fold}: {epoch}overall accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f} over "
        "{count:,} test samples.",
        fold=name,
        epoch=epoch,
        accuracy=fold.overall_accuracy,
        macro_f1=fold.macro_f1,
        count=fold.test_samples,
    )


def _epochs(folds: Sequence[Fold]) -> int | None:
    best = [fold.best_epoch for fold in folds if fold.best_epoch]
    return round(median(best)) if best else None
