"""Calibration of a trained model on held-out samples, before the test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Float64Array, Int64Array
from ..assessment.confusion_matrix import ConfusionMatrix
from ..classes import class_label
from ..models.architecture import Architecture
from ..models.card import Calibration, ConformalScores, Fold, Metrics
from ..options import DEFAULT_COVERAGE
from ..progress import Progress
from ..samples.split_design import Design
from ..samples.split_search import is_shared
from ..text import Text
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
from .optimisation import taught_proportions


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
    """Return the outcome with a calibration, with scores for sets, and with the test's figures as calibrated.

    Args:
        outcome: Of ``fit_and_test``.
        dataset: The samples.
        design: Of these samples.
        balance: How rare classes were weighted, one of ``core.options``.
        is_network: Whether validation chose the epoch; trees did not look at it.
        progress: Is asked for cancelling.
        seed: Draws the scores, where there are many.
    """
    classes = len(dataset.classes)
    taught = taught_proportions(dataset.codes(design.saved.train), classes, balance)
    natural = np.array(design.proportions)
    tested = outcome.tested
    conformal: ConformalScores | None
    if design.final is not None and tested is not None:
        held_out = HeldOutSamples(
            tested.logits, dataset.codes(tested.chosen), _clusters(design, tested.chosen)
        )
        folds = design.folds[tested.chosen]
        taught_folds = _taught_by_fold(dataset, design, balance)[folds - 1]
        calibration = fit_calibration(held_out, taught_folds, natural, taught)
        log_chances, balanced = cross_calibrated(held_out, folds, taught_folds, natural)
        limits, conformal = cross_limits(log_chances, held_out, folds, seed)
        tested = replace(_retested(tested, dataset, log_chances, balanced), set_limits=limits)
        outcome = replace(outcome, folds=_refolded(outcome, dataset, tested.chosen, log_chances, folds))
    else:
        calibration, conformal = uncalibrated(taught, natural), None
        if (apart := _held_out(outcome, dataset, design, progress)) is not None:
            calibration = fit_calibration(apart, taught, natural)
            conformal = scores_of(log_probabilities(apart.logits, calibration), apart, seed)
        if tested is not None:
            log_chances = log_probabilities(tested.logits, calibration)
            balanced = decided(log_chances, calibration, "balanced")
            tested = _retested(tested, dataset, log_chances, balanced)
            if conformal is not None:
                tested = replace(tested, set_limits=default_limits(conformal, log_chances.shape))
    return replace(
        outcome,
        tested=tested,
        calibration=calibration,
        calibration_words=_words(calibration, design, is_network),
        conformal=conformal,
        limit_words=_limit_words(conformal, dataset),
    )


def balance_of(architecture: Architecture, balance: str) -> str:
    """Return the treatment of rare classes, one of ``core.options.BALANCES``.

    Args:
        architecture: Entry of the registry. Trees always weight classes by ``sqrt``.
        balance: Treatment that was asked for.
    """
    return balance if architecture.is_network else "sqrt"


def _held_out(
    outcome: Outcome, dataset: Dataset, design: Design, progress: Progress
) -> HeldOutSamples | None:
    chosen = calibration_samples(design)
    if not len(chosen):
        return None
    logits = outcome.fitted.logits(chosen, progress)
    return HeldOutSamples(logits, dataset.codes(chosen), _clusters(design, chosen))


def calibration_samples(design: Design) -> Int64Array:
    """Return the samples of the only split that calibrate: those set aside, else validation; or none."""
    (split,) = design.splits[:1]
    if len(split.calibration):
        return split.calibration
    return split.validation[:0] if is_shared(split.train, split.validation) else split.validation


def _taught_by_fold(dataset: Dataset, design: Design, balance: str) -> Float64Array:
    """Return the proportions that each fold's model was taught (folds, classes).

    MAX_PER_CLASS binds common classes and not rare ones, of which a fold has fewer samples than all: so
    the folds' models are taught other proportions than the saved one.
    """
    classes = len(dataset.classes)
    return np.stack(
        [taught_proportions(dataset.codes(split.train), classes, balance) for split in design.splits]
    )


def _clusters(design: Design, chosen: Int64Array) -> Int64Array:
    return design.clusters[chosen]


def _retested(tested: Tested, dataset: Dataset, log_chances: Float64Array, balanced: Int64Array) -> Tested:
    metrics = _metrics(dataset, tested.chosen, _most_likely(log_chances))
    return replace(tested, metrics=metrics, log_chances=log_chances, balanced=balanced)


def _refolded(
    outcome: Outcome, dataset: Dataset, chosen: Int64Array, log_chances: Float64Array, folds: Int64Array
) -> tuple[Fold, ...]:
    renewed = []
    for number, fold in enumerate(outcome.folds, start=1):
        here = folds == number
        if here.any():
            found = _metrics(dataset, chosen[here], _most_likely(log_chances[here]))
            fold = replace(fold, overall_accuracy=found.overall_accuracy, macro_f1=found.macro_f1)
        renewed.append(fold)
    return tuple(renewed)


def _most_likely(log_chances: Float64Array) -> Int64Array:
    return np.asarray(log_chances.argmax(axis=1), dtype=np.int64)


def _metrics(dataset: Dataset, chosen: Int64Array, codes: Int64Array) -> Metrics:
    matrix = ConfusionMatrix.of_codes(dataset.codes(chosen), codes, len(dataset.classes))
    return matrix.metrics(dataset.classes)


def _limit_words(conformal: ConformalScores | None, dataset: Dataset) -> str:
    if conformal is None:
        return ""
    limits = limits_of(conformal, DEFAULT_COVERAGE, len(dataset.classes))
    return describe_limits(limits, [class_label(item) for item in dataset.classes])


def _words(calibration: Calibration, design: Design, is_network: bool) -> str:
    head = Text(
        "Probabilities are for the proportions that the classes have among the labels, not for those that "
        "weights and MAX_PER_CLASS made of them in training"
    )
    if not calibration.samples:
        return Text("{head}; there were no samples to calibrate them further.", head=head)
    if design.final is not None:
        whose = Text("of the folds' tests; each fold's figures were calibrated with the other folds")
    elif len(design.splits[0].calibration):
        whose = Text("that neither the choice of the epoch nor the test used")
    elif is_network:
        whose = Text(
            "that the epoch was chosen with too, for want of others, so they may still be a little too high"
        )
    else:
        whose = Text("that neither the trees nor the test used")
    return Text(
        "{head}: put right by {shift:.0%} of the difference, with a temperature of "
        "{temperature:.2f}, both fitted to {count:,} samples {whose}.",
        head=head,
        shift=calibration.shift,
        temperature=calibration.temperature,
        count=calibration.samples,
        whose=whose,
    )
