"""How results land in the project: their group, order, names, legends and metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qgis import utils
from qgis.core import (
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsPalettedRasterRenderer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
)

from ..i18n.translation import tr
from .metadata import describe_layer


@dataclass(frozen=True)
class LandedLayer:
    """A result that may be loaded into the project.

    Attributes:
        output: Name of the output.
        layer: Path or id of the layer, as the results have it.
        kind: What it is, in the user's words.
        is_main: Whether its legend is shown and it becomes the active layer.
        requested: Whether to load it although it is no destination that Processing asks for.
        hides: Path of a raster whose layers in the project are switched off; empty for none.
    """

    output: str
    layer: str
    kind: str
    is_main: bool = False
    requested: bool = False
    hides: str = ""


def land_layers(
    algorithm: QgsProcessingAlgorithm,
    context: QgsProcessingContext,
    about: str | None,
    layers: Iterable[LandedLayer],
    group: str = "",
) -> None:
    """Say how the layers that Processing will load shall look; nothing where it loads none.

    To be called in ``processAlgorithm``: the task manager forgets what was said before. What the
    author of a graphical model or a script has named keeps that name.

    Args:
        algorithm: Whose results they are.
        context: Of the run.
        about: What they are of, see ``subject``, for the names of temporary ones; those that the user
            gave a file are called as it is. None: ``kind`` says all.
        layers: The first one comes on top.
        group: In the layer tree; empty puts them where QGIS does.
    """
    landed = list(layers)
    for rank, item in enumerate(landed):
        if item.requested and context.project() is not None:
            details = QgsProcessingContext.LayerDetails("", context.project(), item.output)
            context.addLayerToLoadOnCompletion(item.layer, details)
        if not context.willLoadLayerOnCompletion(item.layer):
            continue
        details = context.layerToLoadOnCompletionDetails(item.layer)
        definition = algorithm.outputDefinition(item.output)
        if details.name in ("", definition.description() if definition else ""):
            details.name = _name(item, about, context)
            details.forceName = True
        if group:
            details.groupName = group
        # The layer with the highest key comes on top.
        details.layerSortKey = len(landed) - rank
        finish = _Finish(item, algorithm.id())
        _unfinished.add(finish)
        details.setPostProcessor(finish)


def subject(context: QgsProcessingContext, *sources: tuple[str, str]) -> str:
    """Return what a result is of, for example ``demo_scene – trees``.

    Args:
        context: Of the run.
        sources: What the user calls a raster or a model, and its path. Names that Processing made
            up for temporary files say nothing and are left out.
    """
    words = (
        _detail(title)
        for title, path in sources
        if not (_is_temporary(path, context) and title == Path(path).stem)
    )
    return " – ".join(words)


class _Finish(QgsProcessingLayerPostProcessorInterface):
    """What can be done only when the layer is in the project; in the main thread."""

    def __init__(self, landed: LandedLayer, algorithm: str) -> None:
        super().__init__()
        self._landed = landed
        self._algorithm = algorithm

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        _unfinished.discard(self)
        if not _has_chosen_style(self._algorithm, self._landed.output):
            _load_style(layer)
        describe_layer(layer)
        node = context.project().layerTreeRoot().findLayer(layer.id()) if context.project() else None
        if node is not None:
            if self._landed.hides:
                _hide(self._landed.hides, context.project(), feedback)
            node.setExpanded(self._landed.is_main)
            if _is_paletted(layer):
                # Else it is "Band 1: Land cover (Palette)".
                QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, 0, self._landed.kind)
            if utils.iface is not None:
                utils.iface.layerTreeView().layerTreeModel().refreshLayerLegend(node)
                if self._landed.is_main:
                    utils.iface.setActiveLayer(layer)


def _hide(path: str, project: QgsProject, feedback: QgsProcessingFeedback) -> None:
    """Switch off the layers of a raster, and say so."""
    for node in project.layerTreeRoot().findLayers():
        layer = node.layer()
        if isinstance(layer, QgsRasterLayer) and layer.source() == path and node.itemVisibilityChecked():
            node.setItemVisibilityChecked(False)
            feedback.pushInfo(
                tr("{} is switched off, so that it does not influence the labels.").format(layer.name())
            )


# QGIS takes a post-processor over, but not what Python knows of it: without a reference it is never called.
_unfinished: set[_Finish] = set()


def _load_style(layer: QgsMapLayer) -> None:
    """Draw a layer with the style file beside it, which Processing leaves aside.

    Classes have their colours already, by the table of their file.
    """
    if not _is_paletted(layer) and Path(layer.styleURI()).is_file():
        layer.loadDefaultStyle()


def _has_chosen_style(algorithm: str, output: str) -> bool:
    """Return whether the user has chosen a style for this output, which Processing has loaded then."""
    from processing.gui.RenderingStyles import RenderingStyles

    return RenderingStyles.getStyle(algorithm, output) is not None


def _is_paletted(layer: QgsMapLayer) -> bool:
    return isinstance(layer, QgsRasterLayer) and isinstance(layer.renderer(), QgsPalettedRasterRenderer)


def _name(item: LandedLayer, about: str | None, context: QgsProcessingContext) -> str:
    if about is None:
        return item.kind
    path = Path(item.layer)
    # The user has chosen the names of destinations, and no others.
    is_file = path.is_absolute() and not item.requested and not _is_temporary(item.layer, context)
    detail = path.stem if is_file else about
    return tr("{} ({})").format(item.kind, detail) if detail else item.kind


def _detail(title: str) -> str:
    """Return what a layer is of, of the names that are given here; other names are what they are."""
    for kind in (tr("Land cover"), tr("Stack")):
        before, after = tr("{} ({})").format(kind, "|").split("|")
        if title.startswith(before) and title.endswith(after):
            return title[len(before) : len(title) - len(after)]
    return title


def _is_temporary(path: str, context: QgsProcessingContext) -> bool:
    return Path(QgsProcessingUtils.tempFolder(context)) in Path(path).parents
