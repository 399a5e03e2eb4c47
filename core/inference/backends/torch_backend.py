"""PyTorch backend: processors, Apple's GPU, and NVIDIA's with CUDA graphs.

A CUDA graph launches all kernels of a network at once. On patches of 32 pixels, single launches take longer
than the kernels (https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/). The batch size of a GPU,
and whether a compiled network pays, are found by trying.
"""

from __future__ import annotations

import copy
import importlib.util
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, cast

import torch
from torch import Tensor, nn

from ...device import has_bf16_units
from ...models.specialise import folded, with_matrices
from ...options import BF16, FP16, FP32, PLAIN, TF32, TORCH, Method
from ...progress import Progress
from .base import (
    Backend,
    Kind,
    PatchNetwork,
    is_sound,
    one_thread_each,
    random_patches,
    rate_of,
    tensor_float,
)

_CUDA_BATCH = 1024
_SIZES = (256, 512, 1024, 2048, 4096)
# Patches by which the memory that each takes is measured.
_MEASURED = 64
# The most of the free memory that a batch should take: others may want some, and graphs keep theirs.
_LARGEST_SHARE = 0.4
# Before a graph is recorded, libraries choose their kernels and allocate what they keep.
_WARM_UPS = 3
# Seconds that a batch size is tried for.
_TRIAL = 0.15
# Patches of a trial's batch that are not alike.
_DIFFERENT = 64
# Compiling takes up to a minute. A GPU does a hundred million patches in a few.
_WORTH_COMPILING = 100_000_000
# Larger ones are no faster on a processor and fill its caches.
_BATCH = 128
DTYPES = {FP32: torch.float32, TF32: torch.float32, BF16: torch.bfloat16, FP16: torch.float16}


def prepared(network: PatchNetwork, dtype: torch.dtype = torch.float32) -> nn.Module:
    """Return a copy whose batch norm is folded, whose small maps are matrices, channels last.

    Its logits are those of the plain network but for rounding, which whoever uses it checks.

    Args:
        network: It is not changed.
        dtype: Of its weights, and of the patches that it takes.

    Raises:
        Exception: Whatever PyTorch's tracer raises of a network that it cannot follow.
    """
    graph = with_matrices(folded(network.plain), network.channels, network.patch_size)
    # The graph still shares what was not folded with the plain network.
    own: nn.Module = copy.deepcopy(graph).requires_grad_(False)
    return own.to(network.device, dtype).to(memory_format=torch.channels_last)


class CudaBackend:
    """A module whose kernels are recorded once for a batch of a fixed size; see ``Backend``.

    A smaller batch is computed in the same graph, among the patches of an earlier one.
    """

    at_once = 1

    def __init__(self, network: nn.Module, precision: str, dtype: torch.dtype, device: torch.device) -> None:
        """Take a module that is on the device.

        Args:
            network: Its weights are of ``dtype``, channels last.
            precision: What that stands for; ``tf32`` and ``fp32`` have the same type.
            dtype: Of the patches.
            device: A CUDA device.
        """
        self.method = Method(TORCH, precision)
        self.dtype = dtype
        self.batch_size = _CUDA_BATCH
        self._network = network
        self._device = device
        self._graph: _Graph | None = None

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch; see ``Backend``."""
        for batch in batches:
            if self._graph is None or self._graph.size != size:
                self._graph = None
                with torch.cuda.device(self._device), tensor_float(self.method.precision == TF32):
                    self._graph = _Graph(self._network, batch, size)
            yield self._graph(batch)

    @torch.inference_mode()
    def sizes(self, network: PatchNetwork) -> Sequence[int]:
        """Return the batch sizes that fit into the memory that is free now; see ``TunableBackend``."""
        with torch.cuda.device(self._device):
            example = torch.zeros(
                (_MEASURED, network.channels, network.patch_size, network.patch_size),
                dtype=self.dtype,
                device=self._device,
            ).contiguous(memory_format=torch.channels_last)
            torch.cuda.reset_peak_memory_stats()
            before = torch.cuda.memory_allocated()
            self._network(example)
            each = (torch.cuda.max_memory_allocated() - before + example.nbytes) // _MEASURED
            # What PyTorch holds and does not use is free for it, too.
            free = torch.cuda.mem_get_info()[0] + torch.cuda.memory_reserved() - before
        return fitting(each, free)

    def compiled(self) -> CudaBackend | None:
        """Return the same with a compiled network, None where no compiler is present."""
        if not _can_compile():
            return None
        network = cast(nn.Module, torch.compile(self._network, dynamic=False))
        backend = CudaBackend(network, self.method.precision, self.dtype, self._device)
        backend.batch_size = self.batch_size
        return backend


def fitting(each: int, free: int) -> tuple[int, ...]:
    """Return the batch sizes that leave most of a device's free memory to others; one at least.

    Args:
        each: Bytes that a patch takes.
        free: Bytes that are free.
    """
    return tuple(size for size in _SIZES if size * each <= _LARGEST_SHARE * free) or _SIZES[:1]


def _can_compile() -> bool:
    """Return whether Triton and the C compiler that it calls are there."""
    compilers = (os.environ.get("CC"), "cc", "gcc", "clang", "cl")
    has_compiler = any(shutil.which(name) for name in compilers if name)
    return has_compiler and importlib.util.find_spec("triton") is not None


class _Graph:
    """The recorded kernels of one forward pass."""

    def __init__(self, network: nn.Module, example: Tensor, size: int) -> None:
        self.size = size
        self._patches = torch.zeros(
            (size, *example.shape[1:]), dtype=example.dtype, device=example.device
        ).contiguous(memory_format=torch.channels_last)
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(_WARM_UPS):
                network(self._patches)
        torch.cuda.current_stream().wait_stream(stream)
        self._graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(self._graph):
                self._logits = network(self._patches).float()
        except RuntimeError as error:
            # Ending the recording of what failed fails, too, and hides why.
            if isinstance(error.__context__, torch.OutOfMemoryError):
                raise error.__context__ from None
            raise

    def __call__(self, batch: Tensor) -> Tensor:
        self._patches[: len(batch)].copy_(batch)
        self._graph.replay()
        # The next replay writes over them.
        logits: Tensor = self._logits[: len(batch)].clone()
        return logits


class TunableBackend(Backend, Protocol):
    """A backend whose rate depends on what can only be seen on the device at hand."""

    def sizes(self, network: PatchNetwork) -> Sequence[int]:
        """Return the batch sizes that fit into the memory that is free now, the smallest first."""

    def compiled(self) -> TunableBackend | None:
        """Return the same with a compiled network, None where nothing can compile it."""


def tuned(backend: TunableBackend, network: PatchNetwork, patches: int, progress: Progress) -> Backend:
    """Return the backend, or a compiled form of it, with the batch size that was fastest.

    Args:
        backend: What computes; its ``batch_size`` is set.
        network: What it computes.
        patches: How many it will compute, about.
        progress: Learns what was found.
    """
    rate = _set_best_size(backend, network)
    progress.log(
        "The fastest batch has {count:,} patches ({rate:,.0f} patches/s).",
        count=backend.batch_size,
        rate=rate,
    )
    if patches < _WORTH_COMPILING:
        return backend
    compiled = backend.compiled()
    if compiled is None:
        return backend
    progress.log("Compiling the network, which takes up to a minute.")
    try:
        faster = _rate(compiled, network) if is_sound(compiled, network) else 0.0
    # Whatever a compiler raises of a network, a driver or a tool chain that is new to it.
    except Exception as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        progress.log("The network is not compiled: {reason}.", "warning", reason=reason)
        return backend
    progress.log("Compiled it does {rate:,.0f} patches/s.", rate=faster)
    return compiled if faster > rate else backend


def _set_best_size(backend: TunableBackend, network: PatchNetwork) -> float:
    """Let a backend have its fastest batch size; return the patches a second."""
    rates: dict[int, float] = {}
    for size in backend.sizes(network):
        backend.batch_size = size
        try:
            rates[size] = _rate(backend, network)
        except torch.OutOfMemoryError:
            # Other programs took what was free a moment ago.
            break
    if rates:
        backend.batch_size = max(rates, key=lambda size: rates[size])
    return max(rates.values(), default=0.0)


def _rate(backend: Backend, network: PatchNetwork) -> float:
    size = backend.batch_size
    batch = random_patches(network, _DIFFERENT).repeat(-(-size // _DIFFERENT), 1, 1, 1)[:size]
    # What is done once does not count.
    rate_of(backend, batch, size, 0.0)
    return rate_of(backend, batch, size, _TRIAL)


class TorchBackend:
    """A module that computes batches side by side, each on one thread; see ``Backend``.

    Threads that share one batch wait for each other at the end of every layer, and layers of small
    maps take less time than that: more so where other programs want the processor too.
    """

    batch_size = _BATCH

    def __init__(self, network: nn.Module, precision: str, at_once: int = 1) -> None:
        """Take a module as it is.

        Args:
            network: Computes in ``precision``.
            precision: ``fp32`` or ``bf16``.
            at_once: Batches that are computed at the same time; 1 off the processor.
        """
        self.method = Method(TORCH, precision)
        self.dtype = DTYPES[precision]
        self.at_once = at_once
        self._network = network

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch; see ``Backend``."""
        if self.at_once == 1:
            with tensor_float(False):
                yield from map(self._compute, batches)
            return
        running: deque[Future[Tensor]] = deque()
        with one_thread_each(), ThreadPoolExecutor(self.at_once) as pool:
            try:
                for batch in batches:
                    running.append(pool.submit(self._compute, batch))
                    # One more than are computed, so that no thread waits for its batch.
                    if len(running) > self.at_once:
                        yield running.popleft().result()
                while running:
                    yield running.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)

    @torch.inference_mode()
    def _compute(self, batch: Tensor) -> Tensor:
        scores: Tensor = self._network(batch)
        return scores.float()


def plain_backend(network: nn.Module, at_once: int = 1) -> TorchBackend:
    """Return what computes a network just as it is, in float32; see ``TorchBackend``."""
    return TorchBackend(network, PLAIN.precision, at_once)


def batches_at_once(device: torch.device) -> int:
    """Return how many batches a device computes at the same time."""
    return torch.get_num_threads() if device.type == "cpu" else 1


def _precisions(device: torch.device) -> tuple[str, ...]:
    if device.type == "cuda":
        has_bf16 = has_bf16_units(device)
        has_tf32 = torch.cuda.get_device_capability(device) >= (8, 0)
        return (FP16, *((BF16,) if has_bf16 else ()), *((TF32,) if has_tf32 else ()), FP32)
    if device.type == "cpu":
        # Without such units it is emulated, slowly, but whoever asks for it may want the same map.
        return (BF16, FP32) if has_bf16_units(device) else (FP32, BF16)
    return (FP32,)


def _make(network: PatchNetwork, precision: str) -> Backend:
    module = prepared(network, DTYPES[precision])
    if network.device.type == "cuda":
        return CudaBackend(module, precision, DTYPES[precision], network.device)
    return TorchBackend(module, precision, batches_at_once(network.device))


KIND = Kind(TORCH, _precisions, _make)
