"""Dense predictor: a network that classifies all pixels of a tile at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isqrt

import torch
from torch import Tensor, nn

from ...device import memory_format
from ...errors import DeviceError
from ...models.architectures import architecture
from ...options import (
    AUTO,
    DENSE_GRID,
    DENSE_HALO,
    FP32,
    INT8,
    OPENVINO,
    TF32,
    TORCH,
    Method,
)
from ...progress import Progress
from ..backends.base import allow_tf32
from ..backends.choice import possible_methods
from ..backends.torch_backend import DTYPES
from ..backends.torch_backend import KIND as TORCH_KIND
from .base import measured_rate, retry_smaller
from .factory import LoadedModel, PredictorPlan

# Side of a window without halo, in squares of DENSE_GRID pixels, by device type. Wider windows compute less
# of the halo twice: 96 pixels around 512 are 1.9 times the work, around 2048 1.2 times.
_WINDOW_SQUARES = {"cuda": 64}
_DEFAULT_WINDOW_SQUARES = 16
_TRIAL_SQUARES = 4


@dataclass(frozen=True)
class _Window:
    """Window of a tile with halo, and the centres inside it.

    Attributes:
        rows: Rows of the window in the tile.
        columns: Columns of the window in the tile.
        centres: Numbers of the centres inside the window, int64, shape (N,).
    """

    rows: slice
    columns: slice
    centres: Tensor


class DensePredictor:
    """Predictor of a dense network, see ``core.inference.predictors.base.Predictor``.

    Windows overlap by the halo, and are aligned to one grid over the raster. So the network's feature maps
    have the same pixel boundaries in any window, pixels beyond the halo hardly change a score, and no seams
    appear.

    Attributes:
        batch_size: Number of squares of ``DENSE_GRID`` pixels in a window.

    Args:
        network: Network from (1, channels, rows, columns) to scores (1, classes, rows, columns).
        device: Device that computes.
        halo: Width of the halo around classified pixels, in pixels, a multiple of ``DENSE_GRID``.
        batch_size: Number of squares of ``DENSE_GRID`` pixels in a window; 0 selects it by device.
        progress: Progress reporter.
        precision: Precision of matrix products, ``fp32``, ``tf32``, ``bf16`` or ``fp16``. Weights have 32
            bits.
    """

    alignment = DENSE_GRID
    agreement: float | None = None

    def __init__(
        self,
        network: nn.Module,
        device: torch.device,
        halo: int,
        batch_size: int,
        progress: Progress,
        precision: str = FP32,
    ) -> None:
        self._device = device
        self.method = Method(TORCH, precision)
        self._network = network.to(device).to(memory_format=memory_format(device)).eval()
        self._progress = progress
        self._last: tuple[Tensor, int] | None = None
        self.before = self.behind = halo
        self.batch_size = batch_size or _WINDOW_SQUARES.get(device.type, _DEFAULT_WINDOW_SQUARES) ** 2
        self.tile_size = self._side

    @property
    def _side(self) -> int:
        """Side of a window without halo, in pixels."""
        return DENSE_GRID * isqrt(self.batch_size)

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

        def compute(count: Callable[[int], None]) -> Tensor:
            order, parts = [], []
            for window in self._windows_of(rows, columns, channels.shape[1:]):
                scores = self._scores(channels, window)
                row, column = rows[window.centres], columns[window.centres]
                order.append(window.centres)
                parts.append(scores[:, row - window.rows.start, column - window.columns.start].T)
                count(window.centres.numel())
            unordered = torch.cat(parts)
            ordered = torch.empty_like(unordered)
            ordered[torch.cat(order)] = unordered
            return ordered

        return retry_smaller(compute, self._device, after_batch, self._shrink)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput on a tile of zeros, see ``Predictor.trial_rate``."""
        side = _TRIAL_SQUARES * DENSE_GRID
        if centres < side**2:
            return None
        size = side + 2 * self.before
        self._last = torch.zeros(1, channels, size, size, device=self._device), side**2
        # The first call includes the one-time cost.
        self.model_rate(0.0)
        rate = self.model_rate(0.0)
        self._last = None
        return rate

    @torch.inference_mode()
    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of the network on its last window, see ``Predictor.model_rate``."""
        if self._last is None:
            return None
        tile, centres = self._last
        return measured_rate(lambda: self._compute(tile)[0, 0, 0, 0].cpu(), centres, seconds)

    def _windows_of(self, rows: Tensor, columns: Tensor, shape: torch.Size) -> Iterator[_Window]:
        """Yield the aligned windows that hold centres, with their halo."""
        side, halo, (height, width) = self._side, self.before, shape
        first_row, first_column = (int(axis.min()) // DENSE_GRID * DENSE_GRID for axis in (rows, columns))
        across = (int(columns.max()) - first_column) // side + 1
        number = (rows - first_row) // side * across + (columns - first_column) // side
        for square in torch.unique(number).tolist():
            top, left = first_row + square // across * side, first_column + square % across * side
            yield _Window(
                slice(top - halo, min(top + side + halo, height)),
                slice(left - halo, min(left + side + halo, width)),
                (number == square).nonzero()[:, 0],
            )

    def _scores(self, channels: Tensor, window: _Window) -> Tensor:
        """Return the scores of a window with halo, float32, shape (classes, rows, columns)."""
        inputs = channels[None, :, window.rows, window.columns]
        inputs = inputs.contiguous(memory_format=memory_format(self._device))
        self._last = inputs, window.centres.numel()
        return self._compute(inputs)[0].float()

    def _compute(self, inputs: Tensor) -> Tensor:
        precision = self.method.precision
        dtype = DTYPES[precision]
        with (
            allow_tf32(precision == TF32),
            torch.autocast(self._device.type, dtype, enabled=dtype != torch.float32),
        ):
            scores: Tensor = self._network(inputs)
        return scores

    def _shrink(self, error: RuntimeError) -> None:
        self._last = None
        if self.batch_size < 4:
            size = DENSE_GRID + 2 * self.before
            raise DeviceError(
                "The device has too little free memory for a tile of {size} x {size} pixels",
                advice="Close other programs that use the device, or use DEVICE=cpu.",
                size=size,
            ) from error
        self.batch_size //= 4
        self._progress.log(
            "The device's memory is full. The run continues with windows of {size} pixels.",
            "warning",
            size=self._side,
        )


def make_predictor(model: LoadedModel, plan: PredictorPlan) -> DensePredictor:
    """Return the predictor of a dense network.

    Args:
        model: Loaded network on its device.
        plan: Settings of the run's predictors.

    Raises:
        DeviceError: The device does not support the requested precision.
    """
    halo = architecture(model.card.architecture).exact_halo if plan.exact else DENSE_HALO
    precision = _precision(model, plan)
    return DensePredictor(model.network, model.device, halo, plan.batch_size, plan.progress, precision)


def _precision(model: LoadedModel, plan: PredictorPlan) -> str:
    requested = plan.method
    if requested.backend == OPENVINO or requested.precision == INT8:
        plan.progress.log(
            "{title} is computed by PyTorch: BACKEND=openvino and PRECISION=int8 are for "
            "networks that classify patches.",
            "warning",
            title=architecture(model.card.architecture).title,
        )
    if requested.precision in (AUTO, INT8):
        # TF32 is PyTorch's default for convolutions. EXACT requires 32 bits.
        return TF32 if TF32 in TORCH_KIND.precisions(model.device) and not plan.exact else FP32
    return possible_methods(Method(TORCH, requested.precision), model.device)[0].precision
