"""Assess a map's accuracy and estimate the areas of its classes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ..core import marks
from ..core.files import PAGE_SUFFIXES, RASTER_SUFFIXES
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.fraction_styles import style_fractions
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.rasters import check_crs, raster_parameter, raster_source
from .layers.samples import CLASS_FIELD
from .parameters.common import is_given
from .parameters.outputs import absolute
from .parameters.reference import (
    DESIGN,
    REFERENCE,
    STRATA_AREAS,
    STRATUM_FIELD,
    WEIGHT_FIELD,
    block_parameter,
    check_reference,
    design_parameters,
    reference_parameters,
    write_reference,
)
from .parameters.report import REPORT, REPORT_FILES, language_parameter, report_parameter, report_path

if TYPE_CHECKING:
    from ..core.requests.assess import AssessRequest

TABLE, LOCAL_ACCURACY = "TABLE", "LOCAL_ACCURACY"


class AssessAccuracy(LandCoverAlgorithm):
    """A class map and a reference to accuracy and areas with their intervals."""

    ID = "assessaccuracy"
    TITLE = "Assess accuracy and area"
    SUMMARY = (
        "Compares a class map with reference points, polygons or a raster; estimates accuracy and areas."
    )
    GROUP = "Accuracy"
    TAGS = (
        "accuracy",
        "confusion matrix",
        "error matrix",
        "area estimation",
        "validation",
        "kappa",
        "olofsson",
    )
    FILES = (
        (TABLE, marks.ACCURACY_TABLE, (".csv",)),
        (LOCAL_ACCURACY, marks.LOCAL_ACCURACY, RASTER_SUFFIXES),
        (REPORT, marks.report_kind("accuracy"), PAGE_SUFFIXES),
    )
    HELP = (
        "<p>Estimates the accuracy of a class map and the areas of its classes, with 95 % intervals.</p>"
        "<p><b>Inputs.</b> Any raster of class values, made with this plugin or not, and a reference: points "
        "or polygons with a class field, or another class raster. Points of <b>Sampling design</b> are "
        "recognised with their strata. For other points choose the sampling design: only a probability "
        "sample allows estimates for the whole map and for areas. For polygons, rasters and points without a "
        "design, intervals are found by resampling whole polygons or blocks, and no areas are estimated.</p>"
        "<p><b>Outputs.</b> Overall, user’s and producer’s accuracy, F1 and IoU, the confusion matrix in "
        "counts and in area proportions, and estimated areas (Olofsson et al. 2014, Stehman 2014). Wilson’s "
        "interval with the effective sample size is given besides the plain one; it is better for rare "
        "classes. The log and the report count references that lie on unclassified pixels, lie outside the "
        "map, or are given twice. They also count references on the pixels that the model of the map was "
        "trained with; from 1 % on, this is the first warning.</p>"
        "<p><b>Typical values.</b> Draw points with <b>Sampling design</b>, at least 50 per class, label "
        "them, and assess with the defaults.</p>"
        "<p><b>Run time.</b> The map is read once to count its classes, and again where the reference is a "
        "raster: about 3 seconds for the demo scene with the start of QGIS and a report, on two cores of an "
        "AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>None of the reference's classes … is one of the map's</i>: the class "
        "field holds other codes or spellings. <i>The class … is the name of several classes of the map</i>: "
        "choose a field of class values. <i>None of the … reference features lies in the map</i>: they cover "
        "different areas. <i>The reference is the map itself</i>: choose one that was not made from the map. "
        "<i>DESIGN is …, but … is empty</i>: <code>stratified_other</code> needs STRATUM_FIELD and "
        "STRATA_AREAS, <code>weights</code> needs WEIGHT_FIELD.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Map to assess")),
            "A raster of class values. Names and colours are read from its attribute or colour table.",
        )
        blocks = block_parameter(
            "It is also the size of the blocks of LOCAL_ACCURACY. For a reference of points or polygons, 0 "
            "gives blocks with about thirty references on average."
        )
        for described in (*reference_parameters(), *design_parameters(), blocks):
            self.add(*described)
        self.add(
            QgsProcessingParameterBoolean("KAPPA", tr("Cohen’s kappa"), defaultValue=False),
            "Adds Cohen’s kappa to the report. It compares with an agreement by chance that has no meaning "
            "for maps (Pontius and Millones 2011), so it is off by default.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination(
                TABLE, tr("Table of classes"), fileFilter=tr("CSV files (*.csv)"), optional=True
            ),
            "CSV with a row per class: mapped area, user’s and producer’s accuracy, and estimated area with "
            "intervals.",
            details="Columns that end in _ci hold half the plain 95 % interval, those in _low and _high the "
            "ends of Wilson’s interval.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                LOCAL_ACCURACY, tr("Local accuracy"), optional=True, createByDefault=False
            ),
            "GeoTIFF (.tif) of the accuracy in blocks of BLOCK_SIZE: overall accuracy, then user’s and "
            "producer’s accuracy of each class in a band each. Blocks with fewer than ten references are "
            "nodata.",
            advanced=True,
            details="Points count by their sampling design. The layer opens styled.",
        )
        self.add(
            report_parameter("Accuracy report"),
            "HTML page with all figures, tables to paste into a manuscript, and cautions. It needs no other "
            "file.",
            details=REPORT_FILES,
        )
        self.add(*language_parameter())
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputNumber("OVERALL_ACCURACY", tr("Overall accuracy (0 to 1)")))
        self.addOutput(
            QgsProcessingOutputNumber("OVERALL_ACCURACY_CI", tr("Half the 95 % interval of overall accuracy"))
        )

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        raster = raster_parameter(self, "INPUT", parameters, context)
        raster_source(raster)
        check_crs(raster)
        check_reference(self, parameters, context)

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> AssessRequest:
        from ..core.requests.assess import AssessRequest

        def text(name: str) -> str:
            return self.parameterAsString(parameters, name, context)

        raster = raster_parameter(self, "INPUT", parameters, context)
        reference = write_reference(self, raster.crs(), parameters, context, feedback)
        if reference.features:
            self.files[reference.features] = reference.name
        request = AssessRequest(
            input=raster_source(raster, feedback),
            features=reference.features,
            raster=reference.raster,
            name=reference.name,
            skipped=reference.skipped,
            sample=reference.sample,
            unlabelled=reference.unlabelled,
            design=text(DESIGN),
            strata_areas=text(STRATA_AREAS),
            kappa=self.parameterAsBoolean(parameters, "KAPPA", context),
            block_size=self.parameterAsInt(parameters, "BLOCK_SIZE", context),
            report=report_path(self, parameters, context),
        )
        given = {
            "INPUT": request.input.title,
            REFERENCE: request.name,
            CLASS_FIELD: text(CLASS_FIELD),
            DESIGN: request.design,
            STRATUM_FIELD: text(STRATUM_FIELD),
            STRATA_AREAS: request.strata_areas,
            WEIGHT_FIELD: text(WEIGHT_FIELD),
            "BLOCK_SIZE": request.block_size,
        }
        table = self.parameterAsFileOutput(parameters, TABLE, context)
        return replace(request, parameters=given, table=absolute(table) if table else "")

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        local = ""
        if is_given(parameters, LOCAL_ACCURACY):
            # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
            local = absolute(self.parameterAsOutputLayer(parameters, LOCAL_ACCURACY, context))
        result = self.run_task("assess", replace(self.request, local_accuracy=local), feedback)
        if local:
            style_fractions(local, feedback)
            raster = self.request.input
            about = subject(context, (raster.title, raster.path))
            load_on_completion(
                self, context, about, [LayerToLoad(LOCAL_ACCURACY, local, tr("Local accuracy"))]
            )
        files = {TABLE: result["table"], LOCAL_ACCURACY: local, REPORT: result["report"]}
        numbers = {
            "OVERALL_ACCURACY": result["overall_accuracy"],
            "OVERALL_ACCURACY_CI": result["overall_accuracy_ci"],
        }
        return self.finish({**numbers, **{name: path for name, path in files.items() if path}}, feedback)
