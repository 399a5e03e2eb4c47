"""Request and result of a feature stack."""

from __future__ import annotations

from dataclasses import dataclass

from ..raster.source import RasterSource


@dataclass(frozen=True)
class StackFeaturesRequest:
    """What to stack and where to write it.

    Attributes:
        input: The raster that defines the grid.
        output: GeoTIFF to write.
        extra_inputs: Rasters whose bands are added, brought onto that grid.
        resampling: How, see ``core.options``.
        indices: Names of spectral indices to add.
        band_names: The user's names for the bands, see ``core.raster.bands``.
        bands: Which bands to write, and in which order, alike; empty is all.
        band_roles: The user's ``role=band`` pairs, separated by commas, over the guessed roles.
    """

    input: RasterSource
    output: str
    extra_inputs: tuple[RasterSource, ...] = ()
    resampling: str = "auto"
    indices: tuple[str, ...] = ()
    band_names: str = ""
    bands: str = ""
    band_roles: str = ""


@dataclass(frozen=True)
class StackFeaturesResult:
    """The file and the names of its bands, in order."""

    output: str
    bands: tuple[str, ...]
