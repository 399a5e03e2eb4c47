"""PyTorch on an NVIDIA GPU: whole batches as CUDA graphs.

A graph launches all kernels of a network at once. On patches of 32 pixels their launches, one by one,
take longer than the kernels (https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

from ..backend_names import TF32, TORCH, Method
from .backend import tensor_float

_BATCH = 1024
# Before a graph is recorded, libraries choose their kernels and allocate what they keep.
_WARM_UPS = 3


class CudaBackend:
    """A module whose kernels are recorded once for a batch of a fixed size; see ``Backend``.

    A smaller batch is computed in the same graph, among the patches of an earlier one.
    """

    batch_size = _BATCH
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
        with torch.cuda.graph(self._graph):
            self._logits = network(self._patches).float()

    def __call__(self, batch: Tensor) -> Tensor:
        self._patches[: len(batch)].copy_(batch)
        self._graph.replay()
        # The next replay writes over them.
        logits: Tensor = self._logits[: len(batch)].clone()
        return logits
