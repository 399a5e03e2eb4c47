"""Calibration: probabilities that mean what they say, in the proportions that the classes have.

A model that was taught with rare classes in greater number, or with greater weight, believes in
those proportions; and networks are surer of themselves than they are right. So probabilities are

    softmax(logits / temperature + offsets)

The offsets are the logarithm of each class's proportion among the labels over the one that the
model was taught with (Elkan 2001; Saerens et al. 2002, https://doi.org/10.1162/089976602753284446);
they are added after the temperature, because what is overconfident is all that the model learnt,
the proportions included. The temperature is fitted by likelihood (Guo et al. 2017,
https://arxiv.org/abs/1706.04599). Trees are not overconfident by one factor: averaging pulls their
shares away from 0 and 1, more so for some classes. They get Platt's slope and an intercept for each
class (Platt 1999; for several classes Alexandari et al. 2020, https://arxiv.org/abs/1901.06852),
which is the same formula with other offsets. Isotonic regression would need some thousand samples
of each class, and its steps make ties between classes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax

from ..models.card import Calibration
from .accuracy import Codes, confusion_matrix
from .scores import Floats, scores

Logits = npt.NDArray[np.floating]
"""(samples, classes)."""

# What is known before any sample was seen: the logarithm of the temperature and the intercepts are
# about 0, give or take 0.5. One cluster of samples counts as one observation against that, so that a
# few polygons that are all right do not make the model certain.
_SPREAD = 0.5
_STRENGTHS = np.linspace(0.0, 1.0, 21)


@dataclass(frozen=True, eq=False)
class Held:
    """What a model says of samples that it was neither fitted to nor tested with.

    Attributes:
        logits: Of the model (N, classes).
        codes: True classes (N,).
        clusters: Polygon or block of each (N,); None where every sample stands for itself.
    """

    logits: Logits
    codes: Codes
    clusters: Codes | None

    @property
    def observations(self) -> int:
        """How many independent observations there are."""
        return len(self.codes) if self.clusters is None else len(np.unique(self.clusters))


def fit_calibration(held: Held, taught: Floats, natural: Floats, *, with_intercepts: bool) -> Calibration:
    """Return the calibration that makes held-out samples most likely.

    Args:
        held: At least one sample.
        taught: Proportions of the classes that the model was fitted to, weights included (classes,).
        natural: Their proportions among the labels (classes,).
        with_intercepts: Fit one for each class, for trees.
    """
    shift = prior_shift(taught, natural)
    classes = len(shift)
    size = classes if with_intercepts else 0

    def cost(parameters: Floats) -> tuple[float, Floats]:
        slope, intercepts = np.exp(-parameters[0]), np.zeros(classes)
        intercepts[:size] = parameters[1:]
        scaled = held.logits * slope
        log_chances = log_softmax(scaled + shift + intercepts, axis=1)
        rows = np.arange(len(held.codes))
        residual = np.exp(log_chances)
        residual[rows, held.codes] -= 1
        gradient = np.empty(1 + size)
        gradient[0] = -np.sum(residual * scaled) / len(rows)
        gradient[1:] = residual.mean(axis=0)[:size]
        believed = held.observations * _SPREAD**2
        loss = -float(log_chances[rows, held.codes].mean()) + float(parameters @ parameters) / (2 * believed)
        return loss, gradient + parameters / believed

    bounds = [(-3.0, 3.0)] + [(-5.0, 5.0)] * size
    found = minimize(cost, np.zeros(1 + size), jac=True, method="L-BFGS-B", bounds=bounds)
    intercepts = np.zeros(classes)
    intercepts[:size] = found.x[1:]
    plain = Calibration(
        temperature=float(np.exp(found.x[0])),
        offsets=tuple(float(value) for value in shift + intercepts),
        proportions=tuple(float(value) for value in natural / natural.sum()),
        balance=0.0,
        samples=len(held.codes),
    )
    return _with_balance(plain, held)


def cross_calibrated(
    held: Held, folds: Codes, taught: Floats, natural: Floats, *, with_intercepts: bool
) -> tuple[Floats, Codes]:
    """Return log-probabilities (N, classes) and balanced classes (N,), each fold's by the others.

    Args:
        held: What the folds' models said of the samples that they had not seen.
        folds: Fold of each sample (N,), two of them at least.
        taught: See ``fit_calibration``; so are the rest.
        natural: Proportions among the labels.
        with_intercepts: For trees.
    """
    log_chances, balanced = np.empty(held.logits.shape), np.empty(len(folds), dtype=np.int64)
    for fold in np.unique(folds):
        here = folds == fold
        clusters = None if held.clusters is None else held.clusters[~here]
        others = Held(held.logits[~here], held.codes[~here], clusters)
        calibration = fit_calibration(others, taught, natural, with_intercepts=with_intercepts)
        log_chances[here] = log_probabilities(held.logits[here], calibration)
        balanced[here] = decided(log_chances[here], calibration, "balanced")
    return log_chances, balanced


def log_probabilities(logits: Logits, calibration: Calibration | None) -> Floats:
    """Return the logarithms of probabilities (N, classes); the model's own without a calibration."""
    values = np.asarray(logits, dtype=np.float64)
    if calibration is not None:
        values = values / calibration.temperature + np.array(calibration.offsets)
    found: Floats = log_softmax(values, axis=1)
    return found


def decided(log_chances: Floats, calibration: Calibration | None, decision: str) -> Codes:
    """Return the classes that a decision rule takes (N,).

    ``accuracy`` takes the most probable class. ``balanced`` raises rare classes: each probability
    is divided by the class's proportion to the power of ``calibration.balance``, which at 1 makes
    mean recall largest and at 0 accuracy.
    """
    return np.asarray((log_chances + decision_shift(calibration, decision)).argmax(axis=1), dtype=np.int64)


def decision_shift(calibration: Calibration | None, decision: str) -> Floats:
    """Return what a decision rule adds to the logarithms of probabilities, (classes,) or a 0."""
    if calibration is None or decision != "balanced":
        return np.zeros(1)
    proportions = np.array(calibration.proportions)
    known = proportions > 0
    shift = np.zeros(len(proportions))
    shift[known] = -calibration.balance * np.log(proportions[known])
    return shift


def prior_shift(taught: Floats, natural: Floats) -> Floats:
    """Return log(natural / taught) of proportions (classes,); 0 for classes that lack either."""
    known = (taught > 0) & (natural > 0)
    shift = np.zeros(len(taught))
    shift[known] = np.log(natural[known] / natural.sum()) - np.log(taught[known] / taught.sum())
    return shift


def _with_balance(calibration: Calibration, held: Held) -> Calibration:
    """Return the calibration with the strength of DECISION=balanced that has the best macro-F1."""
    log_chances = log_probabilities(held.logits, calibration)
    classes = len(calibration.offsets)
    best, best_score = calibration, -1.0
    for strength in _STRENGTHS:
        tried = replace(calibration, balance=float(strength))
        codes = decided(log_chances, tried, "balanced")
        score = float(scores(confusion_matrix(held.codes, codes, classes)).macro_f1)
        # Of equals the weakest: it costs the least accuracy.
        if score > best_score + 1e-9:
            best, best_score = tried, score
    return best
