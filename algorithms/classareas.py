"""Areas of the classes of a map, in all and per zone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorDestination,
    QgsRasterLayer,
)

from ..core import marks
from ..core.errors import ParameterError
from ..core.files import PAGE_SUFFIXES
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.metadata import keep_file_metadata
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.common import is_given
from .parameters.outputs import absolute
from .parameters.reference import (
    DESIGN,
    REFERENCE,
    STRATA_AREAS,
    check_reference,
    design_parameters,
    reference_parameters,
    reference_raster,
    write_reference,
)
from .parameters.report import REPORT, REPORT_FILES, language_parameter, report_parameter, report_path
from .parameters.zones import ZONES, check_zones, write_zones, zone_parameters

if TYPE_CHECKING:
    from ..core.requests.classareas import ClassAreasRequest
    from ..core.requests.generalisemap import MapReference

INPUT, FRACTIONAL, ESTIMATES = "INPUT", "FRACTIONAL", "ESTIMATES"
TABLE, OUTPUT = "TABLE", "OUTPUT"
_ZONE_SUFFIXES = (".gpkg",)


class ClassAreas(LandCoverAlgorithm):
    """A class map to hectares of its classes, in all and per zone, mapped and estimated."""

    ID = "classareas"
    TITLE = "Areas of classes"
    SUMMARY = "Measures the hectares and per cent of each class of a map, in all and in each zone of a layer."
    GROUP = "Areas and print"
    TAGS = (
        "area",
        "hectares",
        "zonal",
        "tabulate area",
        "zonal histogram",
        "statistics",
        "districts",
        "report",
    )
    FILES = (
        (TABLE, marks.AREAS_TABLE, (".csv",)),
        (OUTPUT, marks.ZONE_AREAS, _ZONE_SUFFIXES),
        (REPORT, marks.report_kind("classareas"), PAGE_SUFFIXES),
    )
    HELP = (
        "<p>Measures the area of each class of a map, in the whole map and in the zones of a polygon layer, "
        "such as districts or protected areas.</p>"
        "<p><b>Inputs.</b> A class map in any CRS; areas are measured on the ellipsoid where the CRS "
        "distorts them. Zones may overlap, and polygons of one value are one zone. Estimated areas with "
        "intervals come from ESTIMATES, the table of <b>Assess accuracy and area</b> of this map, or from "
        "REFERENCE, a "
        "probability sample of points.</p>"
        "<p><b>Outputs.</b> TABLE lists all classes, those that do not occur with 0, for the whole map (zone "
        "empty) and for each zone: value, name, zone, pixels, area_ha, percent. OUTPUT has the zones with a "
        "field of hectares for each class. The report has the same with charts. "
        "Estimates of a table hold for the whole map and are never divided among zones. "
        "With REFERENCE a zone is estimated from the points within it alone, and their number is given. With "
        "fewer than 30 points the report says <i>not enough points in this zone</i>.</p>"
        "<p><b>Typical values.</b> FRACTIONAL for zones of few pixels.</p>"
        "<p><b>Run time.</b> About 50 million pixels per second on two cores of an AMD EPYC, and "
        "half of that with a hundred zones.</p>"
        "<p><b>Common errors.</b> <i>No zone lies in the map</i>: the layer has another area or a wrong CRS. "
        "<i>The table of estimates is that of another map</i>: assess this map. <i>Areas cannot be estimated "
        "from this reference</i>: it is not a probability sample of points.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(INPUT, tr("Class map")),
            "Raster of class values, such as a map of <b>Classify a raster</b>.",
        )
        for described in zone_parameters():
            self.add(*described)
        self.add(
            QgsProcessingParameterBoolean(FRACTIONAL, tr("Fractional pixels"), defaultValue=False),
            "Counts pixels on the border of a zone by the fraction of their area inside, instead of by their "
            "centres.",
            advanced=True,
            details="The fractions are exact. It takes about three times as long.",
        )
        self.add(
            QgsProcessingParameterFile(
                ESTIMATES,
                tr("Table of estimates"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("CSV files (*.csv)"),
            ),
            "TABLE of <b>Assess accuracy and area</b> for this map: estimated areas with intervals for the "
            "whole map.",
            details="A table whose mapped areas are not those of the map is refused.",
        )
        for described in (*reference_parameters(optional=True), *design_parameters()):
            self.add(described.definition, described.help, advanced=True, details=described.details)
        self.add(
            QgsProcessingParameterFileDestination(
                TABLE, tr("Table"), fileFilter=tr("CSV files (*.csv)"), optional=True
            ),
            "CSV with value, name, zone, pixels, area_ha and percent of each class.",
        )
        self.add(
            QgsProcessingParameterVectorDestination(
                OUTPUT,
                tr("Zones with areas"),
                QgsProcessing.SourceType.TypeVectorPolygon,
                optional=True,
                createByDefault=False,
            ),
            "GeoPackage (.gpkg) of the zones in the CRS of the map, with a field of hectares for each class.",
        )
        self.add(
            report_parameter("Area report"),
            "HTML page with the areas and charts. It needs no other file.",
            details=REPORT_FILES,
        )
        self.add(*language_parameter())
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("AREA_HA", tr("Area with a class in hectares")))
        self.addOutput(QgsProcessingOutputNumber("ZONE_COUNT", tr("Number of zones")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        layer = raster_parameter(self, INPUT, parameters, context)
        raster_source(layer)
        check_crs(layer)
        check_zones(self, parameters, context)
        if is_given(parameters, OUTPUT) and not is_given(parameters, ZONES):
            raise ParameterError(
                "The layer of zones needs zones",
                where=OUTPUT,
                advice="Choose a layer in ZONES, or leave OUTPUT empty.",
            )
        if is_given(parameters, REFERENCE):
            check_reference(self, parameters, context)
            if isinstance(reference_raster(self, parameters, context), QgsRasterLayer):
                raise ParameterError(
                    "Areas cannot be estimated from a reference raster",
                    where=REFERENCE,
                    advice="Choose points that were drawn at random, such as those of ‘Sampling design’.",
                )
            if is_given(parameters, ESTIMATES):
                raise ParameterError(
                    "There are two sources of estimates",
                    where=f"{ESTIMATES}, {REFERENCE}",
                    advice="Give the table for the whole map alone, or the points for the map and its zones.",
                )
        if not any(is_given(parameters, name) for name in (TABLE, OUTPUT, REPORT)):
            raise ParameterError(
                "No output was given",
                where=f"{TABLE}, {OUTPUT}, {REPORT}",
                advice="Choose a table, a layer of zones or a report.",
            )

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> ClassAreasRequest:
        from ..core.requests.classareas import ClassAreasRequest

        layer = raster_parameter(self, INPUT, parameters, context)
        source = raster_source(layer, feedback)
        zones = write_zones(self, layer.crs(), parameters, context, feedback)
        if zones is not None:
            self.files[zones.path] = zones.name
        estimates = self.parameterAsFile(parameters, ESTIMATES, context)
        reference = self._reference(layer, parameters, context, feedback)
        table = self.parameterAsFileOutput(parameters, TABLE, context) if is_given(parameters, TABLE) else ""
        fractional = self.parameterAsBoolean(parameters, FRACTIONAL, context)
        return ClassAreasRequest(
            input=source,
            zones=zones.path if zones is not None else "",
            zone_field=zones.field if zones is not None else "",
            zones_layer=zones.name if zones is not None else "",
            is_fractional=fractional,
            estimates=absolute(estimates) if estimates else "",
            reference=reference,
            table=absolute(table) if table else "",
            report=report_path(self, parameters, context) if is_given(parameters, REPORT) else None,
            parameters={
                INPUT: source.title,
                ZONES: zones.name if zones is not None else "",
                "ZONE_FIELD": zones.field if zones is not None else "",
                FRACTIONAL: fractional,
                ESTIMATES: estimates,
                REFERENCE: reference.name if reference is not None else "",
                DESIGN: reference.design if reference is not None else "",
                STRATA_AREAS: reference.strata_areas if reference is not None else "",
            },
        )

    def _reference(
        self,
        layer: QgsRasterLayer,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> MapReference | None:
        from ..core.requests.generalisemap import MapReference

        if not is_given(parameters, REFERENCE):
            return None
        reference = write_reference(self, layer.crs(), parameters, context, feedback)
        if reference.features:
            self.files[reference.features] = reference.name
        return MapReference(
            features=reference.features,
            raster=reference.raster,
            name=reference.name,
            skipped=reference.skipped,
            sample=reference.sample,
            unlabelled=reference.unlabelled,
            design=self.parameterAsString(parameters, DESIGN, context),
            strata_areas=self.parameterAsString(parameters, STRATA_AREAS, context),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        output = ""
        if is_given(parameters, OUTPUT):
            # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
            path = self.parameterAsOutputLayer(parameters, OUTPUT, context)
            output = absolute(path.partition("|layername=")[0])
        result = self.run_task("classareas", replace(self.request, output=output), feedback)
        if output:
            keep_file_metadata(output)
            about = subject(context, (self.request.input.title, self.request.input.path))
            load_on_completion(
                self, context, about, [LayerToLoad(OUTPUT, output, tr("Zones with areas"), is_main=True)]
            )
        files = {TABLE: result["table"], OUTPUT: result["output"], REPORT: result["report"]}
        return self.finish(
            {
                **{name: path for name, path in files.items() if path},
                "AREA_HA": result["hectares"],
                "ZONE_COUNT": result["zones"],
            },
            feedback,
        )
