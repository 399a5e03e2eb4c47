"""A stopped training goes on as if it had never stopped, or starts afresh and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from deep_land_cover.core.errors import RunCancelled
from deep_land_cover.core.progress import SilentProgress

from .conftest import dataset, same_weights, train


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
def test_a_stopped_training_goes_on_to_the_same_weights(tmp_path: Path, epochs: int) -> None:
    undisturbed, expected, _ = train(dataset(), **VARIED)
    state = tmp_path / "model.resume"
    with pytest.raises(RunCancelled):
        train(dataset(), StopAfter(epochs), state=state, **VARIED)
    progress = SilentProgress()
    network, result, kept = train(dataset(), progress, state=state, **VARIED)
    assert progress.lines[0] == ("info", f"The training resumes after epoch {epochs} from {state}.")
    assert result == expected
    assert same_weights(network, undisturbed)
    # The best model so far is handed over again, for its file may be gone.
    assert len(kept[0].history) == epochs


def test_a_stopped_training_of_fewer_epochs_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    undisturbed, expected, _ = train(dataset(), last=4, **VARIED)
    state = tmp_path / "model.resume"
    with pytest.raises(RunCancelled):
        train(dataset(), StopAfter(2), state=state, last=4, **VARIED)
    network, result, _ = train(dataset(), state=state, last=4, **VARIED)
    assert result == expected and len(result.history) == 4
    assert same_weights(network, undisturbed)
    # It is complete, and is not trained on to the last epoch of the settings.
    again, result, _ = train(dataset(), StopAfter(0), state=state, last=4, **VARIED)
    assert result == expected and same_weights(again, undisturbed)


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
    assert "because SEED differ" in progress.lines[0][1]
    assert result == expected and same_weights(network, undisturbed)


@pytest.mark.parametrize("damage", [b"", b"no tensors", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_damaged_state_starts_afresh_and_says_so(tmp_path: Path, damage: bytes) -> None:
    state = tmp_path / "model.resume"
    state.write_bytes(damage)
    progress = SilentProgress()
    _, result, _ = train(dataset(), progress, state=state)
    assert "cannot be read" in progress.lines[0][1] and progress.lines[0][0] == "warning"
    assert result == train(dataset())[1]
