"""Classify a raster with a model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ..core.errors import ParameterError
from ..core.raster.gdal_options import is_remote
from .base import LandCoverAlgorithm
from .classify_parameters import classify_parameters
from .outputs import absolute, check_output_parameter, given_path
from .parameters import (
    EXTRA_INPUTS_HELP,
    MODEL_HELP,
    check_device_name,
    extra_inputs_parameter,
    is_given,
    model_definition,
    model_parameter,
    value_text,
)
from .rasters import check_crs, check_extra_inputs, extra_inputs, raster_parameter, raster_source
from .servers import why_unreachable
from .share_styles import style_shares
from .translation import tr
from .vectors import source_of, write_polygons

if TYPE_CHECKING:
    from ..core.tasks.classify import ClassifyRequest

_SHARES = (
    (
        "PROBABILITIES",
        "Probabilities",
        "GeoTIFF of the probability (0 to 1) of each class, a band a class (.tif).",
    ),
    (
        "UNCERTAINTY",
        "Uncertainty",
        "GeoTIFF of three bands (.tif): the highest probability, its margin over the second one, and the "
        "entropy, divided by its largest value, so that it is 1 where all classes are equally probable and 0 "
        "where one is certain. TTA and MC_SAMPLES add a band each. Choose the band in the layer's style.",
    ),
)
_APPLICABILITY = (
    "APPLICABILITY",
    "Area of applicability",
    "GeoTIFF of two bands (.tif): the dissimilarity index, which is how far a pixel is from the training "
    "samples in what the model looks at, divided by how far those are from each other; and 1 inside the area "
    "of applicability, 0 outside (Meyer and Pebesma 2021). Inside, the index is no larger than usual among "
    "samples that training held out, so that the model's accuracy may be expected there; outside, in red, "
    "nothing is known of it. The log and APPLICABLE_SHARE say how much of the map lies inside.",
)
_SETS = (
    "PREDICTION_SETS",
    "Prediction sets",
    "GeoTIFF of the number of classes that a pixel may have (.tif): 1 is sure, more is doubt, and 0 is a "
    "pixel like none of the classes. The pixel's true class is among them in a share COVERAGE of the cases, "
    "on ground like that of the samples that training held out (conformal prediction). The training report "
    "says what share it was on the test.",
)
_MORE = (*_SHARES, _APPLICABILITY, _SETS)


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
        "Pixels without enough valid data around them are nodata. Probabilities and uncertainty become "
        "rasters of their own, if you name them.</p>"
        "<p><b>Stopped?</b> What a cancelled or interrupted run has finished is kept beside the output; the "
        "same run goes on from there, and its map is the same to the last pixel.</p>"
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
        for definition, help, advanced in classify_parameters():
            self.add(definition, help, advanced)
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", tr("Land-cover map")),
            "GeoTIFF of class values (.tif). It opens with the classes' names and colours.",
        )
        for name, title, help in _MORE:
            self.add(
                QgsProcessingParameterRasterDestination(
                    name, tr(title), optional=True, createByDefault=False
                ),
                help,
            )
        self.addOutput(QgsProcessingOutputNumber("PATCHES", tr("Classified patches")))
        self.addOutput(QgsProcessingOutputNumber("SECONDS", tr("Seconds")))
        self.addOutput(QgsProcessingOutputNumber("PATCHES_PER_SECOND", tr("Patches a second")))
        self.addOutput(QgsProcessingOutputNumber("APPLICABLE_SHARE", tr("Share inside the area (0 to 1)")))
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
                source_of(parameters.get("MASK"), context)
        if is_given(parameters, "EXTENT"):
            self._extent(parameters, context)
        check_device_name(self.parameterAsString(parameters, "DEVICE", context))
        for name in ("OUTPUT", *(name for name, _, _ in _MORE)):
            check_output_parameter(parameters, name, (".tif", ".tiff"), context)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, "OUTPUT", context))
        more = {
            name: absolute(self.parameterAsOutputLayer(parameters, name, context))
            for name, _, _ in _MORE
            if is_given(parameters, name)
        }
        request = replace(
            self.request,
            output=output,
            probabilities=more.get("PROBABILITIES"),
            uncertainty=more.get("UNCERTAINTY"),
            applicability=more.get("APPLICABILITY"),
            sets=more.get("PREDICTION_SETS"),
        )
        result = self.run_task("classify", request, feedback)
        for name, path in more.items():
            # The colours of the sets stand in their file, as those of the map.
            if name != "PREDICTION_SETS":
                style_shares(path, feedback, result["limit"] if name == "APPLICABILITY" else None)
        return {
            "OUTPUT": result["output"],
            **more,
            "PATCHES": result["patches"],
            "SECONDS": result["seconds"],
            "PATCHES_PER_SECOND": result["patches_per_second"],
            "APPLICABLE_SHARE": result["inside"],
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
                source = source_of(parameters.get("MASK"), context)
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
            fill=self.parameterAsBoolean(parameters, "FILL", context),
            min_valid=self.parameterAsDouble(parameters, "MIN_VALID", context),
            device=self.parameterAsString(parameters, "DEVICE", context),
            backend=self.parameterAsEnumString(parameters, "BACKEND", context),
            precision=self.parameterAsEnumString(parameters, "PRECISION", context),
            batch_size=self.parameterAsInt(parameters, "BATCH_SIZE", context),
            exact=self.parameterAsBoolean(parameters, "EXACT", context),
            decision=self.parameterAsEnumString(parameters, "DECISION", context),
            coverage=self.parameterAsDouble(parameters, "COVERAGE", context),
            tta=self.parameterAsBoolean(parameters, "TTA", context),
            mc_samples=self.parameterAsInt(parameters, "MC_SAMPLES", context),
            share_type=self.parameterAsEnumString(parameters, "SHARE_TYPE", context),
            compression=self.parameterAsEnumString(parameters, "COMPRESSION", context),
            cog=self.parameterAsBoolean(parameters, "COG", context),
            # A temporary output has another name next time, so nothing could go on with it.
            resume=self.parameterAsBoolean(parameters, "RESUME", context)
            and bool(given_path(parameters.get("OUTPUT"), context)),
        )

    def _mask_layer(self, parameters: dict[str, Any], context: QgsProcessingContext) -> QgsMapLayer:
        gdal.ErrorReset()
        layer = self.parameterAsLayer(parameters, "MASK", context)
        if layer is None or not layer.isValid():
            if is_remote(value_text(parameters["MASK"])):
                raise why_unreachable(value_text(parameters["MASK"]))
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
