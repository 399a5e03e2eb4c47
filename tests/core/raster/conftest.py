"""Rasters read whole, and mosaics of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack

VALUES = np.arange(2 * 6 * 5, dtype=np.float32).reshape(2, 6, 5)


def read_all(path: Path | str, nodata: float | None = None) -> np.ndarray:
    """Return all values of all bands, (bands, rows, columns)."""
    with open_stack(RasterSource(str(path), nodata=nodata)) as stack:
        return stack.read(0, stack.grid.height, 0, stack.grid.width)


def vrt_of(folder: Path, path: str, *kinds: str, inside: str = "") -> Path:
    """Write a VRT with bands of these types, all of the first band of ``path``, a relative one."""
    bands = "".join(
        f'<VRTRasterBand dataType="{kind}" band="{band}">{inside}<SimpleSource>'
        f'<SourceFilename relativeToVRT="1">{path}</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand>"
        for band, kind in enumerate(kinds, start=1)
    )
    vrt = folder / "relative.vrt"
    vrt.write_text(f'<VRTDataset rasterXSize="3" rasterYSize="1">{bands}</VRTDataset>')
    return vrt
