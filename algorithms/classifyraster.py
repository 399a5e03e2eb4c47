"""Classify a raster with a model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterExtent,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ..core.errors import ParameterError
from .base import LandCoverAlgorithm
from .outputs import absolute, check_output_parameter
from .parameters import (
    BAND_NAMES_HELP,
    DEVICE_HELP,
    EXTRA_INPUTS_HELP,
    MODEL_HELP,
    RESAMPLING_HELP,
    band_names_parameter,
    check_device_name,
    device_parameter,
    extra_inputs_parameter,
    is_given,
    model_definition,
    model_parameter,
    resampling_parameter,
    value_text,
)
from .rasters import check_crs, check_extra_inputs, extra_inputs, raster_parameter, raster_source
from .translation import tr
from .vectors import vector_parameter, write_polygons

if TYPE_CHECKING:
    from ..core.tasks.classify import ClassifyRequest

_INTEGER = Qgis.ProcessingNumberParameterType.Integer
_DOUBLE = Qgis.ProcessingNumberParameterType.Double


class ClassifyRaster(LandCoverAlgorithm):
    """A multi-band raster and a model to a styled map on the raster's grid."""

    ID = "classifyraster"
    TITLE = "Classify a raster"
    SUMMARY = "Makes a styled land-cover map from a raster and a trained model."
    GROUP = "Maps"
    TAGS = ("classify", "predict", "inference", "map", "resnet", "neural network")
    HELP = (
        "<p>Classifies every pixel of a raster with a model of <b>Train a land-cover model</b>.</p>"
        "<p><b>Inputs.</b> A raster with the bands of the model: they are found by name, else by number, "
        "else the run is refused with both lists. The model brings its indices, scaling and classes. A model "
        "that was trained with extra rasters needs them here too; a pixel is classified where all of its "
        "bands are valid.</p>"
        "<p><b>Output.</b> A GeoTIFF on the exact grid of the raster, with your own class values, names "
        "and colours; they stand in the file and in the .aux.xml beside it, so keep the two together. "
        "Pixels without enough valid data around them are nodata.</p>"
        "<p><b>Typical values.</b> Leave the advanced parameters alone for a full map; a stride of 4 "
        "gives a quick look in a sixteenth of the time.</p>"
        "<p><b>Run time.</b> The log says how many patches there are and how long they will take. ResNet50 "
        "on two processor cores (measured on an AMD EPYC): about 2,200 pixels a second with patches of 16 "
        "pixels, 1,200 with patches of 32; a GPU is faster.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Raster to classify")),
            "A multi-band raster with the bands that the model was trained on.",
        )
        self.add(extra_inputs_parameter(), EXTRA_INPUTS_HELP)
        self.add(model_definition(), MODEL_HELP)
        self._add_advanced()
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", tr("Land-cover map")),
            "GeoTIFF of class values (.tif). It opens with the classes' names and colours.",
        )
        self.addOutput(QgsProcessingOutputNumber("PATCHES", tr("Classified patches")))
        self.addOutput(QgsProcessingOutputNumber("SECONDS", tr("Seconds")))
        self.addOutput(QgsProcessingOutputNumber("PATCHES_PER_SECOND", tr("Patches a second")))
        self.addOutput(QgsProcessingOutputString("DEVICE", tr("Device that computed")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        from ..core.models.card import read_card

        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        check_extra_inputs(self, parameters, context)
        read_card(model_parameter(self, parameters, context))
        if is_given(parameters, "MASK"):
            layer = self._mask_layer(parameters, context)
            if layer.type() == Qgis.LayerType.Raster:
                raster_source(layer)
            else:
                vector_parameter(self, "MASK", parameters, context)
        if is_given(parameters, "EXTENT"):
            self._extent(parameters, context)
        check_device_name(self.parameterAsString(parameters, "DEVICE", context))
        check_output_parameter(parameters, "OUTPUT", (".tif", ".tiff"), context)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, "OUTPUT", context))
        result = self.run_task("classify", replace(self.request, output=output), feedback)
        return {
            "OUTPUT": result["output"],
            "PATCHES": result["patches"],
            "SECONDS": result["seconds"],
            "PATCHES_PER_SECOND": result["patches_per_second"],
            "DEVICE": result["device"],
        }

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> ClassifyRequest:
        from ..core.tasks.classify import ClassifyRequest

        raster = raster_parameter(self, "INPUT", parameters, context)
        mask_polygons = mask_raster = None
        if is_given(parameters, "MASK"):
            layer = self._mask_layer(parameters, context)
            if layer.type() == Qgis.LayerType.Raster:
                mask_raster = raster_source(layer, feedback)
            else:
                source = vector_parameter(self, "MASK", parameters, context)
                mask_polygons = str(write_polygons(source, raster.crs(), context, feedback))
                self.files[mask_polygons] = source.sourceName()
        return ClassifyRequest(
            input=raster_source(raster, feedback),
            model=str(model_parameter(self, parameters, context)),
            output="",
            extra_inputs=tuple(raster_source(item, feedback) for item in extra_inputs(parameters, context)),
            band_names=self.parameterAsString(parameters, "BAND_NAMES", context),
            resampling=self.parameterAsString(parameters, "RESAMPLING", context),
            mask_polygons=mask_polygons,
            mask_raster=mask_raster,
            extent=self._extent(parameters, context) if is_given(parameters, "EXTENT") else None,
            stride=self.parameterAsInt(parameters, "STRIDE", context),
            min_valid=self.parameterAsDouble(parameters, "MIN_VALID", context),
            device=self.parameterAsString(parameters, "DEVICE", context),
            batch_size=self.parameterAsInt(parameters, "BATCH_SIZE", context),
        )

    def _mask_layer(self, parameters: dict[str, Any], context: QgsProcessingContext) -> QgsMapLayer:
        layer = self.parameterAsLayer(parameters, "MASK", context)
        if layer is None or not layer.isValid():
            raise ParameterError(
                "There is no such mask layer",
                where=value_text(parameters["MASK"]),
                advice="Check the path or choose another layer.",
            )
        return layer

    def _extent(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[float, float, float, float]:
        crs = raster_parameter(self, "INPUT", parameters, context).crs()
        box = self.parameterAsExtent(parameters, "EXTENT", context, crs)
        if box.isNull() or box.isEmpty() or not box.isFinite():
            raise ParameterError(
                "The extent is empty, or cannot be reprojected to the raster",
                where="EXTENT",
                advice="Give xmin,xmax,ymin,ymax and the CRS in brackets, for example "
                "300000,310000,9800000,9810000 [EPSG:32748].",
            )
        return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()

    def _add_advanced(self) -> None:
        self.add(
            QgsProcessingParameterMapLayer(
                "MASK",
                tr("Mask"),
                optional=True,
                types=[
                    int(Qgis.ProcessingSourceType.VectorPolygon.value),
                    int(Qgis.ProcessingSourceType.Raster.value),
                ],
            ),
            "Only pixels whose centre lies in a polygon of this layer are classified; or, with a raster, "
            "those where it is valid and not 0.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            "Only this part is classified; the map then covers it in whole pixels of the raster.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("STRIDE", tr("Stride (pixels)"), _INTEGER, 1, minValue=1),
            "Every n-th pixel in both directions is classified and its class fills the cell; 1 is every "
            "pixel.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "MIN_VALID", tr("Least valid share of a patch"), _DOUBLE, 0.5, minValue=0.0, maxValue=1.0
            ),
            "A pixel becomes nodata where less than this share (0 to 1) of the patch around it is valid.",
            advanced=True,
        )
        self.add(band_names_parameter(), BAND_NAMES_HELP, advanced=True)
        self.add(resampling_parameter(), RESAMPLING_HELP, advanced=True)
        self.add(device_parameter(), DEVICE_HELP, advanced=True)
        self.add(
            QgsProcessingParameterNumber("BATCH_SIZE", tr("Batch size (patches)"), _INTEGER, 0, minValue=0),
            "Patches that are computed together; 0 chooses by the device's memory.",
            advanced=True,
        )
