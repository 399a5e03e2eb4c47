"""Permutation importance of bands and indices on held-out polygons.

The importance of a group of channels is the fall of the overall accuracy of held-out samples when the values
of the group are exchanged among them (Breiman 2001, https://doi.org/10.1023/A:1010933404324). Of two channels
that tell the same, neither seems important alone, because the other one stands in for it. Channels whose rank
correlation is above 0.9 are therefore permuted together, with the same permutation.

>>> groups = correlated_groups(channels)          # ((0, 2), (1,))
>>> importance = PermutationImportance(channels, codes, groups, seed=0)
>>> held_out_scores(channels, codes, folds, classes, seed, progress, visit=importance.add)
>>> importance.results(clusters)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.stats import rankdata

from ..arrays import Float32Array, Float64Array, Int64Array
from ..assessment.bootstrap import bootstrap_estimate, resampled_means
from ..assessment.confusion_matrix import ratio
from ..assessment.estimate import Estimate

MAX_CORRELATION = 0.9
"""Absolute rank correlation above which channels are permuted together."""
PERMUTATIONS = 5
"""Number of permutations of each group in each fold."""


@dataclass(frozen=True)
class GroupImportance:
    """Importance of a group of channels.

    Attributes:
        channels: Numbers of the channels that were permuted together.
        fall: Fall of the overall accuracy of held-out samples, with its interval.
    """

    channels: tuple[int, ...]
    fall: Estimate


def correlated_groups(
    channels: Float32Array, max_correlation: float = MAX_CORRELATION
) -> tuple[tuple[int, ...], ...]:
    """Return groups of channels in which each pair has an absolute rank correlation above a limit.

    The groups are those of complete linkage: a chain of channels in which only neighbours are correlated is
    divided. A constant channel is a group of its own.

    Args:
        channels: Finite values of the samples, shape (N, channels).
        max_correlation: Absolute Spearman correlation above which channels belong together.
    """
    count = channels.shape[1]
    if count < 2 or len(channels) < 2:
        return tuple((number,) for number in range(count))
    ranks = np.stack([rankdata(column) for column in channels.T])
    ranks -= ranks.mean(axis=1, keepdims=True)
    deviation = np.sqrt((ranks**2).sum(axis=1))
    correlation = np.abs(ratio(ranks @ ranks.T, np.outer(deviation, deviation)))
    distance = 1.0 - np.nan_to_num(correlation, nan=0.0).clip(0.0, 1.0)
    np.fill_diagonal(distance, 0.0)
    distance = (distance + distance.T) / 2
    # fcluster takes distances up to and including the threshold.
    limit = np.nextafter(1.0 - max_correlation, 0.0)
    labels = fcluster(linkage(squareform(distance, checks=False), "complete"), limit, "distance")
    groups = [tuple(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]
    return tuple(sorted(groups))


class PermutationImportance:
    """Tally of the held-out samples that are right before and after a permutation.

    Args:
        channels: Finite values of the samples, shape (N, channels).
        codes: Class code of each sample, int64, shape (N,).
        groups: Channels that are permuted together.
        seed: Seed of the permutations.
    """

    def __init__(
        self,
        channels: Float32Array,
        codes: Int64Array,
        groups: tuple[tuple[int, ...], ...],
        seed: int,
    ) -> None:
        self._channels = channels
        self._codes = codes
        self._groups = groups
        self._seed = seed
        self._generator = np.random.default_rng(seed)
        self._falls: Float64Array = np.full((len(codes), len(groups)), np.nan)

    def add(self, forest: Any, held_out: Int64Array) -> None:
        """Measure the held-out samples of a fold.

        Args:
            forest: Trees that were grown without them.
            held_out: Indices of the samples, int64, shape (M,).
        """
        values, truth = self._channels[held_out], self._codes[held_out]
        right = forest.predict(values) == truth
        for number, group in enumerate(self._groups):
            # All permutations at once: trees have a fixed time a call.
            permuted = np.tile(values, (PERMUTATIONS, 1, 1))
            for copy in permuted:
                order = self._generator.permutation(len(held_out))
                copy[:, list(group)] = values[order][:, list(group)]
            predicted = forest.predict(permuted.reshape(-1, values.shape[1])).reshape(PERMUTATIONS, -1)
            self._falls[held_out, number] = right - (predicted == truth).mean(axis=0)

    def results(self, clusters: Int64Array) -> tuple[GroupImportance, ...]:
        """Return the importance of each group, the largest first, with intervals from resampled clusters.

        Args:
            clusters: Polygon or block of each sample, int64, shape (N,).
        """
        known = np.flatnonzero(np.isfinite(self._falls[:, 0])) if self._groups else np.zeros(0, np.int64)
        if not len(known):
            return ()
        falls, replicates, number = resampled_means(self._falls[known], clusters[known], self._seed)
        results = [
            GroupImportance(group, bootstrap_estimate(falls[place], replicates[:, place], number))
            for place, group in enumerate(self._groups)
        ]
        return tuple(sorted(results, key=lambda item: -(item.fall.value or 0.0)))
