"""A network whose batch norm is folded and whose small maps are matrices gives the same logits."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.specialise import (
    MapProduct,
    PixelProducts,
    folded,
    with_matrices,
)


def trained_like(network: nn.Module) -> nn.Module:
    """Give batch norm statistics that differ from those of an untrained network."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0.0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
    return network.eval()


def counted(network: nn.Module, kind: type[nn.Module]) -> int:
    return sum(isinstance(module, kind) for module in network.modules())


@pytest.mark.medium(but=("resnet18-32-9-False", "resnet18-17-10-False"))
@pytest.mark.parametrize(
    ("name", "size", "matrices", "small_stem"),
    [
        # Maps of 2 x 2 from the third stage on, but for the kernels that come from 4 x 4.
        ("resnet18", 32, 4 - 1 + 1 + 4 + 1, False),
        ("resnet50", 32, 3 * 6 - 2 + 1 + 3 * 3 + 1, False),
        ("resnet18", 8, 4 * 4 + 3, False),
        ("resnet18", 17, 8 + 2, False),
        ("resnet18", 16, 4 - 1 + 1, True),
        ("resnet18", 64, 4 - 1 + 1, False),
        ("resnet18", 100, 0, False),
    ],
)
def test_the_logits_stay_what_they_are_at_any_patch_size(name, size, matrices, small_stem):
    torch.manual_seed(size)
    network = trained_like(build_network(name, 5, 4, small_stem=small_stem))
    before = copy.deepcopy(network.state_dict())
    patches = torch.randn(4, 5, size, size)
    with torch.no_grad():
        expected = network(patches)
        quick = with_matrices(folded(network), 5, size)
        assert torch.allclose(quick(patches), expected, rtol=1e-3, atol=1e-3 * float(expected.std()))
        other = patches.contiguous(memory_format=torch.channels_last)
        assert torch.allclose(quick(other), expected, rtol=1e-3, atol=1e-3 * float(expected.std()))
    assert counted(quick, nn.BatchNorm2d) == 0
    assert counted(quick, MapProduct) + counted(quick, PixelProducts) == matrices
    # The network itself is as it was.
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "size"),
    [(3, 1, 1, 2), (3, 2, 1, 2), (3, 1, 1, 1), (2, 1, 0, 2), (5, 2, 2, 3)],
)
def test_a_matrix_is_the_convolution(kernel, stride, padding, size):
    layer = nn.Conv2d(3, 4, kernel, stride, padding)
    maps = torch.randn(6, 3, size, size)
    expected = layer(maps).permute(0, 2, 3, 1).flatten(1, 2)
    rows = maps.permute(0, 2, 3, 1).flatten(1, 2)
    assert torch.allclose(MapProduct(layer, size)(rows), expected, atol=1e-5)


def test_a_strided_kernel_of_one_tap_picks_its_pixels():
    layer = nn.Conv2d(3, 4, 1, 2)
    maps = torch.randn(2, 3, 4, 4)
    rows = maps.permute(0, 2, 3, 1).flatten(1, 2)
    expected = layer(maps).permute(0, 2, 3, 1).flatten(1, 2)
    assert torch.allclose(PixelProducts(layer, 4)(rows), expected, atol=1e-6)


class Forked(nn.Module):
    """Uses one convolution twice and a map both before and after its batch norm."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Conv2d(4, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.last = nn.Linear(16, 2)

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        maps = self.shared(patches)
        maps = maps * self.norm(self.shared(maps)).sigmoid()
        return self.last(maps.flatten(1))


def test_what_is_used_twice_is_neither_folded_nor_lost():
    network = trained_like(Forked())
    patches = torch.randn(5, 4, 2, 2)
    quick = with_matrices(folded(network), 4, 2)
    assert counted(quick, nn.BatchNorm2d) == 1
    assert torch.allclose(quick(patches), network(patches), atol=1e-5)
