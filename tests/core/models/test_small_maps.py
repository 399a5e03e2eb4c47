from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import conv2d

from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.models.specialise import skip_padding, used_taps


@given(st.sampled_from([1, 3, 5, 7]), st.integers(1, 3), st.integers(0, 3), st.integers(1, 9))
def test_the_taps_left_out_meet_nothing_but_padding(
    kernel: int, stride: int, padding: int, size: int
) -> None:
    if size + 2 * padding < kernel:
        return
    taps = used_taps(kernel, stride, padding, size)
    values = torch.rand(1, 1, size, size, dtype=torch.float64)
    weights = torch.rand(1, 1, kernel, kernel, dtype=torch.float64, requires_grad=True)
    whole = conv2d(values, weights, stride=stride, padding=padding)
    whole.sum().backward()
    assert weights.grad is not None
    met = (weights.grad != 0).any(dim=2).flatten().nonzero().flatten().tolist()
    if taps is None:
        return
    assert (taps.first, taps.stop) == (met[0], met[-1] + 1)
    part = weights[:, :, taps.first : taps.stop, taps.first : taps.stop]
    assert torch.allclose(conv2d(values, part, stride=stride, padding=taps.padding), whole)


def test_the_centre_tap_is_what_a_single_pixel_meets() -> None:
    taps = used_taps(kernel=3, stride=1, padding=1, size=1)
    assert taps is not None and (taps.first, taps.stop, taps.padding) == (1, 2, 0)
    assert used_taps(kernel=3, stride=1, padding=1, size=2) is None
    # On two pixels a stride of 2 stops at the first: its kernel's first tap hangs over the edge.
    taps = used_taps(kernel=3, stride=2, padding=1, size=2)
    assert taps is not None and (taps.first, taps.stop, taps.padding) == (1, 3, 0)


@pytest.mark.medium(but=("resnet18-32-4",))
@pytest.mark.parametrize(
    ("name", "size", "changed"), [("resnet18", 32, 4), ("resnet50", 32, 3), ("resnet18", 8, 12)]
)
def test_logits_and_gradients_stay_what_they_are(name: str, size: int, changed: int) -> None:
    torch.manual_seed(0)
    plain, skipping = build_network(name, 5, 4), build_network(name, 5, 4)
    skipping.load_state_dict(plain.state_dict())
    assert skip_padding(skipping, 5, size) == changed
    patches = torch.randn(4, 5, size, size)
    results = []
    for network in (plain, skipping):
        logits = network(patches)
        logits.square().sum().backward()
        results.append((logits, {key: value.grad for key, value in network.named_parameters()}))
    (logits, gradients), (other, others) = results
    assert torch.allclose(logits, other, rtol=1e-4, atol=1e-4)
    for key, gradient in gradients.items():
        assert gradient is not None and others[key] is not None
        scale = gradient.abs().max().item()
        assert torch.allclose(gradient, others[key], atol=2e-3 * scale), key


def test_a_strided_kernel_on_a_single_pixel_has_finite_gradients_in_bfloat16() -> None:
    layer = nn.Conv2d(64, 64, 3, stride=2, padding=1, bias=False)
    assert skip_padding(nn.Sequential(layer), 64, 1) == 1
    for _ in range(10):
        # Memory that was used before is what an undefined gradient would show.
        junk = [torch.full((64 * 64 * 9,), torch.nan) for _ in range(4)]
        del junk
        layer.weight.grad = None
        with torch.autocast("cpu", torch.bfloat16):
            layer(torch.ones(8, 64, 1, 1)).float().sum().backward()
        assert layer.weight.grad is not None
        # Eight patches of ones: the centre tap's gradient is 8, that of the others nothing.
        expected = torch.zeros(64, 64, 3, 3)
        expected[:, :, 1, 1] = 8
        assert torch.equal(layer.weight.grad, expected)
