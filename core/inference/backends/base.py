"""Backend protocol, accuracy check against the plain network, and throughput.

A backend computes the logits of a network on a device in one precision, for example by PyTorch in bf16.
Backends are compared with the plain network: the network as trained, computed by PyTorch in fp32.
``core.inference.backends.choice`` makes backends, checks them and selects one for a run.

>>> network = PatchNetwork(trained, channels=6, patch_size=32, device=torch.device("cpu"))
>>> backend = KIND.make(network, "bf16")   # KIND of core.inference.backends.torch_backend
>>> if is_accurate(backend, network):
...     rate = rate_of(backend, random_patches(network, 128), size=128, seconds=0.4)   # patches per second
"""

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
# Largest relative error from summing in another order in 32 bits; 1e-5 was measured for ResNets.
_MAX_EXACT_ERROR = 1e-3
# Largest error of a backend as a multiple of the plain network's error in the same precision, and the value
# to which the latter is limited first.
_ERROR_FACTOR, _MAX_PLAIN_ERROR = 2.0, 0.3
# Data type in which the plain network has the error of a precision. TF32 has the 10 bits of mantissa of FP16.
_ERROR_DTYPES = {TF32: torch.float16, FP16: torch.float16, BF16: torch.bfloat16}


class Backend(Protocol):
    """Network that is ready to compute on its device in one precision.

    The worker process keeps backends with the model between runs, so a backend must be reusable.

    Attributes:
        method: Name of the backend, and precision; neither is ``auto``.
        dtype: Data type of the patches that it takes.
        batch_size: Preferred number of patches per batch.
        at_once: Number of batches that are computed in parallel.
    """

    method: Method
    dtype: torch.dtype
    batch_size: int
    at_once: int

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch, in the order of the batches, float32, shape (N, classes).

        Args:
            batches: Patches in ``dtype``, shape (N, channels, rows, columns), on the backend's device, in
                channels-last format. Several batches are taken before the logits of the first are
                complete, so each batch needs memory of its own.
            size: Maximum number of patches in a batch. Some backends compile for this size, so it should
                rarely change.

        Raises:
            RuntimeError: PyTorch or OpenVINO failed, for example because memory is full.
        """


@dataclass(frozen=True, eq=False)
class PatchNetwork:
    """Network from patches (N, channels, size, size) to logits (N, classes).

    The first layers of overlapping patches can be computed once for all patches, see
    ``core.inference.predictors.shared_stem``. Then this is the rest of the network, and its patches are the
    feature maps of the first layers.

    Attributes:
        plain: Network as trained, in float32 and evaluation mode, on ``device``.
        channels: Number of channels of a patch, or of feature maps.
        patch_size: Number of rows and of columns of a patch in pixels, or of a feature map.
        device: Device of the network.
    """

    plain: nn.Module
    channels: int
    patch_size: int
    device: torch.device


@contextmanager
def one_thread_per_call() -> Iterator[None]:
    """Set PyTorch to one thread per operation, and restore the number of threads at exit.

    Each operation then runs on the thread that calls it. The setting is global to the process.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def allow_tf32(is_on: bool) -> Iterator[None]:
    """Set whether NVIDIA GPUs may use TF32 (TensorFloat-32), and restore the setting at exit.

    The setting is global to the process. It has no effect on other devices.

    Args:
        is_on: Whether float32 matrix products and convolutions round their inputs to TF32, which has 10 bits
            of mantissa instead of 23.
    """
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = is_on
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


@dataclass(frozen=True)
class BackendKind:
    """Kind of backend, PyTorch or OpenVINO: its name, its precisions, and the function that makes one.

    Attributes:
        name: Name of the backend, one of ``core.options.BACKENDS`` except ``auto``.
        precisions: Function from a device to the available precisions of ``core.options.PRECISIONS``, the
            preferred ones first; empty if the backend is not available on the device.
        make: Function from a network and an available precision to a backend on the network's device. It
            may raise any error for a network that the backend does not support.
    """

    name: str
    precisions: Callable[[torch.device], tuple[str, ...]]
    make: Callable[[PatchNetwork, str], Backend]


def is_accurate(backend: Backend, network: PatchNetwork) -> bool:
    """Return whether the logits of a backend are as accurate as its precision allows.

    They are if their ``relative_error`` is at most 0.001 plus twice the relative error of the plain network
    in the same precision. The latter is limited to 0.3. It is 0 in fp32, and depends on the network in
    others: a ResNet that was trained for a minute has an error of 0.15 in bf16. Backends in int8 are instead
    compared with fp32 on patches of the raster, see ``core.inference.backends.cascade``.

    Args:
        backend: Backend of the network, in any precision except int8.
        network: Network that classifies patches.

    Raises:
        RuntimeError: The computation failed, see ``Backend.scores``.
    """
    error = _plain_error(network, _ERROR_DTYPES.get(backend.method.precision))
    limit = _MAX_EXACT_ERROR + _ERROR_FACTOR * min(error, _MAX_PLAIN_ERROR)
    return relative_error(backend, network) <= limit


@torch.inference_mode()
def is_exact(compute: Callable[[Tensor], Tensor], network: PatchNetwork) -> bool:
    """Return whether a function gives the network's logits with a relative error of at most 0.001.

    Both compute the same random patches. Up to this error, sums in another order may differ by rounding. See
    ``relative_error``.

    Args:
        compute: Function from patches (N, channels, size, size) to logits (N, classes), both float32.
        network: Network that classifies patches.
    """
    patches = random_patches(network, _CHECK_PATCHES)
    return _error(compute(patches), network, patches) <= _MAX_EXACT_ERROR


@torch.inference_mode()
def relative_error(backend: Backend, network: PatchNetwork) -> float:
    """Return the relative root mean square error of a backend's logits on random patches, 0 or more.

    The mean of each patch's logits is subtracted first, because only the differences between classes matter.
    The error is divided by the root mean square of the plain network's logits. It is infinite if a logit is
    NaN.

    Args:
        backend: Backend of the network.
        network: Network that classifies patches.

    Raises:
        RuntimeError: The computation failed, see ``Backend.scores``.
    """
    patches = random_patches(network, _CHECK_PATCHES)
    inputs = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    return _error(torch.cat(list(backend.scores([inputs], _CHECK_PATCHES))), network, patches)


@torch.inference_mode()
def _plain_error(network: PatchNetwork, dtype: torch.dtype | None) -> float:
    """Return the relative error of the plain network in a data type; 0 for None."""
    if dtype is None:
        return 0.0
    patches = random_patches(network, _CHECK_PATCHES)
    return _error(copy.deepcopy(network.plain).to(dtype)(patches.to(dtype)), network, patches)


def _error(logits: Tensor, network: PatchNetwork, patches: Tensor) -> float:
    """Return the relative error of the logits (N, classes) of some patches, see ``relative_error``."""
    with allow_tf32(False):
        expected = _centred(network.plain(patches).float())
    error = (_centred(logits.to(expected)) - expected).square().mean()
    return float((error / expected.square().mean().clamp_min(1e-12)).sqrt().nan_to_num(nan=math.inf))


def random_patches(network: PatchNetwork, count: int) -> Tensor:
    """Return random patches on the network's device, the same in each call.

    They are normally distributed with mean 0 and standard deviation 1, float32, shape (count, channels, size,
    size).

    Args:
        network: Network that classifies patches.
        count: Number of patches.
    """
    generator = torch.Generator().manual_seed(0)
    shape = (count, network.channels, network.patch_size, network.patch_size)
    return torch.randn(shape, generator=generator).to(network.device)


def _centred(logits: Tensor) -> Tensor:
    """Return logits (N, classes) minus the mean of their row."""
    return logits - logits.mean(dim=1, keepdim=True)


@torch.inference_mode()
def rate_of(backend: Backend, batch: Tensor, size: int, seconds: float) -> float:
    """Return the throughput of a backend on one repeated batch, in patches per second.

    Args:
        backend: Backend of the network.
        batch: Patches on the device, shape (N, channels, rows, columns). They are converted to the backend's
            data type and to channels-last format first.
        size: Maximum number of patches in a batch, see ``Backend.scores``.
        seconds: Minimum duration in seconds. The batch is computed at least ``backend.at_once`` times, so
            with 0 exactly that often.

    Raises:
        RuntimeError: The computation failed, see ``Backend.scores``.
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
    """Compute all batches, and wait for the GPU to finish the last one."""
    last = deque(scores, maxlen=1)
    if last:
        last[0].cpu()
