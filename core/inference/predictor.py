"""A network, run on batches of patches that are cut on the device."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..device import memory_format
from ..errors import DeviceError
from ..progress import Progress
from ..samples.patches import cut_patches

_DEFAULT_BATCH = {"cuda": 1024}
_DEFAULT_BATCH_ELSEWHERE = 256


class Predictor:
    """Gives the most probable class of patches.

    Attributes:
        batch_size: Patches that are computed together; halved when the device's memory is full.
    """

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
        self._is_gpu = device.type == "cuda"
        self._network = network.to(device).to(memory_format=memory_format(device)).eval()
        self._patch_size = patch_size
        self._progress = progress
        self.batch_size = batch_size or _DEFAULT_BATCH.get(device.type, _DEFAULT_BATCH_ELSEWHERE)

    @torch.inference_mode()
    def predict(
        self, tile: Tensor, rows: Tensor, columns: Tensor, after_batch: Callable[[int], None]
    ) -> Tensor:
        """Return the position of each patch's most probable class, int64, on the tile's device.

        Args:
            tile: Standardised channels, shape (channels, rows, columns), on the device. Its memory
                order is that of the patches.
            rows: First row of each patch in ``tile``, int64.
            columns: First column of each patch, alike.
            after_batch: Called with the number of patches after each batch.

        Raises:
            DeviceError: Not even one patch fits the device's memory.
        """
        labels = torch.empty_like(rows)
        start = 0
        while start < rows.numel():
            stop = min(start + self.batch_size, rows.numel())
            try:
                labels[start:stop] = self._predict_batch(tile, rows[start:stop], columns[start:stop])
            except RuntimeError as error:
                if not _is_out_of_memory(error):
                    raise
                self._halve(stop - start, error)
                continue
            after_batch(stop - start)
            start = stop
        return labels

    def _predict_batch(self, tile: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        patches = cut_patches(tile, rows, columns, self._patch_size)
        scores: Tensor = self._network(patches)
        return scores.argmax(dim=1)

    def _halve(self, tried: int, error: RuntimeError) -> None:
        if tried <= 1:
            raise DeviceError(
                "The device has too little free memory for a single patch",
                advice="Close other programs that use it, or choose DEVICE=cpu.",
            ) from error
        self.batch_size = tried // 2
        if self._is_gpu:
            torch.cuda.empty_cache()
        self._progress.log(
            f"The device's memory is full: going on with batches of {self.batch_size}.", "warning"
        )


def _is_out_of_memory(error: RuntimeError) -> bool:
    """CUDA has an error class of its own; Apple's GPU and the CPU's allocator only say it."""
    if isinstance(error, torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return "out of memory" in text or "can't allocate memory" in text
