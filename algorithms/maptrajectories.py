"""Follow classes in maps of several dates."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ..core import marks
from ..core.errors import OutputError, ParameterError
from ..core.files import PAGE_SUFFIXES, RASTER_SUFFIXES, Output
from ..core.requests.trajectories import (
    CHANGES_NAME,
    FILTERS,
    FIRST_NAME,
    LAST_NAME,
    MIN_MAPS,
    dates_of,
    parse_frequencies,
)
from .base import LandCoverAlgorithm, processing_errors
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion
from .layers.rasters import check_crs, one_of_many, raster_layers, raster_source
from .parameters.common import is_given, titled
from .parameters.outputs import absolute, check_output_folder, given_path
from .parameters.raster_lists import (
    DEFAULT_PATTERN,
    INPUT_FOLDER,
    INPUTS,
    PATTERN,
    listed_rasters,
)
from .parameters.report import REPORT, REPORT_FILES, language_parameter, report_parameter, report_path

if TYPE_CHECKING:
    from ..core.requests.trajectories import TrajectoriesRequest

DATES, RULES, OUTPUT_FOLDER, TABLE, LOAD = "DATES", "RULES", "OUTPUT_FOLDER", "TABLE", "LOAD"
FILTER_CHOICE, FILTER_ORDER, FREQUENCY, PROBABILITIES = (
    "FILTERS",
    "FILTER_ORDER",
    "FREQUENCY",
    "PROBABILITIES",
)


class MapTrajectories(LandCoverAlgorithm):
    """Class maps of several dates to sequences, rasters of changes and filtered maps."""

    ID = "maptrajectories"
    TITLE = "Change over several dates"
    SUMMARY = "Follows the class of each pixel through maps of several dates, and filters impossible changes."
    GROUP = "Change"
    TAGS = (
        "trajectories",
        "time series",
        "land cover change",
        "change detection",
        "temporal filter",
        "forbidden transitions",
        "year of change",
        "deforestation",
        "regrowth",
    )
    FILES = (
        (TABLE, marks.TRAJECTORY_TABLE, (".csv",)),
        (REPORT, marks.report_kind("trajectories"), PAGE_SUFFIXES),
    )
    HELP = (
        "<p>Follows the class of each pixel through maps of several dates: which sequences of classes "
        "occur, how often and when a pixel changed. Filters correct sequences that are impossible or "
        "unlikely.</p>"
        "<p><b>Inputs.</b> Class maps of two or more dates, as a list or as a folder with a pattern. "
        "Classes are matched by name, and all maps are brought onto the grid of the earliest one. DATES "
        "gives a year or date per map; without it, dates are read from the file names where these are "
        "unambiguous.</p>"
        "<p><b>Outputs.</b> <code>changes.tif</code>, <code>first_change.tif</code> and "
        "<code>last_change.tif</code> in the folder: number of changes, and date of the first and of the "
        "last one. With a filter, a map NAME_filtered.tif for each date. TABLE has the most frequent "
        "sequences with their hectares. The log and the report say how many pixels each filter changed. "
        "Filters are off unless asked for, and are applied in this order: gaps (FILTERS gap_fill), first "
        "and last date, windows of 3, 4 and 5 dates, FREQUENCY, and forbidden transitions (RULES). With "
        "PROBABILITIES, the most probable sequence of permitted transitions is found instead (Viterbi). "
        "Pixels without a class at some date have no trajectory unless gaps are filled.</p>"
        "<p><b>Typical values.</b> FILTERS gap_fill and window_3 for yearly maps. RULES for what cannot be, "
        "such as built-up land to forest. Compare the areas before and after a filter in the report: "
        "filters also remove changes that happened.</p>"
        "<p><b>Run time.</b> Six maps of 1.8 million pixels with four filters, all rasters and the report "
        "took 8 seconds with the start of QGIS, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>DATES is empty, and the names of the maps do not show one year or date "
        "each</i>: give the dates. <i>Two maps have the same date</i>: give dates with month and day. "
        "<i>The maps have no class …</i>: write its name as in the legend, or its value.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(
                INPUTS, tr("Maps"), Qgis.ProcessingSourceType.Raster, optional=True
            ),
            "Rasters of class values, one per date; instead of a folder, or besides it.",
        )
        self.add(
            QgsProcessingParameterFile(
                INPUT_FOLDER,
                tr("Map folder"),
                Qgis.ProcessingFileParameterBehavior.Folder,
                optional=True,
            ),
            "Folder whose files that match the pattern are the maps, in the order of their names.",
        )
        self.add(
            QgsProcessingParameterString(PATTERN, tr("File name pattern"), DEFAULT_PATTERN),
            "Patterns of file names, separated by semicolons: <code>*</code> is any text, <code>?</code> any "
            "character. <code>**/*.tif</code> also searches subfolders.",
        )
        self.add(
            QgsProcessingParameterString(DATES, tr("Dates of maps"), optional=True),
            "A year or date per map, in the order of the maps, such as <code>1999, 2002, 2005</code> or "
            "<code>1999-11-18, 2002-04-16</code>. Empty: read from the file names.",
            details="Names are read where each shows exactly one date, or else exactly one year, and all "
            "differ. The maps are then followed in the order of the dates.",
        )
        self.add(
            titled(
                QgsProcessingParameterEnum(
                    FILTER_CHOICE,
                    tr("Filters"),
                    options=list(FILTERS),
                    allowMultiple=True,
                    usesStaticStrings=True,
                    optional=True,
                )
            ),
            "Filters of sequences; none by default. They are applied in the order of this list.",
            details="<code>gap_fill</code>: a pixel without a class gets that of the next date, else of the "
            "one before. <code>first_year</code>: x v v at the first dates becomes v v v. "
            "<code>last_year</code>: v v x at the last dates becomes v v v. <code>window_3</code>: v x v "
            "becomes v v v; <code>window_4</code> and <code>window_5</code> accordingly with two and three "
            "dates between. Each takes one class v after the other (FILTER_ORDER).",
        )
        self.add(
            QgsProcessingParameterString(FILTER_ORDER, tr("Order of classes"), optional=True),
            "Classes in the order in which filters take them, by name or value, separated by commas; others "
            "are not restored. Empty: all, the largest first.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString(FREQUENCY, tr("Frequency"), optional=True),
            "Classes and fractions, such as <code>Forest=0.75</code>: a pixel with the class at so many of "
            "its dates has it at all of them. Empty: none.",
            advanced=True,
            details="Fractions are above 0.5, so that one class alone can reach them.",
        )
        self.add(
            QgsProcessingParameterFile(
                RULES,
                tr("Table of rules"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("CSV files (*.csv)"),
            ),
            "CSV with the columns from and to: transitions that are forbidden, by name or value; "
            "<code>*</code> is any other class. A sequence gets the fewest other classes without them.",
            details="With PROBABILITIES, a column <code>probability</code> from 0 to 1 may weigh "
            "transitions; without a row it is 1. Without PROBABILITIES, only 0 counts.",
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                PROBABILITIES, tr("Probabilities"), Qgis.ProcessingSourceType.Raster, optional=True
            ),
            "Probability raster of each map, in the order of the maps, with a band per class. The most "
            "probable sequence replaces the classes of the maps.",
            advanced=True,
            details="It is found by dynamic programming (Viterbi): the product of the probabilities of the "
            "classes and of the transitions in RULES. The other filters are not used with it.",
        )
        self.add(
            QgsProcessingParameterFolderDestination(OUTPUT_FOLDER, tr("Output folder"), optional=True),
            "Folder of the rasters and filtered maps. It is created where only its last part is missing.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                TABLE, tr("Table"), fileFilter=tr("CSV files (*.csv)"), optional=True
            ),
            "CSV of the most frequent sequences: number of changes, pixels, hectares, per cent, and the "
            "class at each date.",
        )
        self.add(
            report_parameter("Trajectory report"),
            "HTML page with areas in time, sequences, number of changes and the effect of each filter. It "
            "needs no other file.",
            details=REPORT_FILES,
        )
        self.add(*language_parameter())
        self.add(
            QgsProcessingParameterBoolean(LOAD, tr("Load maps into project"), defaultValue=False),
            "Adds the rasters of the folder to the project. In the desktop only.",
        )
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputMultipleLayers("MAPS", tr("Filtered maps")))
        self.addOutput(QgsProcessingOutputFile("CHANGES", tr("Number of changes")))
        self.addOutput(QgsProcessingOutputFile("FIRST_CHANGE", tr("First change")))
        self.addOutput(QgsProcessingOutputFile("LAST_CHANGE", tr("Last change")))
        self.addOutput(QgsProcessingOutputNumber("CHANGED_PERCENT", tr("Changed area in per cent")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        check_output_folder(parameters, OUTPUT_FOLDER, context)
        layers = self._maps(parameters, context)
        for layer in layers:
            raster_source(layer)
            check_crs(layer)
        titles = [raster_source(layer).title for layer in layers]
        dates_of(titles, self.parameterAsString(parameters, DATES, context))
        parse_frequencies(self.parameterAsString(parameters, FREQUENCY, context))
        if not any(is_given(parameters, name) for name in (OUTPUT_FOLDER, TABLE, REPORT)):
            raise ParameterError(
                "No output was given",
                where="OUTPUT_FOLDER, TABLE, REPORT",
                advice="Choose at least one of them.",
            )

    def outputs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[Output]:
        # The filtered maps are checked when their names are known.
        path = given_path(parameters.get(OUTPUT_FOLDER), context)
        folder = Path(absolute(path)) if path else None
        rasters = [
            Output(str(folder / name), RASTER_SUFFIXES, marks.TRAJECTORY_MAP)
            for name in (CHANGES_NAME, FIRST_NAME, LAST_NAME)
            if folder is not None and folder.is_dir()
        ]
        return [*super().outputs(parameters, context), *rasters]

    def values_to_check(self, parameters: dict[str, Any]) -> dict[str, Any]:
        # Processing would refuse the list for one raster that it cannot open, without a reason.
        values = super().values_to_check(parameters)
        return {name: value for name, value in values.items() if name not in (INPUTS, PROBABILITIES)}

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> TrajectoriesRequest:
        from ..core.requests.trajectories import TrajectoriesRequest

        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        def file(name: str) -> str:
            path = self.parameterAsFileOutput(parameters, name, context) if is_given(parameters, name) else ""
            return absolute(path) if path else ""

        inputs = tuple(raster_source(layer, feedback) for layer in self._maps(parameters, context))
        probabilities = ()
        if is_given(parameters, PROBABILITIES):
            layers = raster_layers(PROBABILITIES, parameters, context)
            probabilities = tuple(raster_source(layer, feedback) for layer in layers)
        rules = self.parameterAsFile(parameters, RULES, context)
        # No choice comes as an empty word.
        filters = tuple(filter(None, self.parameterAsEnumStrings(parameters, FILTER_CHOICE, context)))
        given: dict[str, str | int | float | bool | None] = {
            INPUTS: ", ".join(item.title for item in inputs),
            DATES: text(DATES),
            FILTER_CHOICE: ", ".join(filters),
            FILTER_ORDER: text(FILTER_ORDER),
            FREQUENCY: text(FREQUENCY),
            RULES: rules,
            PROBABILITIES: ", ".join(item.title for item in probabilities),
        }
        return TrajectoriesRequest(
            inputs=inputs,
            dates=text(DATES),
            filters=filters,
            filter_order=text(FILTER_ORDER),
            frequency=text(FREQUENCY),
            rules=absolute(rules) if rules else "",
            probabilities=probabilities,
            table=file(TABLE),
            report=report_path(self, parameters, context) if is_given(parameters, REPORT) else None,
            overwrite=self.overwrites(parameters, context),
            parameters=given,
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        folder, is_new = "", False
        if is_given(parameters, OUTPUT_FOLDER):
            folder = absolute(self.parameterAsFileOutput(parameters, OUTPUT_FOLDER, context))
            if not self.is_dry_run(parameters, context):
                with processing_errors(self.files):
                    is_new = not Path(folder).exists()
                    Path(folder).mkdir(exist_ok=True)
        try:
            result = self.run_task("trajectories", replace(self.request, folder=folder), feedback)
        except BaseException:
            if is_new:
                # One that holds something stays.
                with suppress(OSError):
                    Path(folder).rmdir()
            raise
        rasters = {"CHANGES": "changes", "FIRST_CHANGE": "first", "LAST_CHANGE": "last"}
        files = {name: result[key] for name, key in rasters.items()}
        files |= {OUTPUT_FOLDER: folder, TABLE: result["table"], REPORT: result["report"]}
        maps = list(result["maps"])
        if folder and self.parameterAsBoolean(parameters, LOAD, context):
            kinds = {
                "CHANGES": tr("Number of changes"),
                "FIRST_CHANGE": tr("First change"),
                "LAST_CHANGE": tr("Last change"),
            }
            layers = [LayerToLoad(name, files[name], kind, requested=True) for name, kind in kinds.items()]
            layers += [LayerToLoad("MAPS", path, Path(path).stem, requested=True) for path in maps]
            load_on_completion(self, context, None, layers, group=Path(folder).name)
        return self.finish(
            {
                **{name: path for name, path in files.items() if path},
                "MAPS": maps,
                "CHANGED_PERCENT": result["changed_percent"],
            },
            feedback,
        )

    def _maps(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsRasterLayer]:
        path = given_path(parameters.get(OUTPUT_FOLDER), context)
        output = Path(absolute(path)).resolve() if path else None
        if output and is_given(parameters, INPUT_FOLDER):
            given = self.parameterAsString(parameters, INPUT_FOLDER, context)
            if Path(absolute(given)).resolve() == output:
                raise OutputError(
                    "The output folder is the map folder, so another run would read its outputs as maps",
                    where=path,
                    advice="Choose another one, for example a folder inside it.",
                )
        items = listed_rasters(self, parameters, context, output)
        maps = [one_of_many(item, INPUTS, context) for item in items]
        if len(maps) < MIN_MAPS:
            raise ParameterError(
                "There are too few maps to follow",
                where=f"{INPUTS}, {INPUT_FOLDER}",
                advice="Choose maps of two dates or more.",
            )
        return maps
