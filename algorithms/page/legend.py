"""The legend of a page for print: the classes that the maps show, in the room that it has."""

from __future__ import annotations

import html
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

from ..i18n.translation import language_code, speaking, tr, tr_number
from ..layers.metadata import class_parents

SEPARATOR = "\N{LINE SEPARATOR}"
"""Between the names of a class in two languages."""
_MOST_COLUMNS, _NARROWEST_COLUMN = 5, 32.0
_SMALLEST_TYPE, _STEP = 5.0, 0.5
# Smallest type of a legend that is continued on a further page, where there is room.
_CONTINUED_TYPE = 6.5
# What stays free at the page's edge, in millimetres.
_EDGE = 5.0
# Width and height of a colour ramp, in millimetres.
_RAMP = QSizeF(6, 24)
# Property of the layers that legends here are made of.
_OWN = "deep_land_cover/legend"
# Further space above a class with two names, in millimetres.
_PAIR_GAP = 1.5
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
        first, *second = item.label.split(SEPARATOR)
        words = tr("{}: {} ha").format(first, area_text(hectares.get(int(item.value), 0.0)))
        label = SEPARATOR.join([re.sub(r" (?=[^ ]*$)", "\N{NO-BREAK SPACE}", words), *second])
        return QgsPalettedRasterRenderer.Class(item.value, item.color, label)

    return [part._replace(classes=tuple(map(named, part.classes))) for part in parts]


def area_text(hectares: float) -> str:
    """Return hectares with as many digits as a reader needs, in the user's language."""
    digits = 0 if hectares >= 10 or hectares == 0 else 1 if hectares >= 1 else 2
    return tr_number(f"{hectares:,.{digits}f}")


def with_no_data(parts: Sequence[LegendPart], second: str = "") -> list[LegendPart]:
    """Return a legend with a white entry for pixels without a class at its end.

    Args:
        parts: The legend.
        second: Code of a second language for the entry; empty for none.
    """
    name = tr("No data")
    with speaking(second or language_code()):
        name = f"{name}{SEPARATOR}{tr('No data')}" if second else name
    last = next((number for number in reversed(range(len(parts))) if parts[number].classes), None)
    if last is None:
        return list(parts)
    part = parts[last]
    free = max(item.value for item in part.classes) + 1
    entry = QgsPalettedRasterRenderer.Class(free, QColor("white"), name)
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
) -> list[LegendPart]:
    """Show the parts in the legend, in the largest type and the fewest columns that fit its room.

    Returns:
        What does not fit even in the smallest type, for a further page. Then those that are shown are set in
        a type that is easier to read.
    """
    room = _room(legend)
    part = legend.style(QgsLegendStyle.Style.SymbolLabel)
    # A copy: what the part hands out is gone with it.
    style = QgsTextFormat(part.textFormat())
    sizes = _Sizes(style, style.size(), (legend.symbolWidth(), legend.symbolHeight()), _gap(legend))
    names = _show(legend, parts)
    fits = _fit(legend, names, room, sizes, _SMALLEST_TYPE, feedback)
    if not fits and not legend.splitLayer():
        # A part in two columns is better than one on another page.
        legend.setSplitLayer(True)
        fits = _fit(legend, names, room, sizes, _SMALLEST_TYPE, feedback)
    if fits:
        rest: list[LegendPart] = []
    else:
        count = _most_entries(legend, parts, room, sizes, feedback)
        shown, rest = _parted(parts, count)
        _fit(legend, _show(legend, shown), room, sizes, min(_CONTINUED_TYPE, style.size()), feedback)
    legend.setResizeToContents(True)
    legend.adjustBoxSize()
    return rest


class LegendStyles(NamedTuple):
    """Type and symbols of a legend that another one takes over.

    Attributes:
        formats: Format and margins of each kind of text.
        symbol: Width and height of a symbol in millimetres.
        column_space: Between columns, in millimetres.
    """

    formats: tuple[tuple[QgsLegendStyle.Style, QgsLegendStyle], ...]
    symbol: tuple[float, float]
    column_space: float


def legend_styles(legend: QgsLayoutItemLegend) -> LegendStyles:
    """Return copies of a legend's styles, before it is filled."""
    kinds = QgsLegendStyle.Style
    all_kinds = (kinds.Title, kinds.Group, kinds.Subgroup, kinds.Symbol, kinds.SymbolLabel)
    formats = tuple((kind, QgsLegendStyle(legend.style(kind))) for kind in all_kinds)
    return LegendStyles(formats, (legend.symbolWidth(), legend.symbolHeight()), legend.columnSpace())


def use_styles(legend: QgsLayoutItemLegend, styles: LegendStyles) -> None:
    """Give a legend the styles of another one."""
    for kind, style in styles.formats:
        legend.setStyle(kind, style)
    legend.setSymbolWidth(styles.symbol[0])
    legend.setSymbolHeight(styles.symbol[1])
    legend.setColumnSpace(styles.column_space)


class _Sizes(NamedTuple):
    """Type and symbols of a legend as the template has them.

    Attributes:
        style: Of the names of classes.
        size: Of the type.
        symbol: Width and height of a symbol.
        gap: Above a symbol.
    """

    style: QgsTextFormat
    size: float
    symbol: tuple[float, float]
    gap: float


def _gap(legend: QgsLayoutItemLegend) -> float:
    style = legend.style(QgsLegendStyle.Style.Symbol)
    return float(style.margin(QgsLegendStyle.Side.Top))


def _show(legend: QgsLayoutItemLegend, parts: Sequence[LegendPart]) -> list[tuple[QgsRasterLayer, list[str]]]:
    """Let the legend have these parts and nothing else; return its layers and the names of their classes."""
    legend.setAutoUpdateModel(False)
    legend.setLegendFilterByMapEnabled(False)
    tree = legend.model().rootGroup()
    project = legend.layout().project()
    former = [node.layerId() for node in tree.findLayers()]
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
        layer.setCustomProperty(_OWN, True)
        project.addMapLayer(layer, False)
        node = tree.addLayer(layer)
        kind = QgsLegendStyle.Style.Subgroup if part.title else QgsLegendStyle.Style.Hidden
        QgsLegendRenderer.setNodeLegendStyle(node, kind)
        names.append((layer, [item.label for item in part.classes]))
    # Copies of an earlier attempt; layers of a template's own legend are the user's.
    layers = [project.mapLayer(name) for name in former]
    project.removeMapLayers([item.id() for item in layers if item is not None and item.customProperty(_OWN)])
    legend.setSplitLayer(len(parts) == 1 or sum(len(part.classes) for part in parts) > _MOST_WHOLE)
    return names


def _parted(parts: Sequence[LegendPart], count: int) -> tuple[list[LegendPart], list[LegendPart]]:
    """Return the first entries of a legend, and the others."""
    first: list[LegendPart] = []
    rest: list[LegendPart] = []
    for part in parts:
        # A part without classes has a legend of its own, which stays whole.
        here = part.classes[: max(count, 0)]
        if here or (not part.classes and count > 0):
            first.append(part._replace(classes=here))
        if part.classes[len(here) :] or (not part.classes and count <= 0):
            rest.append(part._replace(classes=part.classes[len(here) :]))
        count -= max(len(part.classes), 1)
    return first, rest


def _most_entries(
    legend: QgsLayoutItemLegend,
    parts: Sequence[LegendPart],
    room: tuple[float, float],
    sizes: _Sizes,
    feedback: QgsProcessingFeedback,
) -> int:
    """Return how many entries fit in the type of a continued legend, at least one."""
    size = min(_CONTINUED_TYPE, sizes.size)
    fitting, over = 1, sum(max(len(part.classes), 1) for part in parts)
    while over - fitting > 1 and not feedback.isCanceled():
        middle = (fitting + over) // 2
        names = _show(legend, _parted(parts, middle)[0])
        if _fit(legend, names, room, sizes._replace(size=size), size, feedback, sizes.size):
            fitting = middle
        else:
            over = middle
    return fitting


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
    room: tuple[float, float],
    sizes: _Sizes,
    smallest: float,
    feedback: QgsProcessingFeedback,
    whole: float = 0.0,
) -> bool:
    """Set names in the largest type that fits; return whether one does.

    Args:
        legend: Legend that shows the layers.
        names: Layers and the names of their classes.
        room: Width and height in millimetres.
        sizes: Type and symbols to begin with.
        smallest: Smallest type in points.
        feedback: Of the run.
        whole: Type that the symbols belong to; 0 for that of ``sizes``.
    """
    width, height = room
    style, size = QgsTextFormat(sizes.style), sizes.size
    has_two = any(SEPARATOR in label for _, labels in names for label in labels)
    style.setAllowHtmlFormatting(has_two)
    # So that both names of a class are seen to belong together.
    gap = sizes.gap + (_PAIR_GAP if has_two else 0.0)
    context = QgsLayoutUtils.createRenderContextForLayout(legend.layout(), None)
    while True:
        share = size / (whole or sizes.size)
        _set_type(legend, style, size)
        legend.setSymbolWidth(sizes.symbol[0] * (share + 1) / 2)
        legend.setSymbolHeight(sizes.symbol[1] * share)
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
        if size <= smallest or feedback.isCanceled():
            return False
        size = max(size - _STEP, smallest)


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
            text = _in_lines(label, context, style, width * context.scaleFactor())
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, number, text)
        for number in shown:
            if isinstance(entries[number], QgsColorRampLegendNode):
                QgsMapLayerLegendUtils.setLegendNodeSymbolSize(node, number, _RAMP)
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, shown)
        model.refreshLayerLegend(node)


def _in_lines(label: str, context: QgsRenderContext, style: QgsTextFormat, width: float) -> str:
    """Return a label in lines that fit; the second language is in italics."""
    first, *second = (_wrapped(name, context, style, width) for name in label.split(SEPARATOR))
    if not style.allowHtmlFormatting():
        return first
    lines = [html.escape(line, quote=False) for line in first.split("\n")]
    for name in second:
        lines += [f"<i>{html.escape(line, quote=False)}</i>" for line in name.split("\n")]
    return "\n".join(lines)


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
