"""Decorrelation range: the distance beyond which labels are nearly independent.

>>> decorrelation_range(samples, seed=0)   # 84.3, in pixels
"""

from __future__ import annotations

import numpy as np

from ..arrays import Float64Array, Int64Array
from .samples import Samples

# All pairs of so many samples are compared: 4.5 million pairs, in about a second.
_MAX_SAMPLES = 3_000
_MIN_PAIRS_PER_BIN = 200
# Correlation at the practical range, by convention (Chilès & Delfiner 2012, Geostatistics,
# https://doi.org/10.1002/9781118136188).
_CORRELATION_AT_RANGE = 0.05
_CHUNK_SAMPLES = 250


def decorrelation_range(samples: Samples, seed: int) -> float | None:
    """Return the distance in pixels at which labels decorrelate, None where they never do.

    The estimator is the indicator correlogram of all classes together. Let p(h) be the fraction of pairs
    of one class among the pairs at distance h, and s this fraction among all pairs. Then
    (p(h) - s) / (1 - s) is 1 at distance 0 and 0 where labels are independent. The range is the distance
    at which it first falls to 0.05, by linear interpolation. A distance is the larger difference of rows
    or columns, as for blocks and gaps. Distances are compared up to half of the labels' extent. Samples
    are drawn in the natural proportions of the classes.

    Args:
        samples: At least two samples.
        seed: Seed of the draw.
    """
    indices = _draw(samples, seed)
    if len(indices) < 2:
        return None
    rows, columns, codes = samples.rows[indices], samples.columns[indices], samples.codes[indices]
    counts = np.bincount(codes).astype(np.float64)
    expected = float((counts * (counts - 1)).sum() / (len(codes) * (len(codes) - 1)))
    if expected >= 1.0:
        return None
    previous_distance, previous = 0.0, 1.0
    for distance, fraction in zip(*_same_class_fractions(rows, columns, codes), strict=True):
        correlation = (fraction - expected) / (1.0 - expected)
        if correlation <= _CORRELATION_AT_RANGE:
            weight = (previous - _CORRELATION_AT_RANGE) / (previous - correlation)
            return float(previous_distance + weight * (distance - previous_distance))
        previous_distance, previous = distance, correlation
    return None


def _draw(samples: Samples, seed: int) -> Int64Array:
    generator = np.random.default_rng(seed)
    weights = np.asarray(samples.stands_for)[samples.codes]
    if len(samples) <= _MAX_SAMPLES and np.ptp(weights) == 0:
        return np.arange(len(samples), dtype=np.int64)
    # Classes with a lower weight are thinned, so that all samples stand for equally many pixels.
    natural = np.flatnonzero(generator.random(len(samples)) < weights / weights.max())
    return np.sort(generator.permutation(natural)[:_MAX_SAMPLES]).astype(np.int64)


def _same_class_fractions(
    rows: Int64Array, columns: Int64Array, codes: Int64Array
) -> tuple[Float64Array, Float64Array]:
    """Return the mean distance of the pairs of each bin, and the fraction of pairs of one class."""
    longest = max(2, int(max(np.ptp(rows), np.ptp(columns))) // 2)
    edges = np.unique(np.round(2.0 ** np.arange(0.0, np.log2(longest) + 0.5, 0.5))).astype(np.int64)
    pairs, distances, same_class = (np.zeros(len(edges) + 1) for _ in range(3))
    for start in range(0, len(rows), _CHUNK_SAMPLES):
        # Each pair counts once, and no sample is paired with itself.
        first = np.arange(start, min(start + _CHUNK_SAMPLES, len(rows)))
        one, other = np.nonzero(first[:, None] < np.arange(len(rows))[None, :])
        one = first[one]
        apart = np.maximum(np.abs(rows[one] - rows[other]), np.abs(columns[one] - columns[other]))
        bins = np.searchsorted(edges, apart, side="right")
        pairs += np.bincount(bins, minlength=len(pairs))
        distances += np.bincount(bins, weights=apart, minlength=len(pairs))
        same_class += np.bincount(bins, weights=codes[one] == codes[other], minlength=len(pairs))
    # The last bin holds pairs farther apart than half of the extent.
    usable = np.flatnonzero(pairs[:-1] >= min(_MIN_PAIRS_PER_BIN, pairs.sum() / len(pairs)))
    return distances[usable] / pairs[usable], same_class[usable] / pairs[usable]
