"""PyTorch on an NVIDIA GPU: whole batches as CUDA graphs.

A graph launches all kernels of a network at once. On patches of 32 pixels their launches, one by one,
take longer than the kernels (https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import torch
from torch import Tensor, nn

from ..backend_names import TF32, TORCH, Method
from .backend import PatchNetwork, tensor_float

_BATCH = 1024
_SIZES = (256, 512, 1024, 2048, 4096)
# Patches by which the memory that each takes is measured.
_MEASURED = 64
# The most of the free memory that a batch should take: others may want some, and graphs keep theirs.
_LARGEST_SHARE = 0.4
# Before a graph is recorded, libraries choose their kernels and allocate what they keep.
_WARM_UPS = 3


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
        self.batch_size = _BATCH
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
