"""Smooth class probabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..core import marks
from ..core.files import RASTER_SUFFIXES, TABLE_SUFFIX
from ..core.requests.smoothprobabilities import MAX_WINDOW, check_settings
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.fraction_styles import style_fractions
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.common import is_given, without_first_layer
from .parameters.outputs import absolute

if TYPE_CHECKING:
    from ..core.requests.smoothprobabilities import SmoothRequest

PROBABILITIES, OUTPUT, OUTPUT_PROBABILITIES, TABLE = (
    "PROBABILITIES",
    "OUTPUT",
    "OUTPUT_PROBABILITIES",
    "TABLE",
)


class SmoothProbabilities(LandCoverAlgorithm):
    """Probabilities of classes to smoothed ones, and to the map that they make."""

    ID = "smoothprobabilities"
    TITLE = "Smooth probabilities"
    SUMMARY = "Makes a smoother map of class probabilities by Bayesian smoothing."
    GROUP = "Cleaning and classes"
    TAGS = ("bayesian smoothing", "probabilities", "filter", "post-processing", "sits", "salt and pepper")
    FILES = (
        (OUTPUT, marks.SMOOTHED_MAP, RASTER_SUFFIXES),
        (OUTPUT_PROBABILITIES, marks.SMOOTHED_PROBABILITIES, RASTER_SUFFIXES),
        (TABLE, marks.SMOOTHED_TABLE, (TABLE_SUFFIX,)),
    )
    HELP = (
        "<p>Brings the class probabilities of each pixel nearer to those around it, and maps the most "
        "probable class (Bayesian smoothing, Camara et al. 2024). Smoothing removes rare and thin classes "
        "before it removes errors. Look at the areas before and after, which the log shows, and compare both "
        "maps on reference labels.</p>"
        "<p><b>Inputs.</b> The PROBABILITIES of <b>Classify a raster</b>, or any raster with a band per "
        "class that is named by the class value, such as <code>3 Rice</code>. For each class the highest "
        "NEIGHBOUR_FRACTION of the probabilities in the window count. Where they are much alike, the pixel "
        "takes their mean; where they differ, it keeps its own.</p><p><b>Outputs.</b> A map with the classes "
        "of the probabilities, and on request the smoothed probabilities, which add up to 1. Pixels without "
        "probabilities are not filled and do not count. TABLE has pixels and hectares of each class before "
        "and after. Before is the most probable class, which differs from a map with the decision rule "
        "<i>balanced</i>.</p><p><b>Typical values.</b> A window of 5 and a smoothness of 10. Give small or "
        "thin classes a smoothness of 2 to 5, such as <code>Water=2, 10</code>.</p>"
        "<p><b>Run time.</b> About 280,000 pixels per second with six classes and a window of 5, "
        "and 105,000 with a window of 9, on two cores of an AMD EPYC that were shared with other work.</p>"
        "<p><b>Common errors.</b> <i>The raster does not hold the probabilities of classes</i>: a map or the "
        "uncertainty was given, or the bands have other names. <i>The map has no class …</i>: SMOOTHNESS "
        "takes names and values of the bands. <i>These classes lose more than a third of their area</i> (a "
        "warning): use a smaller window or a lower smoothness for them, or do not smooth.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            without_first_layer(QgsProcessingParameterRasterLayer(PROBABILITIES, tr("Probabilities"))),
            "A raster with the probability of each class in a band, as <b>Classify a raster</b> writes it.",
        )
        self.add(
            QgsProcessingParameterNumber(
                "WINDOW",
                tr("Window (pixels)"),
                Qgis.ProcessingNumberParameterType.Integer,
                5,
                minValue=3,
                maxValue=MAX_WINDOW,
            ),
            "Side of the window in pixels, an odd number. Larger ones remove more.",
        )
        self.add(
            QgsProcessingParameterNumber(
                "NEIGHBOUR_FRACTION",
                tr("Fraction of neighbours"),
                Qgis.ProcessingNumberParameterType.Double,
                0.5,
                minValue=0.01,
                maxValue=1.0,
            ),
            "Fraction of the pixels of the window that count, 0 to 1: for each class those with its highest "
            "probabilities. 0.5 is usual, 1 takes all.",
            advanced=True,
            details="At the border between two classes, half of the window belongs to each.",
        )
        self.add(
            QgsProcessingParameterString("SMOOTHNESS", tr("Smoothness"), "10"),
            "How much a pixel is drawn to its neighbours: one number for all classes, such as "
            "<code>10</code>, or by name or value, such as <code>Water=2, 5=4, 10</code>. A number without a "
            "name is that of all other classes.",
            details="It is the variance of logits that counts as noise: 20 and more give compact areas, 5 "
            "and less keep small ones. Classes that are not named have 10 where no number is given for them.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Smoothed map")),
            "GeoTIFF (.tif) of class values. It opens with the names and colours of the classes.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                OUTPUT_PROBABILITIES, tr("Smoothed probabilities"), optional=True, createByDefault=False
            ),
            "GeoTIFF (.tif) with the smoothed probability of each class, 0 to 1, in a band per class.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                TABLE, tr("Table"), fileFilter=tr("CSV files (*.csv)"), optional=True, createByDefault=False
            ),
            "CSV with pixels and hectares of each class before and after.",
        )
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("CHANGED", tr("Fraction of changed pixels (0 to 1)")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        layer = raster_parameter(self, PROBABILITIES, parameters, context)
        raster_source(layer)
        check_crs(layer)
        check_settings(
            self.parameterAsInt(parameters, "WINDOW", context),
            self.parameterAsDouble(parameters, "NEIGHBOUR_FRACTION", context),
            self.parameterAsString(parameters, "SMOOTHNESS", context),
        )

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> SmoothRequest:
        from ..core.requests.smoothprobabilities import SmoothRequest

        source = raster_source(raster_parameter(self, PROBABILITIES, parameters, context), feedback)
        table = self.parameterAsFileOutput(parameters, TABLE, context) if is_given(parameters, TABLE) else ""
        window = self.parameterAsInt(parameters, "WINDOW", context)
        fraction = self.parameterAsDouble(parameters, "NEIGHBOUR_FRACTION", context)
        smoothness = self.parameterAsString(parameters, "SMOOTHNESS", context)
        return SmoothRequest(
            probabilities=source,
            output="",
            window=window,
            neighbour_fraction=fraction,
            smoothness=smoothness,
            table=absolute(table) if table else "",
            parameters={
                PROBABILITIES: source.title,
                "WINDOW": window,
                "NEIGHBOUR_FRACTION": fraction,
                "SMOOTHNESS": smoothness,
            },
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, OUTPUT, context))
        more = ""
        if is_given(parameters, OUTPUT_PROBABILITIES):
            more = absolute(self.parameterAsOutputLayer(parameters, OUTPUT_PROBABILITIES, context))
        request = replace(self.request, output=output, output_probabilities=more)
        result = self.run_task("smoothprobabilities", request, feedback)
        source = self.request.probabilities
        layers = [LayerToLoad(OUTPUT, output, tr("Smoothed map"), is_main=True)]
        if more:
            style_fractions(more, feedback)
            layers.append(LayerToLoad(OUTPUT_PROBABILITIES, more, tr("Smoothed probabilities")))
        load_on_completion(self, context, subject(context, (source.title, source.path)), layers)
        return self.finish(
            {
                OUTPUT: output,
                **({OUTPUT_PROBABILITIES: more} if more else {}),
                **({TABLE: result["table"]} if result["table"] else {}),
                "CHANGED": result["changed"],
            },
            feedback,
        )
