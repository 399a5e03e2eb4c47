"""Channels within limits, which published weights need: the same in training and in mapping."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.inference.pipeline import PipelineOptions, TileJob, TileWork, read_tiles
from deep_land_cover.core.models.card import ModelCard, Scaling
from deep_land_cover.core.progress import RateMeter, SilentProgress
from deep_land_cover.core.raster.indices import limited
from deep_land_cover.core.raster.mask import Mask
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.training.channels import Preparation, channel_statistics
from deep_land_cover.core.training.feeds.base import Batch
from deep_land_cover.core.training.feeds.patch import PatchView
from deep_land_cover.core.values import from_plain, to_plain

from ...cards import model_card

SIDE, SIZE = 24, 8
ROLES = {"red": "red", "nir": "nir"}
LIMITS = ((0.0, 3000.0), (None, 2500.0), (None, None))
CPU = torch.device("cpu")


def test_values_beyond_the_limits_become_the_limits_and_invalid_ones_stay_invalid() -> None:
    channels = torch.tensor([-5.0, 10.0, 4000.0, torch.nan]).expand(3, 4).unsqueeze(1)
    found = limited(channels, LIMITS)[:, 0]
    assert found[:, :3].tolist() == [[0.0, 10.0, 3000.0], [-5.0, 10.0, 2500.0], [-5.0, 10.0, 4000.0]]
    assert found[:, 3].isnan().all()


def test_the_scaling_is_that_of_the_limited_values_and_indices_are_those_of_the_stored_ones() -> None:
    values = np.random.default_rng(0).uniform(0, 6000, (100, 2, 8, 8)).astype(np.float32)
    preparation = Preparation(("red", "nir"), ("NDVI",), ROLES, 1e-4, limits=LIMITS)
    scaling = channel_statistics(values, np.arange(100), preparation, SilentProgress())
    red, nir = values[:, 0], values[:, 1]
    assert scaling.limits == LIMITS
    assert scaling.mean[:2] == pytest.approx(
        (red.clip(0, 3000).mean(), nir.clip(None, 2500).mean()), rel=1e-3
    )
    assert scaling.mean[2] == pytest.approx(((nir - red) / (nir + red)).mean(), abs=0.01)


class Recorder:
    """A predictor that keeps what it is given, and layers that make nothing of its scores."""

    alignment, before, behind = 1, SIZE // 2, SIZE - 1 - SIZE // 2

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        self.channels, self.rows, self.columns = channels, rows, columns
        return torch.zeros(len(rows), 2)

    def of(self, scores: Tensor, spread: Any) -> list[Any]:
        return []


def test_a_map_has_bit_for_bit_the_channels_of_the_training(make_raster: Callable[..., Path]) -> None:
    values = np.random.default_rng(0).uniform(-500, 6000, (2, SIDE, SIDE)).astype(np.float32)
    progress = SilentProgress()
    classes = (LandCoverClass(1, "One", "#000000"), LandCoverClass(2, "Two", "#FFFFFF"))
    places = (
        np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij")).reshape(2, -1).astype(np.int64)
    )
    rows, columns = places
    samples = Samples(rows, columns, rows % 2, np.arange(len(rows)), classes, (20.0, 20.0))
    with open_stack(RasterSource(str(make_raster(values, names=("red", "nir"))))) as stack:
        preparation = Preparation(("red", "nir"), ("NDVI",), ROLES, 1e-4, limits=LIMITS)
        view = PatchView("resnet18", SIZE, torch.float32, small_stem=False, is_turned=False, attention="none")
        dataset = view.read(stack, samples, preparation, progress)
        index = np.arange(len(rows))
        feed, prepared = view.feed(dataset, Split(index[::2], index[:0], index[:0]), CPU, progress)
        corners = Batch(index, rows - SIZE // 2, columns - SIZE // 2)
        trained = feed.examples(corners, None).inputs
        card = model_card(
            bands=("red", "nir"),
            band_roles=ROLES,
            indices=("NDVI",),
            reflectance_scale=1e-4,
            patch_size=SIZE,
            scaling=prepared.required_scaling,
            classes=classes,
        )
        # As it is written into a model file and read again.
        card = from_plain(ModelCard, to_plain(card))
        recorder = Recorder()
        with Mask(stack.grid, None, None) as everywhere:
            options = PipelineOptions(card.bands, stack.grid.window, everywhere, (CPU,), 1)
            work = TileWork(card, options, CPU, recorder, recorder, RateMeter(0, "pixels"), progress)
            (tile,) = read_tiles(stack, [TileJob(stack.grid.window, 0)], recorder, card, options)
            work.classify(tile)
    assert isinstance(card.scaling, Scaling) and card.scaling.limits == LIMITS
    mapped = torch.stack(
        [
            recorder.channels[:, row - SIZE // 2 : row + SIZE // 2, column - SIZE // 2 : column + SIZE // 2]
            for row, column in zip(recorder.rows.tolist(), recorder.columns.tolist(), strict=True)
        ]
    )
    assert torch.equal(mapped, trained)
