"""What the kinds of networks differ in: how they look at the raster."""

from __future__ import annotations

from typing import Protocol, TypeVar

import torch
from torch import nn

from ..progress import Progress
from ..raster.stack import BandStack
from ..samples.samples import Samples
from ..samples.split import Split
from .dataset import Dataset
from .feed import Feed
from .preparation import Preparation

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
