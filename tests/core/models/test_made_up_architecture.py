"""A new architecture is one entry: the product trains and maps it without knowing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from torch import nn

from deep_land_cover.core.models import architectures
from deep_land_cover.core.models.architecture import (
    Architecture,
    Recipe,
    TrainerSettings,
    deferred,
)
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.tasks.classify import run as classify
from deep_land_cover.core.tasks.train import run
from deep_land_cover.core.training.feeds.patch import PatchView
from deep_land_cover.core.training.network_trainer import NetworkTrainer

from ...requests import classify_request, train_request

SIDE, FIELD = 48, 8


def build(channels: int, classes: int) -> nn.Module:
    """Return a network that classifies a patch by the means of its channels."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


def make_trainer(entry: Architecture, settings: TrainerSettings) -> NetworkTrainer:
    return NetworkTrainer(entry, settings, PatchView.of)


MEANS = Architecture(
    "means",
    "Means of a patch",
    "patch",
    "network",
    build,
    make_trainer,
    head=("2.",),
    make_predictor=deferred("inference.predictors.patch", "make_predictor"),
    recipe=Recipe(patch_size=4, epochs=3, learning_rate=0.1, balance="none", min_steps=20),
)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the entry, as its file in the folder of architectures would."""
    monkeypatch.setattr(architectures, "ARCHITECTURES", (*architectures.ARCHITECTURES, MEANS))


def test_it_is_trained_with_its_own_recipe_and_maps(make_raster: Callable[..., Path], tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    fields = generator.permutation(np.arange((SIDE // FIELD) ** 2) % 2).reshape(SIDE // FIELD, -1)
    truth = np.kron(fields, np.ones((FIELD, FIELD), dtype=np.int64))
    bands = np.stack([truth * 100.0, truth * -50.0]) + generator.normal(0, 5, (2, SIDE, SIDE))
    request = train_request(
        RasterSource(str(make_raster(bands.astype(np.float32), names=("red", "nir")))),
        str(tmp_path / "model.safetensors"),
        labels=RasterSource(str(make_raster((truth + 1).astype(np.uint8), name="labels.tif"))),
        architecture="means",
        split="random",
        max_per_class=100,
        device="cpu",
    )
    result = run(request, SilentProgress())
    assert result.overall_accuracy is not None and result.overall_accuracy > 0.9
    recorded: dict[str, Any] = dict(read_card(Path(result.output)).training.parameters)
    assert read_card(Path(result.output)).architecture == "means"
    assert (recorded["patch_size"], recorded["learning_rate"], recorded["balance"]) == (4, 0.1, "none")

    output = tmp_path / "map.tif"
    classify(
        classify_request(request.inputs.raster, result.output, str(output), device="cpu", min_valid=0.0),
        SilentProgress(),
    )
    with rasterio.open(output) as dataset:
        mapped = dataset.read(1)
    # A patch of 4 pixels knows its centre; the pixels beside fields of the other class may differ.
    inner = np.kron(np.ones_like(fields), np.pad(np.ones((FIELD - 4, FIELD - 4)), 2)).astype(bool)
    assert (mapped[inner] == truth[inner] + 1).mean() > 0.98
