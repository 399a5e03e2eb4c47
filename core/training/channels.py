"""Channels of a model, and their scaling by the training samples.

Channels are the bands, then the spectral indices. Each is standardised by its mean and standard deviation
over the training samples::

    preparation = Preparation(("red", "nir"), ("NDVI",), {"red": "red", "nir": "nir"}, 1e-4)
    scaling = channel_statistics(patches, training, preparation, progress)
    channels = replace(preparation, scaling=scaling)(raw_patches)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..arrays import Float32Array, Float64Array, Int64Array
from ..models.card import Scaling
from ..progress import Progress
from ..raster.indices import compute_channels, standardise

# Values are clamped to these percentiles before averaging, because indices with a denominator near zero have
# very long tails: CIRE of one scene had the mean 156 and the standard deviation 651,187. ``Scaling.clip``
# clamps the values beyond them when a channel is used.
_PERCENTILES = (0.5, 99.5)
# More values per channel change the time, but hardly the mean.
MAX_VALUES = 2_000_000
# A smaller standard deviation, relative to the mean, is rounding.
_MIN_RELATIVE_DEVIATION = 1e-6


@dataclass(frozen=True)
class Preparation:
    """Function from raw bands to the channels of a model.

    Attributes:
        bands: Names of the bands, in order.
        indices: Names of the spectral indices, in order.
        roles: Band name by role, such as ``{"nir": "B8"}``.
        reflectance_scale: Factor from stored values to reflectance.
        source_bands: Names of all bands of the training rasters, a superset of ``bands``.
        scaling: Mean and standard deviation of each channel; None before ``channel_statistics``.
    """

    bands: tuple[str, ...]
    indices: tuple[str, ...]
    roles: Mapping[str, str]
    reflectance_scale: float
    source_bands: tuple[str, ...] = ()
    scaling: Scaling | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the bands, then of the indices."""
        return self.bands + self.indices

    @property
    def measured(self) -> Scaling:
        """Scaling of the channels.

        Raises:
            RuntimeError: ``scaling`` is None.
        """
        if self.scaling is None:
            raise RuntimeError("The scaling of the channels has not been measured")
        return self.scaling

    def __call__(self, patches: Tensor) -> Tensor:
        """Return the channels of raw patches, float32, shape (N, channels, size, size).

        Without ``scaling`` they have their own units, and NaN where invalid.

        Args:
            patches: Stored band values, shape (N, bands, size, size), NaN where invalid.
        """
        channels = compute_channels(patches, self.bands, self.indices, self.roles, self.reflectance_scale)
        if self.scaling is None:
            return channels
        return standardise(channels, self.scaling.mean, self.scaling.std, self.scaling.clip)


def channel_statistics(
    patches: Float32Array, training: Int64Array, preparation: Preparation, progress: Progress
) -> Scaling:
    """Return the mean and standard deviation of each channel over the training patches.

    A constant channel, or one without valid values, is logged and has the standard deviation 1.

    Args:
        patches: Stored band values, float32, shape (N, bands, size, size), NaN where invalid.
        training: Indices of the training patches, int64, shape (M,).
        preparation: Channels without scaling.
        progress: Progress reporter.
    """
    step = max(1, len(training) * patches.shape[2] * patches.shape[3] // MAX_VALUES)
    channels = preparation(torch.from_numpy(patches[training[::step]])).numpy()
    means, deviations = [], []
    for number, name in enumerate(preparation.channels):
        values = channels[:, number]
        mean, deviation = _robust(values[np.isfinite(values)].astype(np.float64))
        if deviation is None:
            progress.log("Channel {name} is constant in the training samples.", "warning", name=name)
        means.append(mean)
        deviations.append(deviation or 1.0)
    return Scaling(mean=tuple(means), std=tuple(deviations))


def _robust(values: Float64Array) -> tuple[float, float | None]:
    """Return the mean and standard deviation of values clamped to percentiles; None for a constant."""
    if not len(values):
        return 0.0, None
    low, high = np.percentile(values, _PERCENTILES)
    clamped = np.clip(values, low, high)
    mean, deviation = float(clamped.mean()), float(clamped.std())
    return mean, deviation if deviation > _MIN_RELATIVE_DEVIATION * abs(mean) else None
