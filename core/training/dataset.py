"""What a model is trained, validated and tested with."""

from __future__ import annotations

from dataclasses import dataclass

from ..classes import LandCoverClass
from ..raster.stack import BandStack
from ..samples.centres import FloatArray
from ..samples.pixels import Pixels
from ..samples.samples import Integers, Samples
from .preparation import Preparation


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

    def codes(self, chosen: Integers) -> Integers:
        """Return the classes of the samples."""
        return self.samples.codes[chosen]

    def place(self, index: int) -> str:
        """Return where a sample lies, for messages."""
        return f"row {self.samples.rows[index]}, column {self.samples.columns[index]}"


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

    centres: FloatArray
    stack: BandStack
