from __future__ import annotations

import pytest
import torch
from torch import nn

from deep_land_cover.core.errors import DeviceError
from deep_land_cover.core.inference.predictors.dense import DensePredictor
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.options import DENSE_GRID, DENSE_HALO
from deep_land_cover.core.progress import SilentProgress

CPU = torch.device("cpu")
EXACT_HALO = architecture("unet_resnet18").exact_halo


def scene(size: int) -> torch.Tensor:
    """Smooth and rough values, as land has them."""
    generator = torch.Generator().manual_seed(2)
    coarse = torch.randn(1, 3, size // 32, size // 32, generator=generator)
    smooth = nn.functional.interpolate(coarse, size=(size, size), mode="bilinear")
    return (smooth + 0.3 * torch.randn(1, 3, size, size, generator=generator))[0]


# The steps take seconds, so all tests that need them are medium.
@pytest.fixture(scope="module", params=[pytest.param(24, id="24 steps", marks=pytest.mark.medium)])
def trained(request: pytest.FixtureRequest) -> nn.Module:
    """A U-Net after a few steps towards which of three bands is brightest around a pixel."""
    torch.manual_seed(0)
    network = build_network("unet_resnet18", 3, 3)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = 0.3
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3)
    values = scene(256)
    truth = nn.functional.avg_pool2d(values[None], 15, 1, 7).argmax(dim=1)
    for step in range(request.param):
        top, left = 32 * (step % 5), 32 * (step // 5)
        square = (..., slice(top, top + 96), slice(left, left + 96))
        inputs = torch.stack([values[square], values.flip(-1)[square]])
        labels = torch.cat([truth[square], truth.flip(-1)[square]])
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(inputs), labels).backward()
        optimiser.step()
    return network.eval()


def predictor_of(
    network: nn.Module, halo: int = DENSE_HALO, cells: int = 0, precision: str = "fp32"
) -> DensePredictor:
    return DensePredictor(network, CPU, halo, cells, SilentProgress(), precision)


def labels(network: nn.Module, values: torch.Tensor, tile: int, halo: int = DENSE_HALO) -> torch.Tensor:
    """Return the map that comes of square tiles of so many pixels, with what lies around them."""
    size = values.shape[-1] - 2 * halo
    predictor = predictor_of(network, halo)
    result = torch.zeros(size, size, dtype=torch.int64)
    for top in range(0, size, tile):
        for left in range(0, size, tile):
            height, width = min(tile, size - top), min(tile, size - left)
            around = values[:, top : top + height + 2 * halo, left : left + width + 2 * halo]
            rows, columns = (
                axis.flatten() + halo
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
    values = scene(512 + 2 * DENSE_HALO)
    whole, tiles = labels(trained, values, 512), labels(trained, values, 256)
    assert len(whole.unique()) == 3
    assert (whole == tiles).float().mean().item() >= 0.999


def test_with_all_that_counts_around_them_tiles_of_any_size_give_the_same_labels(trained: nn.Module) -> None:
    values = scene(64 + 2 * EXACT_HALO)
    whole = labels(trained, values, 64, EXACT_HALO)
    assert len(whole.unique()) == 3
    assert torch.equal(labels(trained, values, 32, EXACT_HALO), whole)


@pytest.mark.medium
def test_nothing_further_away_than_the_exact_halo_changes_a_score() -> None:
    """By the gradient: what has none does not count. The deeper network looks further."""
    torch.manual_seed(0)
    network = build_network("unet_resnet50", 1, 2).eval()
    size = 2 * EXACT_HALO + 3 * DENSE_GRID
    for layer in network.modules():
        if isinstance(layer, nn.ReLU):
            # No unit is dead, so that all that could count does.
            layer.forward = lambda values: values  # type: ignore[method-assign]
    # A column of the raster: how far it is seen along one axis does not depend on the other.
    values = torch.zeros(1, 1, size, DENSE_GRID, requires_grad=True)
    scores = network(values)[0, 0]
    middle = EXACT_HALO + DENSE_GRID
    for row in (middle, middle + DENSE_GRID - 1):
        (gradient,) = torch.autograd.grad(scores[row, DENSE_GRID // 2], values, retain_graph=True)
        seen = gradient[0, 0].abs().sum(dim=1).nonzero()
        assert row - EXACT_HALO <= int(seen.min()) < row - 200
        assert row + 200 < int(seen.max()) <= row + EXACT_HALO


@pytest.mark.slow(but=("24 steps-4",))
@pytest.mark.parametrize("cells", [1, 4, 9])
def test_pieces_of_a_tile_give_what_they_give_as_tiles_of_their_own(trained: nn.Module, cells: int) -> None:
    values = scene(96 + 2 * DENSE_HALO)
    everywhere = torch.meshgrid(torch.arange(96) + DENSE_HALO, torch.arange(96) + DENSE_HALO, indexing="ij")
    # Some of them only, in no order.
    chosen = torch.randperm(96**2, generator=torch.Generator().manual_seed(1))[:500]
    rows, columns = (axis.flatten()[chosen] for axis in everywhere)
    counted: list[int] = []
    scores = predictor_of(trained, DENSE_HALO, cells).predict(
        values, torch.ones_like(values[0], dtype=torch.bool), rows, columns, counted.append
    )
    side = {1: 32, 4: 64, 9: 96}[cells]
    assert sum(counted) == 500 and len(counted) == (96 // side + (96 % side > 0)) ** 2
    with torch.inference_mode():
        for position in range(0, 500, 25):
            top, left = (int(axis[position] - DENSE_HALO) // side * side for axis in (rows, columns))
            own = trained(
                values[None, :, top : top + side + 2 * DENSE_HALO, left : left + side + 2 * DENSE_HALO]
            )[0]
            expected = own[:, rows[position] - top, columns[position] - left]
            torch.testing.assert_close(scores[position], expected, rtol=1e-4, atol=1e-4)


def test_pieces_get_smaller_until_they_fit_the_memory() -> None:
    class Little(nn.Module):
        def forward(self, tile: torch.Tensor) -> torch.Tensor:
            if tile.shape[-1] > 64 + 2 * DENSE_HALO:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return tile[:, :2]

    values = scene(128 + 2 * DENSE_HALO)
    rows = columns = torch.arange(128) + DENSE_HALO
    progress = SilentProgress()
    predictor = DensePredictor(Little(), CPU, DENSE_HALO, 16, progress)
    scores = predictor.predict(values, values[0] == values[0], rows, columns, int)
    assert torch.equal(scores, values[:2, rows, columns].T)
    assert predictor.batch_size == 4
    assert "windows of 64 pixels" in progress.lines[-1][1]


def test_scores_are_those_at_the_pixels_asked_for() -> None:
    values = scene(64 + 2 * DENSE_HALO)
    torch.manual_seed(0)
    network = build_network("unet_resnet18", 3, 3).eval()
    predictor = predictor_of(network)
    rows, columns = torch.tensor([DENSE_HALO, DENSE_HALO + 63]), torch.tensor([DENSE_HALO + 5, DENSE_HALO])
    counted: list[int] = []
    scores = predictor.predict(
        values, torch.ones_like(values[0], dtype=torch.bool), rows, columns, counted.append
    )
    with torch.inference_mode():
        expected = network(values[None])[0, :, rows, columns].T
    torch.testing.assert_close(scores, expected)
    assert counted == [2]
    rate = predictor.model_rate(0.0)
    assert rate is not None and rate > 0
    assert (predictor.before, predictor.behind, predictor.alignment) == (DENSE_HALO, DENSE_HALO, DENSE_GRID)


def test_a_full_memory_is_a_sentence() -> None:
    class Full(nn.Module):
        def forward(self, tile: torch.Tensor) -> torch.Tensor:
            raise torch.OutOfMemoryError("CUDA out of memory")

    zeros = torch.zeros(2, 224, 224)
    with pytest.raises(DeviceError, match="tile of 224 x 224 pixels"):
        predictor_of(Full()).predict(zeros, zeros[0] == 0, *torch.full((2, 1), DENSE_HALO), int)


def test_16_bits_give_nearly_the_labels_of_32_and_other_numbers(trained):
    values = scene(224)
    rows, columns = (
        axis.flatten() for axis in torch.meshgrid(torch.arange(96, 128), torch.arange(96, 128), indexing="ij")
    )
    valid = torch.ones(224, 224, dtype=torch.bool)
    exact, rounded = (
        predictor_of(trained, precision=name).predict(values, valid, rows, columns, lambda _: None)
        for name in ("fp32", "bf16")
    )
    assert rounded.dtype == torch.float32 and not torch.equal(rounded, exact)
    # Eight bits of each number.
    assert float((rounded - exact).abs().mean()) < 0.03 * float(exact.abs().mean())
    assert float((rounded.argmax(1) == exact.argmax(1)).float().mean()) > 0.97
