"""From the parameters of a classification to its request; for one raster, or for many in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from osgeo import gdal
from qgis.core import Qgis, QgsMapLayer, QgsProcessingContext, QgsProcessingFeedback, QgsRasterLayer

from ...core.errors import ParameterError
from ...core.options import parse_nodata_values
from ...core.raster.source import is_remote
from ..base import LandCoverAlgorithm
from ..layers.fraction_styles import style_fractions
from ..layers.rasters import check_extra_inputs, extra_inputs, raster_source
from ..layers.servers import why_unreachable
from ..layers.vectors import one_layer, source_of, write_polygons
from .classify import MASK_CLASSES, PRODUCT_PARAMETERS
from .common import is_given, model_parameter, value_text
from .compute import chosen_device, chosen_precision
from .outputs import given_path
from .settings import AUTO

if TYPE_CHECKING:
    from ...core.requests.classify import ClassifyRequest, Compute, Region


def check_classification(
    algorithm: LandCoverAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> None:
    """Refuse what cannot work, whatever the raster.

    Raises:
        LandCoverError: Of the model, the extra rasters, the mask or the device.
    """
    from ...core.models.card import read_card

    check_extra_inputs(algorithm, parameters, context)
    read_card(model_parameter(algorithm, parameters, context))
    if is_given(parameters, "MASK"):
        layer = mask_layer(algorithm, parameters, context)
        if layer.type() == Qgis.LayerType.Raster:
            raster_source(layer)
        else:
            source_of(parameters.get("MASK"), context)
            _refuse_classes(algorithm, parameters, context)
    else:
        _refuse_classes(algorithm, parameters, context)
    chosen_device(algorithm, parameters, context)
    chosen_precision(algorithm, parameters, context)
    parse_nodata_values(algorithm.parameterAsString(parameters, "NODATA_VALUES", context))


def _refuse_classes(
    algorithm: LandCoverAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> None:
    """Refuse MASK_CLASSES without a mask, and with a mask of polygons."""
    if algorithm.parameterAsString(parameters, MASK_CLASSES, context).strip():
        raise ParameterError(
            "MASK_CLASSES names classes of a mask raster, and MASK is not a raster",
            where=MASK_CLASSES,
            advice="Leave it empty, or choose a raster as MASK.",
        )


class RequestMaker:
    """Makes the requests of a run; used in the context's thread.

    Args:
        algorithm: Has the parameters; its ``files`` learn of the polygons that were written.
        parameters: Of the run.
        context: Of the run.
        feedback: Gets what the worker cannot honour.
        output: Name of the parameter that says where to write.
    """

    def __init__(
        self,
        algorithm: LandCoverAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        output: str,
    ) -> None:
        self._algorithm = algorithm
        self._parameters = parameters
        self._context = context
        self._feedback = feedback
        # A temporary output has another name next time, so nothing could go on with it.
        self._is_kept = bool(given_path(parameters.get(output), context))
        self._polygons: dict[str, str] = {}

    def request(self, raster: QgsRasterLayer) -> ClassifyRequest:
        """Return the request for ``raster``, still without its outputs.

        Raises:
            LandCoverError: The worker cannot read the raster, or the mask or the extent does not fit it.
        """
        from ...core.requests.classify import ClassifyRequest, FileOptions, MapGrid, Products
        from ...core.requests.common import RasterInputs

        algorithm, parameters, context = self._algorithm, self._parameters, self._context
        return ClassifyRequest(
            inputs=RasterInputs(
                raster=raster_source(raster, self._feedback),
                extra=tuple(
                    raster_source(item, self._feedback) for item in extra_inputs(parameters, context)
                ),
                resampling=algorithm.parameterAsString(parameters, "RESAMPLING", context),
                band_names=algorithm.parameterAsString(parameters, "BAND_NAMES", context),
                nodata_values=parse_nodata_values(
                    algorithm.parameterAsString(parameters, "NODATA_VALUES", context)
                ),
            ),
            model=str(model_parameter(algorithm, parameters, context)),
            products=Products(
                map="",
                coverage=algorithm.parameterAsDouble(parameters, "COVERAGE", context),
                decision=algorithm.parameterAsEnumString(parameters, "DECISION", context),
                tta=algorithm.parameterAsBoolean(parameters, "TTA", context),
                mc_samples=algorithm.parameterAsInt(parameters, "MC_SAMPLES", context),
                mmu=algorithm.parameterAsDouble(parameters, "MMU", context),
            ),
            region=self._region(raster),
            grid=MapGrid(
                stride=algorithm.parameterAsInt(parameters, "STRIDE", context),
                fill=algorithm.parameterAsBoolean(parameters, "FILL", context),
                min_valid=algorithm.parameterAsDouble(parameters, "MIN_VALID", context),
            ),
            compute=self._compute(),
            form=FileOptions(
                share_type=algorithm.parameterAsEnumString(parameters, "SHARE_TYPE", context),
                compression=algorithm.parameterAsEnumString(parameters, "COMPRESSION", context),
                cog=algorithm.parameterAsBoolean(parameters, "COG", context),
                resume=self._is_kept and algorithm.parameterAsBoolean(parameters, "RESUME", context),
            ),
            allow_different_values=algorithm.parameterAsBoolean(
                parameters, "ALLOW_DIFFERENT_VALUES", context
            ),
        )

    def _region(self, raster: QgsRasterLayer) -> Region:
        from ...core.requests.classify import Region

        algorithm, parameters, context = self._algorithm, self._parameters, self._context
        mask_polygons = mask_raster = None
        if is_given(parameters, "MASK"):
            layer = mask_layer(algorithm, parameters, context)
            if layer.type() == Qgis.LayerType.Raster:
                mask_raster = raster_source(layer, self._feedback)
            else:
                mask_polygons = self._mask_polygons(raster)
        extent = classified_extent(algorithm, raster, parameters, context)
        classes = algorithm.parameterAsString(parameters, MASK_CLASSES, context)
        return Region(mask_polygons, mask_raster, extent, classes)

    def _compute(self) -> Compute:
        from ...core.requests.classify import Compute

        algorithm, parameters, context = self._algorithm, self._parameters, self._context
        return Compute(
            device=chosen_device(algorithm, parameters, context),
            backend=algorithm.parameterAsEnumString(parameters, "BACKEND", context),
            precision=self._precision(),
            batch_size=algorithm.parameterAsInt(parameters, "BATCH_SIZE", context),
            exact=algorithm.parameterAsBoolean(parameters, "EXACT", context),
        )

    def _precision(self) -> str:
        """Return the precision; ``auto`` for outputs that need 32 bits, see ``core.tasks.classify``."""
        from ...core.requests.classify import FP32_PRODUCTS

        algorithm, parameters, context = self._algorithm, self._parameters, self._context
        # One raster has an output of that name, many have a list of words.
        words = algorithm.parameterAsEnumStrings(parameters, "MORE", context)
        is_exact = any(
            is_given(parameters, item.name) or item.word in words
            for item in PRODUCT_PARAMETERS
            if item.product in FP32_PRODUCTS
        )
        is_open = algorithm.parameterAsEnumString(parameters, "PRECISION", context) == AUTO
        return AUTO if is_exact and is_open else chosen_precision(algorithm, parameters, context)

    def _mask_polygons(self, raster: QgsRasterLayer) -> str:
        """Return the file of the mask's polygons in the raster's CRS, written once for each of them."""
        crs = raster.crs().toWkt()
        if crs not in self._polygons:
            source = source_of(self._parameters.get("MASK"), self._context, self._feedback)
            path = str(write_polygons(source, raster.crs(), self._context, self._feedback))
            self._polygons[crs] = path
            self._algorithm.files[path] = source.sourceName()
        return self._polygons[crs]


def mask_layer(
    algorithm: LandCoverAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> QgsMapLayer:
    """Return the valid layer of the parameter MASK.

    Raises:
        LandCoverError: There is none, a server does not give it, or its file has several layers.
    """
    kinds = (Qgis.LayerType.Vector, Qgis.LayerType.Raster)
    one_layer(parameters.get("MASK"), kinds, context)
    gdal.ErrorReset()
    layer = algorithm.parameterAsLayer(parameters, "MASK", context)
    if layer is None or not layer.isValid():
        if is_remote(value_text(parameters["MASK"])):
            raise why_unreachable(value_text(parameters["MASK"]))
        raise ParameterError(
            "There is no such mask layer",
            where=value_text(parameters["MASK"]),
            advice="Check the path or choose another layer.",
        )
    return layer


def classified_extent(
    algorithm: LandCoverAlgorithm,
    raster: QgsRasterLayer,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
) -> tuple[float, float, float, float] | None:
    """Return (xmin, ymin, xmax, ymax) of the parameter EXTENT in the raster's CRS; None where it is empty.

    Raises:
        ParameterError: It is no extent there.
    """
    if not is_given(parameters, "EXTENT"):
        return None
    box = algorithm.parameterAsExtent(parameters, "EXTENT", context, raster.crs())
    if box.isNull() or box.isEmpty() or not box.isFinite():
        raise ParameterError(
            "The extent is empty, or cannot be reprojected to the raster",
            where="EXTENT",
            advice="Give xmin,xmax,ymin,ymax and the CRS in brackets, for example "
            "300000,310000,9800000,9810000 [EPSG:32748].",
        )
    return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()


def style_products(result: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
    """Write the styles of the optional rasters of a classification.

    Args:
        result: ``ClassifyResult`` as plain values.
        feedback: Receives a warning where a style cannot be written.
    """
    for product in result["products"]:
        if product["is_ramp"]:
            style_fractions(product["path"], feedback, product["limit"])
