"""What is looked at twice, and what that does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.inference.backend_names import Method
from deep_land_cover.core.inference.backends.choice import Computation
from deep_land_cover.core.inference.backends.second_look import (
    AFTER_8_BITS,
    OF_8_BITS,
    OF_16_BITS,
    Closeness,
    Demand,
    SecondLook,
    closeness,
    look_again,
    margins,
)
from deep_land_cover.core.inference.backends.torch_backend import TorchBackend, plain_backend
from deep_land_cover.core.inference.patch_predictor import PatchPredictor
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


def test_margins_are_those_of_a_sort():
    values = torch.randn(50, 4, generator=torch.Generator().manual_seed(1))
    ordered = np.sort(values.numpy(), axis=1)
    assert np.allclose(margins(values).numpy(), ordered[:, -1] - ordered[:, -2])
    assert margins(torch.zeros(3, 1)).tolist() == [0, 0, 0]


def test_the_limit_is_the_error_of_the_gap_and_no_class_changes():
    # Class 0 gains 0.1, class 1 loses 0.1: gaps between the two are off by 0.2, others by 0.1 or not.
    patches = torch.rand(400, 3, 4, 4, generator=torch.Generator().manual_seed(1))
    exact, off = plain_backend(Mean()), TorchBackend(Mean(0.1), "bf16")
    off.dtype = torch.float32
    found = closeness(off, exact, patches, same, OF_16_BITS)
    assert found.limits[0] == pytest.approx(0.2, abs=1e-5)
    logits = patches.mean(dim=(2, 3)).numpy()
    rounded = logits + np.array([0.1, -0.1, 0.0], np.float32)
    assert found.before == pytest.approx((logits.argmax(1) == rounded.argmax(1)).mean())
    ordered = np.sort(rounded, axis=1)
    limits = np.array(found.limits)[rounded.argsort(axis=1)[:, -2:]].max(axis=1)
    assert found.again == pytest.approx((ordered[:, -1] - ordered[:, -2] < limits).mean())
    assert found.before < 0.9 and found.agreement == 1.0


def test_the_rule_decides_which_classes_are_close():
    look = SecondLook(plain_backend(Mean()), (0.5, 0.5), lambda logits: logits + torch.tensor([0.0, 1.0]))
    assert look.close(torch.tensor([[2.0, 0.0], [2.0, 1.2], [0.0, 0.2], [3.0, 1.9]])).tolist() == [1, 3]


def test_a_predictor_computes_the_close_ones_again_and_only_these():
    channels = torch.rand(3, 40, 40, generator=torch.Generator().manual_seed(2))
    rows, columns = (
        place.flatten() for place in torch.meshgrid(torch.arange(4, 36), torch.arange(4, 36), indexing="ij")
    )
    first, second = Mean(0.1), Mean()
    off = TorchBackend(first, "bf16")
    off.dtype = torch.float32
    look = SecondLook(plain_backend(second), (0.2, 0.2, 0.2), same)
    done: list[int] = []
    predictor = PatchPredictor(Computation(off, look, 1.0), 8, torch.device("cpu"), 100, SilentProgress())
    valid = torch.ones(40, 40, dtype=torch.bool)
    found = predictor.predict(channels, valid, rows, columns, done.append)
    windows = channels.unfold(1, 8, 1).unfold(2, 8, 1).mean(dim=(3, 4))
    expected = windows[:, rows - 4, columns - 4].T
    assert torch.equal(found.argmax(dim=1), expected.argmax(dim=1))
    close = margins(expected + torch.tensor([0.1, -0.1, 0.0])) < 0.2
    assert torch.allclose(found[close], expected[close], atol=1e-6)
    assert first.seen == len(rows) and second.seen == int(close.sum())
    # A patch counts once.
    assert sum(done) == len(rows)


class Table:
    """A backend whose logits are those of a table, whatever it is shown."""

    batch_size = at_once = 2000
    dtype = torch.float32

    def __init__(self, precision: str, logits: Tensor) -> None:
        self.method, self._logits = Method("openvino", precision), logits

    def scores(self, batches, size):
        return (self._logits[: len(batch)] for batch in batches)


def found_in(off: Tensor, exact: Tensor, demand: Demand = OF_8_BITS) -> Closeness:
    patches = torch.zeros(len(exact), 1, 1, 1)
    return closeness(Table("int8", off), Table("fp32", exact), patches, same, demand)


def gaps_of(off: Tensor, exact: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the two best classes in fewer bits (N, 2), their gap and its error."""
    order = off.argsort(dim=1, descending=True)[:, :2]
    gap, true_gap = ((some.gather(1, order) @ torch.tensor([1.0, -1.0])).numpy() for some in (off, exact))
    return order.numpy(), gap, np.abs(gap - true_gap)


@pytest.mark.parametrize("demand", [OF_16_BITS, OF_8_BITS, AFTER_8_BITS])
def test_beyond_its_limit_a_class_is_expected_to_lose_no_more_than_it_may(demand):
    generator = torch.Generator().manual_seed(1)
    exact = torch.randn(1000, 3, generator=generator)
    # Class 2 is rare, and its errors are five times those of the others.
    exact[:, 2] -= 1.5
    off = exact + torch.randn(1000, 3, generator=generator) * torch.tensor([0.1, 0.1, 0.5])
    best, gaps, errors = gaps_of(off, exact)
    limits = found_in(off, exact, demand).limits
    for number, count in enumerate(torch.bincount(exact.argmax(dim=1), minlength=3).tolist()):
        own = errors[(best == number).any(axis=1)]

        def lost(limit: float, number: int = number, own: np.ndarray = own) -> float:
            named = gaps[(best[:, 1] == number) & (gaps >= limit)]
            some = (own,) if len(own) >= 200 else (own, errors)
            return sum(max((few > gap).mean() for few in some) / 2 for gap in named)

        assert lost(limits[number]) <= demand.may_lose * count
        # A little less and it would be more, unless most errors are larger than that.
        is_least = limits[number] == pytest.approx(np.quantile(own, demand.below), abs=1e-5)
        assert is_least or lost(0.9999 * limits[number]) > demand.may_lose * count
    assert limits[2] > limits[0]


def test_a_class_of_a_few_patches_gets_their_largest_error():
    generator = torch.Generator().manual_seed(1)
    exact = torch.randn(500, 3, generator=generator)
    exact[:, 2] -= 20.0
    exact[:10, 2] += 40.0
    off = exact.clone()
    off[:10, 2] += torch.rand(10, generator=generator) + 0.5
    errors = (margins(off[:10]) - margins(exact[:10])).abs()
    found = found_in(off, exact, OF_8_BITS)
    assert found.limits[2] == pytest.approx(float(errors.max()), abs=1e-6)
    assert found.limits[0] < found.limits[2] / 2


def test_what_is_still_close_after_the_second_look_gets_a_third():
    # The distance of two logits, which each look halves in error.
    logits = torch.tensor([[0.0, 3.0], [0.0, 0.9], [0.0, 0.3]])
    looks: list[list[int]] = []

    def compute(backend, again):
        looks.append(again.tolist())
        return logits[again] * backend

    third = SecondLook(100.0, (0.5, 0.5), same)
    again = look_again(logits, SecondLook(1.0, (1.0, 1.0), same, third), compute)
    assert looks == [[1, 2], [2]] and again.tolist() == [1, 2]
    assert logits[:, 1].tolist() == pytest.approx([3.0, 0.9, 30.0])
    assert len(look_again(logits, None, compute)) == 0 and len(looks) == 2
