"""PyTorch backends: one for CPUs and Apple's GPU, and one with CUDA graphs for NVIDIA GPUs.

A CUDA graph launches all kernels of a network at once. On patches of 32 x 32 pixels, launching kernels one
by one takes longer than computing them
(https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/). ``tuned`` finds by trials the fastest batch
size of an NVIDIA GPU, and whether compiling the network pays off.

``core.inference.backends.choice`` selects a backend for a run. Used directly, with a ``PatchNetwork`` and
``patches`` of shape (N, channels, rows, columns) in channels-last format on its device:

>>> backend = KIND.make(network, "fp32")
>>> batches = patches.to(backend.dtype).split(backend.batch_size)
>>> for logits in backend.scores(batches, backend.batch_size):   # float32, shape (batch, classes)
...     classes = logits.argmax(dim=1)
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
from ...options import BF16, FP16, FP32, TF32, TORCH, TORCH_FP32, Method
from ...progress import Progress
from .base import (
    Backend,
    BackendKind,
    PatchNetwork,
    allow_tf32,
    is_accurate,
    one_thread_per_call,
    random_patches,
    rate_of,
)

# Batch size on an NVIDIA GPU before tuning, and those that tuning tries.
_CUDA_BATCH_SIZE = 1024
_TRIED_SIZES = (256, 512, 1024, 2048, 4096)
# Patches on which the memory per patch is measured.
_MEMORY_PATCHES = 64
# Largest fraction of the free memory for a batch. Other programs and graphs need the rest.
_MAX_MEMORY_FRACTION = 0.4
# Runs before a graph is recorded, in which libraries choose kernels and allocate memory.
_WARM_UPS = 3
_TRIAL_SECONDS = 0.15
# Number of different patches in the batch of a trial; the others repeat them.
_DIFFERENT_PATCHES = 64
# Compiling takes up to a minute, and a GPU computes a hundred million patches in a few minutes.
_MIN_COMPILED_PATCHES = 100_000_000
# Batch size on a CPU. Larger batches are no faster, and do not fit into its caches.
_BATCH_SIZE = 128
DTYPES = {FP32: torch.float32, TF32: torch.float32, BF16: torch.bfloat16, FP16: torch.float16}
"""Data type of weights and patches by precision."""


def prepared(network: PatchNetwork, dtype: torch.dtype = torch.float32) -> nn.Module:
    """Return a faster copy of a network, on its device and in channels-last format.

    Batch normalisation is folded into convolutions, and convolutions with small output maps become matrix
    products, see ``core.models.specialise``. The logits equal those of the plain network except for rounding
    in ``dtype``. The copy accepts only patches with ``network.patch_size`` rows and columns.

    Args:
        network: Network that classifies patches; it is not changed.
        dtype: Data type of the copy's weights, and of the patches that it takes.

    Raises:
        Exception: PyTorch's tracer does not support the network. The error can be of any type.
    """
    graph = with_matrices(folded(network.plain), network.channels, network.patch_size)
    # Without a copy, the graph shares unfolded weights with the plain network.
    own: nn.Module = copy.deepcopy(graph).requires_grad_(False)
    return own.to(network.device, dtype).to(memory_format=torch.channels_last)


class CudaBackend:
    """Backend that replays a CUDA graph on an NVIDIA GPU, see ``Backend``.

    A graph has a fixed batch size, the ``size`` of ``scores``. It is recorded with the first batch, and again
    when ``size`` changes. A smaller batch takes as long as a full one, because the graph always computes
    ``size`` patches.

    Args:
        network: Module from patches to logits, on the device, with weights of data type
            ``DTYPES[precision]`` in channels-last format.
        precision: ``fp32``, ``tf32``, ``bf16`` or ``fp16``. ``tf32`` has the data type of ``fp32``, and
            differs from it in the rounding of matrix products.
        device: CUDA device.
    """

    at_once = 1

    def __init__(self, network: nn.Module, precision: str, device: torch.device) -> None:
        self.method = Method(TORCH, precision)
        self.dtype = DTYPES[precision]
        self.batch_size = _CUDA_BATCH_SIZE
        self._network = network
        self._device = device
        self._graph: _Graph | None = None

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch, see ``Backend.scores``."""
        for batch in batches:
            if self._graph is None or self._graph.size != size:
                self._graph = None
                with torch.cuda.device(self._device), allow_tf32(self.method.precision == TF32):
                    self._graph = _Graph(self._network, batch, size)
            yield self._graph(batch)

    @torch.inference_mode()
    def sizes(self, network: PatchNetwork) -> Sequence[int]:
        """Return the batch sizes that fit into free memory, see ``TunableBackend.sizes``."""
        with torch.cuda.device(self._device):
            example = torch.zeros(
                (_MEMORY_PATCHES, network.channels, network.patch_size, network.patch_size),
                dtype=self.dtype,
                device=self._device,
            ).contiguous(memory_format=torch.channels_last)
            torch.cuda.reset_peak_memory_stats()
            before = torch.cuda.memory_allocated()
            self._network(example)
            patch_bytes = (torch.cuda.max_memory_allocated() - before + example.nbytes) // _MEMORY_PATCHES
            # Memory that PyTorch has reserved and does not use is free too.
            free = torch.cuda.mem_get_info()[0] + torch.cuda.memory_reserved() - before
        return fitting_batch_sizes(patch_bytes, free)

    def compiled(self) -> CudaBackend | None:
        """Return the backend with a compiled network, see ``TunableBackend.compiled``."""
        if not _can_compile():
            return None
        network = cast(nn.Module, torch.compile(self._network, dynamic=False))
        backend = CudaBackend(network, self.method.precision, self._device)
        backend.batch_size = self.batch_size
        return backend


def fitting_batch_sizes(patch_bytes: int, free: int) -> tuple[int, ...]:
    """Return those of 256, 512, 1024, 2048 and 4096 patches that fit into 40 % of a device's free memory.

    They are in ascending order. If none fits, only 256 is returned.

    Args:
        patch_bytes: Memory per patch while the network computes, in bytes.
        free: Free memory, in bytes.
    """
    sizes = tuple(size for size in _TRIED_SIZES if size * patch_bytes <= _MAX_MEMORY_FRACTION * free)
    return sizes or _TRIED_SIZES[:1]


def _can_compile() -> bool:
    """Return whether Triton and a C compiler are installed."""
    compilers = (os.environ.get("CC"), "cc", "gcc", "clang", "cl")
    has_compiler = any(shutil.which(name) for name in compilers if name)
    return has_compiler and importlib.util.find_spec("triton") is not None


class _Graph:
    """CUDA graph of one forward pass: function from a batch to its logits, float32, shape (N, classes).

    It is recorded on the current CUDA device. Batches have shape (N, channels, rows, columns) with N up to
    ``size``; the rest of the pass computes patches of an earlier batch, whose logits are dropped.

    Args:
        network: Module from patches to logits.
        example: Batch with the shape of patches, data type and device of all later batches.
        size: Number of patches in a pass.

    Raises:
        RuntimeError: The network cannot be recorded, or memory is full (``torch.OutOfMemoryError``).
    """

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
            # After a failure, the end of the recording fails too, and hides the first error.
            if isinstance(error.__context__, torch.OutOfMemoryError):
                raise error.__context__ from None
            raise

    def __call__(self, batch: Tensor) -> Tensor:
        self._patches[: len(batch)].copy_(batch)
        self._graph.replay()
        # The next replay overwrites the logits.
        logits: Tensor = self._logits[: len(batch)].clone()
        return logits


class TunableBackend(Backend, Protocol):
    """Backend whose fastest batch size depends on the device, and whose network can be compiled."""

    def sizes(self, network: PatchNetwork) -> Sequence[int]:
        """Return the numbers of patches per batch that fit into free memory, in ascending order.

        Args:
            network: Network that classifies patches; only the shape of its patches is used.

        Raises:
            RuntimeError: The computation failed, for example because memory is full.
        """

    def compiled(self) -> TunableBackend | None:
        """Return a backend with the compiled network, or None if no compiler is installed.

        The network is compiled when the first batch is computed, which may raise any error.
        """


def tuned(backend: TunableBackend, network: PatchNetwork, patches: int, progress: Progress) -> Backend:
    """Return the backend with its fastest batch size, compiled if that is accurate and faster.

    The network is compiled only for runs of at least 100 million patches, because compiling takes up to a
    minute. A compiler's error is logged as a warning.

    Args:
        backend: Backend of the network; its ``batch_size`` is set.
        network: Network that classifies patches.
        patches: Approximate number of patches of the run.
        progress: Progress reporter.

    Raises:
        RuntimeError: A trial failed for another reason than full memory, or memory was full before the first.
    """
    rate = _set_fastest_size(backend, network)
    progress.log(
        "The fastest batch has {count:,} patches ({rate:,.0f} patches/s).",
        count=backend.batch_size,
        rate=rate,
    )
    if patches < _MIN_COMPILED_PATCHES:
        return backend
    compiled = backend.compiled()
    if compiled is None:
        return backend
    progress.log("The network is compiled, which takes up to a minute.")
    try:
        faster = _trial_rate(compiled, network) if is_accurate(compiled, network) else 0.0
    # A compiler may raise any error for a network, driver or toolchain that it does not support.
    except Exception as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        progress.log("The network is not compiled: {reason}.", "warning", reason=reason)
        return backend
    progress.log("The compiled network has a throughput of {rate:,.0f} patches/s.", rate=faster)
    return compiled if faster > rate else backend


def _set_fastest_size(backend: TunableBackend, network: PatchNetwork) -> float:
    """Set the fastest batch size of a backend, and return its throughput in patches per second.

    Without memory for any batch, the throughput is 0 and the batch size is the smallest.
    """
    rates: dict[int, float] = {}
    for size in backend.sizes(network):
        backend.batch_size = size
        try:
            rates[size] = _trial_rate(backend, network)
        except torch.OutOfMemoryError:
            # Another program has taken memory that was free before.
            break
    if rates:
        backend.batch_size = max(rates, key=lambda size: rates[size])
    return max(rates.values(), default=0.0)


def _trial_rate(backend: Backend, network: PatchNetwork) -> float:
    """Return the throughput of a backend on random patches, in patches per second."""
    size = backend.batch_size
    batch = random_patches(network, _DIFFERENT_PATCHES).repeat(-(-size // _DIFFERENT_PATCHES), 1, 1, 1)[:size]
    # The first batch includes one-time costs.
    rate_of(backend, batch, size, 0.0)
    return rate_of(backend, batch, size, _TRIAL_SECONDS)


class TorchBackend:
    """Backend that computes with PyTorch on a CPU or on Apple's GPU, see ``Backend``.

    With ``at_once`` above 1, that many batches are computed in parallel on a CPU, each on one thread. Threads
    that share a batch would wait for each other after every layer. With small feature maps, and above all
    where other programs use the CPU, waiting takes longer than computing. With ``at_once`` 1, one batch at a
    time is computed, by a GPU or by all threads of PyTorch.

    The batch size is not fixed: ``size`` of ``scores`` has no effect.

    Args:
        network: Module from patches to logits that computes in ``precision``.
        precision: Precision of the module, ``fp32`` or ``bf16``.
        at_once: Number of batches that are computed in parallel, see ``batches_at_once``.
    """

    batch_size = _BATCH_SIZE

    def __init__(self, network: nn.Module, precision: str, at_once: int = 1) -> None:
        self.method = Method(TORCH, precision)
        self.dtype = DTYPES[precision]
        self.at_once = at_once
        self._network = network

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch, see ``Backend.scores``."""
        if self.at_once == 1:
            with allow_tf32(False):
                yield from map(self._compute, batches)
            return
        running: deque[Future[Tensor]] = deque()
        with one_thread_per_call(), ThreadPoolExecutor(self.at_once) as pool:
            try:
                for batch in batches:
                    running.append(pool.submit(self._compute, batch))
                    # One more than the threads, so that none waits for its batch.
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
    """Return a backend that computes a network as it is, in fp32.

    It is the fallback where no other backend supports the network or is accurate.

    Args:
        network: Module from patches (N, channels, rows, columns) to logits (N, classes), float32.
        at_once: Number of batches that are computed in parallel, see ``batches_at_once``.
    """
    return TorchBackend(network, TORCH_FP32.precision, at_once)


def batches_at_once(device: torch.device) -> int:
    """Return the number of batches to compute in parallel: PyTorch's number of threads on a CPU, 1 on a GPU.

    Args:
        device: Device that computes.
    """
    return torch.get_num_threads() if device.type == "cpu" else 1


def _precisions(device: torch.device) -> tuple[str, ...]:
    """Return the precisions that a device supports, see ``BackendKind.precisions``."""
    if device.type == "cuda":
        has_bf16 = has_bf16_units(device)
        has_tf32 = torch.cuda.get_device_capability(device) >= (8, 0)
        return (FP16, *((BF16,) if has_bf16 else ()), *((TF32,) if has_tf32 else ()), FP32)
    if device.type == "cpu":
        # Without bfloat16 units it is emulated slowly, and used only on request.
        return (BF16, FP32) if has_bf16_units(device) else (FP32, BF16)
    return (FP32,)


def _make(network: PatchNetwork, precision: str) -> Backend:
    """Return a backend of a network on its device, see ``BackendKind.make``."""
    module = prepared(network, DTYPES[precision])
    if network.device.type == "cuda":
        return CudaBackend(module, precision, network.device)
    return TorchBackend(module, precision, batches_at_once(network.device))


KIND = BackendKind(TORCH, _precisions, _make)
"""PyTorch as a kind of backend, available on every device."""
