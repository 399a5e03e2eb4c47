"""Feed of crops around samples, for dense networks, which classify every pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import BoolArray, Int64Array
from ...models.architecture import Architecture, CentreBranch, TrainerSettings
from ...models.network import build_network
from ...options import DENSE_GRID, DENSE_HALO, NONE
from ...progress import Progress
from ...raster.stack import BandStack
from ...samples.patch_store import Pixels, near_pixels, read_pixels
from ...samples.samples import Samples
from ...samples.split_design import Split
from ..channels import Preparation
from ..optimisation import autocast, memory_format_for
from .base import UNLABELLED, Batch, Examples, PixelDataset, batches_of, on
from .patch import scaling_of_patches

# Side in pixels of the squares in which samples are predicted, with a halo around them.
_CELL = 4 * DENSE_GRID
_BATCH = 4
# A sample is at least a crop's side divided by this away from the crop's edges.
_MARGIN_DIVISOR = 8
# Rows and columns of the patches by which the channels are scaled.
_SCALING_SIZE = 32


@dataclass(frozen=True, eq=False)
class CropFeed:
    """Feed of crops, each with all training labels inside it.

    Attributes:
        pixels: Standardised channels on the device.
        labels: Class code of each pixel of ``pixels``, flattened; ``UNLABELLED`` without a training label.
        hidden: Whether a pixel is missing in training crops, flattened bool, see ``CropView``.
        samples: Positions and classes of the samples.
        size: Rows and columns of a crop, in pixels.
        precision: Data type of convolutions and matrix products.
    """

    pixels: Pixels
    labels: Tensor
    hidden: Tensor
    samples: Samples
    size: int
    precision: torch.dtype

    @property
    def values(self) -> Tensor:
        """All pixels of ``pixels``."""
        return self.pixels.values

    @property
    def exact(self) -> CropFeed:
        """Feed of the same values that computes in float32."""
        return replace(self, precision=torch.float32)

    def epoch(self, indices: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return crops that hold each sample at least as often as it is in ``indices``, see ``Feed.epoch``.

        A crop is placed at random around a sample that is in no crop yet. Other samples inside it count too.
        """
        rows, columns = self.samples.rows, self.samples.columns
        remaining = np.bincount(indices, minlength=len(rows))
        margin = self.size // _MARGIN_DIVISOR
        seeds, tops, lefts = [], [], []
        for sample in generator.permutation(indices):
            if remaining[sample] <= 0:
                continue
            top, left = np.array([rows[sample], columns[sample]]) - generator.integers(
                margin, self.size - margin, size=2
            )
            is_inside = (rows >= top) & (rows < top + self.size)
            is_inside &= (columns >= left) & (columns < left + self.size)
            remaining[is_inside] -= 1
            seeds.append(sample)
            tops.append(top)
            lefts.append(left)
        return batches_of(Batch(np.array(seeds), np.array(tops), np.array(lefts)), size)

    def examples(self, batch: Batch, orientations: Int64Array | None) -> Examples:
        """Return crops and the labels of their pixels, see ``Feed.examples``."""
        device, size = self.pixels.device, self.size
        turns = None if orientations is None else on(device, orientations)
        pixels = self.pixels.flat_indices(on(device, batch.rows), on(device, batch.columns), size, turns)
        # The last block of pixels is all missing.
        visible = torch.where(self.hidden[pixels], len(self.hidden) - 1, pixels)
        return Examples(self._gathered(visible, size), self.labels[pixels].view(-1, size, size), size)

    def logits(self, network: nn.Module, indices: Int64Array, progress: Progress) -> Tensor:
        """Return the logits of samples, with the grid and halo of maps, see ``Feed.logits``."""
        network.eval()
        rows, columns = self.samples.rows[indices], self.samples.columns[indices]
        cells, member = np.unique(np.stack([rows, columns]) // _CELL, axis=1, return_inverse=True)
        corners = cells * _CELL - DENSE_HALO
        logits = torch.zeros(len(indices), 0)
        with torch.inference_mode(), autocast(self.pixels.device, self.precision):
            for start in range(0, corners.shape[1], _BATCH):
                progress.check_cancelled()
                batch = corners[:, start : start + _BATCH]
                scores = network(self._windows(batch)).float().cpu()
                if not logits.shape[1]:
                    logits = torch.zeros(len(indices), scores.shape[1])
                is_in_batch = (member >= start) & (member < start + batch.shape[1])
                window = member[is_in_batch] - start
                logits[torch.from_numpy(is_in_batch)] = scores[
                    window, :, rows[is_in_batch] - batch[0, window], columns[is_in_batch] - batch[1, window]
                ]
        return logits

    def _windows(self, corners: Int64Array) -> Tensor:
        device, size = self.pixels.device, _CELL + 2 * DENSE_HALO
        rows, columns = on(device, corners[0]), on(device, corners[1])
        return self._gathered(self.pixels.flat_indices(rows, columns, size), size)

    def _gathered(self, indices: Tensor, size: int) -> Tensor:
        values = self.pixels.values.view(-1, self.pixels.channels)[indices.flatten()]
        squares = values.view(-1, size, size, self.pixels.channels).permute(0, 3, 1, 2)
        return squares.contiguous(memory_format=memory_format_for(self.precision, self.pixels.device))


class CropView:
    """Inputs of a dense network.

    A label depends on the pixels up to ``DENSE_HALO`` around it, and hardly on those farther away. In
    training crops, the pixels up to ``DENSE_HALO`` around held-out samples are missing, so that training does
    not use what their prediction depends on. Pixels around training samples are never missing. The two
    overlap only where the sample design could not keep its gap.

    Args:
        architecture: Name of the architecture.
        size: Rows and columns of the training crops in pixels, a multiple of ``DENSE_GRID``.
        precision: Data type of convolutions and matrix products.
    """

    patch_size = DENSE_GRID
    small_stem = False
    attention = NONE
    windows: tuple[int, ...] = ()
    centre: CentreBranch | None = None
    window = 2 * DENSE_HALO + 1

    def __init__(self, architecture: str, size: int, precision: torch.dtype) -> None:
        self._architecture = architecture
        self._size = size
        self._precision = precision
        # Pixels on either side of a sample that a crop or a window can hold.
        self._reach = max(size, _CELL + DENSE_HALO)
        self._shape = 0, 0

    @classmethod
    def of(cls, entry: Architecture, settings: TrainerSettings, precision: torch.dtype) -> CropView:
        """Return the view of a network with these settings.

        Args:
            entry: Registry entry of the architecture.
            settings: Settings of the trainer.
            precision: Data type of convolutions and matrix products.
        """
        return cls(entry.name, settings.patch_size, precision)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of the pixels around a sample, in bytes.

        Neighbouring samples share pixels, so a square of the grid counts per sample.
        """
        return 4 * bands * DENSE_GRID**2

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> PixelDataset:
        """Read the pixels around all samples, each pixel once, see ``View.read``."""
        self._shape = stack.grid.height, stack.grid.width
        pixels = read_pixels(
            stack, samples, preparation.bands, self._reach, self._reach, DENSE_GRID, progress
        )
        return PixelDataset(samples, preparation, pixels)

    def feed(
        self, dataset: PixelDataset, split: Split, device: torch.device, progress: Progress
    ) -> tuple[CropFeed, Preparation]:
        """Return the crops, with channels scaled by the training samples' patches, see ``View.feed``."""
        scaling = scaling_of_patches(dataset, split.train, _SCALING_SIZE, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        pixels = dataset.pixels.to(device).converted(preparation)
        labels = torch.full((pixels.values.shape[:2].numel(),), UNLABELLED, device=device)
        train = dataset.samples.subset(split.train)
        labelled = pixels.flat_indices(on(device, train.rows), on(device, train.columns), 1)
        labels[labelled.flatten()] = on(device, train.codes)
        hidden = torch.from_numpy(self._hidden(dataset, split, progress)).to(device)
        return CropFeed(pixels, labels, hidden, dataset.samples, self._size, self._precision), preparation

    def _hidden(self, dataset: PixelDataset, split: Split, progress: Progress) -> BoolArray:
        coordinates = dataset.samples.pixel_coordinates
        near_held_out, near_train = (
            near_pixels(dataset.pixels, coordinates[indices], DENSE_HALO, *self._shape).flatten()
            for indices in (split.held_out, split.train)
        )
        hidden = near_held_out & ~near_train
        if hidden.any():
            progress.log(
                "Pixels up to {width} pixels around held-out samples are missing in training crops.",
                width=DENSE_HALO,
            )
        return hidden

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return an untrained network, see ``View.build``."""
        return build_network(self._architecture, channels, classes)
