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
_PARTIAL_NOTE = (
    "The training ended early: this is the model before the one to save, which was trained on part of the "
    "samples."
)


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

    @property
    def scores(self) -> Float64Array:
        """Logits, or logarithms of probabilities after calibration, float64, shape (N, classes)."""
        return self.logits.astype(np.float64) if self.log_chances is None else self.log_chances


@dataclass(frozen=True, eq=False)
class Outcome:
    """Fitted model of a training, with its test and calibration.

    Attributes:
        fitted: Model to save.
        before: Model of a single split before the saved one, which is not fitted to the held-out samples;
            None where it is saved itself, and with folds.
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
    before: Fitted | None = None

    @property
    def evaluated(self) -> Fitted:
        """Model of a single split that is not fitted to the held-out samples."""
        return self.before or self.fitted


def fit_and_test(
    trainer: Trainer[Any],
    dataset: Dataset,
    design: Design,
    progress: Progress,
    on_best: OnBest,
    on_fitted: OnFitted = lambda fitted, split, progress: None,
) -> Outcome:
    """Fit the models of a sample design, and predict each test sample once.

    A model per fold, or one of the single split, is tested on its held-out samples. Then the model to save
    is fitted to ``design.final``, for the median of the best epochs and with the same learning rates. So it
    resembles the models before it, from which calibration, prediction sets and area of applicability come.
    Where there is no ``design.final``, the model of the single split is saved.

    Args:
        trainer: Trainer that has read ``dataset``.
        dataset: Samples of the design.
        design: Sample design.
        progress: Progress reporter.
        on_best: Callback for each model that is the best so far: of a single split or the first fold, then
            the model to save.
        on_fitted: Callback for each fitted model; the model to save is the last.

    Raises:
        RunCancelled: The user cancelled.
        LandCoverError: A fit failed.
    """
    if design.is_folded:
        return _fold_by_fold(trainer, dataset, design, progress, on_best, on_fitted)
    (split,) = design.splits
    note = "" if design.final is None else _PARTIAL_NOTE
    stage = Stage(progress, 0.0, 1.0 if design.final is None else 0.5)
    fitted = trainer.fit(dataset, split, Stage(stage, 0.0, 0.95), _with_note(on_best, split, note))
    if fitted.best:
        progress.log(
            "The model has the weights of epoch {number}."
            if design.final is None
            else "The best epoch is {number}.",
            number=fitted.best.number,
        )
    tested = _tested(dataset, design, [_logits(fitted, dataset, split, Stage(stage, 0.95, 0.97))])
    on_fitted(fitted, split, Stage(stage, 0.97, 1.0))
    if design.final is None:
        return Outcome(fitted, tested)
    epochs = fitted.best.number if fitted.best else None
    stage = Stage(progress, 0.5, 1.0)
    origin = Text("the best epoch of the model before it")
    saved = _refitted(trainer, dataset, design.final, epochs, origin, stage, on_best, on_fitted)
    return Outcome(saved, tested, before=fitted)


def _fold_by_fold(
    trainer: Trainer[Any],
    dataset: Dataset,
    design: Design,
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
        # The models of the folds are equally good: the first one is kept, and no early epoch of the next
        # takes its place.
        on_best_of_fold = _with_note(on_best, split, note) if index == 0 else _keep_nothing
        fitted = trainer.fit(dataset, split, Stage(stage, 0.0, 0.95), on_best_of_fold)
        logits.append(_logits(fitted, dataset, split, Stage(stage, 0.95, 0.97)))
        on_fitted(fitted, split, Stage(stage, 0.97, 1.0))
        folds.append(_fold(fitted, dataset, split, logits[-1]))
        progress.log(_fold_line(name, folds[-1]))
    stage = Stage(progress, number * length, 1.0)
    origin = Text("the median of the folds' best epochs")
    saved = _refitted(trainer, dataset, design.saved, _epochs(folds), origin, stage, on_best, on_fitted)
    return Outcome(saved, _tested(dataset, design, logits), tuple(folds))


def _refitted(
    trainer: Trainer[Any],
    dataset: Dataset,
    final: Split,
    epochs: int | None,
    origin: Text,
    progress: Progress,
    on_best: OnBest,
    on_fitted: OnFitted,
) -> Fitted:
    """Return the model to save, fitted to samples that the models before it were tested on.

    ``origin`` describes the number of epochs. ``on_best`` is called when the model is complete: until then,
    a model before it is better.
    """
    progress.log(
        "The saved model is trained on {count:,} samples for {epochs} epochs, {origin}, with the same "
        "learning rates."
        if epochs
        else "The saved model is trained on {count:,} samples.",
        count=len(final.train),
        epochs=epochs,
        origin=origin,
    )
    fitted = trainer.fit(dataset, final, Stage(progress, 0.0, 0.95), _keep_nothing, epochs)
    on_best(fitted, final, "")
    on_fitted(fitted, final, Stage(progress, 0.95, 1.0))
    return fitted


def _keep_nothing(best: Fitted) -> None:
    """Take no model as the best so far."""


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
