"""Requests and results of the jobs without input data: environment check and demo scene."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CheckRequest:
    """Request to check the environment; it has no parameters."""


@dataclass(frozen=True)
class CheckResult:
    """State of the environment.

    Attributes:
        device: Description of the device that ``auto`` selects.
        sentence: Sentence that names the device, and the reason where it is not the GPU.
        versions: Versions of Python and its packages, by name, with CUDA of torch and GDAL of rasterio.
    """

    device: str
    sentence: str
    versions: dict[str, str]


@dataclass(frozen=True)
class CreateDemoRequest:
    """Request to write the demo scene.

    Attributes:
        folder: Path of an existing folder; files of an earlier demo in it are replaced.
        seed: Seed of the landscape.
    """

    folder: str
    seed: int = 0


@dataclass(frozen=True)
class CreateDemoResult:
    """Files of the demo scene.

    Attributes:
        raster: Path of the scene (GeoTIFF).
        training: Path of the training polygons (GeoJSON).
        reference: Path of the true map (GeoTIFF).
        origin: Metadata items of the polygons by name: what made them.
    """

    raster: str
    training: str
    reference: str
    origin: dict[str, str] = field(default_factory=dict)
