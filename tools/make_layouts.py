"""Write the page templates in ``resources/layouts``. Runs under QGIS's Python.

    python3 tools/make_layouts.py

The templates are what ``Export a map page`` fills, and what cartographers open in QGIS's layout
designer to make their own. The page is drawn here, in millimetres, because a ``.qpt`` is hundreds
of lines of XML that nobody can review.
"""

from __future__ import annotations

import os
import re
import sys
import uuid
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Qt writes the attributes of XML in the order of its hashes.
os.environ.setdefault("QT_HASH_SEED", "0")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemMapGrid,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsTextFormat,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont
from qgis.PyQt.QtXml import QDomDocument

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "layouts"
MILLIMETRES = Qgis.LayoutUnit.Millimeters
INK, GREY, PALE = QColor("#1F2933"), QColor("#616E7C"), QColor("#F5F7FA")
FONT, OTHER_FONTS = "Open Sans", ["Noto Sans", "DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial"]


class Box(NamedTuple):
    """Where an item stands on the page: left, top, width and height in millimetres."""

    left: float
    top: float
    width: float
    height: float


class Page(NamedTuple):
    """Where everything stands; a page has one map or two."""

    maps: tuple[Box, ...]
    legend: Box
    accuracy: Box
    north: Box
    scale_bar: Box
    projection: Box


TITLE, SOURCES = Box(13, 9, 272, 13), Box(13, 193, 272, 11)
CAPTION_HEIGHT = 6.0
PAGES = {
    "one_map": Page(
        maps=(Box(19, 26, 190, 158),),
        legend=Box(217, 24, 68, 90),
        accuracy=Box(217, 116, 68, 30),
        north=Box(217, 150, 13, 13),
        scale_bar=Box(233, 151, 52, 12),
        projection=Box(217, 168, 68, 16),
    ),
    "one_map_square": Page(
        maps=(Box(19, 26, 162, 158),),
        legend=Box(192, 24, 93, 92),
        accuracy=Box(192, 118, 93, 28),
        north=Box(192, 151, 13, 13),
        scale_bar=Box(208, 152, 77, 12),
        projection=Box(192, 169, 93, 15),
    ),
    "one_map_long_legend": Page(
        maps=(Box(19, 26, 128, 124),),
        legend=Box(157, 24, 128, 164),
        accuracy=Box(79, 158, 68, 30),
        north=Box(14, 158, 12, 12),
        scale_bar=Box(28, 159, 48, 12),
        projection=Box(14, 173, 62, 15),
    ),
    "two_maps": Page(
        maps=(Box(19, 31, 126, 112), Box(159, 31, 126, 112)),
        legend=Box(14, 152, 140, 37),
        accuracy=Box(158, 153, 64, 33),
        north=Box(226, 152, 12, 12),
        scale_bar=Box(240, 153, 45, 12),
        projection=Box(226, 168, 59, 20),
    ),
    "two_maps_long_legend": Page(
        maps=(Box(19, 31, 126, 86), Box(159, 31, 126, 86)),
        legend=Box(14, 126, 202, 64),
        accuracy=Box(220, 127, 65, 27),
        north=Box(220, 157, 12, 12),
        scale_bar=Box(234, 158, 51, 12),
        projection=Box(220, 172, 65, 17),
    ),
}


def main() -> int:
    """Write all templates; return the exit code."""
    application = QgsApplication([], False)
    application.initQgis()
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        layout = _layout(page)
        document = QDomDocument()
        document.appendChild(layout.writeXml(document, QgsReadWriteContext()))
        path = FOLDER / f"{name}.qpt"
        path.write_text(_steady(document.toString(1), name), encoding="utf-8", newline="\n")
        print(path)
        del layout
    application.exitQgis()
    return 0


def _layout(page: Page) -> QgsPrintLayout:
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    layout.setName("Deep Land Cover")
    layout.renderContext().setDpi(300)
    _label(layout, "title", TITLE, 20, bold=True, vertical=Qt.AlignmentFlag.AlignVCenter)
    maps = []
    for number, box in enumerate(page.maps):
        name = "map" if number == 0 else f"map{number + 1}"
        maps.append(_map(layout, name, box))
        if len(page.maps) > 1:
            caption = Box(box.left, box.top - CAPTION_HEIGHT, box.width, CAPTION_HEIGHT - 1)
            centre = Qt.AlignmentFlag.AlignHCenter
            _label(layout, f"{name}_title", caption, 11, bold=True, horizontal=centre)
    _legend(layout, page.legend, maps[0])
    accuracy = _label(layout, "accuracy", page.accuracy, 8, vertical=Qt.AlignmentFlag.AlignVCenter)
    # For the heading in bold letters.
    accuracy.setTextFormat(_text_format(8, INK, html=True))
    accuracy.setMarginX(2.5)
    accuracy.setMarginY(2)
    accuracy.setBackgroundEnabled(True)
    accuracy.setBackgroundColor(PALE)
    accuracy.setFrameEnabled(True)
    accuracy.setFrameStrokeColor(QColor("#CBD2D9"))
    accuracy.setFrameStrokeWidth(QgsLayoutMeasurement(0.2, MILLIMETRES))
    _north_arrow(layout, page.north, maps[0])
    _scale_bar(layout, page.scale_bar, maps[0])
    _label(layout, "projection", page.projection, 7.5, GREY)
    _label(layout, "sources", SOURCES, 7, GREY)
    return layout


def _map(layout: QgsPrintLayout, name: str, box: Box) -> QgsLayoutItemMap:
    item = QgsLayoutItemMap(layout)
    # A map that becomes narrower than this box keeps its middle.
    item.setReferencePoint(QgsLayoutItem.ReferencePoint.UpperMiddle)
    _place(layout, item, name, box)
    item.setFrameEnabled(True)
    item.setFrameStrokeColor(INK)
    item.setFrameStrokeWidth(QgsLayoutMeasurement(0.25, MILLIMETRES))
    item.setBackgroundColor(QColor("white"))
    grid = QgsLayoutItemMapGrid("Coordinates", item)
    grid.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    # The algorithm finds the interval; without it a degree would do for most.
    grid.setIntervalX(1)
    grid.setIntervalY(1)
    grid.setStyle(QgsLayoutItemMapGrid.GridStyle.FrameAnnotationsOnly)
    grid.setFrameStyle(QgsLayoutItemMapGrid.FrameStyle.ExteriorTicks)
    grid.setFrameWidth(1.2)
    grid.setFramePenSize(0.2)
    grid.setFramePenColor(INK)
    grid.setAnnotationEnabled(True)
    grid.setAnnotationFormat(QgsLayoutItemMapGrid.AnnotationFormat.DegreeMinute)
    grid.setAnnotationPrecision(0)
    grid.setAnnotationTextFormat(_text_format(6.5, GREY))
    grid.setAnnotationFrameDistance(0.8)
    side = QgsLayoutItemMapGrid.BorderSide
    hidden = QgsLayoutItemMapGrid.DisplayMode.HideAll
    for border in (side.Top, side.Right):
        grid.setAnnotationDisplay(hidden, border)
    grid.setAnnotationDirection(QgsLayoutItemMapGrid.AnnotationDirection.Vertical, side.Left)
    item.grids().addGrid(grid)
    return item


def _legend(layout: QgsPrintLayout, box: Box, item_map: QgsLayoutItemMap) -> None:
    legend = QgsLayoutItemLegend(layout)
    # Its size in the template is the room that it may take.
    legend.setResizeToContents(False)
    legend.setLinkedMap(item_map)
    legend.setAutoUpdateModel(False)
    legend.setBoxSpace(0)
    legend.setColumnSpace(4)
    legend.setSplitLayer(True)
    legend.setSymbolWidth(7)
    legend.setSymbolHeight(4.2)
    legend.setRasterStrokeColor(GREY)
    legend.setRasterStrokeWidth(0.15)
    part = QgsLegendStyle.Style
    for kind, points, bold in (
        (part.Title, 11, True),
        (part.Group, 10, True),
        (part.Subgroup, 9.5, True),
        (part.SymbolLabel, 9.5, False),
    ):
        style = legend.style(kind)
        style.setTextFormat(_text_format(points, INK, bold))
        legend.setStyle(kind, style)
    legend.setStyleMargin(part.Symbol, QgsLegendStyle.Side.Top, 1.9)
    _place(layout, legend, "legend", box)


def _north_arrow(layout: QgsPrintLayout, box: Box, item_map: QgsLayoutItemMap) -> None:
    arrow = QgsLayoutItemPicture(layout)
    arrow.setPicturePath("arrows/NorthArrow_02.svg")
    arrow.setSvgFillColor(INK)
    arrow.setSvgStrokeColor(INK)
    arrow.setLinkedMap(item_map)
    arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
    arrow.setPictureAnchor(QgsLayoutItem.ReferencePoint.Middle)
    _place(layout, arrow, "north_arrow", box)


def _scale_bar(layout: QgsPrintLayout, box: Box, item_map: QgsLayoutItemMap) -> None:
    bar = QgsLayoutItemScaleBar(layout)
    bar.setLinkedMap(item_map)
    bar.setStyle("Single Box")
    bar.setUnits(Qgis.DistanceUnit.Kilometers)
    bar.setUnitLabel("km")
    bar.setNumberOfSegmentsLeft(0)
    bar.setNumberOfSegments(2)
    bar.setUnitsPerSegment(1)
    bar.setHeight(2)
    bar.setLabelBarSpace(1.2)
    bar.setBoxContentSpace(0.5)
    bar.setTextFormat(_text_format(8, INK))
    fill, line = (
        QgsFillSymbol.createSimple({"color": color, "outline_style": "no"})
        for color in (INK.name(), "#FFFFFF")
    )
    bar.setFillSymbol(fill)
    bar.setAlternateFillSymbol(line)
    bar.setLineSymbol(QgsLineSymbol.createSimple({"color": INK.name(), "width": "0.2"}))
    _place(layout, bar, "scalebar", box)


def _label(
    layout: QgsPrintLayout,
    name: str,
    box: Box,
    points: float,
    color: QColor = INK,
    bold: bool = False,
    horizontal: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    vertical: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignTop,
) -> QgsLayoutItemLabel:
    label = QgsLayoutItemLabel(layout)
    label.setText(name)
    label.setTextFormat(_text_format(points, color, bold))
    label.setHAlign(horizontal)
    label.setVAlign(vertical)
    label.setMarginX(0)
    label.setMarginY(0)
    _place(layout, label, name, box)
    return label


def _text_format(points: float, color: QColor, bold: bool = False, html: bool = False) -> QgsTextFormat:
    font = QFont(FONT)
    font.setBold(bold)
    text = QgsTextFormat()
    text.setFont(font)
    text.setFamilies(OTHER_FONTS)
    text.setSize(points)
    text.setSizeUnit(Qgis.RenderUnit.Points)
    text.setColor(color)
    text.setAllowHtmlFormatting(html)
    return text


def _place(layout: QgsPrintLayout, item: QgsLayoutItem, name: str, box: Box) -> None:
    layout.addLayoutItem(item)
    item.setId(name)
    corner = (box.left, box.top)
    if item.referencePoint() == QgsLayoutItem.ReferencePoint.UpperMiddle:
        corner = (box.left + box.width / 2, box.top)
    item.attemptResize(QgsLayoutSize(box.width, box.height, MILLIMETRES))
    item.attemptMove(QgsLayoutPoint(*corner, MILLIMETRES))
    item.attemptResize(QgsLayoutSize(box.width, box.height, MILLIMETRES))


def _steady(text: str, name: str) -> str:
    """Return the template with identifiers that are the same each time, so that changes can be read."""
    found = dict.fromkeys(re.findall(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", text))
    for number, identifier in enumerate(found):
        text = text.replace(identifier, f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'{name}/{number}')}}}")
    return text


if __name__ == "__main__":
    sys.exit(main())
