from __future__ import annotations

import pytest
import torch
from torch.nn.functional import cross_entropy

from deep_land_cover.core.training.feeds.base import Labels
from deep_land_cover.core.training.optimisation import loss_of

LOGITS = torch.randn(50, 4, generator=torch.Generator().manual_seed(0))
CODES = torch.arange(50) % 4
EVEN = torch.ones(4)
UNEVEN = torch.tensor([1.0, 2.0, 0.5, 4.0])


def test_plain_and_weighted_cross_entropy_are_pytorchs() -> None:
    for weights in (EVEN, UNEVEN):
        ours = loss_of(LOGITS, Labels(CODES), weights, "cross_entropy", 0.0)
        assert ours.item() == pytest.approx(cross_entropy(LOGITS, CODES, weight=weights).item(), rel=1e-6)


def test_smoothing_without_weights_is_pytorchs() -> None:
    ours = loss_of(LOGITS, Labels(CODES), EVEN, "cross_entropy", 0.1)
    assert ours.item() == pytest.approx(cross_entropy(LOGITS, CODES, label_smoothing=0.1).item(), rel=1e-6)


def test_smoothing_does_not_pull_towards_heavy_classes() -> None:
    # One sample of class 0: the best logits treat the other classes alike, whatever their weight.
    logits = torch.zeros(1, 4, requires_grad=True)
    loss_of(logits, Labels(torch.tensor([0])), UNEVEN, "cross_entropy", 0.2).backward()
    assert logits.grad is not None
    assert logits.grad[0, 1:].tolist() == pytest.approx([0.2] * 3)


def test_the_focal_loss_is_that_of_its_paper() -> None:
    # Lin et al. 2017, table of section 3: at p = 0.9 and gamma 2 the loss is 100 times less.
    logits = torch.log(torch.tensor([[0.9, 0.1]]))
    codes, weights = torch.tensor([0]), torch.ones(2)
    plain = loss_of(logits, Labels(codes), weights, "cross_entropy", 0.0)
    focal = loss_of(logits, Labels(codes), weights, "focal", 0.0)
    assert (plain / focal).item() == pytest.approx(100.0, rel=1e-4)
