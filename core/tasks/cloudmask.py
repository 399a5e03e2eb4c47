"""Job that writes a cloud mask: of a product's quality layer, or by a network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rasterio.crs import CRS

from ..arrays import Float32Array
from ..errors import ParameterError
from ..files import RASTER_SUFFIXES, Output, check_files
from ..options import AUTO, BY_PRODUCT, CSMASK, QUANTITIES, REFLECTANCE
from ..progress import Progress
from ..raster.band_file import open_band_file
from ..raster.dataset import open_dataset
from ..raster.grid import METRES_PER_DEGREE, Grid, Tile
from ..raster.quality import QUALITY_LAYERS
from ..raster.source import RasterSource
from ..raster.stack import BandStack, Layer, open_stack
from ..raster.survey import survey_raster
from ..raster.value_unit import ValueUnit, chosen_unit
from ..raster.warp import AlignedFile
from ..requests.openproduct import CloudMaskRequest, CloudMaskResult, check_cloud_mask
from ..satellite.band_files import read_product
from ..satellite.cloud_mask import buffered, quality_rows, write_cloud_mask
from ..satellite.csmask import (
    BUFFER_METRES,
    PIXEL_METRES,
    CloudNetwork,
    Reflectance,
    cloud_rows,
    load_network,
)
from ..satellite.product import SatelliteProduct
from ..satellite.product_files import PRODUCT_SUFFIXES
from ..satellite.reflectance import open_quality, open_reflectance
from .openproduct import cloud_classes, product_items


def run(request: CloudMaskRequest, progress: Progress) -> CloudMaskResult:
    """Write the mask.

    Args:
        request: Request to write a cloud mask.
        progress: Progress reporter.

    Raises:
        OutputError: The output has another ending, is an input, or cannot be written.
        ParameterError: A parameter does not fit the input.
        RasterError: The input cannot be read, or lacks bands or a quality layer.
        ModelFileError: The networks are not installed.
        DeviceError: OpenVINO is not installed.
        RunCancelled: The user cancelled.
    """
    check_cloud_mask(request)
    outputs = [Output(request.output, RASTER_SUFFIXES)]
    check_files(outputs, [request.input, request.networks])
    path = Path(request.input)
    product = (
        read_product(request.input) if path.is_dir() or path.suffix.lower() in PRODUCT_SUFFIXES else None
    )
    if product is not None:
        check_files(outputs, product.files.disk_files)
    method = request.method
    if method == AUTO:
        method = BY_PRODUCT if product is not None and product.quality else CSMASK
        progress.log("METHOD is {method}.", method=method)
    if method == CSMASK:
        masked = _by_network(request, product, progress)
    else:
        masked = _by_product(request, product, progress)
    return CloudMaskResult(request.output, method, masked, product.id if product else path.stem)


def _by_product(request: CloudMaskRequest, product: SatelliteProduct | None, progress: Progress) -> float:
    if product is None:
        raise ParameterError(
            "METHOD=product needs a product, and INPUT is a raster",
            where="INPUT",
            advice="Choose the folder or archive of a Sentinel-2 or Landsat product, or METHOD=csmask.",
        )
    classes = cloud_classes(product, request.cloud_classes)
    with ExitStack() as opened:
        layer = open_quality(opened, product, None)
        rows = quality_rows(layer, QUALITY_LAYERS[product.quality_kind], classes, layer.grid.window)
        items = product_items(product) | {
            "METHOD": BY_PRODUCT,
            "CLOUD_CLASSES": ", ".join(item.name for item in classes),
        }
        radius = _pixels(request.buffer or 0.0, layer.grid)
        return write_cloud_mask(Path(request.output), layer.grid, buffered(rows, radius), items, progress)


def _by_network(request: CloudMaskRequest, product: SatelliteProduct | None, progress: Progress) -> float:
    if request.cloud_classes:
        raise ParameterError(
            "CLOUD_CLASSES are those of a product, and the network masks clouds and their shadows",
            where="CLOUD_CLASSES",
            advice="Leave it empty, or choose METHOD=product.",
        )
    with ExitStack() as opened:
        if product is not None:
            bands, network = opened.enter_context(_of_product(request, product, progress))
            items = product_items(product)
        else:
            bands, network = opened.enter_context(_of_raster(request, progress))
            items = {"INPUT": Path(request.input).name}
        width = BUFFER_METRES if request.buffer is None else request.buffer
        rows = buffered(cloud_rows(bands, network, progress), _pixels(width, bands.grid))
        items |= {"METHOD": CSMASK, "NETWORK": network.name}
        return write_cloud_mask(Path(request.output), bands.grid, rows, items, progress)


@contextmanager
def _of_product(
    request: CloudMaskRequest, product: SatelliteProduct, progress: Progress
) -> Iterator[tuple[Reflectance, CloudNetwork]]:
    """Yield the network's bands of a product on a grid of about 30 m."""
    # Clouds saturate bands, and the network was trained with such pixels.
    product = replace(
        product,
        bands=tuple(replace(band, saturation_bit=None) for band in product.bands),
        saturation=None,
        nodata_values=product.nodata_values[:1],
    )
    quantity = product.quantity or _chosen_quantity(request.quantity)
    network = load_network(request.networks, quantity, [band.name for band in product.bands])
    bands = [product.band(role) for role in network.roles]
    with open_reflectance(
        product, bands, 0.0, AUTO, None, request.value_unit, progress, coarsening=coarsening
    ) as opened:
        yield opened, network


@dataclass(frozen=True, eq=False)
class _RasterBands:
    """Bands of a raster in reflectance.

    Attributes:
        grid: Grid of the bands.
        stack: Open raster.
        names: Names of the bands in the network's order.
        unit: Unit of the values.
    """

    grid: Grid
    stack: BandStack
    names: tuple[str, ...]
    unit: ValueUnit

    def read(self, tile: Tile) -> Float32Array:
        """Return reflectances, float32, shape (bands, rows, columns); NaN where invalid."""
        values = self.stack.read(tile.row, tile.row_stop, tile.column, tile.column_stop, self.names)
        return np.asarray(self.unit.factor * (values - self.unit.zero), dtype=np.float32)


@contextmanager
def _of_raster(request: CloudMaskRequest, progress: Progress) -> Iterator[tuple[Reflectance, CloudNetwork]]:
    """Yield the network's bands of a raster on a grid of about 30 m."""
    source = RasterSource(request.input)
    with ExitStack() as opened:
        whole = opened.enter_context(open_stack(source, band_roles=request.band_roles))
        whole.require_crs()
        roles = whole.roles(request.band_roles)
        with open_dataset(source) as dataset:
            written = str(dataset.tags().get("QUANTITY", ""))
        is_known = request.quantity == AUTO and written in QUANTITIES[1:]
        quantity = written if is_known else _chosen_quantity(request.quantity)
        network = load_network(request.networks, quantity, roles)
        named = {role: roles[role] for role in network.roles}
        survey = survey_raster(whole, list(named.values()), progress)
        unit = chosen_unit(request.value_unit, survey, named, REFLECTANCE)
        factor = coarsening(whole.grid)
        stack = whole
        if factor > 1:
            layer: Layer = AlignedFile(open_band_file(source), whole.grid.coarsened(factor), "average")
            opened.callback(layer.close)
            stack = BandStack([layer])
        yield _RasterBands(stack.grid, stack, tuple(named.values()), unit), network


def coarsening(grid: Grid) -> int:
    """Return the number of pixels whose mean is a pixel of the network: of 10 m three, of 20 m one."""
    metres = _metres(grid)
    return max(1, math.floor(PIXEL_METRES / metres + 1e-6)) if metres else 1


def _chosen_quantity(quantity: str) -> str:
    if quantity == AUTO:
        raise ParameterError(
            "It is not known whether the values are reflectance of the surface or at the top of the "
            "atmosphere, and there is a network for each",
            where="QUANTITY",
            advice="Set QUANTITY to surface (level 2) or top_of_atmosphere (level 1).",
        )
    return quantity


def _pixels(metres: float, grid: Grid) -> int:
    size = _metres(grid)
    return math.ceil(metres / size - 1e-6) if size else 0


def _metres(grid: Grid) -> float:
    """Return the side of a pixel in metres."""
    crs = CRS.from_wkt(grid.crs)
    if crs.is_geographic:
        return max(grid.pixel_size) * METRES_PER_DEGREE * math.degrees(float(crs.units_factor[1]))
    return max(grid.pixel_size) * float(crs.linear_units_factor[1])
