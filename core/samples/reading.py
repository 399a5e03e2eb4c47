"""Reading the samples: from polygons or points, a label raster, or both."""

from __future__ import annotations

from pathlib import Path

from ..classes import ClassScheme
from ..errors import SampleError
from ..progress import Progress
from ..raster.grid import Grid
from ..raster.source import RasterSource
from .label_raster import samples_from_raster
from .labels import samples_from_features
from .merging import merged
from .samples import Samples


def read_samples(
    features: str | None,
    labels: RasterSource | None,
    grid: Grid,
    scheme: ClassScheme | None,
    seed: int,
    progress: Progress,
) -> Samples:
    """Return labelled pixels on ``grid``.

    Args:
        features: JSON lines of polygons and points, see ``core.samples.vector``.
        labels: Raster of class values.
        grid: Of the raster to learn from.
        scheme: Gives names and colours to the classes it knows.
        seed: For the draw where there are very many.
        progress: For the log.

    Raises:
        SampleError: There is neither, they cannot be read, or do not lie in the raster.
    """
    polygons = raster = None
    if features is not None:
        only_numbers = labels is not None
        polygons = samples_from_features(
            Path(features), grid, scheme, seed, progress, only_numbers=only_numbers
        )
    if labels is not None:
        raster = samples_from_raster(labels, grid, scheme, seed, progress)
    if polygons is not None and raster is not None:
        return merged(polygons, raster, scheme, grid.width, progress)
    found = polygons if polygons is not None else raster
    if found is None:
        raise SampleError(
            "There are no samples", advice="Choose a layer of polygons or points, or a label raster."
        )
    return found
