"""Satellite product as plain values: its bands, their images and conversion to reflectance, and its quality.

>>> band = product.band("B08")
>>> band.name, band.factor, band.offset              # ("nir", 0.0001, -0.1)
>>> chosen_image(band.images, 20.0, product.files)   # the image that is read on a grid of 20 m
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..errors import ParameterError, RasterError
from ..options import split_list
from .product_files import ProductFiles

SURFACE, TOP = "surface", "top_of_atmosphere"
"""Quantities: reflectance of the surface, and at the top of the atmosphere."""
ALL_BANDS = "all"
# Pixel sizes that differ by rounding only.
_SIZE_TOLERANCE = 0.01


@dataclass(frozen=True)
class BandImage:
    """Image of a band, or of a quality layer, in one resolution.

    Attributes:
        name: Name of the file within the product.
        dataset: Name by which GDAL opens it; empty where the product lists a file that is missing.
        pixel_size: Side of a pixel in the unit of its CRS.
    """

    name: str
    dataset: str
    pixel_size: float


@dataclass(frozen=True)
class ProductBand:
    """Band of a product: ``reflectance = factor * number + offset``.

    Attributes:
        name: Role of the band, such as ``nir``, see ``core.raster.roles``.
        code: Name that the product gives it, such as ``B08``.
        images: Images by resolution, the finest first.
        factor: Factor from stored numbers to reflectance; None where the product does not say.
        offset: Reflectance of the stored number 0.
        is_usual: Whether it is written without being asked for.
        saturation_bit: Bit of the band in the product's saturation layer; None without one.
    """

    name: str
    code: str
    images: tuple[BandImage, ...]
    factor: float | None = None
    offset: float = 0.0
    is_usual: bool = True
    saturation_bit: int | None = None


@dataclass(frozen=True)
class SatelliteProduct:
    """Satellite product.

    Attributes:
        files: Its files.
        id: Identifier, such as that of its publisher.
        sensor: Name of the satellite, such as ``Sentinel-2A``; empty where it is not known.
        level: Processing level, such as ``L2A``; empty where it is not known.
        quantity: ``SURFACE``, ``TOP``, or empty where it is not known.
        date: Date of the acquisition, ``YYYY-MM-DD``; empty where it is not known.
        time: Time of the acquisition in UTC, ISO 8601; empty where it is not known.
        bands: Bands in the order of their wavelengths.
        quality: Images of the quality layer, the finest first; none without one.
        quality_kind: Kind of the quality layer, see ``core.raster.quality``; empty without one.
        saturation: Image of the layer of saturated bands; None without one.
        nodata_values: Stored numbers that are no measurements: nodata, saturated.
        items: Further metadata items.
    """

    files: ProductFiles
    id: str
    sensor: str
    level: str
    quantity: str
    date: str
    time: str
    bands: tuple[ProductBand, ...]
    quality: tuple[BandImage, ...] = ()
    quality_kind: str = ""
    saturation: BandImage | None = None
    nodata_values: tuple[float, ...] = ()
    items: dict[str, str] = field(default_factory=dict)

    def band(self, name: str) -> ProductBand:
        """Return the band with a role or a code, in upper or lower case.

        Raises:
            ParameterError: There is none.
        """
        wanted = _key(name)
        for band in self.bands:
            if wanted in (_key(band.name), _key(band.code)):
                return band
        raise ParameterError(
            "The product has no band {band!r}",
            where="BANDS",
            advice="Its bands are: {bands}.",
            band=name,
            bands=", ".join(f"{band.name} ({band.code})" for band in self.bands),
        )

    def chosen(self, text: str) -> tuple[ProductBand, ...]:
        """Return the bands of BANDS.

        Args:
            text: Roles or codes, separated by commas, in the order of the stack; ``all``; or empty for the
                usual bands.

        Raises:
            ParameterError: A band does not exist, or is named twice.
        """
        names = [entry for entry in split_list(text) if entry]
        if [name.lower() for name in names] == [ALL_BANDS]:
            return self.bands
        chosen = tuple(self.band(name) for name in names)
        if len({band.code for band in chosen}) < len(chosen):
            raise ParameterError("A band is named twice", where="BANDS", advice="Name each band once.")
        return chosen or tuple(band for band in self.bands if band.is_usual)


def chosen_image(images: Sequence[BandImage], pixel_size: float, files: ProductFiles) -> BandImage:
    """Return the image that is read on a grid: of its pixel size, else the next finer, else the next coarser.

    Args:
        images: Images of a band by resolution; at least one.
        pixel_size: Side of the grid's pixels in the unit of the CRS.
        files: Files of the product, for the error.

    Raises:
        RasterError: The product lists the image, but lacks the file.
    """
    equal = [image for image in images if is_same_size(image.pixel_size, pixel_size)]
    finer = [image for image in images if image.pixel_size < pixel_size]
    image = (
        equal[0]
        if equal
        else max(finer, key=lambda item: item.pixel_size)
        if finer
        else min(images, key=lambda item: item.pixel_size)
    )
    if not image.dataset:
        raise RasterError(
            "The product is incomplete: the file {name} is missing",
            where=str(files.root),
            advice="Download the product again, or leave the band out of BANDS.",
            name=image.name,
        )
    return image


def is_same_size(size: float, other: float) -> bool:
    """Return whether two pixel sizes differ by rounding only."""
    return abs(size - other) <= _SIZE_TOLERANCE * max(size, other)


def _key(name: str) -> str:
    """Return a name for comparison: ``B08``, ``b8`` and ``B8`` are one band."""
    folded = name.strip().casefold().replace(" ", "_").replace("-", "_")
    head = folded.rstrip("0123456789a")
    return head + folded[len(head) :].lstrip("0")
