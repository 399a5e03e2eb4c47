"""Give the classes of a map or a model other names, colours or parents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ..core.errors import ParameterError
from ..core.files import MODEL_SUFFIXES, RASTER_SUFFIXES, Output
from ..core.marks import MODEL, RENAMED_MAP
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.common import is_given, model_definition, model_parameter
from .parameters.outputs import absolute, given_path

if TYPE_CHECKING:
    from ..core.requests.recode import RenameRequest

INPUT, MODEL_FILE, TABLE, OUTPUT, OUTPUT_MODEL = "INPUT", "MODEL", "TABLE", "OUTPUT", "OUTPUT_MODEL"


class RenameClasses(LandCoverAlgorithm):
    """A map or model and a table of names to a copy with these names."""

    ID = "renameclasses"
    TITLE = "Rename classes"
    SUMMARY = "Gives the classes of a map or a model other names, colours or parents, in a copy."
    GROUP = "Cleaning and classes"
    TAGS = ("rename", "class names", "legend", "colour", "color", "hierarchy", "parent", "translate legend")
    FILES = (
        (OUTPUT, RENAMED_MAP, RASTER_SUFFIXES),
        (OUTPUT_MODEL, MODEL, MODEL_SUFFIXES),
    )
    HELP = (
        "<p>Gives the classes of a map or a model other names, colours or parents. Pixel values stay as they "
        "are. To merge or replace classes, use <b>Recode a map</b>.</p>"
        "<p><b>Inputs.</b> A class map, or a model of this plugin, and a table in CSV with the columns "
        "<code>value,old_name,name,color,parent</code>. A class is not known by its value alone: where the "
        "map or model names it, <code>old_name</code> must be its present name. Empty cells leave what is "
        "there; <code>-</code> removes a parent. A parent is the name of a class of the next higher level, "
        "such as Forest for Dry forest.</p>"
        "<p><b>Outputs.</b> A new map with the same pixel values, or a new model file with the same weights. "
        "The original is not changed. The map remembers the one it was made of in its history. Maps of the "
        "renamed model have the new names.</p>"
        "<p><b>Typical values.</b> A table with all classes, written with a spreadsheet. Rename the model "
        "before the maps are made, and the maps that exist with the same table.</p>"
        "<p><b>Run time.</b> A map is read twice and written once: Gewata's map of 1.8 million pixels took "
        "5 seconds with the start of QGIS and the worker, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The table and the classes have different names for the same values</i>: "
        "write the present names into <code>old_name</code>, or correct the values. <i>The table lacks "
        "the columns …</i>: the first line must name them. <i>A map or a model is needed, and not "
        "both</i>: give INPUT and OUTPUT, or MODEL and OUTPUT_MODEL.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(INPUT, tr("Map"), optional=True),
            "Raster of class values whose classes get other names. Empty where a model is renamed.",
        )
        model = model_definition()
        model.setFlags(model.flags() | Qgis.ProcessingParameterFlag.Optional)
        self.add(
            model,
            "Model file whose classes get other names. Empty where a map is renamed.",
        )
        self.add(
            QgsProcessingParameterFile(
                TABLE,
                tr("Table of names"),
                Qgis.ProcessingFileParameterBehavior.File,
                fileFilter=tr("CSV files (*.csv);;All files (*)"),
            ),
            "CSV file with the columns value, old_name, name, color and parent, a row per class.",
            details="The columns are separated by commas, semicolons or tabs. Of <code>name</code>, "
            "<code>color</code> (#RRGGBB) and <code>parent</code>, one is enough. Without "
            "<code>value</code>, a class is found by <code>old_name</code>.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                OUTPUT, tr("Renamed map"), optional=True, createByDefault=False
            ),
            "GeoTIFF (.tif) with the same pixel values and the new names.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                OUTPUT_MODEL,
                tr("Renamed model"),
                fileFilter=tr("Trees (*.skops);;Network (*.safetensors)"),
                optional=True,
                createByDefault=False,
            ),
            "Model file with the same weights and the new names, with the ending of the original.",
        )
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("CHANGED", tr("Number of changed classes")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        has_map, has_model = is_given(parameters, INPUT), is_given(parameters, MODEL_FILE)
        pairs = ((INPUT, OUTPUT), (MODEL_FILE, OUTPUT_MODEL))
        if has_map == has_model:
            raise ParameterError(
                "A map or a model is needed, and not both",
                where=f"{INPUT}, {MODEL_FILE}",
                advice="Choose a map (INPUT) or a model file (MODEL).",
            )
        for source, target in pairs:
            if is_given(parameters, source) != is_given(parameters, target):
                raise ParameterError(
                    "{source} and {target} belong together",
                    where=target,
                    advice="Give both, or leave both empty.",
                    source=source,
                    target=target,
                )
        if has_map:
            layer = raster_parameter(self, INPUT, parameters, context)
            raster_source(layer)
            check_crs(layer)
        else:
            from ..core.models.card import read_card

            read_card(model_parameter(self, parameters, context))

    def outputs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[Output]:
        outputs = super().outputs(parameters, context)
        if not is_given(parameters, MODEL_FILE):
            return outputs
        # A model keeps its ending: what is in the file does not change.
        suffixes = (model_parameter(self, parameters, context).suffix,)
        return [replace(item, suffixes=suffixes) if item.kind == MODEL else item for item in outputs]

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> RenameRequest:
        from ..core.requests.recode import RenameRequest

        table = absolute(self.parameterAsFile(parameters, TABLE, context))
        if is_given(parameters, MODEL_FILE):
            return RenameRequest(table, model=str(model_parameter(self, parameters, context)))
        layer = raster_parameter(self, INPUT, parameters, context)
        return RenameRequest(table, raster_source(layer, feedback))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if self.request.model:
            output = absolute(self.parameterAsFileOutput(parameters, OUTPUT_MODEL, context))
            if not given_path(parameters.get(OUTPUT_MODEL), context):
                # QGIS gives a temporary file the first ending of the filter.
                output = str(Path(output).with_suffix(Path(self.request.model).suffix))
            result = self.run_task("renameclasses", replace(self.request, output=output), feedback)
            return self.finish({OUTPUT_MODEL: output, "CHANGED": result["changed"]}, feedback)
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, OUTPUT, context))
        result = self.run_task("renameclasses", replace(self.request, output=output), feedback)
        about = subject(context, (self.request.map.title, self.request.map.path))
        load_on_completion(
            self, context, about, [LayerToLoad(OUTPUT, output, tr("Land cover"), is_main=True)]
        )
        return self.finish({OUTPUT: output, "CHANGED": result["changed"]}, feedback)
