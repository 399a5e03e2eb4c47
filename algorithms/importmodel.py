"""Make a model file of a network of another program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..core.errors import ParameterError
from ..core.files import PAGE_SUFFIXES
from ..core.marks import MODEL, report_kind
from ..core.options import parse_nodata_values
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .last_model import offer_to_keep, remember_model
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.common import (
    NODATA_VALUES_DETAILS,
    NODATA_VALUES_HELP,
    is_given,
    nodata_values_parameter,
    recipe_parameter,
    scheme_parameter,
    without_first_layer,
)
from .parameters.fit import given_integer, given_number
from .parameters.outputs import absolute
from .parameters.report import REPORT, REPORT_FILES, language_parameter, report_parameter, report_path

if TYPE_CHECKING:
    from ..core.requests.importmodel import ImportRequest

SAMPLE_RASTER = "SAMPLE_RASTER"
_INTEGER = Qgis.ProcessingNumberParameterType.Integer
_DOUBLE = Qgis.ProcessingNumberParameterType.Double
_MAX_PATCH_SIZE = 256


class ImportModel(LandCoverAlgorithm):
    """A checkpoint of PyTorch or an ONNX file to a model file."""

    ID = "importmodel"
    TITLE = "Import a model"
    SUMMARY = "Makes a model of this plugin of a network that another program trained."
    GROUP = "Models"
    TAGS = ("import", "checkpoint", "pth", "pytorch", "onnx", "deepness", "torchvision", "timm", "convert")
    FILES = (
        ("OUTPUT", MODEL, (".safetensors",)),
        (REPORT, report_kind("import"), PAGE_SUFFIXES),
    )
    HELP = (
        "<p>Makes a model for <b>Classify a raster</b> of a network that was trained elsewhere, in a "
        "notebook for example.</p>"
        "<p><b>Inputs.</b> A checkpoint of PyTorch (.pth, .pt, .ckpt) or a .safetensors file: weights of a "
        "network that this plugin has, as torchvision, timm and segmentation-models-pytorch name them, a "
        "dictionary that contains them, or a whole network. Or an ONNX file: a network that classifies "
        "patches, or a Segmentor of the plugin Deepness. Nothing in the file is executed. The weights tell "
        "the architecture and the numbers of bands and classes. Class names, mean, deviation and patch size "
        "are taken from the file where it has them. Names and order of the bands, their scaling, class "
        "values and patch size come from the parameters. Without MEAN and STD they are computed from "
        "SAMPLE_RASTER, which also names the bands and shows which classes come out.</p>"
        "<p><b>Outputs.</b> A model file, and a report where you give it a file: which tensors matched, how "
        "the bands are scaled, and the classes that are predicted on SAMPLE_RASTER. The model has no "
        "accuracy: test it with <b>Assess accuracy and area</b>. A patch lies around its centre pixel, and "
        "the raster is mirrored at its edge.</p>"
        "<p><b>Typical values.</b> The raster of the training as SAMPLE_RASTER, and PATCH_SIZE and CLASSES "
        "as in the training.</p>"
        "<p><b>Run time.</b> 10 seconds for a ResNet50 with the start of QGIS, on two cores of an AMD EPYC, "
        "and the time to read SAMPLE_RASTER.</p>"
        "<p><b>Common errors.</b> <i>The weights are those of no network that this version has</i>, or "
        "<i>The head of the … has … layers</i>: export the network as ONNX where it was trained. <i>The file "
        "does not say how the bands were scaled</i>: give MEAN and STD, or SAMPLE_RASTER. <i>The network has "
        "… input channels, and there are … bands</i>: give BANDS. <i>The checkpoint has the form of PyTorch "
        "before 1.6</i>: the message has the line that converts it.</p>"
    )

    def __init__(self) -> None:
        super().__init__()
        self.model = ""

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterFile(
                "INPUT",
                tr("File to import"),
                Qgis.ProcessingFileParameterBehavior.File,
                fileFilter=tr("Networks (*.pth *.pt *.ckpt *.tar *.safetensors *.onnx);;All files (*)"),
            ),
            "Checkpoint of PyTorch, .safetensors file of weights, or ONNX file.",
        )
        self.add(
            without_first_layer(
                QgsProcessingParameterRasterLayer(SAMPLE_RASTER, tr("Raster of the training"), optional=True)
            ),
            "Raster that the network was trained on, or one like it. Mean and deviation of the bands are "
            "computed from it where MEAN and STD are empty.",
            details="It gives the names of the bands, too. The model keeps the ranges of its values, by "
            "which other rasters are checked before they are classified.",
        )
        self.add(
            QgsProcessingParameterString("CLASSES", tr("Classes"), optional=True),
            "Values and names of the classes in the order of the network's outputs, such as <code>1=Forest, "
            "4=Rice</code>. Names alone are numbered from 1.",
            details="Empty: the names in the file. A name with a comma stands in double quotes.",
        )
        self.add(
            scheme_parameter(has_automatic=True),
            "A published class scheme with names and colours of the class values. Empty: names from CLASSES "
            "or from the file, and usual colours for these names.",
        )
        self.add(
            recipe_parameter("PATCH_SIZE", tr("Patch size (pixels)"), _INTEGER, 1, _MAX_PATCH_SIZE),
            "Side of the patches of the training. Empty: the patch size in the file, or 32.",
            details="Networks that label every pixel of a tile, and ONNX files of a fixed size, do not need "
            "it.",
        )
        self.add(
            QgsProcessingParameterString("BANDS", tr("Bands"), optional=True),
            "Names or numbers of the bands in the order in which the network reads them, separated by "
            "commas. Empty: all bands of the raster of the training, or those in the file.",
            details="Without any names, rasters must have the same number of bands in the same order.",
        )
        self.add(
            QgsProcessingParameterString("MEAN", tr("Mean"), optional=True),
            "Mean that was subtracted from each band in the training, separated by commas; one number is for "
            "all bands.",
            advanced=True,
            details="Minimum and width for a scaling to 0 to 1 are given as MEAN and STD as well.",
        )
        self.add(
            QgsProcessingParameterString("STD", tr("Standard deviation"), optional=True),
            "Standard deviation that each band was divided by in the training, separated by commas.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber("DIVISOR", tr("Divisor"), _DOUBLE, optional=True),
            "Number that band values were divided by before MEAN and STD, such as 255 or 10000. Without "
            "MEAN, STD and statistics it is the whole scaling; 1 leaves the values as they are.",
            advanced=True,
            details="Files of Deepness have 255.",
        )
        self.add(nodata_values_parameter(), NODATA_VALUES_HELP, advanced=True, details=NODATA_VALUES_DETAILS)
        self.add(
            QgsProcessingParameterFileDestination(
                "OUTPUT", tr("Model file"), fileFilter=tr("Network (*.safetensors)")
            ),
            "File of the model with its bands, scaling and classes.",
        )
        self.add(
            report_parameter("Import report"),
            "HTML page with the tensors that matched, the scaling of the bands and the classes. It needs no "
            "other file.",
            details=REPORT_FILES,
        )
        self.add(*language_parameter())
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputString("ARCHITECTURE", tr("Architecture")))
        self.addOutput(QgsProcessingOutputNumber("CHANNELS", tr("Number of input channels")))
        self.addOutput(QgsProcessingOutputNumber("CLASS_COUNT", tr("Number of classes")))
        self.addOutput(QgsProcessingOutputNumber("TENSORS", tr("Tensors from the file")))
        self.addOutput(QgsProcessingOutputNumber("UNUSED", tr("Unused tensors")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        from ..core.requests.importmodel import check_import

        self._input(parameters, context)
        if is_given(parameters, SAMPLE_RASTER):
            raster = raster_parameter(self, SAMPLE_RASTER, parameters, context)
            raster_source(raster)
            check_crs(raster)
        check_import(
            given_integer(self, parameters, "PATCH_SIZE", context) or 0,
            self.parameterAsString(parameters, "MEAN", context),
            self.parameterAsString(parameters, "STD", context),
            given_number(self, parameters, "DIVISOR", context),
            self.parameterAsString(parameters, "CLASSES", context),
        )
        parse_nodata_values(self.parameterAsString(parameters, "NODATA_VALUES", context))

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> ImportRequest:
        from ..core.requests.importmodel import ImportRequest

        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        sample = None
        if is_given(parameters, SAMPLE_RASTER):
            layer = raster_parameter(self, SAMPLE_RASTER, parameters, context)
            sample = raster_source(layer, feedback)
        path = self._input(parameters, context)
        scheme = self.parameterAsEnumString(parameters, "SCHEME", context)
        patch_size = given_integer(self, parameters, "PATCH_SIZE", context) or 0
        divisor = given_number(self, parameters, "DIVISOR", context)
        given = {
            "INPUT": path,
            SAMPLE_RASTER: sample.title if sample else "",
            **{name: text(name) for name in ("CLASSES", "BANDS", "MEAN", "STD", "NODATA_VALUES")},
            "SCHEME": scheme,
            "PATCH_SIZE": patch_size or None,
            "DIVISOR": divisor,
        }
        return ImportRequest(
            input=path,
            output=absolute(self.parameterAsFileOutput(parameters, "OUTPUT", context)),
            patch_size=patch_size,
            bands=text("BANDS"),
            mean=text("MEAN"),
            std=text("STD"),
            divisor=divisor,
            classes=text("CLASSES"),
            scheme=scheme,
            sample=sample,
            nodata_values=parse_nodata_values(text("NODATA_VALUES")),
            report=report_path(self, parameters, context),
            parameters=given,
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        result = self.run_task("importmodel", self.request, feedback)
        remember_model(result["output"])
        self.model = result["output"]
        return self.finish(
            {
                "OUTPUT": result["output"],
                **({REPORT: result["report"]} if result["report"] else {}),
                "ARCHITECTURE": result["architecture"],
                "CHANNELS": result["channels"],
                "CLASS_COUNT": result["classes"],
                "TENSORS": result["tensors"],
                "UNUSED": result["unused"],
            },
            feedback,
        )

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        offer_to_keep(self.model)
        return {}

    def _input(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return the whole path of the file to import.

        Raises:
            ParameterError: There is none.
        """
        path = self.parameterAsFile(parameters, "INPUT", context)
        if not path:
            raise ParameterError("No file was given", where="INPUT", advice="Choose the file to import.")
        return absolute(path)
