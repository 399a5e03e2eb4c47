"""Rasters read whole, mosaics of them, and class maps of made-up classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.raster.writer import write_class_map

VALUES = np.arange(2 * 6 * 5, dtype=np.float32).reshape(2, 6, 5)
WKT = CRS.from_epsg(32748).to_wkt()
UTM = (20.0, 0.0, 500_000.0, 0.0, -20.0, 9_800_000.0)
NAMES = ('Água & <Wasser> "x"', "森林", "Лес 'ß'")
TYPES = {
    "uint8": (0, 4, 254),
    "uint16": (1, 300, 20122),
    "int16": (-1, 0, 7),
    "int32": (-70_000, 2001, 100_000_001),
}


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


def classes_of(values: Sequence[int]) -> tuple[LandCoverClass, ...]:
    return tuple(
        LandCoverClass(value, name, f"#12AB{number:02X}")
        for number, (value, name) in enumerate(zip(values, NAMES, strict=True))
    )


def write_map(
    path: Path,
    dtype: str = "uint8",
    transform: tuple[float, ...] = UTM,
    valid: np.ndarray | None = None,
    progress: SilentProgress | None = None,
) -> tuple[np.ndarray, tuple[LandCoverClass, ...]]:
    """Write a map of 30 rows and 40 columns; return its values and classes."""
    classes = classes_of(TYPES[dtype])
    values = np.random.default_rng(0).choice(TYPES[dtype], size=(30, 40))
    grid = Grid(40, 30, transform, WKT)
    metadata = {"MODEL": "m.safetensors"}
    write_class_map(path, values, grid, classes, progress or SilentProgress(), metadata, valid)
    return values, classes
