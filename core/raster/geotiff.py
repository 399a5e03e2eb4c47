"""What all GeoTIFFs that we write have in common."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rasterio.errors import RasterioError
from rasterio.transform import Affine

from ..errors import OutputError
from ..files import disk_full
from ..progress import Progress
from ..version import plugin_version
from .grid import Grid

BLOCK = 256
# Less free space than this beside a failed write means that the write failed for want of it.
_FULL_DISK = 4 * 1024 * 1024


def geotiff_profile(grid: Grid, count: int, dtype: str, nodata: float) -> dict[str, Any]:
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
        "compress": "deflate",
        "BIGTIFF": "IF_SAFER",
    }


def software_tags() -> dict[str, str]:
    """Return the metadata items that say what wrote a file, and when."""
    now = datetime.now(UTC)
    software = f"Deep Land Cover {plugin_version()}"
    return {
        "SOFTWARE": software,
        "CREATED": now.isoformat(timespec="seconds"),
        "TIFFTAG_SOFTWARE": software,
        "TIFFTAG_DATETIME": now.strftime("%Y:%m:%d %H:%M:%S"),
    }


def remove_companions(path: Path, progress: Progress) -> None:
    """Remove what GDAL would take for a part of the new file: files of one that stood there before."""
    for ending in (".aux.xml", ".ovr", ".msk"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    style = path.with_suffix(".qml")
    if style.exists():
        # Somebody saved it on purpose, so it is not ours to remove.
        progress.log(f"The style file {style} stays, and overrides the map's colours in QGIS.", "warning")


def write_error(path: Path, error: RasterioError) -> OutputError:
    """Return the sentence for a GeoTIFF that could not be written."""
    text = f"{error} {error.__cause__ or ''}"
    if "No space left" in text or shutil.disk_usage(path.parent).free < _FULL_DISK:
        return disk_full(path)
    return OutputError(
        f"The file cannot be written: {error}", where=str(path), advice="Choose another file or folder."
    )
