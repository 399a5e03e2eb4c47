"""Which patches are looked at twice, and that only those are computed again."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.inference.backends.cascade import (
    Computation,
    Recomputation,
    has_low_margin,
    recompute,
)
from deep_land_cover.core.inference.backends.torch_backend import TorchBackend, plain_backend
from deep_land_cover.core.inference.predictors import patch as patch_predictor
from deep_land_cover.core.inference.predictors.patch import PatchPredictor
from deep_land_cover.core.progress import SilentProgress


class Mean(nn.Module):
    """Its logits are the means of a patch's channels, some of them off."""

    def __init__(self, error: float = 0.0) -> None:
        super().__init__()
        self.error, self.seen = error, 0

    def forward(self, patches: Tensor) -> Tensor:
        self.seen += len(patches)
        logits = patches.float().mean(dim=(2, 3))
        return logits + self.error * torch.tensor([1.0, -1.0, 0.0])


def same(logits: Tensor) -> Tensor:
    return logits


def test_a_class_that_lies_third_counts_as_well_as_the_second():
    ranked = torch.tensor(
        [[3.0, 1.9, 1.5], [3.0, 1.9, 0.9], [0.8, 3.0, 0.0], [0.8, 0.0, 2.9], [1.0, 0.0, 1.0]]
    )
    # By hand: how far below the best, for each class but that. Row: the best; column: the other.
    limits = torch.tensor([[9.0, 1.0, 2.0], [0.5, 9.0, 3.1], [2.2, 2.0, 9.0]])
    assert has_low_margin(ranked, limits).tolist() == [True, False, True, True, True]
    assert has_low_margin(ranked, limits.T).tolist() == [True, True, False, True, True]
    assert has_low_margin(ranked[:, :1], torch.tensor([[0.5]])).tolist() == [False] * 5


def test_the_rule_decides_which_classes_are_close():
    look = Recomputation(
        plain_backend(Mean()), torch.full((2, 2), 0.5), lambda logits: logits + torch.tensor([0.0, 1.0])
    )
    assert look.low_margins(torch.tensor([[2.0, 0.0], [2.0, 1.2], [0.0, 0.2], [3.0, 1.9]])).tolist() == [1, 3]


def test_a_predictor_computes_the_close_ones_again_and_only_these():
    channels = torch.rand(3, 40, 40, generator=torch.Generator().manual_seed(2))
    rows, columns = (
        place.flatten() for place in torch.meshgrid(torch.arange(4, 36), torch.arange(4, 36), indexing="ij")
    )
    first, second = Mean(0.1), Mean()
    off = TorchBackend(first, "bf16")
    off.dtype = torch.float32
    look = Recomputation(plain_backend(second), torch.full((3, 3), 0.2), same)
    done: list[int] = []
    predictor = PatchPredictor(Computation(off, look, 1.0), 8, torch.device("cpu"), 100, SilentProgress())
    valid = torch.ones(40, 40, dtype=torch.bool)
    found = predictor.predict(channels, valid, rows, columns, done.append)
    windows = channels.unfold(1, 8, 1).unfold(2, 8, 1).mean(dim=(3, 4))
    expected = windows[:, rows - 4, columns - 4].T
    assert torch.equal(found.argmax(dim=1), expected.argmax(dim=1))
    ordered = (expected + torch.tensor([0.1, -0.1, 0.0])).sort(dim=1).values
    close = ordered[:, -1] - ordered[:, -2] < 0.2
    assert torch.allclose(found[close], expected[close], atol=1e-6)
    assert first.seen == len(rows) and second.seen == int(close.sum())
    # A patch counts once.
    assert sum(done) == len(rows)


def test_the_rates_are_those_of_all_looks_together(monkeypatch):
    channels = torch.rand(3, 40, 40, generator=torch.Generator().manual_seed(2))
    place = torch.arange(4, 36)
    rows, columns = place.repeat_interleave(32), place.repeat(32)
    first, second, third = Mean(0.1), Mean(), Mean()
    off, less_off, exact = TorchBackend(first, "bf16"), plain_backend(second), plain_backend(third)
    off.dtype = torch.float32
    last = Recomputation(exact, torch.full((3, 3), 0.05), same, seconds=0.002)
    look = Recomputation(less_off, torch.full((3, 3), 0.2), same, last, 0.005)
    predictor = PatchPredictor(
        Computation(off, look, 1.0), 8, torch.device("cpu"), 100, SilentProgress(), rate=100.0
    )
    # What is announced: 10 ms for the first, and what a sample lets expect of the others.
    assert predictor.trial_rate(3, 10**6) == pytest.approx(1 / (0.010 + 0.005 + 0.002))
    valid = torch.ones(40, 40, dtype=torch.bool)
    predictor.predict(channels, valid, rows, columns, lambda _: None)
    rates = {off: 1000.0, less_off: 100.0, exact: 10.0}
    tried: dict[TorchBackend, int] = {}

    def rate_of(backend, batch, size, seconds):
        tried[backend] = len(batch)
        return rates[backend]

    monkeypatch.setattr(patch_predictor, "rate_of", rate_of)
    took = first.seen / 1000 + second.seen / 100 + third.seen / 10
    assert first.seen == 1024 > second.seen > third.seen > 0
    assert predictor.model_rate(1.0) == pytest.approx(1024 / took)
    # Each on its largest batch, not on the remainder that came last.
    assert tried == {off: 100, less_off: min(100, second.seen), exact: min(100, third.seen)}
    assert second.seen % 100 != 0


def test_what_is_still_close_after_the_second_look_gets_a_third():
    # The distance of two logits, which each look halves in error.
    logits = torch.tensor([[0.0, 3.0], [0.0, 0.9], [0.0, 0.3]])
    looks: list[list[int]] = []

    def compute(backend, again):
        looks.append(again.tolist())
        return logits[again] * backend

    third = Recomputation(100.0, torch.full((2, 2), 0.5), same)
    again = recompute(logits, Recomputation(1.0, torch.ones(2, 2), same, third), compute)
    assert looks == [[1, 2], [2]] and again.tolist() == [1, 2]
    assert logits[:, 1].tolist() == pytest.approx([3.0, 0.9, 30.0])
    assert len(recompute(logits, None, compute)) == 0 and len(looks) == 2
