"""Probability raster: named bands of values between 0 and 1.

As uint8, values are stored in steps of 0.004, so that 250 stands for 1. The file's scale is set, so that GIS
show 0 to 1. As float32, values are stored unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError

from ..progress import Progress
from .geotiff import PLAIN, FileForm, complete_geotiff, finish_geotiff, geotiff_profile, software_tags
from .grid import Grid, Tile, tiles_of, to_window

PROBABILITY_STEP = 0.004
"""Step of a value stored as uint8."""
_VERIFIED_TILE = 1024


def probability_nodata(dtype: str) -> float:
    """Return the nodata value of a probability raster of data type ``dtype``."""
    return 255 if dtype == "uint8" else float("nan")


class ProbabilityWriter:
    """Open probability raster, created by ``open_probabilities``.

    Attributes:
        pixels: Number of valid values written so far, in all bands.
    """

    def __init__(self, dataset: Any, nodata: float) -> None:
        self._dataset = dataset
        self._nodata = nodata
        self.pixels = 0

    def write(self, tile: Tile, band: int, values: NDArray[Any]) -> None:
        """Write one band of a tile. Each tile and band must be written once.

        Args:
            tile: Pixels of the raster.
            band: Position of the band, from 0.
            values: Values as they are stored, shape (rows, columns), of the file's data type.
        """
        self._dataset.write(values, band + 1, window=to_window(tile))
        self.pixels += _count_valid(values, self._nodata)


@contextmanager
def open_probabilities(
    path: Path,
    grid: Grid,
    names: Sequence[str],
    dtype: str,
    progress: Progress,
    metadata: Mapping[str, str] | None = None,
    form: FileForm = PLAIN,
) -> Iterator[ProbabilityWriter]:
    """Create a raster to write tiles to. It replaces ``path`` when the block ends without an error.

    Args:
        path: Path of the GeoTIFF. An existing file is unchanged until the raster is complete.
        grid: Grid of the raster.
        names: Names of the bands.
        dtype: Data type, one of ``core.options.SHARE_TYPES``.
        progress: Progress reporter.
        metadata: Metadata items for the file, besides software and date.
        form: Compression and layout of the file.

    Raises:
        OutputError: The disk is full, or the raster cannot be written there.
    """
    nodata = probability_nodata(dtype)
    # Stored band by band, so that the band of one class can be read without the others.
    profile = {**geotiff_profile(grid, len(names), dtype, nodata, form.compression), "interleave": "band"}
    with complete_geotiff(path, progress) as part:
        with rasterio.open(part, "w", **profile) as dataset:
            dataset.descriptions = tuple(names)
            if dtype == "uint8":
                dataset.scales = (PROBABILITY_STEP,) * len(names)
            dataset.update_tags(**{**software_tags(), **(metadata or {})})
            writer = ProbabilityWriter(dataset, nodata)
            yield writer
        finish_geotiff(part, Resampling.average, form, progress)
        _verify(part, grid.window, writer.pixels, nodata, progress)


def _count_valid(values: NDArray[Any], nodata: float) -> int:
    return int(np.count_nonzero(np.isfinite(values) if np.isnan(nodata) else values != nodata))


def _verify(path: Path, window: Tile, written: int, nodata: float, progress: Progress) -> None:
    """Count the values in the finished file: GDAL may detect a full disk only while closing."""
    count = 0
    with rasterio.open(path) as dataset:
        for tile in tiles_of(window, _VERIFIED_TILE):
            progress.check_cancelled()
            for band in dataset.indexes:
                count += _count_valid(dataset.read(band, window=to_window(tile)), nodata)
    if count != written:
        raise RasterioError("the finished file does not contain all values that were written")
