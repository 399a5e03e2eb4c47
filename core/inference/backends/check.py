"""How far a backend's logits are from those of the plain network."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable

import torch
from torch import Tensor

from ..backend_names import BF16, FP16, TF32
from .backend import Backend, PatchNetwork, tensor_float

_PATCHES = 16
_EXACT = 1e-3
"""Largest error of another order of sums in 32 bits; measured for ResNets: 1e-5."""
_FACTOR, _MOST = 2.0, 0.3
_ROUNDED = {TF32: torch.float16, FP16: torch.float16, BF16: torch.bfloat16}
"""The numbers of a precision; TF32 has the digits of fp16."""


def is_sound(backend: Backend, network: PatchNetwork) -> bool:
    """Return whether a backend computes the network's function, as exactly as its precision lets it.

    What the precision costs depends on the network, so it is seen by the plain network in the same
    numbers: a ResNet that was trained for a minute is 15 % off in bf16.
    """
    own = _own_error(network, _ROUNDED.get(backend.method.precision))
    return relative_error(backend, network) <= _EXACT + _FACTOR * min(own, _MOST)


@torch.inference_mode()
def is_exact(compute: Callable[[Tensor], Tensor], network: PatchNetwork) -> bool:
    """Return whether a function of patches gives the network's logits but for the order of their sums."""
    patches = random_patches(network, _PATCHES)
    return _error(compute(patches), network, patches) <= _EXACT


@torch.inference_mode()
def relative_error(backend: Backend, network: PatchNetwork) -> float:
    """Return the root mean square error of the logits on random standardised patches.

    It is relative to that of the logits around each patch's mean, as only their differences count.
    """
    patches = random_patches(network, _PATCHES)
    given = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    return _error(torch.cat(list(backend.scores([given], _PATCHES))), network, patches)


@torch.inference_mode()
def _own_error(network: PatchNetwork, dtype: torch.dtype | None) -> float:
    """Return that of the plain network in these numbers; 0 for none."""
    if dtype is None:
        return 0.0
    patches = random_patches(network, _PATCHES)
    return _error(copy.deepcopy(network.plain).to(dtype)(patches.to(dtype)), network, patches)


def _error(found: Tensor, network: PatchNetwork, patches: Tensor) -> float:
    with tensor_float(False):
        expected = _centred(network.plain(patches).float())
    error = (_centred(found.to(expected)) - expected).square().mean()
    return float((error / expected.square().mean().clamp_min(1e-12)).sqrt().nan_to_num(nan=math.inf))


def random_patches(network: PatchNetwork, count: int) -> Tensor:
    """Return float32 patches of mean 0 and deviation 1, the same ones each time."""
    generator = torch.Generator().manual_seed(0)
    shape = (count, network.channels, network.patch_size, network.patch_size)
    return torch.randn(shape, generator=generator).to(network.device)


def _centred(logits: Tensor) -> Tensor:
    return logits - logits.mean(dim=1, keepdim=True)
