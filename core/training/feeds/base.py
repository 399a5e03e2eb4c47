"""Datasets, views and feeds: the way from labelled pixels of a raster to batches of a network.

A view defines the inputs of one kind of network: a patch or a crop around a sample, or features of its
neighbourhoods. It reads a dataset from the raster once. For each fit, such as a fold, it makes a feed of the
dataset, whose channels are scaled by the training samples of this fit.

>>> dataset = view.read(stack, samples, preparation, progress)
>>> feed, scaled = view.feed(dataset, split, device, progress)
>>> for batch in feed.epoch(split.train, 64, generator):
...     inputs, codes = feed.examples(batch, None)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ...arrays import Float32Array, Int64Array
from ...classes import LandCoverClass
from ...models.architecture import CentreBranch
from ...models.card import Scaling
from ...progress import Progress
from ...raster.neighbourhood import Neighbourhoods
from ...raster.stack import BandStack
from ...samples.patch_store import Pixels
from ...samples.samples import Samples
from ...samples.split_design import Split
from ...text import Text
from ..channels import Preparation

UNLABELLED = -1
"""Class code of a pixel without a training label, which the loss ignores."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled pixels and the channels. Subclasses add the values that a trainer reads from the raster.

    Attributes:
        samples: Positions and classes of the labelled pixels of all splits, which indices count from 0.
        preparation: Channels, usually without scaling, because that depends on the training samples of a fit.
    """

    samples: Samples
    preparation: Preparation

    @property
    def classes(self) -> tuple[LandCoverClass, ...]:
        """Classes in the order of the codes, 0 to number of classes - 1."""
        return self.samples.classes

    def scaled(self, scaling: Scaling) -> Self:
        """Return the same samples with channels whose scaling is given.

        Args:
            scaling: Scaling of the channels.
        """
        return replace(self, preparation=replace(self.preparation, scaling=scaling))

    def codes(self, indices: Int64Array) -> Int64Array:
        """Return the class codes of samples, int64, shape (M,).

        Args:
            indices: Indices of the samples, int64, shape (M,).
        """
        return self.samples.codes[indices]

    def place(self, index: int) -> str:
        """Return the row and column of a sample as text for messages, a ``Text``.

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
        pixels: Stored band values in the order of ``preparation.bands``, NaN where invalid.
    """

    pixels: Pixels


@dataclass(frozen=True, eq=False)
class CentreDataset(Dataset):
    """Dataset with the band values of the samples' own pixels, and the band stack to read those around them.

    Attributes:
        centres: Stored band values in the order of ``preparation.bands``, float32, shape (N, bands), NaN
            where invalid.
        stack: Band stack that stays open until the training ends.
    """

    centres: Float32Array
    stack: BandStack


@dataclass(frozen=True, eq=False)
class Batch:
    """Squares of the raster in one training step: patches, crops, or single pixels with their neighbourhoods.

    The feed knows the side of the squares.

    Attributes:
        samples: Index in the dataset of the sample that each square is placed around, int64, shape (N,).
        rows: First row of each square in the raster, int64, shape (N,); negative beyond the raster's edge.
        columns: First column of each square in the raster, int64, shape (N,); negative beyond the edge.
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
        measure: Feature extraction where the channels of ``inputs`` are features of a neighbourhood, and the
            squares are single pixels; None for other inputs.
    """

    inputs: Tensor
    codes: Tensor
    size: int
    more: tuple[Tensor, ...] = ()
    measure: Neighbourhoods | None = None


@dataclass(frozen=True, eq=False)
class Labels:
    """Class codes of the samples of a step; a sample whose pixel was mixed has two.

    Attributes:
        codes: Class codes, int64, shape (N,).
        others: Class codes of the samples that were mixed in, int64, shape (N,); None without mixing.
        fractions: Fraction of ``others`` in each label, 0 to 1, float32, shape (N,).
    """

    codes: Tensor
    others: Tensor | None = None
    fractions: Tensor | None = None


class Feed(Protocol):
    """Source of a network's inputs and class codes for one fit, and of its predictions for samples."""

    @property
    def values(self) -> Tensor:
        """All input values, standardised, in any shape, on the device.

        Their checksum shows whether an interrupted training can resume.
        """

    @property
    def exact(self) -> Feed:
        """Feed of the same values that computes ``logits`` in float32 instead of the training's precision."""

    def epoch(self, indices: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return the batches of an epoch, in random order.

        Each sample lies in at least as many squares as it is in ``indices``.

        Args:
            indices: Indices of the samples, int64, shape (M,), repeated where a sample is to appear several
                times.
            size: Number of squares in a batch; the last batch may be smaller, or larger by one.
            generator: Random generator of the order, and of the position of crops.
        """

    def examples(self, batch: Batch, orientations: Int64Array | None) -> Examples:
        """Return the inputs and the class codes of a batch.

        Args:
            batch: Batch of ``epoch``.
            orientations: Rotation and mirroring of each square, 0 to 7 as in
                ``core.samples.patch_store.oriented``, int64, shape (N,); None for no change.
        """

    def logits(self, network: nn.Module, indices: Int64Array, progress: Progress) -> Tensor:
        """Return the logits of samples, float32, on the CPU, shape (M, classes).

        The network is in evaluation mode afterwards.

        Args:
            network: Network on the device of the feed.
            indices: Indices of the samples, int64, shape (M,).
            progress: Progress reporter.

        Raises:
            RunCancelled: The user cancelled.
        """


def batches_of(whole: Batch, size: int) -> list[Batch]:
    """Return the squares in batches of ``size``, in their order.

    The last batch may be smaller. A single last square is added to the batch before it, because batch
    normalisation needs at least two squares.

    Args:
        whole: Squares to divide.
        size: Number of squares in a batch, at least 1.
    """
    starts = list(range(0, len(whole), size))
    if len(starts) > 1 and len(whole) - starts[-1] == 1:
        del starts[-1]
    return [
        whole.part(slice(start, stop)) for start, stop in zip(starts, [*starts[1:], len(whole)], strict=True)
    ]


def on(device: torch.device, numbers: Int64Array) -> Tensor:
    """Return an array as an int64 tensor of the same shape on a device.

    Args:
        device: Target device.
        numbers: Array of any shape, int64. On the CPU, the tensor shares its memory.
    """
    return torch.from_numpy(numbers).to(device)


def like(numbers: npt.NDArray[Any], values: Tensor) -> Tensor:
    """Return an array as a tensor on the device and of the data type of other values.

    Args:
        numbers: Array of any shape.
        values: Tensor with the device and the data type.
    """
    return torch.from_numpy(numbers).to(device=values.device, dtype=values.dtype)


Data = TypeVar("Data", bound=Dataset)


class View(Protocol[Data]):
    """Inputs of one kind of network: what it reads from the raster around a sample.

    Attributes:
        patch_size: Side of the patches that model files state, in pixels. For dense networks it is the
            alignment of their windows (``core.options.DENSE_GRID``), and for neighbourhoods 1.
        small_stem: Whether the first layer has no stride and no pooling.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        windows: Sides of the neighbourhoods, in pixels; empty for other inputs.
        window: Side of the receptive field around a sample's pixel, in pixels, with what rotated patches add.
            It is the default gap between training and test samples.
        centre: Form of a centred network; None for other networks.
    """

    patch_size: int
    small_stem: bool
    attention: str
    centre: CentreBranch | None
    windows: tuple[int, ...]
    window: int

    def sample_bytes(self, bands: int) -> int:
        """Return the approximate main memory of a sample in the dataset or the feed, in bytes.

        It limits the number of samples that are drawn.

        Args:
            bands: Number of bands of the model.
        """

    def read(self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress) -> Data:
        """Return the dataset of all fits, read from the raster.

        Args:
            stack: Band stack that stays open until the training ends.
            samples: Samples of all splits.
            preparation: Channels without scaling.
            progress: Progress reporter.

        Raises:
            SampleError: The pixels around the samples do not fit into memory.
            RasterError: The raster cannot be read.
            RunCancelled: The user cancelled.
        """

    def feed(
        self, dataset: Data, split: Split, device: torch.device, progress: Progress
    ) -> tuple[Feed, Preparation]:
        """Return the feed of a fit, and the channels with the scaling of its training samples.

        Args:
            dataset: Result of ``read``.
            split: Indices of the samples of the fit, by which only the training samples scale the channels.
            device: Device that computes.
            progress: Progress reporter.
        """

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return an untrained network from the inputs of ``Feed.examples`` to logits, on the CPU.

        Args:
            channels: Number of channels, bands and indices.
            classes: Number of classes.
        """
