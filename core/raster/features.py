"""From stored band values to the channels that a network sees. Runs on any device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..errors import ParameterError
from ..models.card import Scaling
from ..progress import Progress
from .index_names import INDEX_ROLES
from .indices import INDICES


def available_indices(
    wanted: Sequence[str], roles: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Divide indices into those that the bands allow and those that they do not.

    Args:
        wanted: Names of indices.
        roles: Role to band name.

    Returns:
        The usable ones in the order wanted, and each skipped one with the roles that it lacks.

    Raises:
        ParameterError: An index does not exist.
    """
    unknown = [name for name in wanted if name not in INDEX_ROLES]
    if unknown:
        raise ParameterError(
            f"There is no spectral index {unknown[0]!r}", advice=f"Choose from: {', '.join(INDEX_ROLES)}."
        )
    lacking = {name: tuple(role for role in INDEX_ROLES[name] if role not in roles) for name in wanted}
    usable = tuple(name for name in wanted if not lacking[name])
    return usable, {name: missing for name, missing in lacking.items() if missing}


def usable_indices(wanted: Sequence[str], roles: Mapping[str, str], progress: Progress) -> tuple[str, ...]:
    """Return the indices that the bands allow, each once; the log names the others.

    Raises:
        ParameterError: An index does not exist.
    """
    indices, skipped = available_indices(tuple(dict.fromkeys(wanted)), roles)
    for index, missing in skipped.items():
        progress.log(f"Skipped the index {index}: no band is known as {' or '.join(missing)}.", "warning")
    return indices


def guess_reflectance_scale(values: NDArray[np.float32] | Tensor) -> float:
    """Return the factor that turns stored values of the optical bands into reflectance.

    The formulas with constants (EVI, SAVI, MSAVI) need reflectance; the others do not mind. The
    rule looks at the 99th percentile of the finite values: up to 2 they are reflectance already
    (which exceeds 1 on snow and cloud), up to 255 they are 8-bit numbers, beyond that reflectance
    times 10,000, as Sentinel-2, Landsat ARD and most analysis-ready data have it.
    """
    finite = np.asarray(values)
    finite = finite[np.isfinite(finite)]
    if finite.size == 0:
        return 1.0
    high = float(np.percentile(finite, 99))
    if high <= 2.0:
        return 1.0
    return 1.0 / 255.0 if high <= 255.0 else 1.0 / 10_000.0


def scale_for_indices(
    indices: Sequence[str], values: NDArray[np.float32] | Tensor, progress: Progress
) -> float:
    """Guess the scale of ``values`` for ``indices``, and say in the log what is taken as reflectance."""
    scale = guess_reflectance_scale(values)
    progress.log(f"Indices {', '.join(indices)}; stored values times {scale:g} are taken as reflectance.")
    return scale


def compute_channels(
    values: Tensor,
    bands: Sequence[str],
    indices: Sequence[str],
    roles: Mapping[str, str],
    reflectance_scale: float,
) -> Tensor:
    """Return the bands as they are, followed by the indices; what is not finite is NaN.

    Args:
        values: Stored values, shape (..., bands, rows, columns).
        bands: Names of the bands in ``values``, in order.
        indices: Names of the indices to add; their roles must be there.
        roles: Role to band name.
        reflectance_scale: Factor from stored values to reflectance.

    Returns:
        Shape (..., bands + indices, rows, columns).
    """
    layers = [values]
    for name in indices:
        inputs = [
            values[..., list(bands).index(roles[role]), :, :] * reflectance_scale
            for role in INDEX_ROLES[name]
        ]
        layers.append(INDICES[name](*inputs).unsqueeze(-3))
    channels = torch.cat(layers, dim=-3) if indices else values
    return torch.where(torch.isfinite(channels), channels, torch.nan)


def standardise(channels: Tensor, scaling: Scaling) -> Tensor:
    """Return ``(channels - mean) / std`` clamped to ``±clip``; NaN becomes 0, the channel's mean.

    Args:
        channels: Shape (..., channels, rows, columns).
        scaling: One mean and standard deviation a channel; a standard deviation of 0 (a constant
            band) counts as 1.
    """
    mean = torch.tensor(scaling.mean, dtype=channels.dtype, device=channels.device)[:, None, None]
    std = torch.tensor(scaling.std, dtype=channels.dtype, device=channels.device)[:, None, None]
    std = torch.where(std > 0, std, torch.ones_like(std))
    return ((channels - mean) / std).clamp(-scaling.clip, scaling.clip).nan_to_num(nan=0.0)
