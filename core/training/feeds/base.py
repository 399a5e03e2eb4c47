"""Datasets of samples, and feeds that give them to a network batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import Float32Array, Int64Array
from ...classes import LandCoverClass
from ...progress import Progress
from ...raster.stack import BandStack
from ...samples.patch_store import Pixels
from ...samples.samples import Samples
from ...samples.split_design import Split
from ...text import Text
from ..channels import Preparation

UNLABELLED = -1
"""The code of a pixel without a label."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled pixels and the channels there are; a Trainer adds what it reads of the raster.

    Attributes:
        samples: Their places and classes.
        preparation: The channels, without scaling: that is a matter of the split.
    """

    samples: Samples
    preparation: Preparation

    @property
    def classes(self) -> tuple[LandCoverClass, ...]:
        """The classes in the order of the codes."""
        return self.samples.classes

    def codes(self, chosen: Int64Array) -> Int64Array:
        """Return the classes of the samples."""
        return self.samples.codes[chosen]

    def place(self, index: int) -> str:
        """Return where a sample lies, for messages."""
        return Text(
            "row {rows}, column {columns}", rows=self.samples.rows[index], columns=self.samples.columns[index]
        )


@dataclass(frozen=True, eq=False)
class PixelDataset(Dataset):
    """With the raster's values around the samples.

    Attributes:
        pixels: Raw, NaN where invalid.
    """

    pixels: Pixels


@dataclass(frozen=True, eq=False)
class CentreDataset(Dataset):
    """With the band values of the samples' own pixels, and the raster for what lies around them.

    Attributes:
        centres: Band values (N, bands), NaN where invalid.
        stack: Open as long as the training lasts.
    """

    centres: Float32Array
    stack: BandStack


@dataclass(frozen=True, eq=False)
class Batch:
    """Squares of the raster that are shown together.

    Attributes:
        samples: The sample that each was cut for, for messages.
        rows: Their first rows in the raster; columns alike.
        columns: Their first columns.
    """

    samples: Int64Array
    rows: Int64Array
    columns: Int64Array

    def __len__(self) -> int:
        return len(self.samples)

    def joined(self, other: Batch) -> Batch:
        """Return the squares of both."""
        pairs = (
            (self.samples, other.samples),
            (self.rows, other.rows),
            (self.columns, other.columns),
        )
        return Batch(*(np.concatenate(pair) for pair in pairs))


class Feed(Protocol):
    """What a fit needs of the samples."""

    @property
    def values(self) -> Tensor:
        """All that the network is shown, for a checksum."""

    @property
    def exact(self) -> Feed:
        """The same, computed in float32."""

    def epoch(self, chosen: Int64Array, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return batches of about ``size`` squares that show each of the samples ``chosen``."""

    def examples(self, batch: Batch, orientations: Int64Array | None) -> tuple[Tensor, Tensor]:
        """Return what the network sees and the classes of what it gives, on the device.

        Args:
            batch: Of ``epoch``.
            orientations: How each square is turned, 0 to 7; None leaves them.

        Returns:
            Standardised channels (N, channels, size, size), and codes, (N,) of one label a patch
            or (N, size, size) of one a pixel, ``UNLABELLED`` where there is none.
        """

    def logits(self, network: nn.Module, chosen: Int64Array, progress: Progress) -> Tensor:
        """Return logits (len(chosen), classes) of samples on the CPU, in float32.

        Leaves the network in evaluation mode.
        """


def batches_of(whole: Batch, size: int) -> list[Batch]:
    """Return squares in pieces of ``size``; a last piece of one joins the one before.

    Batch normalisation cannot work on a single patch.
    """
    cuts = range(size, len(whole), size)
    pieces = [
        Batch(samples, rows, columns)
        for samples, rows, columns in zip(
            np.split(whole.samples, cuts),
            np.split(whole.rows, cuts),
            np.split(whole.columns, cuts),
            strict=True,
        )
    ]
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [pieces[-2].joined(pieces[-1])]
    return pieces


def on(device: torch.device, numbers: Int64Array) -> Tensor:
    """Return numbers as a tensor on a device."""
    return torch.from_numpy(numbers).to(device)


Data = TypeVar("Data", bound=Dataset)


class View(Protocol[Data]):
    """How networks of one kind look at the raster around a sample.

    Attributes:
        patch_size: Side in pixels of the squares that the network is shown.
        small_stem: Whether the network begins without stride and pooling.
        windows: Sides of the neighbourhoods that are measured for it, in pixels.
        window: Side of the widest square around a sample's pixel that its class depends on.
    """

    patch_size: int
    small_stem: bool
    windows: tuple[int, ...]
    window: int

    def sample_bytes(self, bands: int) -> int:
        """Return the memory that a sample of ``bands`` bands takes at most."""

    def read(self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress) -> Data:
        """Read what all fits need of the raster."""

    def feed(
        self, dataset: Data, split: Split, device: torch.device, progress: Progress
    ) -> tuple[Feed, Preparation]:
        """Return what shows a network the samples, and the channels with the scaling of ``split``."""

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return an untrained network for so many channels."""
