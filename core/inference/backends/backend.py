"""What a patch predictor asks of a backend, and what a backend is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from ..backend_names import Method


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
        name: One of ``core.inference.backend_names.BACKENDS``.
        precisions: From a device to those that it computes in there, the best first; none where it
            cannot be used at all.
        make: Makes one for a network, in one of these precisions.
    """

    name: str
    precisions: Callable[[torch.device], tuple[str, ...]]
    make: Callable[[PatchNetwork, str], Backend]
