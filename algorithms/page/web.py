"""A map for those who have no GIS: one HTML file with the map as a picture.

The HTML page needs no network and no library: the picture is in the file, and a few lines of script move it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCsException,
    QgsMapLayer,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from qgis.PyQt.QtGui import QImage, QPainter

from ...core.files import partial_file
from ...core.marks import WEB_MAP, mark
from ...core.progress import SilentProgress
from ..i18n.translation import language_code, speaking, tr
from .legend import SEPARATOR, LegendPart
from .maps import ground_width
from .texts import side_by_side

# Pixels on the longer side of the picture; phones show no larger ones.
_LARGEST = 4096
_PAGE, _STYLE, _PICTURE = (
    Path(__file__).with_name(name) for name in ("map_page.html", "web.css", "picture.js")
)


@dataclass(frozen=True, eq=False)
class WebWords:
    """Texts and legend beside a map for the web.

    Attributes:
        title: Title.
        under: Lines below the title, such as the title in a second language.
        legend: The classes to explain.
        notes: Lines at the foot: accuracy, sources.
        second: Code of the second language of fixed words; empty for none.
    """

    title: str
    under: Sequence[str]
    legend: Sequence[LegendPart]
    notes: Sequence[str]
    second: str = ""

    def page(self, kind: str, content: str, script: Path, values: Mapping[str, object]) -> str:
        """Return the page of a map that one moves and zooms.

        Args:
            kind: Kind of the page, see ``core.marks``.
            content: The map, as HTML.
            script: Template of the script that draws, moves and zooms it; ``map_page.html`` says how.
            values: What the script's template needs.
        """
        text = Template(script.read_text(encoding="utf-8")).substitute(values)
        return Template(_PAGE.read_text(encoding="utf-8")).substitute(
            self._fields(), mark=mark(kind), content=content, script=text
        )

    def _fields(self) -> dict[str, str]:
        heading = tr("Legend")
        with speaking(self.second or language_code()):
            heading = side_by_side(heading, tr("Legend"))
        return {
            "style": _STYLE.read_text(encoding="utf-8"),
            "language": language_code(),
            "title": html.escape(self.title),
            "subtitle": "<br>".join(html.escape(line) for line in self.under if line),
            "legend": _legend_html(self.legend),
            "legend_title": html.escape(heading),
            "notes": "".join(_paragraph(note) for note in self.notes if note),
            "whole": html.escape(tr("Whole map")),
            "closer": html.escape(tr("Zoom in")),
            "further": html.escape(tr("Zoom out")),
            "help": html.escape(tr("Drag to move; wheel, two fingers or the keys + and − to zoom.")),
        }


def _paragraph(note: str) -> str:
    return f"<p>{html.escape(note).replace(chr(10), '<br>')}</p>"


def write_web_map(
    path: Path, layer: QgsRasterLayer, words: WebWords, transform_from: QgsProject | None
) -> None:
    """Write a map as one HTML page that opens without a network.

    Args:
        path: Of the page.
        layer: The map, styled.
        words: What stands beside the map.
        transform_from: Project whose transformations hold.

    Raises:
        OutputError: The file could not be written.
    """
    extent = layer.extent()
    longest = max(layer.width(), layer.height())
    # Each pixel of a small map is drawn as several, so that their edges stay sharp where one zooms in.
    times = max(1, min(8, _LARGEST // longest))
    factor = min(times, _LARGEST / longest)
    size = QSize(max(1, round(layer.width() * factor)), max(1, round(layer.height() * factor)))
    picture = _drawn([layer], layer.crs(), extent, size, transform_from)
    width, height = size.width(), size.height()
    image = (
        f'<img id="map" alt="{html.escape(words.title)}" width="{width}" height="{height}" draggable="false"'
        f' src="data:image/png;base64,{_as_base64(picture)}">'
    )
    metres = _metres_a_pixel(layer, size, transform_from)
    page = words.page(WEB_MAP, image, _PICTURE, {"width": width, "height": height, "metres": metres})
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
    image.convertToFormat(QImage.Format.Format_ARGB32).save(buffer, "PNG", 10)
    return content.toBase64().data().decode("ascii")


def _metres_a_pixel(layer: QgsRasterLayer, size: QSize, project: QgsProject | None) -> float:
    """Return the width of a picture's pixel on the ground, in its middle; 0 where it is not known."""
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
            f'<li><i style="background:{color}"></i><span>{_label_html(label)}</span></li>'
            for color, label in entries
        )
        parts.append(f"<ul>{rows}</ul>")
    return "".join(parts)


def _label_html(label: str) -> str:
    first, *second = map(html.escape, label.split(SEPARATOR))
    return "".join([first, *(f"<br><em>{name}</em>" for name in second)])
