"""Which weights fine-tuning changes, when and how."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, cross_entropy, linear

from deep_land_cover.core.errors import RunCancelled
from deep_land_cover.core.models.architecture import FitSettings
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.training.checkpointing import StateFile
from deep_land_cover.core.training.feeds.patch import PatchFeed
from deep_land_cover.core.training.fine_tuning import RANK, FineTuning, LowRankChange
from deep_land_cover.core.training.fit import fit

from .conftest import CPU, PREPARATION, Small, dataset, thirds

LOADED = ("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias")


def tuned(
    settings: FitSettings, progress: SilentProgress | None = None, state: Path | None = None
) -> tuple[Small, Small]:
    """Return the small network after a fit, and as it was before."""
    data = dataset()
    torch.manual_seed(0)
    network, before = Small(), Small()
    before.load_state_dict(network.state_dict())
    fit(
        network,
        PatchFeed(data.pixels.converted(PREPARATION), data.samples, 4, torch.float32),
        data,
        replace(thirds(data), validation=np.zeros(0, dtype=np.int64)),
        settings,
        CPU,
        progress or SilentProgress(),
        lambda result: None,
        StateFile(state, {}, SilentProgress(), np.inf) if state else None,
        loaded=LOADED,
    )
    return network, before


def changed(network: nn.Module, before: nn.Module) -> set[str]:
    old = dict(before.named_parameters())
    return {name for name, value in network.named_parameters() if not torch.equal(value, old[name])}


HEAD = {"layers.5.weight", "layers.5.bias"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"fine_tuning": "full"}, {*LOADED, *HEAD}),
        ({"fine_tuning": "full", "frozen_epochs": 3}, HEAD),
        ({"fine_tuning": "frozen"}, HEAD),
        # Three epochs of two stages: the last stage from the first half on.
        ({"fine_tuning": "gradual", "frozen_epochs": 2}, {*HEAD, "layers.1.weight", "layers.1.bias"}),
        ({"fine_tuning": "low_rank"}, {*HEAD, "layers.0.weight"}),
        ({"fine_tuning": "low_rank", "frozen_epochs": 3}, HEAD),
    ],
)
def test_the_weights_that_change(settings: dict[str, object], expected: set[str]) -> None:
    network, before = tuned(FitSettings(epochs=3, batch_size=16, learning_rate=0.01, **settings))
    assert changed(network, before) == expected
    # Afterwards any of them can be trained.
    assert all(value.requires_grad for value in network.parameters())
    # Means of the normalisation follow the raster.
    assert not torch.equal(network.layers[1].running_mean, before.layers[1].running_mean)


def stages_by_epoch(epochs: int, frozen: int = 0) -> list[set[str]]:
    network = build_network("resnet18", 4, 3)
    loaded = [name for name, _ in network.named_parameters() if not name.startswith("fc.")]
    settings = FitSettings(epochs=epochs, fine_tuning="gradual", frozen_epochs=frozen)
    tuning, found = FineTuning(network, settings, loaded), []
    for number in range(1, epochs + 1):
        tuning.begin_epoch(number)
        found.append(
            {name.split(".")[0] for name, value in network.named_parameters() if value.requires_grad}
        )
    return found


def test_gradually_the_stages_of_a_resnet_follow_from_the_last_to_the_first() -> None:
    stages = ["fc", "layer4", "layer3", "layer2", "layer1", "bn1", "conv1"]
    found = stages_by_epoch(12)
    assert found == [set(stages[: min(number, 6) + 1]) for number in range(12)]
    # Every third epoch, as the user wishes.
    assert stages_by_epoch(7, frozen=3) == [{"fc"}] * 3 + [{"fc", "layer4"}] * 3 + [
        {"fc", "layer4", "layer3"}
    ]


def test_the_context_of_a_centred_network_has_the_stages_of_its_resnet() -> None:
    names = [name for name, _ in build_network("resnet18", 4, 128).named_parameters()]
    holder = nn.Module()
    holder.context = build_network("resnet18", 4, 128)
    tuning = FineTuning(
        holder, FitSettings(epochs=2, fine_tuning="gradual"), [f"context.{name}" for name in names]
    )
    tuning.begin_epoch(1)
    assert not any(value.requires_grad for value in holder.parameters())
    tuning.begin_epoch(2)
    assert all(value.requires_grad for value in holder.parameters())


def by_adapters(layer: nn.Module, inputs: Tensor, start: Tensor, left: Tensor, right: Tensor) -> Tensor:
    """Return the output with the low-rank part as layers of its own beside the loaded one."""
    if isinstance(layer, nn.Linear):
        return linear(inputs, start, layer.bias) + linear(linear(inputs, right), left)
    down = right.view(-1, *layer.weight.shape[1:])
    low = conv2d(inputs, down, None, layer.stride, layer.padding)
    return conv2d(inputs, start, layer.bias, layer.stride, layer.padding) + conv2d(
        low, left[:, :, None, None]
    )


@pytest.mark.parametrize(
    ("layer", "inputs"),
    [
        (nn.Conv2d(12, 16, 3, stride=2, padding=1), torch.rand(4, 12, 9, 9)),
        (nn.Linear(20, 12), torch.rand(4, 20)),
    ],
)
def test_merged_weights_give_the_logits_of_adapters_and_their_gradients(
    layer: nn.Module, inputs: Tensor
) -> None:
    """Against adapters as in the paper: two layers beside the loaded one, with gradients by autograd."""
    layer.double(), torch.manual_seed(0)
    inputs = inputs.double()
    start = layer.weight.detach().clone()
    change = LowRankChange(layer.weight, torch.Generator().manual_seed(0))
    change.left, change.right = (nn.Parameter(item.double()) for item in (change.left, change.right))
    assert torch.equal(change.left, torch.zeros_like(change.left))
    change.left.data.normal_()
    left, right = (item.detach().clone().requires_grad_() for item in (change.left, change.right))
    change.apply()
    merged, separate = layer(inputs), by_adapters(layer, inputs, start, left, right)
    assert torch.allclose(merged, separate)
    target = torch.randn_like(merged)
    (merged * target).sum().backward()
    change.take_gradient()
    (separate * target).sum().backward()
    assert layer.weight.grad is None
    assert torch.allclose(change.left.grad, left.grad) and torch.allclose(change.right.grad, right.grad)


def test_a_change_has_a_low_rank_and_begins_with_the_loaded_weight() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 32, 5), nn.Flatten(), nn.Linear(32, 3)).double()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    tuning = FineTuning(network.float(), FitSettings(fine_tuning="low_rank"), ["0.weight", "0.bias"])
    tuning.begin_epoch(1)
    tuning.apply()
    assert torch.equal(network[0].weight, before["0.weight"].float())
    optimiser = torch.optim.AdamW(tuning.parameters, lr=0.05)
    for _ in range(20):
        optimiser.zero_grad(set_to_none=True)
        cross_entropy(network(torch.randn(8, 3, 5, 5)), torch.randint(0, 3, (8,))).backward()
        tuning.take_gradients()
        optimiser.step()
        tuning.apply()
    difference = (network[0].weight.detach() - before["0.weight"].float()).flatten(1).double()
    values = torch.linalg.svdvals(difference)
    assert values[RANK - 1] > 1e-4 and (values[RANK:] < 1e-5).all()
    assert tuning.trained == 8 * (32 + 75) + 3 * 32 + 3


class StopAfter(SilentProgress):
    """Cancels in the first batch of an epoch."""

    def __init__(self, epoch: int) -> None:
        super().__init__()
        self.epoch = epoch

    def check_cancelled(self) -> None:
        if len([text for _, text in self.lines if text.startswith("Epoch ")]) >= self.epoch:
            raise RunCancelled


@pytest.mark.parametrize("kind", ["low_rank", "gradual", "frozen"])
def test_a_resumed_fit_is_the_whole_one(tmp_path: Path, kind: str) -> None:
    settings = FitSettings(epochs=4, batch_size=16, learning_rate=0.01, fine_tuning=kind, averaging=0.9)
    whole, _ = tuned(settings)
    with pytest.raises(RunCancelled):
        tuned(settings, StopAfter(2), tmp_path / "state")
    progress = SilentProgress()
    resumed, _ = tuned(settings, progress, tmp_path / "state")
    assert next(text for _, text in progress.lines if text.startswith("Epoch ")).startswith("Epoch 3:")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_the_log_says_how_much_is_trained() -> None:
    progress = SilentProgress()
    tuned(FitSettings(epochs=3, batch_size=16, fine_tuning="gradual", frozen_epochs=1), progress)
    lines = [text for _, text in progress.lines if text.startswith("From epoch ")]
    # Linear layer 4 x 2 + 2, normalisation 4 + 4, convolution 4 x 9 + 4.
    assert lines == [
        f"From epoch {number} on, {count} values are trained; the network has 58 weights."
        for number, count in ((1, 10), (2, 18), (3, 58))
    ]
