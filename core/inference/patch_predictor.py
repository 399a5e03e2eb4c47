"""A patch classifier, run on batches of patches that are cut on the device."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..device import memory_format
from ..errors import DeviceError
from ..progress import Progress
from ..samples.patches import cut_patches
from .predictor import measured_rate

_DEFAULT_BATCH = {"cuda": 1024}
_DEFAULT_BATCH_ELSEWHERE = 256
# The trial is at most this fraction of the work.
_TRIAL_SHARE = 20


class PatchPredictor:
    """A network that gives one score a class for a whole patch; see ``Predictor``."""

    alignment = 1

    def __init__(
        self, network: nn.Module, patch_size: int, device: torch.device, batch_size: int, progress: Progress
    ) -> None:
        """Bring the network to the device.

        Args:
            network: Takes (patches, channels, rows, columns), gives (patches, classes).
            patch_size: Rows and columns of a patch.
            device: Where to compute.
            batch_size: Patches a batch; 0 chooses by device.
            progress: Learns of a halved batch.
        """
        self._device = device
        self._network = network.to(device).to(memory_format=memory_format(device)).eval()
        self._patch_size = patch_size
        self._progress = progress
        self._last: Tensor | None = None
        self.before = patch_size // 2
        self.behind = patch_size - 1 - self.before
        self.batch_size = batch_size or _DEFAULT_BATCH.get(device.type, _DEFAULT_BATCH_ELSEWHERE)
        self.was_halved = False

    @torch.inference_mode()
    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return logits; see ``Predictor``.

        A batch that does not fit the memory restarts the whole tile with half its size, so that the
        patches of a tile are always divided in one way.
        """
        while True:
            pieces: list[Tensor] = []
            done = 0
            try:
                for start in range(0, rows.numel(), self.batch_size):
                    batch = slice(start, start + self.batch_size)
                    pieces.append(self._scores(channels, rows[batch], columns[batch]))
                    after_batch(len(pieces[-1]))
                    done += len(pieces[-1])
                return torch.cat(pieces)
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                after_batch(-done)
                self._halve(min(self.batch_size, rows.numel()), error)

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return patches a second of a small batch of zeros; see ``Predictor``."""
        count = min(self.batch_size, -(-centres // _TRIAL_SHARE))
        size = self._patch_size
        tile = torch.zeros(channels, size, size, device=self._device)
        centre = torch.full((count,), self.before, dtype=torch.int64, device=self._device)
        valid = torch.ones(size, size, dtype=torch.bool, device=self._device)
        # The first batch also pays for what is done once.
        self.predict(tile, valid, centre, centre, lambda _: None)
        rate = self.model_rate(0.0)
        self._last = None
        return rate

    @torch.inference_mode()
    def model_rate(self, seconds: float) -> float | None:
        """Return patches a second of the network on its last batch, which is still in memory."""
        if self._last is None:
            return None
        batch = self._last
        return measured_rate(lambda: self._network(batch).argmax(dim=1).cpu(), len(batch), seconds)

    def _scores(self, channels: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        patches = cut_patches(channels, rows - self.before, columns - self.before, self._patch_size)
        if self._last is None or len(patches) >= len(self._last):
            self._last = patches
        scores: Tensor = self._network(patches)
        return scores.float()

    def _halve(self, tried: int, error: RuntimeError) -> None:
        if tried <= 1:
            raise DeviceError(
                "The device has too little free memory for a single patch",
                advice="Close other programs that use it, or choose DEVICE=cpu.",
            ) from error
        self.batch_size = tried // 2
        self.was_halved = True
        self._last = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        self._progress.log(
            f"The device's memory is full: going on with batches of {self.batch_size}.", "warning"
        )


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether the device's memory is full.

    CUDA has an error class of its own; Apple's GPU and the CPU's allocator only say it.
    """
    if isinstance(error, torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return "out of memory" in text or "can't allocate memory" in text
