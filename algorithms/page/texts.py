"""Words on a page for print, and how they are made to fit their room."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsLayoutItemLabel,
    QgsLayoutUtils,
    QgsRasterLayer,
    QgsTextRenderer,
)

from ...core.options import (
    BY_MAP,
    BY_WEIGHTS,
    NONE,
    OTHER,
    SIMPLE,
)
from ...core.reporting.report_summary import ACCURACY, ReportSummary
from ..i18n.translation import tr, tr_number
from ..layers.metadata import changed_text, file_items, file_pixels, is_changed

# Smaller than this, no text is made to fit its room.
_LEAST_SHARE = 0.55


def fit_text(label: QgsLayoutItemLabel, text: str, second: str = "") -> bool:
    """Set a label's text, in smaller type where it is too long for the label's room even when wrapped.

    Where the label's format allows it, the first line is bold, and the text in the second language italic.

    Args:
        label: Label of the page.
        text: Text of the label.
        second: The same in the second language, which follows on lines of its own; empty for none.

    Returns:
        Whether it fits.
    """
    label.setMode(QgsLayoutItemLabel.Mode.ModeFont)
    style = label.textFormat()
    if style.allowHtmlFormatting():
        first, *others = html.escape(text, quote=False).split("\n")
        lines = [f"<b>{first}</b>", *others]
        if second:
            first, *others = html.escape(second, quote=False).split("\n")
            # A line between the languages; an empty one would be left out.
            lines += ["\N{NO-BREAK SPACE}", f"<b><i>{first}</i></b>", *(f"<i>{line}</i>" for line in others)]
        text = "\n".join(lines)
    elif second:
        text = f"{text}\n{second}"
    label.setText(text)
    context = QgsLayoutUtils.createRenderContextForLayout(label.layout(), None)
    room = label.rect()
    width = (room.width() - 2 * label.marginX()) * context.scaleFactor()
    height = (room.height() - 2 * label.marginY()) * context.scaleFactor()
    size, fits = style.size(), False
    for step in range(20):
        share = 1 - 0.025 * step
        if share < _LEAST_SHARE:
            break
        style.setSize(size * share)
        needed = QgsTextRenderer.textHeight(
            context,
            style,
            label.currentText().split("\n"),
            Qgis.TextLayoutMode.Rectangle,
            None,
            Qgis.TextRendererFlag.WrapLines,
            width,
        )
        fits = needed <= height
        if fits:
            break
    label.setTextFormat(style)
    return fits


def side_by_side(first: str, second: str) -> str:
    """Return a text whose lines are in two languages: ``Scale 1:50,000 / Skala 1:50.000``.

    Lines that are alike stand once.

    Args:
        first: Lines in the first language.
        second: The same lines in the second one.
    """
    pairs = zip(first.split("\n"), second.split("\n"), strict=False)
    return "\n".join(one if one == other else f"{one} / {other}" for one, other in pairs)


def accuracy_text(summary: ReportSummary, is_one_of_two: bool = False) -> str:
    """Return what the accuracy box says of a map, or of the model that made it.

    Args:
        summary: Of the report.
        is_one_of_two: Whether the page has another map, too, so that its name has to be said.
    """
    is_map = summary.kind == ACCURACY
    if is_one_of_two:
        head = (tr("Accuracy of {}") if is_map else tr("Test of {}")).format(summary.name)
    else:
        head = tr("Accuracy of the map") if is_map else tr("Test of the model")
    lines = [head]
    lines.append(tr("Overall accuracy {} %").format(_percent(summary.overall)))
    if summary.low is not None and summary.high is not None:
        lines.append(tr("95 % interval: {} to {} %").format(_percent(summary.low), _percent(summary.high)))
    lines.append(_evidence(summary))
    date = summary.created[:10]
    if is_map:
        lines.append(tr("Assessed {}").format(date) if date else "")
    else:
        lines.append(tr("Trained {}. This is not the accuracy of the map.").format(date))
    # A line does not begin with the per cent sign.
    return "\n".join(filter(None, lines)).replace(" %", "\N{NO-BREAK SPACE}%")


def other_map_note(summary: ReportSummary, layers: Sequence[QgsRasterLayer]) -> str:
    """Return that the figures of a report are not of the maps shown, one sentence; empty where they may be.

    Args:
        summary: Of the report.
        layers: Maps on the page.
    """
    if summary.kind != ACCURACY:
        return _model_words(summary, layers)
    if not summary.checksum or summary.checksum in map(file_pixels, layers):
        return ""
    return tr("The figures are of a map with other pixels than the one shown.")


def _model_words(summary: ReportSummary, layers: Sequence[QgsRasterLayer]) -> str:
    """Return what keeps the figures of a model from being those of the maps shown; empty for nothing."""
    models = {layer: file_items(layer).get("MODEL", "") for layer in layers}
    maps = [layer for layer, model in models.items() if model]
    if not maps:
        return tr("It is not recorded which model made the map.")
    if summary.name not in models.values():
        return tr("The map was made with another model: {}.").format(models[maps[0]])
    states = [is_changed(layer) for layer in maps]
    if any(states):
        return changed_text()
    return (
        tr("Whether the map was changed after its classification is not recorded.") if None in states else ""
    )


def _evidence(summary: ReportSummary) -> str:
    """Return how many references there were, and how they were drawn or held out."""
    number = tr_number(f"{summary.units:,}")
    if summary.kind == ACCURACY:
        words = {
            NONE: tr("no probability sample"),
            SIMPLE: tr("drawn at random"),
            BY_MAP: tr("stratified by the map’s classes"),
            OTHER: tr("stratified"),
            BY_WEIGHTS: tr("weighted"),
        }
        design = words.get(summary.design, summary.design)
        counted = _clusters(summary)
        is_point = summary.unit_name == "point"
        found = (tr("{} reference points") if is_point else tr("{} reference pixels")).format(number)
        return f"{found}{tr(' of {}').format(counted) if counted else ''}, {design}"
    words = {
        "polygons": tr("whole polygons held out"),
        "blocks": tr("whole blocks held out"),
        "field": tr("groups of a field held out"),
        "random": tr("random split: optimistic"),
    }
    split = words.get(summary.design, summary.design)
    return tr("{} test samples, {}").format(number, split)


def _clusters(summary: ReportSummary) -> str:
    words = {"polygon": tr("{} polygons"), "block": tr("{} blocks")}
    if summary.clusters is None or summary.cluster_name not in words:
        return ""
    return words[summary.cluster_name].format(tr_number(f"{summary.clusters:,}"))


def _percent(share: float) -> str:
    return tr_number(f"{100 * share:.1f}")


def projection_text(crs: QgsCoordinateReferenceSystem, scale: float | None) -> str:
    """Return the projection's name, and the scale where there is one."""
    name = crs.description() or crs.authid()
    code = f" ({crs.authid()})" if crs.authid() and crs.authid() != name else ""
    lines = [tr("Scale 1:{}").format(tr_number(f"{scale:,.0f}"))] if scale else []
    return "\n".join([*lines, f"{name}{code}"])


def source_text(layers: Sequence[QgsRasterLayer]) -> str:
    """Return where the maps come from, by their files and what these say of themselves."""
    return " ".join(_source(layer) for layer in layers)


def _source(layer: QgsRasterLayer) -> str:
    if layer.providerType() != "gdal":
        return tr("{}.").format(layer.name())
    items = file_items(layer)
    file, model = Path(layer.source().split("|option:")[0]).name, items.get("MODEL", "")
    if not model:
        return tr("Map: {}.").format(file)
    date = items.get("CREATED", "")[:10]
    made = tr("Map: {}, made with the model {}").format(file, model)
    raster = tr(" from {}").format(items["INPUT"]) if items.get("INPUT") else ""
    changed = " " + changed_text() if is_changed(layer) else ""
    return f"{made}{raster}{f', {date}' if date else ''}{_software(items)}.{changed}"


def _software(items: dict[str, str]) -> str:
    return f" ({items['SOFTWARE']})" if items.get("SOFTWARE") else ""
