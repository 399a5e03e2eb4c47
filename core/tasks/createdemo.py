"""Job that writes the demo scene."""

from __future__ import annotations

from pathlib import Path

from ..demo.outputs import write_demo
from ..progress import Progress
from ..provenance import output_items, provenance
from ..requests.setup import CreateDemoRequest, CreateDemoResult


def run(request: CreateDemoRequest, progress: Progress) -> CreateDemoResult:
    """Write the demo scene, its training polygons and its true map.

    Args:
        request: Request to write the demo scene.
        progress: Progress reporter.
    """
    files = write_demo(Path(request.folder), request.seed, progress)
    origin = output_items(provenance({"seed": request.seed}))
    return CreateDemoResult(str(files.scene), str(files.training), str(files.reference), origin)
