"""Backend protocol, accuracy check against the plain network, and throughput."""

from __future__ import annotations

import copy
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from ...options import BF16, FP16, TF32, Method

_CHECK_PATCHES = 16
# Largest relative error by another order of sums in 32 bits; 1e-5 was measured for ResNets.
_MAX_EXACT_ERROR = 1e-3
# A backend may have this multiple of the plain network's error in the same precision, which counts up to the
# limit.
_ERROR_FACTOR, _MAX_OWN_ERROR = 2.0, 0.3
# Data type with the digits of a precision.
_DTYPES = {TF32: torch.float16, FP16: torch.float16, BF16: torch.bfloat16}


class Backend(Protocol):
    """Network that is ready to compute. A warm worker keeps it between runs.

    Attributes:
        method: Backend and precision.
        dtype: Data type of the patches.
        batch_size: Preferred number of patches per batch.
        at_once: Number of batches that are computed at the same time.
    """

    method: Method
    dtype: torch.dtype
    batch_size: int
    at_once: int

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch in order, float32, shape (N, classes).

        Args:
            batches: Patches in ``dtype``, shape (N, channels, rows, columns), on the device, in channels-last
                format. The next batch is requested before the last one's logits are complete.
            size: Maximum number of patches in a batch.

        Raises:
            RuntimeError: PyTorch failed, for example because memory is full.
        """


@dataclass(frozen=True, eq=False)
class PatchNetwork:
    """Network from patches (N, channels, size, size) to logits (N, classes).

    Attributes:
        plain: Network as trained, in float32 and evaluation mode, on its device.
        channels: Number of channels of a patch.
        patch_size: Rows and columns of a patch, in pixels.
        device: Device of the network.
    """

    plain: nn.Module
    channels: int
    patch_size: int
    device: torch.device


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Set PyTorch to one thread per calling thread, and restore its number of threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def tensor_float(is_on: bool) -> Iterator[None]:
    """Switch TF32 products on NVIDIA GPUs on or off, and restore the setting.

    Args:
        is_on: Whether products of float32 have 10 bits of mantissa.
    """
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = is_on
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


@dataclass(frozen=True)
class Kind:
    """Kind of backend.

    Attributes:
        name: Name of the backend, one of ``core.options.BACKENDS``.
        precisions: Function from a device to the available precisions, best first; empty where the backend is
            not available.
        make: Function from a network and a precision to a backend.
    """

    name: str
    precisions: Callable[[torch.device], tuple[str, ...]]
    make: Callable[[PatchNetwork, str], Backend]


def is_accurate(backend: Backend, network: PatchNetwork) -> bool:
    """Return whether the logits of a backend are as accurate as its precision allows.

    The error of a precision depends on the network, so the plain network in the same precision is the
    reference. A ResNet that was trained for a minute has an error of 15 % in bf16.

    Args:
        backend: Backend of the network.
        network: Network that classifies patches.
    """
    own = _own_error(network, _DTYPES.get(backend.method.precision))
    return relative_error(backend, network) <= _MAX_EXACT_ERROR + _ERROR_FACTOR * min(own, _MAX_OWN_ERROR)


@torch.inference_mode()
def is_exact(compute: Callable[[Tensor], Tensor], network: PatchNetwork) -> bool:
    """Return whether a function gives the network's logits, up to the rounding of sums.

    Args:
        compute: Function from patches (N, channels, size, size) to logits (N, classes).
        network: Network that classifies patches.
    """
    patches = random_patches(network, _CHECK_PATCHES)
    return _error(compute(patches), network, patches) <= _MAX_EXACT_ERROR


@torch.inference_mode()
def relative_error(backend: Backend, network: PatchNetwork) -> float:
    """Return the relative root mean square error of the logits on random standardised patches.

    It is relative to the deviation of the logits from each patch's mean, because only differences of logits
    matter.

    Args:
        backend: Backend of the network.
        network: Network that classifies patches.
    """
    patches = random_patches(network, _CHECK_PATCHES)
    inputs = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    return _error(torch.cat(list(backend.scores([inputs], _CHECK_PATCHES))), network, patches)


@torch.inference_mode()
def _own_error(network: PatchNetwork, dtype: torch.dtype | None) -> float:
    """Return the relative error of the plain network in a data type; 0 for None."""
    if dtype is None:
        return 0.0
    patches = random_patches(network, _CHECK_PATCHES)
    return _error(copy.deepcopy(network.plain).to(dtype)(patches.to(dtype)), network, patches)


def _error(logits: Tensor, network: PatchNetwork, patches: Tensor) -> float:
    with tensor_float(False):
        expected = _centred(network.plain(patches).float())
    error = (_centred(logits.to(expected)) - expected).square().mean()
    return float((error / expected.square().mean().clamp_min(1e-12)).sqrt().nan_to_num(nan=math.inf))


def random_patches(network: PatchNetwork, count: int) -> Tensor:
    """Return random patches with mean 0 and standard deviation 1, float32, the same in each call.

    Args:
        network: Network that classifies patches.
        count: Number of patches.
    """
    generator = torch.Generator().manual_seed(0)
    shape = (count, network.channels, network.patch_size, network.patch_size)
    return torch.randn(shape, generator=generator).to(network.device)


def _centred(logits: Tensor) -> Tensor:
    return logits - logits.mean(dim=1, keepdim=True)


@torch.inference_mode()
def rate_of(backend: Backend, batch: Tensor, size: int, seconds: float) -> float:
    """Return the throughput of a backend on one repeated batch, in patches per second.

    Args:
        backend: Backend of the network.
        batch: Patches in any data type and memory format, shape (N, channels, rows, columns).
        size: Maximum number of patches in a batch.
        seconds: Approximate duration in seconds; the batch is computed at least once.
    """
    inputs = batch.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    start = time.perf_counter()
    done = 0

    def batches() -> Iterator[Tensor]:
        nonlocal done
        while not done or time.perf_counter() - start < seconds or done % backend.at_once:
            done += 1
            yield inputs

    _finish(backend.scores(batches(), size))
    return done * len(inputs) / (time.perf_counter() - start)


def _finish(scores: Iterator[Tensor]) -> None:
    """Compute all batches, and wait for the result of a GPU."""
    last = deque(scores, maxlen=1)
    if last:
        last[0].cpu()
