"""Compare maps on one reference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ..core import marks
from ..core.errors import ParameterError
from ..core.files import FIGURE_SUFFIXES, PAGE_SUFFIXES, RASTER_SUFFIXES
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.rasters import check_crs, raster_layers, raster_source
from .layers.samples import CLASS_FIELD
from .parameters.common import is_given
from .parameters.outputs import absolute
from .parameters.reference import (
    DESIGN,
    REFERENCE,
    STRATA_AREAS,
    STRATUM_FIELD,
    WEIGHT_FIELD,
    Reference,
    block_parameter,
    check_reference,
    design_parameters,
    reference_parameters,
    write_reference,
)
from .parameters.report import REPORT, REPORT_FILES, language_parameter, report_parameter, report_path

if TYPE_CHECKING:
    from ..core.requests.compare import CompareRequest

INPUTS, TITLE, FIGURE, AGREEMENT, TABLE = "INPUTS", "TITLE", "FIGURE", "AGREEMENT", "TABLE"
_FIGURE_FILTER = "PNG files (*.png);;PDF files (*.pdf);;SVG files (*.svg);;TIFF files (*.tif)"


class CompareMaps(LandCoverAlgorithm):
    """Class maps and a reference to gains with their significance, and to a figure side by side."""

    ID = "comparemaps"
    TITLE = "Compare maps"
    SUMMARY = "Compares class maps with one reference, tests the differences, and draws them side by side."
    GROUP = "Accuracy"
    TAGS = ("comparison", "mcnemar", "significance", "agreement", "side by side", "figure", "accuracy")
    FILES = (
        (FIGURE, marks.FIGURE, FIGURE_SUFFIXES),
        (AGREEMENT, marks.AGREEMENT, RASTER_SUFFIXES),
        (TABLE, marks.COMPARISON_TABLE, (".csv",)),
        (REPORT, marks.report_kind("comparison"), PAGE_SUFFIXES),
    )
    HELP = (
        "<p>Compares the accuracy of several maps of one area, overall and per class, with the significance "
        "of the differences, and draws the maps side by side for print.</p>"
        "<p><b>Inputs.</b> Two or more class maps. The others are resampled to the grid of the first one by "
        "the nearest pixel and compared with it. The reference is as in <b>Assess accuracy and area</b>. "
        "With a reference raster one map is enough. Without a reference the report has the areas of the maps "
        "and their cross-tabulation, and no accuracy.</p>"
        "<p><b>Outputs.</b> Gains with their significance. McNemar’s test is given only for independent "
        "points of equal weight. Pixels of one polygon or block are correlated, so there a sign-flip test by "
        "cluster is used. For stratified or weighted points the difference is estimated by the design, which "
        "is not possible where a stratum has a single point. Intervals of gains are paired, because all maps "
        "are compared with the same reference. FIGURE has the maps, the reference where it is a raster, one "
        "legend, a scale bar and a title, at 300 dots per inch. AGREEMENT shows where which map is right, or "
        "how many agree.</p>"
        "<p><b>Typical values.</b> The current or published map first, and the new ones after it.</p>"
        "<p><b>Run time.</b> Each map is read a few times: 3 seconds for a map and the reference of the demo "
        "scene with figure, report and the start of QGIS, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>There are too few maps to compare</i>: without a reference raster, give "
        "at least two. <i>Neither a reference nor an output was given</i>: give a reference, or ask for a "
        "report, a table, a figure or the agreement map. <i>None of the reference's classes … is one of the "
        "map's</i>: the maps have other codes than the reference.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(INPUTS, tr("Maps"), Qgis.ProcessingSourceType.Raster),
            "Rasters of class values. The others are resampled to the grid of the first one and compared "
            "with it.",
            details="Classes are matched by name where the rasters name them, else by value.",
        )
        for described in (
            *reference_parameters(optional=True),
            *design_parameters(),
            block_parameter(),
        ):
            self.add(*described)
        self.add(
            QgsProcessingParameterString(TITLE, tr("Figure title"), optional=True),
            "Title above the figure. Empty: no title.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                FIGURE, tr("Figure"), fileFilter=tr(_FIGURE_FILTER), optional=True, createByDefault=False
            ),
            "PNG, PDF, SVG or TIFF of the maps side by side, at 300 dots per inch.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                AGREEMENT, tr("Agreement map"), optional=True, createByDefault=False
            ),
            "GeoTIFF (.tif) that shows, with a reference raster, which map is right or how many are. Without "
            "one, it shows how many maps agree.",
            details="The layer opens styled.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                TABLE, tr("Table"), fileFilter=tr("CSV files (*.csv)"), optional=True
            ),
            "CSV with the accuracy of each map, its interval, and the gain over the first map. Without a "
            "reference it has the areas of the classes in each map and their agreement.",
        )
        self.add(
            report_parameter("Comparison report"),
            "HTML page with all figures side by side, gains and their significance; without a reference, "
            "areas and cross-tabulation. It needs no other file.",
            details=REPORT_FILES,
        )
        self.add(*language_parameter())
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputNumber("GAIN", tr("Gain of the second map in overall accuracy")))
        self.addOutput(QgsProcessingOutputNumber("P_VALUE", tr("Probability of such a gain by chance")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        for layer in self._maps(parameters, context):
            raster_source(layer)
            check_crs(layer)
        if is_given(parameters, REFERENCE):
            check_reference(self, parameters, context)
        elif not any(is_given(parameters, name) for name in (FIGURE, AGREEMENT, TABLE, REPORT)):
            raise ParameterError(
                "Neither a reference nor an output was given",
                where=", ".join((REFERENCE, FIGURE, AGREEMENT, TABLE, REPORT)),
                advice="Choose a reference or an output.",
            )

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> CompareRequest:
        from ..core.requests.compare import CompareRequest

        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        def file(name: str) -> str:
            path = self.parameterAsFileOutput(parameters, name, context) if is_given(parameters, name) else ""
            return absolute(path) if path else ""

        maps = self._maps(parameters, context)
        reference = Reference(None, None, "")
        if is_given(parameters, REFERENCE):
            reference = write_reference(self, maps[0].crs(), parameters, context, feedback)
        if reference.features:
            self.files[reference.features] = reference.name
        inputs = tuple(raster_source(layer, feedback) for layer in maps)
        given = {
            INPUTS: ", ".join(item.title for item in inputs),
            REFERENCE: reference.name,
            **{name: text(name) for name in (CLASS_FIELD, DESIGN, STRATUM_FIELD, STRATA_AREAS, WEIGHT_FIELD)},
            "BLOCK_SIZE": self.parameterAsInt(parameters, "BLOCK_SIZE", context),
        }
        return CompareRequest(
            inputs=inputs,
            features=reference.features,
            raster=reference.raster,
            name=reference.name,
            skipped=reference.skipped,
            sample=reference.sample,
            unlabelled=reference.unlabelled,
            design=text(DESIGN),
            strata_areas=text(STRATA_AREAS),
            block_size=self.parameterAsInt(parameters, "BLOCK_SIZE", context),
            title=text(TITLE),
            figure=file(FIGURE),
            table=file(TABLE),
            report=report_path(self, parameters, context) if is_given(parameters, REPORT) else None,
            parameters=given,
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        agreement = ""
        if is_given(parameters, AGREEMENT):
            # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
            agreement = absolute(self.parameterAsOutputLayer(parameters, AGREEMENT, context))
        result = self.run_task("compare", replace(self.request, agreement=agreement), feedback)
        if agreement:
            about = subject(context, *((item.title, item.path) for item in self.request.inputs))
            load_on_completion(
                self, context, about, [LayerToLoad(AGREEMENT, agreement, tr("Agreement"), is_main=True)]
            )
        files = {name: result[name.lower()] for name in (FIGURE, AGREEMENT, TABLE, REPORT)}
        numbers = {"GAIN": result["gain"], "P_VALUE": result["p"]}
        return self.finish(
            {
                **{name: path for name, path in files.items() if path},
                **{name: number for name, number in numbers.items() if number is not None},
            },
            feedback,
        )

    def _maps(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsRasterLayer]:
        maps = raster_layers(INPUTS, parameters, context)
        is_raster = False
        if is_given(parameters, REFERENCE):
            layer = self.parameterAsLayer(parameters, REFERENCE, context)
            is_raster = isinstance(layer, QgsRasterLayer)
        if len(maps) < (1 if is_raster else 2):
            raise ParameterError(
                "There are too few maps to compare", where=INPUTS, advice="Choose two maps or more."
            )
        return maps
