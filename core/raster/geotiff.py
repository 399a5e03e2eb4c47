"""GeoTIFF creation options, metadata and completion, shared by all outputs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rasterio.shutil
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.transform import Affine

from .. import plugin_version
from ..errors import OutputError
from ..files import disk_full, is_disk_full, partial_file, removed_afterwards
from ..progress import Progress
from ..text import untranslated
from .attribute_table import sidecar_of
from .grid import Grid

BLOCK = 256
UNFINISHED = ".new"
"""What the name of a raster ends with until it is complete."""


@dataclass(frozen=True)
class FileForm:
    """How a GeoTIFF is stored.

    Attributes:
        compression: ``deflate``, which everything reads, or ``zstd``, which is smaller and quicker.
        cog: Whether it is a cloud-optimised GeoTIFF.
    """

    compression: str = "deflate"
    cog: bool = False


PLAIN = FileForm()


def geotiff_profile(
    grid: Grid, count: int, dtype: str, nodata: float, compression: str = "deflate"
) -> dict[str, Any]:
    """Return what rasterio needs to know of a tiled, compressed GeoTIFF on ``grid``."""
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
    """Add overviews to a finished GeoTIFF and, where that is wanted, make it cloud-optimised.

    Args:
        path: The file, which is replaced by its COG.
        resampling: Of the overviews.
        form: Whether it becomes a COG, and its compression.
        progress: Is told of the copy that becomes the COG.

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
        # A copy of the finished file: the COG driver's own writer would hold all of it in memory.
        with (
            removed_afterwards(path.with_name(path.name + ".cog"), progress) as copy,
            removed_afterwards(path.with_name(path.name + ".cog.aux.xml"), progress),
        ):
            rasterio.shutil.copy(
                path, copy, driver="COG", compress=form.compression, blocksize=BLOCK, bigtiff="IF_SAFER"
            )
            os.replace(copy, path)


def software_tags() -> dict[str, str]:
    """Return the metadata items that say what wrote a file, and when."""
    now = datetime.now(UTC)
    software = untranslated(f"Deep Land Cover {plugin_version()}")
    return {
        "SOFTWARE": software,
        "CREATED": now.isoformat(timespec="seconds"),
        "TIFFTAG_SOFTWARE": software,
        "TIFFTAG_DATETIME": now.strftime("%Y:%m:%d %H:%M:%S"),
    }


def remove_companions(path: Path) -> None:
    """Remove what GDAL would take for a part of the new file: files of one that stood there before."""
    for ending in (".aux.xml", ".ovr", ".msk"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def complete_geotiff(path: Path, progress: Progress) -> Iterator[Path]:
    """Give a file to write; it stands at ``path``, with what GDAL writes beside it, when the block ends well.

    Args:
        path: The GeoTIFF. One that stands there already stays as it is until then.
        progress: Is told of the temporary files.

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
            # It holds what the TIFF cannot, such as an unusual CRS.
            os.replace(gdals_sidecar, sidecar_of(path))


def warn_of_style(path: Path, progress: Progress) -> None:
    """Say so where a style file of an earlier raster overrides the new one's own colours."""
    style = path.with_suffix(".qml")
    if style.exists():
        # Somebody saved it on purpose, so it is not ours to remove.
        progress.log(
            "The style file {style} stays, and overrides the map's colours in QGIS.", "warning", style=style
        )


def write_error(path: Path, error: RasterioError) -> OutputError:
    """Return the sentence for a GeoTIFF that could not be written."""
    text = f"{error} {error.__cause__ or ''}"
    if "No space left" in text or is_disk_full(path.parent):
        return disk_full(path)
    return OutputError(
        "The file cannot be written: {error}",
        where=str(path),
        advice="Choose another file or folder.",
        error=error,
    )
