"""How far a backend's logits are from those of the plain network."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ..backend_names import BF16, FP16, FP32, TF32
from .backend import Backend, PatchNetwork, tensor_float

_PATCHES = 16
_TOLERANCES = {FP32: 1e-3, TF32: 0.02, FP16: 0.02, BF16: 0.1}
"""Largest error for a sound backend. Measured for ResNets: 1e-6 in fp32, 0.02 in bf16."""


def is_sound(backend: Backend, network: PatchNetwork) -> bool:
    """Return whether a backend computes the network's function, as exactly as its precision lets it."""
    return relative_error(backend, network) <= _TOLERANCES.get(backend.method.precision, math.inf)


@torch.inference_mode()
def relative_error(backend: Backend, network: PatchNetwork) -> float:
    """Return the root mean square error of the logits on random standardised patches.

    It is relative to that of the logits around each patch's mean, as only their differences count.
    """
    patches = random_patches(network, _PATCHES)
    with tensor_float(False):
        expected = _centred(network.plain(patches).float())
    given = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    found = _centred(torch.cat(list(backend.scores([given], _PATCHES))).to(expected.device))
    error = (found - expected).square().mean() / expected.square().mean().clamp_min(1e-12)
    return float(error.sqrt().nan_to_num(nan=math.inf))


def random_patches(network: PatchNetwork, count: int) -> Tensor:
    """Return float32 patches of mean 0 and deviation 1, the same ones each time."""
    generator = torch.Generator().manual_seed(0)
    shape = (count, network.channels, network.patch_size, network.patch_size)
    return torch.randn(shape, generator=generator).to(network.device)


def _centred(logits: Tensor) -> Tensor:
    return logits - logits.mean(dim=1, keepdim=True)
