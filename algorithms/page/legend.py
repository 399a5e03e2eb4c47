"""The legend of a page for print: the classes that the maps show, in the room that it has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qgis.core import (
    Qgis,
    QgsColorRampLegendNode,
    QgsLayoutItemLegend,
    QgsLayoutUtils,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsPalettedRasterRenderer,
    QgsProcessingFeedback,
    QgsProcessingMultiStepFeedback,
    QgsRasterAttributeTable,
    QgsRasterBlockFeedback,
    QgsRasterLayer,
    QgsRasterSymbolLegendNode,
    QgsRenderContext,
    QgsTextFormat,
    QgsTextRenderer,
)
from qgis.PyQt.QtCore import QSizeF
from qgis.PyQt.QtGui import QColor

from ..i18n.translation import tr, tr_number
from ..layers.metadata import class_parents

_MOST_COLUMNS, _NARROWEST_COLUMN = 5, 32.0
_SMALLEST_TYPE, _STEP = 5.0, 0.5
# What stays free at the page's edge, in millimetres.
_EDGE = 5.0
# Width and height of a colour ramp, in millimetres.
_RAMP = QSizeF(6, 24)
# Parts with fewer classes in all stay whole, each in its column.
_MOST_WHOLE = 20


class LegendPart(NamedTuple):
    """What the legend says of a layer.

    Attributes:
        layer: Where names and colours come from.
        title: Heading; empty for none.
        classes: Those that the map shows, in the layer's order; none for a layer without classes,
            whose own legend is shown.
    """

    layer: QgsRasterLayer
    title: str
    classes: tuple[QgsPalettedRasterRenderer.Class, ...]


def legend_parts(layers: Sequence[QgsRasterLayer], feedback: QgsProcessingFeedback) -> list[LegendPart]:
    """Return the legend of one map or several; those that have the same classes share a part.

    Args:
        layers: The maps.
        feedback: Hears of the reading as the first third of the work.
    """
    parts: list[LegendPart] = []
    reading = QgsProcessingMultiStepFeedback(3 * len(layers), feedback)
    for step, layer in enumerate(layers):
        reading.setCurrentStep(step)
        classes = present_classes(layer, reading)
        for number, part in enumerate(parts):
            # Of maps with one scheme only their order and what each of them shows may differ.
            if classes and part.classes and _agree(part.layer, layer):
                shown = {item.value for item in (*part.classes, *classes)}
                both = (*part.layer.renderer().classes(), *layer.renderer().classes())
                merged = {item.value: item for item in reversed(both) if item.value in shown}
                order = dict.fromkeys(item.value for item in both if item.value in shown)
                parts[number] = part._replace(classes=tuple(merged[value] for value in order))
                break
        else:
            if classes or _has_legend(layer):
                parts.append(LegendPart(layer, layer.name(), classes))
    return _by_parent(parts[0]._replace(title="")) if len(parts) == 1 else parts


def _by_parent(part: LegendPart) -> list[LegendPart]:
    """Return the legend of one map by the parents of its classes; in one part where they have none."""
    parents = class_parents(part.layer)
    if not any(parents.get(int(item.value)) for item in part.classes):
        return [part]
    groups: dict[str, list[QgsPalettedRasterRenderer.Class]] = {}
    for item in part.classes:
        groups.setdefault(parents.get(int(item.value), ""), []).append(item)
    return [part._replace(title=title, classes=tuple(classes)) for title, classes in groups.items()]


def with_areas(parts: Sequence[LegendPart], hectares: Mapping[int, float]) -> list[LegendPart]:
    """Return a legend with the area of each class behind its name.

    Args:
        parts: The legend.
        hectares: Area in hectares by class value; a class that is not there has none.
    """

    def named(item: QgsPalettedRasterRenderer.Class) -> QgsPalettedRasterRenderer.Class:
        words = tr("{}: {} ha").format(item.label, area_text(hectares.get(int(item.value), 0.0)))
        label = re.sub(r" (?=[^ ]*$)", "\N{NO-BREAK SPACE}", words)
        return QgsPalettedRasterRenderer.Class(item.value, item.color, label)

    return [part._replace(classes=tuple(map(named, part.classes))) for part in parts]


def area_text(hectares: float) -> str:
    """Return hectares with as many digits as a reader needs, in the user's language."""
    digits = 0 if hectares >= 10 or hectares == 0 else 1 if hectares >= 1 else 2
    return tr_number(f"{hectares:,.{digits}f}")


def with_no_data(parts: Sequence[LegendPart]) -> list[LegendPart]:
    """Return a legend with a white entry for pixels without a class at its end."""
    last = next((number for number in reversed(range(len(parts))) if parts[number].classes), None)
    if last is None:
        return list(parts)
    part = parts[last]
    free = max(item.value for item in part.classes) + 1
    entry = QgsPalettedRasterRenderer.Class(free, QColor("white"), tr("No data"))
    changed = list(parts)
    if part.title and len(parts) > 1 and all(other.layer is part.layer for other in parts):
        # Below the groups of parents, not in the last of them.
        changed.append(part._replace(title="", classes=(entry,)))
    else:
        changed[last] = part._replace(classes=(*part.classes, entry))
    return changed


def present_classes(
    layer: QgsRasterLayer, feedback: QgsProcessingFeedback
) -> tuple[QgsPalettedRasterRenderer.Class, ...]:
    """Return the classes of a layer that its raster has; none where it is not drawn by classes."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsPalettedRasterRenderer):
        return ()
    band = renderer.inputBand()
    present = _counted_values(layer, band)
    if present is None:
        reading = QgsRasterBlockFeedback()
        feedback.canceled.connect(reading.cancel)
        # Only when progress is told does QGIS look whether Cancel was pressed, and draw its windows.
        reading.progressChanged.connect(feedback.setProgress)
        found = QgsPalettedRasterRenderer.classDataFromRaster(layer.dataProvider(), band, None, reading)
        present = {item.value for item in found}
    return tuple(item for item in renderer.classes() if item.value in present)


def fill_legend(
    legend: QgsLayoutItemLegend, parts: Sequence[LegendPart], feedback: QgsProcessingFeedback
) -> bool:
    """Show the parts in the legend, in the largest type and the fewest columns that fit its room.

    Returns:
        Whether they fit.
    """
    width, height = _room(legend)
    legend.setAutoUpdateModel(False)
    legend.setLegendFilterByMapEnabled(False)
    tree = legend.model().rootGroup()
    tree.removeAllChildren()
    names: list[tuple[QgsRasterLayer, list[str]]] = []
    for part in parts:
        layer = part.layer.clone()
        if part.classes:
            provider, band = layer.dataProvider(), part.layer.renderer().inputBand()
            layer.setRenderer(QgsPalettedRasterRenderer(provider, band, list(part.classes)))
        layer.setName(part.title or layer.name())
        # The page's project keeps it alive, and no layer tree shows it.
        layer.setFlags(layer.flags() | QgsMapLayer.LayerFlag.Private)
        legend.layout().project().addMapLayer(layer, False)
        node = tree.addLayer(layer)
        kind = QgsLegendStyle.Style.Subgroup if part.title else QgsLegendStyle.Style.Hidden
        QgsLegendRenderer.setNodeLegendStyle(node, kind)
        names.append((layer, [item.label for item in part.classes]))
    legend.setSplitLayer(len(parts) == 1 or sum(len(part.classes) for part in parts) > _MOST_WHOLE)
    fits = _fit(legend, names, width, height, feedback)
    legend.setResizeToContents(True)
    legend.adjustBoxSize()
    return fits


def _room(legend: QgsLayoutItemLegend) -> tuple[float, float]:
    """Return width and height that a legend may take, in millimetres.

    One that fits its box to what is in it may grow as far as the page goes.
    """
    if not legend.resizeToContents():
        return legend.rect().width(), legend.rect().height()
    page = legend.layout().pageCollection().page(legend.page()).pageSize()
    size = legend.layout().convertToLayoutUnits(page)
    return size.width() - legend.pagePos().x() - _EDGE, size.height() - legend.pagePos().y() - _EDGE


def _fit(
    legend: QgsLayoutItemLegend,
    names: Sequence[tuple[QgsRasterLayer, list[str]]],
    width: float,
    height: float,
    feedback: QgsProcessingFeedback,
) -> bool:
    part = legend.style(QgsLegendStyle.Style.SymbolLabel)
    # A copy: what the part hands out is gone with it.
    style = QgsTextFormat(part.textFormat())
    whole, symbol = style.size(), (legend.symbolWidth(), legend.symbolHeight())
    gap = legend.style(QgsLegendStyle.Style.Symbol).margin(QgsLegendStyle.Side.Top)
    context = QgsLayoutUtils.createRenderContextForLayout(legend.layout(), None)
    size = whole
    while True:
        share = size / whole
        _set_type(legend, style, size)
        legend.setSymbolWidth(symbol[0] * (share + 1) / 2)
        legend.setSymbolHeight(symbol[1] * share)
        legend.setStyleMargin(QgsLegendStyle.Style.Symbol, QgsLegendStyle.Side.Top, gap * share)
        for columns in range(1, _MOST_COLUMNS + 1):
            column = (width - (columns - 1) * legend.columnSpace()) / columns
            if feedback.isCanceled() or (columns > 1 and column < _NARROWEST_COLUMN):
                break
            legend.setColumnCount(columns)
            # Between symbol and name, and at the end for rounding.
            _set_names(legend, names, context, style, column - legend.symbolWidth() - 3)
            needed = QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize(context)
            if needed.width() <= width + 0.5 and needed.height() <= height + 0.5:
                return True
        if size <= _SMALLEST_TYPE or feedback.isCanceled():
            return False
        size = max(size - _STEP, _SMALLEST_TYPE)


def _set_type(legend: QgsLayoutItemLegend, style: QgsTextFormat, size: float) -> None:
    style.setSize(size)
    part = legend.style(QgsLegendStyle.Style.SymbolLabel)
    part.setTextFormat(style)
    legend.setStyle(QgsLegendStyle.Style.SymbolLabel, part)


def _set_names(
    legend: QgsLayoutItemLegend,
    names: Sequence[tuple[QgsRasterLayer, list[str]]],
    context: QgsRenderContext,
    style: QgsTextFormat,
    width: float,
) -> None:
    """Break the names into lines that fit, and leave out the band's name that stands above them."""
    legend.setWrapString("\n")
    model = legend.model()
    for layer, labels in names:
        node = model.rootGroup().findLayer(layer.id())
        entries = layer.legend().createLayerTreeModelLegendNodes(node)
        kinds = QgsRasterSymbolLegendNode if labels else (QgsRasterSymbolLegendNode, QgsColorRampLegendNode)
        shown = [number for number, entry in enumerate(entries) if isinstance(entry, kinds)]
        for number, label in zip(shown, labels, strict=False):
            text = _wrapped(label, context, style, width * context.scaleFactor())
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, number, text)
        for number in shown:
            if isinstance(entries[number], QgsColorRampLegendNode):
                QgsMapLayerLegendUtils.setLegendNodeSymbolSize(node, number, _RAMP)
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, shown)
        model.refreshLayerLegend(node)


def _wrapped(text: str, context: QgsRenderContext, style: QgsTextFormat, width: float) -> str:
    lines: list[str] = []
    # A number stays with its unit: these blanks are no breaks.
    for word in re.findall(r"[^ \t\n]+", text):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and QgsTextRenderer.textWidth(context, style, [longer]) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def _counted_values(layer: QgsRasterLayer, band: int) -> set[float] | None:
    """Return the values with pixels by the raster's attribute table; None where it does not count them."""
    table = layer.dataProvider().attributeTable(band) if layer.dataProvider() is not None else None
    if not isinstance(table, QgsRasterAttributeTable) or not table.isValid()[0]:
        return None
    places = {usage: place for place, usage in reversed(list(enumerate(f.usage for f in table.fields())))}
    value = places.get(Qgis.RasterAttributeTableFieldUsage.MinMax)
    count = places.get(Qgis.RasterAttributeTableFieldUsage.PixelCount)
    if value is None or count is None:
        return None
    rows = [(float(row[value]), float(row[count])) for row in table.data()]
    total = sum(number for _, number in rows)
    # A table that was copied from elsewhere, or never counted, tells nothing.
    if not 0 < total <= layer.width() * layer.height():
        return None
    return {found for found, number in rows if number > 0}


def _agree(first: QgsRasterLayer, second: QgsRasterLayer) -> bool:
    """Return whether the values that both layers have mean the same, and look the same."""
    mine = {item.value: (item.label, item.color.rgb()) for item in first.renderer().classes()}
    theirs = {item.value: (item.label, item.color.rgb()) for item in second.renderer().classes()}
    common = mine.keys() & theirs.keys()
    return bool(common) and all(mine[value] == theirs[value] for value in common)


def _has_legend(layer: QgsRasterLayer) -> bool:
    renderer = layer.renderer()
    return renderer is not None and bool(renderer.legendSymbologyItems())
