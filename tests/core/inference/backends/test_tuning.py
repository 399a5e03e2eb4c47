"""The batch size of a GPU and its compiled network, found on stand-ins whose rates are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.inference.backends import torch_backend as cuda_backend
from deep_land_cover.core.inference.backends import torch_backend as tuning
from deep_land_cover.core.inference.backends.base import PatchNetwork
from deep_land_cover.core.inference.backends.torch_backend import fitting_batch_sizes, tuned
from deep_land_cover.core.options import Method
from deep_land_cover.core.progress import SilentProgress

MANY = 10**9


class Card:
    """A backend that says what it was given; see ``TunableBackend``."""

    method = Method("torch", "fp16")
    dtype = torch.float32
    batch_size = 1024
    at_once = 1

    def __init__(self, network: nn.Module, full_from: int = 10**9, compiled: Card | None = None) -> None:
        self.network, self.full_from, self.as_compiled = network, full_from, compiled

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        for batch in batches:
            if len(batch) >= self.full_from:
                raise torch.OutOfMemoryError("CUDA out of memory")
            yield self.network(batch)

    def sizes(self, network: PatchNetwork) -> tuple[int, ...]:
        return (256, 512, 1024, 2048)

    def compiled(self) -> Card | None:
        return self.as_compiled


@pytest.fixture
def network() -> PatchNetwork:
    torch.manual_seed(0)
    plain = nn.Sequential(nn.Flatten(), nn.Linear(2 * 4 * 4, 3)).requires_grad_(False)
    return PatchNetwork(plain, 2, 4, torch.device("cpu"))


@pytest.fixture
def rates(monkeypatch):
    """Patches a second by batch size, and ten times as many of what is compiled."""

    def rate_of(backend: Card, batch: Tensor, size: int, seconds: float) -> float:
        list(backend.scores([batch], size))
        of_size = {256: 100.0, 512: 300.0, 1024: 200.0, 2048: 250.0}[size]
        return of_size if backend.as_compiled or backend.full_from < 10**9 else 10 * of_size

    monkeypatch.setattr(tuning, "rate_of", rate_of)


@pytest.mark.usefixtures("rates")
def test_the_fastest_batch_is_taken_and_said(network):
    card, progress = Card(network.plain, full_from=10**8), SilentProgress()
    assert tuned(card, network, 1000, progress) is card
    assert card.batch_size == 512
    assert "512 patches (300 patches/s)" in progress.lines[0][1]


@pytest.mark.usefixtures("rates")
def test_a_batch_that_does_not_fit_after_all_ends_the_trial(network):
    card = Card(network.plain, full_from=500)
    tuned(card, network, 1000, SilentProgress())
    assert card.batch_size == 256


@pytest.mark.usefixtures("rates")
def test_a_network_is_compiled_for_many_patches_only_and_where_that_is_faster(network):
    compiled = Card(network.plain)
    compiled.batch_size = 512
    card = Card(network.plain, compiled=compiled)
    assert tuned(card, network, 10**6, SilentProgress()) is card
    assert tuned(card, network, MANY, SilentProgress()) is compiled
    slow = Card(network.plain, full_from=10**8)
    slow.batch_size = 256
    assert tuned(Card(network.plain, compiled=slow), network, MANY, SilentProgress()) is not slow


@pytest.mark.usefixtures("rates")
@pytest.mark.parametrize("problem", ["other scores", "error"])
def test_a_compiled_network_that_is_wrong_or_breaks_is_not_used(network, problem):
    broken = nn.Sequential(nn.Flatten(), nn.Linear(32 if problem == "other scores" else 31, 3))
    card = Card(network.plain, compiled=Card(broken.requires_grad_(False)))
    progress = SilentProgress()
    assert tuned(card, network, MANY, progress) is card
    if problem == "error":
        level, text = progress.lines[-1]
        assert level == "warning" and "not compiled" in text


def test_batches_leave_memory_to_others():
    gigabyte = 2**30
    # 40 % of 10 GB hold 2,048 patches of 2 MB.
    assert fitting_batch_sizes(2 * 2**20, 10 * gigabyte) == (256, 512, 1024, 2048)
    assert fitting_batch_sizes(2 * 2**20, 100 * gigabyte)[-1] == 4096
    # On a card that others have filled, one is left to try.
    assert fitting_batch_sizes(2 * 2**20, 0) == (256,)


def test_nothing_is_compiled_without_a_compiler(monkeypatch):
    monkeypatch.setattr(cuda_backend.shutil, "which", lambda name: None)
    backend = cuda_backend.CudaBackend(nn.Identity(), "fp16", torch.device("cuda:0"))
    assert backend.compiled() is None
