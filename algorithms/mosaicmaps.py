"""Join neighbouring maps into one."""

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

from ..core.errors import ParameterError
from ..core.files import RASTER_SUFFIXES, TABLE_SUFFIX
from ..core.marks import MOSAIC, MOSAIC_TABLE
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion
from .layers.rasters import check_crs, listed, one_of_many, raster_layers, raster_source
from .parameters.common import choice_parameter, is_given
from .parameters.outputs import absolute, given_path
from .parameters.raster_lists import INPUTS, list_parameters, listed_rasters

if TYPE_CHECKING:
    from ..core.requests.mosaicmaps import MosaicRequest

RULE, PROBABILITIES, DATES, OUTPUT, TABLE = "RULE", "PROBABILITIES", "DATES", "OUTPUT", "TABLE"
RULES = ("priority", "probability", "date")


class MosaicMaps(LandCoverAlgorithm):
    """Neighbouring class maps to one map."""

    ID = "mosaicmaps"
    TITLE = "Join maps"
    SUMMARY = (
        "Joins the maps of neighbouring scenes into one map, and says what each gives and where they agree."
    )
    GROUP = "Cleaning and classes"
    TAGS = ("mosaic", "merge", "join", "neighbouring scenes", "seam", "overlap", "combine maps")
    FILES = (
        (OUTPUT, MOSAIC, RASTER_SUFFIXES),
        (TABLE, MOSAIC_TABLE, (TABLE_SUFFIX,)),
    )
    HELP = (
        "<p>Joins class maps of neighbouring scenes into one map.</p>"
        "<p><b>Inputs.</b> Two or more class maps, as a list or as a folder and a pattern. The first one "
        "gives coordinate reference system, pixel size and pixel borders. Maps whose pixels coincide with "
        "its pixels are copied as they are; others are resampled by the nearest pixel, and the log says so. "
        "Classes are matched by their names, and get the values of the first map that has them. Maps that "
        "have different names for one value are refused.</p>"
        "<p><b>Outputs.</b> A map of the whole area, whose history names all maps and models that led to it, "
        "and a table of the pixels and hectares that each map gives. Pixels that no map has are nodata. The "
        "log says in which part of the overlaps the maps agree, which is not an accuracy.</p>"
        "<p><b>Typical values.</b> <code>priority</code> with the best map first, or "
        "<code>probability</code> where each map has probabilities of the same kind of model. To remove "
        "small patches at the seams, run <b>Generalise a map</b> on the result: done on each map before, it "
        "would leave the patches that the seam cuts.</p>"
        "<p><b>Run time.</b> Each map is read twice, strip by strip. Two maps of 213 million pixels each "
        "took 91 seconds and 0.7 GB of memory, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The maps have different names for the same value</i>: rename or recode "
        "one of them first. <i>RULE=probability needs a raster of probabilities for each map</i>: give them "
        "in the order of the maps. <i>The date of these maps is neither in their metadata nor in their file "
        "names</i>: give DATES.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for described in list_parameters(
            "Maps",
            "Class maps, the most important one first; instead of a folder, or before its files.",
            "Folder whose maps that match the pattern are joined, in the order of their names.",
        ):
            self.add(*described)
        self.add(
            choice_parameter(RULE, tr("Rule for overlaps"), RULES),
            "Map that counts where several have a class. <code>priority</code>: the first one; "
            "<code>probability</code>: that with the highest probability; <code>date</code>: the latest one.",
            details="Pixels that only one map has are always taken from it. Of equal probabilities or dates, "
            "the first map counts.",
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                PROBABILITIES, tr("Probabilities"), Qgis.ProcessingSourceType.Raster, optional=True
            ),
            "Raster of probabilities or of uncertainty of each map, in the order of the maps, for "
            "RULE=probability.",
        )
        self.add(
            QgsProcessingParameterString(DATES, tr("Dates"), optional=True),
            "Date of each map, in the order of the maps, such as <code>2019-07-31, 2019-08-16</code>. Empty: "
            "from metadata or file names.",
            details="The metadata item ACQUISITION_DATE, DATE_ACQUIRED, SENSING_DATE or DATE, else a date in "
            "the file name. A year or month alone counts as its last day. The date on which a map was made "
            "is not used.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Mosaic")),
            "GeoTIFF (.tif) of class values. It opens with the names and colours of the classes.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                TABLE,
                tr("Table"),
                fileFilter=tr("CSV files (*.csv)"),
                optional=True,
                createByDefault=False,
            ),
            "CSV with the pixels of each map, and the pixels and hectares that the mosaic has from it.",
        )
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("PIXELS", tr("Pixels with a class")))
        self.addOutput(QgsProcessingOutputNumber("OVERLAP", tr("Pixels in overlaps")))
        self.addOutput(QgsProcessingOutputNumber("AGREEMENT", tr("Agreement in overlaps (0 to 1)")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        maps = self._maps(parameters, context)
        if len(maps) < 2:
            raise ParameterError(
                "There are too few maps to join", where=INPUTS, advice="Choose two maps or more."
            )
        for layer in maps:
            raster_source(layer)
            check_crs(layer)
        for layer in raster_layers(PROBABILITIES, parameters, context):
            raster_source(layer)

    def values_to_check(self, parameters: dict[str, Any]) -> dict[str, Any]:
        # Processing would open all rasters, keep them open and refuse the list for one that it cannot open.
        values = super().values_to_check(parameters)
        return {name: value for name, value in values.items() if name != INPUTS}

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> MosaicRequest:
        from ..core.requests.mosaicmaps import MosaicRequest

        table = self.parameterAsFileOutput(parameters, TABLE, context) if is_given(parameters, TABLE) else ""
        return MosaicRequest(
            tuple(raster_source(layer, feedback) for layer in self._maps(parameters, context)),
            "",
            self.parameterAsEnumString(parameters, RULE, context),
            tuple(
                raster_source(layer, feedback) for layer in raster_layers(PROBABILITIES, parameters, context)
            ),
            self.parameterAsString(parameters, DATES, context),
            absolute(table) if table else "",
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, OUTPUT, context))
        result = self.run_task("mosaicmaps", replace(self.request, output=output), feedback)
        load_on_completion(self, context, None, [LayerToLoad(OUTPUT, output, tr("Land cover"), is_main=True)])
        return self.finish(
            {
                OUTPUT: output,
                **({TABLE: result["table"]} if result["table"] else {}),
                "PIXELS": result["pixels"],
                "OVERLAP": result["overlap"],
                **({} if result["agreement"] is None else {"AGREEMENT": result["agreement"]}),
            },
            feedback,
        )

    def _maps(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsRasterLayer]:
        output = given_path(parameters.get(OUTPUT), context)
        entries = listed_rasters(self, parameters, context, None)
        # An earlier mosaic in the same folder is not joined with its own parts. A map that was chosen is, and
        # is not replaced by the mosaic.
        chosen = {str(item) for item in listed(INPUTS, parameters)}
        others = [
            item for item in entries if not output or str(item) in chosen or str(item) != absolute(output)
        ]
        by_path: dict[str, QgsRasterLayer] = {}
        for item in others:
            layer = one_of_many(item, INPUTS, context)
            # A layer of the project and its file in the folder are one map.
            by_path.setdefault(raster_source(layer).path, layer)
        return list(by_path.values())
