"""Suggest which pixels to label next: the request, the result and the job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..classes import LandCoverClass
from ..errors import ParameterError
from ..models.card import read_card
from ..progress import Progress
from ..raster.resampling_names import parse_resampling
from ..raster.source import RasterSource


@dataclass(frozen=True)
class SuggestRequest:
    """Where to look, with which model, and for how many pixels.

    Attributes:
        input: The raster, with the model's bands.
        model: Model file.
        records: JSON lines to write, see ``core.inference.suggesting``.
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


def run(request: SuggestRequest, progress: Progress) -> SuggestResult:
    """Write the pixels that are worth labelling next.

    Raises:
        LandCoverError: What is wrong with the raster, the model, the samples or a parameter.
    """
    if request.count < 1:
        raise ParameterError(f"COUNT is {request.count}", where="COUNT", advice="Use 1 or more.")
    if request.min_distance < 0:
        raise ParameterError("MIN_DISTANCE is negative", where="MIN_DISTANCE", advice="Use 0 or more.")
    parse_resampling(request.resampling, len(request.extra_inputs))
    card = read_card(Path(request.model))
    # torch and rasterio are imported here, for QGIS imports this module for its request.
    from ..inference.suggesting import suggest_samples

    points = suggest_samples(request, card, progress)
    if points < request.count:
        progress.log(
            f"Only {points:,} of {request.count:,} points were found; a smaller MIN_DISTANCE allows more.",
            "warning",
        )
    return SuggestResult(points, card.classes)
