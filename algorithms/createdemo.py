"""Write the demo scene."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
)

from ..core.files import Output
from ..core.marks import DEMO_PROJECT, DEMO_REFERENCE, DEMO_SCENE, DEMO_TRAINING, KIND_ITEM
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.demo_styles import style_demo
from .layers.loading import LayerToLoad, load_on_completion
from .layers.metadata import keep_metadata
from .parameters.outputs import absolute, check_output_folder, given_path

if TYPE_CHECKING:
    from ..core.requests.setup import CreateDemoRequest


_PROJECT_FILE = "demo_project.qgz"
# Names that core.demo.outputs gives, and the project.
_FILES = (
    ("demo_scene.tif", ".tif", DEMO_SCENE),
    ("demo_training.geojson", ".geojson", DEMO_TRAINING),
    ("demo_reference.tif", ".tif", DEMO_REFERENCE),
    (_PROJECT_FILE, ".qgz", DEMO_PROJECT),
)


class CreateDemo(LandCoverAlgorithm):
    """A small scene to try everything with."""

    ID = "createdemo"
    TITLE = "Create the demo scene"
    SUMMARY = "Writes a small Sentinel-2-like scene, training polygons, the true map and a project."
    GROUP = "Start here"
    TAGS = ("demo", "example", "sample data", "sentinel-2")
    HELP = (
        "<p>Writes artificial data for trying the other tools.</p>"
        "<p><b>Inputs.</b> None.</p>"
        "<p><b>Outputs.</b> A scene of 320 x 320 pixels with ten bands like Sentinel-2 at 20 m (river, "
        "forest, plantations, fields, scrub, towns and a cloud without data), training polygons, the true "
        "map, and a QGIS project that opens them with styles and notes. A project that you have saved again "
        "is kept, unless you set OVERWRITE. Train with the scene, the polygons and their field "
        "<code>class</code>. Then classify the scene and compare the map with the true map.</p>"
        "<p><b>Typical values.</b> A new, empty folder.</p>"
        "<p><b>Run time.</b> 8 seconds with the start of QGIS, on two cores of an AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The output folder cannot be made, because the folder above it does not "
        "exist</i>: create that one first. <i>No Python environment is set up</i>: run <b>Set up the "
        "environment</b> once.</p>"
    )

    def __init__(self) -> None:
        super().__init__()
        self.replaces_project = False
        self.results: dict[str, str] = {}

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterNumber(
                "SEED", tr("Random seed"), Qgis.ProcessingNumberParameterType.Integer, 0, minValue=0
            ),
            "A whole number, without unit. The same seed gives the same scene; the tutorial uses 1.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT_FOLDER", tr("Output folder")),
            "Folder of the demo files, usually a new one. It is created where only its last part is missing.",
        )
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputRasterLayer("RASTER", tr("Demo scene")))
        self.addOutput(QgsProcessingOutputVectorLayer("TRAINING", tr("Training polygons")))
        self.addOutput(QgsProcessingOutputRasterLayer("REFERENCE", tr("Reference map")))
        self.addOutput(QgsProcessingOutputFile("PROJECT", tr("QGIS project")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        check_output_folder(parameters, "OUTPUT_FOLDER", context)

    def outputs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[Output]:
        folder = given_path(parameters.get("OUTPUT_FOLDER"), context)
        if not os.path.isdir(folder):
            return []
        paths = [os.path.join(absolute(folder), name) for name, _suffix, _kind in _FILES]
        return [Output(path, (suffix,), kind) for path, (_, suffix, kind) in zip(paths, _FILES, strict=True)]

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> CreateDemoRequest:
        from ..core.requests.setup import CreateDemoRequest

        self.replaces_project = self.overwrites(parameters, context)
        return CreateDemoRequest(
            folder=absolute(self.parameterAsFileOutput(parameters, "OUTPUT_FOLDER", context)),
            seed=self.parameterAsInt(parameters, "SEED", context),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        Path(self.request.folder).mkdir(exist_ok=True)
        result = self.run_task("createdemo", self.request, feedback)
        keep_metadata(result["training"], {KIND_ITEM: DEMO_TRAINING, **result["origin"]}, context)
        style_demo(result["raster"], result["training"], feedback)
        layers = [
            LayerToLoad("TRAINING", result["training"], tr("Training polygons"), requested=True),
            LayerToLoad("RASTER", result["raster"], tr("Demo scene"), is_main=True, requested=True),
            LayerToLoad("REFERENCE", result["reference"], tr("Reference map"), requested=True),
        ]
        load_on_completion(self, context, None, layers, group=tr("Demo scene"))
        self.results = {
            "OUTPUT_FOLDER": self.request.folder,
            "RASTER": result["raster"],
            "TRAINING": result["training"],
            "REFERENCE": result["reference"],
        }
        return self.results

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Here, for a project belongs to the main thread.
        from .page.demo_project import is_own_work, write_demo_project

        path = Path(self.request.folder) / _PROJECT_FILE
        if is_own_work(path) and not self.replaces_project:
            feedback.pushWarning(
                tr("The project {} was saved after it was made, and is kept. OVERWRITE replaces it.").format(
                    path
                )
            )
        else:
            write_demo_project(path, *(self.results[name] for name in ("RASTER", "TRAINING", "REFERENCE")))
        return self.finish({**self.results, "PROJECT": str(path)}, feedback)
