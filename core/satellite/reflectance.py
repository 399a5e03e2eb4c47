"""Bands of a satellite product on one grid, in reflectance.

>>> with open_reflectance(product, product.chosen(""), 10.0, "auto", None, "auto", progress) as bands:
...     bands.names, bands.grid           # ("blue", "green", …)
...     bands.read(tile)                  # float32 (bands, rows, columns), NaN where invalid

Bands of another resolution are resampled to the grid: averaged to a coarser one, bilinear to a finer one.
Invalid numbers (nodata, saturated) are taken out before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasterio.crs import CRS
from rasterio.warp import transform_bounds

from ..arrays import Float32Array
from ..errors import ParameterError, RasterError
from ..options import AUTO, REFLECTANCE
from ..progress import Progress
from ..raster.band_file import BandFile, open_band_file
from ..raster.grid import Extent, Grid, Tile
from ..raster.source import RasterSource
from ..raster.stack import BandStack, Layer
from ..raster.survey import survey_raster, warn_of_fill
from ..raster.value_unit import chosen_unit
from ..raster.warp import AlignedFile
from ..text import Text
from .product import BandImage, ProductBand, SatelliteProduct, chosen_image, is_same_size


@dataclass(frozen=True, eq=False)
class ReflectanceBands:
    """Open bands of a product on one grid.

    Attributes:
        product: Product.
        bands: Bands in their order.
        grid: Grid of all bands.
        window: Part of the grid that the user asked for.
        stack: Open stack of the stored numbers: the bands, then the layer of saturated bands if there is one.
        factors: Factor from the stored numbers of each band to reflectance.
        offsets: Reflectance of the stored number 0 of each band.
    """

    product: SatelliteProduct
    bands: tuple[ProductBand, ...]
    grid: Grid
    window: Tile
    stack: BandStack
    factors: tuple[float, ...]
    offsets: tuple[float, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the bands: their roles."""
        return tuple(band.name for band in self.bands)

    def read(self, tile: Tile) -> Float32Array:
        """Return reflectances, float32, shape (bands, rows, columns); NaN where invalid.

        Args:
            tile: Pixels of ``grid``.

        Raises:
            RasterError: A file is damaged at these pixels.
        """
        numbers = self.stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop)
        values = numbers[: len(self.bands)]
        if self.product.saturation is not None:
            # Where the layer has no value, there is no measurement either.
            bits = np.nan_to_num(numbers[-1], nan=0.0).astype(np.int64)
            for order, band in enumerate(self.bands):
                if band.saturation_bit is not None:
                    values[order][(bits >> band.saturation_bit) & 1 == 1] = np.nan
        for order, (factor, offset) in enumerate(zip(self.factors, self.offsets, strict=True)):
            values[order] = (values[order].astype(np.float64) * factor + offset).astype(np.float32)
        return values


@contextmanager
def open_reflectance(
    product: SatelliteProduct,
    bands: Sequence[ProductBand],
    pixel_size: float,
    resampling: str,
    extent: tuple[Extent, str] | None,
    value_unit: str,
    progress: Progress,
    coarsening: Callable[[Grid], int] = lambda _: 1,
) -> Iterator[ReflectanceBands]:
    """Open the bands of a product on one grid.

    Args:
        product: Product.
        bands: Bands in their order.
        pixel_size: Pixel size of the grid in the unit of the CRS; 0 is that of the finest band.
        resampling: Resampling method of bands of another resolution, one of ``core.options.RESAMPLINGS``.
        extent: (xmin, ymin, xmax, ymax) to read, and its CRS as WKT; None reads everything.
        value_unit: Unit of the numbers where the product does not say, one of ``core.options.VALUE_UNITS``.
        progress: Progress reporter.
        coarsening: Returns by how many pixels in a row and a column the grid is coarsened.

    Raises:
        RasterError: A file is missing, cannot be opened, or has no position on the earth.
        ParameterError: No band has the pixel size, the extent lies outside, or the unit is not clear.
    """
    with ExitStack() as opened:
        size = _grid_size(bands, pixel_size)
        images = [chosen_image(band.images, size, product.files) for band in bands]
        files = [_opened(opened, image, product.nodata_values) for image in images]
        # Of bands with the grid's pixel size, the first defines the grid.
        place = next((place for place, image in enumerate(images) if is_same_size(image.pixel_size, size)), 0)
        files[place].require_crs()
        grid = files[place].grid.coarsened(coarsening(files[place].grid))
        layers: list[Layer] = [_on_grid(file, grid, resampling) for file in files]
        if product.saturation is not None:
            layers.append(_on_grid(_opened(opened, product.saturation, ()), grid, "nearest"))
        elif any(band.saturation_bit is not None for band in bands):
            progress.log(
                "The product has no QA_RADSAT file, so saturated pixels are not left out.", "warning"
            )
        codes = [f'"{band.code}"' for band in bands]
        stack = BandStack(layers, ", ".join([*codes, *(['"saturation"'] if product.saturation else [])]))
        others: dict[float, list[str]] = {}
        for band, image in zip(bands, images, strict=True):
            if not is_same_size(image.pixel_size, size):
                others.setdefault(image.pixel_size, []).append(band.name)
        for other, names in others.items():
            progress.log(
                "Resampled from a resolution of {size:g} to {target:g}: {bands}.",
                size=other,
                target=size,
                bands=", ".join(names),
            )
        factors, offsets = _conversion(bands, files, stack, value_unit, progress)
        window = grid.window_of_extent(_in_crs(extent, grid)) if extent else grid.window
        yield ReflectanceBands(product, tuple(bands), grid, window, stack, factors, offsets)


def open_quality(opened: ExitStack, product: SatelliteProduct, grid: Grid | None) -> Layer:
    """Return the open quality layer of a product.

    Args:
        opened: Closes the file at its end.
        product: Product with a quality layer.
        grid: Grid to read on, by nearest neighbour; None is that of the finest image.

    Raises:
        RasterError: The file is missing, or cannot be opened or warped.
    """
    size = max(grid.pixel_size) if grid else 0.0
    image = chosen_image(product.quality, size, product.files)
    file = _opened(opened, image, ())
    file.require_crs()
    return _on_grid(file, grid, "nearest") if grid else file


def check_driver(dataset: str) -> None:
    """Require a GDAL that reads JPEG 2000 for a file of this format.

    Raises:
        RasterError: It lacks all drivers of the format.
    """
    import rasterio

    if not dataset.lower().endswith(".jp2"):
        return
    with rasterio.Env() as environment:
        if not any(name.startswith("JP2") for name in environment.drivers()):
            raise RasterError(
                "The images of the product are JPEG 2000, and the GDAL of the worker has no driver "
                "for this format",
                where=dataset,
                advice="Run 'Set up the environment', whose rasterio has one, or convert the images to "
                "GeoTIFF.",
            )


def _opened(opened: ExitStack, image: BandImage, nodata_values: Sequence[float]) -> BandFile:
    check_driver(image.dataset)
    source = RasterSource(image.dataset, Path(image.name).name, nodata_values=tuple(nodata_values))
    file = open_band_file(source)
    opened.callback(file.close)
    if len(file.band_names) != 1:
        raise RasterError(
            "The image has {count} bands, and one is expected",
            where=image.dataset,
            advice="Choose a folder of single-band files.",
            count=len(file.band_names),
        )
    return file


def _on_grid(file: BandFile, grid: Grid, resampling: str) -> Layer:
    same_crs = CRS.from_wkt(file.grid.crs) == CRS.from_wkt(grid.crs) if file.grid.crs else False
    return file if same_crs and file.grid.has_pixels_of(grid) else AlignedFile(file, grid, resampling)


def _grid_size(bands: Sequence[ProductBand], pixel_size: float) -> float:
    sizes = sorted({image.pixel_size for band in bands for image in band.images})
    if not pixel_size:
        return sizes[0]
    matching = [size for size in sizes if is_same_size(size, pixel_size)]
    if not matching:
        raise ParameterError(
            "No band of the product has a resolution of {size:g}",
            where="RESOLUTION",
            advice="Its resolutions are: {sizes}. Choose one of them, or 0 for the finest.",
            size=pixel_size,
            sizes=", ".join(f"{size:g}" for size in sizes),
        )
    return matching[0]


def _in_crs(extent: tuple[Extent, str], grid: Grid) -> Extent:
    bounds, crs = extent
    if not crs or CRS.from_wkt(crs) == CRS.from_wkt(grid.crs):
        return bounds
    box = transform_bounds(CRS.from_wkt(crs), CRS.from_wkt(grid.crs), *bounds)
    if not all(map(math.isfinite, box)):
        raise ParameterError(
            "The extent cannot be reprojected to the product",
            where="EXTENT",
            advice="Draw it on the product, and check its coordinate reference system.",
        )
    left, bottom, right, top = map(float, box)
    return left, bottom, right, top


def _conversion(
    bands: Sequence[ProductBand],
    files: Sequence[BandFile],
    stack: BandStack,
    value_unit: str,
    progress: Progress,
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return factor and offset of each band from what the files give to reflectance."""
    if all(band.factor is not None for band in bands):
        if value_unit != AUTO:
            raise ParameterError(
                "The product says how its numbers become reflectance, so VALUE_UNIT is not needed",
                where="VALUE_UNIT",
                advice="Leave it on auto.",
            )
        scaled = [file.source.title for file in files if file.is_scaled]
        if scaled:
            raise RasterError(
                "The files of the product have a scale of their own, besides that of the metadata: {files}",
                where=str(stack.source),
                advice="Download the product again, or move the metadata file away and open the folder of "
                "single-band files.",
                files=", ".join(scaled[:5]),
            )
        return tuple(band.factor or 1.0 for band in bands), tuple(band.offset for band in bands)
    roles = {band.name: stack.band_names[place] for place, band in enumerate(bands)}
    survey = survey_raster(stack, list(roles.values()), progress)
    warn_of_fill(survey, stack, progress)
    unit = chosen_unit(value_unit, survey, roles, REFLECTANCE)
    progress.log(
        "The files do not say what their values are. They are taken as {unit}.", unit=Text(unit.title)
    )
    return (unit.factor,) * len(bands), (-unit.factor * unit.zero,) * len(bands)
