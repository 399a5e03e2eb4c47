"""Request and result of a classification.

The request is composed of groups::

    ClassifyRequest(
        RasterInputs(RasterSource("scene.tif")),
        "model.safetensors",
        Products("map.tif", uncertainty="uncertainty.tif"),
        grid=MapGrid(stride=4),
    )
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import ParameterError
from ..files import RASTER_SUFFIXES, Output, check_files
from ..options import (
    ACCURACY,
    AUTO,
    BACKENDS,
    COMPRESSIONS,
    DECISIONS,
    DEFAULT_COVERAGE,
    DEFAULT_MIN_VALID,
    INT8,
    MAX_COVERAGE,
    MAX_MC_SAMPLES,
    MIN_COVERAGE,
    PRECISIONS,
    SHARE_TYPES,
    parse_resampling,
)
from ..raster.source import RasterSource
from ..values import to_plain
from .common import RasterInputs, check_choice


@dataclass(frozen=True)
class Region:
    """Part of the raster to classify. The default is the whole raster.

    Attributes:
        mask_polygons: Path of a JSON-lines file of polygons in the raster's CRS (see
            ``core.samples.vector``). Only pixels whose centre lies inside a polygon are classified. None for
            no polygons.
        mask_raster: Mask raster. Only pixels that are valid and not 0 in it are classified. None for no mask.
        extent: (xmin, ymin, xmax, ymax) in the raster's CRS, expanded to whole pixels. None for no limit.
        mask_classes: Classes of the mask raster to classify, as text, see ``core.raster.mask``; empty for
            all values but 0.
    """

    mask_polygons: str | None = None
    mask_raster: RasterSource | None = None
    extent: tuple[float, float, float, float] | None = None
    mask_classes: str = ""


@dataclass(frozen=True)
class MapGrid:
    """Density of the classified pixels.

    Attributes:
        stride: Rows and columns of a cell, in pixels. One pixel per cell is classified.
        fill: Whether the map has the raster's pixels, and a class fills its cell. Otherwise the map has
            one pixel per cell.
        min_valid: Minimum fraction of valid pixels in a patch, 0 to 1.
    """

    stride: int = 1
    fill: bool = True
    min_valid: float = DEFAULT_MIN_VALID


@dataclass(frozen=True)
class Products:
    """Rasters to write, and the meaning of their values.

    Attributes:
        map: Path of the GeoTIFF of class values.
        probabilities: Path of the GeoTIFF with the probability of each class, or None.
        uncertainty: Path of the GeoTIFF of highest probability, margin and entropy, or None. ``tta`` and
            ``mc_samples`` each add a band with a standard deviation.
        applicability: Path of the GeoTIFF of the dissimilarity index and the area of applicability, or None.
        sets: Path of the GeoTIFF of the number of classes in each pixel's prediction set, or None.
        coverage: Coverage of the prediction sets: fraction of pixels, 0.5 to 0.99, whose set holds their
            class.
        decision: Decision rule, one of ``core.options.DECISIONS``.
        tta: Whether test-time augmentation is on: probabilities are means over the eight orientations of a
            patch.
        mc_samples: Number of Monte Carlo dropout samples, or 0.
        mmu: Minimum mapping unit of the map in hectares: smaller patches are dissolved before the map is
            written. 0 for none.
    """

    map: str
    probabilities: str | None = None
    uncertainty: str | None = None
    applicability: str | None = None
    sets: str | None = None
    coverage: float = DEFAULT_COVERAGE
    decision: str = ACCURACY
    tta: bool = False
    mc_samples: int = 0
    mmu: float = 0.0

    @property
    def optional(self) -> dict[str, str]:
        """Paths of the optional rasters to write, by name of the product."""
        paths = {
            "probabilities": self.probabilities,
            "uncertainty": self.uncertainty,
            "applicability": self.applicability,
            "sets": self.sets,
        }
        return {name: path for name, path in paths.items() if path}

    def at(self, map_path: str, optional: Mapping[str, str]) -> Products:
        """Return the same products with other paths.

        Args:
            map_path: Path of the GeoTIFF of class values.
            optional: Path of each optional product to write, by name.
        """
        return replace(
            self,
            map=map_path,
            probabilities=optional.get("probabilities"),
            uncertainty=optional.get("uncertainty"),
            applicability=optional.get("applicability"),
            sets=optional.get("sets"),
        )


FP32_PRODUCTS = ("applicability", "sets")
"""Products that are computed in 32 bits where the precision is ``auto``."""


@dataclass(frozen=True)
class Compute:
    """Device and numerical precision.

    Attributes:
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        backend: Backend of networks that classify patches, one of ``core.options.BACKENDS``.
        precision: Precision of networks that classify patches, one of ``core.options.PRECISIONS``.
        batch_size: Number of patches per batch. 0 selects it automatically.
        exact: Whether dense networks read all pixels that can change a label, see
            ``core.models.architecture.Architecture.exact_halo``.
    """

    device: str = "auto"
    backend: str = AUTO
    precision: str = AUTO
    batch_size: int = 0
    exact: bool = False


@dataclass(frozen=True)
class FileOptions:
    """Format of the output files, and the handling of an interrupted run.

    Attributes:
        share_type: Data type of probabilities and uncertainty, ``uint8`` (scaled) or ``float32``.
        compression: Compression of all files, ``deflate`` or ``zstd``.
        cog: Whether the files are cloud-optimised GeoTIFFs.
        resume: Whether to resume an interrupted run, and to keep finished tiles if this run is interrupted.
    """

    share_type: str = "uint8"
    compression: str = "deflate"
    cog: bool = False
    resume: bool = True


def _stamped(source: RasterSource) -> dict[str, Any]:
    """Return what an interrupted run is known by: not what QGIS saw, and no values that are not given."""
    plain = {"path": source.path, "name": source.name, "nodata": source.nodata}
    return {**plain, **({"nodata_values": list(source.nodata_values)} if source.nodata_values else {})}


_STAMPED: dict[type, Callable[[Any], Any]] = {RasterSource: _stamped}


@dataclass(frozen=True)
class ClassifyRequest:
    """Request to classify a raster.

    Attributes:
        inputs: Rasters to classify. The grid of the first one is the grid of the map.
        model: Path of the model file.
        products: Rasters to write.
        region: Part of the raster to classify.
        grid: Density of the classified pixels.
        compute: Device and numerical precision.
        form: Format of the files.
        allow_different_values: Whether a raster is classified although hardly a value lies in the range of
            the training raster.
    """

    inputs: RasterInputs
    model: str
    products: Products
    region: Region = field(default_factory=Region)
    grid: MapGrid = field(default_factory=MapGrid)
    compute: Compute = field(default_factory=Compute)
    form: FileOptions = field(default_factory=FileOptions)
    allow_different_values: bool = False

    def values(self) -> dict[str, Any]:
        """Return all values as plain values, by field name, without the names of the groups.

        The raster is called ``input`` and the extra rasters ``extra_inputs``, as the parameters are.
        """
        inputs: dict[str, Any] = to_plain(self.inputs, _STAMPED)
        # Unfinished maps of versions without NODATA_VALUES are resumed.
        if not inputs["nodata_values"]:
            del inputs["nodata_values"]
        values = {"input": inputs.pop("raster"), "extra_inputs": inputs.pop("extra"), **inputs}
        for group in (self.region, self.products, self.grid, self.compute, self.form):
            values |= to_plain(group, _STAMPED)
        return {**values, "model": self.model}


@dataclass(frozen=True)
class ProductFile:
    """Optional raster that was written.

    Attributes:
        name: Name of the product, a field of ``Products``.
        path: Path of the GeoTIFF.
        is_ramp: Whether the first band is drawn with a colour ramp. Otherwise the colours are in the file.
        limit: Value above which the ramp is red. None for a ramp that ends at 1.
    """

    name: str
    path: str
    is_ramp: bool = True
    limit: float | None = None


@dataclass(frozen=True)
class ClassifyResult:
    """Files and figures of a classification.

    Attributes:
        output: Path of the map.
        products: Optional rasters that were written.
        figures: Figures of the products by name. ``inside`` is the fraction of the map, 0 to 1, inside the
            area of applicability.
        patches: Number of patches of the map.
        seconds: Duration in seconds from this run's first tile to the finished files.
        patches_per_second: Throughput of this run, in patches per second. Patches of an interrupted run that
            was resumed are not counted.
        device: Name of the devices that computed.
        backend: Backend of the network.
        precision: Precision of the network.
        agreement: Fraction of patches, 0 to 1, with the same class as in 32 bits. None where not measured.
        outside_model: Fraction of the time spent outside the model, 0 to 1. None where not measured.
    """

    output: str
    products: tuple[ProductFile, ...]
    figures: dict[str, float]
    patches: int
    seconds: float
    patches_per_second: float
    device: str
    backend: str
    precision: str
    agreement: float | None
    outside_model: float | None


def check_request(request: ClassifyRequest) -> None:
    """Check the request before a file is opened.

    Raises:
        ParameterError: A value is not allowed.
        OutputError: An output would overwrite an input, or two outputs have the same path.
    """
    inputs, mask, products = request.inputs, request.region.mask_raster, request.products
    rasters = [inputs.raster, *inputs.extra, *([mask] if mask else [])]
    outputs = [Output(path, RASTER_SUFFIXES) for path in (products.map, *products.optional.values())]
    check_files(outputs, [request.model, *map(str, rasters)])
    parse_resampling(inputs.resampling, len(inputs.extra))
    check_choice("DECISION", products.decision, DECISIONS)
    _check_compute(request.compute, products)
    _check_products(products)
    check_choice("SHARE_TYPE", request.form.share_type, SHARE_TYPES)
    check_choice("COMPRESSION", request.form.compression, COMPRESSIONS)
    if request.grid.stride < 1:
        raise ParameterError(
            "STRIDE must be 1 or more (got {value})",
            where="STRIDE",
            advice="Use 1 to classify every pixel.",
            value=request.grid.stride,
        )
    if not 0.0 <= request.grid.min_valid <= 1.0:
        raise ParameterError(
            "MIN_VALID must be between 0 and 1 (got {value:g})",
            where="MIN_VALID",
            advice="Use a fraction of a patch, such as 0.5.",
            value=request.grid.min_valid,
        )
    if request.compute.batch_size < 0:
        raise ParameterError(
            "BATCH_SIZE must be 0 or more (got {value})",
            where="BATCH_SIZE",
            advice="Use 0 to select it automatically.",
            value=request.compute.batch_size,
        )


def _check_compute(compute: Compute, products: Products) -> None:
    check_choice("BACKEND", compute.backend, BACKENDS)
    check_choice("PRECISION", compute.precision, PRECISIONS)
    if compute.precision == INT8 and (products.optional or products.tta):
        raise ParameterError(
            "PRECISION=int8 does not give reliable probabilities",
            where="PRECISION",
            advice="Use another PRECISION, or switch TTA off and write only the map.",
        )


def _check_products(products: Products) -> None:
    if not 0 <= products.mmu < math.inf:
        raise ParameterError(
            "MMU must be 0 or more hectares (got {value:g})",
            where="MMU",
            advice="Use an area such as 0.5.",
            value=products.mmu,
        )
    if products.mc_samples and not products.uncertainty:
        raise ParameterError(
            "MC_SAMPLES adds a band to the uncertainty raster, but UNCERTAINTY is empty",
            where="MC_SAMPLES",
            advice="Give a file name for UNCERTAINTY, or set MC_SAMPLES to 0.",
        )
    if products.mc_samples == 1 or not 0 <= products.mc_samples <= MAX_MC_SAMPLES:
        raise ParameterError(
            "MC_SAMPLES must be 0, or between 2 and {maximum} (got {value})",
            where="MC_SAMPLES",
            advice="Use 0 to leave Monte Carlo dropout out.",
            value=products.mc_samples,
            maximum=MAX_MC_SAMPLES,
        )
    # The limits of prediction sets hold for the probabilities of one orientation, not for means over eight.
    if products.sets and products.tta:
        raise ParameterError(
            "Prediction sets and test-time augmentation cannot be combined",
            where="PREDICTION_SETS, TTA",
            advice="Leave PREDICTION_SETS empty, or switch TTA off.",
        )
    if not MIN_COVERAGE <= products.coverage <= MAX_COVERAGE:
        raise ParameterError(
            "COVERAGE must be between {minimum:g} and {maximum:g} (got {value:g})",
            where="COVERAGE",
            advice="Use a fraction of the pixels, such as 0.9.",
            value=products.coverage,
            minimum=MIN_COVERAGE,
            maximum=MAX_COVERAGE,
        )
