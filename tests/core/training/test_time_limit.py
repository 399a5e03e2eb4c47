"""Time of networks, and epochs that a time limit leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import BandStack, open_stack
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.tasks.train import trainer_settings
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.time_limit import affordable, time_fractions
from deep_land_cover.core.training.trainer import NetworkTime, Trainer

from ...requests import train_request

CLASSES = (LandCoverClass(1, "Dark", "#000000"), LandCoverClass(5, "Bright", "#FFFFFF"))
SIZE, COUNT = 24, 40
EVERYTHING = np.arange(COUNT)


@pytest.fixture
def stack(make_raster: Callable[..., Path]) -> Iterator[BandStack]:
    values = np.random.default_rng(0).normal(size=(1, SIZE, SIZE)).astype(np.float32)
    with open_stack(RasterSource(str(make_raster(values, names=("a",))))) as opened:
        yield opened


def read(
    stack: BandStack,
    folder: Path,
    architecture: str,
    patch_size: int = 5,
    batch_size: int = 16,
    rare: int = COUNT // 2,
    balance: str = "auto",
) -> tuple[Trainer[Any], Any]:
    request = train_request(
        RasterSource(str(stack.source)),
        str(folder / "model"),
        architecture=architecture,
        windows="3",
        patch_size=patch_size,
        epochs=2,
        batch_size=batch_size,
        balance=balance,
        device="cpu",
    ).resolve()
    trainer = request.model.architecture.make_trainer(trainer_settings(request, stack.grid))
    rows, columns = np.unravel_index(np.arange(COUNT) * 14, (SIZE, SIZE))
    group = np.full(COUNT, NO_GROUP)
    codes = (EVERYTHING * rare % COUNT < rare).astype(np.int64)
    samples = Samples(rows, columns, codes, group, CLASSES, (1.0, 1.0))
    preparation = Preparation(("a",), (), {}, 1.0)
    return trainer, trainer.read(stack, samples, preparation, SilentProgress())


def epochs_of(trainer: Trainer[Any], dataset: Any) -> int:
    split = Split(EVERYTHING, EVERYTHING[:0], EVERYTHING[:0])
    return len(trainer.fit(dataset, split, SilentProgress(), lambda _: None).history)


def test_the_time_of_a_network_grows_with_its_samples_and_epochs(stack: BandStack, tmp_path: Path) -> None:
    trainer, dataset = read(stack, tmp_path, "multiscale")
    (once,), (twice,) = (trainer.network_times(dataset, counts) for counts in ([32], [32, 32]))
    assert once.seconds > 0 and once.epochs == 2
    # A step is measured once.
    assert twice.seconds == pytest.approx(2 * once.seconds)


def test_the_time_of_a_network_counts_what_an_epoch_shows_again(stack: BandStack, tmp_path: Path) -> None:
    """Of 30 batches two passes are an epoch of at least 50 steps, and oversampling repeats rare samples."""
    trainer, dataset = read(stack, tmp_path, "multiscale")
    (few,), (many,) = (trainer.network_times(dataset, [batches * 16]) for batches in (30, 50))
    assert few.seconds / many.seconds == pytest.approx(60 / 50)
    count = 4_000
    trainer, dataset = read(stack, tmp_path, "multiscale", rare=4, balance="oversampling")
    (repeated,), (once,) = (trainer.network_times(dataset, [number]) for number in (count, 16))
    # Four of 40 samples are shown sqrt(1 / (2 * 0.1)) = 2.24 times on average.
    samples = (36 + 4 * np.sqrt(5)) / COUNT * count
    assert repeated.seconds / once.seconds == pytest.approx(samples / 16 / 50, rel=0.05)


@pytest.mark.parametrize(("fraction", "epochs"), [(1.0, 2), (0.9, 1), (0.5, 1), (1e-6, 1)])
def test_a_fraction_leaves_at_least_one_epoch_of_a_network(
    stack: BandStack, tmp_path: Path, fraction: float, epochs: int
) -> None:
    trainer, dataset = read(stack, tmp_path, "multiscale")
    assert trainer.shorten([fraction]) == (epochs,)
    assert epochs_of(trainer, dataset) == epochs


def test_a_training_that_is_run_again_fits_into_the_limit_as_before(stack: BandStack, tmp_path: Path) -> None:
    """A second measurement might take other epochs, and then nothing of the first run could be used."""
    trainer, dataset = read(stack, tmp_path, "multiscale")
    measured = trainer.network_times(dataset, [COUNT])
    trainer.shorten([0.5])
    epochs_of(trainer, dataset)
    again, dataset = read(stack, tmp_path, "multiscale")
    assert again.network_times(dataset, [COUNT]) == measured
    others = read(stack, tmp_path, "multiscale", batch_size=8)
    assert others[0].network_times(others[1], [COUNT]) != measured


@pytest.mark.medium
def test_the_time_of_a_dense_network_is_that_of_its_crops(stack: BandStack, tmp_path: Path) -> None:
    """A few crops hold all samples. Ten times as many take no more than the 10 steps of any epoch."""
    trainer, dataset = read(stack, tmp_path, "unet_resnet18", patch_size=32)
    few, many = (trainer.network_times(dataset, [count])[0].seconds for count in (COUNT, 10 * COUNT))
    assert many == pytest.approx(few)


@pytest.mark.medium
def test_the_time_of_an_ensemble_counts_its_inner_folds(stack: BandStack, tmp_path: Path) -> None:
    trainer, dataset = read(stack, tmp_path, "ensemble")
    (network,) = trainer.network_times(dataset, [1600, 1600])
    # Two halves and the whole for the test, and the whole for the model to save, in steps of 16 samples.
    steps = 50 + 50 + 100 + 100
    (alone,) = trainer.network_times(dataset, [16])
    # The recipe's shortest epoch has 20 steps, and its last fit has two halves of at least that, too.
    assert network.seconds / alone.seconds == pytest.approx(steps / 60)
    assert network.architecture.name == "resnet18"


def test_trees_have_no_networks(stack: BandStack, tmp_path: Path) -> None:
    trainer, dataset = read(stack, tmp_path, "random_forest")
    assert trainer.network_times(dataset, [10**9]) == () and trainer.shorten([]) == ()


def times(*minutes: float, epochs: int = 20) -> list[NetworkTime]:
    """Return the times of networks of different names."""
    entries = [architecture(name) for name in ("resnet18", "resnet34", "resnet50", "resnet101")]
    return [NetworkTime(entry, epochs, 60 * time) for entry, time in zip(entries, minutes, strict=False)]


@pytest.mark.parametrize(
    ("minutes", "limit", "expected"),
    [
        ((4.0,), 2.0, (0.5,)),
        ((1.0, 20.0), 11.0, (1.0, 0.5)),
        # A third each, of which the first leaves 2 minutes to the others.
        ((2.0, 12.0, 8.0), 12.0, (1.0, 5 / 12, 5 / 8)),
        ((1.0, 2.0), 100.0, (1.0, 1.0)),
    ],
)
def test_networks_share_the_time_that_fast_ones_do_not_need(
    minutes: tuple[float, ...], limit: float, expected: tuple[float, ...]
) -> None:
    assert time_fractions(times(*minutes), 60 * limit) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("minutes", "limit", "others", "kept"),
    [
        # 20 epochs in 10 minutes: 4 epochs need 2.
        ((10.0,), 2.0, 0, ("resnet18", "random_forest")),
        ((10.0,), 1.9, 0, ("random_forest",)),
        ((10.0, 40.0), 10.0, 0, ("resnet18", "random_forest")),
        ((10.0, 40.0), 16.0, 0, ("resnet18", "resnet34", "random_forest")),
        ((10.0, 40.0), 0.1, 0, ("random_forest",)),
        ((10.0, 40.0), 0.1, 2, ("random_forest",)),
    ],
)
def test_the_slowest_networks_are_left_out_first(
    minutes: tuple[float, ...], limit: float, others: int, kept: tuple[str, ...]
) -> None:
    networks = times(*minutes)
    members = [*(time.architecture for time in networks), architecture("random_forest")]
    found = affordable(members, networks, 60 * limit, 4, others)
    assert tuple(item.name for item in found) == kept


def test_a_network_is_not_left_alone() -> None:
    networks = times(10.0, 40.0)
    members = [time.architecture for time in networks]
    assert len(affordable(members, networks, 6.0, 4, 0)) == 2
    assert [item.name for item in affordable(members, networks, 6.0, 4, 1)] == ["resnet18"]


def test_networks_of_few_epochs_keep_them() -> None:
    networks = times(10.0, epochs=2)
    members = [networks[0].architecture, architecture("random_forest")]
    assert len(affordable(members, networks, 600.0, 4, 0)) == 2
    assert len(affordable(members, networks, 300.0, 4, 0)) == 1
