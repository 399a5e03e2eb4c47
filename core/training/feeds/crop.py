"""Feed of crops around samples, for networks that label every pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import BoolArray, Int64Array
from ...models.architecture import Architecture, TrainerSettings
from ...models.network import build_network
from ...options import DENSE_GRID, DENSE_HALO
from ...progress import Progress
from ...raster.stack import BandStack
from ...samples.patch_store import Pixels, near_pixels, read_pixels
from ...samples.samples import Samples
from ...samples.split_design import Split
from ..channels import Preparation
from ..optimisation import autocast, memory_format_for
from .base import UNLABELLED, Batch, PixelDataset, batches_of, on
from .patch import scaling_of_patches

# Labels are predicted in squares of so many pixels, with a halo around them.
_CELL = 4 * DENSE_GRID
_BATCH = 4
# A sample lies at least this share of a crop's side away from its edges.
_LEAST_INSIDE = 8
# Rows and columns of the patches that the channels' scaling is measured on.
_SCALING_SIZE = 32


@dataclass(frozen=True, eq=False)
class CropFeed:
    """A Feed of crops, each with all the training labels that lie in it.

    Attributes:
        pixels: Standardised channels, on the device.
        labels: Code of each pixel in ``pixels``, flattened; ``UNLABELLED`` where none trains.
        hidden: Which pixels, flattened, crops show as missing, see ``CropView``.
        samples: Places and classes.
        size: Rows and columns of a crop.
        precision: What the network computes in.
    """

    pixels: Pixels
    labels: Tensor
    hidden: Tensor
    samples: Samples
    size: int
    precision: torch.dtype

    @property
    def values(self) -> Tensor:
        """All pixels."""
        return self.pixels.values

    @property
    def exact(self) -> CropFeed:
        """The same, computed in float32."""
        return replace(self, precision=torch.float32)

    def epoch(self, chosen: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return crops that show each sample as often as it is chosen, or more often.

        A crop is placed at random around a sample that was not shown yet; those that fall into it
        are shown too.
        """
        rows, columns = self.samples.rows, self.samples.columns
        unseen = np.bincount(chosen, minlength=len(rows))
        inside = self.size // _LEAST_INSIDE
        seeds, tops, lefts = [], [], []
        for sample in generator.permutation(chosen):
            if unseen[sample] <= 0:
                continue
            top, left = np.array([rows[sample], columns[sample]]) - generator.integers(
                inside, self.size - inside, size=2
            )
            shown = (rows >= top) & (rows < top + self.size)
            shown &= (columns >= left) & (columns < left + self.size)
            unseen[shown] -= 1
            seeds.append(sample)
            tops.append(top)
            lefts.append(left)
        return batches_of(Batch(np.array(seeds), np.array(tops), np.array(lefts)), size)

    def examples(self, batch: Batch, orientations: Int64Array | None) -> tuple[Tensor, Tensor]:
        """Return crops and the labels of their pixels."""
        device, size = self.pixels.device, self.size
        turns = None if orientations is None else on(device, orientations)
        places = self.pixels.places(on(device, batch.rows), on(device, batch.columns), size, turns)
        # The last block is all missing.
        shown = torch.where(self.hidden[places], len(self.hidden) - 1, places)
        return self._gathered(shown, size), self.labels[places].view(-1, size, size)

    def logits(self, network: nn.Module, chosen: Int64Array, progress: Progress) -> Tensor:
        """Return the logits at samples, on the grid and with the halo that maps have."""
        network.eval()
        rows, columns = self.samples.rows[chosen], self.samples.columns[chosen]
        cells, member = np.unique(np.stack([rows, columns]) // _CELL, axis=1, return_inverse=True)
        corners = cells * _CELL - DENSE_HALO
        found = torch.zeros(len(chosen), 0)
        with torch.inference_mode(), autocast(self.pixels.device, self.precision):
            for start in range(0, corners.shape[1], _BATCH):
                progress.check_cancelled()
                batch = corners[:, start : start + _BATCH]
                scores = network(self._windows(batch)).float().cpu()
                if not found.shape[1]:
                    found = torch.zeros(len(chosen), scores.shape[1])
                here = (member >= start) & (member < start + batch.shape[1])
                window = member[here] - start
                found[torch.from_numpy(here)] = scores[
                    window, :, rows[here] - batch[0, window], columns[here] - batch[1, window]
                ]
        return found

    def _windows(self, corners: Int64Array) -> Tensor:
        device, size = self.pixels.device, _CELL + 2 * DENSE_HALO
        return self._gathered(self.pixels.places(on(device, corners[0]), on(device, corners[1]), size), size)

    def _gathered(self, places: Tensor, size: int) -> Tensor:
        flat = self.pixels.values.view(-1, self.pixels.channels)[places.flatten()]
        squares = flat.view(-1, size, size, self.pixels.channels).permute(0, 3, 1, 2)
        return squares.contiguous(memory_format=memory_format_for(self.precision, self.pixels.device))


class CropView:
    """How a dense network looks at the raster.

    A label depends on the pixels up to ``DENSE_HALO`` around it, and hardly on those beyond, which crops and
    the windows of maps show too. Training crops hide the pixels up to ``DENSE_HALO`` around held-out
    samples, so that training sees nothing that their prediction depends on. Around training samples all is
    shown: the two
    overlap only where the gap of the sample design gave way.

    Args:
        architecture: Its name.
        size: Rows and columns of the crops that it is trained with, a multiple of ``DENSE_GRID``.
        precision: What it computes in.
    """

    patch_size = DENSE_GRID
    small_stem = False
    windows: tuple[int, ...] = ()
    window = 2 * DENSE_HALO + 1

    def __init__(self, architecture: str, size: int, precision: torch.dtype) -> None:
        self._architecture = architecture
        self._size = size
        self._precision = precision
        # What a crop or a window may hold on either side of a sample.
        self._reach = max(size, _CELL + DENSE_HALO)
        self._shape = 0, 0

    @classmethod
    def of(cls, entry: Architecture, settings: TrainerSettings, precision: torch.dtype) -> CropView:
        """Return the view of a network with these settings."""
        return cls(entry.name, settings.patch_size, precision)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of what is read around a sample, which neighbours share."""
        return 4 * bands * DENSE_GRID**2

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> PixelDataset:
        """Read the surroundings of all samples, each pixel once."""
        self._shape = stack.grid.height, stack.grid.width
        pixels = read_pixels(
            stack, samples, preparation.bands, self._reach, self._reach, DENSE_GRID, progress
        )
        return PixelDataset(samples, preparation, pixels)

    def feed(
        self, dataset: PixelDataset, split: Split, device: torch.device, progress: Progress
    ) -> tuple[CropFeed, Preparation]:
        """Return the crops of channels that are scaled by what lies around the training samples."""
        scaling = scaling_of_patches(dataset, split.train, _SCALING_SIZE, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        pixels = dataset.pixels.to(device).converted(preparation)
        labels = torch.full((pixels.values.shape[:2].numel(),), UNLABELLED, device=device)
        train = dataset.samples.subset(split.train)
        places = pixels.places(on(device, train.rows), on(device, train.columns), 1)
        labels[places.flatten()] = on(device, train.codes)
        hidden = torch.from_numpy(self._hidden(dataset, split, progress)).to(device)
        return CropFeed(pixels, labels, hidden, dataset.samples, self._size, self._precision), preparation

    def _hidden(self, dataset: PixelDataset, split: Split, progress: Progress) -> BoolArray:
        places = dataset.samples.places
        held, taught = (
            near_pixels(dataset.pixels, places[chosen], DENSE_HALO, *self._shape).flatten()
            for chosen in (split.held_out, split.train)
        )
        hidden = held & ~taught
        if hidden.any():
            progress.log(
                "Training crops show no pixel up to {width} pixels around held-out samples.",
                width=DENSE_HALO,
            )
        return hidden

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return the network."""
        return build_network(self._architecture, channels, classes)
