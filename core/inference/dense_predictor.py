"""A dense network, which labels all pixels of a tile at once."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..device import memory_format
from ..errors import DeviceError
from ..models.dense import GRID, HALO
from .backend_names import PLAIN
from .patch_predictor import is_out_of_memory
from .predictor import measured_rate

# Rows and columns of what the trial labels.
_TRIAL = 4 * GRID


class DensePredictor:
    """A network from (1, channels, rows, columns) to scores of each pixel; see ``Predictor``.

    Tiles overlap by the halo, and lie on one grid over the whole raster: the maps inside the
    network are cut at the same pixels whatever the tile, and what lies beyond the halo hardly
    changes a score, so that no seam shows.
    """

    before = behind = HALO
    alignment = GRID
    batch_size = 1
    was_halved = False
    method = PLAIN

    def __init__(self, network: nn.Module, device: torch.device) -> None:
        """Bring the network to the device."""
        self._device = device
        self._network = network.to(device).to(memory_format=memory_format(device)).eval()
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
        """Return logits; see ``Predictor``."""
        tile = channels[None].contiguous(memory_format=memory_format(self._device))
        self._last = tile, rows.numel()
        try:
            scores: Tensor = self._network(tile)[0]
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            raise DeviceError(
                f"The device has too little free memory for a tile of {tile.shape[-2]} x {tile.shape[-1]} "
                "pixels",
                advice="Close other programs that use it, or choose DEVICE=cpu.",
            ) from error
        after_batch(rows.numel())
        return scores[:, rows, columns].T.float()

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the pixels a second on a tile of zeros, None where that would be most of the work."""
        if centres < _TRIAL**2:
            return None
        size = _TRIAL + 2 * HALO
        self._last = torch.zeros(1, channels, size, size, device=self._device), _TRIAL**2
        # The first one also pays for what is done once.
        self.model_rate(0.0)
        rate = self.model_rate(0.0)
        self._last = None
        return rate

    @torch.inference_mode()
    def model_rate(self, seconds: float) -> float | None:
        """Return the pixels a second of the network on its last tile, its halo not counted."""
        if self._last is None:
            return None
        tile, centres = self._last
        return measured_rate(lambda: self._network(tile)[0, 0, 0, 0].cpu(), centres, seconds)
