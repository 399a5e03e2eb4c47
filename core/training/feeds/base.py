"""Datasets of samples, views that read them from a raster, and feeds that give batches to a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import Float32Array, Int64Array
from ...classes import LandCoverClass
from ...models.architecture import CentreBranch
from ...progress import Progress
from ...raster.stack import BandStack
from ...samples.patch_store import Pixels
from ...samples.samples import Samples
from ...samples.split_design import Split
from ...text import Text
from ..channels import Preparation

UNLABELLED = -1
"""Class code of a pixel without a label."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled pixels and the channels. Subclasses add the values that a trainer reads from the raster.

    Attributes:
        samples: Positions and classes of the labelled pixels.
        preparation: Channels without scaling, which depends on the split.
    """

    samples: Samples
    preparation: Preparation

    @property
    def classes(self) -> tuple[LandCoverClass, ...]:
        """Classes in the order of the codes."""
        return self.samples.classes

    def codes(self, indices: Int64Array) -> Int64Array:
        """Return the class codes of samples, int64, shape (M,).

        Args:
            indices: Indices of the samples, int64, shape (M,).
        """
        return self.samples.codes[indices]

    def place(self, index: int) -> str:
        """Return the row and column of a sample, for messages.

        Args:
            index: Index of the sample.
        """
        return Text(
            "row {rows}, column {columns}", rows=self.samples.rows[index], columns=self.samples.columns[index]
        )


@dataclass(frozen=True, eq=False)
class PixelDataset(Dataset):
    """Dataset with the band values around the samples.

    Attributes:
        pixels: Stored band values, NaN where invalid.
    """

    pixels: Pixels


@dataclass(frozen=True, eq=False)
class CentreDataset(Dataset):
    """Dataset with the band values of the samples' own pixels, and the band stack around them.

    Attributes:
        centres: Band values, float32, shape (N, bands), NaN where invalid.
        stack: Band stack that stays open until the training ends.
    """

    centres: Float32Array
    stack: BandStack


@dataclass(frozen=True, eq=False)
class Batch:
    """Squares of the raster in one training step.

    Attributes:
        samples: Index of the sample that each square belongs to, int64, shape (N,).
        rows: First row of each square in the raster, int64, shape (N,).
        columns: First column of each square in the raster, int64, shape (N,).
        shifts: Rows and columns from each sample's pixel to the middle of its context, int64, shape (N, 2);
            None where the context lies around the pixel itself.
    """

    samples: Int64Array
    rows: Int64Array
    columns: Int64Array
    shifts: Int64Array | None = None

    def __len__(self) -> int:
        return len(self.samples)

    def part(self, members: Int64Array | slice) -> Batch:
        """Return some of the squares.

        Args:
            members: Positions of the squares in this batch.
        """
        shifts = None if self.shifts is None else self.shifts[members]
        return Batch(self.samples[members], self.rows[members], self.columns[members], shifts)


@dataclass(frozen=True, eq=False)
class Examples:
    """Inputs of a training step with their labels, on the device.

    Attributes:
        inputs: Standardised channels, float32, shape (N, channels, side, side).
        codes: Class codes, int64, shape (N,) for one label per square, or (N, side, side) for one per pixel,
            with ``UNLABELLED`` where there is none.
        size: Rows and columns of a patch, in pixels. A square may be larger.
        more: Further arguments of the network.
    """

    inputs: Tensor
    codes: Tensor
    size: int
    more: tuple[Tensor, ...] = ()


class Feed(Protocol):
    """Batches of a network's inputs and their class codes, and predictions for samples."""

    @property
    def values(self) -> Tensor:
        """All input values, for the checksum of a training's fingerprint."""

    @property
    def exact(self) -> Feed:
        """Feed of the same values that computes in float32."""

    def epoch(self, indices: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return the batches of an epoch, which hold each of the samples.

        Args:
            indices: Indices of the samples, repeated where a sample is to appear several times.
            size: Number of squares in a batch.
            generator: Random generator of order and position.
        """

    def examples(self, batch: Batch, orientations: Int64Array | None) -> Examples:
        """Return the inputs and the class codes of a batch.

        Args:
            batch: Batch of ``epoch``.
            orientations: Orientation of each square, 0 to 7, int64, shape (N,); None for no change.
        """

    def logits(self, network: nn.Module, indices: Int64Array, progress: Progress) -> Tensor:
        """Return the logits of samples, float32, on the CPU, shape (M, classes).

        The network is in evaluation mode afterwards.

        Args:
            network: Network on the device of the feed.
            indices: Indices of the samples, int64, shape (M,).
            progress: Progress reporter.
        """


def batches_of(whole: Batch, size: int) -> list[Batch]:
    """Return the squares in batches of ``size``. A single last square is added to the batch before it.

    Batch normalisation needs at least two squares.

    Args:
        whole: Squares to divide.
        size: Number of squares in a batch.
    """
    starts = list(range(0, len(whole), size))
    if len(starts) > 1 and len(whole) - starts[-1] == 1:
        del starts[-1]
    return [
        whole.part(slice(start, stop)) for start, stop in zip(starts, [*starts[1:], len(whole)], strict=True)
    ]


def on(device: torch.device, numbers: Int64Array) -> Tensor:
    """Return an array as a tensor on a device.

    Args:
        device: Target device.
        numbers: Array of any shape.
    """
    return torch.from_numpy(numbers).to(device)


Data = TypeVar("Data", bound=Dataset)


class View(Protocol[Data]):
    """Inputs of one kind of networks: what they read from the raster around a sample.

    Attributes:
        patch_size: Side of the network's patches, in pixels.
        small_stem: Whether the first layer has no stride and no pooling.
        windows: Sides of the neighbourhoods, in pixels; empty for none.
        window: Side of the receptive field around a sample's pixel, in pixels.
        centre: Form of a centred network; None for other networks.
    """

    patch_size: int
    small_stem: bool
    centre: CentreBranch | None
    windows: tuple[int, ...]
    window: int

    def sample_bytes(self, bands: int) -> int:
        """Return the maximum memory of a sample, in bytes.

        Args:
            bands: Number of bands.
        """

    def read(self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress) -> Data:
        """Read the inputs of all fits from the raster.

        Args:
            stack: Open band stack.
            samples: Samples of all splits.
            preparation: Channels without scaling.
            progress: Progress reporter.
        """

    def feed(
        self, dataset: Data, split: Split, device: torch.device, progress: Progress
    ) -> tuple[Feed, Preparation]:
        """Return the feed of a fit, and the channels with the scaling of its training samples.

        Args:
            dataset: Result of ``read``.
            split: Indices of the training and validation samples.
            device: Device that computes.
            progress: Progress reporter.
        """

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return an untrained network.

        Args:
            channels: Number of channels.
            classes: Number of classes.
        """
