"""Request and result of suggested samples."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..classes import LandCoverClass
from .common import RasterInputs


@dataclass(frozen=True)
class SuggestRequest:
    """Request to suggest pixels to label next.

    Attributes:
        inputs: Rasters with the model's bands.
        model: Path of the model file.
        records: Path of the JSON-lines file to write, see ``core.tasks.suggest``.
        samples: Path of a JSON-lines file of existing samples (see ``core.samples.vector``), or None.
        count: Number of pixels to suggest.
        min_distance: Minimum distance in pixels between suggestions, and to the samples. 0 is no minimum.
        seed: Seed of the random choice of candidates.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
    """

    inputs: RasterInputs
    model: str
    records: str
    samples: str | None = None
    count: int = 100
    min_distance: float = 10.0
    seed: int = 0
    device: str = "auto"


@dataclass(frozen=True)
class SuggestResult:
    """Suggested pixels.

    Attributes:
        points: Number of suggested pixels.
        classes: Classes of the model.
        origin: Metadata items of the points by name: what they were made from and how.
    """

    points: int
    classes: tuple[LandCoverClass, ...]
    origin: dict[str, str] = field(default_factory=dict)
