"""GeoTIFF files: creation options, metadata, overviews and completion, shared by all outputs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from ..errors import OutputError
from ..files import disk_full, is_disk_full, partial_file, removed_afterwards
from ..progress import Progress
from ..provenance import output_items, provenance
from .attribute_table import sidecar_of
from .grid import Grid

BLOCK = 256
"""Side of a file's blocks, in pixels."""
RECORD_DOMAIN = "DEEP_LAND_COVER"
"""Metadata domain of long items, which programs do not list with the others."""
TRAINING_PIXELS = "TRAINING_PIXELS"
"""Item of ``RECORD_DOMAIN`` with the training pixels of a map's model, see ``samples.training_pixels``."""
UNFINISHED = ".new"
"""Suffix of a raster's file name until it is complete."""


@dataclass(frozen=True)
class FileForm:
    """Compression and layout of a GeoTIFF.

    Attributes:
        compression: ``deflate``, which all software reads, or ``zstd``, which is smaller and faster.
        cog: Whether the file is a cloud-optimised GeoTIFF (COG).
    """

    compression: str = "deflate"
    cog: bool = False


PLAIN = FileForm()


def geotiff_profile(
    grid: Grid, count: int, dtype: str, nodata: float, compression: str = "deflate"
) -> dict[str, Any]:
    """Return the rasterio profile of a tiled, compressed GeoTIFF.

    Args:
        grid: Grid of the raster.
        count: Number of bands.
        dtype: NumPy name of the data type.
        nodata: Nodata value of all bands.
        compression: GDAL's name of the compression.
    """
    return {
        "driver": "GTiff",
        "width": grid.width,
        "height": grid.height,
        "count": count,
        "dtype": dtype,
        "crs": grid.crs or None,
        "transform": Affine(*grid.transform),
        "nodata": nodata,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "compress": compression,
        "BIGTIFF": "IF_SAFER",
    }


def finish_geotiff(path: Path, resampling: Resampling, form: FileForm, progress: Progress) -> None:
    """Add overviews to a finished GeoTIFF and, on request, convert it to a COG.

    Args:
        path: Path of the file, which is changed in place.
        resampling: Resampling method of the overviews.
        form: Compression and layout of the file.
        progress: Progress reporter.

    Raises:
        RasterioError: The disk is full, or the file cannot be written.
    """
    with rasterio.open(path, "r+") as dataset:
        factors: list[int] = []
        while max(dataset.shape) / 2 ** len(factors) > BLOCK:
            factors.append(2 ** (len(factors) + 1))
        if factors:
            dataset.build_overviews(factors, resampling)
    if form.cog:
        # The finished file is copied, because the COG driver's own writer would hold all of it in memory.
        with (
            removed_afterwards(path.with_name(path.name + ".cog"), progress) as copy,
            removed_afterwards(path.with_name(path.name + ".cog.aux.xml"), progress),
        ):
            rasterio.shutil.copy(
                path,
                copy,
                driver="COG",
                compress=form.compression,
                blocksize=BLOCK,
                bigtiff="IF_SAFER",
                # Items of all domains.
                copy_src_mdd="YES",
            )
            os.replace(copy, path)


def write_trial(values: NDArray[Any], nodata: float, **profile: Any) -> int:
    """Write a tile into memory as it would be written into a file, and read it again, to measure the time.

    Args:
        values: Values of shape (rows, columns) or (bands, rows, columns).
        nodata: Nodata value.
        profile: Creation options that replace those of ``geotiff_profile``.

    Returns:
        Size of the file in bytes, with overviews.
    """
    bands = values if values.ndim == 3 else values[np.newaxis]
    grid = Grid(bands.shape[2], bands.shape[1], (2.0, 0.0, 0.0, 0.0, -2.0, 0.0), "")
    options = {**geotiff_profile(grid, len(bands), values.dtype.name, nodata), **profile}
    with MemoryFile() as file:
        with file.open(**options) as dataset:
            dataset.write(bands)
            dataset.build_overviews([2, 4], Resampling.nearest)
        with file.open() as dataset:
            dataset.read()
        return len(file.getbuffer())


def software_tags() -> dict[str, str]:
    """Return the metadata items for the software that writes a file, the time, and the origin."""
    record = provenance({})
    items = output_items(record)
    date = datetime.fromisoformat(record.created)
    return {
        **items,
        "TIFFTAG_SOFTWARE": items["SOFTWARE"],
        "TIFFTAG_DATETIME": date.strftime("%Y:%m:%d %H:%M:%S"),
    }


def remove_companions(path: Path) -> None:
    """Remove overviews, mask and sidecar of a replaced raster, which GDAL would apply to the new one."""
    for ending in (".aux.xml", ".ovr", ".msk"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def complete_geotiff(path: Path, progress: Progress) -> Iterator[Path]:
    """Yield a path to write a GeoTIFF to. It replaces ``path`` when the block ends without an error.

    A sidecar file that GDAL writes beside it is renamed, too.

    Args:
        path: Path of the GeoTIFF. An existing file is unchanged until then.
        progress: Progress reporter.

    Raises:
        OutputError: The disk is full, or the file cannot be written there.
    """
    with (
        partial_file(path, progress, UNFINISHED) as part,
        removed_afterwards(sidecar_of(part), progress) as gdals_sidecar,
    ):
        try:
            yield part
        except RasterioError as error:
            raise write_error(path, error) from error
        remove_companions(path)
        if gdals_sidecar.exists():
            # It holds items that a TIFF cannot store, such as an unusual CRS.
            os.replace(gdals_sidecar, sidecar_of(path))


def warn_of_style(path: Path, progress: Progress) -> None:
    """Log a warning where the style file of a replaced raster overrides the colours of the new one."""
    style = path.with_suffix(".qml")
    if style.exists():
        # It was saved on purpose and is therefore not removed.
        progress.log(
            "The style file {style} remains and overrides the map's colours in QGIS.", "warning", style=style
        )


def write_error(path: Path, error: RasterioError) -> OutputError:
    """Return the error for a GeoTIFF that could not be written.

    Args:
        path: Path of the GeoTIFF.
        error: Error of GDAL.
    """
    text = f"{error} {error.__cause__ or ''}"
    if "No space left" in text or is_disk_full(path.parent):
        return disk_full(path)
    return OutputError(
        "The file cannot be written: {error}",
        where=str(path),
        advice="Choose another file or folder.",
        error=error,
    )
