"""Classify a raster with a model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from .base import LandCoverAlgorithm
from .classify_layers import landed_layers, run_subject
from .classify_parameters import MORE_OUTPUTS, classify_parameters
from .classify_request import RequestMaker, check_classification, classified_extent, style_more
from .landing import land_layers
from .last_model import remember_model
from .outputs import absolute, check_output_parameter
from .parameters import (
    EXTRA_INPUTS_HELP,
    MODEL_HELP,
    extra_inputs_parameter,
    is_given,
    model_definition,
)
from .rasters import check_crs, raster_parameter, raster_source
from .translation import tr

if TYPE_CHECKING:
    from ..core.requests.classify import ClassifyRequest

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
    "samples of different polygons or blocks, so that the model's accuracy may be expected there; outside, "
    "in red, nothing is known of it. The log and APPLICABLE_SHARE say how much of the map lies inside.",
)
_SETS = (
    "PREDICTION_SETS",
    "Prediction sets",
    "GeoTIFF of the number of classes that a pixel may have (.tif): 1 is sure, more is doubt, and 0 is a "
    "pixel like none of the classes. The pixel's true class is among them in about a share COVERAGE of the "
    "cases, averaged over ground like that of the samples that training held out (conformal prediction). The "
    "training report says what share it was on the test.",
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
        "else the run is refused with both lists. The model brings its indices, scaling and classes. A "
        "model that was trained with extra rasters needs them here too; a pixel is classified where all of "
        "its bands are valid.</p>"
        "<p><b>Outputs.</b> A GeoTIFF on the exact grid of the raster, with your own class values, names "
        "and colours; they stand in the file and in the .aux.xml beside it, so keep the two together. "
        "Pixels without enough valid data around them are nodata. Probabilities, uncertainty and the like "
        "become rasters of their own, if you name them. What a cancelled or interrupted run has finished "
        "is kept beside the output; the same run goes on from there, and its map is the same to the last "
        "pixel.</p>"
        "<p><b>Typical values.</b> Leave the advanced parameters alone for a full map; a stride of 4 gives "
        "a quick look in a sixteenth of the time.</p>"
        "<p><b>Run time.</b> The log says how many patches there are and how long they will take. ResNet50 "
        "with patches of 32 pixels on two cores of an AMD EPYC: about 5,500 pixels a second in 16 bits, "
        "3,100 in 32; a U-Net with ResNet50 220,000. A new worker takes about 10 seconds to start.</p>"
        "<p><b>Common errors.</b> <i>The raster's bands are not those of the model</i>: the message has "
        "both lists; choose the right raster, or name its bands as the model does in BAND_NAMES. <i>There "
        "is nothing to classify</i>: mask, extent or extra rasters show another place, or a nodata value "
        "is wrong. <i>The output cannot be replaced</i>: remove the layer that shows it. <i>… was killed "
        "(signal 9), perhaps because memory ran out</i>: use a smaller BATCH_SIZE or EXTENT and run the same "
        "again; it goes on where it was.</p>"
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
        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        check_classification(self, parameters, context)
        classified_extent(self, raster, parameters, context)
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
        fields = {MORE_OUTPUTS[name]: path for name, path in more.items()}
        result = self.run_task("classify", replace(self.request, output=output, **fields), feedback)
        style_more(more, result, feedback)
        remember_model(self.request.model)
        self._land(result["output"], more, context)
        return self.told(
            {
                "OUTPUT": result["output"],
                **more,
                "PATCHES": result["patches"],
                "SECONDS": result["seconds"],
                "PATCHES_PER_SECOND": result["patches_per_second"],
                **({} if result["inside"] is None else {"APPLICABLE_SHARE": result["inside"]}),
                "DEVICE": result["device"],
            },
            feedback,
        )

    def _land(self, output: str, more: dict[str, str], context: QgsProcessingContext) -> None:
        about = run_subject(self.request, context)
        layers = landed_layers("OUTPUT", output, more)
        land_layers(self, context, about, layers, group=about or tr("Land cover"))

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> ClassifyRequest:
        raster = raster_parameter(self, "INPUT", parameters, context)
        return RequestMaker(self, parameters, context, feedback, "OUTPUT").request(raster)
