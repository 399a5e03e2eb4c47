"""Feed of patches, for networks that classify the centre pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import Int64Array
from ...models.architecture import Architecture, CentreBranch, TrainerSettings
from ...models.card import Scaling
from ...models.network import build_network
from ...models.specialise import skip_padding
from ...options import AUTO, NONE, SMALL
from ...progress import Progress
from ...raster.stack import BandStack
from ...samples.patch_store import Pixels, read_pixels, turned_square
from ...samples.samples import Samples
from ...samples.split_design import Split
from ..channels import MAX_VALUES, Preparation, channel_statistics
from ..optimisation import autocast, memory_format_for
from .base import Batch, Examples, PixelDataset, batches_of, on

# The standard stem reduces each side to a quarter, which leaves too little of smaller patches.
_MAX_SMALL_STEM_PATCH = 8
# Patches per batch of a prediction. Without gradients it may be larger than in training.
_BATCH = 256
# Rows and columns in pixels of the blocks that hold the raster, a fraction of a usual patch.
_BLOCK = 8


@dataclass(frozen=True, eq=False)
class PatchFeed:
    """Feed of patches, which are cut on the device.

    Attributes:
        pixels: Standardised channels on the device.
        samples: Positions and classes of the samples.
        size: Rows and columns of a patch, in pixels; its centre is pixel ``size // 2``.
        precision: Data type of convolutions and matrix products.
    """

    pixels: Pixels
    samples: Samples
    size: int
    precision: torch.dtype

    @property
    def values(self) -> Tensor:
        """All pixels of ``pixels``."""
        return self.pixels.values

    @property
    def exact(self) -> PatchFeed:
        """Feed of the same values that computes in float32."""
        return replace(self, precision=torch.float32)

    def epoch(self, indices: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return the patches of the samples in random order, see ``Feed.epoch``."""
        return batches_of(self._around(generator.permutation(indices)), size)

    def examples(self, batch: Batch, orientations: Int64Array | None) -> Examples:
        """Return patches and the class codes of their centres, see ``Feed.examples``."""
        device = self.pixels.device
        turns = None if orientations is None else on(device, orientations)
        patches = self.pixels.cut(on(device, batch.rows), on(device, batch.columns), self.size, turns)
        codes = on(device, self.samples.codes[batch.samples])
        patches = patches.contiguous(memory_format=memory_format_for(self.precision, device))
        return Examples(patches, codes, self.size)

    def logits(self, network: nn.Module, indices: Int64Array, progress: Progress) -> Tensor:
        """Return the logits of samples, see ``Feed.logits``."""
        network.eval()
        pieces = []
        with torch.inference_mode(), autocast(self.pixels.device, self.precision):
            for batch in batches_of(self._around(indices), _BATCH):
                progress.check_cancelled()
                pieces.append(network(self.examples(batch, None).inputs).float().cpu())
        return torch.cat(pieces)

    def _around(self, indices: Int64Array) -> Batch:
        half = self.size // 2
        return Batch(indices, self.samples.rows[indices] - half, self.samples.columns[indices] - half)


class PatchView:
    """Inputs of a network that classifies the centre of a patch.

    Args:
        architecture: Name of the architecture.
        size: Rows and columns of a patch, in pixels.
        precision: Data type of convolutions and matrix products.
        small_stem: Whether the first layer has no stride and no pooling.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        is_turned: Whether training rotates and mirrors patches, which adds a row and a column to the
            receptive field of patches with an even size.
    """

    windows: tuple[int, ...] = ()
    centre: CentreBranch | None = None

    def __init__(
        self,
        architecture: str,
        size: int,
        precision: torch.dtype,
        small_stem: bool,
        attention: str,
        is_turned: bool,
    ) -> None:
        self._architecture = architecture
        self.small_stem = small_stem
        self.attention = attention
        self._precision = precision
        self.patch_size = size
        self.window = turned_square(size) if is_turned else size

    @classmethod
    def of(cls, entry: Architecture, settings: TrainerSettings, precision: torch.dtype) -> PatchView:
        """Return the view of a network with these settings.

        Args:
            entry: Registry entry of the architecture.
            settings: Settings of the trainer.
            precision: Data type of convolutions and matrix products.
        """
        size = settings.patch_size
        return cls(entry.name, size, precision, *form_of(entry, settings), is_turned=settings.fit.augment)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a float32 patch in bytes, the maximum for samples that share no pixels."""
        return 4 * bands * self.patch_size**2

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> PixelDataset:
        """Read the patches of all samples, each pixel once, see ``View.read``."""
        before = self.patch_size // 2
        behind = self.window - 1 - before
        pixels = read_pixels(stack, samples, preparation.bands, before, behind, _BLOCK, progress)
        return PixelDataset(samples, preparation, pixels)

    def feed(
        self, dataset: PixelDataset, split: Split, device: torch.device, progress: Progress
    ) -> tuple[PatchFeed, Preparation]:
        """Return the patches, with channels scaled by the training samples' patches, see ``View.feed``."""
        size = self.patch_size
        scaling = scaling_of_patches(dataset, split.train, size, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        pixels = dataset.pixels.to(device).converted(preparation)
        return PatchFeed(pixels, dataset.samples, size, self._precision), preparation

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return an untrained network without the weights that only meet padding, see ``View.build``."""
        network = build_network(
            self._architecture,
            channels,
            classes,
            small_stem=self.small_stem,
            patch_size=self.patch_size,
            attention=self.attention,
        )
        skip_padding(network, channels, self.patch_size)
        return network


def form_of(entry: Architecture, settings: TrainerSettings) -> tuple[bool, str]:
    """Return whether a network has a small stem, and its attention.

    Args:
        entry: Registry entry of the architecture.
        settings: Settings of the trainer. Those that the network does not have are ignored.
    """
    is_small = settings.stem == SMALL
    if settings.stem == AUTO:
        is_small = settings.patch_size <= _MAX_SMALL_STEM_PATCH
    attention = settings.attention if "attention" in entry.takes else NONE
    return "small_stem" in entry.takes and is_small, attention


def scaling_of_patches(dataset: PixelDataset, train: Int64Array, size: int, progress: Progress) -> Scaling:
    """Return the scaling of the channels by patches around the training samples.

    Args:
        dataset: Samples with the band values around them.
        train: Indices of the training samples, int64, shape (M,).
        size: Rows and columns of the patches, in pixels.
        progress: Progress reporter.
    """
    if dataset.preparation.scaling is not None:
        return dataset.preparation.scaling
    thinned = train[:: max(1, len(train) * size**2 // MAX_VALUES)]
    rows = torch.from_numpy(dataset.samples.rows[thinned] - size // 2)
    columns = torch.from_numpy(dataset.samples.columns[thinned] - size // 2)
    patches = dataset.pixels.cut(rows, columns, size).numpy()
    return channel_statistics(patches, np.arange(len(patches)), dataset.preparation, progress)
