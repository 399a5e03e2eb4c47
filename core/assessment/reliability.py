"""Do probabilities mean what they say? Reliability of the most probable class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .accuracy import Codes
from .scores import Floats

BINS = 15
# What a probability of 0 counts as in the log loss.
_FLOOR = 1e-12


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


def reliability(probabilities: npt.NDArray[np.floating], reference: Codes) -> Reliability:
    """Return the reliability of probabilities (N, classes) against true classes (N,)."""
    chances: Floats = np.asarray(probabilities, dtype=np.float64)
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
