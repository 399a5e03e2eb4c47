"""Calibration of probabilities, for confidence and for class proportions.

A model that was trained with rare classes in greater number or with greater weight assumes those
proportions; networks are usually overconfident and trees underconfident. Calibrated probabilities are

    softmax(logits / temperature + shift * log(proportion among the labels / proportion in training))

Temperature and shift are fitted to held-out samples by maximum likelihood. The temperature is that of Guo
et al. 2017 (https://arxiv.org/abs/1706.04599). With a shift of 1 the second term is Bayes' formula (Elkan
2001; Saerens et al. 2002, https://doi.org/10.1162/089976602753284446). It follows the temperature, because
overconfidence concerns everything that the model learnt, proportions included. It is fitted, because models
follow class weights only in part: leaves of trees are mixed, and networks stop early. For two classes this
is Platt's method, slope and intercept. For more it ties the intercepts to one number: an intercept for each
class follows the few blocks that it was fitted to (on Gewata's blocks it reduced the accuracy of trees),
and isotonic regression would need some thousand samples of each class.

``reliability`` compares the confidence in the most probable class with its accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax

from ..arrays import Float64Array, FloatingArray, Int64Array
from ..assessment.confusion_matrix import confusion_matrix, scores
from ..models.card import Calibration

# What is known before any sample was seen: the logarithm of the temperature is about 0, give or take
# 0.5, the shift about 1, give or take 1. One cluster of samples counts as one observation against
# that, so that a few polygons that are all right do not make the model certain.
_KNOWN, _SPREAD = np.array([0.0, 1.0]), np.array([0.5, 1.0])
# No model believes more than it was told.
_BOUNDS = ((-3.0, 3.0), (0.0, 1.0))
_STRENGTHS = np.linspace(0.0, 1.0, 21)
BINS = 15
# What a probability of 0 counts as in the log loss.
_FLOOR = 1e-12


@dataclass(frozen=True, eq=False)
class Held:
    """What a model says of samples that it was neither fitted to nor tested with.

    Attributes:
        logits: Of the model (N, classes).
        codes: True classes (N,).
        clusters: Polygon or block of each (N,); None where every sample stands for itself.
    """

    logits: FloatingArray
    codes: Int64Array
    clusters: Int64Array | None

    @property
    def observations(self) -> int:
        """How many independent observations there are."""
        return len(self.codes) if self.clusters is None else len(np.unique(self.clusters))

    def without(self, left_out: npt.NDArray[np.bool_]) -> Held:
        """Return the samples but some (N,)."""
        kept = ~left_out
        clusters = None if self.clusters is None else self.clusters[kept]
        return Held(self.logits[kept], self.codes[kept], clusters)


def fit_calibration(
    held: Held, taught: Float64Array, natural: Float64Array, final: Float64Array | None = None
) -> Calibration:
    """Return the calibration that makes held-out samples most likely.

    Samples of several models are calibrated together by what these have in common, the temperature and
    how far each believes the proportions that it was taught.

    Args:
        held: At least one sample.
        taught: Proportions of the classes that the model was fitted to, weights included (classes,); or
            (N, classes), those of the model that each sample was held out from.
        natural: Their proportions among the labels (classes,).
        final: The proportions that the model to be calibrated was taught (classes,), where that is another
            model; None takes ``taught``, which is then (classes,).
    """
    direction = prior_shift(taught, natural)
    rows = np.arange(len(held.codes))

    def cost(parameters: Float64Array) -> tuple[float, Float64Array]:
        scaled = held.logits * np.exp(-parameters[0])
        log_chances = log_softmax(scaled + parameters[1] * direction, axis=1)
        residual = np.exp(log_chances)
        residual[rows, held.codes] -= 1
        gradient = np.array([-np.sum(residual * scaled), np.sum(residual * direction)]) / len(rows)
        miss = (parameters - _KNOWN) / _SPREAD
        loss = -float(log_chances[rows, held.codes].mean()) + float(miss @ miss) / (2 * held.observations)
        return loss, gradient + miss / _SPREAD / held.observations

    found = minimize(cost, _KNOWN, jac=True, method="L-BFGS-B", bounds=_BOUNDS)
    temperature, shift = float(np.exp(found.x[0])), float(found.x[1])
    log_chances = log_softmax(held.logits / temperature + shift * direction, axis=1)
    direction = prior_shift(taught if final is None else final, natural)
    calibration = _calibration(temperature, shift, direction, natural, len(rows))
    return _with_balance(calibration, log_chances, held.codes)


def uncalibrated(taught: Float64Array, natural: Float64Array) -> Calibration:
    """Return what can be said without held-out samples: the proportions, by Bayes' formula."""
    return _calibration(1.0, 1.0, prior_shift(taught, natural), natural, 0)


def cross_calibrated(
    held: Held, folds: Int64Array, taught: Float64Array, natural: Float64Array
) -> tuple[Float64Array, Int64Array]:
    """Return log-probabilities (N, classes) and balanced classes (N,), each fold's by the others.

    Args:
        held: What the folds' models said of the samples that they had not seen.
        folds: Fold of each sample (N,), two of them at least.
        taught: Proportions that the folds' models were taught: (classes,) where all were taught the same,
            else those of the model of each sample's fold (N, classes).
        natural: Proportions among the labels.
    """
    taught = np.broadcast_to(taught, held.logits.shape)
    log_chances, balanced = np.empty(held.logits.shape), np.empty(len(folds), dtype=np.int64)
    for fold in np.unique(folds):
        here = folds == fold
        # All samples of a fold have the same model.
        calibration = fit_calibration(held.without(here), taught[~here], natural, taught[here][0])
        log_chances[here] = log_probabilities(held.logits[here], calibration)
        balanced[here] = decided(log_chances[here], calibration, "balanced")
    return log_chances, balanced


def log_probabilities(logits: FloatingArray, calibration: Calibration | None) -> Float64Array:
    """Return the logarithms of probabilities (N, classes); the model's own without a calibration."""
    values = np.asarray(logits, dtype=np.float64)
    if calibration is not None:
        values = values / calibration.temperature + np.array(calibration.offsets)
    found: Float64Array = log_softmax(values, axis=1)
    return found


def decided(log_chances: Float64Array, calibration: Calibration | None, decision: str) -> Int64Array:
    """Return the classes that a decision rule takes (N,).

    ``accuracy`` takes the most probable class. ``balanced`` raises rare classes: each probability
    is divided by the class's proportion to the power of ``calibration.balance``, which at 1 makes
    mean recall largest and at 0 accuracy.
    """
    return np.asarray((log_chances + decision_shift(calibration, decision)).argmax(axis=1), dtype=np.int64)


def decision_shift(calibration: Calibration | None, decision: str) -> Float64Array:
    """Return what a decision rule adds to the logarithms of probabilities, (classes,) or a 0."""
    if calibration is None or decision != "balanced":
        return np.zeros(1)
    proportions = np.array(calibration.proportions)
    known = proportions > 0
    shift = np.zeros(len(proportions))
    shift[known] = -calibration.balance * np.log(proportions[known])
    return shift


def prior_shift(taught: Float64Array, natural: Float64Array) -> Float64Array:
    """Return log(natural / taught), of the shape of ``taught``; 0 for classes that lack either.

    Args:
        taught: Proportions (classes,), or (N, classes) of several models.
        natural: Proportions (classes,).
    """
    known = (taught > 0) & (natural > 0)
    ratio = (natural / natural.sum()) / np.where(known, taught / taught.sum(axis=-1, keepdims=True), 1.0)
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
    """Return the calibration with the strength of DECISION=balanced that has the best macro-F1.

    Args:
        calibration: Without a strength.
        log_chances: Logarithms of held-out samples' calibrated probabilities (N, classes).
        codes: Their true classes (N,).
    """
    classes = len(calibration.offsets)
    best, best_score = calibration, -1.0
    for strength in _STRENGTHS:
        tried = replace(calibration, balance=float(strength))
        found = decided(log_chances, tried, "balanced")
        score = float(scores(confusion_matrix(codes, found, classes)).macro_f1)
        # Of equals the weakest: it costs the least accuracy.
        if score > best_score + 1e-9:
            best, best_score = tried, score
    return best


@dataclass(frozen=True)
class ReliabilityBin:
    """Samples whose highest probability lies in one of ``BINS`` equal steps from 0 to 1.

    Attributes:
        samples: How many.
        probability: Mean of their highest probabilities; None without samples.
        accuracy: Share of them that is right; None without samples.
    """

    samples: int
    probability: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Reliability:
    """How far probabilities can be believed.

    Attributes:
        bins: From 0 to 1.
        calibration_error: Expected calibration error: mean distance of probability and accuracy
            over the bins, weighted by samples (Guo et al. 2017, https://arxiv.org/abs/1706.04599).
        log_loss: Mean negative log-likelihood of the true class.
        brier: Mean squared error of all probabilities, 0 to 2.
    """

    bins: tuple[ReliabilityBin, ...]
    calibration_error: float
    log_loss: float
    brier: float


def reliability(probabilities: npt.NDArray[np.floating], reference: Int64Array) -> Reliability:
    """Return the reliability of probabilities (N, classes) against true classes (N,)."""
    chances: Float64Array = np.asarray(probabilities, dtype=np.float64)
    highest, right = chances.max(axis=1), chances.argmax(axis=1) == reference
    # The right edge belongs to a bin, so that the probability 1 has one.
    numbers = np.clip(np.ceil(highest * BINS).astype(np.int64) - 1, 0, BINS - 1)
    samples = np.bincount(numbers, minlength=BINS)
    summed = np.bincount(numbers, weights=highest, minlength=BINS)
    hits = np.bincount(numbers, weights=right, minlength=BINS)
    of_truth = chances[np.arange(len(reference)), reference]
    return Reliability(
        bins=tuple(
            ReliabilityBin(int(count), float(chance / count), float(hit / count))
            if count
            else ReliabilityBin(0, None, None)
            for count, chance, hit in zip(samples, summed, hits, strict=True)
        ),
        calibration_error=float(np.abs(summed - hits).sum() / len(reference)),
        log_loss=float(-np.mean(np.log(np.maximum(of_truth, _FLOOR)))),
        brier=float(np.mean(np.sum(chances**2, axis=1) - 2 * of_truth + 1)),
    )
