"""Decorrelation range: the distance beyond which labels are nearly independent."""

from __future__ import annotations

import numpy as np

from ..arrays import Float64Array, Int64Array
from .samples import Samples

_MOST = 3_000
"""Samples of which all pairs are compared: 4.5 million pairs, in about a second."""
_FEWEST_PAIRS = 200
# Of the excess over chance at distance 0; the usual mark of a practical range (Chilès & Delfiner
# 2012, Geostatistics, https://doi.org/10.1002/9781118136188).
_LEFT = 0.05
_CHUNK = 250


def decorrelation_range(samples: Samples, seed: int) -> float | None:
    """Return the distance in pixels at which labels decorrelate, None where they never do.

    The estimator is the indicator correlogram of all classes together: with p(h) the share of
    pairs of samples of one class among the pairs h apart, and s that share among all pairs,
    (p(h) - s) / (1 - s) falls from 1 at distance 0 to 0 where labels are as different as
    anywhere. The range is where it first falls to 0.05, between two distances interpolated.
    Distances are the greater of rows and columns, for that is how blocks and gaps are measured;
    they are compared up to half the labels' extent. The samples are drawn in the natural
    proportions of the classes.

    Args:
        samples: At least two.
        seed: Repeats the draw.
    """
    chosen = _drawn(samples, seed)
    if len(chosen) < 2:
        return None
    rows, columns, codes = samples.rows[chosen], samples.columns[chosen], samples.codes[chosen]
    counts = np.bincount(codes).astype(np.float64)
    alike = float((counts * (counts - 1)).sum() / (len(codes) * (len(codes) - 1)))
    if alike >= 1.0:
        return None
    previous_distance, previous = 0.0, 1.0
    for distance, share in zip(*_shares(rows, columns, codes), strict=True):
        left = (share - alike) / (1.0 - alike)
        if left <= _LEFT:
            weight = (previous - _LEFT) / (previous - left)
            return float(previous_distance + weight * (distance - previous_distance))
        previous_distance, previous = distance, left
    return None


def _drawn(samples: Samples, seed: int) -> Int64Array:
    generator = np.random.default_rng(seed)
    weights = np.asarray(samples.stands_for)[samples.codes]
    if len(samples) <= _MOST and np.ptp(weights) == 0:
        return np.arange(len(samples), dtype=np.int64)
    # The heavier classes are thinned to no less than the lighter ones are.
    kept = np.flatnonzero(generator.random(len(samples)) < weights / weights.max())
    return np.sort(generator.permutation(kept)[:_MOST]).astype(np.int64)


def _shares(rows: Int64Array, columns: Int64Array, codes: Int64Array) -> tuple[Float64Array, Float64Array]:
    """Return mean distances of the pairs of each bin, and the share of them that is of one class."""
    longest = max(2, int(max(np.ptp(rows), np.ptp(columns))) // 2)
    edges = np.unique(np.round(2.0 ** np.arange(0.0, np.log2(longest) + 0.5, 0.5))).astype(np.int64)
    pairs, distances, alike = (np.zeros(len(edges) + 1) for _ in range(3))
    for start in range(0, len(rows), _CHUNK):
        # Each pair once, and no sample with itself.
        first = np.arange(start, min(start + _CHUNK, len(rows)))
        one, other = np.nonzero(first[:, None] < np.arange(len(rows))[None, :])
        one = first[one]
        apart = np.maximum(np.abs(rows[one] - rows[other]), np.abs(columns[one] - columns[other]))
        bins = np.searchsorted(edges, apart, side="right")
        pairs += np.bincount(bins, minlength=len(pairs))
        distances += np.bincount(bins, weights=apart, minlength=len(pairs))
        alike += np.bincount(bins, weights=codes[one] == codes[other], minlength=len(pairs))
    # The last bin holds what lies beyond half the extent.
    usable = np.flatnonzero(pairs[:-1] >= min(_FEWEST_PAIRS, pairs.sum() / len(pairs)))
    return distances[usable] / pairs[usable], alike[usable] / pairs[usable]
