"""Export a page for print with one map or two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from traceback import clear_frames
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ..core.errors import ParameterError, RunCancelled
from ..core.marks import PAGE
from .base import LandCoverAlgorithm, processing_errors
from .i18n.translation import tr
from .layers.rasters import check_crs, raster_layers
from .layers.schemes import layer_as_drawn
from .parameters.common import is_given
from .parameters.outputs import absolute

INPUTS, TITLE, TEMPLATE, REPORT, SOURCES, OUTPUT = (
    "INPUTS",
    "TITLE",
    "TEMPLATE",
    "REPORT",
    "SOURCES",
    "OUTPUT",
)
_OUTPUT_FILTER = "PDF files (*.pdf);;SVG files (*.svg);;PNG files (*.png)"


class ExportMap(LandCoverAlgorithm):
    """One class map or two to a page with legend, scale bar, north arrow, sources and accuracy."""

    ID = "exportmap"
    TITLE = "Export a map page"
    SUMMARY = "Makes a page for print of one map or two, with legend, scale bar, north arrow and accuracy."
    GROUP = "Maps"
    TAGS = ("print", "layout", "page", "figure", "pdf", "svg", "png", "publication", "atlas", "qpt")
    NEEDS_ENVIRONMENT = False
    FILES = ((OUTPUT, PAGE, (".pdf", ".svg", ".png")),)
    HELP = (
        "<p>Makes a page for print of one map, or of two side by side, with title, legend, scale bar, north "
        "arrow, coordinates, sources, and a box with the accuracy.</p>"
        "<p><b>Inputs.</b> Class maps with their style in the project; a file opens with its own style. "
        "Other rasters, such as the scene beside its map, are drawn with their style as well. The page has "
        "the coordinate reference system of the first raster.</p>"
        "<p><b>Outputs.</b> A page with the whole raster at a round scale. The legend has the classes that "
        "the maps show, in the order and words of the layer; many classes are set in smaller type and in "
        "columns. The scale bar has round numbers. The arrow points to true north.</p>"
        "<p><b>Typical values.</b> The shipped layout, A4 landscape. TEMPLATE takes your own (.qpt). The "
        "shipped ones are in <code>resources/layouts</code> of the plugin, and the log names the one that is "
        "used. Change it in the layout designer of QGIS and save it under another name. Items are found by "
        "their ids: <code>map</code>, <code>map2</code>, <code>map_title</code>, <code>map2_title</code>, "
        "<code>title</code>, <code>legend</code>, <code>scalebar</code>, <code>north_arrow</code>, "
        "<code>accuracy</code>, <code>projection</code>, <code>sources</code>. Other items are not changed. "
        "The size of a map item is the largest size of the map. Vector layers of a map item, such as "
        "borders, are drawn above the map.</p>"
        "<p><b>Run time.</b> Seconds. A raster without a list of its classes is read once.</p>"
        "<p><b>Common errors.</b> <i>The layout template has no map item with the id 'map2'</i>: it has room "
        "for one map only. <i>The report’s figures cannot be read</i>: the JSON beside the page is missing. "
        "<i>The report has no overall accuracy</i>: nothing was held out in that training.</p>"
    )

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        # A layout is a QGraphicsScene, which Qt allows in the main thread only: it enters each into a
        # list of the application that has no lock. QGIS’s own exports of layouts do the same, and a
        # graphical model runs such a step in the main thread.
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(INPUTS, tr("Maps"), Qgis.ProcessingSourceType.Raster),
            "One raster, or two that are shown side by side at one scale. Layers of the project keep their "
            "style.",
        )
        self.add(
            QgsProcessingParameterString(TITLE, tr("Title"), optional=True),
            "Title of the page. Empty: the names of the layers.",
        )
        self.add(
            QgsProcessingParameterFile(
                TEMPLATE,
                tr("Layout template"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Layout templates (*.qpt)"),
            ),
            "Layout template (.qpt) of your own. Empty: the shipped one for this number of maps and classes.",
        )
        self.add(
            QgsProcessingParameterFile(
                REPORT,
                tr("Accuracy report"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Reports (*.html *.htm *.json);;All files (*)"),
            ),
            "Report of 'Assess accuracy and area' or of 'Train a land-cover model' (.html or its .json). The "
            "page then shows the overall accuracy with its 95 % interval.",
            details="It also shows the number of references, how they were drawn or held out, and the date. "
            "The JSON must lie beside the HTML page.",
        )
        self.add(
            QgsProcessingParameterString(SOURCES, tr("Sources"), optional=True),
            "Credits at the foot of the page. Empty: the files of the maps, with their model, raster and "
            "date where they are known.",
        )
        self.add(
            QgsProcessingParameterFileDestination(OUTPUT, tr("Page"), fileFilter=tr(_OUTPUT_FILTER)),
            "File of the page: PDF, SVG, or PNG at 300 dots per inch, by its extension.",
        )
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputNumber("SCALE", tr("Denominator of the maps’ scale")))
        self.addOutput(QgsProcessingOutputNumber("CLASSES", tr("Number of classes in the legend")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        from .page.layout import check_template, read_template

        layers = self._layers(parameters, context)
        for layer in layers:
            check_crs(layer)
        path = self._path(TEMPLATE, parameters, context)
        if path:
            check_template(read_template(Path(path)), len(layers), path)
        self._accuracy(parameters, context)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # In the main thread, so that layers may be used here and not in prepareAlgorithm only.
        with processing_errors():
            try:
                return self._export(parameters, context, feedback)
            except Exception as error:
                # Processing keeps the traceback for good, and layers in it that outlive QGIS crash it.
                clear_frames(error.__traceback__)
                raise

    def _export(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        from .page.file import write_page
        from .page.layout import PageContent, make_page, read_template, shipped_template
        from .page.legend import legend_parts
        from .page.texts import source_text

        output = Path(absolute(self.parameterAsFileOutput(parameters, OUTPUT, context)))
        layers = [layer_as_drawn(item, context).clone() for item in self._layers(parameters, context)]
        names = [layer.name() for layer in layers]
        feedback.setProgressText(tr("Reading the classes of the maps"))
        legend = legend_parts(layers, feedback)
        _stop_if_cancelled(feedback)
        if not any(part.classes for part in legend):
            feedback.pushWarning(
                tr("No map is drawn by classes: ‘Style a classification’ gives a raster names and colours.")
            )
        template = Path(self._path(TEMPLATE, parameters, context) or shipped_template(layers, legend))
        feedback.pushInfo(tr("Template: {}").format(template))
        feedback.setProgress(34)
        feedback.setProgressText(tr("Drawing the page"))
        content = PageContent(
            layers=layers,
            title=self.parameterAsString(parameters, TITLE, context) or " – ".join(names),
            captions=names,
            legend=legend,
            sources=self.parameterAsString(parameters, SOURCES, context) or source_text(layers),
            accuracy=self._accuracy(parameters, context, feedback, layers),
        )
        page = make_page(read_template(template), template, content, context.project(), feedback)
        for note in page.notes:
            feedback.pushWarning(note)
        _stop_if_cancelled(feedback)
        feedback.setProgress(50)
        write_page(page.layout, output)
        feedback.setProgress(100)
        return self.finish(
            {
                OUTPUT: str(output),
                "SCALE": page.scale,
                "CLASSES": sum(len(part.classes) for part in legend),
            },
            feedback,
        )

    def _layers(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsRasterLayer]:
        layers = raster_layers(INPUTS, parameters, context)
        if not 1 <= len(layers) <= 2:
            raise ParameterError(
                "A page has one map or two",
                where=INPUTS,
                advice="Choose one raster, or two to stand side by side.",
            )
        return layers

    def _path(self, name: str, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return absolute(self.parameterAsFile(parameters, name, context)) if is_given(parameters, name) else ""

    def _accuracy(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback | None = None,
        layers: Sequence[QgsRasterLayer] = (),
    ) -> str:
        from ..core.reporting.report_summary import read_summary
        from .page.texts import accuracy_text, other_map_note

        path = self._path(REPORT, parameters, context)
        if not path:
            return ""
        summary = read_summary(Path(path))
        caution = other_map_note(summary, layers)
        if caution and feedback is not None:
            feedback.pushWarning(caution)
        words = accuracy_text(summary, is_one_of_two=len(layers) > 1)
        return f"{words}\n{caution}" if caution else words


def _stop_if_cancelled(feedback: QgsProcessingFeedback) -> None:
    if feedback.isCanceled():
        raise RunCancelled()
