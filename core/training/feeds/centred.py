"""Feed of squares around pixels, for centred networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import Int64Array
from ...models.architecture import Architecture, CentreBranch, TrainerSettings
from ...models.network import build_network
from ...models.specialise import skip_padding
from ...progress import Progress
from ...raster.stack import BandStack
from ...samples.patch_store import TURNS, Pixels, oriented, read_pixels
from ...samples.samples import Samples
from ...samples.split_design import Split
from ..channels import Preparation
from ..optimisation import autocast
from .base import Batch, Examples, PixelDataset, batches_of, on
from .patch import form_of, scaling_of_patches

# Squares per batch of a prediction.
_BATCH = 256
# Rows and columns in pixels of the blocks that hold the raster.
_BLOCK = 8


@dataclass(frozen=True, eq=False)
class CentredFeed:
    """Feed of squares that hold all that a centred network reads around a pixel.

    Attributes:
        pixels: Standardised channels on the device, followed by one that is 1 where a pixel is valid.
        samples: Positions and classes of the samples.
        form: Form of the network's centre branch.
        size: Rows and columns of a patch of the context, in cells.
        precision: Data type of convolutions and matrix products.
    """

    pixels: Pixels
    samples: Samples
    form: CentreBranch
    size: int
    precision: torch.dtype

    @property
    def values(self) -> Tensor:
        """All pixels of ``pixels``."""
        return self.pixels.values

    @property
    def exact(self) -> CentredFeed:
        """Feed of the same values that computes in float32."""
        return replace(self, precision=torch.float32)

    def epoch(self, indices: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return the squares of the samples in random order, see ``Feed.epoch``.

        The distance from a pixel to the middle of its context is drawn from those that maps have.
        """
        shifts = self.form.shift(generator.integers(self.form.grid, size=(len(indices), 2)))
        return batches_of(self._around(generator.permutation(indices), shifts), size)

    def examples(self, batch: Batch, orientations: Int64Array | None) -> Examples:
        """Return squares and the class codes of their middle pixels, see ``Feed.examples``."""
        device = self.pixels.device
        turns = None if orientations is None else on(device, orientations)
        side = 2 * self.form.reach(self.size) + 1
        squares = self.pixels.cut(on(device, batch.rows), on(device, batch.columns), side, turns).contiguous()
        if batch.shifts is None:
            raise RuntimeError("The batch has no shifts")
        shifts = on(device, batch.shifts)
        if turns is not None:
            shifts = turned_shifts(shifts, turns)
        codes = on(device, self.samples.codes[batch.samples])
        return Examples(squares[:, :-1], codes, self.size, (squares[:, -1:], shifts))

    def logits(self, network: nn.Module, indices: Int64Array, progress: Progress) -> Tensor:
        """Return the logits of samples with the context that they have in a map, see ``Feed.logits``."""
        network.eval()
        places = np.stack([self.samples.rows[indices], self.samples.columns[indices]], axis=1)
        pieces = []
        with torch.inference_mode(), autocast(self.pixels.device, self.precision):
            for batch in batches_of(self._around(indices, self.form.shift(places)), _BATCH):
                progress.check_cancelled()
                example = self.examples(batch, None)
                pieces.append(network(example.inputs, *example.more).float().cpu())
        return torch.cat(pieces)

    def _around(self, indices: Int64Array, shifts: Int64Array) -> Batch:
        reach = self.form.reach(self.size)
        return Batch(
            indices, self.samples.rows[indices] - reach, self.samples.columns[indices] - reach, shifts
        )


def turned_shifts(shifts: Tensor, orientations: Tensor) -> Tensor:
    """Return distances from the middle of squares in the turned squares.

    Args:
        shifts: Rows and columns, int64, shape (N, 2).
        orientations: Orientation of each square, 0 to 7 as in ``oriented``, int64, shape (N,).
    """
    # The rows and columns of the unit vectors down and right after each turn.
    units = torch.zeros(2, 3, 3)
    units[0, 2, 1] = units[1, 1, 2] = 1.0
    turned = torch.stack([oriented(units, turn) for turn in range(TURNS)])
    vectors = turned.flatten(2).argmax(dim=2)
    matrix = torch.stack([vectors // 3 - 1, vectors % 3 - 1], dim=-1).to(shifts)
    return (shifts[:, :, None] * matrix[orientations]).sum(dim=1)


class CentredView:
    """Inputs of a centred network.

    Args:
        architecture: Name of the architecture.
        form: Form of the centre branch.
        size: Rows and columns of a patch of the context, in cells.
        precision: Data type of convolutions and matrix products.
        small_stem: Whether the first layer has no stride and no pooling.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
    """

    windows: tuple[int, ...] = ()

    def __init__(
        self,
        architecture: str,
        form: CentreBranch,
        size: int,
        precision: torch.dtype,
        small_stem: bool,
        attention: str,
    ) -> None:
        self._architecture = architecture
        self._precision = precision
        self.centre: CentreBranch | None = form
        self._form = form
        self.small_stem = small_stem
        self.attention = attention
        self.patch_size = size
        self.window = 2 * form.reach(size) + 1

    @classmethod
    def of(cls, entry: Architecture, settings: TrainerSettings, precision: torch.dtype) -> CentredView:
        """Return the view of a network with these settings.

        Args:
            entry: Registry entry of the architecture.
            settings: Settings of the trainer, with the form of a centre branch.
            precision: Data type of convolutions and matrix products.
        """
        if settings.centre is None:
            raise RuntimeError("The settings have no centre branch")
        return cls(entry.name, settings.centre, settings.patch_size, precision, *form_of(entry, settings))

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a float32 square in bytes, the maximum for samples that share no pixels."""
        return 4 * bands * self.window**2

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> PixelDataset:
        """Read the squares of all samples, each pixel once, see ``View.read``."""
        reach = self.window // 2
        pixels = read_pixels(stack, samples, preparation.bands, reach, reach, _BLOCK, progress)
        return PixelDataset(samples, preparation, pixels)

    def feed(
        self, dataset: PixelDataset, split: Split, device: torch.device, progress: Progress
    ) -> tuple[CentredFeed, Preparation]:
        """Return the squares, with channels scaled by the training samples' patches, see ``View.feed``."""
        scaling = scaling_of_patches(dataset, split.train, self.patch_size, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        pixels = dataset.pixels.to(device).converted(with_validity(preparation))
        return CentredFeed(pixels, dataset.samples, self._form, self.patch_size, self._precision), preparation

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return an untrained network without the weights that only meet padding, see ``View.build``."""
        network = build_network(
            self._architecture,
            channels,
            classes,
            small_stem=self.small_stem,
            centre=self._form,
            patch_size=self.patch_size,
            attention=self.attention,
        )
        skip_padding(network.get_submodule("context"), channels * len(self._form.scales), self.patch_size)
        return network


def with_validity(preparation: Preparation) -> Callable[[Tensor], Tensor]:
    """Return a function from raw bands to the channels and a last one that is 1 where all bands are valid.

    Args:
        preparation: Channels with scaling.
    """

    def convert(raw: Tensor) -> Tensor:
        valid = torch.isfinite(raw).all(dim=1, keepdim=True).to(raw)
        # As in maps, where a pixel that lacks a band counts as invalid.
        return torch.cat([preparation(raw), valid], dim=1)

    return convert
