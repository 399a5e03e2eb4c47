"""A training that the first edition had begun is gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.training.checkpointing import StateFile

from ...first_edition.files import kept, network_file
from ...first_edition.filled import filled

KEY = "deep_land_cover_training"


@pytest.fixture
def state() -> dict[str, Any]:
    return kept("training_state")


def written(state: dict[str, Any], folder: Path) -> Path:
    path = folder / "model.safetensors.resume"
    path.write_bytes(network_file(state, state["metadata"]))
    return path


def begun(state: dict[str, Any]) -> tuple[torch.nn.Module, torch.optim.AdamW]:
    """Return a network like the one that was trained, with random weights, and its optimiser."""
    classes = next(line for line in state["tensors"] if line.startswith("network.12.bias ")).split(" ")[2]
    network = build_network("multiscale", 11, int(classes), (3, 7))
    return network, torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)


def test_weights_optimiser_and_history_are_those_that_were_kept(
    state: dict[str, Any], tmp_path: Path
) -> None:
    document = json.loads(state["metadata"][KEY])
    network, optimiser = begun(state)
    progress = SilentProgress()
    path = written(state, tmp_path)
    found = StateFile(path, document["fingerprint"], progress).load(network, optimiser)
    assert found is not None and found.best is not None
    done = len(document["history"])
    assert done == 1 and found.best.number == document["best"] == 1
    assert [item.train_loss for item in found.history] == [item["train_loss"] for item in document["history"]]
    assert any(f"after epoch {done} " in text for _, text in progress.lines)
    expected = filled(state["tensors"], state["seed"])
    for name, value in network.state_dict().items():
        assert np.array_equal(value.numpy(), expected[f"network.{name}"])
        assert np.array_equal(found.best_weights[name].numpy(), expected[f"best.{name}"])
    for number, values in optimiser.state_dict()["state"].items():
        for name, value in values.items():
            assert np.array_equal(value.numpy(), expected[f"optimiser.{number}.{name}"])


@pytest.mark.parametrize("part", ["SEED", "the versions of PyTorch and this plugin"])
def test_another_training_starts_again_and_says_why(state: dict[str, Any], tmp_path: Path, part: str) -> None:
    document = json.loads(state["metadata"][KEY])
    network, optimiser = begun(state)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    progress = SilentProgress()
    fingerprint = {**document["fingerprint"], part: "another"}
    assert StateFile(written(state, tmp_path), fingerprint, progress).load(network, optimiser) is None
    (level, text), *_ = progress.lines
    assert level == "warning" and part in text
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
