"""Weights of an opinion pool: a regression on the members' log-probabilities.

The weights are those with the smallest Brier score on samples that the members have not seen (stacking,
Wolpert 1992, https://doi.org/10.1016/S0893-6080(05)80023-1). The Brier score (Brier 1950,
https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2) is the squared distance between the
probabilities and the truth. It is smallest for the right probabilities, as the log loss is, and bounded: a
few samples of which a network is wrongly certain do not take its weight, see docs/accuracy.md. With a weight
for each class and member, a member counts more where it is right more often (Ting and Witten 1999,
https://doi.org/10.1613/jair.594).

>>> pool = fit_pool(WEIGHTED, [network, trees], codes, clusters, folds)
>>> pool.weights                              # for example ((0.4,), (0.7,))
>>> scores = pooled([network, trees], pool)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax

from ..arrays import Float32Array, Float64Array, Int64Array
from ..models.pool import Pool
from ..options import CLASS_WEIGHTED, LOG_MEAN, MEAN, WEIGHTED

# Largest weight of a member. Above it, a member is so underconfident that calibration is the cure.
_MAX_WEIGHT = 5.0
# The penalty weighs as much as so many clusters of samples. With 20 polygons, 1 costs accuracy on real
# scenes, and 10 where one member is better than the other.
_PENALTY = 2.0
# Smallest number of clusters that can show that a member is of no use. The one that was best in 10 polygons
# was 12 points behind the other on held-out ground, see docs/accuracy.md.
_MIN_CLUSTERS_TO_PRUNE = 20
# Brier score that leaving members out may cost in all: that of one certain error in 400 samples.
_MAX_LOSS = 0.005
# Smallest gain in the Brier score by weights of classes.
_MIN_CLASS_GAIN = 1e-3
# Natural logarithms of the smallest and the largest factor of weights that are compared.
_FACTOR_EXPONENTS = (-2.0, 2.0)
_Fit = Callable[[Float64Array, Int64Array, Int64Array], Float64Array]


def pooled(scores: Sequence[Float32Array], pool: Pool) -> Float32Array:
    """Return the scores of the pool, float32, shape (N, classes).

    Args:
        scores: Logits or log-probabilities of each member, shape (N, classes).
        pool: Weights of the members, and their rule.
    """
    result: Float32Array = pool.scores([torch.from_numpy(item) for item in scores]).numpy()
    return result


def fit_pool(
    rule: str, scores: Sequence[Float32Array], codes: Int64Array, clusters: Int64Array, folds: Int64Array
) -> Pool:
    """Return the pool of some members.

    With ``weighted`` and ``class_weighted``, weights minimise the mean Brier score of the pool. A ridge
    penalty pulls them to equal weights with a sum of 1, and weights of classes to the weight of their member,
    as strongly as two clusters of samples do. Members are then left out, the least useful first, while the
    samples show that it costs next to nothing: the score without them and one standard error over the
    clusters are at most 0.005 above the smallest score. With fewer than 20 clusters, none is left out.

    With ``class_weighted``, members have one weight for all classes unless the score with a weight for each
    is lower by more than one standard error, in folds whose weights come from the other folds.

    Args:
        rule: One of ``core.options.COMBINATIONS``.
        scores: Out-of-fold logits or log-probabilities of each member, shape (N, classes).
        codes: Class codes of the samples, int64, shape (N,).
        clusters: Polygon, point or block of each sample, int64, shape (N,). Samples of one are alike.
        folds: Fold of each sample, int64, shape (N,), which divides no cluster.
    """
    if rule in (LOG_MEAN, MEAN):
        return Pool.equal(len(scores), rule)
    logs = _log_probabilities(scores)
    _, clusters = np.unique(clusters, return_inverse=True)
    if rule == CLASS_WEIGHTED and has_better_class_weights(scores, codes, clusters, folds):
        centred = logs - logs.mean(axis=2, keepdims=True)
        return _pool(_pruned(centred, codes, clusters, _class_weights), CLASS_WEIGHTED)
    return _pool(_pruned(logs, codes, clusters, _weights), WEIGHTED)


def fit_unpruned(rule: str, scores: Sequence[Float32Array], codes: Int64Array, clusters: Int64Array) -> Pool:
    """Return the pool of all members, of which none is left out.

    Args:
        rule: Rule of a fitted pool, one of ``core.options.COMBINATIONS``.
        scores: Out-of-fold logits or log-probabilities of each member, shape (N, classes).
        codes: Class codes of the samples, int64, shape (N,).
        clusters: Polygon, point or block of each sample, int64, shape (N,).
    """
    if rule in (LOG_MEAN, MEAN):
        return Pool.equal(len(scores), rule)
    logs = _log_probabilities(scores)
    if rule == CLASS_WEIGHTED:
        return _pool(_class_weights(logs - logs.mean(axis=2, keepdims=True), codes, clusters), rule)
    return _pool(_weights(logs, codes, clusters), rule)


def has_better_class_weights(
    scores: Sequence[Float32Array], codes: Int64Array, clusters: Int64Array, folds: Int64Array
) -> bool:
    """Return whether weights for each class have a lower Brier score in folds that they were not fitted to.

    It must be lower by more than one standard error over the clusters, and noticeably. Both pools have the
    best factor of all weights, which calibration gives them, too: else weights for each class would be
    better by nothing but a sum that the penalty holds less.

    Args:
        scores: Out-of-fold logits or log-probabilities of each member, shape (N, classes).
        codes: Class codes of the samples, int64, shape (N,).
        clusters: Polygon, point or block of each sample, int64, shape (N,).
        folds: Fold of each sample, int64, shape (N,).
    """
    logs = _log_probabilities(scores)
    centred = logs - logs.mean(axis=2, keepdims=True)
    gains = np.zeros(len(codes))
    for fold in np.unique(folds):
        here, others = folds == fold, folds != fold
        if not others.any():
            return False
        fitted = codes[others], clusters[others]
        scored = []
        for values, fit in ((logs, _weights), (centred, _class_weights)):
            weights = fit(values[:, others], *fitted)
            weights *= _best_factor(values[:, others], weights, codes[others])
            scored.append(_brier_scores(values[:, here], weights, codes[here]))
        gains[here] = scored[0] - scored[1]
    _, clusters = np.unique(clusters, return_inverse=True)
    return bool(gains.mean() > _MIN_CLASS_GAIN) and _is_positive(gains, clusters)


def _log_probabilities(scores: Sequence[Float32Array]) -> Float64Array:
    return np.stack([log_softmax(item.astype(np.float64), axis=1) for item in scores])


def _pool(weights: Float64Array, rule: str) -> Pool:
    return Pool(tuple(tuple(map(float, own)) for own in weights), rule)


def _pruned(logs: Float64Array, codes: Int64Array, clusters: Int64Array, fit: _Fit) -> Float64Array:
    """Return the weights of all members, 0 for those that are left out."""
    kept = list(range(len(logs)))
    weights = fit(logs, codes, clusters)
    if len(np.unique(clusters)) < _MIN_CLUSTERS_TO_PRUNE:
        return weights
    best = _brier_scores(logs, weights, codes)
    while len(kept) > 1:
        trials = []
        for member in kept:
            others = [other for other in kept if other != member]
            fewer = fit(logs[others], codes, clusters)
            without = _brier_scores(logs[others], fewer, codes)
            trials.append((without.mean(), others, fewer, without))
        _, others, fewer, without = min(trials, key=lambda trial: trial[0])
        # Compared with the best pool and not with the one before: many small costs make a large one.
        more = without - best
        if more.mean() + _standard_error(more, clusters) > _MAX_LOSS:
            break
        kept, weights = others, fewer
        best = min(best, without, key=np.mean)
    result = np.zeros((len(logs), weights.shape[1]))
    result[kept] = weights
    return result


def _weights(logs: Float64Array, codes: Int64Array, clusters: Int64Array) -> Float64Array:
    """Return one weight of each member, shape (members, 1)."""
    members = len(logs)
    start = np.full((members, 1), 1.0 / members)
    return _fitted(logs, codes, clusters, start)


def _class_weights(logs: Float64Array, codes: Int64Array, clusters: Int64Array) -> Float64Array:
    """Return a weight of each member and class, shape (members, classes)."""
    start = np.repeat(_weights(logs, codes, clusters), logs.shape[2], axis=1)
    return _fitted(logs, codes, clusters, start)


def _fitted(logs: Float64Array, codes: Int64Array, clusters: Int64Array, start: Float64Array) -> Float64Array:
    """Return the weights with the smallest penalised Brier score.

    Args:
        logs: Log-probabilities, shape (members, N, classes).
        codes: Class codes, shape (N,).
        clusters: Cluster of each sample, shape (N,).
        start: Weights that the penalty pulls to, shape (members, 1) or (members, classes).
    """
    truth = np.eye(logs.shape[2])[codes]
    penalty = _PENALTY / max(len(np.unique(clusters)), 1)

    def penalised(flat: Float64Array) -> tuple[float, Float64Array]:
        weights = flat.reshape(start.shape)
        chances = softmax((weights[:, None] * logs).sum(axis=0), axis=1)
        away = chances - truth
        by_score = 2 * chances * (away - (chances * away).sum(axis=1, keepdims=True))
        gradient = (by_score * logs).mean(axis=1)
        if start.shape[1] == 1:
            gradient = gradient.sum(axis=1, keepdims=True)
        pull = weights - start
        value = (away**2).sum(axis=1).mean() + penalty * (pull**2).sum()
        return value, (gradient + 2 * penalty * pull).ravel()

    bounds = [(0.0, _MAX_WEIGHT)] * start.size
    found = minimize(penalised, start.ravel(), jac=True, method="L-BFGS-B", bounds=bounds).x.reshape(
        start.shape
    )
    # A single member needs a weight above 0, or it would say nothing.
    return np.asarray(found if found.any() else start, dtype=np.float64)


def _best_factor(logs: Float64Array, weights: Float64Array, codes: Int64Array) -> float:
    """Return the factor of all weights with the smallest Brier score."""

    def score(exponent: float) -> float:
        return float(_brier_scores(logs, np.exp(exponent) * weights, codes).mean())

    return float(np.exp(minimize_scalar(score, bounds=_FACTOR_EXPONENTS, method="bounded").x))


def _brier_scores(logs: Float64Array, weights: Float64Array, codes: Int64Array) -> Float64Array:
    """Return the Brier score of each sample, 0 to 2, shape (N,)."""
    chances = softmax((weights[:, None] * logs).sum(axis=0), axis=1)
    return np.asarray(((chances - np.eye(logs.shape[2])[codes]) ** 2).sum(axis=1), dtype=np.float64)


def _is_positive(differences: Float64Array, clusters: Int64Array) -> bool:
    """Return whether the mean of differences (N,) is above one standard error over the clusters."""
    return bool(differences.mean() > _standard_error(differences, clusters))


def _standard_error(values: Float64Array, clusters: Int64Array) -> float:
    """Return the standard error of the mean of values (N,) over the clusters; 0 for a single one."""
    # Linearised, for clusters of unequal size (Cochran 1977, section 9.3).
    residuals = np.bincount(clusters, values - values.mean())
    number = len(residuals)
    if number < 2:
        return 0.0
    return float(np.sqrt(number / (number - 1) * (residuals**2).sum()) / len(values))
