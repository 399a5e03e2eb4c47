"""How close classes must be to be looked at again."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from deep_land_cover.core.inference.backends.cascade import (
    TOLERANCE_8_BITS,
    TOLERANCE_16_BITS,
    Agreement,
    Scored,
    Tolerance,
    agreement_of,
    pays,
    scored,
)
from deep_land_cover.core.options import Method


class Table:
    """A backend whose logits are those of a table, whatever it is shown."""

    batch_size = at_once = 2000
    dtype = torch.float32

    def __init__(self, precision: str, logits: Tensor) -> None:
        self.method, self._logits = Method("openvino", precision), logits

    def scores(self, batches, size):
        return (self._logits[: len(batch)] for batch in batches)


def found_in(off: Tensor, exact: Tensor, demand: Tolerance = TOLERANCE_8_BITS) -> Agreement:
    return agreement_of(Scored(off, 2.0), Scored(exact, 1.0), demand)


def with_a_rare_class(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return logits (N, 3), and in fewer bits: class 2 is rare, its errors are five times the others'."""
    generator = torch.Generator().manual_seed(seed)
    exact = torch.randn(count, 3, generator=generator)
    exact[:, 2] -= 1.5
    return exact, exact + torch.randn(count, 3, generator=generator) * torch.tensor([0.1, 0.1, 0.5])


def test_what_is_scored_is_what_the_rule_compares():
    logits = torch.tensor([[1.0, 2.0], [4.0, 3.0], [0.0, 9.0]])
    found = scored(Table("bf16", logits), torch.zeros(3, 1, 1, 1), lambda given: given * 2.0)
    assert torch.equal(found.ranked, logits * 2.0) and found.rate > 0.0


def test_the_limit_is_the_error_of_the_gap_and_no_class_changes():
    # Class 0 gains 0.1, class 1 loses 0.1: gaps between the two are off by 0.2, others by 0.1.
    exact = torch.rand(400, 3, generator=torch.Generator().manual_seed(1))
    off = exact + torch.tensor([0.1, -0.1, 0.0])
    found = found_in(off, exact, Tolerance(1e-9, 0.0))
    # Each is the largest of 400 patches' gaps that is not above the error.
    wrong = np.array([[0.0, 0.2, 0.1], [0.2, 0.0, 0.1], [0.1, 0.1, 0.0]])
    assert found.limits.numpy() == pytest.approx(wrong, abs=0.01)
    in_32, rounded = exact.numpy(), off.numpy()
    named = rounded.argmax(axis=1)
    assert found.before == pytest.approx((in_32.argmax(axis=1) == named).mean())
    assert found.before < 0.9 and found.agreement == 1.0
    gaps = rounded.max(axis=1, keepdims=True) - rounded
    assert found.again == pytest.approx(((gaps < wrong[named]) & (gaps > 0)).any(axis=1).mean(), abs=0.01)


@pytest.mark.parametrize("demand", [TOLERANCE_16_BITS, TOLERANCE_8_BITS, Tolerance(0.0003, 0.5)])
def test_beyond_its_limit_a_class_is_expected_to_lose_no_more_than_it_may(demand):
    exact, off = (some.numpy().astype(float) for some in with_a_rare_class(1000, 1))
    limits = found_in(torch.tensor(off), torch.tensor(exact), demand).limits.numpy()
    named, wrong = off.argmax(axis=1), off - exact
    unit = np.array(
        [[np.sqrt(np.mean((wrong[:, i] - wrong[:, j]) ** 2)) for j in range(3)] for i in range(3)]
    )
    first, second = np.argsort(-off, axis=1)[:, :2].T
    every = np.arange(1000)
    errors = np.abs(wrong[every, first] - wrong[every, second]) / unit[first, second]
    for number, count in enumerate(np.bincount(exact.argmax(axis=1))):
        is_other, own = named != number, errors[(first == number) | (second == number)]
        below = (off.max(axis=1) - off[:, number])[is_other] / unit[named[is_other], number]
        others = [other for other in range(3) if other != number]
        # In the unit of its errors, the limit is the same whichever class is named.
        limit, same = (limits[other, number] / unit[other, number] for other in others)
        assert same == pytest.approx(limit)

        def lost(limit: float, below: np.ndarray = below, own: np.ndarray = own) -> float:
            return sum(max((errors > gap).mean(), (own > gap).mean()) / 2 for gap in below[below >= limit])

        assert lost(limit) <= demand.may_lose * count
        # A little less and it would be more, unless many errors are larger than that.
        is_least = limit == pytest.approx(np.quantile(errors, demand.below))
        assert is_least or lost(0.9999 * limit) > demand.may_lose * count


def test_a_limit_is_above_the_share_of_errors_that_is_asked_for():
    exact, off = with_a_rare_class(1000, 1)
    # All may be lost, so nothing else sets a limit. Of two classes the unit cancels out.
    limits = found_in(off[:, :2], exact[:, :2], Tolerance(1.0, 0.95)).limits
    wrong = (off - exact)[:, 0] - (off - exact)[:, 1]
    assert limits[0, 1] == limits[1, 0] == pytest.approx(np.quantile(np.abs(wrong.numpy()), 0.95), rel=1e-5)


def test_other_patches_of_the_raster_lose_as_few():
    exact, off = with_a_rare_class(2000, 1)
    limits = found_in(off, exact).limits.numpy()
    exact, off = (some.numpy() for some in with_a_rare_class(400_000, 2))
    classes, named = exact.argmax(axis=1), off.argmax(axis=1)
    gaps = off.max(axis=1, keepdims=True) - off
    is_close = ((gaps < limits[named]) & (np.arange(3) != named[:, None])).any(axis=1)
    for number in range(3):
        lost = named[classes == number] != number
        # The limits are of 2,000 patches.
        assert (
            np.mean(lost & ~is_close[classes == number]) <= 1.5 * TOLERANCE_8_BITS.may_lose < lost.mean() / 2
        )
    assert is_close.mean() < 0.5


def test_a_class_whose_own_patches_alone_are_off_is_looked_at():
    generator = torch.Generator().manual_seed(1)
    exact = torch.randn(500, 3, generator=generator)
    exact[:, 2] -= 20.0
    # Ten patches, in 32 bits of class 2, some of which lose it.
    exact[:10] = torch.tensor([-1.0, -1.0, 0.0])
    off = exact.clone()
    off[:10, 2] -= torch.rand(10, generator=generator) * 2.0
    found = found_in(off, exact, TOLERANCE_8_BITS)
    assert 0.98 <= found.before < 1.0 and found.agreement == 1.0
    # The others have no errors.
    assert found.again < 0.05


def test_a_class_that_a_rule_rules_out_has_no_errors():
    exact, off = with_a_rare_class(500, 1)
    without = found_in(off[:, :2], exact[:, :2])
    exact[:, 2] = off[:, 2] = -torch.inf
    found = found_in(off, exact)
    assert torch.equal(found.is_recomputed, without.is_recomputed)
    assert torch.allclose(found.limits[:2, :2], without.limits)


def test_a_look_after_another_sees_only_what_is_close_and_computes_that():
    def of(is_same: list[int], is_close: list[int], limit: float) -> Agreement:
        return Agreement(
            torch.tensor([[limit]]), torch.tensor(is_same, dtype=bool), torch.tensor(is_close, dtype=bool)
        )

    # The third patch is lost by the first look, the fourth by the second; the last are right without.
    first = of([0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 0, 1, 1, 0, 0, 0], 2.0)
    second = of([1, 0, 1, 0, 1, 0, 1, 1], [0, 1, 1, 0, 0, 1, 0, 0], 1.0)
    both = first.then(second)
    assert (first.before, first.again, first.agreement) == (0.5, 0.5, 7 / 8)
    assert both.again == 1 / 8 and both.agreement == 6 / 8 and both.limits.tolist() == [[1.0]]


def test_two_looks_pay_where_they_take_less_time_than_32_bits():
    half = Agreement(torch.ones(1, 1), torch.tensor([True, True]), torch.tensor([True, False]))
    exact = Scored(torch.zeros(2, 1), 100.0)
    # 1/R + 0.5/100 < 1/100 where R is more than 200.
    assert pays(Scored(torch.zeros(2, 1), 201.0), exact, half)
    assert not pays(Scored(torch.zeros(2, 1), 199.0), exact, half)
