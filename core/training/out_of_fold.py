"""Out-of-fold predictions: those of models that were fitted to the other folds of the training samples.

>>> scores = out_of_fold(parts, predict, shape, LINE, progress)
>>> pool = weighing.add(rule, OutOfFold(scores, train, codes, folds, clusters))
>>> weighing.gains(seed)                # what each member of an ensemble adds
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..arrays import BoolArray, Float32Array, Float64Array, Int64Array
from ..assessment.bootstrap import MIN_CLUSTERS, bootstrap_estimate, resampled_totals
from ..assessment.estimate import Estimate
from ..models.pool import Pool
from ..progress import Progress, Stage
from ..text import Text
from ..uncertainty.pool import fit_pool, fit_unpruned, pooled
from .trainer import codes_of

Predict = Callable[[Int64Array, Int64Array, Progress], Float32Array]
"""Function from fitted and held-out samples to the scores of the latter, shape (..., M, classes)."""


def out_of_fold(
    parts: Sequence[tuple[Int64Array, Int64Array]],
    predict: Predict,
    shape: tuple[int, ...],
    line: Text,
    progress: Progress,
) -> Float32Array:
    """Return the scores of samples by models that were not fitted to them, 0 for other samples.

    Args:
        parts: Fitted and held-out samples of each fold, of ``core.samples.group_split.inner_folds``.
        predict: Function that fits models, and predicts the held-out samples.
        shape: Shape of the result, (..., samples, classes).
        line: Log line for each fold, a template of ``number``, ``total``, ``count`` and ``others``.
        progress: Progress reporter.
    """
    scores = np.zeros(shape, dtype=np.float32)
    for number, (fitted_to, held_out) in enumerate(parts):
        counts = {"count": len(fitted_to), "others": len(held_out)}
        progress.log(Text(line, number=number + 1, total=len(parts), **counts))
        stage = Stage(progress, number / len(parts), (number + 1) / len(parts))
        scores[..., held_out, :] = predict(fitted_to, held_out, stage)
    return scores


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Scores of an ensemble's members for samples that they were not fitted to.

    Attributes:
        scores: Logits or log-probabilities, float32, shape (members, N, classes).
        indices: Indices of the samples, int64, shape (N,).
        codes: Class codes of the samples, int64, shape (N,).
        folds: Fold of each sample, int64, shape (N,). Weights for a fold come from the others.
        clusters: Polygon, point or block of near points of each sample, int64, shape (N,), for weights and
            intervals.
    """

    scores: Float32Array
    indices: Int64Array
    codes: Int64Array
    folds: Int64Array
    clusters: Int64Array

    @property
    def accuracies(self) -> Float64Array:
        """Overall accuracy of each member alone, 0 to 1, shape (members,)."""
        return np.array([np.mean(codes_of(item) == self.codes) for item in self.scores])

    def gained(self, pool: Pool) -> Int64Array:
        """Return what each member changes in the pool's classes: 1 where only with it they are right.

        Weights are fitted to the other folds. Of a member that the pool does not use, it is what adding it
        would change; of the only one that it uses, what all others together lack.

        Args:
            pool: Pool of the members.

        Returns:
            1, 0 or -1 for each member and sample, int64, shape (members, N).
        """
        everyone, used = set(range(len(self.scores))), set(pool.used)
        pairs = [(used | {member}, (used - {member}) or everyone - {member}) for member in everyone]
        hits = {kept: self._hits(pool.rule, kept) for pair in pairs for kept in map(frozenset, pair)}
        return np.stack(
            [hits[frozenset(own)].astype(np.int64) - hits[frozenset(without)] for own, without in pairs]
        )

    def _hits(self, rule: str, kept: frozenset[int]) -> BoolArray:
        """Return whether the pool of some members is right about each sample, bool, shape (N,)."""
        scores = [self.scores[member] for member in sorted(kept)]
        hits = np.zeros(len(self.codes), dtype=np.bool_)
        for fold in np.unique(self.folds):
            here, others = self.folds == fold, self.folds != fold
            if not others.any():
                # Equal weights need no others, and a single group leaves none.
                others = here
            pool = fit_unpruned(
                rule, [item[others] for item in scores], self.codes[others], self.clusters[others]
            )
            hits[here] = codes_of(pooled([item[here] for item in scores], pool)) == self.codes[here]
        return hits


@dataclass
class Weighing:
    """Pools of the fits of a training so far, and what each member adds to them.

    Attributes:
        pools: Pool of each fit.
        accuracies: Accuracy of each member in each fit, shape (members,) each.
    """

    pools: list[Pool] = field(default_factory=list)
    accuracies: list[Float64Array] = field(default_factory=list)
    _gained: list[tuple[Int64Array, Int64Array, Int64Array]] = field(default_factory=list)

    def add(self, rule: str, held_out: OutOfFold) -> Pool:
        """Return the pool of a fit, by predictions that its members were not fitted to.

        Args:
            rule: Requested rule, one of ``core.options.COMBINATIONS``.
            held_out: Predictions.
        """
        pool = fit_pool(rule, list(held_out.scores), held_out.codes, held_out.clusters, held_out.folds)
        self.pools.append(pool)
        self.accuracies.append(held_out.accuracies)
        if len(held_out.scores) > 1:
            self._gained.append((held_out.indices, held_out.clusters, held_out.gained(pool)))
        return pool

    @property
    def pool(self) -> Pool:
        """Pool with the mean weights of all fits."""
        return Pool.mean(self.pools)

    @property
    def mean_accuracies(self) -> tuple[float | None, ...]:
        """Mean accuracy of each member over all fits, 0 to 1; None where no fit measured it."""
        if not self.accuracies:
            return (None,) * len(self.pool.weights)
        return tuple(float(value) for value in np.mean(self.accuracies, axis=0))

    @property
    def samples(self) -> int:
        """Number of samples that the gains come from."""
        indices = [item for item, _, _ in self._gained]
        return len(np.unique(np.concatenate(indices))) if indices else 0

    def gains(self, seed: int) -> tuple[Estimate, ...]:
        """Return the gain in overall accuracy by each member; empty where no fit measured it.

        The 95 % intervals are paired: each bootstrap sample of clusters has the pool with the member and the
        one without it. Of a sample that several fits held out, all predictions count.

        Args:
            seed: Seed of the resampling.
        """
        if not self._gained:
            return ()
        blocks = np.concatenate([item for _, item, _ in self._gained])
        gained = np.concatenate([item for _, _, item in self._gained], axis=1)
        _, blocks = np.unique(blocks, return_inverse=True)
        table = np.stack([np.bincount(blocks, row) for row in (*gained, np.ones(len(blocks)))], axis=1)
        clusters = len(table)
        values = gained.mean(axis=1)
        if clusters < MIN_CLUSTERS:
            return tuple(Estimate(float(value)) for value in values)
        (totals,) = resampled_totals([table], seed)
        replicates = totals[:, :-1] / totals[:, -1:]
        return tuple(
            bootstrap_estimate(float(value), replicates[:, number], clusters)
            for number, value in enumerate(values)
        )
