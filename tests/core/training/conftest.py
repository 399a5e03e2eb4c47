"""A small network, samples that it learns in seconds, and its training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.architecture import FitSettings
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.samples.patch_store import Pixels
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.checkpointing import StateFile
from deep_land_cover.core.training.feeds.base import PixelDataset
from deep_land_cover.core.training.feeds.patch import PatchFeed
from deep_land_cover.core.training.fit import FitResult, fit

CPU = torch.device("cpu")
PREPARATION = Preparation(("a",), (), {}, 1.0, Scaling(mean=(0.0,), std=(1.0,)))


class Small(nn.Module):
    """A network with batch normalisation that learns bright from dark."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 4, 3),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(4, 2),
        )

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        return self.layers(patches)


def dataset(train: int = 65, held: int = 20) -> PixelDataset:
    """Return samples whose patches are blocks of 4 x 4 pixels in a column, one beneath the other."""
    count = train + 2 * held
    generator = np.random.default_rng(0)
    codes = (np.arange(count) % 2).astype(np.int64)
    patches = generator.normal(np.append(codes, 0)[:, None, None] * 2.0, 1.0, (count + 1, 16, 1)).astype(
        np.float32
    )
    place = np.arange(count)
    classes = (LandCoverClass(1, "Dark", "#000000"), LandCoverClass(5, "Bright", "#FFFFFF"))
    samples = Samples(place * 4 + 2, place * 0 + 2, codes, place, classes, (1.0, 1.0))
    pixels = Pixels(torch.from_numpy(patches), torch.from_numpy(place), side=4, stride=1, margin=0)
    return PixelDataset(samples, PREPARATION, pixels)


def thirds(data: PixelDataset, held: int = 20) -> Split:
    place = np.arange(len(data.samples))
    return Split(place[: -2 * held], place[-2 * held : -held], place[-held:])


def train(
    data: PixelDataset,
    progress: SilentProgress | None = None,
    split: Split | None = None,
    state: Path | None = None,
    last: int | None = None,
    **settings: object,
) -> tuple[Small, FitResult, list[FitResult]]:
    torch.manual_seed(0)
    network = Small()
    kept: list[FitResult] = []
    options = FitSettings(**{"epochs": 4, "batch_size": 16, "learning_rate": 0.01, **settings})
    progress = progress or SilentProgress()
    result = fit(
        network,
        PatchFeed(data.pixels.converted(PREPARATION), data.samples, 4, torch.float32),
        data,
        split or thirds(data),
        options,
        CPU,
        progress,
        kept.append,
        # Written after each epoch, however long that takes.
        StateFile(state, {"SEED": str(options.seed)}, progress, np.inf) if state else None,
        last=last,
    )
    return network, result, kept


def same_weights(first: nn.Module, second: nn.Module) -> bool:
    weights = second.state_dict()
    return all(torch.equal(value, weights[name]) for name, value in first.state_dict().items())
