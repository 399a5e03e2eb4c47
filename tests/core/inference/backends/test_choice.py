"""Which backend computes, and what happens where one does not do what it should."""

from __future__ import annotations

import importlib.util
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from deep_land_cover.core.errors import DeviceError
from deep_land_cover.core.inference.backends import choice, openvino_backend
from deep_land_cover.core.inference.backends.base import PatchNetwork, relative_error
from deep_land_cover.core.inference.backends.cascade import RasterSample, Scored, logits_of
from deep_land_cover.core.inference.backends.choice import Backends, possible_methods
from deep_land_cover.core.inference.backends.torch_backend import TorchBackend, plain_backend
from deep_land_cover.core.models.network import build_network
from deep_land_cover.core.options import TORCH_FP32, Method
from deep_land_cover.core.progress import SilentProgress

CPU = torch.device("cpu")
MANY = 10**6
with_openvino = pytest.mark.skipif(
    importlib.util.find_spec("openvino") is None, reason="OpenVINO is not installed"
)


def make_backends(network: nn.Module | None = None) -> Backends:
    torch.manual_seed(0)
    network = network or build_network("resnet18", 5, 4)
    return Backends(PatchNetwork(network.eval(), 5, 16, CPU))


@pytest.mark.medium
@with_openvino
def test_the_fastest_is_taken_said_and_kept(monkeypatch):
    rates = {"torch": 100.0, "openvino": 200.0}
    monkeypatch.setattr(choice, "rate_of", lambda backend, *_: rates[backend.method.backend])
    backends, progress = make_backends(), SilentProgress()
    first = backends.choose(Method(precision="fp32"), MANY, progress).backend
    assert first.method == Method("openvino", "fp32")
    assert "torch fp32 100, openvino fp32 200" in progress.lines[-1][1]
    said = len(progress.lines)
    assert backends.choose(Method(precision="fp32"), 1, progress).backend is first
    assert len(progress.lines) == said
    assert backends.rate_of(first.method) == 200.0
    rates["openvino"] = 50.0
    assert make_backends().choose(Method(precision="fp32"), MANY, progress).backend.method == TORCH_FP32


@pytest.mark.medium
@with_openvino
def test_for_a_few_patches_nothing_is_tried():
    progress, backends = SilentProgress(), make_backends()
    for _ in range(3):
        assert backends.choose(Method(), 4000, progress).backend.method.backend == "torch"
    assert not progress.lines
    # But many small rasters are a large one.
    for _ in range(3):
        backends.choose(Method(), 4000, progress)
    assert any("Throughput on CPU" in text for _, text in progress.lines)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_what_is_asked_for_is_what_computes(precision):
    wanted = Method("torch", precision)
    backend = make_backends().choose(wanted, MANY, SilentProgress()).backend
    assert backend.method == wanted


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Method("torch", "tf32"), "PRECISION=tf32"),
        (Method("torch", "int8"), "torch computes in"),
        (Method("openvino", "tf32"), "BACKEND=openvino"),
    ],
)
def test_what_cannot_be_had_is_refused_with_what_can(wanted, says):
    with pytest.raises(DeviceError, match=says):
        possible_methods(wanted, CPU)


def test_a_missing_openvino_is_named_with_how_to_get_it(monkeypatch):
    for module in (choice, openvino_backend):
        monkeypatch.setattr(module, "is_installed", lambda: False)
    with pytest.raises(DeviceError, match=r"OpenVINO is not installed.*setupenvironment"):
        possible_methods(Method("openvino"), CPU)
    assert [method.backend for method in possible_methods(Method(), CPU)] == ["torch"]


class Undecided(nn.Module):
    """Looks at its input, which no tracer can follow."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(5 * 16 * 16, 4)

    def forward(self, patches: Tensor) -> Tensor:
        if patches.sum() > 1e9:
            return patches
        return self.layer(patches.flatten(1))


def test_a_network_that_cannot_be_prepared_is_computed_as_it_is():
    progress = SilentProgress()
    backends = make_backends(Undecided())
    backend = backends.choose(Method("torch"), MANY, progress).backend
    assert backend.method == TORCH_FP32
    level, text = progress.lines[0]
    assert level == "warning" and "is not used" in text
    patches = torch.randn(3, 5, 16, 16)
    assert torch.equal(*backend.scores([patches], 3), backends.network.plain(patches))


def test_a_form_that_computes_something_else_is_not_used(monkeypatch):
    def spoiled(network: PatchNetwork, dtype: torch.dtype) -> nn.Module:
        return build_network("resnet18", 5, 4).eval()

    monkeypatch.setattr("deep_land_cover.core.inference.backends.torch_backend.prepared", spoiled)
    progress = SilentProgress()
    backends = make_backends()
    assert backends.choose(Method("torch", "fp32"), MANY, progress).backend.method == TORCH_FP32
    assert "differ from those of the plain network" in progress.lines[0][1]


@pytest.mark.medium(but=("wanted0-1e-05",))
@pytest.mark.parametrize(
    ("wanted", "most"),
    [
        (Method("torch", "fp32"), 1e-5),
        (Method("torch", "bf16"), 0.05),
        pytest.param(Method("openvino", "fp32"), 1e-5, marks=with_openvino),
    ],
)
def test_the_logits_are_those_of_the_plain_network_whatever_the_batches(wanted, most):
    backends = make_backends()
    backend = backends.choose(wanted, MANY, SilentProgress()).backend
    assert backend.method == wanted
    assert relative_error(backend, backends.network) < most
    patches = torch.randn(70, 5, 16, 16).to(backend.dtype).contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        whole = torch.cat(list(backend.scores(patches.split(70), 70)))
        pieces = torch.cat(list(backend.scores(patches.split(16), 16)))
        expected = backends.network.plain(patches.float())
    assert whole.dtype == torch.float32 and whole.shape == (70, 4)
    scale = float(expected.std())
    assert torch.allclose(pieces, whole, atol=most * scale)
    assert torch.allclose(whole, expected, atol=5 * most * scale)


@pytest.mark.medium
@with_openvino
def test_what_a_run_is_cancelled_in_leaves_the_backend_usable():
    backend = make_backends().choose(Method("openvino", "fp32"), MANY, SilentProgress()).backend
    patches = torch.randn(8, 5, 16, 16).contiguous(memory_format=torch.channels_last)
    some = backend.scores([patches] * 6, 8)
    first = next(some)
    some.close()
    again = list(backend.scores([patches] * 2, 8))
    assert torch.equal(again[0], first) and torch.equal(again[1], first)


@pytest.mark.medium
@pytest.mark.parametrize("backend", ["torch", pytest.param("openvino", marks=with_openvino)])
def test_batches_side_by_side_come_out_in_their_order_and_leave_the_threads_as_they_were(backend):
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        backends = make_backends()
        chosen = backends.choose(Method(backend, "fp32"), MANY, SilentProgress()).backend
        assert chosen.at_once == 2
        patches = torch.randn(75, 5, 16, 16).contiguous(memory_format=torch.channels_last)
        found = torch.cat(list(chosen.scores(torch.split(patches, 10), 10)))
        assert torch.get_num_threads() == 2
        some = chosen.scores(iter(torch.split(patches, 10)), 10)
        next(some)
        some.close()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    with torch.inference_mode():
        expected = backends.network.plain(patches)
    assert torch.allclose(found, expected, atol=1e-4)


def test_a_full_memory_in_one_of_the_threads_is_told_to_the_caller():
    class Full(nn.Module):
        def forward(self, patches: Tensor) -> Tensor:
            raise torch.OutOfMemoryError("out of memory")

    with pytest.raises(torch.OutOfMemoryError):
        list(plain_backend(Full(), 2).scores([torch.zeros(1)] * 5, 1))


def rank(logits: Tensor) -> Tensor:
    return logits


class Rounded(nn.Module):
    """Gives logits that are off by an error of its own."""

    def __init__(self, network: nn.Module, error: float) -> None:
        super().__init__()
        self.network, self.error = network, error

    def forward(self, patches: Tensor) -> Tensor:
        logits = self.network(patches.float())
        # The same for the same logits, whatever the batch.
        return logits + self.error * torch.sin(1e4 * logits)


@pytest.fixture
def with_error(monkeypatch):
    """Return a function that lets bf16 be off by so much, and take so many seconds a batch."""

    def make(error: float, is_fast: bool = True) -> Backends:
        backends = make_backends()
        fast = TorchBackend(Rounded(backends.network.plain, error), "bf16")
        kind = replace(
            choice.TORCH_KIND,
            precisions=lambda device: ("bf16", "fp32"),
            make=lambda network, precision: fast if precision == "bf16" else plain_backend(network.plain),
        )
        monkeypatch.setattr(choice, "KINDS", (kind,))
        monkeypatch.setattr(choice, "is_accurate", lambda *_: True)
        rates = {"bf16": 4.0 if is_fast else 1.1, "fp32": 1.0}
        monkeypatch.setattr(
            choice,
            "scored",
            lambda backend, patches, rank: Scored(
                rank(logits_of(backend, patches)), rates[backend.method.precision]
            ),
        )
        return backends

    return make


def sample_of(raster: str = "a", count: int = MANY) -> RasterSample:
    generator = torch.Generator().manual_seed(3)
    return RasterSample(raster, count, lambda n: torch.randn(n, 5, 16, 16, generator=generator), rank)


@pytest.mark.medium
def test_fewer_bits_get_a_second_look_where_classes_are_close(with_error):
    backends, progress = with_error(0.02), SilentProgress()
    found = backends.choose(Method(), MANY, progress, sample_of())
    assert found.backend.method.precision == "bf16"
    assert found.recomputation is not None and found.recomputation.backend.method.precision == "fp32"
    # Both logits of a gap may be off.
    between = found.recomputation.limits[~torch.eye(4, dtype=torch.bool)]
    assert 0.02 < between.max() <= 0.04
    assert found.agreement is not None and found.agreement >= 0.995
    level, text = progress.lines[-1]
    assert level == "info" and "of 1,000 sampled patches have the class of 32 bits" in text
    # Another run on the raster says it, too, but reads no patches for it; one on another raster does.
    read: list[int] = []

    def patches(count: int) -> Tensor:
        read.append(count)
        return sample_of().patches(count)

    again = backends.choose(Method(), MANY, progress, replace(sample_of(), patches=patches))
    assert again.agreement == found.agreement and progress.lines[-1] == (level, text) and not read
    backends.choose(Method(), MANY, progress, replace(sample_of("b"), patches=patches))
    assert read == [1000] and {raster for _, raster, _, _ in backends.scored} == {"b"}


@pytest.mark.medium
def test_fewer_bits_are_left_alone_for_a_few_patches_and_where_both_looks_take_longer(with_error):
    few = with_error(0.02).choose(Method(), 100, SilentProgress(), sample_of(count=100))
    assert few.backend.method == TORCH_FP32 and few.recomputation is None
    progress = SilentProgress()
    slow = with_error(0.3, is_fast=False)
    assert slow.choose(Method(), MANY, progress, sample_of()).backend.method == TORCH_FP32
    assert "no faster" in progress.lines[-1][1]
    # Who asks for it gets it, with a warning where much would be lost.
    asked = slow.choose(Method("torch", "bf16"), MANY, progress, sample_of())
    assert asked.backend.method.precision == "bf16" and asked.recomputation is not None


def test_without_a_raster_nothing_is_looked_at_twice(with_error):
    assert with_error(0.02).choose(Method("torch", "bf16"), MANY, SilentProgress()).recomputation is None
