from __future__ import annotations

import pytest
import torch
from torch import nn

from deep_land_cover.core.errors import DeviceError
from deep_land_cover.core.inference.dense_predictor import DensePredictor
from deep_land_cover.core.models.dense import GRID, HALO
from deep_land_cover.core.models.network import build_network

CPU = torch.device("cpu")


def scene(size: int) -> torch.Tensor:
    """Smooth and rough values, as land has them."""
    generator = torch.Generator().manual_seed(2)
    coarse = torch.randn(1, 3, size // 32, size // 32, generator=generator)
    smooth = nn.functional.interpolate(coarse, size=(size, size), mode="bilinear")
    return (smooth + 0.3 * torch.randn(1, 3, size, size, generator=generator))[0]


@pytest.fixture(scope="module")
def trained() -> nn.Module:
    """A U-Net after a few steps towards which of three bands is brightest around a pixel."""
    torch.manual_seed(0)
    network = build_network("unet_resnet18", 3, 3)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = 0.3
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3)
    values = scene(256)
    truth = nn.functional.avg_pool2d(values[None], 15, 1, 7).argmax(dim=1)
    for step in range(24):
        top, left = 32 * (step % 5), 32 * (step // 5)
        square = (..., slice(top, top + 96), slice(left, left + 96))
        inputs = torch.stack([values[square], values.flip(-1)[square]])
        labels = torch.cat([truth[square], truth.flip(-1)[square]])
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(inputs), labels).backward()
        optimiser.step()
    return network.eval()


def labels(network: nn.Module, values: torch.Tensor, tile: int) -> torch.Tensor:
    """Return the map that comes of square tiles of so many pixels, with what lies around them."""
    size = values.shape[-1] - 2 * HALO
    predictor = DensePredictor(network, CPU)
    result = torch.zeros(size, size, dtype=torch.int64)
    for top in range(0, size, tile):
        for left in range(0, size, tile):
            height, width = min(tile, size - top), min(tile, size - left)
            around = values[:, top : top + height + 2 * HALO, left : left + width + 2 * HALO]
            rows, columns = (
                axis.flatten() + HALO
                for axis in torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
            )
            scores = predictor.predict(
                around, torch.ones_like(around[0], dtype=torch.bool), rows, columns, int
            )
            assert scores.shape == (height * width, 3) and scores.dtype == torch.float32
            result[top : top + height, left : left + width] = scores.argmax(dim=1).view(height, width)
    return result


@pytest.mark.slow
def test_no_seam_shows_whatever_the_tiles(trained: nn.Module) -> None:
    # Tiles of a map have 256 pixels or more.
    values = scene(512 + 2 * HALO)
    whole, tiles = labels(trained, values, 512), labels(trained, values, 256)
    assert len(whole.unique()) == 3
    assert (whole == tiles).float().mean().item() >= 0.999


def test_scores_are_those_at_the_pixels_asked_for(trained: nn.Module) -> None:
    values = scene(64 + 2 * HALO)
    predictor = DensePredictor(trained, CPU)
    rows, columns = torch.tensor([HALO, HALO + 63]), torch.tensor([HALO + 5, HALO])
    counted: list[int] = []
    scores = predictor.predict(
        values, torch.ones_like(values[0], dtype=torch.bool), rows, columns, counted.append
    )
    with torch.inference_mode():
        expected = trained(values[None])[0, :, rows, columns].T
    torch.testing.assert_close(scores, expected)
    assert counted == [2]
    rate = predictor.model_rate(0.0)
    assert rate is not None and rate > 0
    assert (predictor.before, predictor.behind, predictor.alignment) == (HALO, HALO, GRID)


def test_a_full_memory_is_a_sentence() -> None:
    class Full(nn.Module):
        def forward(self, tile: torch.Tensor) -> torch.Tensor:
            raise torch.OutOfMemoryError("CUDA out of memory")

    zeros = torch.zeros(2, 32, 32)
    with pytest.raises(DeviceError, match="tile of 32 x 32 pixels"):
        DensePredictor(Full(), CPU).predict(zeros, zeros[0] == 0, *torch.zeros(2, 1, dtype=torch.int64), int)
