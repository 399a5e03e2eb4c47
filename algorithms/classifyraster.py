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

from ..core.files import RASTER_SUFFIXES
from ..core.marks import MAP
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .last_model import remember_model
from .layers.classify_layers import landed_layers, run_subject
from .layers.landing import land_layers
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.classify import PRODUCT_PARAMETERS, classify_parameters
from .parameters.classify_request import RequestMaker, check_classification, classified_extent, style_products
from .parameters.common import (
    EXTRA_INPUTS_DETAILS,
    EXTRA_INPUTS_HELP,
    MODEL_HELP,
    extra_inputs_parameter,
    is_given,
    model_definition,
)
from .parameters.outputs import absolute

if TYPE_CHECKING:
    from ..core.requests.classify import ClassifyRequest


class ClassifyRaster(LandCoverAlgorithm):
    """A multi-band raster and a model to a styled map on the raster's grid."""

    ID = "classifyraster"
    TITLE = "Classify a raster"
    SUMMARY = "Makes a styled land-cover map from a raster and a trained model."
    GROUP = "Maps"
    TAGS = ("classify", "predict", "inference", "map", "resnet", "neural network")
    FILES = (
        ("OUTPUT", MAP, RASTER_SUFFIXES),
        *((product.name, product.product, RASTER_SUFFIXES) for product in PRODUCT_PARAMETERS),
    )
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
        "is wrong. <i>The values of the raster are not those that the model was trained with</i>: the "
        "message has "
        "both ranges; bring the raster to the unit of the training. <i>The output cannot be replaced</i>: "
        "remove the layer that shows it. <i>… was killed "
        "(signal 9), perhaps because memory ran out</i>: use a smaller BATCH_SIZE or EXTENT and run the same "
        "again; it goes on where it was.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Raster to classify")),
            "A multi-band raster with the bands that the model was trained on.",
        )
        self.add(extra_inputs_parameter(), EXTRA_INPUTS_HELP, details=EXTRA_INPUTS_DETAILS)
        self.add(model_definition(), MODEL_HELP)
        for described in classify_parameters():
            self.add(*described)
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", tr("Land-cover map")),
            "GeoTIFF (.tif) of class values. It opens with the names and colours of the classes.",
        )
        for product in PRODUCT_PARAMETERS:
            self.add(
                QgsProcessingParameterRasterDestination(
                    product.name, tr(product.title), optional=True, createByDefault=False
                ),
                product.help,
                details=product.details,
            )
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputNumber("PATCHES", tr("Classified patches")))
        self.addOutput(QgsProcessingOutputNumber("SECONDS", tr("Seconds")))
        self.addOutput(QgsProcessingOutputNumber("PATCHES_PER_SECOND", tr("Patches per second")))
        self.addOutput(QgsProcessingOutputNumber("APPLICABLE_SHARE", tr("Fraction inside the area (0 to 1)")))
        self.addOutput(QgsProcessingOutputString("DEVICE", tr("Device used")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        check_classification(self, parameters, context)
        classified_extent(self, raster, parameters, context)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, "OUTPUT", context))
        asked = [product for product in PRODUCT_PARAMETERS if is_given(parameters, product.name)]
        more = {
            product.name: absolute(self.parameterAsOutputLayer(parameters, product.name, context))
            for product in asked
        }
        products = self.request.products.at(output, {item.product: more[item.name] for item in asked})
        result = self.run_task("classify", replace(self.request, products=products), feedback)
        style_products(result, feedback)
        remember_model(self.request.model)
        self._land(result["output"], more, context)
        figures = result["figures"]
        return self.told(
            {
                "OUTPUT": result["output"],
                **more,
                "PATCHES": result["patches"],
                "SECONDS": result["seconds"],
                "PATCHES_PER_SECOND": result["patches_per_second"],
                **({"APPLICABLE_SHARE": figures["inside"]} if "inside" in figures else {}),
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
