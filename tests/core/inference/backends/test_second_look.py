"""What is looked at twice, and what that does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.inference.backend_names import Method
from deep_land_cover.core.inference.backends.choice import Computation
from deep_land_cover.core.inference.backends.second_look import (
    Closeness,
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
    found = closeness(off, exact, patches, same)
    assert found.limits[0] == pytest.approx(0.2, abs=1e-5)
    logits = patches.mean(dim=(2, 3)).numpy()
    rounded = logits + np.array([0.1, -0.1, 0.0], np.float32)
    assert found.before == pytest.approx((logits.argmax(1) == rounded.argmax(1)).mean())
    ordered = np.sort(rounded, axis=1)
    limits = np.array(found.limits)[rounded.argmax(1)]
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


def found_in(off: Tensor, exact: Tensor, precision: str = "int8") -> Closeness:
    patches = torch.zeros(len(exact), 1, 1, 1)
    return closeness(Table(precision, off), Table("fp32", exact), patches, same)


def test_a_rare_class_is_looked_at_more_closely():
    generator = torch.Generator().manual_seed(1)
    # Of 2,000 patches 40 are of class 2, whose errors are up to ten times those of the others.
    exact = torch.randn(2000, 3, generator=generator)
    exact[:, 2] -= 20.0
    exact[:40, 2] += 40.0
    off = exact.clone()
    off[:, 0] += 0.1 * torch.rand(2000, generator=generator)
    off[:40, 2] += torch.rand(40, generator=generator)
    limits = found_in(off, exact).limits
    errors = (margins(off[:40]) - margins(exact[:40])).abs().numpy()
    # A quarter of its share of a fiftieth may be above.
    assert limits[2] == pytest.approx(np.quantile(errors, 0.995), abs=1e-6) and limits[2] > 0.9
    # Three quarters of what is at most 0.1.
    assert 0.03 < limits[0] < 0.1


@pytest.mark.parametrize(("precision", "least"), [("int8", 0.99), ("bf16", 0.998)])
def test_where_all_classes_are_close_more_errors_are_below_the_limit(precision, least):
    generator = torch.Generator().manual_seed(1)
    # A twentieth of the errors is ten times as large as the others, and all gaps are small.
    exact = 0.2 * torch.randn(2000, 2, generator=generator)
    off = exact + 0.05 * torch.randn(2000, 2, generator=generator)
    off[::20] += 0.5 * torch.randn(100, 2, generator=generator)
    found = found_in(off, exact, precision)
    errors = (
        margins(off) - (exact.gather(1, off.argsort(1, descending=True)) @ torch.tensor([1.0, -1.0]))
    ).abs()
    lost = (off.argmax(1) != exact.argmax(1)).numpy()

    def kept(limits) -> float:
        looked_at = (margins(off) < max(limits)).numpy()
        classes = exact.argmax(1).numpy()
        return min(1 - (lost & ~looked_at)[classes == number].mean() for number in (0, 1))

    usual = np.quantile(errors.numpy(), 0.75 if precision == "int8" else 0.95)
    assert kept([usual]) < least <= kept(found.limits)
    assert max(found.limits) > usual


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
