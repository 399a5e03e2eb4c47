"""Classify many rasters with one model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFolderDestination,
)

from ..core.errors import LandCoverError, OutputError, RunCancelled
from ..core.files import Output
from ..core.marks import FOLDER_TABLE
from .base import LandCoverAlgorithm, processing_errors, user_sentence
from .folder_run import TABLE_NAME, FolderItem, FolderRun
from .i18n.translation import tr
from .last_model import remember_model
from .layers.classify_layers import layers_to_load, run_subject
from .layers.loading import load_on_completion
from .layers.rasters import check_crs, one_of_many
from .parameters.classify import PRODUCT_PARAMETERS, classify_parameters
from .parameters.classify_request import RequestMaker, check_classification
from .parameters.common import (
    EXTRA_INPUTS_DETAILS,
    MODEL_HELP,
    extra_inputs_parameter,
    is_given,
    model_definition,
    model_parameter,
    value_text,
)
from .parameters.dry_run import dry_run_results
from .parameters.groups import BANDS, OUTPUT
from .parameters.outputs import absolute, check_output_folder, given_path
from .parameters.raster_lists import INPUT_FOLDER, INPUTS, list_parameters, listed_rasters

OUTPUT_FOLDER, MORE, LOAD = "OUTPUT_FOLDER", "MORE", "LOAD"
_MORE_WORDS = tuple(product.word for product in PRODUCT_PARAMETERS)


class ClassifyFolder(LandCoverAlgorithm):
    """A list of rasters and a model to a folder of styled maps and a table."""

    ID = "classifyfolder"
    TITLE = "Classify many rasters"
    SUMMARY = "Makes a styled land-cover map of each raster of a folder or list, with one model."
    GROUP = "Maps"
    TAGS = ("classify", "batch", "folder", "many", "predict", "inference", "map", "time series")
    HELP = (
        "<p>Classifies many rasters with one model, each as <b>Classify a raster</b> does. The model is "
        "loaded once, so it is faster than single runs, above all without the desktop.</p>"
        "<p><b>Inputs.</b> A list of rasters, or a folder and a pattern of file names. Extents, sizes and "
        "coordinate reference systems may differ; each raster needs the bands of the model. Extra rasters, "
        "mask and extent are the same for all.</p>"
        "<p><b>Outputs.</b> A map for each raster, named after its file. Where files of different folders "
        "have the same name, the names of their maps contain the folders. <code>summary.csv</code> has a row "
        "per raster: map, patches, seconds, patches per second, device, backend, precision and error. An "
        "earlier map is replaced when the new one is complete. A file that was not written by this tool is "
        "kept, and its raster counts as failed, unless OVERWRITE is on.</p>"
        "<p><b>Typical values.</b> The defaults of the advanced parameters. Test the model on one raster "
        "first.</p>"
        "<p><b>Run time.</b> That of <b>Classify a raster</b> for each raster, without the repeated start of "
        "the worker: the first tile of a new worker took 9.6 seconds, that of a warm one 0.12, on two cores "
        "of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> A raster that cannot be classified is named in the log and in the table, "
        "and the run continues with the others; it fails only where all rasters failed. Cancel ends the run "
        "and keeps the finished maps. The same run, started again, makes all maps again and resumes the "
        "raster that was interrupted. <i>No file in the folder fits the pattern</i>: write for example "
        "<code>*.img</code>, or <code>**/*.tif</code> for subfolders.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for described in list_parameters():
            self.add(*described)
        self.add(model_definition(), MODEL_HELP)
        self.add(
            extra_inputs_parameter(),
            "More rasters on any grid, such as radar or terrain, whose bands are added to each of the "
            "rasters. They are resampled to the grid of each raster.",
            details=EXTRA_INPUTS_DETAILS,
            group=BANDS,
        )
        for described in classify_parameters():
            self.add(*described)
        self.add(
            QgsProcessingParameterEnum(
                MORE,
                tr("Also write"),
                options=list(_MORE_WORDS),
                allowMultiple=True,
                usesStaticStrings=True,
                optional=True,
            ),
            "Optional rasters of <b>Classify a raster</b> beside each map, named NAME_probabilities.tif and "
            "so on.",
            advanced=True,
            group=OUTPUT,
        )
        self.add(
            QgsProcessingParameterFolderDestination(OUTPUT_FOLDER, tr("Output folder")),
            "Folder of the maps and the table, other than the raster folder. It is created where only its "
            "last part is missing.",
        )
        self.add(
            QgsProcessingParameterBoolean(LOAD, tr("Load maps into project"), defaultValue=False),
            "Adds a group of layers for each map with its optional rasters. In the desktop only.",
        )
        self.add_overwrite()
        self.add_dry_run()
        self.addOutput(QgsProcessingOutputMultipleLayers("MAPS", tr("Land-cover maps")))
        self.addOutput(QgsProcessingOutputFile("TABLE", tr("Summary table")))
        self.addOutput(QgsProcessingOutputNumber("CLASSIFIED", tr("Classified rasters")))
        self.addOutput(QgsProcessingOutputNumber("FAILED", tr("Rasters that failed")))
        self.addOutput(QgsProcessingOutputNumber("PATCHES", tr("Classified patches")))
        self.addOutput(QgsProcessingOutputNumber("SECONDS", tr("Seconds")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        check_output_folder(parameters, OUTPUT_FOLDER, context)
        self._listed(parameters, context)
        check_classification(self, parameters, context)

    def outputs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[Output]:
        # The maps are checked when their names are known, each for itself.
        path = given_path(parameters.get(OUTPUT_FOLDER), context)
        table = Path(absolute(path)) / TABLE_NAME
        return [Output(str(table), (table.suffix,), FOLDER_TABLE)] if path and table.parent.is_dir() else []

    def values_to_check(self, parameters: dict[str, Any]) -> dict[str, Any]:
        # Processing would open all rasters, keep them open and refuse the list for one that it cannot open.
        values = super().values_to_check(parameters)
        return {name: value for name, value in values.items() if name != INPUTS}

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> list[FolderItem]:
        maker = RequestMaker(self, parameters, context, feedback, OUTPUT_FOLDER)
        items: dict[str, FolderItem] = {}
        for entry in self._listed(parameters, context):
            if feedback.isCanceled():
                raise RunCancelled()
            item = FolderItem(value_text(entry))
            try:
                layer = one_of_many(entry, INPUTS, context)
                check_crs(layer)
                item.request = maker.request(layer)
                item.raster, item.pixels = item.request.inputs.raster.path, layer.width() * layer.height()
            except LandCoverError as error:
                item.problem = user_sentence(error, self.files)
            # A layer and its file may both have been chosen.
            items.setdefault(item.raster, item)
        return list(items.values())

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        folder = Path(absolute(self.parameterAsFileOutput(parameters, OUTPUT_FOLDER, context)))
        # No choice comes as an empty word.
        more = tuple(filter(None, self.parameterAsEnumStrings(parameters, MORE, context)))
        try:
            with processing_errors(self.files):
                is_dry = self.is_dry_run(parameters, context)
                if not is_dry:
                    folder.mkdir(exist_ok=True)
                overwrite = self.overwrites(parameters, context)
                run = FolderRun(
                    self.provider().client,
                    folder,
                    more,
                    self.files,
                    feedback,
                    overwrite,
                    self.run_context,
                )
                if is_dry:
                    return dry_run_results(run.plan(self.request))
                run.check_disk(self.request)
                rows = run.classify(self.request)
        finally:
            self.remove_files()
        maps = [row.map for row in rows if row.map]
        failed = len(rows) - len(maps)
        if not maps:
            raise QgsProcessingException(
                tr("None of the {} rasters could be classified; the first one: {}").format(
                    failed, rows[0].problem
                )
            )
        remember_model(str(model_parameter(self, parameters, context)))
        if failed:
            feedback.pushWarning(
                tr("{} of {} rasters could not be classified; the reasons are in {}.").format(
                    failed, len(rows), folder / TABLE_NAME
                )
            )
        if self.parameterAsBoolean(parameters, LOAD, context):
            self._land([row.map for row in rows], context)
        return self.finish(
            {
                OUTPUT_FOLDER: str(folder),
                "MAPS": maps,
                "TABLE": str(folder / TABLE_NAME),
                "CLASSIFIED": len(maps),
                "FAILED": failed,
                "PATCHES": sum(row.patches or 0 for row in rows),
                "SECONDS": sum(row.seconds or 0.0 for row in rows),
            },
            feedback,
        )

    def _land(self, maps: list[str], context: QgsProcessingContext) -> None:
        written = [(item.request, path) for item, path in zip(self.request, maps, strict=True) if path]
        subjects = [run_subject(request, context) for request, _path in written]
        for (request, path), about in zip(written, subjects, strict=True):
            paths = request.products.optional
            more = {item.name: paths[item.product] for item in PRODUCT_PARAMETERS if item.product in paths}
            if subjects.count(about) > 1:
                # Rasters of one name: their maps are called by their folders, too.
                about = Path(path).stem
            load_on_completion(
                self, context, about, layers_to_load("MAPS", path, more, requested=True), group=about
            )

    def _listed(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsMapLayer | str]:
        path = given_path(parameters.get(OUTPUT_FOLDER), context)
        output = Path(absolute(path)).resolve() if path else None
        if output and is_given(parameters, INPUT_FOLDER):
            given = self.parameterAsString(parameters, INPUT_FOLDER, context)
            if Path(absolute(given)).resolve() == output:
                raise OutputError(
                    "The output folder is the raster folder, so another run would classify the maps",
                    where=path,
                    advice="Choose another one, for example a folder inside it.",
                )
        return listed_rasters(self, parameters, context, output)
