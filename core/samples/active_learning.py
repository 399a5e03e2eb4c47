"""Active learning: the pixels whose labels would help a model most.

Selection by margin alone repeats the same mistake and the boundaries between common classes. A pixel's
score is therefore its uncertainty times the distance of its features from all labelled and selected pixels,
up to a limit beyond which pixels are outliers. Half of the selection is divided equally among the predicted
classes, so that rare ones are included, and selected pixels keep a distance on the ground. (Uncertainty:
Scheffer et al. 2001, https://doi.org/10.1007/3-540-44816-0_31; farthest first: Sener and Savarese 2018,
https://arxiv.org/abs/1708.00489.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from ..arrays import Float64Array, Int64Array

# Of the picks, what is shared out alike among the classes.
_QUOTA = 0.5
# Doubtful pixels that are looked at for each pick.
_LOOKED_AT = 50
_LEAST_LOOKED_AT = 2000


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pixels that may be picked.

    Attributes:
        places: Row and column of each (N, 2).
        chances: Probabilities of the classes (N, classes).
        coordinates: Of their features; distances between them are those of the dissimilarity index
            (N, components).
        novelty: Distance to the nearest labelled sample, alike (N,).
    """

    places: Int64Array
    chances: Float64Array
    coordinates: Float64Array
    novelty: Float64Array

    def subset(self, chosen: npt.NDArray[np.int64]) -> Candidates:
        """Return some of them."""
        return Candidates(*(item[chosen] for item in vars(self).values()))

    @property
    def doubt(self) -> Float64Array:
        """1 less the margin between the two most probable classes (N,)."""
        ordered = np.sort(self.chances, axis=1)
        second = ordered[:, -2] if ordered.shape[1] > 1 else np.zeros(len(ordered))
        return np.asarray(1.0 - (ordered[:, -1] - second))


def suggest(
    candidates: Candidates, count: int, distance: float, known: Int64Array, limit: float
) -> Int64Array:
    """Return the candidates to label, the most useful first; fewer where there are no more.

    Args:
        candidates: See there.
        count: How many.
        distance: Least distance on the ground, in pixels, from each other and from ``known``.
        known: Places of labelled samples (M, 2).
        limit: Distance of features beyond which another one is no more useful.
    """
    allowed = np.arange(len(candidates.places))
    if len(known) and distance > 0:
        nearest, _ = cKDTree(known).query(candidates.places)
        allowed = np.flatnonzero(nearest >= distance)
    seen = candidates.chances.argmax(axis=1)
    doubt = candidates.doubt
    order = allowed[np.argsort(-doubt[allowed], kind="stable")]
    classes = np.unique(seen[allowed])
    share = int(np.ceil(_QUOTA * count / max(1, len(classes))))
    pools = [order[seen[order] == code] for code in classes]
    # The rarest first: what it cannot use is left for all.
    pools.sort(key=len)
    picking = _Picking(candidates, doubt, distance, limit)
    for pool in pools:
        picking.pick(pool[: _looked_at(share)], min(share, count - len(picking.chosen)))
    picking.pick(order[: _looked_at(count)], count - len(picking.chosen))
    # Where too many of the doubtful ones lie side by side, or are alike, all others will do.
    picking.pick(order, count - len(picking.chosen), least=-np.inf)
    return np.array(picking.chosen, dtype=np.int64)


def _looked_at(count: int) -> int:
    return max(_LEAST_LOOKED_AT, _LOOKED_AT * count)


class _Picking:
    """Picks one after the other, and knows how far all are from those."""

    def __init__(self, candidates: Candidates, doubt: Float64Array, distance: float, limit: float) -> None:
        self.chosen: list[int] = []
        self._candidates = candidates
        self._doubt = doubt
        self._distance = distance
        self._limit = limit
        self._novelty = candidates.novelty.astype(np.float64).copy()
        self._is_free = np.ones(len(doubt), dtype=bool)

    def pick(self, pool: Int64Array, count: int, least: float = 0.0) -> None:
        """Pick up to ``count`` of the candidates ``pool`` that are worth more than ``least``."""
        # Others were picked since these were looked at.
        for index in self.chosen:
            self._update(pool, index)
        for _ in range(count):
            value = self._doubt[pool] * np.minimum(self._novelty[pool], self._limit)
            value[~self._is_free[pool]] = -np.inf
            if not len(value) or value.max() <= least:
                return
            best = int(pool[value.argmax()])
            self.chosen.append(best)
            self._update(pool, best)

    def _update(self, pool: Int64Array, index: int) -> None:
        known = self._candidates
        away = np.linalg.norm(known.coordinates[pool] - known.coordinates[index], axis=1)
        self._novelty[pool] = np.minimum(self._novelty[pool], away)
        apart = known.places[pool] - known.places[index]
        self._is_free[pool[np.hypot(apart[:, 0], apart[:, 1]) < self._distance]] = False
        self._is_free[index] = False
