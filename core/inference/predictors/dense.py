"""Dense predictor: a network that labels all pixels of a tile at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isqrt

import torch
from torch import Tensor, nn

from ...device import memory_format
from ...errors import DeviceError
from ...models.architectures import architecture
from ...models.tree_model import TreeModel
from ...options import (
    AUTO,
    DENSE_EXACT_HALO,
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
from ..backends.base import tensor_float
from ..backends.choice import possible_methods
from ..backends.torch_backend import DTYPES
from ..backends.torch_backend import KIND as TORCH_KIND
from .base import measured_rate, retry_smaller
from .factory import LoadedModel, PredictorPlan

# Squares of GRID pixels along a side of what is labelled at once. The wider, the less of the halo is
# computed twice: 96 pixels around 512 make 1.9 times the work, around 2048 1.2 times.
_ACROSS = {"cuda": 64}
_ACROSS_ELSEWHERE = 16
# Squares of GRID pixels along a side of what the trial labels.
_TRIAL = 4


@dataclass(frozen=True)
class _Piece:
    """What is shown at once: rows and columns of a tile, and which of the centres it labels."""

    rows: slice
    columns: slice
    centres: Tensor


class DensePredictor:
    """A network from (1, channels, rows, columns) to scores of each pixel; see ``Predictor``.

    Tiles overlap by the halo, and lie on one grid over the whole raster: the maps inside the
    network are cut at the same pixels whatever the tile, and what lies beyond the halo hardly
    changes a score, so that no seam shows.

    Attributes:
        batch_size: Squares of ``DENSE_GRID`` pixels that are labelled at once.
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
        """Bring the network to the device.

        Args:
            network: See above.
            device: Where to compute.
            halo: Pixels to see around those that are labelled, a multiple of ``DENSE_GRID``.
            batch_size: Squares of ``DENSE_GRID`` pixels that are labelled at once; 0 chooses by device.
            progress: Learns of smaller pieces.
            precision: ``fp32``, ``tf32``, ``bf16`` or ``fp16``: of products; weights stay in 32 bits.
        """
        self._device = device
        self.method = Method(TORCH, precision)
        self._network = network.to(device).to(memory_format=memory_format(device)).eval()
        self._progress = progress
        self._last: tuple[Tensor, int] | None = None
        self.before = self.behind = halo
        self.batch_size = batch_size or _ACROSS.get(device.type, _ACROSS_ELSEWHERE) ** 2
        self.tile_size = self._side

    @property
    def _side(self) -> int:
        """Rows and columns that are labelled at once."""
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
        """Return logits; see ``Predictor``."""

        def compute(count: Callable[[int], None]) -> Tensor:
            order, found = [], []
            for piece in self._pieces(rows, columns, channels.shape[1:]):
                scores = self._scores(channels, piece)
                row, column = rows[piece.centres], columns[piece.centres]
                order.append(piece.centres)
                found.append(scores[:, row - piece.rows.start, column - piece.columns.start].T)
                count(piece.centres.numel())
            unordered = torch.cat(found)
            ordered = torch.empty_like(unordered)
            ordered[torch.cat(order)] = unordered
            return ordered

        return retry_smaller(compute, self._device, after_batch, self._shrink)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the pixels a second on a tile of zeros, None where that would be most of the work."""
        labelled = _TRIAL * DENSE_GRID
        if centres < labelled**2:
            return None
        size = labelled + 2 * self.before
        self._last = torch.zeros(1, channels, size, size, device=self._device), labelled**2
        # The first one also pays for what is done once.
        self.model_rate(0.0)
        rate = self.model_rate(0.0)
        self._last = None
        return rate

    @torch.inference_mode()
    def model_rate(self, seconds: float) -> float | None:
        """Return the pixels a second of the network on its last piece, its halo not counted."""
        if self._last is None:
            return None
        tile, centres = self._last
        return measured_rate(lambda: self._compute(tile)[0, 0, 0, 0].cpu(), centres, seconds)

    def _pieces(self, rows: Tensor, columns: Tensor, shape: torch.Size) -> Iterator[_Piece]:
        """Yield the squares, on the grid, that hold centres, with the halo around them."""
        side, halo, (height, width) = self._side, self.before, shape
        first_row, first_column = (int(axis.min()) // DENSE_GRID * DENSE_GRID for axis in (rows, columns))
        across = (int(columns.max()) - first_column) // side + 1
        number = (rows - first_row) // side * across + (columns - first_column) // side
        for square in torch.unique(number).tolist():
            top, left = first_row + square // across * side, first_column + square % across * side
            yield _Piece(
                slice(top - halo, min(top + side + halo, height)),
                slice(left - halo, min(left + side + halo, width)),
                (number == square).nonzero()[:, 0],
            )

    def _scores(self, channels: Tensor, piece: _Piece) -> Tensor:
        """Return the scores (classes, rows, columns) of all that a piece shows, float32."""
        shown = channels[None, :, piece.rows, piece.columns]
        shown = shown.contiguous(memory_format=memory_format(self._device))
        self._last = shown, piece.centres.numel()
        return self._compute(shown)[0].float()

    def _compute(self, shown: Tensor) -> Tensor:
        precision = self.method.precision
        dtype = DTYPES[precision]
        with (
            tensor_float(precision == TF32),
            torch.autocast(self._device.type, dtype, enabled=dtype != torch.float32),
        ):
            scores: Tensor = self._network(shown)
        return scores

    def _shrink(self, error: RuntimeError) -> None:
        self._last = None
        if self.batch_size < 4:
            size = DENSE_GRID + 2 * self.before
            raise DeviceError(
                "The device has too little free memory for a tile of {size} x {size} pixels",
                advice="Close other programs that use it, or choose DEVICE=cpu.",
                size=size,
            ) from error
        self.batch_size //= 4
        self._progress.log(
            "The device's memory is full: going on with pieces of {size} pixels.", "warning", size=self._side
        )


def make_predictor(model: LoadedModel, plan: PredictorPlan) -> DensePredictor:
    """Return the predictor of a network that labels every pixel.

    Args:
        model: Network on its device.
        plan: What the predictors of the run have in common.

    Raises:
        DeviceError: The device does not support the requested precision.
    """
    if isinstance(model.model, TreeModel):
        raise TypeError("trees are not a dense network")
    halo = DENSE_EXACT_HALO if plan.exact else DENSE_HALO
    precision = _precision(model, plan)
    return DensePredictor(model.model, model.device, halo, plan.batch_size, plan.progress, precision)


def _precision(model: LoadedModel, plan: PredictorPlan) -> str:
    wanted = plan.method
    if wanted.backend == OPENVINO or wanted.precision == INT8:
        plan.progress.log(
            "{title} is computed by PyTorch: BACKEND=openvino and PRECISION=int8 are for "
            "networks that classify patches.",
            "warning",
            title=architecture(model.card.architecture).title,
        )
    if wanted.precision in (AUTO, INT8):
        # PyTorch's own choice for convolutions; EXACT asks for all digits.
        return TF32 if TF32 in TORCH_KIND.precisions(model.device) and not plan.exact else FP32
    return possible_methods(Method(TORCH, wanted.precision), model.device)[0].precision
