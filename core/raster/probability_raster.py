"""Rasters of values between 0 and 1, such as probabilities, one named band each.

As uint8, values are stored in steps of 0.004, so that 250 is 1; the file's scale says so, and GIS show 0 to
1. As float32 they are stored unchanged.
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

SHARE_STEP = 0.004
"""What 1 of a share in uint8 stands for."""
_VERIFIED_TILE = 1024


def share_nodata(dtype: str) -> float:
    """Return what stands for no share in a raster of ``dtype``."""
    return 255 if dtype == "uint8" else float("nan")


class ShareWriter:
    """An open raster of shares; made by ``open_shares``."""

    def __init__(self, dataset: Any, nodata: float) -> None:
        self._dataset = dataset
        self._nodata = nodata
        self.pixels = 0

    def write(self, tile: Tile, band: int, values: NDArray[Any]) -> None:
        """Write a band of a tile, already of the file's type. Each tile and band once.

        Args:
            tile: Which pixels, counted from the raster's first.
            band: Counted from 0.
            values: Shape (rows, columns).
        """
        self._dataset.write(values, band + 1, window=to_window(tile))
        self.pixels += _count_valid(values, self._nodata)


@contextmanager
def open_shares(
    path: Path,
    grid: Grid,
    names: Sequence[str],
    dtype: str,
    progress: Progress,
    metadata: Mapping[str, str] | None = None,
    form: FileForm = PLAIN,
) -> Iterator[ShareWriter]:
    """Give a raster to write tiles to; it stands at ``path`` only when the block ends well.

    Args:
        path: The GeoTIFF. One that stands there already stays as it is until then.
        grid: Of the raster.
        names: Of the bands.
        dtype: One of ``core.options.SHARE_TYPES``.
        progress: Is told of the temporary file.
        metadata: Items for the file, besides software and date.
        form: How it is stored.

    Raises:
        OutputError: The disk is full, or the raster cannot be written there.
    """
    nodata = share_nodata(dtype)
    # Band by band, so that the map of one class is read without the others.
    profile = {**geotiff_profile(grid, len(names), dtype, nodata, form.compression), "interleave": "band"}
    with complete_geotiff(path, progress) as part:
        with rasterio.open(part, "w", **profile) as dataset:
            dataset.descriptions = tuple(names)
            if dtype == "uint8":
                dataset.scales = (SHARE_STEP,) * len(names)
            dataset.update_tags(**(metadata or {}), **software_tags())
            writer = ShareWriter(dataset, nodata)
            yield writer
        finish_geotiff(part, Resampling.average, form, progress)
        _verify(part, grid.window, writer.pixels, nodata, progress)


def _count_valid(values: NDArray[Any], nodata: float) -> int:
    return int(np.count_nonzero(np.isfinite(values) if np.isnan(nodata) else values != nodata))


def _verify(path: Path, window: Tile, written: int, nodata: float, progress: Progress) -> None:
    """Count the values in the finished file: GDAL may notice a full disk only while closing."""
    found = 0
    with rasterio.open(path) as dataset:
        for tile in tiles_of(window, _VERIFIED_TILE):
            progress.check_cancelled()
            for band in dataset.indexes:
                found += _count_valid(dataset.read(band, window=to_window(tile)), nodata)
    if found != written:
        raise RasterioError("the finished file does not hold what was written")
