"""Job that writes a satellite product as one stack in reflectance, with its cloud mask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from ..arrays import Float32Array
from ..errors import RasterError
from ..files import RASTER_SUFFIXES, Output, check_files
from ..progress import Progress, Stage
from ..raster.feature_stack import write_bands
from ..raster.grid import Tile, tiles_of
from ..raster.quality import QUALITY_LAYERS, QualityClass, chosen_classes
from ..requests.openproduct import OpenProductRequest, OpenProductResult, check_open_product
from ..satellite.band_files import read_product
from ..satellite.cloud_mask import quality_rows, write_cloud_mask
from ..satellite.product import SatelliteProduct
from ..satellite.reflectance import ReflectanceBands, open_quality, open_reflectance

# Tiles of JPEG 2000 have about this side, and are decoded as a whole.
_TILE = 1024
_STACK_FRACTION = 0.9


def run(request: OpenProductRequest, progress: Progress) -> OpenProductResult:
    """Write the stack, and the mask where it is asked for.

    Args:
        request: Request to open a product.
        progress: Progress reporter.

    Raises:
        OutputError: An output has another ending, is a file of the product, or cannot be written.
        ParameterError: A band, the resolution, the extent, a class or the unit does not fit the product.
        RasterError: The product is incomplete or damaged.
        RunCancelled: The user cancelled.
    """
    check_open_product(request)
    outputs = [Output(request.output, RASTER_SUFFIXES), Output(request.cloud_mask, RASTER_SUFFIXES)]
    check_files(outputs, [request.input])
    product = read_product(request.input)
    check_files(outputs, product.files.disk_files)
    _describe(product, progress)
    bands = product.chosen(request.bands)
    if not request.bands:
        left = [f"{band.name} ({band.code})" for band in product.bands if not band.is_usual]
        if left:
            progress.log("Left out: {bands}. BANDS=all writes them, too.", bands=", ".join(left))
    masked: float | None = None
    with ExitStack() as opened:
        classes = cloud_classes(product, request.cloud_classes) if request.cloud_mask else ()
        extent = (request.extent[:4], request.extent[4]) if request.extent else None
        stack = opened.enter_context(
            open_reflectance(
                product,
                bands,
                request.resolution,
                request.resampling,
                extent,
                request.value_unit,
                progress,
            )
        )
        grid = stack.grid.crop(stack.window)
        # Opened before the long work, so that a layer that cannot be read is found.
        layer = open_quality(opened, product, stack.grid) if request.cloud_mask else None
        end = 1.0 if layer is None else _STACK_FRACTION
        write_bands(
            Path(request.output),
            grid,
            stack.names,
            _tiles(stack),
            product_items(product),
            Stage(progress, 0.0, end),
            [{"BAND": band.code} for band in bands],
            has_overviews=True,
        )
        if layer is not None:
            kind = QUALITY_LAYERS[product.quality_kind]
            items = product_items(product) | {"CLOUD_CLASSES": ", ".join(item.name for item in classes)}
            masked = write_cloud_mask(
                Path(request.cloud_mask),
                grid,
                quality_rows(layer, kind, classes, stack.window),
                items,
                Stage(progress, end, 1.0),
            )
    progress.log("Wrote {count} bands: {names}.", count=len(bands), names=", ".join(stack.names))
    return OpenProductResult(
        request.output, request.cloud_mask, stack.names, product.id, product.sensor, product.date, masked
    )


def cloud_classes(product: SatelliteProduct, text: str) -> tuple[QualityClass, ...]:
    """Return the classes of a product's quality layer that a mask leaves out.

    Args:
        product: Product.
        text: CLOUD_CLASSES; empty for the usual ones.

    Raises:
        RasterError: The product has no quality layer.
        ParameterError: There is no class of a name.
    """
    if not product.quality:
        raise RasterError(
            "The product has no layer of clouds: level 1C of Sentinel-2 has none, and otherwise the SCL or "
            "QA_PIXEL file is missing",
            where=str(product.files.root),
            advice="Make the mask with 'Mask clouds' and METHOD=csmask, or leave the cloud mask out.",
        )
    return chosen_classes(QUALITY_LAYERS[product.quality_kind], text, "CLOUD_CLASSES")


def product_items(product: SatelliteProduct) -> dict[str, str]:
    """Return the metadata items of what is made of a product; empty ones are left out."""
    items = {
        "PRODUCT_ID": product.id,
        "SENSOR": product.sensor,
        "PROCESSING_LEVEL": product.level,
        "QUANTITY": product.quantity,
        "ACQUISITION_DATE": product.date,
        "ACQUISITION_TIME": product.time,
        **product.items,
    }
    return {name: text for name, text in items.items() if text}


def _describe(product: SatelliteProduct, progress: Progress) -> None:
    progress.log(
        "Product {product}: {sensor}, level {processing}, {date}.",
        product=product.id,
        sensor=product.sensor or "?",
        processing=product.level or "?",
        date=product.date or "?",
    )
    known = [band for band in product.bands if band.factor is not None and band.is_usual]
    if known:
        progress.log(
            "Reflectance of {band} is {factor:.6g} * number {offset:+.6g}, by the metadata of the product.",
            band=known[0].name,
            factor=known[0].factor,
            offset=known[0].offset,
        )


def _tiles(stack: ReflectanceBands) -> Iterator[tuple[Tile, Float32Array]]:
    for tile in tiles_of(stack.window, _TILE):
        yield tile.relative_to(stack.window), stack.read(tile)
