"""Measure the change between two maps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..core import marks
from ..core.errors import ParameterError
from ..core.files import FIGURE_SUFFIXES, PAGE_SUFFIXES, RASTER_SUFFIXES
from ..core.raster.source import RasterSource
from ..core.requests.change import CONNECTIVITIES, interval_years
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.fraction_styles import style_fractions
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.common import choice_parameter, is_given, without_first_layer
from .parameters.outputs import absolute
from .parameters.report import REPORT, REPORT_FILES, language_parameter, report_parameter, report_path
from .parameters.zones import ZONE_FIELD, ZONES, check_zones, write_zones, zone_parameters

if TYPE_CHECKING:
    from ..core.requests.change import ChangeRequest

BEFORE, AFTER, OUTPUT, TABLE, STRATA, FIGURE = "BEFORE", "AFTER", "OUTPUT", "TABLE", "STRATA", "FIGURE"
CROSSWALK, GROUPS, DATES, MMU, CONNECTIVITY = "CROSSWALK", "GROUPS", "DATES", "MMU", "CONNECTIVITY"
BUFFER, STRATA_TRANSITIONS, TITLE, PROBABILITY = "BUFFER", "STRATA_TRANSITIONS", "TITLE", "PROBABILITY"
BEFORE_PROBABILITIES, AFTER_PROBABILITIES = "BEFORE_PROBABILITIES", "AFTER_PROBABILITIES"
_FIGURE_FILTER = "PNG files (*.png);;PDF files (*.pdf);;SVG files (*.svg);;TIFF files (*.tif)"
_RASTERS = (OUTPUT, STRATA, PROBABILITY)


class MapChange(LandCoverAlgorithm):
    """Two class maps to a from-to raster, a transition matrix, and strata for reference points."""

    ID = "mapchange"
    TITLE = "Change between two maps"
    SUMMARY = (
        "Measures which classes of a map became which in a later one, as map, matrix, figure and report."
    )
    GROUP = "Change"
    TAGS = (
        "transition matrix",
        "cross classification",
        "land cover change",
        "change detection",
        "from-to",
        "gain and loss",
        "intensity analysis",
        "sankey",
        "deforestation",
    )
    FILES = (
        (OUTPUT, marks.CHANGE, RASTER_SUFFIXES),
        (PROBABILITY, marks.CHANGE_PROBABILITY, RASTER_SUFFIXES),
        (STRATA, marks.CHANGE_STRATA, RASTER_SUFFIXES),
        (TABLE, marks.CHANGE_TABLE, (".csv",)),
        (FIGURE, marks.FIGURE, FIGURE_SUFFIXES),
        (REPORT, marks.report_kind("change"), PAGE_SUFFIXES),
    )
    HELP = (
        "<p>Compares two class maps of one area pixel by pixel: a transition matrix (cross classification) "
        "in hectares and per cent, and a map of the land cover change. Mapped change is not an estimate of "
        "change: each error of either map counts as change, and two maps that are each right on 90 % of "
        "their pixels can be wrong about change on up to 20 % of them.</p>"
        "<p><b>Inputs.</b> The earlier and the later map. Classes are matched by name where both files name "
        "them, else by value; a class may be missing in one of the maps. Where the schemes differ, "
        "CROSSWALK brings both into one. The later map is resampled to the grid of the earlier one by the "
        "nearest pixel. Pixels without a class in one of the maps, such as clouds, are left out and "
        "counted.</p>"
        "<p><b>Outputs.</b> OUTPUT has a value, name and colour for each transition that occurs: "
        "persistence in the pale colour of the class, change in the colour of the later class. With classes "
        "of one digit, 13 is the change from 1 to 3. TABLE lists the transitions. The report has gain, "
        "loss, net change and swap of each class, quantity, exchange and shift, intensity analysis, and the "
        "same by group of classes and by zone. STRATA is a map of strata for <b>Sampling design</b>: stable "
        "classes, transitions, and a buffer around change, where omitted change gathers. Label those points "
        "with the classes of OUTPUT, and assess OUTPUT with <b>Assess accuracy and area</b>: it gives the "
        "area of each change with its interval.</p>"
        "<p><b>Typical values.</b> MMU 0.5 to 5 ha: single pixels of change are mostly errors. DATES such "
        "as <code>1999, 2002</code> for figures per year. BUFFER 1 to 3 pixels.</p>"
        "<p><b>Run time.</b> Two maps of 22 million pixels took 6 seconds with MMU, change map, strata, "
        "figure and report, besides the start of QGIS, on two cores of an AMD EPYC. For the table alone, "
        "each map is read once.</p>"
        "<p><b>Common errors.</b> <i>No pixel has a class in both maps</i>: check the extents and nodata "
        "values. <i>The names of the classes show that their values were changed</i>: give a CROSSWALK. "
        "<i>The crosswalk lacks classes</i>: add a row for each; an empty cell leaves a class out.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(BEFORE, tr("Earlier map")),
            "Raster of class values. It defines the grid.",
        )
        self.add(
            without_first_layer(QgsProcessingParameterRasterLayer(AFTER, tr("Later map"))),
            "Raster of class values of a later date, on any grid.",
            details="It is resampled to the grid of the earlier map by the nearest pixel. Classes are "
            "matched by name where both rasters name them, else by value.",
        )
        self.add(
            QgsProcessingParameterString(DATES, tr("Dates of maps"), optional=True),
            "Two years or dates, such as <code>1999, 2002</code> or <code>1999-11-18, 2002-04-16</code>, or "
            "the number of years. Empty: figures are those of the whole interval.",
            details="With them, the report has rates and intensities per year.",
        )
        self.add(
            QgsProcessingParameterFile(
                CROSSWALK,
                tr("Crosswalk table"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("CSV files (*.csv)"),
            ),
            "CSV with the columns map, class and common, which brings both maps into one scheme. "
            "<code>map</code> is before, after, or empty for both.",
            details="<code>class</code> is the name or value in that map, <code>common</code> the name or "
            "value in the common scheme; an empty cell leaves the pixels out. A column <code>color</code> "
            "with values such as #228B22 is optional. Each class of both maps needs a row.",
        )
        self.add(
            QgsProcessingParameterFile(
                GROUPS,
                tr("Groups of classes"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("CSV files (*.csv)"),
            ),
            "CSV with the columns class and group, such as Forest and Natural. The report then has the "
            "matrix of the groups, too.",
            advanced=True,
            details="A column <code>color</code> is optional. Classes without a row are groups of their own. "
            "Without a table, classes are grouped by their parents where the maps have any.",
        )
        minimum = QgsProcessingParameterNumber(
            MMU, tr("MMU of change (ha)"), Qgis.ProcessingNumberParameterType.Double, 0.0
        )
        minimum.setMinimum(0.0)
        self.add(
            minimum,
            "Minimum mapping unit of change in hectares; 0 is none. Smaller patches become a class of their "
            "own and count neither as change nor as persistence.",
            details="A patch is a set of pixels of change, of whatever kind, that touch: a place where two "
            "kinds of change meet is one patch. The tables give the area below the minimum, transition by "
            "transition.",
        )
        self.add(
            choice_parameter(CONNECTIVITY, tr("Connectivity"), CONNECTIVITIES),
            "Which pixels belong to one patch of change.",
            advanced=True,
        )
        for described in zone_parameters():
            self.add(*described)
        self.add(
            QgsProcessingParameterRasterLayer(
                BEFORE_PROBABILITIES, tr("Probabilities of earlier map"), optional=True
            ),
            "Probability raster that <b>Classify a raster</b> wrote with the earlier map, with a band per "
            "class.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                AFTER_PROBABILITIES, tr("Probabilities of later map"), optional=True
            ),
            "Probability raster that <b>Classify a raster</b> wrote with the later map, with a band per "
            "class.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Change map"), optional=True),
            "GeoTIFF (.tif) with a value, name and colour for each transition that occurs.",
            details="Values are 10 times the earlier value plus the later one, and 100 times where a class "
            "value has two digits. Where one has three, transitions are numbered from 1.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                PROBABILITY, tr("Probability of change"), optional=True, createByDefault=False
            ),
            "GeoTIFF (.tif) with the probability that the class changed, from both probability rasters.",
            advanced=True,
            details="It is 1 − Σ p₁ p₂ over the classes, and takes the errors of both maps for independent.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                STRATA, tr("Strata"), optional=True, createByDefault=False
            ),
            "GeoTIFF (.tif) of strata for <b>Sampling design</b>: stable classes, transitions, and a buffer "
            "around change.",
        )
        for name, title, least, default, text in (
            (
                BUFFER,
                tr("Buffer (pixels)"),
                0,
                3,
                "Width of the buffer stratum around change in pixels; 0 is none.",
            ),
            (
                STRATA_TRANSITIONS,
                tr("Transitions as strata"),
                1,
                8,
                "Number of the largest transitions that are strata of their own. The others are one stratum.",
            ),
        ):
            number = QgsProcessingParameterNumber(
                name, title, Qgis.ProcessingNumberParameterType.Integer, default
            )
            number.setMinimum(least)
            self.add(number, text, advanced=True)
        self.add(
            QgsProcessingParameterFileDestination(
                TABLE, tr("Table"), fileFilter=tr("CSV files (*.csv)"), optional=True
            ),
            "CSV with pixels and hectares of each transition, and of each transition in each zone.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                FIGURE, tr("Figure"), fileFilter=tr(_FIGURE_FILTER), optional=True, createByDefault=False
            ),
            "PNG, PDF, SVG or TIFF with a Sankey diagram and bars of gain and loss, at 300 dots per inch.",
        )
        self.add(
            QgsProcessingParameterString(TITLE, tr("Figure title"), optional=True),
            "Title above the figure. Empty: no title.",
            advanced=True,
        )
        self.add(
            report_parameter("Change report"),
            "HTML page with the transition matrix, gains and losses, intensity analysis and figures. It "
            "needs no other file.",
            details=REPORT_FILES,
        )
        self.add(*language_parameter())
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("CHANGE_HA", tr("Area of change in hectares")))
        self.addOutput(QgsProcessingOutputNumber("CHANGE_PERCENT", tr("Area of change in per cent")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        for name in (BEFORE, AFTER):
            layer = raster_parameter(self, name, parameters, context)
            raster_source(layer)
            check_crs(layer)
        interval_years(self.parameterAsString(parameters, DATES, context))
        check_zones(self, parameters, context)
        if is_given(parameters, PROBABILITY) and not (
            is_given(parameters, BEFORE_PROBABILITIES) and is_given(parameters, AFTER_PROBABILITIES)
        ):
            raise ParameterError(
                "The probability of change needs the probabilities of both maps",
                where="BEFORE_PROBABILITIES, AFTER_PROBABILITIES",
                advice="Choose both, or leave PROBABILITY empty.",
            )
        if not any(is_given(parameters, name) for name in (*_RASTERS, TABLE, FIGURE, REPORT)):
            raise ParameterError(
                "No output was given",
                where="OUTPUT, TABLE, STRATA, FIGURE, REPORT",
                advice="Choose at least one of them.",
            )

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> ChangeRequest:
        from ..core.requests.change import ChangeRequest

        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        def file(name: str) -> str:
            path = self.parameterAsFileOutput(parameters, name, context) if is_given(parameters, name) else ""
            return absolute(path) if path else ""

        def table(name: str) -> str:
            path = self.parameterAsFile(parameters, name, context)
            return absolute(path) if path else ""

        def raster(name: str) -> RasterSource | None:
            if not is_given(parameters, name):
                return None
            return raster_source(raster_parameter(self, name, parameters, context), feedback)

        first = raster_parameter(self, BEFORE, parameters, context)
        before = raster_source(first, feedback)
        after = raster_source(raster_parameter(self, AFTER, parameters, context), feedback)
        zones = write_zones(self, first.crs(), parameters, context, feedback)
        if zones is not None:
            self.files[zones.path] = zones.name
        given: dict[str, str | int | float | bool | None] = {
            BEFORE: before.title,
            AFTER: after.title,
            DATES: text(DATES),
            CROSSWALK: table(CROSSWALK),
            GROUPS: table(GROUPS),
            MMU: self.parameterAsDouble(parameters, MMU, context),
            CONNECTIVITY: self.parameterAsEnumString(parameters, CONNECTIVITY, context),
            ZONES: zones.name if zones is not None else "",
            ZONE_FIELD: text(ZONE_FIELD),
            BUFFER: self.parameterAsInt(parameters, BUFFER, context),
            STRATA_TRANSITIONS: self.parameterAsInt(parameters, STRATA_TRANSITIONS, context),
        }
        return ChangeRequest(
            before=before,
            after=after,
            crosswalk=table(CROSSWALK),
            groups=table(GROUPS),
            dates=text(DATES),
            minimum=self.parameterAsDouble(parameters, MMU, context),
            connectivity=self.parameterAsEnumString(parameters, CONNECTIVITY, context),
            zones=zones.path if zones is not None else None,
            zone_field=zones.field if zones is not None else "",
            before_probabilities=raster(BEFORE_PROBABILITIES),
            after_probabilities=raster(AFTER_PROBABILITIES),
            buffer=self.parameterAsInt(parameters, BUFFER, context),
            strata_transitions=self.parameterAsInt(parameters, STRATA_TRANSITIONS, context),
            table=file(TABLE),
            figure=file(FIGURE),
            title=text(TITLE),
            report=report_path(self, parameters, context) if is_given(parameters, REPORT) else None,
            parameters=given,
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        paths = {
            name: absolute(self.parameterAsOutputLayer(parameters, name, context))
            for name in _RASTERS
            if is_given(parameters, name)
        }
        request = replace(
            self.request,
            output=paths.get(OUTPUT, ""),
            probability=paths.get(PROBABILITY, ""),
            strata=paths.get(STRATA, ""),
        )
        result = self.run_task("change", request, feedback)
        if PROBABILITY in paths:
            style_fractions(paths[PROBABILITY], feedback)
        about = subject(context, *((item.title, item.path) for item in (request.before, request.after)))
        kinds = {
            OUTPUT: tr("Change"),
            STRATA: tr("Strata"),
            PROBABILITY: tr("Probability of change"),
        }
        load_on_completion(
            self,
            context,
            about,
            [LayerToLoad(name, path, kinds[name], is_main=name == OUTPUT) for name, path in paths.items()],
        )
        files = {name: result[name.lower()] for name in (*_RASTERS, TABLE, FIGURE, REPORT)}
        return self.finish(
            {
                **{name: path for name, path in files.items() if path},
                "CHANGE_HA": result["hectares"],
                "CHANGE_PERCENT": result["percent"],
            },
            feedback,
        )
