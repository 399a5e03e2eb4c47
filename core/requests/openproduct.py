"""Request and result of opening a satellite product, and of making a cloud mask."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ParameterError
from ..options import AUTO, CLOUD_METHODS, QUANTITIES, RESAMPLINGS, VALUE_UNITS
from .common import check_choice

ProductExtent = tuple[float, float, float, float, str]
"""xmin, ymin, xmax, ymax, and their CRS as WKT; an empty CRS is that of the product."""


@dataclass(frozen=True)
class OpenProductRequest:
    """Request to write a satellite product as one stack in reflectance.

    Attributes:
        input: Path of the product, see ``core.satellite.band_files.read_product``.
        output: Path of the GeoTIFF to write.
        cloud_mask: Path of the GeoTIFF of the cloud mask to write; empty for none.
        resolution: Pixel size of the stack in the unit of the product's CRS; 0 is that of the finest band.
        bands: Bands to write, in order, as text: roles or codes, ``all``, or empty for the usual ones.
        resampling: Resampling method of bands of another resolution, one of ``core.options.RESAMPLINGS``.
        value_unit: Unit of the values where the files do not say, one of ``core.options.VALUE_UNITS``.
        cloud_classes: Classes that the mask leaves out, as text; empty for the usual ones.
        extent: Part of the product to write; None writes all of it.
    """

    input: str
    output: str
    cloud_mask: str = ""
    resolution: float = 0.0
    bands: str = ""
    resampling: str = AUTO
    value_unit: str = AUTO
    cloud_classes: str = ""
    extent: ProductExtent | None = None


@dataclass(frozen=True)
class OpenProductResult:
    """Stack that was written.

    Attributes:
        output: Path of the GeoTIFF.
        cloud_mask: Path of the GeoTIFF of the cloud mask; empty for none.
        bands: Names of the bands, in order.
        product: Identifier of the product.
        sensor: Name of the satellite; empty where it is not known.
        date: Date of the acquisition, ``YYYY-MM-DD``; empty where it is not known.
        masked: Fraction of the pixels with data that are masked, 0 to 1; None without a mask.
    """

    output: str
    cloud_mask: str
    bands: tuple[str, ...]
    product: str
    sensor: str
    date: str
    masked: float | None = None


@dataclass(frozen=True)
class CloudMaskRequest:
    """Request to write a cloud mask.

    Attributes:
        input: Path of a product, or of a raster in reflectance.
        output: Path of the GeoTIFF to write.
        method: One of ``core.options.CLOUD_METHODS``.
        cloud_classes: Classes of the product's quality layer that are masked, as text; empty for the usual
            ones.
        buffer: Distance by which masked pixels grow, in metres; None is that of the method.
        networks: Folder or wheel with the networks of ukis-csmask; empty for the installed package.
        quantity: Quantity of a raster's reflectance, one of ``core.options.QUANTITIES``.
        value_unit: Unit of a raster's values, one of ``core.options.VALUE_UNITS``.
        band_roles: ``role=band`` pairs that replace the guessed roles of a raster.
    """

    input: str
    output: str
    method: str = AUTO
    cloud_classes: str = ""
    buffer: float | None = None
    networks: str = ""
    quantity: str = AUTO
    value_unit: str = AUTO
    band_roles: str = ""


@dataclass(frozen=True)
class CloudMaskResult:
    """Cloud mask that was written.

    Attributes:
        output: Path of the GeoTIFF.
        method: Method that was used, one of ``core.options.CLOUD_METHODS`` without ``auto``.
        masked: Fraction of the pixels with data that are masked, 0 to 1.
        subject: Identifier of the product, or name of the raster.
    """

    output: str
    method: str
    masked: float
    subject: str


def check_open_product(request: OpenProductRequest) -> None:
    """Check the values of a request that do not depend on the product.

    Raises:
        ParameterError: A value is not allowed.
    """
    check_choice("RESAMPLING", request.resampling, RESAMPLINGS)
    check_choice("VALUE_UNIT", request.value_unit, VALUE_UNITS)
    if request.resolution < 0:
        raise ParameterError(
            "RESOLUTION must not be negative (got {value:g})",
            where="RESOLUTION",
            advice="Use 10, 20 or 60 for Sentinel-2, or 0 for the finest.",
            value=request.resolution,
        )
    if request.cloud_classes and not request.cloud_mask:
        raise ParameterError(
            "CLOUD_CLASSES is given, but no cloud mask is written",
            where="CLOUD_CLASSES",
            advice="Give CLOUD_MASK a file, or leave CLOUD_CLASSES empty.",
        )


def check_cloud_mask(request: CloudMaskRequest) -> None:
    """Check the values of a request that do not depend on the input.

    Raises:
        ParameterError: A value is not allowed.
    """
    check_choice("METHOD", request.method, CLOUD_METHODS)
    check_choice("QUANTITY", request.quantity, QUANTITIES)
    check_choice("VALUE_UNIT", request.value_unit, VALUE_UNITS)
    if request.buffer is not None and not 0 <= request.buffer <= 10_000:
        raise ParameterError(
            "BUFFER must be between 0 and 10,000 metres (got {value:g})",
            where="BUFFER",
            advice="Use for example 60, or leave it empty.",
            value=request.buffer,
        )
