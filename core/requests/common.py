"""Groups of fields that several requests share."""

from __future__ import annotations

from dataclasses import dataclass

from ..raster.source import RasterSource


@dataclass(frozen=True)
class RasterInputs:
    """Rasters whose bands are stacked on one grid.

    Attributes:
        raster: Raster that defines the grid.
        extra: Rasters whose bands are added, warped to that grid.
        resampling: Resampling of the extra rasters, see ``core.options.parse_resampling``.
        band_names: User's names for the bands, see ``core.raster.bands``.
    """

    raster: RasterSource
    extra: tuple[RasterSource, ...] = ()
    resampling: str = "auto"
    band_names: str = ""
