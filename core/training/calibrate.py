"""Calibration of a trained model on held-out samples, and test of the calibrated probabilities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..assessment.confusion_matrix import ConfusionMatrix
from ..classes import class_label
from ..models.card import Calibration, ConformalScores, Fold, Metrics
from ..options import DEFAULT_COVERAGE
from ..progress import Progress
from ..samples.split_design import Design
from ..samples.split_search import is_shared
from ..text import Text, joined
from ..uncertainty.calibration import (
    HeldOutSamples,
    cross_calibrated,
    decided,
    fit_calibration,
    log_probabilities,
    uncalibrated,
)
from ..uncertainty.conformal import cross_limits, default_limits, describe_limits, limits_of, scores_of
from .evaluation import Outcome, Tested
from .feeds.base import Dataset
from .optimisation import training_proportions


def calibrate(
    outcome: Outcome,
    dataset: Dataset,
    design: Design,
    balance: str,
    *,
    is_network: bool,
    progress: Progress,
    seed: int = 0,
) -> Outcome:
    """Return the outcome with a calibration, conformal scores, and the accuracy of calibrated probabilities.

    With folds, calibration is fitted to the out-of-fold logits, and each fold is tested with a calibration by
    the other folds. Otherwise it is fitted to the samples of ``calibration_samples``, by the model that has
    not seen them.

    Args:
        outcome: Result of ``fit_and_test``.
        dataset: Samples of the design.
        design: Sample design.
        balance: Treatment of rare classes in training, one of ``core.options.BALANCES``.
        is_network: Whether the validation samples selected the epoch.
        progress: Progress reporter.
        seed: Seed of the subsample of conformal scores.
    """
    classes = len(dataset.classes)
    proportions = training_proportions(dataset.codes(design.saved.train), classes, balance)
    natural = np.array(design.proportions)
    tested = outcome.tested
    conformal: ConformalScores | None
    if design.is_folded and tested is not None:
        held_out = HeldOutSamples(
            tested.logits, dataset.codes(tested.indices), _clusters(design, tested.indices)
        )
        folds = design.folds[tested.indices]
        fold_proportions = _proportions_by_fold(dataset, design, balance)[folds - 1]
        calibration = fit_calibration(held_out, fold_proportions, natural, proportions)
        log_chances, balanced = cross_calibrated(held_out, folds, fold_proportions, natural)
        limits, conformal = cross_limits(log_chances, held_out, folds, seed)
        tested = replace(_with_calibrated(tested, dataset, log_chances, balanced), set_limits=limits)
        outcome = replace(
            outcome, folds=_calibrated_folds(outcome, dataset, tested.indices, log_chances, folds)
        )
    else:
        split_proportions = training_proportions(dataset.codes(design.splits[0].train), classes, balance)
        # ``evaluated`` is that of the tested model, whose class proportions may differ from the saved one's.
        calibration, conformal = uncalibrated(proportions, natural), None
        evaluated = uncalibrated(split_proportions, natural)
        if (calibration_set := _held_out(outcome, dataset, design, progress)) is not None:
            calibration = fit_calibration(calibration_set, split_proportions, natural, proportions)
            evaluated = fit_calibration(calibration_set, split_proportions, natural)
            conformal = scores_of(log_probabilities(calibration_set.logits, evaluated), calibration_set, seed)
        if tested is not None:
            log_chances = log_probabilities(tested.logits, evaluated)
            balanced = decided(log_chances, evaluated, "balanced")
            tested = _with_calibrated(tested, dataset, log_chances, balanced)
            if conformal is not None:
                tested = replace(tested, set_limits=default_limits(conformal, log_chances.shape))
    return replace(
        outcome,
        tested=tested,
        calibration=calibration,
        calibration_note=_note(calibration, design, is_network),
        conformal=conformal,
        limit_note=_limit_note(conformal, dataset),
    )


def _held_out(
    outcome: Outcome, dataset: Dataset, design: Design, progress: Progress
) -> HeldOutSamples | None:
    indices = calibration_samples(design)
    if not len(indices):
        return None
    logits = outcome.evaluated.logits(indices, progress)
    return HeldOutSamples(logits, dataset.codes(indices), _clusters(design, indices))


def calibration_samples(design: Design) -> Int64Array:
    """Return the indices of the samples that calibrate the model of a single split, int64, shape (M,).

    They are the samples that were set aside, or else the validation samples. They are none where validation
    and training share samples.

    Args:
        design: Sample design with a single split.
    """
    (split,) = design.splits[:1]
    if len(split.calibration):
        return split.calibration
    return split.validation[:0] if is_shared(split.train, split.validation) else split.validation


def _proportions_by_fold(dataset: Dataset, design: Design, balance: str) -> Float64Array:
    """Return the class proportions in the loss of each fold's model, shape (folds, classes).

    They differ from those of the saved model, because MAX_PER_CLASS limits common classes only, and a fold
    has fewer samples of a rare class than all folds together.
    """
    classes = len(dataset.classes)
    return np.stack(
        [training_proportions(dataset.codes(split.train), classes, balance) for split in design.splits]
    )


def _clusters(design: Design, indices: Int64Array) -> Int64Array:
    return design.clusters[indices]


def _with_calibrated(
    tested: Tested, dataset: Dataset, log_chances: Float64Array, balanced: Int64Array
) -> Tested:
    metrics = _metrics(dataset, tested.indices, _most_likely(log_chances))
    return replace(tested, metrics=metrics, log_chances=log_chances, balanced=balanced)


def _calibrated_folds(
    outcome: Outcome, dataset: Dataset, indices: Int64Array, log_chances: Float64Array, folds: Int64Array
) -> tuple[Fold, ...]:
    calibrated = []
    for number, fold in enumerate(outcome.folds, start=1):
        is_in_fold = folds == number
        if is_in_fold.any():
            metrics = _metrics(dataset, indices[is_in_fold], _most_likely(log_chances[is_in_fold]))
            fold = replace(fold, overall_accuracy=metrics.overall_accuracy, macro_f1=metrics.macro_f1)
        calibrated.append(fold)
    return tuple(calibrated)


def _most_likely(log_chances: Float64Array) -> Int64Array:
    return np.asarray(log_chances.argmax(axis=1), dtype=np.int64)


def _metrics(dataset: Dataset, indices: Int64Array, codes: Int64Array) -> Metrics:
    matrix = ConfusionMatrix.of_codes(dataset.codes(indices), codes, len(dataset.classes))
    return matrix.metrics(dataset.classes)


def _limit_note(conformal: ConformalScores | None, dataset: Dataset) -> str:
    if conformal is None:
        return ""
    limits = limits_of(conformal, DEFAULT_COVERAGE, len(dataset.classes))
    return describe_limits(limits, [class_label(item) for item in dataset.classes])


def _note(calibration: Calibration, design: Design, is_network: bool) -> str:
    head = Text(
        "Probabilities are for the class proportions among the labels, not for those in training, which "
        "weights and MAX_PER_CLASS changed"
    )
    if not calibration.samples:
        return Text("{head}. No samples were available for further calibration.", head=head)
    if design.is_folded:
        source = Text("of the folds' tests; each fold's figures are calibrated with the other folds")
    elif len(design.splits[0].calibration):
        source = Text("that neither the selection of the epoch nor the test used")
    elif is_network:
        source = Text(
            "that selected the epoch too, because no others were available, so probabilities may be slightly "
            "too high"
        )
    else:
        source = Text("that neither the trees nor the test used")
    note = Text(
        "{head}. The correction is {shift:.0%} of the difference, and the temperature is "
        "{temperature:.2f}, both fitted to {count:,} samples {source}.",
        head=head,
        shift=calibration.shift,
        temperature=calibration.temperature,
        count=calibration.samples,
        source=source,
    )
    if design.final is None:
        return note
    refit = (
        "The saved model was trained with these samples. Its calibration, the limits of its prediction sets "
        "and its area of applicability therefore come from the models of the folds."
        if design.is_folded
        else "The saved model was trained with these samples. Its calibration, the limits of its prediction "
        "sets and its area of applicability therefore come from the model that was trained before it, "
        "without them."
    )
    return joined((note, refit))
