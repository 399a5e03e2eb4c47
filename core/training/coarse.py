"""Features of few different values, which boosting bins at once."""

from __future__ import annotations

import numpy as np

from ..samples.centres import FloatArray

_LEVELS = 255
"""The most bins that scikit-learn's boosting has."""


def coarsened(features: FloatArray) -> FloatArray:
    """Return features in which each value is the nearest of 255 quantiles of its column.

    Boosting puts the values of a column into 255 bins. Where samples have weights, scikit-learn 1.9
    finds each bin's end in a search of its own, for every feature and whenever growing goes on: on
    18,000 samples that takes four times as long as growing 50 trees. Of no more than 255 different
    values it takes the points midway between them. A value lies on the same side of these as the
    value that it was replaced with, so trees divide the true values as they divided these.

    Args:
        features: Shape (N, features), finite.
    """
    if len(features) <= _LEVELS:
        return features
    # Order statistics at even steps, the smallest and the largest among them.
    ranks = np.linspace(0, len(features) - 1, _LEVELS).round().astype(np.int64)
    found = np.empty_like(features)
    for column in range(features.shape[1]):
        values = features[:, column]
        levels = np.unique(np.sort(values)[ranks])
        middles = (levels[1:] + levels[:-1]) / 2
        found[:, column] = levels[np.searchsorted(middles, values)]
    return found
