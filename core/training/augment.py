"""Random changes to what a network is shown, drawn off the device: a seed gives the same on any."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..samples.pixels import TURNS
from ..samples.samples import Integers
from .settings import FitSettings


def draw_orientations(count: int, settings: FitSettings, generator: np.random.Generator) -> Integers | None:
    """Return for each patch one of the eight orientations of a square, None where none is wanted.

    Seen from above, land cover has no up.
    """
    return generator.integers(TURNS, size=count) if settings.augment else None


def vary(patches: Tensor, settings: FitSettings, generator: np.random.Generator) -> Tensor:
    """Return patches of other brightness, and with channels blanked, as ``settings`` has it.

    Haze, light and season differ between places more than within one; a network that has seen
    such differences relies less on them.

    Args:
        patches: Standardised, shape (N, channels, rows, columns).
        settings: ``brightness`` is the standard deviation of a factor for the whole patch and of a
            sum for each channel; ``band_dropout`` the chance of a channel to become 0, its mean.
        generator: Draws them.
    """
    count, channels = patches.shape[:2]
    if settings.brightness > 0:
        factors = 1.0 + settings.brightness * generator.standard_normal((count, 1, 1, 1))
        sums = settings.brightness * generator.standard_normal((count, channels, 1, 1))
        patches = torch.addcmul(_like(sums, patches), patches, _like(factors, patches))
    if settings.band_dropout > 0:
        kept = generator.random((count, channels, 1, 1)) >= settings.band_dropout
        patches = patches * _like(kept, patches)
    return patches


def _like(numbers: np.ndarray, patches: Tensor) -> Tensor:
    return torch.from_numpy(numbers).to(device=patches.device, dtype=patches.dtype)
