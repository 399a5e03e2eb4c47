"""Clean a map to a minimum mapping unit."""

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
from ..core.requests.generalisemap import CONNECTIVITIES, MAX_WINDOW, check_settings
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.loading import LayerToLoad, load_on_completion, subject
from .layers.rasters import check_crs, raster_parameter, raster_source
from .parameters.common import choice_parameter, is_given
from .parameters.outputs import absolute
from .parameters.reference import (
    DESIGN,
    REFERENCE,
    STRATA_AREAS,
    block_parameter,
    check_reference,
    design_parameters,
    reference_parameters,
    write_reference,
)

if TYPE_CHECKING:
    from ..core.requests.generalisemap import GeneraliseRequest, MapReference

OUTPUT, TABLE, PROBABILITIES = "OUTPUT", "TABLE", "PROBABILITIES"
_NUMBERS = (
    ("PATCHES_REMOVED", "patches_removed"),
    ("PATCHES_LEFT", "patches_left"),
    ("ACCURACY_BEFORE", "accuracy_before"),
    ("ACCURACY_AFTER", "accuracy_after"),
    ("REFERENCES", "references"),
)
_INTEGER = Qgis.ProcessingNumberParameterType.Integer
_DOUBLE = Qgis.ProcessingNumberParameterType.Double


class GeneraliseMap(LandCoverAlgorithm):
    """A class map to one without patches below a minimum mapping unit."""

    ID = "generalisemap"
    TITLE = "Generalise a map"
    SUMMARY = "Cleans a class map to a minimum mapping unit in hectares."
    GROUP = "Cleaning and classes"
    TAGS = (
        "minimum mapping unit",
        "mmu",
        "sieve",
        "generalise",
        "majority",
        "filter",
        "clean",
        "salt and pepper",
    )
    FILES = (
        (OUTPUT, marks.GENERALISED_MAP, RASTER_SUFFIXES),
        (TABLE, marks.GENERALISED_TABLE, (TABLE_SUFFIX,)),
    )
    HELP = (
        "<p>Dissolves the patches of a class map that are smaller than a minimum mapping unit (MMU), and on "
        "request smooths outlines and removes thin strips before.</p>"
        "<p><b>Inputs.</b> Any raster of class values. The steps follow each other in this order: 1. "
        "MAJORITY: a pixel takes the most frequent class of its window, and keeps its own where two are "
        "equally frequent. 2. THIN: strips between two other classes are given to the nearer one. 3. MMU: "
        "all patches below it are found at once. Each that adjoins a patch above it takes the class with the "
        "longest common border, or with PROBABILITIES the class with the highest mean probability in the "
        "patch; where two are equal, the lower value. This is repeated until no patch below the MMU adjoins "
        "one above it. Nodata and the classes of KEEP are neither dissolved nor given. Areas are true areas, "
        "in degrees too.</p>"
        "<p><b>Outputs.</b> A map with the legend of the input and the history of both. TABLE has pixels and "
        "hectares of each class before and after, and the numbers of dissolved patches and of those that "
        "stay because they adjoin none above the MMU. With a reference the log and TABLE give the accuracy "
        "before and after, and the number of reference points or pixels.</p>"
        "<p><b>Typical values.</b> 0.5 hectares (the FAO’s for forest, 6 pixels of Landsat) and "
        "CONNECTIVITY 8. Keep classes that are small or thin by nature, such as water and settlements, or "
        "give them a smaller unit in CLASS_MMU.</p>"
        "<p><b>Run time.</b> A map of 200 million pixels took 30 to 40 seconds, that is 5 to 7 million "
        "pixels per second, and 3 million with PROBABILITIES of six classes, on two cores of an AMD EPYC "
        "that were shared with other work. A reference raster is compared at 4 million pixels per second.</p>"
        "<p><b>Common errors.</b> <i>The map has no class …</i>: KEEP and CLASS_MMU take names and values "
        "of the legend. <i>The probabilities have another grid than the map</i>: give those that were "
        "written together with the map. <i>Nothing is to be done</i>: MMU, MAJORITY and THIN are all 0. "
        "<i>The raster holds … different values and no class names, so it is not a class map</i>: an image "
        "was given.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(QgsProcessingParameterRasterLayer("INPUT", tr("Map")), "A raster of class values.")
        self.add(
            QgsProcessingParameterNumber("MMU", tr("Minimum mapping unit (ha)"), _DOUBLE, 0.5, minValue=0.0),
            "Smallest area of a patch in hectares; smaller ones are dissolved. 0.5 is usual, 0 dissolves "
            "none.",
            details="A patch of exactly this area stays. A pixel of 30 m has 0.09 ha, one of 10 m 0.01 ha.",
        )
        self.add(
            choice_parameter("CONNECTIVITY", tr("Connectivity"), CONNECTIVITIES),
            "Which pixels of a class are one patch. <code>8</code>: those that touch at an edge or a corner, "
            "which keeps roads and rivers together; <code>4</code>: those that share an edge.",
        )
        self.add(
            QgsProcessingParameterString("KEEP", tr("Classes to keep"), optional=True),
            "Names or values of classes that are never changed, separated by commas, such as <code>Water, "
            "7</code>. Other patches do not become one of them either.",
        )
        self.add(
            QgsProcessingParameterString("CLASS_MMU", tr("Units of classes (ha)"), optional=True),
            "Minimum mapping units of single classes in hectares, by name or value, such as <code>Settlement"
            "=0.1, 5=2</code>. The other classes have MMU.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "MAJORITY", tr("Majority filter (pixels)"), _INTEGER, 0, minValue=0, maxValue=MAX_WINDOW
            ),
            "Side of the window of a majority filter before the other steps, an odd number of pixels; 0 is "
            "none. 3 smooths outlines.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "THIN", tr("Thin strips (pixels)"), _INTEGER, 0, minValue=0, maxValue=MAX_WINDOW
            ),
            "Strips between two other classes that are narrower than so many pixels, along rows or columns, "
            "are dissolved; 0 is none. 2 dissolves strips of one pixel.",
            advanced=True,
            details="These are often mixed pixels, such as a strip of shrubs between forest and water. A "
            "road through a forest has one class on both sides and stays.",
        )
        self.add(
            QgsProcessingParameterRasterLayer(PROBABILITIES, tr("Probabilities"), optional=True),
            "Probabilities of the same classification. Patches then take the class with the highest mean "
            "probability in them among the classes of their neighbours.",
            advanced=True,
            details="A band per class, named by value and name, as <b>Classify a raster</b> writes them, on "
            "the grid of the map. Where a patch has none, the longest common border decides.",
        )
        for described in (*reference_parameters(optional=True), *design_parameters(), block_parameter()):
            self.add(*described._replace(advanced=True))
        self.add(
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Generalised map")),
            "GeoTIFF (.tif) of class values. It opens with the names and colours of the input.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                TABLE, tr("Table"), fileFilter=tr("CSV files (*.csv)"), optional=True, createByDefault=False
            ),
            "CSV with pixels and hectares of each class before and after, and its dissolved patches; with a "
            "reference also the accuracies of each class and the number of references.",
        )
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputNumber("PATCHES_REMOVED", tr("Dissolved patches")))
        self.addOutput(QgsProcessingOutputNumber("PATCHES_LEFT", tr("Small patches that stay")))
        self.addOutput(QgsProcessingOutputNumber("ACCURACY_BEFORE", tr("Overall accuracy before (0 to 1)")))
        self.addOutput(QgsProcessingOutputNumber("ACCURACY_AFTER", tr("Overall accuracy after (0 to 1)")))
        self.addOutput(QgsProcessingOutputNumber("REFERENCES", tr("Reference points or pixels")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        for name in ("INPUT", *((PROBABILITIES,) if is_given(parameters, PROBABILITIES) else ())):
            layer = raster_parameter(self, name, parameters, context)
            raster_source(layer)
            check_crs(layer)
        check_settings(
            self.parameterAsDouble(parameters, "MMU", context),
            self.parameterAsString(parameters, "CLASS_MMU", context),
            self.parameterAsEnumString(parameters, "CONNECTIVITY", context),
            self.parameterAsInt(parameters, "MAJORITY", context),
            self.parameterAsInt(parameters, "THIN", context),
        )
        if is_given(parameters, REFERENCE):
            check_reference(self, parameters, context)

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> GeneraliseRequest:
        from ..core.requests.generalisemap import GeneraliseRequest

        raster = raster_parameter(self, "INPUT", parameters, context)
        probabilities = None
        if is_given(parameters, PROBABILITIES):
            layer = raster_parameter(self, PROBABILITIES, parameters, context)
            probabilities = raster_source(layer, feedback)
        table = self.parameterAsFileOutput(parameters, TABLE, context) if is_given(parameters, TABLE) else ""
        request = GeneraliseRequest(
            input=raster_source(raster, feedback),
            output="",
            mmu=self.parameterAsDouble(parameters, "MMU", context),
            class_mmu=self.parameterAsString(parameters, "CLASS_MMU", context),
            connectivity=self.parameterAsEnumString(parameters, "CONNECTIVITY", context),
            majority=self.parameterAsInt(parameters, "MAJORITY", context),
            thin=self.parameterAsInt(parameters, "THIN", context),
            keep=self.parameterAsString(parameters, "KEEP", context),
            probabilities=probabilities,
            table=absolute(table) if table else "",
            reference=self._reference(parameters, context, feedback),
        )
        given: dict[str, str | int | float | bool | None] = {
            "INPUT": request.input.title,
            "MMU": request.mmu,
            "CONNECTIVITY": request.connectivity,
            "KEEP": request.keep,
            "CLASS_MMU": request.class_mmu,
            "MAJORITY": request.majority,
            "THIN": request.thin,
            PROBABILITIES: probabilities.title if probabilities else "",
            REFERENCE: request.reference.name if request.reference else "",
        }
        return replace(request, parameters=given)

    def _reference(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> MapReference | None:
        from ..core.requests.generalisemap import MapReference

        if not is_given(parameters, REFERENCE):
            return None
        crs = raster_parameter(self, "INPUT", parameters, context).crs()
        reference = write_reference(self, crs, parameters, context, feedback)
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
            block_size=self.parameterAsInt(parameters, "BLOCK_SIZE", context),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, OUTPUT, context))
        result = self.run_task("generalisemap", replace(self.request, output=output), feedback)
        raster = self.request.input
        about = subject(context, (raster.title, raster.path))
        loaded = LayerToLoad(OUTPUT, output, tr("Generalised map"), is_main=True)
        load_on_completion(self, context, about, [loaded])
        numbers = {name: result[key] for name, key in _NUMBERS}
        if self.request.reference is None:
            del numbers["REFERENCES"]
        return self.finish(
            {
                OUTPUT: output,
                **({TABLE: result["table"]} if result["table"] else {}),
                **{name: number for name, number in numbers.items() if number is not None},
            },
            feedback,
        )
