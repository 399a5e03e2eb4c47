"""Epochs that a time limit leaves to networks and ensembles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import BandStack, open_stack
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.tasks.train import trainer_settings
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.trainer import Trainer

from ...requests import train_request

CLASSES = (LandCoverClass(1, "Dark", "#000000"), LandCoverClass(5, "Bright", "#FFFFFF"))
SIZE, COUNT = 24, 40
EVERYTHING = np.arange(COUNT)
A_YEAR = 365.0 * 86400


class Logged(SilentProgress):
    """Progress reporter that keeps the texts of its log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def log(self, text: str, level: str = "info", **values: object) -> None:
        self.lines.append(f"{level}: {text}".format(**values))


@pytest.fixture
def stack(make_raster: Callable[..., Path]) -> Iterator[BandStack]:
    values = np.random.default_rng(0).normal(size=(1, SIZE, SIZE)).astype(np.float32)
    with open_stack(RasterSource(str(make_raster(values, names=("a",))))) as opened:
        yield opened


def read(stack: BandStack, folder: Path, architecture: str) -> tuple[Trainer[Any], Any]:
    request = train_request(
        RasterSource(str(stack.source)),
        str(folder / "model"),
        architecture=architecture,
        windows="3",
        patch_size=5,
        epochs=2,
        batch_size=16,
        device="cpu",
    ).resolve()
    trainer = request.model.architecture.make_trainer(trainer_settings(request, stack.grid))
    rows, columns = np.unravel_index(np.arange(COUNT) * 14, (SIZE, SIZE))
    group = np.full(COUNT, NO_GROUP)
    samples = Samples(rows, columns, EVERYTHING % 2, group, CLASSES, (1.0, 1.0))
    preparation = Preparation(("a",), (), {}, 1.0)
    return trainer, trainer.read(stack, samples, preparation, SilentProgress())


def epochs_of(trainer: Trainer[Any], dataset: Any) -> int:
    split = Split(EVERYTHING, EVERYTHING[:0], EVERYTHING[:0])
    return len(trainer.fit(dataset, split, SilentProgress(), lambda _: None).history)


def test_a_limit_that_suffices_changes_nothing(stack: BandStack, tmp_path: Path) -> None:
    trainer, dataset = read(stack, tmp_path, "multiscale")
    assert trainer.shorten(dataset, [COUNT], A_YEAR, SilentProgress()) is None
    assert epochs_of(trainer, dataset) == 2


def test_a_limit_leaves_at_least_one_epoch_of_a_network(stack: BandStack, tmp_path: Path) -> None:
    trainer, dataset = read(stack, tmp_path, "multiscale")
    progress = Logged()
    # A billion samples take longer than a second on any machine.
    assert trainer.shorten(dataset, [10**9], 1.0, progress) == 1
    assert epochs_of(trainer, dataset) == 1
    assert "1 of 2 epochs" in progress.lines[-1]
    assert "The 2 epochs of the network would take" in progress.lines[-1]


def test_a_limit_counts_the_folds_within_an_ensemble(stack: BandStack, tmp_path: Path) -> None:
    trainer, dataset = read(stack, tmp_path, "ensemble")
    assert trainer.shorten(dataset, [COUNT, COUNT], A_YEAR, SilentProgress()) is None
    assert trainer.shorten(dataset, [10**9, 10**9], 1.0, SilentProgress()) == 1


def test_trees_have_no_epochs(stack: BandStack, tmp_path: Path) -> None:
    trainer, dataset = read(stack, tmp_path, "random_forest")
    assert trainer.shorten(dataset, [10**9], 1.0, SilentProgress()) is None
