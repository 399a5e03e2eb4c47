"""Precision of a training."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from deep_land_cover.core.training.optimisation import autocast


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_attention_and_its_gradient_are_those_of_the_formula(precision: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(0)
    query, key, value = torch.randn(3, 2, 4, 37, 32, dtype=torch.float64, generator=generator)
    scores = (query @ key.transpose(-2, -1) / math.sqrt(32)).softmax(dim=-1)
    expected = scores @ value
    # The gradient of the sum of the outputs: each row of a value's is the sum of its column of scores.
    gradient = scores.sum(dim=-2).unsqueeze(-1).expand_as(value)

    inputs = [item.to(precision).requires_grad_() for item in (query, key, value)]
    with autocast(torch.device("cpu"), precision):
        found = scaled_dot_product_attention(*inputs)
    (found_gradient,) = torch.autograd.grad(found.sum(), inputs[2])
    tolerance = 1e-5 if precision == torch.float32 else 0.05
    torch.testing.assert_close(found.double(), expected, atol=tolerance, rtol=tolerance)
    torch.testing.assert_close(found_gradient.double(), gradient, atol=tolerance, rtol=tolerance)


def _is_fused() -> bool:
    return bool(torch.backends.cuda.flash_sdp_enabled())  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(("precision", "is_fused"), [(torch.float32, True), (torch.bfloat16, False)])
def test_bfloat16_on_a_cpu_leaves_fused_attention_alone(precision: torch.dtype, is_fused: bool) -> None:
    with autocast(torch.device("cpu"), precision):
        assert _is_fused() == is_fused
    assert _is_fused()
