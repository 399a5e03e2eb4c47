"""A map for those who have no GIS: one HTML file with the map as a picture, and tiles for web maps.

The HTML page needs no network and no library: the picture is in the file, and a few lines of script move it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from pathlib import Path
from string import Template

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsMapLayer,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from qgis.PyQt.QtGui import QImage, QPainter

from ...core.errors import OutputError, RasterError
from ...core.files import partial_file, removed_afterwards
from ...core.marks import TILES, WEB_MAP, mark
from ...core.progress import SilentProgress
from ...core.text import untranslated
from ..i18n.translation import is_translated, tr
from .legend import LegendPart

# Pixels on the longer side of the picture; phones show no larger ones.
_LARGEST = 4096
# Ground resolution of a tile's pixel at zoom 0 at the equator, in metres, and the edge of a tile.
_EQUATOR = 156543.03392804097
_MOST_TILES, _MOST_ZOOM = 20_000, 22
_PAGE = Path(__file__).with_name("web_map.html")


def write_web_map(
    path: Path,
    layer: QgsRasterLayer,
    words: tuple[str, str],
    legend: Sequence[LegendPart],
    notes: Sequence[str],
    transform_from: QgsProject | None,
) -> None:
    """Write a map as one HTML page that opens without a network.

    Args:
        path: Of the page.
        layer: The map, styled.
        words: Title, and what stands below it; empty for nothing.
        legend: The classes to explain.
        notes: Lines at the foot: accuracy, sources.
        transform_from: Project whose transformations hold.

    Raises:
        OutputError: The file could not be written.
    """
    title, subtitle = words
    extent = layer.extent()
    longest = max(layer.width(), layer.height())
    # Each pixel of a small map is drawn as several, so that their edges stay sharp where one zooms in.
    times = max(1, min(8, _LARGEST // longest))
    factor = min(times, _LARGEST / longest) if times > 1 else min(1.0, _LARGEST / longest)
    size = QSize(max(1, round(layer.width() * factor)), max(1, round(layer.height() * factor)))
    picture = _drawn([layer], layer.crs(), extent, size, transform_from)
    page = Template(_PAGE.read_text(encoding="utf-8")).substitute(
        language="id" if is_translated() else "en",
        title=html.escape(title),
        subtitle=html.escape(subtitle),
        picture=_as_base64(picture),
        width=size.width(),
        height=size.height(),
        metres=_metres_a_pixel(layer, size, transform_from),
        legend=_legend_html(legend),
        legend_title=html.escape(tr("Legend")),
        notes="".join(f"<p>{html.escape(note).replace(chr(10), '<br>')}</p>" for note in notes if note),
        whole=html.escape(tr("Whole map")),
        closer=html.escape(tr("Zoom in")),
        further=html.escape(tr("Zoom out")),
        help=html.escape(tr("Drag to move; wheel, two fingers or the keys + and − to zoom.")),
        mark=mark(WEB_MAP),
    )
    with partial_file(path, SilentProgress()) as part:
        part.write_text(page, encoding="utf-8")


def _drawn(
    layers: Sequence[QgsMapLayer],
    crs: QgsCoordinateReferenceSystem,
    extent: QgsRectangle,
    size: QSize,
    project: QgsProject | None,
) -> QImage:
    settings = QgsMapSettings()
    settings.setLayers(list(layers))
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(size)
    settings.setFlag(Qgis.MapSettingsFlag.Antialiasing, False)
    if project is not None:
        settings.setTransformContext(project.transformContext())
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    job = QgsMapRendererCustomPainterJob(settings, painter)
    job.renderSynchronously()
    painter.end()
    return image


def _as_base64(image: QImage) -> str:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # A map of classes has few colours, and a picture with a table of them is a third as large.
    indexed = image.convertToFormat(QImage.Format.Format_ARGB32)
    indexed.save(buffer, "PNG", 10)
    return content.toBase64().data().decode("ascii")


def _metres_a_pixel(layer: QgsRasterLayer, size: QSize, project: QgsProject | None) -> float:
    """Return the width of a picture's pixel on the ground, in its middle; 0 where it is not known."""
    from .maps import ground_width

    own = QgsProject()
    own.setEllipsoid(layer.crs().ellipsoidAcronym())
    if project is not None:
        own.setTransformContext(project.transformContext())
    try:
        width = ground_width(own, layer.crs(), layer.extent())
    except QgsCsException:
        return 0.0
    return width / size.width() if math.isfinite(width) else 0.0


def _legend_html(legend: Sequence[LegendPart]) -> str:
    parts = []
    for part in legend:
        if part.title:
            parts.append(f"<h3>{html.escape(part.title)}</h3>")
        entries = [(item.color.name(), item.label) for item in part.classes]
        if not part.classes:
            entries = [
                (color.name(), label)
                for label, color in part.layer.renderer().legendSymbologyItems()
                if color.isValid()
            ]
        rows = "".join(
            f'<li><i style="background:{color}"></i>{html.escape(label)}</li>' for color, label in entries
        )
        parts.append(f"<ul>{rows}</ul>")
    return "".join(parts)


def tile_zooms(layer: QgsRasterLayer, project: QgsProject | None) -> tuple[int, int, QgsRectangle]:
    """Return the first and last zoom of the tiles of a map, and its extent in EPSG:3857.

    At the last one a pixel of the map is a pixel of the tiles or more, as far as the number of tiles allows.

    Raises:
        RasterError: The map cannot be brought into Web Mercator.
    """
    web = QgsCoordinateReferenceSystem("EPSG:3857")
    context = (project or QgsProject()).transformContext()
    try:
        extent = QgsCoordinateTransform(layer.crs(), web, context).transformBoundingBox(layer.extent())
    except QgsCsException as error:
        raise _no_tiles(layer) from error
    if not extent.isFinite() or extent.isEmpty():
        raise _no_tiles(layer)
    pixel = min(extent.width() / layer.width(), extent.height() / layer.height())
    last = max(0, min(_MOST_ZOOM, math.ceil(math.log2(_EQUATOR / pixel) - 0.25)))
    while last > 0 and _tiles(extent, last) * 4 / 3 > _MOST_TILES:
        last -= 1
    whole = math.floor(math.log2(256 * _EQUATOR / max(extent.width(), extent.height())))
    return max(0, min(whole, last)), last, extent


def _tiles(extent: QgsRectangle, zoom: int) -> float:
    edge = 256 * _EQUATOR / 2**zoom
    return (extent.width() / edge + 1) * (extent.height() / edge + 1)


def _no_tiles(layer: QgsRasterLayer) -> RasterError:
    return RasterError(
        "The map cannot be shown in Web Mercator, which tiles have",
        where=layer.name(),
        advice="Leave TILES empty.",
    )


def write_tiles(
    path: Path, layer: QgsRasterLayer, title: str, project: QgsProject | None, feedback: QgsProcessingFeedback
) -> tuple[int, int]:
    """Write a map as tiles in one MBTiles file; return the first and the last zoom.

    Raises:
        OutputError: QGIS could not write them.
        RasterError: The map cannot be brought into Web Mercator.
    """
    import sqlite3
    from contextlib import closing

    import processing

    first, last, extent = tile_zooms(layer, project)
    own = QgsProject()
    own.setCrs(layer.crs())
    if project is not None:
        own.setTransformContext(project.transformContext())
    # The algorithm draws what is visible in its project.
    own.addMapLayer(layer.clone())
    context = QgsProcessingContext()
    context.setProject(own)
    with (
        partial_file(path, SilentProgress(), ".part.mbtiles") as part,
        removed_afterwards(path.with_name(f"{path.name}.part.mbtiles-journal"), SilentProgress()),
    ):
        part.unlink(missing_ok=True)
        box = f"{extent.xMinimum()},{extent.xMaximum()},{extent.yMinimum()},{extent.yMaximum()} [EPSG:3857]"
        processing.run(
            "native:tilesxyzmbtiles",
            {
                "EXTENT": box,
                "ZOOM_MIN": first,
                "ZOOM_MAX": last,
                "DPI": 96,
                "BACKGROUND_COLOR": "rgba( 0, 0, 0, 0.00 )",
                "ANTIALIAS": False,
                "TILE_FORMAT": 0,
                "METATILESIZE": 4,
                "OUTPUT_FILE": str(part),
            },
            context=context,
            feedback=feedback,
            is_child_algorithm=True,
        )
        if not part.is_file():
            raise OutputError(
                "The tiles could not be written",
                where=str(path),
                advice="Free some space or choose another folder.",
            )
        with closing(sqlite3.connect(part)) as file:
            file.execute(untranslated("DELETE FROM metadata WHERE name IN ('name', 'description')"))
            file.executemany(
                untranslated("INSERT INTO metadata VALUES (?, ?)"),
                [("name", title), ("description", mark(TILES))],
            )
            file.commit()
    return first, last
