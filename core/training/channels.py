"""Channels of a model with their scaling, computed from the training samples only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..arrays import Float32Array, Int64Array
from ..errors import ParameterError
from ..models.card import Scaling
from ..progress import Progress
from ..raster.indices import compute_channels, standardise

# Indices with a denominator near zero have tails without end: in the study CIRE had the mean 156
# and the standard deviation 651,187, so that all but a few pixels became one value. Values are
# therefore drawn in to these percentiles before they are averaged; what lies beyond them is
# clamped when the channel is used (``Scaling.clip``).
_PERCENTILES = (0.5, 99.5)
# More values of a channel than this do not change its mean, only the time it takes.
MOST_VALUES = 2_000_000
# A smaller spread than this, relative to the values, is rounding.
_CONSTANT = 1e-6


@dataclass(frozen=True)
class Preparation:
    """Which channels there are and, once it is known, how they are scaled.

    Attributes:
        bands: Names of the raw patches' bands, in order.
        indices: Spectral indices that follow them.
        roles: Role to band name.
        reflectance_scale: Factor from stored values to reflectance.
        source_bands: Names of all bands of the rasters, of which ``bands`` were chosen.
        scaling: Mean and standard deviation of each channel; None while they are being measured.
    """

    bands: tuple[str, ...]
    indices: tuple[str, ...]
    roles: Mapping[str, str]
    reflectance_scale: float
    source_bands: tuple[str, ...] = ()
    scaling: Scaling | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels."""
        return self.bands + self.indices

    @property
    def measured(self) -> Scaling:
        """The scaling, where it has been measured.

        Raises:
            ParameterError: It has not.
        """
        if self.scaling is None:
            raise ParameterError("The channels were not scaled", advice="Measure them before fitting.")
        return self.scaling

    def __call__(self, patches: Tensor) -> Tensor:
        """Return channels (N, channels, size, size) of raw patches (N, bands, size, size).

        Without ``scaling`` they have their own units, and NaN where invalid.
        """
        channels = compute_channels(patches, self.bands, self.indices, self.roles, self.reflectance_scale)
        if self.scaling is None:
            return channels
        return standardise(channels, self.scaling.mean, self.scaling.std, self.scaling.clip)


def channel_statistics(
    patches: Float32Array, training: Int64Array, preparation: Preparation, progress: Progress
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
            progress.log("Channel {name} has one value only in the training samples.", "warning", name=name)
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
