"""Prediction sets: the classes of a pixel, so many that the true one is among them as often as asked.

A set holds the classes whose probability is at least a limit; the limit is what held-out samples' true
classes reached in the share of cases that is asked for (split conformal prediction: Vovk et al. 2005;
Sadinle, Lei and Wasserman 2019, https://doi.org/10.1080/01621459.2017.1395341). A class has a limit of its
own where enough of its samples lie in enough polygons or blocks, else that of all classes together.
Neighbouring samples are alike, so that the share is promised for ground like the samples' blocks on
average, and is measured on the test's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..models.conformal_scores import MOST_SCORES, ConformalScores
from .accuracy import Codes
from .calibration import Held
from .coverage import USUAL_COVERAGE
from .scores import Floats

FEWEST_CLUSTERS = 5
"""Polygons or blocks that a class's own limit has to come from."""
# Rounded down, so that a probability that made a limit reaches it.
_DIGITS = 1e6


@dataclass(frozen=True, eq=False)
class Limits:
    """Least probability of each class to be in a set.

    Attributes:
        values: One a class.
        are_own: Whether the class has its own limit, not that of all classes.
    """

    values: tuple[float, ...]
    are_own: tuple[bool, ...]


def scores_of(log_chances: Floats, held: Held, seed: int) -> ConformalScores:
    """Return the scores of samples that the model was not fitted to.

    Args:
        log_chances: Logarithms of their calibrated probabilities (N, classes).
        held: Their classes and clusters.
        seed: Draws some, where there are too many.
    """
    count = len(held.codes)
    kept = np.sort(np.random.default_rng(seed).permutation(count)[:MOST_SCORES])
    chances = np.floor(np.exp(log_chances[kept, held.codes[kept]]) * _DIGITS) / _DIGITS
    clusters = np.arange(count) if held.clusters is None else np.unique(held.clusters, return_inverse=True)[1]
    return ConformalScores(
        tuple(held.codes[kept].tolist()),
        tuple(np.clip(chances, 0.0, 1.0).tolist()),
        tuple(clusters[kept].tolist()),
    )


def cross_limits(log_chances: Floats, held: Held, folds: Codes, seed: int) -> tuple[Floats, ConformalScores]:
    """Return the usual limits (N, classes), each fold's by the others, and the scores of all together.

    Args:
        log_chances: See ``scores_of``.
        held: See there.
        folds: Fold of each sample (N,), two of them at least.
        seed: See there.
    """
    limits = np.empty(log_chances.shape)
    for fold in np.unique(folds):
        here = folds == fold
        others = scores_of(log_chances[~here], held.without(here), seed)
        limits[here] = usual_limits(others, limits[here].shape)
    return limits, scores_of(log_chances, held, seed)


def usual_limits(scores: ConformalScores, shape: tuple[int, ...]) -> Floats:
    """Return the limits for ``USUAL_COVERAGE``, alike for all samples of ``shape`` (samples, classes)."""
    return np.broadcast_to(np.array(limits_of(scores, USUAL_COVERAGE, shape[1]).values), shape)


def limits_of(scores: ConformalScores, coverage: float, classes: int) -> Limits:
    """Return the limits that let so many true classes in.

    Args:
        scores: Of held-out samples.
        coverage: The share, see ``core.assessment.coverage``.
        classes: How many there are.
    """
    codes, chances = np.array(scores.codes), np.array(scores.chances)
    clusters = np.array(scores.clusters)
    together = _limit(chances, coverage) or 0.0
    values, are_own = [], []
    for code in range(classes):
        of_class = codes == code
        own = _limit(chances[of_class], coverage)
        has_own = own is not None and len(np.unique(clusters[of_class])) >= FEWEST_CLUSTERS
        values.append(own if has_own and own is not None else together)
        are_own.append(has_own)
    return Limits(tuple(values), tuple(are_own))


def _limit(chances: npt.NDArray[np.float64], coverage: float) -> float | None:
    """Return the probability that the true class of a further sample reaches; None: any might not."""
    rank = math.ceil((len(chances) + 1) * coverage - 1e-9)
    return None if rank > len(chances) else float(np.sort(chances)[::-1][rank - 1])
