"""Example models: graphs of the tools that run as they are, and that users open and change."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from qgis.core import Qgis, QgsProcessingModelAlgorithm

from .i18n.translation import tr
from .icons import icon_path
from .named import Named

MODEL_FOLDER = Path(__file__).parent.parent / "resources" / "models"


class ExampleModel(Named, QgsProcessingModelAlgorithm):
    """A model of ``resources/models`` with a public id, and with words in the user's language.

    QGIS takes a model's name for its id, and does not translate it. ``tools/make_resources.py`` draws the
    files.

    Attributes:
        ID: Also the name of the file.
        WORDS: Name of a parameter to its title, where that is not the title of the tool's own.
    """

    GROUP = "Example models"
    WORDS: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        if not self.fromFile(str(MODEL_FOLDER / f"{self.ID}.model3")):
            raise RuntimeError(f"the example model {self.ID} is damaged")
        self._take_words_of_steps()

    def svgIconPath(self) -> str:
        return icon_path("examplemodel")

    def _take_words_of_steps(self) -> None:
        """Give inputs and outputs the titles, help and widgets of the tools that they belong to.

        A file keeps titles in one language, and no help.
        """
        for step in self.childAlgorithms().values():
            tool = step.algorithm()
            inputs = {
                source.parameterName(): name
                for name, sources in step.parameterSources().items()
                for source in sources
                if source.source() == Qgis.ProcessingModelChildParameterSource.ModelParameter
            }
            outputs = {name: item.childOutputName() for name, item in step.modelOutputs().items()}
            for name, other in (inputs | outputs).items():
                mine, theirs = self.parameterDefinition(name), tool.parameterDefinition(other)
                title = tr(self.WORDS[name]) if name in self.WORDS else theirs.description()
                mine.setDescription(title)
                mine.setHelp(theirs.help())
                if name in outputs:
                    self.outputDefinition(name).setDescription(title)
                else:
                    # An output's metadata tell QGIS which step it comes from.
                    mine.setMetadata(theirs.metadata())


class TrainClassifyAssess(ExampleModel):
    """From labelled polygons to a map and its accuracy."""

    ID = "train_classify_assess"
    TITLE = "Train, classify, assess"
    SUMMARY = "Trains a model, maps the raster with it, and assesses the map against a reference."
    HELP = (
        "<p>From labelled polygons to a map with a known accuracy, in one run: trains a model, classifies "
        "the same raster with it, and compares the map with an independent reference.</p><p><b>Inputs.</b> A "
        "raster, training polygons or points with a class field, and a reference that was not used for "
        "training: points, polygons or a raster, with the same classes.</p><p><b>Outputs.</b> The model, the "
        "map, the reports of training and accuracy, and a table of accuracy and area.</p><p><b>Typical "
        "values.</b> The design <code>simple</code> for points that were drawn at random, <code>none</code> "
        "for others, polygons and rasters. Points of <b>Sampling design</b> belong to the map that they were "
        "drawn for: assess the new map with them by itself, with the design <code>stratified_other</code>, "
        "or draw points for it.</p><p><b>Run time.</b> That of a training, and some seconds "
        "more.</p><p><b>Common errors.</b> <i>None of the reference’s classes … is one of the map’s</i>: the "
        "class field of the reference holds other codes or names than that of the training.</p>"
    )
    WORDS: ClassVar = {"REFERENCE_FIELD": "Reference class field"}


class ClassifyStyleExport(ExampleModel):
    """From a raster and a model to a page for print."""

    ID = "classify_style_export"
    TITLE = "Classify, style, export"
    SUMMARY = "Maps a raster with a model, styles the map, and makes a page for print."
    HELP = (
        "<p>From a raster to a page for print, in one run: classifies it with a model, gives the map the "
        "colours of a class scheme where one is chosen, and exports a page with legend, scale bar and north "
        "arrow.</p>"
        "<p><b>Inputs.</b> A raster and a model that was trained on its bands.</p>"
        "<p><b>Outputs.</b> The map, and the page as PDF, SVG or PNG.</p>"
        "<p><b>Typical values.</b> No scheme: the map has the names and colours of the model. A scheme whose "
        "name ends in <code>_safe</code>, for colour-blind readers. Run it as a batch process for a page of "
        "each raster.</p>"
        "<p><b>Run time.</b> That of the classification, and some seconds more.</p>"
        "<p><b>Common errors.</b> <i>The raster and the scheme have different names for the same values</i>: "
        "the scheme is for other classes than the model’s.</p>"
    )


class StackClassify(ExampleModel):
    """From several rasters of one place to a map."""

    ID = "stack_classify"
    TITLE = "Stack, classify"
    SUMMARY = "Resamples several rasters to one grid, and classifies them with a model."
    HELP = (
        "<p>Resamples several rasters of one area to the grid of the first one, writes them as one raster, "
        "and classifies it with a model.</p>"
        "<p><b>Inputs.</b> A raster, others of the same area on any grid, such as radar or terrain, and a "
        "model that was trained on such a stack or on the same rasters.</p>"
        "<p><b>Outputs.</b> The stack and the map.</p>"
        "<p><b>Typical values.</b> The rasters in the order of the training. The stack has no spectral "
        "indices, because a model computes those that it needs; if it was trained on a stack with indices as "
        "bands, open a copy of this one in the model designer and choose them in its first step.</p>"
        "<p><b>Run time.</b> That of the classification, and some seconds for the stack of a scene.</p>"
        "<p><b>Common errors.</b> <i>The raster’s bands are not those of the model</i>: an extra raster is "
        "missing, or they stand in another order.</p>"
    )


EXAMPLE_MODELS = (TrainClassifyAssess, ClassifyStyleExport, StackClassify)
