"""What networks and trees are shown in training: the labelled pixel is pixel ``size // 2`` of its patch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.patch_store import read_centres, read_pixels
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.base import UNLABELLED, Batch
from deep_land_cover.core.training.feeds.crop import CropView
from deep_land_cover.core.training.feeds.neighbourhood import NeighbourhoodView
from deep_land_cover.core.training.feeds.patch import PatchFeed

from .conftest import BANDS, GRIDS, mirrored, positions, samples_at

CPU = torch.device("cpu")
SIZES = (4, 5, 8, 15, 16, 17, 32)
# Rows and columns of rasters; the last are smaller than most patches.
SHAPES = ((41, 60), (33, 17), (7, 5), (3, 11))
Make = Callable[..., Path]


def some_places(height: int, width: int) -> list[tuple[int, int]]:
    """Return the corners, pixels along all edges, and some in between."""
    rows = sorted({0, 1, height // 3, height // 2, height - 2, height - 1})
    columns = sorted({0, 1, width // 3, width // 2, width - 2, width - 1})
    return [(row, column) for row in rows for column in columns]


def patch_feed(make_raster: Make, shape: tuple[int, int], size: int, dtype: str = "uint16") -> PatchFeed:
    path = make_raster(positions(*shape, dtype), names=BANDS)
    samples = samples_at(some_places(*shape))
    with open_stack(RasterSource(str(path))) as stack:
        # A turned patch shows what lies as far behind its labelled pixel as before it.
        pixels = read_pixels(stack, samples, BANDS, size // 2, size // 2, 8, SilentProgress())
    return PatchFeed(pixels, samples, size, torch.float32)


def batch_of(feed: PatchFeed, chosen: NDArray[np.int64]) -> Batch:
    half = feed.size // 2
    return Batch(chosen, feed.samples.rows[chosen] - half, feed.samples.columns[chosen] - half)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIZES)
def test_a_patch_has_the_labelled_pixel_in_its_centre_and_mirrors_the_raster(
    make_raster: Make, shape: tuple[int, int], size: int
) -> None:
    feed = patch_feed(make_raster, shape, size)
    examples = feed.examples(batch_of(feed, np.arange(len(feed.samples))), None)
    patches, codes = examples.inputs, examples.codes
    scene, half = mirrored(positions(*shape), 32), size // 2
    assert patches.shape[2:] == (size, size)
    for patch, code in zip(patches.numpy(), codes.tolist(), strict=True):
        row, column = feed.samples.pixel_coordinates[code]
        assert patch[:, half, half].tolist() == [row, column]
        top, left = row - half + 32, column - half + 32
        assert np.array_equal(patch, scene[:, top : top + size, left : left + size])


@pytest.mark.medium(
    but=(
        "0-4-shape0",
        "1-5-shape1",
        "2-8-shape2",
        "3-15-shape3",
        "4-16-shape0",
        "5-17-shape1",
        "6-32-shape2",
        "7-5-shape3",
    )
)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("orientation", range(8))
def test_a_turned_patch_keeps_the_labelled_pixel_in_its_centre(
    make_raster: Make, shape: tuple[int, int], size: int, orientation: int
) -> None:
    feed = patch_feed(make_raster, shape, size)
    chosen = np.arange(len(feed.samples))
    examples = feed.examples(batch_of(feed, chosen), np.full(len(chosen), orientation))
    patches, codes = examples.inputs, examples.codes
    scene, half = mirrored(positions(*shape), 32), size // 2
    for patch, code in zip(patches.numpy(), codes.tolist(), strict=True):
        row, column = feed.samples.pixel_coordinates[code]
        assert patch[:, half, half].tolist() == [row, column]
        # An even patch is cut from the turned square of one more pixel, whose middle is the centre.
        top, left = row - half + 32, column - half + 32
        square = scene[:, top : top + 2 * half + 1, left : left + 2 * half + 1]
        square = square[..., ::-1] if orientation >= 4 else square
        turned = np.rot90(square, orientation % 4, axes=(-2, -1))
        assert np.array_equal(patch, turned[:, :size, :size])


class CentreReader(nn.Module):
    """Answers the values of a patch's labelled pixel."""

    def forward(self, patches: Tensor) -> Tensor:
        return patches[:, :, patches.shape[2] // 2, patches.shape[3] // 2]


@pytest.mark.parametrize("size", SIZES)
def test_scores_of_samples_are_those_of_their_own_pixels(make_raster: Make, size: int) -> None:
    # A hybrid's trees are given these.
    feed = patch_feed(make_raster, (41, 60), size)
    chosen = np.random.default_rng(0).permutation(len(feed.samples))
    found = feed.logits(CentreReader(), chosen, SilentProgress())
    assert np.array_equal(found.numpy(), feed.samples.pixel_coordinates[chosen])


def split_of(count: int) -> Split:
    order = np.arange(count)
    return Split(order, order[:0], order[:0])


@pytest.mark.medium(but=("0-shape0", "3-shape1", "6-shape1"))
@pytest.mark.parametrize("shape", [(300, 340), (70, 45)])
@pytest.mark.parametrize("orientation", range(8))
def test_labels_of_a_crop_lie_on_their_own_pixels_and_turn_with_them(
    make_raster: Make, shape: tuple[int, int], orientation: int
) -> None:
    path = make_raster(positions(*shape, "uint16"), names=BANDS)
    samples = samples_at(some_places(*shape))
    view = CropView("unet_resnet18", 64, torch.float32)
    with open_stack(RasterSource(str(path))) as stack:
        dataset = view.read(stack, samples, Preparation(BANDS, (), {}, 1.0), SilentProgress())
    feed, _ = view.feed(dataset, split_of(len(samples)), CPU, SilentProgress())
    feed = replace(feed, pixels=dataset.pixels)
    scene, seen = mirrored(positions(*shape), 64), set()
    for batch in feed.epoch(np.arange(len(samples)), 4, np.random.default_rng(1)):
        examples = feed.examples(batch, np.full(len(batch), orientation))
        crops, labels = examples.inputs, examples.codes
        for crop, codes, top, left in zip(
            crops.numpy(), labels.numpy(), batch.rows, batch.columns, strict=True
        ):
            square = scene[:, top + 64 : top + 128, left + 64 : left + 128]
            square = square[..., ::-1] if orientation >= 4 else square
            assert np.array_equal(crop, np.rot90(square, orientation % 4, axes=(-2, -1)))
            rows, columns = np.nonzero(codes != UNLABELLED)
            for row, column in zip(rows, columns, strict=True):
                code = int(codes[row, column])
                assert crop[:, row, column].tolist() == samples.pixel_coordinates[code].tolist()
                seen.add(code)
    assert seen == set(range(len(samples)))


@pytest.mark.parametrize("shape", [(300, 340), (70, 45)])
def test_dense_scores_of_samples_are_those_of_their_own_pixels(
    make_raster: Make, shape: tuple[int, int]
) -> None:
    path = make_raster(positions(*shape), names=BANDS)
    samples = samples_at(some_places(*shape))
    view = CropView("unet_resnet18", 64, torch.float32)
    with open_stack(RasterSource(str(path))) as stack:
        dataset = view.read(stack, samples, Preparation(BANDS, (), {}, 1.0), SilentProgress())
    feed, _ = view.feed(dataset, split_of(len(samples)), CPU, SilentProgress())
    chosen = np.random.default_rng(0).permutation(len(samples))
    found = replace(feed, pixels=dataset.pixels).logits(nn.Identity(), chosen, SilentProgress())
    assert np.array_equal(found.numpy(), samples.pixel_coordinates[chosen])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("windows", [(), (3,), (3, 7, 31)])
def test_a_samples_own_values_come_first_among_its_features(
    make_raster: Make, shape: tuple[int, int], windows: tuple[int, ...]
) -> None:
    path = make_raster(positions(*shape), names=BANDS)
    samples = samples_at(some_places(*shape))
    with open_stack(RasterSource(str(path))) as stack:
        assert np.array_equal(read_centres(stack, samples, SilentProgress()), samples.pixel_coordinates)
        view = NeighbourhoodView("multiscale", windows, 0)
        dataset = view.read(stack, samples, Preparation(BANDS, (), {}, 1.0), SilentProgress())
        feed, preparation = view.feed(dataset, split_of(len(samples)), CPU, SilentProgress())
    scaling = preparation.scaling
    assert scaling is not None
    own = feed.values[:, :2].numpy() * np.array(scaling.std) + np.array(scaling.mean)
    np.testing.assert_allclose(own, samples.pixel_coordinates, atol=1e-3)
    # The mean of a window that lies in the raster is its middle.
    inside = [
        number
        for number, (row, column) in enumerate(samples.pixel_coordinates)
        if windows and all(3 <= place < side - 3 for place, side in zip((row, column), shape, strict=True))
    ]
    if len(windows) > 1 and inside:
        mean = feed.values[inside, 2 * 3 : 2 * 3 + 2].numpy() * np.array(scaling.std) + np.array(scaling.mean)
        np.testing.assert_allclose(mean, samples.pixel_coordinates[inside], atol=1e-2)


@pytest.mark.parametrize("grid", GRIDS)
def test_the_raster_is_read_by_rows_and_columns_whatever_its_place(make_raster: Make, grid: str) -> None:
    path = make_raster(positions(41, 60), names=BANDS, transform=GRIDS[grid])
    samples = samples_at(some_places(41, 60))
    with open_stack(RasterSource(str(path))) as stack:
        assert np.array_equal(read_centres(stack, samples, SilentProgress()), samples.pixel_coordinates)
