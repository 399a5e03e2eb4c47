"""Trainings that were cancelled or killed, and what is left of them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deep_land_cover.core.errors import RunCancelled
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.models.network_file import load_model
from deep_land_cover.core.models.tree_file import load_trees
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.tasks.train import run
from deep_land_cover.core.values import to_plain

from ....requests import changed
from .conftest import SMALL, CancelAfter, CancelAt, Request, hybrid


def test_a_training_cancelled_in_a_fold_keeps_its_model_and_says_what_it_is(request_for: Request) -> None:
    request = request_for(folds=2, **SMALL)
    with pytest.raises(RunCancelled, match="best model so far"):
        run(request, CancelAfter(epochs=1))
    card = read_card(Path(request.outputs.model + ".checkpoint"))
    assert "this is the model of fold 1" in card.training.split_note


@pytest.mark.slow
def test_a_hybrid_cancelled_among_its_trees_keeps_no_model_but_its_networks(
    request_for: Request, tmp_path: Path
) -> None:
    request = hybrid(request_for, tmp_path, split="random", epochs=1, max_per_class=20)
    with pytest.raises(RunCancelled) as caught:
        run(request, CancelAt("Growing"))
    assert "No model is kept" in str(caught.value)
    assert "resumes it" in str(caught.value)
    names = [path.name for path in tmp_path.glob("model*")]
    assert sorted(names) == [f"model.skops.resume{number}" for number in ("", "-2", "-3", "-4")]
    progress = SilentProgress()
    run(request, progress)
    log = [text for _, text in progress.lines]
    assert sum(text.startswith("The training resumes after epoch 1 ") for text in log) == 4
    # Only the networks of the saved model, which learns from all labels afterwards, are still to train.
    start = next(at for at, text in enumerate(log) if text.startswith("The saved model is trained on"))
    trained = [at for at, text in enumerate(log) if text.startswith("Epoch ") and "training loss" in text]
    assert len(trained) == 4 and min(trained) > start
    assert [path.name for path in tmp_path.glob("model*")] == ["model.skops"]


@pytest.mark.medium(but=("2-1-False", "0-1-False"))
@pytest.mark.parametrize(("folds", "growths", "kept"), [(0, 1, False), (2, 1, False), (2, 31, True)])
def test_cancelled_trees_keep_the_last_complete_model_and_say_so(
    request_for: Request, tmp_path: Path, folds: int, growths: int, kept: bool
) -> None:
    options = {"architecture": "extra_trees", "windows": "0", "folds": folds}
    request = changed(request_for(**options), output=str(tmp_path / "model.skops"))
    progress = CancelAt("Growing", times=growths)
    with pytest.raises(RunCancelled) as caught:
        run(request, progress)
    checkpoint = Path(f"{request.outputs.model}.checkpoint")
    assert {path.name for path in tmp_path.glob("model*")} == ({checkpoint.name} if kept else set())
    if kept:
        assert f"The best model so far is kept as {checkpoint}." in str(caught.value)
        assert any(text.startswith(f"The best model so far is {checkpoint}") for _, text in progress.lines)
        assert "this is the model of fold 1" in load_trees(checkpoint)[1].training.split_note
    else:
        # Trees have no epochs.
        assert "No model is kept" in str(caught.value) and "epoch" not in str(caught.value)


def test_a_cancelled_training_keeps_its_best_model_and_says_where(request_for: Request) -> None:
    request = request_for(**SMALL)
    progress = CancelAfter(epochs=1)
    with pytest.raises(RunCancelled) as caught:
        run(request, progress)
    checkpoint = Path(request.outputs.model + ".checkpoint")
    assert not Path(request.outputs.model).exists()
    assert "The best model so far (epoch 1, validation F1 " in str(caught.value)
    assert f"is kept as {checkpoint}" in str(caught.value)
    assert load_model(checkpoint)[1].training.best_epoch == 1
    assert read_card(checkpoint).metrics is None
    assert "resumes it" in str(caught.value)
    assert str(checkpoint) not in progress.temporaries
    assert run(changed(request, epochs=1), SilentProgress()).output == request.outputs.model
    assert not checkpoint.exists()


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.requests.train import TrainRequest
from deep_land_cover.core.tasks.train import run
from deep_land_cover.core.values import from_plain
import json

class Killed(SilentProgress):
    def update(self, fraction, text="", **values):
        if text.startswith("Epoch 2 "):
            os.kill(os.getpid(), signal.SIGKILL)

run(from_plain(TrainRequest, json.loads(sys.argv[2])), Killed())
"""


@pytest.mark.medium
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_training_goes_on_to_the_same_model(request_for: Request) -> None:
    request = request_for(epochs=3, **SMALL)
    weights = load_model(Path(run(request, SilentProgress()).output))[0].state_dict()
    Path(request.outputs.model).unlink()
    plugins = Path(__file__).parents[4] / ".dev" / "plugins"
    arguments = [sys.executable, "-c", KILLED, str(plugins), json.dumps(to_plain(request))]
    assert subprocess.run(arguments, check=False).returncode == -signal.SIGKILL
    assert not Path(request.outputs.model).exists()
    progress = SilentProgress()
    again = load_model(Path(run(request, progress).output))[0].state_dict()
    assert any(text.startswith("The training resumes after epoch 1 ") for _, text in progress.lines)
    assert all(value.equal(again[name]) for name, value in weights.items())
    assert not list(Path(request.outputs.model).parent.glob("*.resume*"))


def test_a_training_cancelled_in_its_first_epoch_keeps_nothing(request_for: Request) -> None:
    request = request_for()
    with pytest.raises(RunCancelled) as caught:
        run(request, CancelAfter(epochs=0))
    assert "best model" not in str(caught.value)
    assert "none was complete" in str(caught.value)
    assert not list(Path(request.outputs.model).parent.glob("model*"))


def test_a_training_cancelled_in_its_first_epoch_names_the_model_of_an_earlier_run(
    request_for: Request,
) -> None:
    request = request_for(**SMALL)
    checkpoint = Path(request.outputs.model + ".checkpoint")
    checkpoint.write_bytes(b"earlier")
    with pytest.raises(RunCancelled) as caught:
        run(request, CancelAfter(epochs=0))
    assert f"earlier run is still {checkpoint}" in str(caught.value)
    assert "No model is kept" not in str(caught.value)
    assert checkpoint.read_bytes() == b"earlier"
