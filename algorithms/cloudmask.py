"""Make a mask of clouds and their shadows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)

from ..core.files import RASTER_SUFFIXES
from ..core.marks import CLOUD_MASK as MASK_KIND
from ..core.options import AUTO, CLOUD_METHODS, QUANTITIES
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion
from .openproduct import (
    CLOUD_CLASSES,
    CLOUD_CLASSES_DETAILS,
    CLOUD_CLASSES_HELP,
    REFLECTANCE_UNITS,
    VALUE_UNIT_HELP,
    product_path,
)
from .parameters.common import BAND_ROLES_HELP, band_roles_parameter, choice_parameter, titled
from .parameters.fit import given_number
from .parameters.outputs import absolute

if TYPE_CHECKING:
    from ..core.requests.openproduct import CloudMaskRequest

METHOD, NETWORKS, BUFFER, QUANTITY = "METHOD", "NETWORKS", "BUFFER", "QUANTITY"
_DOUBLE = Qgis.ProcessingNumberParameterType.Double
_MAX_BUFFER = 10_000.0
_FILTER = (
    "Products and rasters (*.zip *.tar MTD_MSI*.xml *_MTL.txt *_MTL.json *.tif *.tiff *.vrt *.img);;"
    "All files (*)"
)


class CloudMask(LandCoverAlgorithm):
    """A product, or a raster in reflectance, to a mask of clouds and their shadows."""

    ID = "cloudmask"
    TITLE = "Mask clouds"
    SUMMARY = "Makes a mask of clouds and cloud shadows, by the product or by a network."
    GROUP = "Rasters"
    TAGS = ("cloud", "cloud shadow", "mask", "scl", "qa_pixel", "ukis-csmask", "sentinel-2", "landsat")
    FILES = (("OUTPUT", MASK_KIND, RASTER_SUFFIXES),)
    HELP = (
        "<p>Makes a mask of 1 where it is clear and 0 where there is cloud or cloud shadow, for MASK of "
        "<b>Classify a raster</b>.</p>"
        "<p><b>Inputs.</b> A product of Sentinel-2 or Landsat, as in <b>Open a satellite product</b>, or a "
        "raster in reflectance, such as the stack of that tool. The networks need bands for blue, green, "
        "red and near infrared, and are better with both short-wave infrared bands.</p>"
        "<p><b>Outputs.</b> A GeoTIFF. With METHOD product it is the product’s own quality layer (SCL, "
        "QA_PIXEL). With METHOD csmask it is made by a network of the package ukis-csmask of the German "
        "Aerospace Center, on pixels of about 30 m, for which the networks were trained, and the masked "
        "pixels grow by 120 m, as the package does.</p>"
        "<p><b>Typical values.</b> METHOD auto, which is the product’s layer where there is one. csmask for "
        "Sentinel-2 of level 1C, and where the product’s mask misses clouds.</p>"
        "<p><b>Run time.</b> The product’s layer takes seconds. The network of six bands took 35 seconds "
        "for a Landsat scene of 1.8 million pixels, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The networks of the package ukis-csmask are not installed</i>: run "
        "<b>Set up the environment</b> with CLOUD_NETWORKS on, or give NETWORKS. <i>It is not known whether "
        "the values are reflectance of the surface …</i>: set QUANTITY. <i>The unit of the raster’s values "
        "is not clear</i>: set VALUE_UNIT.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterFile(
                "INPUT",
                tr("Product or raster"),
                Qgis.ProcessingFileParameterBehavior.File,
                fileFilter=tr(_FILTER),
            ),
            "Archive or metadata file of a Sentinel-2 or Landsat product, or a raster in reflectance. The "
            "path of a product’s folder can be typed or pasted.",
        )
        self.add(
            choice_parameter(METHOD, tr("Method"), CLOUD_METHODS),
            "<code>product</code>: the quality layer of the product; <code>csmask</code>: a network of "
            "ukis-csmask; <code>auto</code>: the quality layer where there is one, else the network.",
        )
        self.add(
            titled(
                QgsProcessingParameterNumber(
                    BUFFER,
                    tr("Buffer (metres)"),
                    _DOUBLE,
                    optional=True,
                    minValue=0.0,
                    maxValue=_MAX_BUFFER,
                ),
                has_automatic=True,
            ),
            "Distance by which masked pixels grow, because the edges of clouds are thin. Empty: 120 for "
            "csmask, none for the product’s layer.",
        )
        self.add(
            QgsProcessingParameterString(CLOUD_CLASSES, tr("Masked classes"), optional=True),
            CLOUD_CLASSES_HELP,
            advanced=True,
            details=CLOUD_CLASSES_DETAILS,
        )
        self.add(
            QgsProcessingParameterFile(
                NETWORKS,
                tr("Networks of ukis-csmask"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Wheel (*.whl);;All files (*)"),
            ),
            "Wheel of the package ukis-csmask, or a folder with its .onnx and .json files. Empty: the "
            "package that 'Set up the environment' has installed.",
            advanced=True,
        )
        self.add(
            choice_parameter(QUANTITY, tr("Reflectance of"), QUANTITIES),
            "Reflectance of a raster: of the <code>surface</code> (level 2) or at the "
            "<code>top_of_atmosphere</code> (level 1). <code>auto</code>: as the file says.",
            advanced=True,
            details="Stacks of 'Open a satellite product' say it. There is a network for each.",
        )
        self.add(
            choice_parameter("VALUE_UNIT", tr("Unit of values"), REFLECTANCE_UNITS, AUTO),
            VALUE_UNIT_HELP,
            advanced=True,
        )
        self.add(band_roles_parameter(), BAND_ROLES_HELP, advanced=True)
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", tr("Cloud mask")),
            "GeoTIFF (.tif) with 1 where it is clear, 0 where it is masked, and nodata where there are no "
            "data.",
        )
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputString("METHOD", tr("Method that was used")))
        self.addOutput(QgsProcessingOutputNumber("MASKED", tr("Fraction of pixels that are masked")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        from ..core.requests.openproduct import check_cloud_mask

        check_cloud_mask(self._request(parameters, context))

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> CloudMaskRequest:
        return self._request(parameters, context)

    def _request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> CloudMaskRequest:
        from ..core.requests.openproduct import CloudMaskRequest

        networks = self.parameterAsFile(parameters, NETWORKS, context)
        return CloudMaskRequest(
            input=product_path(self, parameters, context),
            output="",
            method=self.parameterAsEnumString(parameters, METHOD, context),
            cloud_classes=self.parameterAsString(parameters, CLOUD_CLASSES, context),
            buffer=given_number(self, parameters, BUFFER, context),
            networks=absolute(networks) if networks else "",
            quantity=self.parameterAsEnumString(parameters, QUANTITY, context),
            value_unit=self.parameterAsEnumString(parameters, "VALUE_UNIT", context),
            band_roles=self.parameterAsString(parameters, "BAND_ROLES", context),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, "OUTPUT", context))
        result = self.run_task("cloudmask", replace(self.request, output=output), feedback)
        layer = LayerToLoad("OUTPUT", output, tr("Cloud mask"), is_main=True)
        load_on_completion(self, context, result["subject"], [layer])
        return self.finish(
            {"OUTPUT": result["output"], "METHOD": result["method"], "MASKED": result["masked"]}, feedback
        )
