"""How a network is shown the samples: the place where its two kinds differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from ..progress import Progress
from ..samples.samples import Integers

UNLABELLED = -1
"""The code of a pixel without a label."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Squares of the raster that are shown together.

    Attributes:
        samples: The sample that each was cut for, for messages.
        rows: Their first rows in the raster; columns alike.
        columns: Their first columns.
    """

    samples: Integers
    rows: Integers
    columns: Integers

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

    def epoch(self, chosen: Integers, size: int, generator: np.random.Generator) -> list[Batch]:
        """Return batches of about ``size`` squares that show each of the samples ``chosen``."""

    def examples(self, batch: Batch, orientations: Integers | None) -> tuple[Tensor, Tensor]:
        """Return what the network sees and the classes of what it gives, on the device.

        Args:
            batch: Of ``epoch``.
            orientations: How each square is turned, 0 to 7; None leaves them.

        Returns:
            Standardised channels (N, channels, size, size), and codes, (N,) of one label a patch
            or (N, size, size) of one a pixel, ``UNLABELLED`` where there is none.
        """

    def logits(self, network: nn.Module, chosen: Integers, progress: Progress) -> Tensor:
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


def on(device: torch.device, numbers: Integers) -> Tensor:
    """Return numbers as a tensor on a device."""
    return torch.from_numpy(numbers).to(device)
