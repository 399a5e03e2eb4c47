"""What 8 bits are followed by, and what is said of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from deep_land_cover.core.inference.backends.cascade import Scored, in_8_bits, recompute
from deep_land_cover.core.options import Method
from deep_land_cover.core.progress import SilentProgress

RATES = {"int8": 1000.0, "bf16": 500.0, "fp32": 200.0}
INT8, BF16, FP32 = (SimpleNamespace(method=Method("openvino", name)) for name in RATES)
COUNT = 2000


def logits_with(error_of_8_bits: float) -> dict[str, Tensor]:
    """Return logits (N, 4) by precision; those of 16 bits are off by a sixth as much as those of 8."""
    generator = torch.Generator().manual_seed(1)
    exact, noise, other = (torch.randn(COUNT, 4, generator=generator) for _ in range(3))
    in_8, in_16 = exact + error_of_8_bits * noise, exact + error_of_8_bits / 6 * other
    return {"int8": in_8, "bf16": in_16, "fp32": exact}


def chosen(logits: dict[str, Tensor], between=BF16):
    progress = SilentProgress()

    def judge(backend) -> Scored:
        name = backend.method.precision
        return Scored(logits[name], RATES[name])

    return in_8_bits(INT8, between, FP32, judge, lambda given: given, progress), progress.lines


def test_the_stated_agreement_is_that_of_the_looks_as_they_are_taken():
    logits = logits_with(0.1)
    found, lines = chosen(logits)
    looked = []

    def compute(backend, again: Tensor) -> Tensor:
        name = backend.method.precision
        looked.append((name, len(again)))
        return logits[name][again]

    after = logits["int8"].clone()
    recompute(after, found.recomputation, compute)
    agreement = float((after.argmax(dim=1) == logits["fp32"].argmax(dim=1)).double().mean())
    # 16 bits lose some that 32 would not have.
    assert found.agreement == pytest.approx(agreement) and 0.99 < agreement < 1.0
    assert [name for name, _ in looked] == ["bf16", "fp32"]
    (_, in_16), (_, in_32) = looked
    assert 0 < in_32 < in_16 < COUNT
    assert found.recomputation.seconds == pytest.approx(in_16 / COUNT / 500.0)
    assert found.recomputation.then.seconds == pytest.approx(in_32 / COUNT / 200.0)
    texts = [text for _, text in lines]
    assert f"the {in_16 / COUNT:.1%} with a low margin" in texts[0]
    assert f"it is {agreement:.1%}" in texts[0]
    assert f"the {in_32 / COUNT:.1%} whose margin is still low in 32" in texts[1]


def test_where_most_is_close_16_bits_are_used_and_it_is_said():
    found, lines = chosen(logits_with(0.6))
    assert found.backend is BF16
    assert found.recomputation.backend is FP32 and found.recomputation.then is None
    assert [level for level, text in lines if "no faster than 16 bits" in text] == ["warning"]


def test_without_16_bits_32_follow_at_once():
    found, lines = chosen(logits_with(0.1), between=None)
    assert found.backend is INT8
    assert found.recomputation.backend is FP32 and found.recomputation.then is None
    assert len(lines) == 1
