"""Request and result of a feature stack."""

from __future__ import annotations

from dataclasses import dataclass

from .common import RasterInputs


@dataclass(frozen=True)
class StackFeaturesRequest:
    """Stack of bands and spectral indices.

    Attributes:
        inputs: Rasters to stack.
        output: GeoTIFF to write.
        indices: Names of the spectral indices to add.
        bands: Bands to write, in order, see ``core.raster.bands``. Empty is all.
        band_roles: User's ``role=band`` pairs, separated by commas. They replace guessed roles.
    """

    inputs: RasterInputs
    output: str
    indices: tuple[str, ...] = ()
    bands: str = ""
    band_roles: str = ""


@dataclass(frozen=True)
class StackFeaturesResult:
    """The file and the names of its bands, in order."""

    output: str
    bands: tuple[str, ...]
