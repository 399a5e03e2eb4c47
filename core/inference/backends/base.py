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

_PATCHES = 16
_EXACT = 1e-3
"""Largest error of another order of sums in 32 bits; measured for ResNets: 1e-5."""
_FACTOR, _MOST = 2.0, 0.3
_ROUNDED = {TF32: torch.float16, FP16: torch.float16, BF16: torch.bfloat16}
"""The numbers of a precision; TF32 has the digits of fp16."""


class Backend(Protocol):
    """A network that is ready to compute; kept by a warm worker.

    Attributes:
        method: What it computes with.
        dtype: Of the patches that it takes.
        batch_size: How many patches it likes to be given at once.
        at_once: How many batches it computes at the same time.
    """

    method: Method
    dtype: torch.dtype
    batch_size: int
    at_once: int

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch in turn, float32, shape (patches, classes).

        Args:
            batches: Patches (N, channels, rows, columns) in ``dtype``, on the device, their channels
                last in memory. The next is asked for before the last one's logits are there.
            size: Patches in a batch; some may have fewer, none has more.

        Raises:
            RuntimeError: Whatever PyTorch raises, such as for a full memory.
        """


@dataclass(frozen=True, eq=False)
class PatchNetwork:
    """A network from patches (N, channels, size, size) to logits (N, classes).

    Attributes:
        plain: As it was trained, in float32 and evaluation mode, on its device.
        channels: Of the patches.
        patch_size: Rows and columns of a patch.
        device: Where it is.
    """

    plain: nn.Module
    channels: int
    patch_size: int
    device: torch.device


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let PyTorch compute on the calling thread alone, and on each one that is started meanwhile."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def tensor_float(is_on: bool) -> Iterator[None]:
    """Let NVIDIA GPUs compute 32-bit products with 10 bits of the mantissa, or exactly."""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = is_on
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


@dataclass(frozen=True)
class Kind:
    """A backend that may be had here.

    Attributes:
        name: One of ``core.options.BACKENDS``.
        precisions: From a device to those that it computes in there, the best first; none where it
            cannot be used at all.
        make: Makes one for a network, in one of these precisions.
    """

    name: str
    precisions: Callable[[torch.device], tuple[str, ...]]
    make: Callable[[PatchNetwork, str], Backend]


def is_sound(backend: Backend, network: PatchNetwork) -> bool:
    """Return whether a backend computes the network's function, as exactly as its precision lets it.

    What the precision costs depends on the network, so it is seen by the plain network in the same
    numbers: a ResNet that was trained for a minute is 15 % off in bf16.
    """
    own = _own_error(network, _ROUNDED.get(backend.method.precision))
    return relative_error(backend, network) <= _EXACT + _FACTOR * min(own, _MOST)


@torch.inference_mode()
def is_exact(compute: Callable[[Tensor], Tensor], network: PatchNetwork) -> bool:
    """Return whether a function of patches gives the network's logits but for the order of their sums."""
    patches = random_patches(network, _PATCHES)
    return _error(compute(patches), network, patches) <= _EXACT


@torch.inference_mode()
def relative_error(backend: Backend, network: PatchNetwork) -> float:
    """Return the root mean square error of the logits on random standardised patches.

    It is relative to that of the logits around each patch's mean, as only their differences count.
    """
    patches = random_patches(network, _PATCHES)
    given = patches.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    return _error(torch.cat(list(backend.scores([given], _PATCHES))), network, patches)


@torch.inference_mode()
def _own_error(network: PatchNetwork, dtype: torch.dtype | None) -> float:
    """Return that of the plain network in these numbers; 0 for none."""
    if dtype is None:
        return 0.0
    patches = random_patches(network, _PATCHES)
    return _error(copy.deepcopy(network.plain).to(dtype)(patches.to(dtype)), network, patches)


def _error(found: Tensor, network: PatchNetwork, patches: Tensor) -> float:
    with tensor_float(False):
        expected = _centred(network.plain(patches).float())
    error = (_centred(found.to(expected)) - expected).square().mean()
    return float((error / expected.square().mean().clamp_min(1e-12)).sqrt().nan_to_num(nan=math.inf))


def random_patches(network: PatchNetwork, count: int) -> Tensor:
    """Return float32 patches of mean 0 and deviation 1, the same ones each time."""
    generator = torch.Generator().manual_seed(0)
    shape = (count, network.channels, network.patch_size, network.patch_size)
    return torch.randn(shape, generator=generator).to(network.device)


def _centred(logits: Tensor) -> Tensor:
    return logits - logits.mean(dim=1, keepdim=True)


@torch.inference_mode()
def rate_of(backend: Backend, batch: Tensor, size: int, seconds: float) -> float:
    """Return the patches a second of a backend on one batch that is in memory.

    Args:
        backend: What computes.
        batch: In any form.
        size: Of the batches that it is used with.
        seconds: About how long to repeat it; once at least.
    """
    given = batch.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    start = time.perf_counter()
    done = 0

    def batches() -> Iterator[Tensor]:
        nonlocal done
        while not done or time.perf_counter() - start < seconds or done % backend.at_once:
            done += 1
            yield given

    _finish(backend.scores(batches(), size))
    return done * len(given) / (time.perf_counter() - start)


def _finish(scores: Iterator[Tensor]) -> None:
    """Compute all; a GPU is only done when its result can be read."""
    last = deque(scores, maxlen=1)
    if last:
        last[0].cpu()
