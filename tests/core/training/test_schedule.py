from __future__ import annotations

import pytest
import torch

from deep_land_cover.core.training.optimisation import rate_factor


def test_one_cycle_is_pytorchs() -> None:
    steps = 1000
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    # PyTorch counts its last step as the end; here a share of all steps is behind.
    reference = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=1.0, total_steps=steps + 1)
    for step in range(steps):
        assert rate_factor("one_cycle", step / steps) == pytest.approx(
            optimiser.param_groups[0]["lr"], abs=0.003
        )
        optimiser.step()
        reference.step()


def test_cosine_rises_shortly_then_falls_to_nothing() -> None:
    assert 0 < rate_factor("cosine", 0.0) < 0.1
    assert rate_factor("cosine", 0.05) == pytest.approx(1.0)
    # Half of the way down is half of the rate.
    assert rate_factor("cosine", 0.05 + 0.95 / 2) == pytest.approx(0.5)
    assert rate_factor("cosine", 1.0) == pytest.approx(0.0, abs=1e-12)
    rates = [rate_factor("cosine", step / 100) for step in range(6, 101)]
    assert rates == sorted(rates, reverse=True)


def test_constant_is_constant() -> None:
    assert {rate_factor("constant", share) for share in (0.0, 0.5, 1.0)} == {1.0}
