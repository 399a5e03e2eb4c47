"""Loading of results into the project: their group, order, names, legends and metadata."""

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
class LayerToLoad:
    """Result of an algorithm that may be loaded into the project.

    Attributes:
        output: Name of the output.
        layer: Path or id of the layer, as in the algorithm's results.
        kind: Kind of the result in the user's language, such as ``Land cover``.
        is_main: Whether its legend is expanded and it becomes the active layer.
        requested: Whether to load it although Processing does not, because the output is not a destination
            parameter.
        hides: Path of a raster whose layers in the project are switched off; empty for none.
    """

    output: str
    layer: str
    kind: str
    is_main: bool = False
    requested: bool = False
    hides: str = ""


def load_on_completion(
    algorithm: QgsProcessingAlgorithm,
    context: QgsProcessingContext,
    about: str | None,
    layers: Iterable[LayerToLoad],
    group: str = "",
) -> None:
    """Set name, group, order and legend of the layers that Processing loads when the algorithm is finished.

    Layers that Processing does not load are ignored, except ``requested`` ones. Layers that the author of a
    graphical model or a script has named keep that name. Call it in ``processAlgorithm``: what is set before
    is lost when the algorithm runs in a task.

    Args:
        algorithm: Algorithm that wrote the layers.
        context: Context of the run.
        about: Subject of the layers, see ``subject``. Names are ``KIND (SUBJECT)`` for temporary layers and
            ``KIND (FILE NAME)`` for files that the user has named. With None, the name is the kind.
        layers: Layers in their order in the layer tree, the top one first.
        group: Name of a group in the layer tree; empty for none.
    """
    items = list(layers)
    for rank, item in enumerate(items):
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
        details.layerSortKey = len(items) - rank
        finish = _Finish(item, algorithm.id())
        _unfinished.add(finish)
        details.setPostProcessor(finish)


def subject(context: QgsProcessingContext, *sources: tuple[str, str]) -> str:
    """Return the subject of a result: the names of what it was made from, such as ``demo_scene – trees``.

    Args:
        context: Context of the run.
        sources: Pairs of the user's name of a raster or a model, and its path. Names that Processing gave to
            temporary files are left out.
    """
    words = (
        _detail(title)
        for title, path in sources
        if not (_is_temporary(path, context) and title == Path(path).stem)
    )
    return " – ".join(words)


class _Finish(QgsProcessingLayerPostProcessorInterface):
    """Post-processor of a layer: steps that need the layer in the project, run in the main thread."""

    def __init__(self, item: LayerToLoad, algorithm: str) -> None:
        super().__init__()
        self._item = item
        self._algorithm = algorithm

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        _unfinished.discard(self)
        if not _has_chosen_style(self._algorithm, self._item.output):
            _load_style(layer)
        describe_layer(layer)
        node = context.project().layerTreeRoot().findLayer(layer.id()) if context.project() else None
        if node is not None:
            if self._item.hides:
                _hide(self._item.hides, context.project(), feedback)
            node.setExpanded(self._item.is_main)
            if _is_paletted(layer):
                # Else it is "Band 1: Land cover (Palette)".
                QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, 0, self._item.kind)
            if utils.iface is not None:
                utils.iface.layerTreeView().layerTreeModel().refreshLayerLegend(node)
                if self._item.is_main:
                    utils.iface.setActiveLayer(layer)


def _hide(path: str, project: QgsProject, feedback: QgsProcessingFeedback) -> None:
    """Switch off the layers of a raster in the project, and log it."""
    for node in project.layerTreeRoot().findLayers():
        layer = node.layer()
        if isinstance(layer, QgsRasterLayer) and layer.source() == path and node.itemVisibilityChecked():
            node.setItemVisibilityChecked(False)
            feedback.pushInfo(
                tr("{} is switched off, so that it does not influence the labels.").format(layer.name())
            )


# QGIS owns a post-processor, but without a reference Python deletes its side of it, and it is never called.
_unfinished: set[_Finish] = set()


def _load_style(layer: QgsMapLayer) -> None:
    """Apply the style file beside a layer, which Processing ignores.

    Paletted layers already have their colours from the colour table of their file.
    """
    if not _is_paletted(layer) and Path(layer.styleURI()).is_file():
        layer.loadDefaultStyle()


def _has_chosen_style(algorithm: str, output: str) -> bool:
    """Return whether the user has set a style for this output, which Processing then has loaded already."""
    from processing.gui.RenderingStyles import RenderingStyles

    return RenderingStyles.getStyle(algorithm, output) is not None


def _is_paletted(layer: QgsMapLayer) -> bool:
    return isinstance(layer, QgsRasterLayer) and isinstance(layer.renderer(), QgsPalettedRasterRenderer)


def _name(item: LayerToLoad, about: str | None, context: QgsProcessingContext) -> str:
    if about is None:
        return item.kind
    path = Path(item.layer)
    # The user has chosen the names of destinations, and no others.
    is_file = path.is_absolute() and not item.requested and not _is_temporary(item.layer, context)
    detail = path.stem if is_file else about
    return tr("{} ({})").format(item.kind, detail) if detail else item.kind


def _detail(title: str) -> str:
    """Return the subject of a name of the form ``KIND (SUBJECT)``, and any other name unchanged."""
    for kind in (tr("Land cover"), tr("Stack")):
        before, after = tr("{} ({})").format(kind, "|").split("|")
        if title.startswith(before) and title.endswith(after):
            return title[len(before) : len(title) - len(after)]
    return title


def _is_temporary(path: str, context: QgsProcessingContext) -> bool:
    return Path(QgsProcessingUtils.tempFolder(context)) in Path(path).parents
