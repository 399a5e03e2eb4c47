"""Stem and rest of a network are together the network."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.inference.predictors.shared_stem import cut_stem
from deep_land_cover.core.models.network import build_network


@pytest.mark.medium(but=("resnet18-16",))
@pytest.mark.parametrize(("name", "size"), [("resnet18", 16), ("resnet50", 32), ("resnet101", 32)])
def test_the_rest_of_what_the_stem_gives_is_what_the_network_gives(name, size):
    torch.manual_seed(1)
    network = build_network(name, 5, 4)
    # Batch norm that has seen something, whose folding would show.
    with torch.no_grad():
        network.train()(torch.randn(32, 5, size, size) * 3.0 + 1.0)
    network.eval()
    cut = cut_stem(network)
    assert cut is not None
    stem, rest = cut
    patches = torch.randn(6, 5, size, size)
    with torch.inference_mode():
        maps = stem(patches)
        assert maps.shape == (6, 64, size // 4, size // 4) and float(maps.min()) >= 0.0
        expected = network(patches)
        assert torch.allclose(rest(maps), expected, atol=1e-4 * float(expected.abs().max()))


def test_the_network_stays_as_it_is():
    network = build_network("resnet18", 3, 2).eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    cut = cut_stem(network)
    assert cut is not None
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert "conv1.weight" not in cut[1].state_dict()


def first(*layers: nn.Module) -> nn.Module:
    return nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(2))


class Remembers(nn.Module):
    """Uses what its convolution gives a second time."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution, self.relu, self.pool = nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2)

    def forward(self, patches: Tensor) -> Tensor:
        maps = self.convolution(patches)
        return self.pool(self.relu(maps)).mean(dim=(2, 3)) + maps.mean(dim=(2, 3))


@pytest.mark.parametrize(
    "network",
    [
        build_network("resnet18", 3, 2, small_stem=True),
        first(nn.Conv2d(3, 4, 3), nn.MaxPool2d(2), nn.ReLU()),
        first(nn.Conv2d(3, 4, 3), nn.Sigmoid(), nn.MaxPool2d(2)),
        first(nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect"), nn.ReLU(), nn.MaxPool2d(2)),
        first(nn.Conv2d(3, 4, (3, 5)), nn.ReLU(), nn.MaxPool2d(2)),
        first(nn.Conv2d(3, 4, 3, dilation=2), nn.ReLU(), nn.MaxPool2d(2)),
        first(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)),
        Remembers(),
    ],
)
def test_what_begins_otherwise_is_left_whole(network):
    assert cut_stem(network.eval()) is None
