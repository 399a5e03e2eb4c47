"""Prediction sets: classes that contain the true one with a requested coverage.

A set contains the classes whose probability is at least a limit: the value that the true classes of
held-out samples reach in the requested fraction of cases (split conformal prediction: Vovk et al. 2005;
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

from ..arrays import Float64Array, Int64Array
from ..models.card import MAX_SCORES, ConformalScores
from ..options import DEFAULT_COVERAGE
from ..text import Text
from .calibration import HeldOutSamples

MIN_CLUSTERS = 5
"""Smallest number of polygons or blocks that a class's own limit is based on."""
# Scores are rounded down to 6 digits, so that the probability that a limit comes from reaches it.
_SCORE_STEPS = 1e6


@dataclass(frozen=True, eq=False)
class Limits:
    """Limits of prediction sets: smallest probability of each class in a set.

    Attributes:
        values: Limit of each class, 0 to 1.
        are_own: Whether each class is a group of its own.
        is_known: Whether the group of the other classes has enough samples for a limit. Without enough,
            their limit is 0, so that they are in every set.
    """

    values: tuple[float, ...]
    are_own: tuple[bool, ...]
    is_known: bool


def scores_of(log_chances: Float64Array, held_out: HeldOutSamples, seed: int) -> ConformalScores:
    """Return the conformal scores of held-out samples.

    Args:
        log_chances: Logarithms of their calibrated probabilities, shape (N, classes).
        held_out: Their classes and clusters.
        seed: Seed of the choice, where there are more than ``MAX_SCORES`` samples.
    """
    count, clusters = len(held_out.codes), held_out.clusters
    included = np.sort(np.random.default_rng(seed).permutation(count)[:MAX_SCORES])
    codes = held_out.codes[included]
    chances = np.floor(np.exp(log_chances[included, codes]) * _SCORE_STEPS) / _SCORE_STEPS
    members = np.arange(count) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    return ConformalScores(
        tuple(codes.tolist()),
        tuple(np.clip(chances, 0.0, 1.0).tolist()),
        tuple(members[included].tolist()),
    )


def cross_limits(
    log_chances: Float64Array, held_out: HeldOutSamples, folds: Int64Array, seed: int
) -> tuple[Float64Array, ConformalScores]:
    """Return the default limits of each sample from the other folds, and the scores of all folds together.

    Args:
        log_chances: Logarithms of out-of-fold calibrated probabilities, shape (N, classes).
        held_out: Classes and clusters of the out-of-fold samples.
        folds: Fold of each sample, shape (N,), at least two folds.
        seed: Seed of the choice, where there are more than ``MAX_SCORES`` samples.

    Returns:
        Limits, shape (N, classes), and scores.
    """
    limits = np.empty(log_chances.shape)
    for fold in np.unique(folds):
        here = folds == fold
        others = scores_of(log_chances[~here], held_out.subset(~here), seed)
        limits[here] = default_limits(others, limits[here].shape)
    return limits, scores_of(log_chances, held_out, seed)


def default_limits(scores: ConformalScores, shape: tuple[int, ...]) -> Float64Array:
    """Return the limits for ``DEFAULT_COVERAGE``, the same for all samples.

    Args:
        scores: Conformal scores of held-out samples.
        shape: Shape of the result (samples, classes).
    """
    return np.broadcast_to(np.array(limits_of(scores, DEFAULT_COVERAGE, shape[1]).values), shape)


def limits_of(scores: ConformalScores, coverage: float, classes: int) -> Limits:
    """Return the limits that give each group of classes a requested coverage.

    Args:
        scores: Conformal scores of held-out samples.
        coverage: Fraction of samples whose true class must be in the set, above 0 and below 1.
        classes: Number of classes.
    """
    codes, chances = np.array(scores.codes), np.array(scores.chances)
    clusters = np.array(scores.clusters)
    own: list[float | None] = []
    for code in range(classes):
        of_class = codes == code
        is_enough = len(np.unique(clusters[of_class])) >= MIN_CLUSTERS
        own.append(_limit(chances[of_class], coverage) if is_enough else None)
    are_own = tuple(limit is not None for limit in own)
    # From the samples of the other classes alone: a limit of all classes would give the coverage only if
    # all classes used it.
    together = _limit(chances[~np.array(are_own)[codes]], coverage)
    values = tuple(limit if limit is not None else together or 0.0 for limit in own)
    return Limits(values, are_own, together is not None)


def describe_limits(limits: Limits, labels: Sequence[str]) -> str:
    """Return a sentence on the classes without a limit of their own; empty where all have one.

    Args:
        limits: Limits of the classes.
        labels: Label of each class.
    """
    others = [label for label, is_own in zip(labels, limits.are_own, strict=True) if not is_own]
    if not others:
        return ""
    names = ", ".join(others)
    if not limits.is_known:
        return Text(
            "Too few held-out samples for a limit, so every prediction set contains these classes: "
            "{classes}.",
            classes=names,
        )
    if len(others) == 1:
        return Text(
            "The limit of {name} is uncertain: its held-out samples lie in fewer than "
            "{least} polygons or blocks.",
            name=names,
            least=MIN_CLUSTERS,
        )
    return Text(
        "Too few held-out samples for a limit per class, so these classes have a common limit and "
        "the coverage on average, not each of them: {classes}.",
        classes=names,
    )


def _limit(chances: Float64Array, coverage: float) -> float | None:
    """Return the limit from probabilities of true classes, shape (N,); None where they are too few."""
    rank = math.ceil((len(chances) + 1) * coverage - 1e-9)
    return None if rank > len(chances) else float(np.sort(chances)[::-1][rank - 1])
