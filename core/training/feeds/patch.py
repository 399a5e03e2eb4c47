"""Feed of patches, for networks that classify the centre pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import Int64Array
from ...models.architecture import Architecture, TrainerSettings
from ...models.card import Scaling
from ...models.network import build_network
from ...models.specialise import skip_padding
from ...progress import Progress
from ...raster.stack import BandStack
from ...samples.patch_store import Pixels, read_pixels, turned_square
from ...samples.samples import Samples
from ...samples.split_design import Split
from ..channels import MOST_VALUES, Preparation, channel_statistics
from ..optimisation import autocast, memory_format_for
from .base import Batch, PixelDataset, batches_of, on

# Without gradients a batch may be larger than in training.
# The usual stem leaves a quarter of the pixels along each side: of smaller patches too little.
_SMALL_PATCH = 8
_BATCH = 256
# Rows and columns of the blocks that the raster is held in: a quarter of a usual patch.
_BLOCK = 8


@dataclass(frozen=True, eq=False)
class PatchFeed:
    """A Feed that cuts patches on the device.

    Attributes:
        pixels: Standardised channels, on the device.
        samples: Places and classes.
        size: Rows and columns of a patch; its centre is pixel ``size // 2``.
        precision: What the network computes in.
    """

    pixels: Pixels
    samples: Samples
    size: int
    precision: torch.dtype

    @property
    def values(self) -> Tensor:
        """All pixels."""
        return self.pixels.values

    @property
    def exact(self) -> PatchFeed:
        """The same, computed in float32."""
        return replace(self, precision=torch.float32)

    def epoch(self, chosen: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return each sample's patch once, in an order drawn at random."""
        return batches_of(self._around(generator.permutation(chosen)), size)

    def examples(self, batch: Batch, orientations: Int64Array | None) -> tuple[Tensor, Tensor]:
        """Return patches and the classes of their centres."""
        device = self.pixels.device
        turns = None if orientations is None else on(device, orientations)
        patches = self.pixels.cut(on(device, batch.rows), on(device, batch.columns), self.size, turns)
        codes = on(device, self.samples.codes[batch.samples])
        return patches.contiguous(memory_format=memory_format_for(self.precision, device)), codes

    def logits(self, network: nn.Module, chosen: Int64Array, progress: Progress) -> Tensor:
        """Return the logits of the patches' centres."""
        network.eval()
        pieces = []
        with torch.inference_mode(), autocast(self.pixels.device, self.precision):
            for batch in batches_of(self._around(chosen), _BATCH):
                progress.check_cancelled()
                pieces.append(network(self.examples(batch, None)[0]).float().cpu())
        return torch.cat(pieces)

    def _around(self, chosen: Int64Array) -> Batch:
        half = self.size // 2
        return Batch(chosen, self.samples.rows[chosen] - half, self.samples.columns[chosen] - half)


class PatchView:
    """How a classifier of patches looks at the raster.

    Args:
        architecture: Its name.
        size: Rows and columns of a patch.
        precision: What it computes in.
        small_stem: Whether it begins without stride and pooling.
        is_turned: Whether training turns and mirrors patches, which shows one more row and column of
            even ones.
    """

    windows: tuple[int, ...] = ()

    def __init__(
        self, architecture: str, size: int, precision: torch.dtype, small_stem: bool, is_turned: bool
    ) -> None:
        self._architecture = architecture
        self.small_stem = small_stem
        self._precision = precision
        self.patch_size = size
        self.window = turned_square(size) if is_turned else size

    @classmethod
    def of(cls, entry: Architecture, settings: TrainerSettings, precision: torch.dtype) -> PatchView:
        """Return the view of a network with these settings."""
        size, stem = settings.patch_size, settings.stem
        is_small = stem == "small" or (stem == "auto" and size <= _SMALL_PATCH)
        return cls(entry.name, size, precision, is_small, is_turned=settings.fit.augment)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a patch of float32 numbers, which a sample far from others takes."""
        return 4 * bands * self.patch_size**2

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> PixelDataset:
        """Read the patches of all samples, each pixel once."""
        before = self.patch_size // 2
        behind = self.window - 1 - before
        pixels = read_pixels(stack, samples, preparation.bands, before, behind, _BLOCK, progress)
        return PixelDataset(samples, preparation, pixels)

    def feed(
        self, dataset: PixelDataset, split: Split, device: torch.device, progress: Progress
    ) -> tuple[PatchFeed, Preparation]:
        """Return the patches of channels that are scaled by those of the training samples."""
        size = self.patch_size
        scaling = scaling_of_patches(dataset, split.train, size, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        pixels = dataset.pixels.to(device).converted(preparation)
        return PatchFeed(pixels, dataset.samples, size, self._precision), preparation

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return the network, which leaves out what only meets padding at this size."""
        network = build_network(self._architecture, channels, classes, small_stem=self.small_stem)
        skip_padding(network, channels, self.patch_size)
        return network


def scaling_of_patches(dataset: PixelDataset, train: Int64Array, size: int, progress: Progress) -> Scaling:
    """Return the scaling of the channels over the training samples' patches of ``size`` pixels."""
    thinned = train[:: max(1, len(train) * size**2 // MOST_VALUES)]
    rows = torch.from_numpy(dataset.samples.rows[thinned] - size // 2)
    columns = torch.from_numpy(dataset.samples.columns[thinned] - size // 2)
    patches = dataset.pixels.cut(rows, columns, size).numpy()
    return channel_statistics(patches, np.arange(len(patches)), dataset.preparation, progress)
