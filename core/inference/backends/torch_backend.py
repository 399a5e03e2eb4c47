"""PyTorch, on the processor, Apple's GPU or, with ``cuda_backend``, NVIDIA's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

from ...device import has_bf16_units
from ..backend_names import BF16, FP16, FP32, PLAIN, TF32, TORCH, Method
from .backend import Backend, Kind, PatchNetwork
from .cuda_backend import CudaBackend
from .preparation import prepared

# Larger ones are no faster on a processor and fill its caches.
_BATCH = 256
DTYPES = {FP32: torch.float32, TF32: torch.float32, BF16: torch.bfloat16, FP16: torch.float16}


class TorchBackend:
    """A module, called batch by batch; see ``Backend``."""

    batch_size = _BATCH
    at_once = 1

    def __init__(self, network: nn.Module, precision: str) -> None:
        """Take a module as it is.

        Args:
            network: Computes in ``precision``.
            precision: ``fp32`` or ``bf16``.
        """
        self.method = Method(TORCH, precision)
        self.dtype = DTYPES[precision]
        self._network = network

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch; see ``Backend``."""
        for batch in batches:
            yield self._network(batch).float()


def plain_backend(network: nn.Module) -> TorchBackend:
    """Return what computes a network just as it is, in float32."""
    return TorchBackend(network, PLAIN.precision)


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
    return TorchBackend(module, precision)


KIND = Kind(TORCH, _precisions, _make)
