"""Active learning: the pixels whose labels would help a model most.

Selection by margin alone repeats the same mistake and the boundaries between common classes. The score of a
pixel is therefore its uncertainty times the distance of its features from all labelled and selected pixels,
up to a limit beyond which pixels are outliers. Half of the selection is divided equally among the predicted
classes, so that rare ones are included. Selected pixels keep a distance on the ground. (Uncertainty:
Scheffer et al. 2001, https://doi.org/10.1007/3-540-44816-0_31; farthest first: Sener and Savarese 2018,
https://arxiv.org/abs/1708.00489.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ..arrays import Float64Array, Int64Array

# Fraction of the selection that is divided equally among the predicted classes.
_EQUAL_FRACTION = 0.5
# Most uncertain pixels that are compared for each selected pixel, and for the whole selection at least.
_CANDIDATES_PER_PIXEL = 50
_MIN_CANDIDATES = 2000


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pixels that may be selected.

    Attributes:
        pixel_coordinates: Row and column of each pixel, int64, shape (N, 2).
        chances: Class probabilities of each pixel, shape (N, classes).
        features: Features of each pixel, scaled so that Euclidean distances are those of the dissimilarity
            index, shape (N, components).
        novelty: Distance of each pixel to the nearest labelled sample in feature space, shape (N,).
    """

    pixel_coordinates: Int64Array
    chances: Float64Array
    features: Float64Array
    novelty: Float64Array

    def subset(self, indices: Int64Array) -> Candidates:
        """Return the pixels at ``indices`` (M,)."""
        return Candidates(*(item[indices] for item in vars(self).values()))

    @property
    def uncertainty(self) -> Float64Array:
        """Uncertainty of each pixel: 1 minus the margin between the two most probable classes, shape (N,)."""
        ordered = np.sort(self.chances, axis=1)
        second = ordered[:, -2] if ordered.shape[1] > 1 else np.zeros(len(ordered))
        return np.asarray(1.0 - (ordered[:, -1] - second))


def suggest(
    candidates: Candidates, count: int, distance: float, known: Int64Array, limit: float
) -> Int64Array:
    """Return indices of the candidates to label, the most useful first; fewer where there are no more.

    Args:
        candidates: Pixels that may be selected.
        count: Number of pixels to select.
        distance: Smallest distance on the ground between selected pixels, and from ``known``, in pixels.
        known: Row and column of each labelled sample, int64, shape (M, 2).
        limit: Distance in feature space beyond which a larger distance does not raise the score.
    """
    allowed = np.arange(len(candidates.pixel_coordinates))
    if len(known) and distance > 0:
        nearest, _ = cKDTree(known).query(candidates.pixel_coordinates)
        allowed = np.flatnonzero(nearest >= distance)
    predicted = candidates.chances.argmax(axis=1)
    uncertainty = candidates.uncertainty
    order = allowed[np.argsort(-uncertainty[allowed], kind="stable")]
    classes = np.unique(predicted[allowed])
    per_class = int(np.ceil(_EQUAL_FRACTION * count / max(1, len(classes))))
    pools = [order[predicted[order] == code] for code in classes]
    # The rarest class first: what it cannot use remains for all classes.
    pools.sort(key=len)
    selection = _Selection(candidates, uncertainty, distance, limit)
    for pool in pools:
        selection.extend(pool[: _pool_size(per_class)], min(per_class, count - len(selection.indices)))
    selection.extend(order[: _pool_size(count)], count - len(selection.indices))
    # Where too many uncertain pixels lie side by side or have the same features, others fill the selection.
    selection.extend(order, count - len(selection.indices), min_score=-np.inf)
    return np.array(selection.indices, dtype=np.int64)


def _pool_size(count: int) -> int:
    return max(_MIN_CANDIDATES, _CANDIDATES_PER_PIXEL * count)


class _Selection:
    """Greedy selection that keeps the distance of all candidates from the selected ones.

    Attributes:
        indices: Indices of the selected candidates, in the order of their selection.
    """

    def __init__(
        self, candidates: Candidates, uncertainty: Float64Array, distance: float, limit: float
    ) -> None:
        self.indices: list[int] = []
        self._candidates = candidates
        self._uncertainty = uncertainty
        self._distance = distance
        self._limit = limit
        self._novelty = candidates.novelty.astype(np.float64).copy()
        self._is_free = np.ones(len(uncertainty), dtype=bool)

    def extend(self, pool: Int64Array, count: int, min_score: float = 0.0) -> None:
        """Select up to ``count`` candidates of ``pool`` whose score is above ``min_score``."""
        # Distances of this pool are out of date for candidates that other pools selected.
        for index in self.indices:
            self._update(pool, index)
        for _ in range(count):
            score = self._uncertainty[pool] * np.minimum(self._novelty[pool], self._limit)
            score[~self._is_free[pool]] = -np.inf
            if not len(score) or score.max() <= min_score:
                return
            best = int(pool[score.argmax()])
            self.indices.append(best)
            self._update(pool, best)

    def _update(self, pool: Int64Array, index: int) -> None:
        candidates = self._candidates
        distances = np.linalg.norm(candidates.features[pool] - candidates.features[index], axis=1)
        self._novelty[pool] = np.minimum(self._novelty[pool], distances)
        offsets = candidates.pixel_coordinates[pool] - candidates.pixel_coordinates[index]
        self._is_free[pool[np.hypot(offsets[:, 0], offsets[:, 1]) < self._distance]] = False
        self._is_free[index] = False
