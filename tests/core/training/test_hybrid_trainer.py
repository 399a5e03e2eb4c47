from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import BandStack, open_stack
from deep_land_cover.core.samples.group_split import inner_folds
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.tasks.train import trainer_settings
from deep_land_cover.core.training import hybrid_trainer
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.hybrid_trainer import FittedHybrid, HybridTrainer

from ...requests import train_request

CLASSES = (LandCoverClass(1, "Dark", "#000000"), LandCoverClass(5, "Bright", "#FFFFFF"))
SIZE = 60


@pytest.fixture
def raster(make_raster: Callable[..., Path]) -> Path:
    """One band of squares of 10 pixels, dark and bright ones in turn."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] // 10
    values = np.random.default_rng(0).normal(60.0, 20.0, (1, SIZE, SIZE)) + 40.0 * ((rows + columns) % 2)
    return make_raster(values.astype(np.float32), names=("a",))


def trainer_for(raster: Path, stack: BandStack, folder: Path, **fit: Any) -> HybridTrainer:
    request = train_request(
        RasterSource(str(raster)),
        str(folder / "model.skops"),
        architecture="hybrid",
        windows="3",
        patch_size=8,
        stem="standard",
        epochs=1,
        batch_size=32,
        device="cpu",
    ).resolve()
    settings = trainer_settings(request, stack.grid)
    made = request.model.architecture.make_trainer(replace(settings, fit=replace(settings.fit, **fit)))
    assert isinstance(made, HybridTrainer)
    return made


def two_a_polygon(swapped: int = -1) -> Samples:
    """Return two samples of each square, a polygon each, dark and bright; in one they are swapped."""
    number = np.arange((SIZE // 10) ** 2)
    rows, columns = number // 6 * 10 + 5, number % 6 * 10 + 5
    codes = np.tile([0, 1], len(number))
    if swapped >= 0:
        codes[2 * swapped : 2 * swapped + 2] = 1, 0
    places = np.stack([columns - 2, columns + 2], axis=1).ravel()
    return Samples(np.repeat(rows, 2), places, codes, np.repeat(number, 2), CLASSES, (1.0, 1.0))


def fitted(raster: Path, folder: Path, samples: Samples) -> FittedHybrid:
    everything = np.arange(len(samples))
    split = Split(everything, everything[:0], everything[:0])
    with open_stack(RasterSource(str(raster))) as stack:
        # Networks of a few steps learn enough to tell which labels they saw.
        trainer = trainer_for(raster, stack, folder, min_steps=0)
        dataset = trainer.read(stack, samples, Preparation(("a",), (), {}, 1.0), SilentProgress())
        return trainer.fit(dataset, split, SilentProgress(), lambda _: None)


@pytest.mark.medium
def test_trees_learn_from_outputs_of_networks_that_saw_no_label_of_the_sample_or_its_polygon(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[np.ndarray] = []

    def only_look(*arguments: Any) -> None:
        shown.append(arguments[-1])

    monkeypatch.setattr(hybrid_trainer, "grow_model", only_look)
    samples, other = two_a_polygon(), two_a_polygon(swapped=9)
    everything = np.arange(len(samples))
    for number, data in enumerate((samples, other)):
        (tmp_path / str(number)).mkdir()
        fitted(raster, tmp_path / str(number), data)
    before, after = shown
    assert np.isfinite(before).all()
    np.testing.assert_allclose(np.exp(before).sum(axis=1), 1.0, rtol=1e-5)
    # Without swapped labels, and with them: the same folds, for the polygon has the same classes.
    learnt = []
    for taught, held in inner_folds(samples, everything, 8, 8, 0):
        learnt.append(bool(np.isin([18, 19], taught).any()))
        assert not (learnt[-1] and np.isin([18, 19], held).any())
        assert (before[held] != after[held]).any() == learnt[-1]
    assert any(learnt) and not all(learnt)


@pytest.mark.medium
def test_what_is_tested_comes_from_the_network_that_is_saved(raster: Path, tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    rows, columns = generator.integers(0, SIZE, 300), generator.integers(0, SIZE, 300)
    codes = (rows // 10 + columns // 10) % 2
    samples = Samples(rows, columns, codes, np.full(300, -1), CLASSES, (1.0, 1.0))
    everything = np.arange(300)
    kept: list[Any] = []
    with open_stack(RasterSource(str(raster))) as stack:
        trainer = trainer_for(raster, stack, tmp_path)
        assert (trainer.patch_size, trainer.windows, trainer.window) == (8, (3,), 9)
        dataset = trainer.read(stack, samples, Preparation(("a",), (), {}, 1.0), SilentProgress())
        progress = SilentProgress()
        split = Split(everything[:200], everything[200:250], everything[250:])
        found = trainer.fit(dataset, split, progress, kept.append)
        logits = found.logits(split.test, SilentProgress())
        assert kept == [found]
        assert [item.number for item in found.history] == [1] and found.best.validation_loss is None
        right = logits.argmax(axis=1) == codes[250:]
        assert logits.shape == (50, 2) and right.mean() > 0.7
        # Another network's word changes what the trees say.
        silenced = found.network.network
        with torch.no_grad():
            for weight in silenced.parameters():
                weight.zero_()
        assert (found.logits(split.test, SilentProgress()) != logits).any()
    log = [text for _, text in progress.lines]
    assert sum(text.startswith("Network ") for text in log) == 3
    assert any("out-of-fold" in text for text in log)
