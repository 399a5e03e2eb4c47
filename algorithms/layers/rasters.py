"""From a raster layer of QGIS to a source that the worker's GDAL can open."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameters,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsRasterLayer,
)

from ...core.errors import RasterError
from ...core.options import parse_resampling
from ...core.raster.source import RasterSource, is_remote
from ...core.text import Text
from ..i18n.messages import translated_message
from ..parameters.common import EXTRA_INPUTS, flattened, value_text
from .datasets import parts_of, product_parts, qgis_raster, whole_name
from .servers import why_unreachable

_EXPORT = "Export the layer to a GeoTIFF (Export > Save As…) and use that."


def raster_parameter(
    algorithm: QgsProcessingAlgorithm, name: str, parameters: dict[str, Any], context: QgsProcessingContext
) -> QgsRasterLayer:
    """Return the valid raster layer that the parameter ``name`` means.

    Raises:
        RasterError: No such file, or QGIS cannot open it.
    """
    _check_is_one_raster(parameters.get(name))
    gdal.ErrorReset()
    layer = algorithm.parameterAsRasterLayer(parameters, name, context)
    if layer is not None and layer.isValid():
        return layer
    raise _why_invalid(layer.source() if layer is not None else value_text(parameters.get(name)), name)


def extra_inputs(parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsRasterLayer]:
    """Return the valid raster layers that EXTRA_INPUTS means, in their order.

    Raises:
        RasterError: No such file, or QGIS cannot open it.
    """
    return raster_layers(EXTRA_INPUTS, parameters, context)


def raster_layers(
    name: str, parameters: dict[str, Any], context: QgsProcessingContext
) -> list[QgsRasterLayer]:
    """Return the valid raster layers that a parameter for several means, in their order.

    Not by Processing's own list, which leaves out what it cannot open.

    Raises:
        RasterError: No such file, or QGIS cannot open it.
    """
    definition = QgsProcessingParameterRasterLayer(name)
    layers = []
    for item in listed(name, parameters):
        _check_is_one_raster(item)
        gdal.ErrorReset()
        layer = QgsProcessingParameters.parameterAsRasterLayer(definition, item, context)
        if layer is None or not layer.isValid():
            raise _why_invalid(layer.source() if layer is not None else value_text(item), name)
        layers.append(layer)
    return layers


def listed(name: str, parameters: dict[str, Any]) -> list[Any]:
    """Return the items of a parameter for several layers."""
    value = parameters.get(name)
    return flattened(value) if isinstance(value, (list, tuple)) or value_text(value) else []


def one_of_many(item: Any, name: str, context: QgsProcessingContext) -> QgsRasterLayer:
    """Return the valid raster layer that an item of the parameter ``name`` means.

    Raises:
        RasterError: No such file, or QGIS cannot open it.
    """
    _check_is_one_raster(item)
    layer = item
    if not isinstance(item, QgsMapLayer):
        layer = QgsProcessingUtils.mapLayerFromString(str(item), context, allowLoadingNewLayers=False)
    if layer is None:
        # Its style could make QGIS read the pixels. The context would keep it, and hundreds of files open.
        options = QgsRasterLayer.LayerOptions(loadDefaultStyle=False)
        gdal.ErrorReset()
        layer = QgsRasterLayer(str(item), Path(str(item)).stem, "gdal", options)
    if isinstance(layer, QgsRasterLayer) and layer.isValid():
        return layer
    raise _why_invalid(layer.source(), name)


def check_extra_inputs(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> None:
    """Refuse extra rasters that the worker cannot open, and resamplings that do not fit them.

    Raises:
        RasterError: Only QGIS can read one of them, or nobody can.
        ParameterError: RESAMPLING is malformed.
    """
    layers = extra_inputs(parameters, context)
    for layer in layers:
        raster_source(layer)
    parse_resampling(algorithm.parameterAsString(parameters, "RESAMPLING", context), len(layers))


def raster_source(layer: QgsRasterLayer, feedback: QgsProcessingFeedback | None = None) -> RasterSource:
    """Return where the worker finds the raster of ``layer``, with the nodata value set in QGIS.

    Args:
        layer: A valid raster layer.
        feedback: Gets a warning for what the worker cannot honour; with it, pixels are read that the
            worker must read alike.

    Raises:
        RasterError: Only QGIS can read the source, or it needs credentials that QGIS keeps.
    """
    if layer.providerType() != "gdal":
        raise RasterError(
            "The layer comes from the provider {provider!r}, which only QGIS can read",
            where=layer.name(),
            advice=_EXPORT,
            provider=layer.providerType(),
        )
    parts = QgsProviderRegistry.instance().decodeUri("gdal", layer.source())
    if parts.get("authcfg") or parts.get("credentialOptions"):
        raise RasterError(
            "The layer needs credentials that QGIS stores and does not pass on",
            where=layer.name(),
            advice=_EXPORT,
        )
    if parts.get("openOptions") and feedback is not None:
        options = ", ".join(parts["openOptions"])
        feedback.pushWarning(
            translated_message(
                Text(
                    "The open options of the layer {layer} are not used: {options}.",
                    layer=layer.name(),
                    options=options,
                )
            )
        )
    provider = layer.dataProvider()
    if feedback is not None and provider.sourceHasNoDataValue(1) and not provider.useSourceNoDataValue(1):
        feedback.pushWarning(
            translated_message(
                Text(
                    "The nodata value {value} of the file is used, although the properties of the layer "
                    "{layer} switch it off.",
                    value=f"{provider.sourceNoDataValue(1):g}",
                    layer=layer.name(),
                )
            )
        )
    path = layer.source().split("|option:")[0]
    if path.startswith(("/vsimem/", "MEM:")):
        raise RasterError("The layer is kept in the memory of QGIS", where=layer.name(), advice=_EXPORT)
    whole = whole_name(path)
    # Where a run begins, not at each of the checks before it.
    in_qgis = qgis_raster(whole) if feedback is not None else None
    return RasterSource(whole, layer.name(), _user_nodata(layer, feedback), in_qgis)


def check_crs(layer: QgsRasterLayer) -> None:
    """Refuse a raster without a coordinate reference system, or with one that its file does not have.

    Samples, zones and extents are brought onto the layer's system, maps are written in that of the file.

    Raises:
        RasterError: It has none, or the layer has another one than its file.
    """
    own, stored = layer.crs(), layer.dataProvider().crs()
    if not own.isValid() or not stored.isValid():
        raise RasterError(
            "The raster has no coordinate reference system",
            where=layer.name(),
            advice="Assign one with Raster > Projections > Assign Projection.",
        )
    # One system can have several codes and spellings.
    if own != stored and own.toProj() != stored.toProj():
        raise RasterError(
            "The layer has the coordinate reference system {own}, and its file {stored}",
            where=layer.name(),
            advice="Correct the file with Raster > Projections > Assign Projection, or give the layer the "
            "system of its file.",
            own=own.authid() or own.description(),
            stored=stored.authid() or stored.description(),
        )


def _user_nodata(layer: QgsRasterLayer, feedback: QgsProcessingFeedback | None) -> float | None:
    """Return the one value that the user excluded in band 1, where the dialog sets it for all bands."""
    ranges = layer.dataProvider().userNoDataValues(1)
    values = [item.min() for item in ranges if item.min() == item.max() and math.isfinite(item.min())]
    if len(ranges) > len(values[:1]) and feedback is not None:
        feedback.pushWarning(
            translated_message(
                Text(
                    "Of the additional nodata values of the layer {layer} only {value} can be used.",
                    layer=layer.name(),
                    value=values[0] if values else Text("single values"),
                )
            )
        )
    return values[0] if values else None


def _why_invalid(text: str, parameter: str) -> RasterError:
    if not text:
        return RasterError("No raster was given", where=parameter, advice="Choose a raster layer or file.")
    if is_remote(text):
        return why_unreachable(text)
    is_plain_path = ":" not in Path(text).name and not text.startswith("/vsi") and "|" not in text
    if is_plain_path and not os.path.exists(text):
        return RasterError("There is no such raster", where=text, advice="Check the path.")
    parts = product_parts(text) or parts_of(text)
    if parts:
        return _holds_several(text, parts)
    return RasterError(
        "QGIS cannot open the raster", where=text, advice="Check that the file is a raster and is complete."
    )


def _check_is_one_raster(value: Any) -> None:
    """Refuse a Sentinel-2 product before QGIS opens it, which may crash over a product with parts missing.

    Raises:
        RasterError: The sentence lists the rasters in it.
    """
    text = value if isinstance(value, str) else ""
    parts = product_parts(text)
    if parts:
        raise _holds_several(text, parts)


def _holds_several(text: str, parts: list[str]) -> RasterError:
    return RasterError(
        "The file holds several datasets",
        where=text,
        advice="Choose one of: {choices}.",
        choices=", ".join([*parts[:8], *(["…"] if len(parts) > 8 else [])]),
    )
