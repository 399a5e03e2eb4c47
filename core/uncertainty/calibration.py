"""Calibration of probabilities, for confidence and for class proportions.

A model that was trained with rare classes in greater number or with greater weight assumes those
proportions; networks are usually overconfident and trees underconfident. Calibrated probabilities are

    softmax(logits / temperature + shift * log(proportion among the labels / proportion in training))

Temperature and shift are fitted to held-out samples by maximum likelihood. The temperature is that of Guo
et al. 2017 (https://arxiv.org/abs/1706.04599). With a shift of 1 the second term is Bayes' formula (Elkan
2001; Saerens et al. 2002, https://doi.org/10.1162/089976602753284446). It follows the temperature, because
overconfidence affects all that the model learnt, including the proportions. It is fitted, because models
follow class weights only in part: leaves of trees are mixed, and networks stop early. For two classes this
is Platt's method, slope and intercept. For more it ties the intercepts to one number: an intercept for each
class follows the few blocks that it was fitted to (on Gewata's blocks it reduced the accuracy of trees),
and isotonic regression would need some thousand samples of each class.

``reliability`` compares the confidence in the most probable class with its accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from ..arrays import BoolArray, Float64Array, FloatingArray, Int64Array
from ..assessment.confusion_matrix import ConfusionMatrix
from ..models.card import Calibration

# Normal prior of the logarithm of the temperature and of the shift: means and standard deviations. A cluster
# of samples is one observation against it, so that a few polygons without errors do not make the model
# certain.
_PRIOR_MEAN, _PRIOR_DEVIATION = np.array([0.0, 1.0]), np.array([0.5, 1.0])
# A model does not follow the training proportions more than fully, so the shift is at most 1.
_BOUNDS = ((-3.0, 3.0), (0.0, 1.0))
_BALANCE_STRENGTHS = np.linspace(0.0, 1.0, 21)
BINS = 15
"""Number of bins of a reliability diagram."""
# Smallest probability in the log loss.
_MIN_PROBABILITY = 1e-12


@dataclass(frozen=True, eq=False)
class HeldOutSamples:
    """Logits and true classes of samples that the model was not fitted to.

    Attributes:
        logits: Logits of the model, shape (N, classes).
        codes: True class codes, shape (N,).
        clusters: Polygon or block of each sample, shape (N,); None for independent samples.
    """

    logits: FloatingArray
    codes: Int64Array
    clusters: Int64Array | None

    @property
    def observations(self) -> int:
        """Number of independent observations: clusters, or samples without clusters."""
        return len(self.codes) if self.clusters is None else len(np.unique(self.clusters))

    def subset(self, mask: BoolArray) -> HeldOutSamples:
        """Return the samples of a mask, shape (N,)."""
        clusters = None if self.clusters is None else self.clusters[mask]
        return HeldOutSamples(self.logits[mask], self.codes[mask], clusters)


def fit_calibration(
    held_out: HeldOutSamples,
    training: Float64Array,
    natural: Float64Array,
    final: Float64Array | None = None,
) -> Calibration:
    """Return the calibration with the maximum likelihood of held-out samples.

    Samples of several models have a common temperature, and a common shift from the proportions that each
    model was trained with.

    Args:
        held_out: Held-out samples, at least one.
        training: Class proportions in training, class weights included, shape (classes,); or those of the
            model that each sample was held out from, shape (N, classes).
        natural: Class proportions among the labels, shape (classes,).
        final: Training proportions of the model to be calibrated, shape (classes,), where it is not the
            model of the samples; None takes ``training``, whose shape must then be (classes,).
    """
    direction = prior_shift(training, natural)
    rows = np.arange(len(held_out.codes))

    def cost(parameters: Float64Array) -> tuple[float, Float64Array]:
        scaled = held_out.logits * np.exp(-parameters[0])
        log_chances = log_softmax(scaled + parameters[1] * direction, axis=1)
        residual = np.exp(log_chances)
        residual[rows, held_out.codes] -= 1
        gradient = np.array([-np.sum(residual * scaled), np.sum(residual * direction)]) / len(rows)
        deviation = (parameters - _PRIOR_MEAN) / _PRIOR_DEVIATION
        penalty = float(deviation @ deviation) / (2 * held_out.observations)
        loss = -float(log_chances[rows, held_out.codes].mean()) + penalty
        return loss, gradient + deviation / _PRIOR_DEVIATION / held_out.observations

    fitted = minimize(cost, _PRIOR_MEAN, jac=True, method="L-BFGS-B", bounds=_BOUNDS)
    temperature, shift = float(np.exp(fitted.x[0])), float(fitted.x[1])
    log_chances = log_softmax(held_out.logits / temperature + shift * direction, axis=1)
    direction = prior_shift(training if final is None else final, natural)
    calibration = _calibration(temperature, shift, direction, natural, len(rows))
    return _with_balance(calibration, log_chances, held_out.codes)


def uncalibrated(training: Float64Array, natural: Float64Array) -> Calibration:
    """Return the calibration without held-out samples: correction of the proportions by Bayes' formula.

    Args:
        training: Class proportions in training, class weights included, shape (classes,).
        natural: Class proportions among the labels, shape (classes,).
    """
    return _calibration(1.0, 1.0, prior_shift(training, natural), natural, 0)


def cross_calibrated(
    held_out: HeldOutSamples, folds: Int64Array, training: Float64Array, natural: Float64Array
) -> tuple[Float64Array, Int64Array]:
    """Return out-of-fold log-probabilities and balanced classes: each fold calibrated with the others.

    Args:
        held_out: Out-of-fold samples.
        folds: Fold of each sample, shape (N,), at least two folds.
        training: Class proportions in training, shape (classes,); or those of the model of each sample's
            fold, shape (N, classes).
        natural: Class proportions among the labels, shape (classes,).

    Returns:
        Logarithms of probabilities, shape (N, classes), and class codes by the decision rule ``balanced``,
        shape (N,).
    """
    training = np.broadcast_to(training, held_out.logits.shape)
    log_chances, balanced = np.empty(held_out.logits.shape), np.empty(len(folds), dtype=np.int64)
    for fold in np.unique(folds):
        here = folds == fold
        # All samples of a fold have the same model.
        calibration = fit_calibration(held_out.subset(~here), training[~here], natural, training[here][0])
        log_chances[here] = log_probabilities(held_out.logits[here], calibration)
        balanced[here] = decided(log_chances[here], calibration, "balanced")
    return log_chances, balanced


def log_probabilities(logits: FloatingArray, calibration: Calibration | None) -> Float64Array:
    """Return logarithms of probabilities, shape (N, classes).

    Args:
        logits: Logits of the model, shape (N, classes).
        calibration: Calibration of the model; None gives the uncalibrated probabilities.
    """
    values = np.asarray(logits, dtype=np.float64)
    if calibration is not None:
        values = values / calibration.temperature + np.array(calibration.offsets)
    log_chances: Float64Array = log_softmax(values, axis=1)
    return log_chances


def decided(log_chances: Float64Array, calibration: Calibration | None, decision: str) -> Int64Array:
    """Return the class codes that a decision rule assigns, shape (N,).

    ``accuracy`` assigns the most probable class. ``balanced`` favours rare classes: each probability
    is divided by the class's proportion to the power of ``calibration.balance``, which at 1 maximises
    mean recall and at 0 accuracy.

    Args:
        log_chances: Logarithms of probabilities, shape (N, classes).
        calibration: Calibration of the model; None has no effect.
        decision: Decision rule, ``accuracy`` or ``balanced``.
    """
    return np.asarray((log_chances + decision_shift(calibration, decision)).argmax(axis=1), dtype=np.int64)


def decision_shift(calibration: Calibration | None, decision: str) -> Float64Array:
    """Return the term that a decision rule adds to logarithms of probabilities, shape (classes,) or (1,)."""
    if calibration is None or decision != "balanced":
        return np.zeros(1)
    proportions = np.array(calibration.proportions)
    known = proportions > 0
    shift = np.zeros(len(proportions))
    shift[known] = -calibration.balance * np.log(proportions[known])
    return shift


def prior_shift(training: Float64Array, natural: Float64Array) -> Float64Array:
    """Return log(natural / training) in the shape of ``training``; 0 where a proportion is 0.

    Args:
        training: Class proportions in training, shape (classes,), or (N, classes) for several models.
        natural: Class proportions among the labels, shape (classes,).
    """
    known = (training > 0) & (natural > 0)
    relative = np.where(known, training / training.sum(axis=-1, keepdims=True), 1.0)
    ratio = (natural / natural.sum()) / relative
    return np.log(np.where(known, ratio, 1.0))


def _calibration(
    temperature: float, shift: float, direction: Float64Array, natural: Float64Array, samples: int
) -> Calibration:
    return Calibration(
        temperature=temperature,
        shift=shift,
        offsets=tuple((shift * direction).tolist()),
        proportions=tuple((natural / natural.sum()).tolist()),
        balance=0.0,
        samples=samples,
    )


def _with_balance(calibration: Calibration, log_chances: Float64Array, codes: Int64Array) -> Calibration:
    """Return the calibration with the strength of DECISION=balanced that has the highest macro-F1.

    Args:
        calibration: Calibration without a strength.
        log_chances: Logarithms of the held-out samples' calibrated probabilities, shape (N, classes).
        codes: True class codes, shape (N,).
    """
    classes = len(calibration.offsets)
    best, best_score = calibration, -1.0
    for strength in _BALANCE_STRENGTHS:
        candidate = replace(calibration, balance=float(strength))
        predicted = decided(log_chances, candidate, "balanced")
        score = float(ConfusionMatrix.of_codes(codes, predicted, classes).macro_f1)
        # Of equal scores the weakest strength, which loses the least accuracy.
        if score > best_score + 1e-9:
            best, best_score = candidate, score
    return best


@dataclass(frozen=True)
class ReliabilityBin:
    """Samples whose highest probability lies in one of ``BINS`` equal bins from 0 to 1.

    Attributes:
        samples: Number of samples.
        probability: Mean of their highest probabilities; None without samples.
        accuracy: Fraction of correct samples; None without samples.
    """

    samples: int
    probability: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Reliability:
    """Reliability of probabilities: agreement of confidence and accuracy.

    Attributes:
        bins: Samples by highest probability, from 0 to 1.
        calibration_error: Expected calibration error: mean difference of probability and accuracy
            over the bins, weighted by samples (Guo et al. 2017, https://arxiv.org/abs/1706.04599).
        log_loss: Mean negative log-likelihood of the true class.
        brier: Mean squared error of all probabilities, 0 to 2.
    """

    bins: tuple[ReliabilityBin, ...]
    calibration_error: float
    log_loss: float
    brier: float


def reliability(probabilities: FloatingArray, reference: Int64Array) -> Reliability:
    """Return the reliability of probabilities.

    Args:
        probabilities: Class probabilities, shape (N, classes).
        reference: True class codes, shape (N,).
    """
    chances: Float64Array = np.asarray(probabilities, dtype=np.float64)
    highest, is_correct = chances.max(axis=1), chances.argmax(axis=1) == reference
    # The upper edge belongs to a bin, so that the probability 1 is in the last one.
    numbers = np.clip(np.ceil(highest * BINS).astype(np.int64) - 1, 0, BINS - 1)
    samples = np.bincount(numbers, minlength=BINS)
    summed = np.bincount(numbers, weights=highest, minlength=BINS)
    hits = np.bincount(numbers, weights=is_correct, minlength=BINS)
    of_truth = chances[np.arange(len(reference)), reference]
    return Reliability(
        bins=tuple(
            ReliabilityBin(int(count), float(chance / count), float(hit / count))
            if count
            else ReliabilityBin(0, None, None)
            for count, chance, hit in zip(samples, summed, hits, strict=True)
        ),
        calibration_error=float(np.abs(summed - hits).sum() / len(reference)),
        log_loss=float(-np.mean(np.log(np.maximum(of_truth, _MIN_PROBABILITY)))),
        brier=float(np.mean(np.sum(chances**2, axis=1) - 2 * of_truth + 1)),
    )
