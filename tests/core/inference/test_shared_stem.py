"""The stem of overlapping patches is computed once, and gives what it gives each patch by itself."""

from __future__ import annotations

from math import inf

import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.inference.backends.base import PatchNetwork
from deep_land_cover.core.inference.backends.cascade import Computation, Recomputation
from deep_land_cover.core.inference.backends.torch_backend import TorchBackend, plain_backend
from deep_land_cover.core.inference.predictors.patch import PatchPredictor
from deep_land_cover.core.inference.predictors.shared_stem import (
    GatheredMaps,
    OwnMaps,
    SharedStem,
    Stem,
    cut_network,
    cut_stem,
)
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.progress import SilentProgress

CPU = torch.device("cpu")
CHANNELS, SIZE = 5, 32
# Convolution: kernel, stride, padding; maximum: window, stride, padding; size of the patch.
STEMS = {
    "ResNet": ((7, 2, 3), (3, 2, 1), 32),
    "a small patch": ((7, 2, 3), (3, 2, 1), 8),
    "an odd patch": ((7, 2, 3), (3, 2, 1), 19),
    "no padding": ((5, 2, 0), (2, 2, 0), 24),
    "no stride": ((3, 1, 1), (2, 2, 0), 12),
    "steps of three": ((4, 3, 1), (3, 1, 1), 21),
    "a maximum with gaps": ((3, 2, 1), (2, 3, 0), 33),
}


def make_stem(name: str, max_work: float = 1.0) -> tuple[SharedStem, Stem, int]:
    (kernel, step, padding), pool, size = STEMS[name]
    torch.manual_seed(1)
    stem = Stem(nn.Conv2d(CHANNELS, 6, kernel, step, padding), nn.MaxPool2d(*pool))
    return SharedStem(stem, size, max_work=max_work), stem, size


def places(count: int, stride: int, first: int = 2) -> tuple[Tensor, Tensor]:
    """Return first rows and columns of patches in a square, row by row."""
    starts = first + stride * torch.arange(count)
    return starts.repeat_interleave(count), starts.repeat(count)


def a_tile(rows: Tensor, columns: Tensor, size: int) -> Tensor:
    generator = torch.Generator().manual_seed(2)
    return torch.randn(
        CHANNELS, int(rows.max()) + size + 1, int(columns.max()) + size + 3, generator=generator
    )


def by_themselves(stem: Stem, tile: Tensor, rows: Tensor, columns: Tensor, size: int) -> Tensor:
    cut = [tile[:, r : r + size, c : c + size] for r, c in zip(rows.tolist(), columns.tolist(), strict=True)]
    with torch.inference_mode():
        return stem(torch.stack(cut))


@pytest.mark.parametrize("stride", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("name", STEMS)
def test_shared_maps_are_those_of_each_patch(name, stride):
    shared, stem, size = make_stem(name, inf)
    rows, columns = places(9, stride)
    tile = a_tile(rows, columns, size)
    inputs = shared.at_stride(stride).inputs(tile, rows, columns)
    assert isinstance(inputs, GatheredMaps)
    chosen = torch.randperm(81, generator=torch.Generator().manual_seed(3))[:40]
    expected = by_themselves(stem, tile, rows[chosen], columns[chosen], size)
    assert torch.allclose(inputs.batch(chosen, torch.float32), expected, atol=1e-5)
    assert inputs.batch(chosen, torch.bfloat16).dtype == torch.bfloat16
    assert inputs.batch(chosen, torch.float32).is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("count", [1, 2])
def test_a_single_patch_and_a_single_row(count):
    shared, stem, size = make_stem("ResNet", inf)
    rows, columns = (torch.full((count,), 3), 4 * torch.arange(count))
    tile = a_tile(rows, columns, size)
    found = shared.at_stride(4).inputs(tile, rows, columns).batch(torch.arange(count), torch.float32)
    assert torch.allclose(found, by_themselves(stem, tile, rows, columns, size), atol=1e-5)


def test_patches_that_lie_elsewhere_have_their_own():
    # Where the middle of a cell is invalid another of its pixels stands for it.
    shared, stem, size = make_stem("ResNet")
    rows, columns = places(30, 4)
    moved = torch.arange(0, 900, 50)
    rows[moved] += 1
    columns[moved[::2]] += 2
    tile = a_tile(rows, columns, size)
    inputs = shared.at_stride(4).inputs(tile, rows, columns)
    assert isinstance(inputs, GatheredMaps)
    found = inputs.batch(torch.arange(900), torch.float32)
    assert torch.allclose(found, by_themselves(stem, tile, rows, columns, size), atol=1e-5)


def test_the_stem_computes_a_tenth_of_what_each_patch_would_take(monkeypatch):
    shared, _, size = make_stem("ResNet")
    products = 0
    convolve = nn.functional.conv2d

    def counted(pixels, weight, *rest, **options):
        nonlocal products
        maps = convolve(pixels, weight, *rest, **options)
        products += maps.shape[2] * maps.shape[3] * weight.shape[2] * weight.shape[3]
        return maps

    monkeypatch.setattr("deep_land_cover.core.inference.predictors.shared_stem.conv2d", counted)
    for stride, most in ((1, 0.06), (4, 0.1), (8, 0.2)):
        products = 0
        rows, columns = places(64, stride, 0)
        shared.at_stride(stride).inputs(a_tile(rows, columns, size), rows, columns)
        # 16 x 16 places of 7 x 7 taps, of which some meet padding only: 16 x 7 less 6 along an axis.
        assert 0 < products < most * 64**2 * (16 * 7 - 6) ** 2


def test_where_few_overlap_each_has_its_own():
    shared, stem, size = make_stem("ResNet")
    assert [shared.at_stride(stride).pays for stride in (1, 2, 4, 8, 16, 32)] == [True] * 4 + [False] * 2
    # Two far corners of a tile.
    rows, columns = torch.tensor([0, 200]), torch.tensor([0, 200])
    tile = a_tile(rows, columns, size)
    inputs = shared.inputs(tile, rows, columns)
    assert isinstance(inputs, OwnMaps)
    found = inputs.batch(torch.arange(2), torch.float32)
    assert torch.allclose(found, by_themselves(stem, tile, rows, columns, size), atol=1e-5)


@pytest.mark.medium
def test_a_predictor_with_a_stem_gives_what_the_whole_network_gives():
    torch.manual_seed(1)
    whole = PatchNetwork(build_network("resnet18", CHANNELS, 3).eval(), CHANNELS, SIZE, CPU)
    cut = cut_network(whole)
    assert cut is not None
    stem, rest = cut
    assert (rest.channels, rest.patch_size) == (64, 8)
    rows, columns = places(24, 1, SIZE // 2)
    tile = a_tile(rows, columns, SIZE)
    off = TorchBackend(Doubled(rest.plain), "bf16")
    off.dtype = torch.float32
    # All are close: the second look has to be given the very patches of the first.
    look = Recomputation(plain_backend(rest.plain), torch.full((3, 3), 1e9), lambda logits: logits)
    done: list[int] = []
    for computation in (Computation(plain_backend(rest.plain)), Computation(off, look, 1.0)):
        # 576 patches, whose stems are computed in three parts.
        predictor = PatchPredictor(computation, SIZE, CPU, 50, SilentProgress(), stem=stem, stem_patches=200)
        valid = torch.ones(tile.shape[1:], dtype=torch.bool)
        found = predictor.predict(tile, valid, rows, columns, done.append)
        with torch.inference_mode():
            corners = zip((rows - 16).tolist(), (columns - 16).tolist(), strict=True)
            expected = whole.plain(torch.stack([tile[:, r : r + SIZE, c : c + SIZE] for r, c in corners]))
        assert torch.allclose(found, expected, atol=1e-4 * float(expected.abs().max()))
    assert sum(done) == 2 * len(rows)


class Doubled(nn.Module):
    """Gives other logits than a network."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._network = network

    def forward(self, maps: Tensor) -> Tensor:
        return 2.0 * self._network(maps)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("stride", [1, 4])
def test_a_gpu_gives_the_maps_of_the_processor(stride):
    _, stem, size = make_stem("ResNet")
    rows, columns = places(20, stride)
    rows[7] += 1
    tile = a_tile(rows, columns, size)
    on_gpu = SharedStem(Stem(stem.convolution, stem.pool).cuda(), size, stride)
    inputs = on_gpu.inputs(tile.cuda(), rows.cuda(), columns.cuda())
    found = inputs.batch(torch.arange(400).cuda(), torch.float32).cpu()
    assert torch.allclose(found, by_themselves(stem, tile, rows, columns, size), atol=1e-4)


def test_a_network_that_cannot_be_traced_is_left_whole():
    class Decides(nn.Module):
        def forward(self, patches: Tensor) -> Tensor:
            return patches.mean(dim=(2, 3)) if patches.sum() > 0 else patches.amax(dim=(2, 3))

    assert cut_network(PatchNetwork(Decides().eval(), CHANNELS, SIZE, CPU)) is None


def test_a_cut_that_gives_something_else_is_not_used(monkeypatch):
    whole = PatchNetwork(build_network("resnet18", CHANNELS, 3).eval(), CHANNELS, SIZE, CPU)
    stem, rest = cut_stem(whole.plain)
    monkeypatch.setattr(
        "deep_land_cover.core.inference.predictors.shared_stem.cut_stem",
        lambda network: (stem, Doubled(rest)),
    )
    assert cut_network(whole) is None
    monkeypatch.setattr(
        "deep_land_cover.core.inference.predictors.shared_stem.cut_stem",
        lambda network: (stem, nn.Sequential(rest)),
    )
    assert cut_network(whole) is not None
