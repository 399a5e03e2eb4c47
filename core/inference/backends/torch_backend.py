"""PyTorch, on the processor, Apple's GPU or, with ``cuda_backend``, NVIDIA's."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import torch
from torch import Tensor, nn

from ...device import has_bf16_units
from ..backend_names import BF16, FP16, FP32, PLAIN, TF32, TORCH, Method
from .backend import Backend, Kind, PatchNetwork, one_thread_each, tensor_float
from .cuda_backend import CudaBackend
from .preparation import prepared

# Larger ones are no faster on a processor and fill its caches.
_BATCH = 128
DTYPES = {FP32: torch.float32, TF32: torch.float32, BF16: torch.bfloat16, FP16: torch.float16}


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
