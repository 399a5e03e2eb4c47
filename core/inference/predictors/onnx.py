"""Predictors of networks in ONNX files, which OpenVINO computes on processors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor

from ...models.architectures import architecture
from ...models.onnx_network import OnnxNetwork
from ...options import AUTO, FP32, INT8, OPENVINO, TORCH, Method
from ..backends.base import Backend
from ..backends.cascade import Computation
from ..backends.choice import possible_methods
from ..backends.openvino_backend import OpenVinoBackend
from .base import measured_rate
from .factory import LoadedModel, PredictorPlan
from .patch import PatchPredictor

_CPU = torch.device("cpu")
# Windows of a network on pixels that are computed together, and those of a trial.
_WINDOWS = 4
# Side of a tile in windows. The pipeline reads a window more at each side than is needed.
_WINDOWS_ACROSS = 4


class OnnxBackend:
    """Backend of a network in an ONNX file, see ``core.inference.backends.base.Backend``.

    Args:
        network: Network.
        precision: Precision of the computation.
        device: Device of the patches and of the logits.
        size: Rows and columns of a patch or a window.
        batch_size: Preferred number of patches per batch, where the network takes several.
    """

    def __init__(
        self, network: OnnxNetwork, precision: str, device: torch.device, size: int, batch_size: int
    ) -> None:
        self._network = network
        self._device = device
        self._backend = OpenVinoBackend(network.resized(1, size), precision)
        self.method = self._backend.method
        self.dtype = self._backend.dtype
        self.at_once = self._backend.at_once
        self.batch_size = batch_size if network.takes_batches else 1

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Yield the logits of each batch, see ``Backend.scores``."""
        if size > 1 and not self._network.takes_batches:
            raise RuntimeError("The network takes one patch at a time")
        for scores in self._backend.scores((batch.to(_CPU) for batch in batches), size):
            yield self._network.as_logits(scores).to(self._device)


class WindowPredictor:
    """Predictor of a network that labels all pixels of a window of a fixed size, see ``Predictor``.

    Windows lie on a grid over the raster, so that a map does not depend on its tiles. They overlap, and
    labels near their edges are not used.

    Args:
        backend: Backend of the network.
        size: Rows and columns of a window.
        halo: Pixels at each edge of a window whose labels are not used.
        device: Device of the channels.
        batch_size: Number of windows per batch; 0 takes the backend's.
    """

    agreement: float | None = None

    def __init__(self, backend: Backend, size: int, halo: int, device: torch.device, batch_size: int) -> None:
        self._backend = backend
        self._size, self._halo, self._device = size, halo, device
        self.method = backend.method
        self.batch_size = min(batch_size, backend.batch_size) or backend.batch_size
        self.alignment = size - 2 * halo
        # A whole window around any pixel, wherever it lies in it.
        self.before = self.behind = self.alignment + halo
        self.tile_size = _WINDOWS_ACROSS * self.alignment
        self._last: tuple[Tensor, int] | None = None

    @torch.inference_mode()
    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return the logits of the centres, see ``Predictor.predict``."""
        step, width = self.alignment, channels.shape[2]
        number = rows // step * width + columns // step
        windows = torch.unique(number).tolist()
        result: Tensor | None = None
        inputs = (
            self._cut(channels, windows[first : first + self.batch_size], width)
            for first in range(0, len(windows), self.batch_size)
        )
        done = 0
        for logits in self._backend.scores(inputs, self.batch_size):
            for scores in logits:
                window = windows[done]
                inside = (number == window).nonzero()[:, 0]
                top, left = (place * step - self._halo for place in divmod(window, width))
                if result is None:
                    result = scores.new_empty(len(rows), len(scores))
                result[inside] = scores[:, rows[inside] - top, columns[inside] - left].T
                self._last = channels, len(inside)
                done += 1
                after_batch(len(inside))
        return channels.new_zeros(0, 0) if result is None else result

    def _cut(self, channels: Tensor, windows: list[int], width: int) -> Tensor:
        """Return windows of the channels, shape (N, channels, size, size)."""
        pieces = []
        for window in windows:
            top, left = (place * self.alignment - self._halo for place in divmod(window, width))
            pieces.append(channels[:, top : top + self._size, left : left + self._size])
        batch = torch.stack(pieces).to(self._backend.dtype)
        return batch.contiguous(memory_format=torch.channels_last)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput on a window of zeros, see ``Predictor.trial_rate``."""
        if centres < self.alignment**2:
            return None
        return self._rate(torch.zeros(self.batch_size, channels, self._size, self._size), 0.0)

    @torch.inference_mode()
    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of the network on its windows, see ``Predictor.model_rate``."""
        if self._last is None:
            return None
        channels = self._last[0]
        return self._rate(channels.new_zeros(self.batch_size, len(channels), self._size, self._size), seconds)

    def _rate(self, batch: Tensor, seconds: float) -> float:
        inputs = batch.to(self._backend.dtype).contiguous(memory_format=torch.channels_last)

        def compute() -> None:
            for _ in self._backend.scores([inputs], self.batch_size):
                pass

        # The first computation includes one-time costs.
        compute()
        return measured_rate(compute, self.batch_size * self.alignment**2, seconds)


def make_predictor(model: LoadedModel, plan: PredictorPlan) -> PatchPredictor | WindowPredictor:
    """Return the predictor of a network in an ONNX file.

    Args:
        model: Loaded network.
        plan: Settings of the run's predictors.

    Raises:
        DeviceError: OpenVINO is not installed, or does not support the requested precision.
    """
    network, requested = model.network, plan.method
    if not isinstance(network, OnnxNetwork):
        raise RuntimeError("The model has no ONNX network")
    if requested.backend == TORCH or requested.precision == INT8:
        plan.progress.log(
            "{title} is computed by OpenVINO: BACKEND=torch and PRECISION=int8 are for other networks.",
            "warning",
            title=architecture(model.card.architecture).title,
        )
    precision = FP32 if requested.precision in (AUTO, INT8) else requested.precision
    (method,) = possible_methods(Method(OPENVINO, precision), _CPU)
    if network.signature.kind == "pixel":
        size = network.window_size
        backend = OnnxBackend(network, method.precision, model.device, size, _WINDOWS)
        return WindowPredictor(backend, size, network.halo, model.device, plan.batch_size)
    size = model.card.patch_size
    backend = OnnxBackend(network, method.precision, model.device, size, OpenVinoBackend.batch_size)
    batch_size = min(plan.batch_size or backend.batch_size, backend.batch_size)
    return PatchPredictor(Computation(backend), size, model.device, batch_size, plan.progress)
