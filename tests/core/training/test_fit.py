from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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
from deep_land_cover.core.samples.pixels import Pixels
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split import Split
from deep_land_cover.core.training.dataset import PixelDataset
from deep_land_cover.core.training.feed import Batch, batches_of
from deep_land_cover.core.training.fit import FitResult, fit
from deep_land_cover.core.training.patch_feed import PatchFeed
from deep_land_cover.core.training.preparation import Preparation
from deep_land_cover.core.training.settings import FitSettings
from deep_land_cover.core.training.state import StateFile

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
        StateFile(state, {"SEED": str(options.seed)}, progress) if state else None,
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
    network, result, _ = train(data, epochs=5, schedule="constant")
    assert result.best.number < len(result.history)
    short, _, _ = train(data, epochs=result.best.number, schedule="constant")
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
    data.pixels.values[thirds(data).test] = np.nan
    assert train(data)[1] == clean


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

    with pytest.raises(RunCancelled):
        train(dataset(), Impatient())


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


def same_weights(first: nn.Module, second: nn.Module) -> bool:
    weights = second.state_dict()
    return all(torch.equal(value, weights[name]) for name, value in first.state_dict().items())


class StopAfter(SilentProgress):
    """Cancels once so many epochs are in the log."""

    def __init__(self, epochs: int) -> None:
        super().__init__()
        self.epochs = epochs

    def check_cancelled(self) -> None:
        if sum(text.startswith("Epoch") for _, text in self.lines) == self.epochs:
            raise RunCancelled


VARIED = {"epochs": 6, "balance": "oversampling", "brightness": 0.1, "label_smoothing": 0.1}


@pytest.mark.parametrize("epochs", [1, 4])
def test_a_stopped_training_goes_on_to_the_same_weights(
    tmp_path: Path, epochs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Written after each epoch, however long that takes.
    monkeypatch.setattr("deep_land_cover.core.training.state._MOST_WRITING", np.inf)
    undisturbed, expected, _ = train(dataset(), **VARIED)
    state = tmp_path / "model.resume"
    with pytest.raises(RunCancelled):
        train(dataset(), StopAfter(epochs), state=state, **VARIED)
    progress = SilentProgress()
    network, result, kept = train(dataset(), progress, state=state, **VARIED)
    assert progress.lines[0] == ("info", f"Going on after epoch {epochs} of the training in {state}.")
    assert result == expected
    assert same_weights(network, undisturbed)
    # The best model so far is handed over again, for its file may be gone.
    assert len(kept[0].history) == epochs


def test_a_finished_training_is_not_trained_again(tmp_path: Path) -> None:
    state = tmp_path / "model.resume"
    first, expected, _ = train(dataset(), state=state)
    again, result, _ = train(dataset(), StopAfter(0), state=state)
    assert result == expected and same_weights(first, again)


def test_a_training_with_other_settings_starts_afresh_and_says_so(tmp_path: Path) -> None:
    state = tmp_path / "model.resume"
    train(dataset(), state=state, seed=1)
    undisturbed, expected, _ = train(dataset())
    progress = SilentProgress()
    network, result, _ = train(dataset(), progress, state=state)
    assert progress.lines[0][0] == "warning"
    assert "but SEED differ: it starts afresh" in progress.lines[0][1]
    assert result == expected and same_weights(network, undisturbed)


@pytest.mark.parametrize("damage", [b"", b"no tensors", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_damaged_state_starts_afresh_and_says_so(tmp_path: Path, damage: bytes) -> None:
    state = tmp_path / "model.resume"
    state.write_bytes(damage)
    progress = SilentProgress()
    _, result, _ = train(dataset(), progress, state=state)
    assert "cannot be read" in progress.lines[0][1] and progress.lines[0][0] == "warning"
    assert result == train(dataset())[1]


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
        head=("layers.5.",),
    )
    changed = {name for name, value in network.named_parameters() if not torch.equal(value, before[name])}
    assert changed == {"layers.5.weight", "layers.5.bias"}
    assert all(value.requires_grad for value in network.parameters())


def test_few_samples_are_shown_several_times_an_epoch() -> None:
    # 65 samples make 4 batches of 16 and one of 17: three passes give 10 steps at least.
    steps = []

    class Counted(SilentProgress):
        def check_cancelled(self) -> None:
            steps.append(1)

    split = replace(thirds(dataset()), validation=np.zeros(0, dtype=np.int64))
    train(dataset(), Counted(), split=split, epochs=1, least_steps=10)
    assert len(steps) == 12


def test_accuracy_can_choose_the_best_epoch() -> None:
    _, result, _ = train(dataset(), epochs=8, monitor="accuracy")
    figures = [(epoch.validation_accuracy, -(epoch.validation_loss or 0)) for epoch in result.history]
    assert result.best.number == figures.index(max(figures)) + 1


@pytest.mark.parametrize(
    "settings",
    [{"loss": "focal"}, {"schedule": "one_cycle"}, {"balance": "effective"}, {"precision": "bf16"}],
)
def test_every_choice_learns(settings: dict[str, str]) -> None:
    _, result, _ = train(dataset(), epochs=8, learning_rate=0.02, **settings)
    assert result.best.validation_macro_f1 is not None and result.best.validation_macro_f1 > 0.9
