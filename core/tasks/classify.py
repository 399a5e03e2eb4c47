"""Classify a raster with a model: the request, the result and the job."""

from __future__ import annotations

from dataclasses import dataclass

from ..progress import Progress
from ..raster.source import RasterSource


@dataclass(frozen=True)
class ClassifyRequest:
    """What to classify and where to write the map.

    Attributes:
        input: The raster; its grid is the map's grid.
        model: Model file.
        output: GeoTIFF to write.
        mask_polygons: JSON-lines file of polygons in the raster's CRS (see ``core.samples.vector``);
            only pixels whose centre lies inside are classified.
        mask_raster: Only pixels that are valid and not 0 in this raster are classified.
        extent: (xmin, ymin, xmax, ymax) in the raster's CRS; grows to whole pixels.
        stride: Every n-th pixel is classified and fills its cell.
        min_valid: Least share, 0 to 1, of valid pixels in a patch.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        batch_size: Patches a batch; 0 chooses by device.
    """

    input: RasterSource
    model: str
    output: str
    mask_polygons: str | None = None
    mask_raster: RasterSource | None = None
    extent: tuple[float, float, float, float] | None = None
    stride: int = 1
    min_valid: float = 0.5
    device: str = "auto"
    batch_size: int = 0


@dataclass(frozen=True)
class ClassifyResult:
    """What was done; ``seconds`` is the time from the first tile to the finished file."""

    output: str
    patches: int
    seconds: float
    patches_per_second: float
    device: str


def run(request: ClassifyRequest, progress: Progress) -> ClassifyResult:
    """Write the classified map."""
    raise NotImplementedError
