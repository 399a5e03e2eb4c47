"""Prediction sets: classes that contain the true one with a requested coverage.

A set contains the classes whose probability is at least a limit: the value that the true classes of
held-out samples reached in the requested fraction of cases (split conformal prediction: Vovk et al. 2005;
by class: Sadinle, Lei and Wasserman 2019, https://doi.org/10.1080/01621459.2017.1395341). Each limit
belongs to a group of classes and comes from that group's samples alone, so that each group has the
coverage, and with them all classes together:

- a class is its own group where enough of its samples lie in enough polygons or blocks;
- all other classes form one group;
- a group of too few samples has the limit 0: its classes are in every set.

The coverage of a group is the mean over its classes, as they occur among the samples; a single class may
have less. It is proven for exchangeable samples. Samples of one polygon or block are not exchangeable:
there the limit is as good as that of few, larger samples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Float64Array, Int64Array
from ..models.card import MAX_SCORES, ConformalScores
from ..options import DEFAULT_COVERAGE
from ..text import Text
from .calibration import Held

MIN_CLUSTERS = 5
"""Polygons or blocks that a class's own limit has to come from."""
# Rounded down, so that a probability that made a limit reaches it.
_DIGITS = 1e6


@dataclass(frozen=True, eq=False)
class Limits:
    """Least probability of each class to be in a set.

    Attributes:
        values: Limit of each class, 0 to 1.
        are_own: Whether the class is a group of its own, one value a class.
        is_known: Whether the group of the other classes has enough samples for a limit. Where it does not,
            their limit is 0, so that they are in every set.
    """

    values: tuple[float, ...]
    are_own: tuple[bool, ...]
    is_known: bool


def scores_of(log_chances: Float64Array, held: Held, seed: int) -> ConformalScores:
    """Return the scores of samples that the model was not fitted to.

    Args:
        log_chances: Logarithms of their calibrated probabilities (N, classes).
        held: Their classes and clusters.
        seed: Draws some, where there are too many.
    """
    count = len(held.codes)
    kept = np.sort(np.random.default_rng(seed).permutation(count)[:MAX_SCORES])
    chances = np.floor(np.exp(log_chances[kept, held.codes[kept]]) * _DIGITS) / _DIGITS
    clusters = np.arange(count) if held.clusters is None else np.unique(held.clusters, return_inverse=True)[1]
    return ConformalScores(
        tuple(held.codes[kept].tolist()),
        tuple(np.clip(chances, 0.0, 1.0).tolist()),
        tuple(clusters[kept].tolist()),
    )


def cross_limits(
    log_chances: Float64Array, held: Held, folds: Int64Array, seed: int
) -> tuple[Float64Array, ConformalScores]:
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


def usual_limits(scores: ConformalScores, shape: tuple[int, ...]) -> Float64Array:
    """Return the limits for ``DEFAULT_COVERAGE``, alike for all samples of ``shape`` (samples, classes)."""
    return np.broadcast_to(np.array(limits_of(scores, DEFAULT_COVERAGE, shape[1]).values), shape)


def limits_of(scores: ConformalScores, coverage: float, classes: int) -> Limits:
    """Return the limits that let so many true classes of each group in.

    Args:
        scores: Of held-out samples.
        coverage: The share, see ``core.options``.
        classes: How many there are.
    """
    codes, chances = np.array(scores.codes), np.array(scores.chances)
    clusters = np.array(scores.clusters)
    own: list[float | None] = []
    for code in range(classes):
        of_class = codes == code
        is_enough = len(np.unique(clusters[of_class])) >= MIN_CLUSTERS
        own.append(_limit(chances[of_class], coverage) if is_enough else None)
    are_own = tuple(limit is not None for limit in own)
    # A limit of all classes would hold on average only if all used it: those with limits of their own
    # have nothing to spare for a class that falls below.
    together = _limit(chances[~np.array(are_own)[codes]], coverage)
    values = tuple(limit if limit is not None else together or 0.0 for limit in own)
    return Limits(values, are_own, together is not None)


def describe_limits(limits: Limits, labels: Sequence[str]) -> str:
    """Return which classes have no limit of their own, a sentence; empty where all have one.

    Args:
        limits: Of the classes.
        labels: How each class is called.
    """
    others = [label for label, is_own in zip(labels, limits.are_own, strict=True) if not is_own]
    if not others:
        return ""
    names = ", ".join(others)
    if not limits.is_known:
        return Text(
            "Too few held-out samples for a limit, so every prediction set contains these classes: {names}.",
            names=names,
        )
    if len(others) == 1:
        return Text(
            "The limit of {names} is uncertain: its held-out samples lie in fewer than "
            "{min_clusters} polygons or blocks.",
            names=names,
            min_clusters=MIN_CLUSTERS,
        )
    return Text(
        "Too few held-out samples for a limit per class, so these classes share one and have "
        "the coverage together, not each: {names}.",
        names=names,
    )


def _limit(chances: npt.NDArray[np.float64], coverage: float) -> float | None:
    """Return the probability that the true class of a further sample reaches; None: any might not."""
    rank = math.ceil((len(chances) + 1) * coverage - 1e-9)
    return None if rank > len(chances) else float(np.sort(chances)[::-1][rank - 1])
