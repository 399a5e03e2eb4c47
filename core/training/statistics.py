"""Mean and standard deviation of the channels, from training patches only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from ..models.card import Scaling
from ..progress import Progress
from ..samples.centres import FloatArray
from ..samples.samples import Integers
from .preparation import Preparation

# Indices with a denominator near zero have tails without end: in the study CIRE had the mean 156
# and the standard deviation 651,187, so that all but a few pixels became one value. Values are
# therefore drawn in to these percentiles before they are averaged; what lies beyond them is
# clamped when the channel is used (``Scaling.clip``).
_PERCENTILES = (0.5, 99.5)
# More values of a channel than this do not change its mean, only the time it takes.
MOST_VALUES = 2_000_000
# A smaller spread than this, relative to the values, is rounding.
_CONSTANT = 1e-6


def channel_statistics(
    patches: FloatArray, training: Integers, preparation: Preparation, progress: Progress
) -> Scaling:
    """Return the scaling of each channel.

    Args:
        patches: Raw patches (N, bands, size, size), NaN where invalid.
        training: Indices of the training patches; the others are not looked at.
        preparation: Makes the channels; without scaling.
        progress: Learns of channels that are constant or nowhere defined.
    """
    step = max(1, len(training) * patches.shape[2] * patches.shape[3] // MOST_VALUES)
    channels = preparation(torch.from_numpy(patches[training[::step]])).numpy()
    means, deviations = [], []
    for number, name in enumerate(preparation.channels):
        values = channels[:, number]
        mean, deviation = _robust(values[np.isfinite(values)].astype(np.float64))
        if deviation is None:
            progress.log(f"Channel {name} has one value only in the training samples.", "warning")
        means.append(mean)
        deviations.append(deviation or 1.0)
    return Scaling(mean=tuple(means), std=tuple(deviations))


def _robust(values: npt.NDArray[np.float64]) -> tuple[float, float | None]:
    """Return the mean and standard deviation within the percentiles, None where constant."""
    if not len(values):
        return 0.0, None
    low, high = np.percentile(values, _PERCENTILES)
    drawn_in = np.clip(values, low, high)
    mean, deviation = float(drawn_in.mean()), float(drawn_in.std())
    return mean, deviation if deviation > _CONSTANT * abs(mean) else None
