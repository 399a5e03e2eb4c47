"""Channels of a model, and their scaling by the training samples.

Channels are the bands, then the spectral indices. Each is standardised by its mean and standard deviation
in the training patches, and missing values become 0, the mean. ``raw_patches`` are tensors of stored band
values, and ``patches`` the same as an array::

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
MAX_VALUES = 2_000_000
"""Number of values per channel, approximately, above which patches are left out of the statistics.

More values take more time, but hardly change the mean.
"""
# A smaller standard deviation, relative to the mean, is rounding.
_MIN_RELATIVE_DEVIATION = 1e-6


@dataclass(frozen=True)
class Preparation:
    """Function from stored band values to the channels of a model.

    Attributes:
        bands: Names of the bands, in the order of the input.
        indices: Names of the spectral indices, keys of ``core.options.INDEX_ROLES``, in order.
        roles: Band name by role, such as ``{"nir": "B8"}``, with all roles that the indices need.
        reflectance_scale: Factor from stored values to reflectance, used for the indices only.
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
        """``scaling`` where it must be known.

        Raises:
            RuntimeError: ``scaling`` is None.
        """
        if self.scaling is None:
            raise RuntimeError("The scaling of the channels has not been measured")
        return self.scaling

    def __call__(self, patches: Tensor) -> Tensor:
        """Return the channels of patches, in their data type, shape (..., channels, rows, columns).

        With ``scaling`` they are in standard deviations from the mean, clamped to ``±scaling.clip``, and 0
        where invalid. Without it, bands have their stored values, and NaN marks invalid values.

        Args:
            patches: Stored band values, shape (..., bands, rows, columns), NaN where invalid.
        """
        channels = compute_channels(patches, self.bands, self.indices, self.roles, self.reflectance_scale)
        if self.scaling is None:
            return channels
        return standardise(channels, self.scaling.mean, self.scaling.std, self.scaling.clip)


def channel_statistics(
    patches: Float32Array, training: Int64Array, preparation: Preparation, progress: Progress
) -> Scaling:
    """Return the mean and standard deviation of each channel over all valid pixels of the training patches.

    Values are first clamped to the percentiles 0.5 and 99.5 of their channel. Above about ``MAX_VALUES``
    values per channel, only every second, third, ... patch is used. A constant channel has the standard
    deviation 1, and one without valid values also the mean 0. Both are logged as a warning.

    Channels that have a scaling already keep it: members of an ensemble take that of the first one.

    Args:
        patches: Stored band values, float32, shape (N, bands, size, size), NaN where invalid.
        training: Indices of the training patches, int64, shape (M,).
        preparation: Channels.
        progress: Progress reporter.
    """
    if preparation.scaling is not None:
        return preparation.scaling
    step = max(1, len(training) * patches.shape[2] * patches.shape[3] // MAX_VALUES)
    channels = preparation(torch.from_numpy(patches[training[::step]])).numpy()
    means, deviations = [], []
    for number, name in enumerate(preparation.channels):
        values = channels[:, number]
        mean, deviation = _clamped_statistics(values[np.isfinite(values)].astype(np.float64))
        if deviation is None:
            progress.log("Channel {name} is constant in the training samples.", "warning", name=name)
        means.append(mean)
        deviations.append(deviation or 1.0)
    return Scaling(mean=tuple(means), std=tuple(deviations))


def _clamped_statistics(values: Float64Array) -> tuple[float, float | None]:
    """Return the mean and standard deviation of values (N,) clamped to percentiles.

    The standard deviation is None for a constant, and the mean 0 without values.
    """
    if not len(values):
        return 0.0, None
    low, high = np.percentile(values, _PERCENTILES)
    clamped = np.clip(values, low, high)
    mean, deviation = float(clamped.mean()), float(clamped.std())
    return mean, deviation if deviation > _MIN_RELATIVE_DEVIATION * abs(mean) else None
