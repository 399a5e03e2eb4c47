"""OpenVINO backend (https://docs.openvino.ai): faster than PyTorch on processors, optionally in 8 bits.

OpenVINO is an optional package, and imported only where it is used. NNCF quantizes networks to 8 bits with
ranges from patches of the raster that will be classified.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import torch
from torch import Tensor

from ...device import has_8_bit_units
from ...openvino_runtime import is_installed, openvino_core, openvino_module
from ...options import BF16, FP16, FP32, INT8, OPENVINO, Method
from .base import Backend, BackendKind, PatchNetwork, one_thread_per_call
from .torch_backend import prepared

# A stream computes batches in sequence on one thread. Larger batches exceed its cache.
_BATCH = 64
_DTYPES = {FP32: torch.float32, BF16: torch.bfloat16, FP16: torch.float16, INT8: torch.float16}
_TYPE_NAMES = {torch.float32: "f32", torch.bfloat16: "bf16", torch.float16: "f16"}


class OpenVinoBackend:
    """Backend that computes several batches in parallel, each on one thread, see ``Backend``.

    Args:
        model: OpenVINO model from patches (N, channels, rows, columns) to logits (N, classes). It is compiled
            when the batch size is known.
        precision: Precision of the computation. An ``int8`` model holds its own.
    """

    batch_size = _BATCH

    def __init__(self, model: Any, precision: str) -> None:
        self.method = Method(OPENVINO, precision)
        self.dtype = _DTYPES[precision]
        self.at_once = torch.get_num_threads()
        self._model = model
        self._size = 0
        self._requests: list[Any] = []

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch, see ``Backend.scores``."""
        if size != self._size:
            self._compile(size)
        free = list(self._requests)
        running: deque[tuple[Any, Tensor, int]] = deque()
        # OpenVINO uses all cores, so PyTorch cuts the next batch on one thread.
        with one_thread_per_call():
            try:
                for batch in batches:
                    if not free:
                        yield self._finish(running, free)
                    request, patches = free.pop(), self._whole(batch)
                    request.set_input_tensor(_shared(patches))
                    request.start_async()
                    # The patches must stay in memory until the request is finished.
                    running.append((request, patches, len(batch)))
                while running:
                    yield self._finish(running, free)
            finally:
                for request, _, _ in running:
                    request.wait()

    def _finish(self, running: deque[tuple[Any, Tensor, int]], free: list[Any]) -> Tensor:
        request, _, count = running[0]
        request.wait()
        running.popleft()
        free.append(request)
        # Copied, because the next batch writes its logits to the same memory.
        return torch.from_numpy(request.get_output_tensor().data[:count].copy())

    def _whole(self, batch: Tensor) -> Tensor:
        """Return a batch, shape (N, rows, columns, channels), padded to the compiled size."""
        patches = batch.permute(0, 2, 3, 1)
        if len(batch) == self._size:
            return patches.contiguous()
        whole = patches.new_zeros((self._size, *patches.shape[1:]))
        whole[: len(batch)] = patches
        return whole

    def _compile(self, size: int) -> None:
        openvino = openvino_module()
        self._requests = []
        model = self._model.clone()
        model.reshape([size, *model.input(0).partial_shape[1:]])
        steps = openvino.preprocess.PrePostProcessor(model)
        inputs = steps.input().tensor()
        inputs.set_layout(openvino.Layout("NHWC")).set_element_type(_element_type(self.dtype))
        steps.input().model().set_layout(openvino.Layout("NCHW"))
        steps.output().tensor().set_element_type(openvino.Type.f32)
        options: dict[str, Any] = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "NUM_STREAMS": self.at_once,
            "INFERENCE_NUM_THREADS": self.at_once,
        }
        if self.method.precision != INT8:
            options["INFERENCE_PRECISION_HINT"] = _TYPE_NAMES[self.dtype]
        compiled = openvino_core().compile_model(steps.build(), "CPU", options)
        # One more than the streams, so that none waits for its batch.
        self._requests = [compiled.create_infer_request() for _ in range(self.at_once + 1)]
        self._size = size


def converted(network: PatchNetwork) -> Any:
    """Return the network as an OpenVINO model with float32 weights, for any batch size.

    Args:
        network: Network that classifies patches.
    """
    size = network.patch_size
    example = torch.zeros(2, network.channels, size, size)
    with warnings.catch_warnings(), torch.no_grad():
        # OpenVINO uses tracing, which PyTorch has deprecated.
        warnings.simplefilter("ignore")
        model = openvino_module().convert_model(prepared(network), example_input=example)
    model.reshape([-1, network.channels, size, size])
    return model


def has_nncf() -> bool:
    """Return whether NNCF, which quantizes models, is installed."""
    return importlib.util.find_spec("nncf") is not None


@cache
def _processor_precisions() -> tuple[str, ...]:
    """Return the precisions that the processor supports, best first."""
    try:
        capabilities = set(openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    except (ImportError, RuntimeError, OSError):
        # Installed, but a library that it needs is missing.
        return ()
    return tuple(name for name in (FP16, BF16, FP32, INT8) if name.upper() in capabilities)


def _precisions(device: torch.device) -> tuple[str, ...]:
    if device.type != "cpu" or not is_installed():
        return ()
    return tuple(name for name in _processor_precisions() if name != INT8 or has_nncf())


def _make(network: PatchNetwork, precision: str) -> Backend:
    if precision == INT8:
        raise RuntimeError("An 8-bit network needs patches of the raster, see quantised()")
    return OpenVinoBackend(converted(network), precision)


def _element_type(dtype: torch.dtype) -> Any:
    return getattr(openvino_module().Type, _TYPE_NAMES[dtype])


def _shared(patches: Tensor) -> Any:
    """Return an OpenVINO tensor of the same memory, through int16 because NumPy has no bfloat16."""
    values = patches.view(torch.int16) if patches.element_size() == 2 else patches
    return openvino_module().Tensor(values.numpy(), list(patches.shape), _element_type(patches.dtype))


KIND = BackendKind(OPENVINO, _precisions, _make)


def quantised(network: PatchNetwork, patches: Tensor) -> Backend:
    """Return the network quantized to 8 bits.

    Args:
        network: Network that classifies patches.
        patches: Standardised patches of the raster, float32, shape (N, channels, rows, columns), that define
            the ranges.
    """
    openvino_module()
    nncf = importlib.import_module("nncf")
    ranges = importlib.import_module("nncf.quantization.range_estimator").RangeEstimatorParametersSet
    overflow = importlib.import_module("nncf.quantization.advanced_parameters").OverflowFix
    inputs = [patch[None].contiguous().numpy() for patch in patches]
    # NNCF prints progress bars, and stdout is the worker's pipe.
    with contextlib.redirect_stdout(sys.stderr):
        model = nncf.quantize(
            converted(network),
            nncf.Dataset(inputs),
            subset_size=len(inputs),
            advanced_parameters=nncf.AdvancedQuantizationParameters(
                # With bias correction, fewer patches kept their class: 98.1 % of a small network's, not 98.9
                # %.
                disable_bias_correction=True,
                # By default the ranges are means over the patches, and larger values are clipped: 1 % of
                # Gewata's patches had a logit error of 3.7 then, and of 1.1 with the full ranges.
                activations_range_estimator_params=ranges.MINMAX,
                # Without 8-bit units, sums of the first layer may overflow, so it uses 7 bits.
                overflow_fix=overflow.DISABLE if has_8_bit_units() else overflow.FIRST_LAYER,
            ),
        )
    return OpenVinoBackend(model, INT8)
