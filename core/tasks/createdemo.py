"""Write the demo scene: the request, the result and the job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..progress import Progress


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


def run(request: CreateDemoRequest, progress: Progress) -> CreateDemoResult:
    """Write the demo scene, its training polygons and its true map."""
    from ..demo.outputs import write_demo

    files = write_demo(Path(request.folder), request.seed, progress)
    return CreateDemoResult(str(files.scene), str(files.training), str(files.reference))
