"""Flips and quarter turns of patches, on the device that holds them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

TURNS = 8
"""The symmetries of a square: four quarter turns, each plain or mirrored."""


def augment(patches: Tensor, generator: np.random.Generator) -> Tensor:
    """Return each patch in one of its eight orientations, drawn at random.

    Seen from above, land cover has no up. The draw is made off the device, so that a seed gives
    the same on any. (The centre of an even patch moves by up to a pixel.)

    Args:
        patches: Shape (N, channels, size, size).
        generator: Draws the orientations.
    """
    orientations = generator.integers(TURNS, size=len(patches))
    turned = torch.empty_like(patches)
    for orientation in range(TURNS):
        members = torch.from_numpy(np.flatnonzero(orientations == orientation)).to(patches.device)
        if len(members):
            turned[members] = oriented(patches[members], orientation)
    return turned


def oriented(patches: Tensor, orientation: int) -> Tensor:
    """Return the patches in orientation 0 to 7: quarter turns, from 4 on mirrored before."""
    mirrored = patches.flip(-1) if orientation >= TURNS // 2 else patches
    return torch.rot90(mirrored, orientation % (TURNS // 2), dims=(-2, -1))
