"""Draw a classified map with its legend into a picture. Runs under QGIS's Python.

    python3 tools/render_map.py MAP.tif PICTURE.png --title "Land cover" [--beside REFERENCE.tif]

The rasters open styled from their own attribute tables; nothing is styled here, so the picture
shows what a user sees.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import textwrap
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsDistanceArea,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsMapLayerLegendUtils,
    QgsPointXY,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRasterSymbolLegendNode,
    QgsRectangle,
    QgsTextFormat,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

DPI = 160
MARGIN = 8.0  # all lengths on the page are millimetres
MAP_WIDTH = 150.0
LEGEND_WIDTH = 62.0
TITLE_HEIGHT = 14.0
CAPTION_HEIGHT = 7.0
LEGEND_LINE = 8.0
ARROW_HEIGHT = 16.0
SCALE_BAR_HEIGHT = 12.0
MILLIMETRES = Qgis.LayoutUnit.Millimeters
INK = QColor("#222222")


def main() -> int:
    """Draw the picture; return the exit code."""
    options = _options()
    application = QgsApplication([], False)
    application.initQgis()
    try:
        problem = _render(options)
    finally:
        # QGIS must let go of all layers before it ends, or the process ends in a crash.
        QgsProject.instance().clear()
        application.exitQgis()
    if problem:
        print(f"render_map: {problem}", file=sys.stderr)
        return 1
    print(options.picture)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("map", type=Path, help="classified map")
    parser.add_argument("picture", type=Path, help="PNG to write")
    parser.add_argument("--title", default="Land cover", help="heading of the page")
    parser.add_argument("--beside", type=Path, help="a second map, such as the reference, drawn to the right")
    parser.add_argument("--captions", default="Map,Reference", help="captions of the two maps")
    return parser.parse_args()


def _render(options: argparse.Namespace) -> str:
    """Draw the page; return what went wrong, or nothing."""
    if not options.picture.absolute().parent.is_dir():
        return f"the folder {options.picture.absolute().parent} does not exist"
    project = QgsProject.instance()
    layers = []
    for path in [options.map] + ([options.beside] if options.beside else []):
        layer = QgsRasterLayer(str(path), path.stem)
        if not layer.isValid():
            return f"{path} cannot be opened as a raster"
        project.addMapLayer(layer)
        layers.append(layer)
    project.setCrs(layers[0].crs())
    captions = options.captions.split(",") if len(layers) > 1 else []
    extent = layers[0].extent()
    map_height = MAP_WIDTH * min(1.4, max(0.7, extent.height() / max(extent.width(), 1e-12)))
    top = MARGIN + TITLE_HEIGHT + (CAPTION_HEIGHT if captions else 0)
    lefts = [MARGIN + number * (MAP_WIDTH + MARGIN) for number in range(len(layers))]
    legend_left = lefts[-1] + MAP_WIDTH + MARGIN
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    _add_text(layout, options.title, MARGIN, MARGIN, legend_left, 20, bold=True)
    for left, caption in zip(lefts, captions, strict=False):
        _add_text(layout, caption.strip(), left, top - CAPTION_HEIGHT, MAP_WIDTH, 11)
    maps = [
        _add_map(layout, layer, extent, left, top, map_height)
        for layer, left in zip(layers, lefts, strict=True)
    ]
    room = map_height - ARROW_HEIGHT - SCALE_BAR_HEIGHT - 8
    columns = _add_legend(layout, layers[0], maps[0], legend_left, top, room)
    foot = top + map_height - SCALE_BAR_HEIGHT
    _add_north_arrow(layout, legend_left, foot - ARROW_HEIGHT - 4)
    _add_scale_bar(layout, maps[0], legend_left, foot)
    width = legend_left + columns * LEGEND_WIDTH + MARGIN
    layout.pageCollection().page(0).setPageSize(_size(width, top + map_height + MARGIN))
    return _export(layout, options.picture)


def _add_map(
    layout: QgsPrintLayout,
    layer: QgsRasterLayer,
    extent: QgsRectangle,
    left: float,
    top: float,
    height: float,
) -> QgsLayoutItemMap:
    """Add a map of ``extent``, in the project's CRS, so that two maps show the same place."""
    item = QgsLayoutItemMap(layout)
    item.setCrs(QgsProject.instance().crs())
    item.setLayers([layer])
    item.setKeepLayerSet(True)
    item.attemptMove(QgsLayoutPoint(left, top, MILLIMETRES))
    item.attemptResize(_size(MAP_WIDTH, height))
    whole = QgsRectangle(extent)
    whole.scale(1.001)
    item.zoomToExtent(whole)
    item.setFrameEnabled(True)
    layout.addLayoutItem(item)
    return item


def _add_legend(
    layout: QgsPrintLayout,
    layer: QgsRasterLayer,
    item_map: QgsLayoutItemMap,
    left: float,
    top: float,
    room: float,
) -> int:
    """Add the classes only, in the map's order: no layer name, no band name.

    Returns the number of columns that they need in ``room`` millimetres of height.
    """
    legend = QgsLayoutItemLegend(layout)
    layout.addLayoutItem(legend)
    legend.setLinkedMap(item_map)
    legend.setAutoUpdateModel(False)
    tree = legend.model().rootGroup()
    tree.removeAllChildren()
    node = tree.addLayer(layer)
    node.setCustomProperty("legend/title-style", "hidden")
    entries = layer.legend().createLayerTreeModelLegendNodes(node)
    classes = [number for number, entry in enumerate(entries) if isinstance(entry, QgsRasterSymbolLegendNode)]
    lines = 0
    for position in classes:
        # Long names break into lines rather than run off the page.
        name = textwrap.wrap(str(entries[position].data(Qt.ItemDataRole.DisplayRole)), 30)
        lines += max(1, len(name))
        QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, position, "\n".join(name))
    QgsMapLayerLegendUtils.setLegendNodeOrder(node, classes)
    columns = max(1, math.ceil(lines * LEGEND_LINE / room))
    style = legend.style(QgsLegendStyle.Style.SymbolLabel)
    style.setTextFormat(_text_format(10))
    legend.setStyle(QgsLegendStyle.Style.SymbolLabel, style)
    legend.setSymbolWidth(8)
    legend.setSymbolHeight(5)
    legend.setBoxSpace(0)
    legend.setWrapString("\n")
    legend.setColumnCount(columns)
    legend.setSplitLayer(columns > 1)
    legend.model().refreshLayerLegend(node)
    legend.attemptMove(QgsLayoutPoint(left, top, MILLIMETRES))
    legend.adjustBoxSize()
    return columns


def _add_north_arrow(layout: QgsPrintLayout, left: float, top: float) -> None:
    """Add QGIS's own arrow, where this QGIS has it."""
    for folder in QgsApplication.svgPaths():
        path = Path(folder) / "arrows" / "NorthArrow_02.svg"
        if path.exists():
            arrow = QgsLayoutItemPicture(layout)
            arrow.setPicturePath(str(path))
            arrow.setSvgFillColor(INK)
            arrow.attemptMove(QgsLayoutPoint(left, top, MILLIMETRES))
            arrow.attemptResize(_size(ARROW_HEIGHT, ARROW_HEIGHT))
            layout.addLayoutItem(arrow)
            return


def _add_scale_bar(layout: QgsPrintLayout, item_map: QgsLayoutItemMap, left: float, top: float) -> None:
    bar = QgsLayoutItemScaleBar(layout)
    bar.setLinkedMap(item_map)
    bar.setStyle("Single Box")
    bar.setUnits(Qgis.DistanceUnit.Kilometers)
    bar.setUnitLabel("km")
    bar.setNumberOfSegmentsLeft(0)
    bar.setNumberOfSegments(2)
    bar.setUnitsPerSegment(_round_kilometres(bar, item_map))
    bar.setTextFormat(_text_format(9))
    bar.setHeight(2)
    layout.addLayoutItem(bar)
    bar.attemptMove(QgsLayoutPoint(left, top, MILLIMETRES))
    bar.update()


def _round_kilometres(bar: QgsLayoutItemScaleBar, item_map: QgsLayoutItemMap) -> float:
    """Return 1, 2 or 5 times a power of ten kilometres, for a segment of at most 22 mm."""
    metres = QgsDistanceArea()
    metres.setSourceCrs(item_map.crs(), QgsProject.instance().transformContext())
    metres.setEllipsoid(item_map.crs().ellipsoidAcronym() or "EPSG:7030")
    extent = item_map.extent()
    middle = extent.center().y()
    across = metres.measureLine(QgsPointXY(extent.xMinimum(), middle), QgsPointXY(extent.xMaximum(), middle))
    room = across / 1000 * 22 / MAP_WIDTH
    if room <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(room))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= room)


def _add_text(
    layout: QgsPrintLayout,
    text: str,
    left: float,
    top: float,
    width: float,
    points: float,
    bold: bool = False,
) -> None:
    label = QgsLayoutItemLabel(layout)
    label.setText(text)
    label.setTextFormat(_text_format(points, bold))
    label.attemptMove(QgsLayoutPoint(left, top, MILLIMETRES))
    label.attemptResize(_size(width, points * 0.6))
    layout.addLayoutItem(label)


def _text_format(points: float, bold: bool = False) -> QgsTextFormat:
    font = QFont("Open Sans")
    font.setBold(bold)
    style = QgsTextFormat()
    style.setFont(font)
    style.setSize(points)
    style.setColor(INK)
    return style


def _size(width: float, height: float) -> QgsLayoutSize:
    return QgsLayoutSize(width, height, MILLIMETRES)


def _export(layout: QgsPrintLayout, picture: Path) -> str:
    # exportToImage would try to georeference the PNG, which GDAL cannot, and complain on stderr.
    image = QgsLayoutExporter(layout).renderPageToImage(0, dpi=DPI)
    return "" if image.save(str(picture), "PNG") else f"{picture} cannot be written"


if __name__ == "__main__":
    sys.exit(main())
