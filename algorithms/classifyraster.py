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
from .layers.classify_layers import layers_to_load, run_subject
from .layers.loading import load_on_completion
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
from .parameters.groups import BANDS
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
        "<p><b>Inputs.</b> A raster with the bands of the model. Bands are found by name, else by number; "
        "where both fail, the error lists the bands of both. The model contains its indices, scaling and "
        "classes. A model that was trained with extra rasters needs them here too. A pixel is classified "
        "where all of its bands are valid.</p>"
        "<p><b>Outputs.</b> A GeoTIFF on the grid of the raster, with your class values, names and colours. "
        "They are stored in the file and in the .aux.xml file beside it, so keep the two together. Pixels "
        "without enough valid data around them are nodata. Probabilities, uncertainty and other optional "
        "rasters are written where you give them a file. The finished tiles of a cancelled or interrupted "
        "run are stored beside the output. The same run resumes from them, and its map is identical.</p>"
        "<p><b>Typical values.</b> The defaults of the advanced parameters for a full map. A stride of 4 "
        "gives a preview in about a sixteenth of the time, except with a ResNet that has a centre branch.</p>"
        "<p><b>Run time.</b> The log says how many patches there are and the estimated time. ResNet50 with "
        "patches of 32 pixels on two cores of an AMD EPYC: about 5,500 pixels per second in 16 bits, 3,100 "
        "in 32; a U-Net with ResNet50 220,000. A new worker takes about 10 seconds to start.</p>"
        "<p><b>Common errors.</b> <i>The raster's bands are not those of the model</i>: the error lists "
        "both; choose the right raster, or name its bands as the model does in BAND_NAMES. <i>There is "
        "nothing to classify</i>: mask, extent or extra rasters cover another area, or a nodata value is "
        "wrong. <i>The values of the raster are not those that the model was trained with</i>: the error "
        "gives both ranges; convert the raster to the unit of the training. <i>The output cannot be "
        "replaced</i>: remove the layer that shows it. <i>… was killed (signal 9), perhaps because memory "
        "ran out</i>: use a smaller BATCH_SIZE or EXTENT and run the same again; it resumes.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Raster to classify")),
            "A multi-band raster with the bands that the model was trained on.",
        )
        self.add(extra_inputs_parameter(), EXTRA_INPUTS_HELP, False, EXTRA_INPUTS_DETAILS, BANDS)
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
        self.add_dry_run()
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
        return self.finish(
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
        layers = layers_to_load("OUTPUT", output, more)
        load_on_completion(self, context, about, layers, group=about or tr("Land cover"))

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> ClassifyRequest:
        raster = raster_parameter(self, "INPUT", parameters, context)
        return RequestMaker(self, parameters, context, feedback, "OUTPUT").request(raster)
