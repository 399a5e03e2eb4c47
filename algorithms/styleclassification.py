"""Apply a class scheme to a raster of classes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtGui import QColor

from ..core.classes import ClassScheme, shipped_scheme
from ..core.errors import ParameterError
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.metadata import note_change
from .layers.rasters import raster_parameter, raster_source
from .layers.schemes import layer_as_drawn, scheme_of_file, scheme_of_layer
from .parameters.common import (
    SCHEME_FILE,
    SCHEME_FILE_DETAILS,
    SCHEME_FILE_HELP,
    is_given,
    scheme_file_parameter,
    scheme_parameter,
)
from .parameters.outputs import absolute

if TYPE_CHECKING:
    from ..core.requests.style import StyleRequest

INPUT, SCHEME, SCHEME_LAYER = "INPUT", "SCHEME", "SCHEME_LAYER"
WRITE, RENAME = "WRITE", "RENAME"


class StyleClassification(LandCoverAlgorithm):
    """A class raster and a scheme to a layer with names and colours."""

    ID = "styleclassification"
    TITLE = "Style a classification"
    SUMMARY = "Gives a raster of classes the names and colours of a class scheme."
    GROUP = "Maps"
    TAGS = ("style", "legend", "colour", "color", "palette", "symbology", "scheme", "colour blind", "qml")
    HELP = (
        "<p>Gives a raster of classes the names and colours of a scheme: a published one, a file of yours, a "
        "QGIS style, or that of another layer. The raster can come from any software.</p>"
        "<p><b>Inputs.</b> The raster, and one scheme; without one, the raster keeps its own names and "
        "colours. Classes are matched by name first, and by value where one of the two has no names. Schemes "
        "whose name ends in <code>_safe</code> have colours that can be distinguished with any of the three "
        'kinds of colour blindness. A scheme file is JSON: <code>{"id": "mine", "title": "My classes", '
        '"classes": [{"value": 1, "name": "Water", "color": "#0066CC"}]}</code>.</p>'
        "<p><b>Outputs.</b> The layer in the project shows the classes of the raster in the order of the "
        "scheme. Values that are not in the scheme are grey and named in the log. With WRITE, names and "
        "colours are also written into the <code>.aux.xml</code> file beside the raster, so that it opens "
        "with them in other projects and programs. The raster file itself is not changed. In QGIS a "
        "<code>.qml</code> file beside the raster takes precedence.</p>"
        "<p><b>Typical values.</b> The scheme of the producers of the map, such as <code>worldcover</code> "
        "or <code>klhk</code>, its <code>_safe</code> colours for print and talks, and WRITE where the map "
        "is handed on.</p>"
        "<p><b>Run time.</b> The raster is read once. The map of the demo scene took 1.4 seconds with the "
        "start of QGIS, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The raster has none of the scheme’s values</i>: the scheme is for other "
        "codes. <i>The style does not give each class a colour</i>: the layer is drawn with a ramp or as an "
        "image. <i>The raster and the scheme have different names for the same values</i>: nothing is "
        "renamed or written; choose the scheme of the producers of the map, or set RENAME. <i>There are "
        "several schemes</i>: give only one of a published scheme, a file and a layer.</p>"
    )

    def __init__(self) -> None:
        super().__init__()
        self._layer = ""
        self._classes: list[dict[str, Any]] = []
        self._is_changed = False
        self._results: dict[str, Any] = {}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(INPUT, tr("Raster of classes")),
            "A raster of whole numbers, one per class. A layer of the project is restyled; any other raster "
            "keeps names and colours with WRITE only.",
        )
        self.add(
            scheme_parameter(),
            "A published class scheme. Names that end in <code>_safe</code> have colours for colour-blind "
            "readers.",
        )
        self.add(
            scheme_file_parameter(),
            SCHEME_FILE_HELP,
            details=SCHEME_FILE_DETAILS,
        )
        self.add(
            QgsProcessingParameterRasterLayer(SCHEME_LAYER, tr("Scheme layer"), optional=True),
            "Another raster layer whose current names and colours are used, instead of SCHEME.",
        )
        self.add(
            QgsProcessingParameterBoolean(WRITE, tr("Write into the file"), defaultValue=False),
            "Also writes names and colours into the .aux.xml file beside the raster. The rest of that file "
            "is kept.",
        )
        self.add(
            QgsProcessingParameterBoolean(RENAME, tr("Rename classes"), defaultValue=False),
            "Matches classes by value alone, even where the raster has other names for them. Use it for "
            "example to translate a legend.",
            advanced=True,
        )
        self.addOutput(QgsProcessingOutputRasterLayer("OUTPUT", tr("Styled raster")))
        self.addOutput(QgsProcessingOutputNumber("CLASSES", tr("Number of classes")))
        self.addOutput(QgsProcessingOutputString("UNKNOWN", tr("Values that the scheme lacks")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        raster_source(raster_parameter(self, INPUT, parameters, context))
        self._scheme(parameters, context)

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> StyleRequest:
        from ..core.requests.style import StyleRequest

        layer = raster_parameter(self, INPUT, parameters, context)
        scheme = self._scheme(parameters, context)
        writes = self.parameterAsBoolean(parameters, WRITE, context)
        self._layer = layer.id()
        if writes:
            # GDAL writes what it has found out of the file when it is closed; later, that would undo ours.
            layer.dataProvider().reloadData()
        elif context.project() is None or context.project().mapLayer(layer.id()) is None:
            feedback.pushWarning(
                tr("The raster is not a layer of the project, so its style is lost without WRITE.")
            )
        if scheme is not None:
            feedback.pushInfo(tr("Scheme: {}").format(tr(scheme.title)))
        return StyleRequest(
            raster_source(layer, feedback),
            scheme.classes if scheme is not None else (),
            writes,
            self.parameterAsBoolean(parameters, RENAME, context),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        result = self.run_task("style", self.request, feedback)
        self._classes, self._is_changed = result["classes"], result["is_changed"]
        if result["sidecar"]:
            feedback.pushInfo(tr("Written: {}").format(result["sidecar"]))
        self._results = {
            "OUTPUT": self.request.input.path,
            "CLASSES": len(result["classes"]),
            "UNKNOWN": ", ".join(map(str, result["unknown"])),
        }
        return self._results

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # In the context's thread, where a layer may be changed.
        layer = context.getMapLayer(self._layer)
        if layer is None:
            return {}
        if self.request.write:
            layer.dataProvider().reloadData()
        entries = [
            QgsPalettedRasterRenderer.Class(item["value"], QColor(item["color"]), item["name"])
            for item in self._classes
        ]
        layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))
        if self._is_changed:
            note_change(layer)
        layer.triggerRepaint()
        layer.emitStyleChanged()
        is_in_project = context.project() is not None and context.project().mapLayer(self._layer) is not None
        # What is returned here takes the place of all results.
        return {**self._results, "OUTPUT": self._layer} if is_in_project else self._results

    def _scheme(self, parameters: dict[str, Any], context: QgsProcessingContext) -> ClassScheme | None:
        """Return the scheme that the parameters give; None without one."""
        given = [name for name in (SCHEME, SCHEME_FILE, SCHEME_LAYER) if is_given(parameters, name)]
        if len(given) > 1:
            raise ParameterError(
                "There are several schemes",
                where=", ".join(given),
                advice="Choose only one of a published scheme, a file and a layer.",
            )
        if not given:
            return None
        if given == [SCHEME]:
            return shipped_scheme(self.parameterAsEnumString(parameters, SCHEME, context))
        if given == [SCHEME_LAYER]:
            layer = raster_parameter(self, SCHEME_LAYER, parameters, context)
            return scheme_of_layer(layer_as_drawn(layer, context))
        path = Path(absolute(self.parameterAsFile(parameters, SCHEME_FILE, context)))
        return scheme_of_file(path)
