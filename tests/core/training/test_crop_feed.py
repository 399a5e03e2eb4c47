from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.options import DENSE_GRID, DENSE_HALO
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.base import UNLABELLED
from deep_land_cover.core.training.feeds.crop import CropFeed, CropView

CPU = torch.device("cpu")
HEIGHT, WIDTH = 300, 340
CLASSES = tuple(LandCoverClass(value, f"Class {value}", "#808080") for value in (1, 2, 3))
CROP = 64


@pytest.fixture
def made(make_raster: Callable[..., Path]) -> tuple[CropFeed, Split, np.ndarray]:
    """A feed of 500 samples whose band says which pixel it is, 400 of them for training."""
    numbers = np.arange(HEIGHT * WIDTH, dtype=np.float32).reshape(1, HEIGHT, WIDTH)
    path = make_raster(numbers, names=("number",))
    generator = np.random.default_rng(0)
    places = generator.choice(HEIGHT * WIDTH, 500, replace=False)
    codes = generator.integers(0, 3, 500)
    samples = Samples(places // WIDTH, places % WIDTH, codes, np.arange(500), CLASSES, (1.0,) * 3)
    order = np.arange(500)
    split = Split(order[:400], order[400:450], order[450:])
    view = CropView("unet_resnet18", CROP, torch.float32)
    with open_stack(RasterSource(str(path))) as stack:
        dataset = view.read(stack, samples, Preparation(("number",), (), {}, 1.0), SilentProgress())
    feed, preparation = view.feed(dataset, split, CPU, SilentProgress())
    assert preparation.scaling is not None
    # As they stand, so that each value says where it comes from.
    return replace(feed, pixels=dataset.pixels), split, numbers[0]


def test_every_training_sample_is_shown_and_no_other_label(
    made: tuple[CropFeed, Split, np.ndarray],
) -> None:
    feed, split, numbers = made
    batches = feed.epoch(split.train, 4, np.random.default_rng(1))
    truth = {
        int(numbers[row, column]): int(code)
        for row, column, code in zip(
            feed.samples.rows[split.train],
            feed.samples.columns[split.train],
            feed.samples.codes[split.train],
            strict=True,
        )
    }
    seen: dict[int, int] = {}
    for batch in batches:
        examples = feed.examples(batch, np.arange(len(batch)) % 8)
        inputs, labels = examples.inputs, examples.codes
        labelled = labels != UNLABELLED
        values = inputs[:, 0][labelled].int().tolist()
        seen |= dict(zip(values, labels[labelled].tolist(), strict=True))
    assert seen == truth
    # Far fewer crops than samples, as each shows all that lie in it.
    assert sum(map(len, batches)) < 80
    assert all(2 <= len(batch) <= 5 for batch in batches)


def test_a_sample_that_is_repeated_is_shown_as_often(made: tuple[CropFeed, Split, np.ndarray]) -> None:
    feed, split, _ = made
    alone = split.train[:1]
    batches = feed.epoch(np.repeat(alone, 7), 4, np.random.default_rng(1))
    assert sum(map(len, batches)) == 7
    corners = {
        (int(row), int(column))
        for batch in batches
        for row, column in zip(batch.rows, batch.columns, strict=True)
    }
    assert len(corners) > 1


def test_training_shows_no_pixel_that_a_held_out_label_depends_on(make_raster: Callable[..., Path]) -> None:
    """A band says which pixel each is; samples lie as far apart as the split keeps them, 193 pixels."""
    height, width, window = 560, 620, CropView.window
    numbers = np.arange(height * width, dtype=np.float32).reshape(1, height, width)
    generator = np.random.default_rng(0)
    # Training on two sides, validation and test in the corners of the other two, all at the edges.
    rows, columns = generator.integers(0, 150, 60), generator.integers(0, 150, 60)
    rows[20:30], columns[20:30] = height - 1 - rows[20:30], width - 1 - columns[20:30]
    columns[30:45], rows[45:] = width - 1 - columns[30:45], height - 1 - rows[45:]
    samples = Samples(rows, columns, rows % 3, np.arange(60), CLASSES, (1.0,) * 3)
    order = np.arange(60)
    split = Split(order[:30], order[30:40], order[45:], calibration=order[40:45])
    view = CropView("unet_resnet18", 256, torch.float32)
    progress = SilentProgress()
    with open_stack(RasterSource(str(make_raster(numbers, names=("number",))))) as stack:
        dataset = view.read(stack, samples, Preparation(("number",), (), {}, 1.0), progress)
    feed, _ = view.feed(dataset, split, CPU, progress)
    feed = replace(feed, pixels=dataset.pixels)
    seen = np.zeros(height * width, dtype=bool)
    for epoch in range(8):
        for batch in feed.epoch(split.train, 4, np.random.default_rng(epoch)):
            values = feed.examples(batch, np.arange(len(batch)) % 8).inputs.flatten()
            seen[values[values.isfinite()].long().numpy()] = True
    seen = seen.reshape(height, width)
    held, taught = np.zeros((2, height, width), dtype=bool)
    for mask, chosen in ((held, order[30:]), (taught, order[:30])):
        for row, column in zip(rows[chosen], columns[chosen], strict=True):
            reach = window // 2
            mask[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1] = True
    assert not (held & taught).any()
    assert not (seen & held).any()
    # What the labels depend on is shown, and so is what lies between the two.
    hidden = dataset.pixels.values.flatten()[feed.hidden]
    assert not taught.flatten()[hidden[hidden.isfinite()].long().numpy()].any()
    assert seen[taught].mean() > 0.9 and (seen & ~held & ~taught).any()
    # Held-out samples themselves are looked at as maps are, and learnt from by no crop.
    echo = feed.logits(Echo(), split.test, progress)[:, 0]
    assert echo.tolist() == (rows[45:] * width + columns[45:]).tolist()
    log = [text for _, text in progress.lines]
    assert any("96 pixels" in text for text in log)


def test_training_samples_beside_held_out_ones_keep_their_surroundings(
    made: tuple[CropFeed, Split, np.ndarray],
) -> None:
    feed, _, _ = made
    assert not feed.hidden.any()


class Echo(nn.Module):
    """Answers for each class the pixel's own value."""

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        self.shape = windows.shape
        return windows[:, :1].expand(-1, 3, -1, -1)


def test_logits_are_those_of_the_samples_own_pixels_on_the_grid_of_maps(
    made: tuple[CropFeed, Split, np.ndarray],
) -> None:
    feed, split, numbers = made
    echo = Echo()
    logits = feed.logits(echo, split.test, SilentProgress())
    rows, columns = feed.samples.rows[split.test], feed.samples.columns[split.test]
    assert logits[:, 0].tolist() == numbers[rows, columns].tolist()
    assert echo.shape[-1] % DENSE_GRID == 0 and echo.shape[-1] > 2 * DENSE_HALO
