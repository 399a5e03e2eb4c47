from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError, RunCancelled, SampleError
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split import Split
from deep_land_cover.core.training.dataset import PatchDataset
from deep_land_cover.core.training.fit import FitResult, FitSettings, batches_of, class_weights, fit
from deep_land_cover.core.training.preparation import Preparation

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


def dataset(train: int = 65, held: int = 20) -> PatchDataset:
    count = train + 2 * held
    generator = np.random.default_rng(0)
    codes = (np.arange(count) % 2).astype(np.int64)
    patches = generator.normal(codes[:, None, None, None] * 2.0, 1.0, (count, 1, 4, 4)).astype(np.float32)
    place = np.arange(count)
    classes = (LandCoverClass(1, "Dark", "#000000"), LandCoverClass(5, "Bright", "#FFFFFF"))
    samples = Samples(place, place, codes, place, classes, (1.0, 1.0))
    return PatchDataset(samples, PREPARATION, patches)


def thirds(data: PatchDataset, held: int = 20) -> Split:
    place = np.arange(len(data.samples))
    return Split(place[: -2 * held], place[-2 * held : -held], place[-held:])


def train(
    data: PatchDataset,
    progress: SilentProgress | None = None,
    split: Split | None = None,
    **settings: object,
) -> tuple[Small, FitResult, list[FitResult]]:
    torch.manual_seed(0)
    network = Small()
    kept: list[FitResult] = []
    options = FitSettings(**{"epochs": 4, "batch_size": 16, "learning_rate": 0.01, **settings})
    result = fit(
        network,
        data,
        split or thirds(data),
        PREPARATION,
        options,
        CPU,
        progress or SilentProgress(),
        kept.append,
    )
    return network, result, kept


def test_it_learns() -> None:
    _, result, _ = train(dataset(), epochs=8)
    assert result.best.validation_macro_f1 > 0.9
    assert result.history[-1].train_loss < result.history[0].train_loss


def test_the_best_epoch_is_the_first_with_the_highest_f1_and_the_lowest_loss() -> None:
    _, result, kept = train(dataset(), epochs=8)
    best = max(result.history, key=lambda epoch: (epoch.validation_macro_f1, -epoch.validation_loss))
    assert result.best == best == kept[-1].best
    assert [item.best.number for item in kept] == sorted({item.best.number for item in kept})


def test_the_network_has_the_weights_of_the_best_epoch() -> None:
    # Validation that contradicts training: the better the one, the worse the other.
    data = dataset()
    held = thirds(data).validation
    data.samples.codes[held] = 1 - data.samples.codes[held]
    network, result, _ = train(data, epochs=5)
    assert result.best.number < len(result.history)
    short, _, _ = train(data, epochs=result.best.number)
    weights = short.state_dict()
    assert all(torch.equal(value, weights[name]) for name, value in network.state_dict().items())


def test_without_validation_every_epoch_is_trained_and_the_last_is_kept() -> None:
    data = dataset()
    split = replace(thirds(data), validation=np.zeros(0, dtype=np.int64))
    _, result, _ = train(data, split=split, epochs=5, patience=1)
    assert result.best.number == len(result.history) == 5
    assert result.best.validation_macro_f1 is None


def test_a_seed_repeats_the_training() -> None:
    first, again, other = train(dataset()), train(dataset()), train(dataset(), seed=1)
    assert first[1] == again[1]
    assert all(torch.equal(a, b) for a, b in zip(first[0].parameters(), again[0].parameters(), strict=True))
    assert first[1] != other[1]


def test_training_stops_after_patience_epochs_without_improvement() -> None:
    progress = SilentProgress()
    _, result, _ = train(dataset(), progress, epochs=50, learning_rate=1e-12, patience=2, augment=False)
    assert len(result.history) == result.best.number + 2 < 50
    assert f"Stopped: no epoch was better than epoch {result.best.number}." in [
        text for _, text in progress.lines
    ]


def test_the_test_samples_are_not_touched() -> None:
    data = dataset()
    clean = train(data)[1]
    data.patches[thirds(data).test] = np.nan
    assert train(data)[1] == clean


def test_a_last_batch_of_one_is_trained() -> None:
    assert len(thirds(dataset(65)).train) % 16 == 1
    _, result, _ = train(dataset(65), epochs=1)
    assert result.best.number == 1


@given(st.integers(1, 200), st.integers(2, 70))
def test_batches_hold_every_sample_once_and_never_one_alone(count: int, size: int) -> None:
    batches = batches_of(np.arange(count), size)
    assert np.concatenate(batches).tolist() == list(range(count))
    assert all(2 <= len(batch) <= size + 1 for batch in batches) or count == 1


def test_rare_classes_weigh_the_square_root_of_their_rarity() -> None:
    weights = class_weights(np.array([0] * 90 + [1] * 10), 3).numpy()
    assert weights[1] / weights[0] == pytest.approx(3.0)
    assert 0.9 * weights[0] + 0.1 * weights[1] == pytest.approx(1.0)
    assert weights[2] == 0.0


def test_an_epoch_a_log_line_and_progress_with_rate_and_time_left() -> None:
    class Recorder(SilentProgress):
        def __init__(self) -> None:
            super().__init__()
            self.texts: list[str] = []
            self.fractions: list[float] = []

        def update(self, fraction: float, text: str = "") -> None:
            self.texts.append(text)
            self.fractions.append(fraction)

    progress = Recorder()
    train(dataset(), progress)
    assert [text.split(":")[0] for _, text in progress.lines] == [f"Epoch {n}" for n in range(1, 5)]
    assert "patches/s" in progress.texts[-1] and "left" in progress.texts[-1]
    assert progress.texts[-1].startswith("Epoch 4 of 4: 260 of 260 patches")
    assert progress.fractions == sorted(progress.fractions)


def test_cancel_is_asked_for_every_batch() -> None:
    class Impatient(SilentProgress):
        asked = 0

        def check_cancelled(self) -> None:
            self.asked += 1
            if self.asked == 3:
                raise RunCancelled

    with pytest.raises(RunCancelled):
        train(dataset(), Impatient())


def test_a_loss_without_end_names_the_sample_and_what_to_do() -> None:
    with pytest.raises(ParameterError, match=r"diverged.*sample at row \d+, column \d+.*LEARNING_RATE"):
        train(dataset(), learning_rate=1e30, clip_norm=0.0)


def test_a_channel_that_is_not_finite_is_named_with_its_sample() -> None:
    data = dataset()
    data.patches[3] = np.inf
    # A scaling that turns an infinite value into no number at all.
    broken = replace(PREPARATION, scaling=None)
    with pytest.raises(SampleError, match=r"Channel a .*row 3, column 3"):
        fit(
            Small(),
            data,
            thirds(data),
            broken,
            FitSettings(epochs=1),
            CPU,
            SilentProgress(),
            lambda result: None,
        )
