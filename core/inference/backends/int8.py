"""Networks of 8-bit numbers, by NNCF (https://docs.openvino.ai, post-training quantisation).

The range of each layer's values is taken from patches of the raster that will be classified.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable

import torch
from torch import Tensor

from ..backend_names import INT8
from .backend import Backend, PatchNetwork, tensor_float
from .openvino_backend import OpenVinoBackend, converted, openvino_module

CALIBRATION_PATCHES = 300
"""Patches that the ranges are taken from."""
TEST_PATCHES = 2000
"""Further patches, by which the classes are compared."""

_BATCH = 64


def quantised(network: PatchNetwork, patches: Tensor) -> Backend:
    """Return the network in 8-bit numbers.

    Args:
        network: Its convolutions and matrices are quantised.
        patches: Standardised patches (N, channels, rows, columns), float32, that stand for what will
            be classified.
    """
    openvino_module()
    nncf = importlib.import_module("nncf")
    inputs = [patch[None].contiguous().numpy() for patch in patches]
    # Its progress bars are for a terminal, and stdout is not ours.
    with contextlib.redirect_stdout(sys.stderr):
        model = nncf.quantize(
            converted(network),
            nncf.Dataset(inputs),
            subset_size=len(inputs),
            # The correction made fewer classes stay what they are: 98.1 % of a small network's, not 98.9 %.
            advanced_parameters=nncf.AdvancedQuantizationParameters(disable_bias_correction=True),
        )
    return OpenVinoBackend(model, INT8)


@torch.inference_mode()
def agreement(
    backend: Backend, network: PatchNetwork, patches: Tensor, decide: Callable[[Tensor], Tensor]
) -> float:
    """Return the share of patches, 0 to 1, that get the class which the plain network gives them.

    Args:
        backend: What is judged.
        network: In float32.
        patches: Standardised patches (N, channels, rows, columns), float32.
        decide: From logits (N, classes) to classes (N,).
    """
    given = patches.to(network.device, backend.dtype).contiguous(memory_format=torch.channels_last)
    size = backend.batch_size
    found = torch.cat(list(backend.scores(torch.split(given, size), size)))
    with tensor_float(False):
        expected = torch.cat(
            [network.plain(batch).float() for batch in torch.split(patches.to(network.device), _BATCH)]
        )
    return float((decide(found) == decide(expected)).double().mean())
