"""Request and result of suggested samples."""

from __future__ import annotations

from dataclasses import dataclass

from ..classes import LandCoverClass
from ..raster.source import RasterSource


@dataclass(frozen=True)
class SuggestRequest:
    """Where to look, with which model, and for how many pixels.

    Attributes:
        input: The raster, with the model's bands.
        model: Model file.
        records: JSON lines to write, see ``core.tasks.suggest``.
        samples: JSON-lines file of samples that there are, see ``core.samples.vector``; None for none.
        count: How many pixels.
        min_distance: Least distance in pixels from each other and from the samples; 0 is any.
        seed: Draws the pixels that are looked at.
        extra_inputs: See ``core.tasks.classify``; so are the next two and ``device``.
        resampling: How the extra rasters come onto the raster's grid.
        band_names: The user's names for the bands.
        device: What computes.
    """

    input: RasterSource
    model: str
    records: str
    samples: str | None = None
    count: int = 100
    min_distance: float = 10.0
    seed: int = 0
    extra_inputs: tuple[RasterSource, ...] = ()
    resampling: str = "auto"
    band_names: str = ""
    device: str = "auto"


@dataclass(frozen=True)
class SuggestResult:
    """How many pixels were found, and the classes that they may have."""

    points: int
    classes: tuple[LandCoverClass, ...]
