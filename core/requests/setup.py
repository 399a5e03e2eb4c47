"""Requests and results of the jobs before any data are at hand: environment check and demo scene."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckRequest:
    """Request of an environment check; it has no parameters."""


@dataclass(frozen=True)
class CheckResult:
    """State of the environment.

    Attributes:
        device: Description of the device that ``auto`` selects.
        sentence: Device that will be used, and the reason where it is not the GPU.
        versions: Versions of Python, of every package, and of CUDA and GDAL within them.
    """

    device: str
    sentence: str
    versions: dict[str, str]


@dataclass(frozen=True)
class CreateDemoRequest:
    """Request of the demo scene.

    Attributes:
        folder: Existing folder; files of an earlier demo in it are replaced.
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
    """

    raster: str
    training: str
    reference: str
