"""A network is fitted to the training samples and to nothing else, as its settings say."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.errors import ParameterError, RunCancelled, SampleError
from deep_land_cover.core.models.architecture import FitSettings
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.training.feeds.base import Batch, batches_of
from deep_land_cover.core.training.feeds.patch import PatchFeed
from deep_land_cover.core.training.fit import fit

from .conftest import CPU, PREPARATION, Small, dataset, same_weights, thirds, train


def test_it_learns() -> None:
    _, result, _ = train(dataset(), epochs=8)
    assert result.best.validation_macro_f1 > 0.9
    assert result.history[-1].train_loss < result.history[0].train_loss


@pytest.mark.parametrize(
    "settings",
    [{"loss": "focal"}, {"schedule": "one_cycle"}, {"balance": "effective"}, {"precision": "bf16"}],
)
def test_every_choice_learns(settings: dict[str, str]) -> None:
    _, result, _ = train(dataset(), epochs=8, learning_rate=0.02, **settings)
    assert result.best.validation_macro_f1 is not None and result.best.validation_macro_f1 > 0.9


def test_a_seed_repeats_the_training() -> None:
    first, again, other = train(dataset()), train(dataset()), train(dataset(), seed=1)
    assert first[1] == again[1]
    assert same_weights(first[0], again[0])
    assert first[1] != other[1]


def test_the_test_samples_are_not_touched() -> None:
    data = dataset()
    clean = train(data)[1]
    data.pixels.values[thirds(data).test] = np.nan
    assert train(data)[1] == clean


@pytest.mark.parametrize("schedule", ["cosine", "one_cycle"])
def test_a_fit_that_is_stopped_after_an_epoch_is_the_beginning_of_the_whole_one(schedule: str) -> None:
    """With folds, the saved model has the learning rates of those that were tested, and so their weights."""
    split = replace(thirds(dataset()), validation=np.zeros(0, dtype=np.int64))

    class Watching(SilentProgress):
        texts: ClassVar[list[str]] = []

        def update(self, fraction: float, text: str = "", **values: object) -> None:
            self.texts.append(text)

    whole, result, _ = train(dataset(), split=split, epochs=9, schedule=schedule)
    progress = Watching()
    part, found, _ = train(dataset(), progress, split=split, epochs=9, last=4, schedule=schedule)
    assert found.history == result.history[:4] and found.best.number == 4
    assert not same_weights(part, whole)
    assert progress.texts[-1].startswith("Epoch 4 of 4 on CPU, ")
    assert ": 260 of 260 samples" in progress.texts[-1]
    # A schedule of four epochs ends at a rate of nothing.
    assert train(dataset(), split=split, epochs=4, schedule=schedule)[1].history != found.history


def test_a_last_batch_of_one_is_trained() -> None:
    assert len(thirds(dataset(65)).train) % 16 == 1
    _, result, _ = train(dataset(65), epochs=1)
    assert result.best.number == 1


@given(st.integers(1, 200), st.integers(2, 70))
def test_batches_hold_every_sample_once_and_never_one_alone(count: int, size: int) -> None:
    places = np.arange(count)
    batches = batches_of(Batch(places, places * 2, places * 3), size)
    assert np.concatenate([batch.samples for batch in batches]).tolist() == list(range(count))
    assert np.concatenate([batch.columns for batch in batches]).tolist() == (places * 3).tolist()
    assert all(2 <= len(batch) <= size + 1 for batch in batches) or count == 1


def test_few_samples_are_shown_several_times_an_epoch() -> None:
    # 65 samples make 4 batches of 16 and one of 17: three passes give 10 steps at least.
    steps = []

    class Counted(SilentProgress):
        def check_cancelled(self) -> None:
            steps.append(1)

    split = replace(thirds(dataset()), validation=np.zeros(0, dtype=np.int64))
    train(dataset(), Counted(), split=split, epochs=1, min_steps=10)
    assert len(steps) == 12


def test_while_the_others_are_frozen_only_the_head_learns() -> None:
    data = dataset()
    torch.manual_seed(0)
    network = Small()
    before = {name: value.clone() for name, value in network.named_parameters()}
    fit(
        network,
        PatchFeed(data.pixels.converted(PREPARATION), data.samples, 4, torch.float32),
        data,
        replace(thirds(data), validation=np.zeros(0, dtype=np.int64)),
        FitSettings(epochs=2, frozen_epochs=2, learning_rate=0.01),
        CPU,
        SilentProgress(),
        lambda result: None,
        loaded=[name for name in before if not name.startswith("layers.5.")],
    )
    changed = {name for name, value in network.named_parameters() if not torch.equal(value, before[name])}
    assert changed == {"layers.5.weight", "layers.5.bias"}
    assert all(value.requires_grad for value in network.parameters())


def test_an_epoch_a_log_line_and_progress_with_rate_and_time_left() -> None:
    class Recorder(SilentProgress):
        def __init__(self) -> None:
            super().__init__()
            self.texts: list[str] = []
            self.fractions: list[float] = []

        def update(self, fraction: float, text: str = "", **values: object) -> None:
            self.texts.append(text)
            self.fractions.append(fraction)

    progress = Recorder()
    train(dataset(), progress)
    assert [text.split(":")[0] for _, text in progress.lines] == [f"Epoch {n}" for n in range(1, 5)]
    assert "samples/s" in progress.texts[-1] and "left" in progress.texts[-1]
    assert progress.texts[-1].startswith("Epoch 4 of 4 on CPU, ")
    assert ": 260 of 260 samples" in progress.texts[-1]
    third = progress.lines[2][1].partition("; validation loss")[2].split(", ")[1]
    assert progress.texts[-1].endswith(f", validation {third}")
    assert progress.fractions == sorted(progress.fractions)


def test_cancel_is_asked_for_every_batch() -> None:
    class Impatient(SilentProgress):
        asked = 0

        def check_cancelled(self) -> None:
            self.asked += 1
            if self.asked == 3:
                raise RunCancelled

    progress = Impatient()
    with pytest.raises(RunCancelled):
        train(dataset(), progress)
    # An epoch has more than three batches.
    assert not progress.lines


def test_a_loss_without_end_names_the_sample_and_what_to_do() -> None:
    with pytest.raises(ParameterError, match=r"diverged.*sample at row \d+, column \d+.*LEARNING_RATE"):
        train(dataset(), learning_rate=1e30, clip_norm=0.0)


def test_a_channel_that_is_not_finite_is_named_with_its_sample() -> None:
    data = dataset()
    # As if the scaling had turned an infinite value into no number at all.
    data.pixels.values[3] = np.inf
    feed = PatchFeed(data.pixels, data.samples, 4, torch.float32)
    with pytest.raises(SampleError, match=r"Channel a .*row 14, column 2"):
        fit(
            Small(),
            feed,
            data,
            thirds(data),
            FitSettings(epochs=1),
            CPU,
            SilentProgress(),
            lambda result: None,
        )
