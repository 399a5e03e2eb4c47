"""Polygons of a class map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDistance,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorDestination,
)

from ..core import marks
from ..core.files import VECTOR_SUFFIXES
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.metadata import keep_file_metadata
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.common import is_given
from .parameters.outputs import absolute

if TYPE_CHECKING:
    from ..core.requests.vectorisemap import VectoriseRequest

INPUT, PROBABILITIES, SIMPLIFY, OUTPUT = "INPUT", "PROBABILITIES", "SIMPLIFY", "OUTPUT"


class VectoriseMap(LandCoverAlgorithm):
    """A class map to polygons with their class, area and confidence."""

    ID = "vectorisemap"
    TITLE = "Vectorise a map"
    SUMMARY = "Writes the patches of a class map as polygons with class, area, perimeter and confidence."
    GROUP = "Areas and print"
    TAGS = ("polygonise", "polygonize", "vector", "polygons", "patches", "geopackage", "kml", "google earth")
    FILES = ((OUTPUT, marks.PATCHES, VECTOR_SUFFIXES),)
    HELP = (
        "<p>Writes a polygon for each patch of a class map: pixels of one class that are connected by their "
        "sides. Patches that cross the borders of tiles are one polygon. Maps of any size are written while "
        "they are read.</p>"
        "<p><b>Inputs.</b> A class map. With the PROBABILITIES of the same classification each polygon has "
        "its mean confidence.</p>"
        "<p><b>Outputs.</b> A GeoPackage whose layer opens with the names and colours of the map, or a KML "
        "for Google Earth in longitude and latitude. Fields: <code>value</code>, <code>name</code>, "
        "<code>area_ha</code> (true area of the pixels, measured on the ellipsoid where the CRS distorts "
        "areas), <code>perimeter_m</code> (along the edges of the pixels, holes included), "
        "<code>pixels</code>, and <code>confidence</code>, the mean probability of the class over the patch. "
        "The areas add up to those of the map.</p>"
        "<p><b>Typical values.</b> Remove small patches first with <b>Generalise a map</b>. SIMPLIFY of one "
        "to two pixels takes away the steps of the pixels; area and perimeter stay those of the pixels.</p>"
        "<p><b>Run time.</b> A noisy map of 1.8 million pixels took 1 second for 41,000 polygons, and 6 "
        "seconds with SIMPLIFY, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The probabilities have another grid than the map</i>: choose those that "
        "were written together with the map. <i>The raster holds … different values and no class names</i>: "
        "it is not a class map. <i>Vector files need the packages …</i>: run <b>Set up the environment</b> "
        "again.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(INPUT, tr("Class map")),
            "Raster of class values, such as a map of <b>Classify a raster</b>.",
        )
        self.add(
            QgsProcessingParameterRasterLayer(PROBABILITIES, tr("Probabilities"), optional=True),
            "Probabilities of the same classification, for the mean confidence of each polygon.",
        )
        simplify = QgsProcessingParameterDistance(
            SIMPLIFY, tr("Simplify (map units)"), defaultValue=0.0, parentParameterName=INPUT, minValue=0.0
        )
        self.add(
            simplify,
            "Tolerance of the simplification of borders. 0 keeps the edges of the pixels.",
            details="A corner goes where the triangle with its neighbours is smaller than the square of the "
            "tolerance. Neighbours keep one shared border. Large maps are simplified in bands of some "
            "hundred rows, and corners where two bands meet are kept.",
        )
        self.add(
            QgsProcessingParameterVectorDestination(
                OUTPUT, tr("Polygons"), QgsProcessing.SourceType.TypeVectorPolygon
            ),
            "GeoPackage (.gpkg) with names and colours of the map, or KML (.kml) for Google Earth.",
        )
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("POLYGONS", tr("Number of polygons")))
        self.addOutput(QgsProcessingOutputNumber("AREA_HA", tr("Area of the polygons in hectares")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        for name in (INPUT, PROBABILITIES):
            if name == INPUT or is_given(parameters, name):
                layer = raster_parameter(self, name, parameters, context)
                raster_source(layer)
                check_crs(layer)

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> VectoriseRequest:
        from ..core.requests.vectorisemap import VectoriseRequest

        source = raster_source(raster_parameter(self, INPUT, parameters, context), feedback)
        probabilities = None
        if is_given(parameters, PROBABILITIES):
            probabilities = raster_source(
                raster_parameter(self, PROBABILITIES, parameters, context), feedback
            )
        simplify = self.parameterAsDouble(parameters, SIMPLIFY, context)
        return VectoriseRequest(
            input=source,
            output="",
            probabilities=probabilities,
            simplify=simplify,
            parameters={
                INPUT: source.title,
                PROBABILITIES: probabilities.title if probabilities is not None else "",
                SIMPLIFY: simplify,
            },
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        path = self.parameterAsOutputLayer(parameters, OUTPUT, context)
        output = absolute(path.partition("|layername=")[0])
        result = self.run_task("vectorisemap", replace(self.request, output=output), feedback)
        keep_file_metadata(output)
        about = subject(context, (self.request.input.title, self.request.input.path))
        load_on_completion(self, context, about, [LayerToLoad(OUTPUT, output, tr("Patches"), is_main=True)])
        return self.finish(
            {OUTPUT: result["output"], "POLYGONS": result["polygons"], "AREA_HA": result["hectares"]},
            feedback,
        )
