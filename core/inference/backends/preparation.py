"""The form of a network that only classifies patches of one size."""

from __future__ import annotations

import copy

import torch
from torch import nn

from ...models.folding import folded
from ...models.matrix_form import with_matrices
from .backend import PatchNetwork


def prepared(network: PatchNetwork, dtype: torch.dtype = torch.float32) -> nn.Module:
    """Return a copy whose batch norm is folded, whose small maps are matrices, channels last.

    Its logits are those of the plain network but for rounding, which whoever uses it checks.

    Args:
        network: It is not changed.
        dtype: Of its weights, and of the patches that it takes.

    Raises:
        Exception: Whatever PyTorch's tracer raises of a network that it cannot follow.
    """
    graph = with_matrices(folded(network.plain), network.channels, network.patch_size)
    # The graph still shares what was not folded with the plain network.
    own: nn.Module = copy.deepcopy(graph).requires_grad_(False)
    return own.to(network.device, dtype).to(memory_format=torch.channels_last)
