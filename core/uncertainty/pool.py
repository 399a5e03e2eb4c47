"""Weights of a logarithmic opinion pool: a logistic regression on the members' log-probabilities.

The pool of several models adds their log-probabilities, each times a weight, and normalises the result
(Genest and Zidek 1986, https://doi.org/10.1214/ss/1177013825). The weights are those of a regression on
samples that the members have not seen (stacking, Wolpert 1992, https://doi.org/10.1016/S0893-6080(05)80023-1).

>>> weights = pool_weights([network, trees], codes, clusters)   # for example (0.4, 0.7)
>>> scores = pooled([network, trees], weights)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from ..arrays import Float32Array, Float64Array, Int64Array

# Largest weight of a member. Above it, a member is so underconfident that calibration is the cure.
_MAX_WEIGHT = 5.0


def pooled(scores: Sequence[Float32Array], weights: Sequence[float]) -> Float32Array:
    """Return the scores of the pool, float32, shape (N, classes).

    Args:
        scores: Logits or log-probabilities of each member, shape (N, classes).
        weights: Weight of each member.
    """
    total = sum(
        weight * log_softmax(item.astype(np.float64), axis=1)
        for item, weight in zip(scores, weights, strict=True)
        if weight
    )
    return np.asarray(total, dtype=np.float32)


def pool_weights(
    scores: Sequence[Float32Array], codes: Int64Array, clusters: Int64Array
) -> tuple[float, ...]:
    """Return the weight of each member, at least 0.

    The weights minimise the mean log loss of the pool, with a ridge penalty that pulls them to equal weights
    with a sum of 1 as strongly as one cluster of samples does. Members are then left out, the least useful
    first, while the loss without them is not higher by more than one standard error over the clusters (the
    rule of Breiman et al. 1984 for pruning trees).

    Args:
        scores: Out-of-fold logits or log-probabilities of each member, shape (N, classes).
        codes: Class codes of the samples, int64, shape (N,).
        clusters: Polygon, point or block of each sample, int64, shape (N,). Samples of one are alike.
    """
    logs = np.stack([log_softmax(item.astype(np.float64), axis=1) for item in scores])
    _, clusters = np.unique(clusters, return_inverse=True)
    kept = list(range(len(logs)))
    weights = _fitted(logs[kept], codes, clusters)
    losses = _losses(logs[kept], weights, codes)
    while len(kept) > 1:
        trials = []
        for member in kept:
            others = [other for other in kept if other != member]
            fewer = _fitted(logs[others], codes, clusters)
            without = _losses(logs[others], fewer, codes)
            trials.append((without.mean(), others, fewer, without))
        _, others, fewer, without = min(trials, key=lambda trial: trial[0])
        if _is_higher(without - losses, clusters):
            break
        kept, weights, losses = others, fewer, without
    result = np.zeros(len(logs))
    result[kept] = weights
    return tuple(float(weight) for weight in result)


def _fitted(logs: Float64Array, codes: Int64Array, clusters: Int64Array) -> Float64Array:
    """Return the weights of members (members, N, classes) with the smallest penalised loss."""
    members, count, _ = logs.shape
    start = np.full(members, 1.0 / members)
    penalty = 1.0 / max(len(np.unique(clusters)), 1)
    of_truth = logs[:, np.arange(count), codes]

    def loss(weights: Float64Array) -> tuple[float, Float64Array]:
        log_chances = log_softmax(np.tensordot(weights, logs, axes=1), axis=1)
        value = -log_chances[np.arange(count), codes].mean()
        expected = (np.exp(log_chances) * logs).sum(axis=2)
        gradient = (expected - of_truth).mean(axis=1)
        away = weights - start
        return value + penalty * away @ away, gradient + 2 * penalty * away

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, _MAX_WEIGHT)] * members)
    # A single member needs a weight above 0, or it would say nothing.
    return np.asarray(found.x if found.x.any() else start, dtype=np.float64)


def _losses(logs: Float64Array, weights: Float64Array, codes: Int64Array) -> Float64Array:
    """Return the log loss of each sample, shape (N,)."""
    log_chances = log_softmax(np.tensordot(weights, logs, axes=1), axis=1)
    return np.asarray(-log_chances[np.arange(len(codes)), codes], dtype=np.float64)


def _is_higher(differences: Float64Array, clusters: Int64Array) -> bool:
    """Return whether the mean of differences (N,) is above one standard error over the clusters."""
    mean = differences.mean()
    # Linearised standard error of a mean over clusters of unequal size (Cochran 1977, section 9.3).
    residuals = np.bincount(clusters, differences - mean)
    number = len(residuals)
    if number < 2:
        return bool(mean > 0)
    error = np.sqrt(number / (number - 1) * (residuals**2).sum()) / len(differences)
    return bool(mean > error)
