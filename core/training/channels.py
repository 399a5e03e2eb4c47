"""Channels of a model in training: how they are computed from bands, and their scaling by training samples.

Channels are the bands, then the spectral indices. The input of a network are scaled channels: each minus its
mean, divided by its standard deviation in the training patches. Missing values become 0, which is the mean.
``values`` is an array of stored band values, shape (N, 2, rows, columns), and ``training`` the indices of the
training patches::

    preparation = Preparation(("B4", "B8"), ("NDVI",), {"red": "B4", "nir": "B8"}, reflectance_scale=1e-4)
    scaling = channel_statistics(values, training, preparation, progress)
    preparation = dataclasses.replace(preparation, scaling=scaling)
    channels = preparation(torch.from_numpy(values))   # B4, B8 and NDVI, shape (N, 3, rows, columns)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..arrays import Float32Array, Float64Array, Int64Array
from ..models.card import Limits, Scaling
from ..progress import Progress
from ..raster.indices import compute_channels, limited, scale_for_indices, standardise, usable_indices
from ..raster.roles import roles_within
from ..raster.stack import BandStack

# Values are clamped to these percentiles before averaging, because indices with a denominator near zero have
# very long tails: CIRE of one scene had the mean 156 and the standard deviation 651,187. When the channels
# are used, ``Scaling.clip`` limits such values.
_PERCENTILES = (0.5, 99.5)
MAX_VALUES = 2_000_000
"""Number of values per channel that statistics need. From twice as many, patches are left out.

More values take more time, but hardly change the mean.
"""
# Standard deviation, relative to the mean, up to which a channel is constant and varies by rounding only.
_MIN_RELATIVE_DEVIATION = 1e-6


@dataclass(frozen=True)
class Preparation:
    """Function from stored band values to the channels of a model.

    It is made without scaling when the training raster is opened. Each trained model then has a copy with the
    scaling of its own training samples.

    Attributes:
        bands: Names of the bands, in the order of the patches' bands.
        indices: Names of the spectral indices, keys of ``core.options.INDEX_ROLES``, in the order of the
            channels.
        roles: Band name by role, such as ``{"nir": "B8"}``, with all roles that the indices need.
        reflectance_scale: Factor by which stored values are multiplied to give reflectance. It is used for
            the indices only; bands keep their unit.
        source_bands: Names of all bands of the training rasters, of which ``bands`` are a selection. They are
            not used here, but written to the model's card.
        scaling: Mean and standard deviation of each channel; None before ``channel_statistics``.
        limits: Limits to which the channels are clamped first, as published weights expect; empty for none.
    """

    bands: tuple[str, ...]
    indices: tuple[str, ...]
    roles: Mapping[str, str]
    reflectance_scale: float
    source_bands: tuple[str, ...] = ()
    scaling: Scaling | None = None
    limits: Limits = ()

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the bands, then of the indices."""
        return self.bands + self.indices

    @property
    def required_scaling(self) -> Scaling:
        """Same as ``scaling``, but never None.

        Raises:
            RuntimeError: ``scaling`` is None.
        """
        if self.scaling is None:
            raise RuntimeError("The channels have no scaling")
        return self.scaling

    def __call__(self, patches: Tensor) -> Tensor:
        """Return the channels of patches, in their data type, shape (..., channels, rows, columns).

        With ``scaling`` they are in standard deviations from the mean, clamped to ``±scaling.clip``, and
        invalid values are 0. Without it, bands keep their stored values within ``limits``, and NaN marks
        invalid values.

        Args:
            patches: Stored band values, shape (..., bands, rows, columns), NaN where invalid.
        """
        channels = compute_channels(patches, self.bands, self.indices, self.roles, self.reflectance_scale)
        if self.scaling is None:
            return limited(channels, self.limits)
        scaling = self.scaling
        return standardise(channels, scaling.mean, scaling.std, scaling.clip, scaling.limits)


def channels_of_stack(
    stack: BandStack,
    band_roles: str,
    wanted: Sequence[str],
    bands: tuple[str, ...],
    values: Float32Array,
    progress: Progress,
) -> Preparation:
    """Return the bands and the indices that can be computed from them, without scaling.

    Args:
        stack: Open band stack.
        band_roles: Pairs ``role=band`` of the user, separated by commas.
        wanted: Names of the requested indices.
        bands: Names of the bands to use.
        values: Stored values of all bands of the stack at the samples, shape (N, bands).
        progress: Progress reporter.

    Raises:
        ParameterError: A role or an index does not exist.
    """
    roles = roles_within(stack.roles(band_roles), bands)
    indices = usable_indices(wanted, roles, progress)
    scale = 1.0
    if indices:
        optical = [number for number, band in enumerate(stack.band_names) if band in roles.values()]
        scale = scale_for_indices(indices, values[:, optical], progress)
    return Preparation(bands, indices, roles, scale, stack.all_bands)


def pixel_channels(values: Float32Array, preparation: Preparation) -> Float32Array:
    """Return the channels of single pixels, float32, shape (N, channels); NaN where they are not defined.

    Args:
        values: Stored values of the preparation's bands, float32, shape (N, bands).
        preparation: Bands and indices.
    """
    channels: Float32Array = preparation(torch.from_numpy(values[:, :, None, None]))[:, :, 0, 0].numpy()
    return channels


def filled(channels: Float32Array) -> Float32Array:
    """Return channels in which values that are not finite are the median of their channel.

    An index is not defined where its denominator is 0. A channel without any value becomes 0.

    Args:
        channels: Values of the samples, float32, shape (N, channels).
    """
    result = channels.copy()
    for column in result.T:
        is_finite = np.isfinite(column)
        if not is_finite.all():
            column[~is_finite] = np.median(column[is_finite]) if is_finite.any() else 0.0
    return result


def channel_statistics(
    patches: Float32Array, training: Int64Array, preparation: Preparation, progress: Progress
) -> Scaling:
    """Return the mean and standard deviation of each channel over the valid pixels of the training patches.

    Values are first clamped to the percentiles 0.5 and 99.5 of their channel. From twice ``MAX_VALUES``
    pixels, only every second, third, ... patch is used. A channel that is constant after clamping has the
    standard deviation 1. A channel without valid values has the mean 0 and the standard deviation 1. For
    either, a warning is logged.

    Channels that have a scaling already keep it: members of an ensemble take that of the first one.

    Args:
        patches: Stored band values, float32, shape (N, bands, size, size), NaN where invalid.
        training: Indices of the training patches, int64, shape (M,).
        preparation: Bands and indices.
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
    return Scaling(mean=tuple(means), std=tuple(deviations), limits=preparation.limits)


def _clamped_statistics(values: Float64Array) -> tuple[float, float | None]:
    """Return the mean and standard deviation of values (N,) that are clamped to percentiles.

    The standard deviation is None if the values are constant. Without values, it is None and the mean is 0.
    """
    if not len(values):
        return 0.0, None
    low, high = np.percentile(values, _PERCENTILES)
    clamped = np.clip(values, low, high)
    mean, deviation = float(clamped.mean()), float(clamped.std())
    return mean, deviation if deviation > _MIN_RELATIVE_DEVIATION * abs(mean) else None
