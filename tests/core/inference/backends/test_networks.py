"""Transformers and ResNets with attention on each backend: logits as accurate as the precision allows."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from deep_land_cover.core.inference.backends.base import (
    PatchNetwork,
    is_accurate,
    random_patches,
    relative_error,
)
from deep_land_cover.core.inference.backends.choice import KINDS
from deep_land_cover.core.inference.backends.openvino_backend import has_nncf, is_installed, quantised
from deep_land_cover.core.inference.predictors.shared_stem import cut_network
from deep_land_cover.core.models.network import build_network

CPU = torch.device("cpu")
CHANNELS, SIZE = 5, 17
# Architecture and attention.
NETWORKS = {
    "vit": ("vit", "none"),
    "swin": ("swin", "none"),
    "se": ("resnet18", "se"),
    "cbam": ("resnet18", "cbam"),
}
each_network = pytest.mark.parametrize("case", NETWORKS)


def made(case: str) -> PatchNetwork:
    """Return an untrained network with statistics of random patches."""
    name, attention = NETWORKS[case]
    torch.manual_seed(0)
    network = build_network(name, CHANNELS, 4, patch_size=SIZE, attention=attention)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = 0.5
    with torch.inference_mode():
        for _ in range(4):
            network.train()(torch.randn(32, CHANNELS, SIZE, SIZE))
    return PatchNetwork(network.eval(), CHANNELS, SIZE, CPU)


@pytest.mark.medium(but=("torch-fp32-vit",))
@each_network
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_backend_computes_the_network(kind, precision, case):
    if precision not in kind.precisions(CPU):
        pytest.skip(f"{kind.name} has no {precision} here")
    network = made(case)
    assert is_accurate(kind.make(network, precision), network)


@pytest.mark.medium
@pytest.mark.skipif(not (is_installed() and has_nncf()), reason="NNCF is not installed")
@each_network
@pytest.mark.slow(but=("se",))
def test_8_bits_are_close(case):
    network = made(case)
    # A map takes close decisions again in more bits. An untrained transformer has an error of 0.5.
    assert relative_error(quantised(network, random_patches(network, 64)), network) < 0.7


@pytest.mark.medium(but=("se",))
@each_network
def test_a_stem_is_shared_where_there_is_one(case):
    # A transformer has none, and attention comes behind that of a ResNet.
    assert (cut_network(made(case)) is not None) == case.startswith(("se", "cbam"))
