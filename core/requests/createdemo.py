"""Request and result of the demo scene."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CreateDemoRequest:
    """Where to write the demo.

    Attributes:
        folder: An existing folder; files of the demo that stand there are replaced.
        seed: Another number gives another landscape.
    """

    folder: str
    seed: int = 0


@dataclass(frozen=True)
class CreateDemoResult:
    """Paths of the scene, the training polygons (GeoJSON) and the true map."""

    raster: str
    training: str
    reference: str
