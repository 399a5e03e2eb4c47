"""Spectral indices, and the channels of a model: band values followed by indices, as tensors on any device.

Where a formula is undefined (zero denominator, negative root), the result is NaN and never infinite. NaN
stays NaN.

>>> ndvi(nir=torch.tensor([0.4]), red=torch.tensor([0.1]))   # tensor([0.6000])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from ..arrays import Float32Array
from ..errors import ParameterError
from ..options import INDEX_ROLES
from ..progress import Progress
from ..text import alternatives


def ndvi(nir: Tensor, red: Tensor) -> Tensor:
    """(nir - red) / (nir + red): normalised difference vegetation index.

    Rouse, Haas, Schell, Deering (1974): Monitoring vegetation systems in the Great Plains with
    ERTS. Third ERTS-1 Symposium, NASA SP-351, 309-317.
    """
    return _normalised_difference(nir, red)


def evi(nir: Tensor, red: Tensor, blue: Tensor) -> Tensor:
    """2.5 (nir - red) / (nir + 6 red - 7.5 blue + 1): enhanced vegetation index.

    Huete, Didan, Miura, Rodriguez, Gao, Ferreira (2002): Remote Sensing of Environment 83, 195-213.
    """
    return _ratio(2.5 * (nir - red), nir + 6.0 * red - 7.5 * blue + 1.0)


def savi(nir: Tensor, red: Tensor) -> Tensor:
    """1.5 (nir - red) / (nir + red + 0.5): soil adjusted vegetation index, L = 0.5.

    Huete (1988): Remote Sensing of Environment 25, 295-309.
    """
    return _ratio(1.5 * (nir - red), nir + red + 0.5)


def ndwi(green: Tensor, nir: Tensor) -> Tensor:
    """(green - nir) / (green + nir): normalised difference water index (open water).

    McFeeters (1996): International Journal of Remote Sensing 17, 1425-1432.
    """
    return _normalised_difference(green, nir)


def mndwi(green: Tensor, swir1: Tensor) -> Tensor:
    """(green - swir1) / (green + swir1): modified normalised difference water index.

    Xu (2006): International Journal of Remote Sensing 27, 3025-3033.
    """
    return _normalised_difference(green, swir1)


def ndbi(swir1: Tensor, nir: Tensor) -> Tensor:
    """(swir1 - nir) / (swir1 + nir): normalised difference built-up index.

    Zha, Gao, Ni (2003): International Journal of Remote Sensing 24, 583-594.
    """
    return _normalised_difference(swir1, nir)


def bsi(swir1: Tensor, red: Tensor, nir: Tensor, blue: Tensor) -> Tensor:
    """((swir1 + red) - (nir + blue)) / ((swir1 + red) + (nir + blue)): bare soil index.

    Rikimaru, Roy, Miyatake (2002): Tropical Ecology 43, 39-47.
    """
    return _normalised_difference(swir1 + red, nir + blue)


def ndre(nir: Tensor, red_edge_1: Tensor) -> Tensor:
    """(nir - red_edge_1) / (nir + red_edge_1): normalised difference red edge index.

    Gitelson, Merzlyak (1994): Journal of Photochemistry and Photobiology B: Biology 22, 247-252;
    named by Barnes et al. (2000): Proceedings of the 5th International Conference on Precision
    Agriculture.
    """
    return _normalised_difference(nir, red_edge_1)


def cire(nir: Tensor, red_edge_1: Tensor) -> Tensor:
    """Nir / red_edge_1 - 1: red edge chlorophyll index.

    Gitelson, Gritz, Merzlyak (2003): Journal of Plant Physiology 160, 271-282.
    """
    return _ratio(nir, red_edge_1) - 1.0


def msavi(nir: Tensor, red: Tensor) -> Tensor:
    """(2 nir + 1 - sqrt((2 nir + 1)^2 - 8 (nir - red))) / 2: modified soil adjusted vegetation index.

    Qi, Chehbouni, Huete, Kerr, Sorooshian (1994): Remote Sensing of Environment 48, 119-126
    (there called MSAVI2, which needs no soil line).
    """
    doubled = 2.0 * nir + 1.0
    return (doubled - torch.sqrt(doubled * doubled - 8.0 * (nir - red))) / 2.0


def gndvi(nir: Tensor, green: Tensor) -> Tensor:
    """(nir - green) / (nir + green): green normalised difference vegetation index.

    Gitelson, Kaufman, Merzlyak (1996): Remote Sensing of Environment 58, 289-298.
    """
    return _normalised_difference(nir, green)


def ndmi(nir: Tensor, swir1: Tensor) -> Tensor:
    """(nir - swir1) / (nir + swir1): normalised difference moisture index.

    Wilson, Sader (2002): Remote Sensing of Environment 80, 385-396. The formula is that of the
    vegetation water index of Gao (1996), Remote Sensing of Environment 58, 257-266.
    """
    return _normalised_difference(nir, swir1)


def nbr(nir: Tensor, swir2: Tensor) -> Tensor:
    """(nir - swir2) / (nir + swir2): normalised burn ratio.

    López García, Caselles (1991): Geocarto International 6, 31-37.
    """
    return _normalised_difference(nir, swir2)


# The arguments of each function are in the order of ``core.options.INDEX_ROLES``.
INDICES: dict[str, Callable[..., Tensor]] = {
    "NDVI": ndvi,
    "EVI": evi,
    "SAVI": savi,
    "NDWI": ndwi,
    "MNDWI": mndwi,
    "NDBI": ndbi,
    "BSI": bsi,
    "NDRE": ndre,
    "CIRE": cire,
    "MSAVI": msavi,
    "GNDVI": gndvi,
    "NDMI": ndmi,
    "NBR": nbr,
}


def _normalised_difference(first: Tensor, second: Tensor) -> Tensor:
    return _ratio(first - second, first + second)


def _ratio(numerator: Tensor, denominator: Tensor) -> Tensor:
    return torch.where(denominator == 0, torch.nan, numerator / denominator)


def available_indices(
    wanted: Sequence[str], roles: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Split indices into those that can be computed and those whose bands are missing.

    Args:
        wanted: Names of the requested indices.
        roles: Band name of each role.

    Returns:
        Names of the indices that can be computed, in the requested order; and the missing roles of
        each of the others.

    Raises:
        ParameterError: An index does not exist.
    """
    unknown = [name for name in wanted if name not in INDEX_ROLES]
    if unknown:
        raise ParameterError(
            "{index!r} is not a spectral index",
            advice="Choose from: {choices}.",
            index=unknown[0],
            choices=", ".join(INDEX_ROLES),
        )
    lacking = {name: tuple(role for role in INDEX_ROLES[name] if role not in roles) for name in wanted}
    usable = tuple(name for name in wanted if not lacking[name])
    return usable, {name: missing for name, missing in lacking.items() if missing}


def usable_indices(wanted: Sequence[str], roles: Mapping[str, str], progress: Progress) -> tuple[str, ...]:
    """Return the indices that can be computed, each once, and log the others.

    Args:
        wanted: Names of the requested indices.
        roles: Band name of each role.
        progress: Progress reporter.

    Raises:
        ParameterError: An index does not exist.
    """
    indices, skipped = available_indices(tuple(dict.fromkeys(wanted)), roles)
    for missing in dict.fromkeys(skipped.values()):
        progress.log(
            "No band has the role {roles}, so these indices are left out: {indices}.",
            "warning",
            roles=alternatives(missing),
            indices=", ".join(index for index, roles in skipped.items() if roles == missing),
        )
    return indices


def guess_reflectance_scale(values: Float32Array | Tensor) -> float:
    """Return the factor from stored values of the optical bands to reflectance.

    Formulas with constants (EVI, SAVI, MSAVI) need reflectance; the others do not depend on the scale.
    The rule uses the 99th percentile of the finite values. Up to 2, they are reflectance, which exceeds
    1 on snow and cloud. Up to 255, they are 8-bit numbers. Above, they are reflectance times 10,000, as
    in Sentinel-2, Landsat ARD and most analysis-ready data.

    Args:
        values: Stored values of any shape; NaN where invalid.
    """
    finite = np.asarray(values)
    finite = finite[np.isfinite(finite)]
    if finite.size == 0:
        return 1.0
    high = float(np.percentile(finite, 99))
    if high <= 2.0:
        return 1.0
    return 1.0 / 255.0 if high <= 255.0 else 1.0 / 10_000.0


def scale_for_indices(indices: Sequence[str], values: Float32Array | Tensor, progress: Progress) -> float:
    """Return the guessed factor from stored values to reflectance, and log it.

    Args:
        indices: Names of the indices that are computed, for the log.
        values: Stored values of any shape; NaN where invalid.
        progress: Progress reporter.
    """
    scale = guess_reflectance_scale(values)
    progress.log(
        "Indices {indices} use the stored values as reflectance."
        if scale == 1.0
        else "Indices {indices} use the stored values times {scale:g} as reflectance.",
        indices=", ".join(indices),
        scale=scale,
    )
    return scale


def compute_channels(
    values: Tensor,
    bands: Sequence[str],
    indices: Sequence[str],
    roles: Mapping[str, str],
    reflectance_scale: float,
) -> Tensor:
    """Return the bands as they are stored, followed by the indices; NaN where not finite.

    Args:
        values: Stored values, shape (..., bands, rows, columns).
        bands: Names of the bands in ``values``, in their order.
        indices: Names of the indices to compute. ``roles`` must have all of their roles.
        roles: Band name of each role.
        reflectance_scale: Factor from stored values to reflectance.

    Returns:
        Channels of shape (..., bands + indices, rows, columns).
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


def limited(channels: Tensor, limits: Sequence[tuple[float | None, float | None]]) -> Tensor:
    """Return channels clamped to limits; NaN stays NaN.

    Args:
        channels: Channel values, shape (..., channels, rows, columns).
        limits: Smallest and largest value of each channel in its units, None for no limit; empty for none.
    """
    if not limits:
        return channels
    low, high = (
        torch.tensor(
            [end if pair[side] is None else pair[side] for pair in limits],
            dtype=channels.dtype,
            device=channels.device,
        )[:, None, None]
        for side, end in enumerate((-torch.inf, torch.inf))
    )
    return channels.clamp(low, high)


def standardise(
    channels: Tensor,
    mean: Sequence[float],
    std: Sequence[float],
    clip: float,
    limits: Sequence[tuple[float | None, float | None]],
) -> Tensor:
    """Return ``(channels - mean) / std`` clamped to ``±clip``; NaN becomes 0, the channel's mean.

    Args:
        channels: Channel values, shape (..., channels, rows, columns).
        mean: Mean of each channel, in its units.
        std: Standard deviation of each channel, in its units; 0 (a constant band) counts as 1.
        clip: Largest absolute value of the result, in standard deviations.
        limits: Limits of each channel, to which it is clamped first, see ``limited``.
    """
    channels = limited(channels, limits)
    means = torch.tensor(mean, dtype=channels.dtype, device=channels.device)[:, None, None]
    deviations = torch.tensor(std, dtype=channels.dtype, device=channels.device)[:, None, None]
    deviations = torch.where(deviations > 0, deviations, torch.ones_like(deviations))
    return ((channels - means) / deviations).clamp(-clip, clip).nan_to_num(nan=0.0)
