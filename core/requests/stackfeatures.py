"""Request and result of a feature stack."""

from __future__ import annotations

from dataclasses import dataclass

from .common import RasterInputs


@dataclass(frozen=True)
class StackFeaturesRequest:
    """Request to write bands and spectral indices as one raster.

    Attributes:
        inputs: Rasters to stack.
        output: Path of the GeoTIFF to write.
        indices: Names of the spectral indices to add.
        bands: Bands to write, in order, as text, see ``core.raster.bands``. Empty is all.
        band_roles: ``role=band`` pairs, separated by commas, that replace the guessed roles.
    """

    inputs: RasterInputs
    output: str
    indices: tuple[str, ...] = ()
    bands: str = ""
    band_roles: str = ""


@dataclass(frozen=True)
class StackFeaturesResult:
    """Feature stack that was written.

    Attributes:
        output: Path of the GeoTIFF.
        bands: Names of its bands, in order.
    """

    output: str
    bands: tuple[str, ...]
