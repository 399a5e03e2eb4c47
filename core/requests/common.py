"""Groups of fields that several requests share."""

from __future__ import annotations

from dataclasses import dataclass

from ..raster.source import RasterSource


@dataclass(frozen=True)
class RasterInputs:
    """Rasters whose bands are read as one stack.

    Attributes:
        raster: Raster that defines the grid: CRS, pixel size and extent.
        extra: Rasters whose bands follow, warped onto that grid.
        resampling: Resampling method of the extra rasters, see ``core.options``.
        band_names: Band names that replace those of the files, see ``core.raster.bands``.
        nodata_values: Values that are nodata in all rasters, in addition to those of the files.
    """

    raster: RasterSource
    extra: tuple[RasterSource, ...] = ()
    resampling: str = "auto"
    band_names: str = ""
    nodata_values: tuple[float, ...] = ()
