"""Merge or replace the classes of a map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..core.errors import ParameterError
from ..core.files import RASTER_SUFFIXES, TABLE_SUFFIX
from ..core.marks import RECODE_TABLE, RECODED_MAP
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.rasters import check_crs, raster_parameter, raster_source
from .layers.vectors import source_of, write_polygons
from .parameters.classify_request import mask_layer
from .parameters.common import choice_parameter, is_given
from .parameters.outputs import absolute

if TYPE_CHECKING:
    from ..core.requests.recode import RecodeRequest

INPUT, TABLE, LEVEL, MASK, VALUE = "INPUT", "TABLE", "LEVEL", "MASK", "VALUE"
FILL_NODATA, OUTPUT, CHANGES = "FILL_NODATA", "OUTPUT", "CHANGES"
LEVELS = ("none", "parent")


class RecodeMap(LandCoverAlgorithm):
    """A map and a table, a level or a mask to a map with other classes."""

    ID = "recodemap"
    TITLE = "Recode a map"
    SUMMARY = "Merges or replaces classes of a map by a table or by their parents, and sets pixels in a mask."
    GROUP = "Cleaning and classes"
    TAGS = (
        "recode",
        "reclassify",
        "merge classes",
        "replace",
        "hierarchy",
        "parent",
        "crosswalk",
        "override",
    )
    FILES = (
        (OUTPUT, RECODED_MAP, RASTER_SUFFIXES),
        (CHANGES, RECODE_TABLE, (TABLE_SUFFIX,)),
    )
    HELP = (
        "<p>Merges or replaces classes of a map. Values that the table does not list stay as they are, with "
        "their names and colours.</p>"
        "<p><b>Inputs.</b> A class map, and one or more of these, which are applied in this order: a table "
        "in CSV with the columns <code>from,to</code> and, where a class is new, "
        "<code>name,color,parent</code>; LEVEL, which merges the classes of each parent; a mask of polygons "
        "or a raster with the value of its pixels. <code>from</code> is a value, a name or "
        "<code>nodata</code>, <code>to</code> a value or <code>nodata</code>. With the column "
        "<code>from_name</code>, the table is refused where the map has another name for the value.</p>"
        "<p><b>Outputs.</b> A new map with names and colours, whose history names the maps and models that "
        "led to it, and a table of the pixels and hectares from each class to each other one. Pixels without "
        "a class stay without one, unless the table or FILL_NODATA says otherwise.</p>"
        "<p><b>Typical values.</b> A table for a national legend; LEVEL=parent for an overview; a mask for "
        "corrections on the screen.</p>"
        "<p><b>Run time.</b> The map is read twice and written once: Gewata's map of 1.8 million pixels took "
        "5 seconds with the start of QGIS and the worker, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The table calls the value … , and in the map it is …</i>: the map has "
        "other codes than the table; nothing is written. <i>No class has a parent</i>: give parents with "
        "<b>Rename classes</b>. <i>A mask needs a value</i>: give VALUE.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(INPUT, tr("Map")),
            "Raster of class values. It is not changed.",
        )
        self.add(
            QgsProcessingParameterFile(
                TABLE,
                tr("Table of values"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("CSV files (*.csv);;All files (*)"),
            ),
            "CSV file with the columns from and to, and optionally from_name, name, color and parent.",
            details="The columns are separated by commas, semicolons or tabs. Several rows with one "
            "<code>to</code> merge their classes. A name in a row must not be another one than that of a "
            "class that keeps the value <code>to</code>.",
        )
        self.add(
            choice_parameter(LEVEL, tr("Level"), LEVELS),
            "Level of the classes. <code>none</code>: as they are; <code>parent</code>: classes with one "
            "parent become one class.",
            details="A parent that is itself a class keeps its value. Others get the lowest free values, so "
            "that no value changes its meaning. Classes without a parent stay.",
        )
        self.add(
            QgsProcessingParameterMapLayer(
                MASK,
                tr("Mask"),
                optional=True,
                types=[
                    int(Qgis.ProcessingSourceType.VectorPolygon.value),
                    int(Qgis.ProcessingSourceType.Raster.value),
                ],
            ),
            "Polygons or a raster. Pixels whose centre lies in a polygon, or whose value is valid and not 0, "
            "get VALUE.",
        )
        self.add(
            QgsProcessingParameterString(VALUE, tr("Value in the mask"), optional=True),
            "Class value of the pixels in the mask, or <code>nodata</code>.",
        )
        self.add(
            QgsProcessingParameterBoolean(FILL_NODATA, tr("Fill nodata in mask"), defaultValue=False),
            "Also gives VALUE to pixels in the mask that have no class.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Recoded map")),
            "GeoTIFF (.tif) of the new class values. It opens with the names and colours of the classes.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                CHANGES,
                tr("Table of changes"),
                fileFilter=tr("CSV files (*.csv)"),
                optional=True,
                createByDefault=False,
            ),
            "CSV with pixels and hectares from each class to each other one.",
        )
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("PIXELS", tr("Changed pixels")))
        self.addOutput(QgsProcessingOutputNumber("CLASSES", tr("Number of classes")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        layer = raster_parameter(self, INPUT, parameters, context)
        raster_source(layer)
        check_crs(layer)
        has_mask = is_given(parameters, MASK)
        if has_mask:
            mask = mask_layer(self, parameters, context)
            if mask.type() == Qgis.LayerType.Raster:
                raster_source(mask)
            else:
                source_of(parameters.get(MASK), context)
        if not (
            has_mask
            or is_given(parameters, TABLE)
            or self.parameterAsEnumString(parameters, LEVEL, context) != LEVELS[0]
        ):
            raise ParameterError(
                "There is nothing to recode",
                where="TABLE, LEVEL, MASK",
                advice="Choose a table, a level, or a mask with a value.",
            )
        if has_mask != is_given(parameters, VALUE):
            raise ParameterError(
                "A mask needs a value, and a value a mask",
                where="MASK, VALUE",
                advice="Give both, such as VALUE=3, or VALUE=nodata to remove the classes inside the mask.",
            )

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> RecodeRequest:
        from ..core.requests.recode import RecodeRequest

        layer = raster_parameter(self, INPUT, parameters, context)
        table = self.parameterAsFile(parameters, TABLE, context) if is_given(parameters, TABLE) else ""
        polygons = raster = None
        if is_given(parameters, MASK):
            mask = mask_layer(self, parameters, context)
            if mask.type() == Qgis.LayerType.Raster:
                raster = raster_source(mask, feedback)
            else:
                source = source_of(parameters.get(MASK), context, feedback)
                polygons = str(write_polygons(source, layer.crs(), context, feedback))
                self.files[polygons] = source.sourceName()
        changes = (
            self.parameterAsFileOutput(parameters, CHANGES, context) if is_given(parameters, CHANGES) else ""
        )
        return RecodeRequest(
            raster_source(layer, feedback),
            "",
            absolute(table) if table else "",
            self.parameterAsEnumString(parameters, LEVEL, context),
            polygons,
            raster,
            self.parameterAsString(parameters, VALUE, context),
            self.parameterAsBoolean(parameters, FILL_NODATA, context),
            absolute(changes) if changes else "",
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, OUTPUT, context))
        result = self.run_task("recodemap", replace(self.request, output=output), feedback)
        about = subject(context, (self.request.input.title, self.request.input.path))
        load_on_completion(
            self, context, about, [LayerToLoad(OUTPUT, output, tr("Land cover"), is_main=True)]
        )
        return self.finish(
            {
                OUTPUT: output,
                **({CHANGES: result["changes"]} if result["changes"] else {}),
                "PIXELS": result["pixels"],
                "CLASSES": result["classes"],
            },
            feedback,
        )
