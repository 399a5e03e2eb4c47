"""Pictures of a model: its classes as a square of cells, and a map of where it was trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsPointXY,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen

from ..algorithms.i18n.translation import tr
from ..algorithms.page.locator import MARGIN, country_around, country_layer

if TYPE_CHECKING:
    from ..algorithms.model_facts import Place
    from ..core.models.card import ModelCard

_CELLS = 8
_SEA, _BORDER, _TRAINED = "#DCE6EE", "#5A646E", "#B01818"
# Rectangles that are smaller, in pixels of the picture, get a ring.
_VISIBLE, _RING, _DOT = 8.0, 7.0, 1.5


def class_shares(card: ModelCard) -> tuple[tuple[float, ...], str]:
    """Return the share of each class that is known, with a sum of 1, and what the shares are of.

    Args:
        card: Model document.
    """
    count = len(card.classes)
    if card.survey is not None and len(card.survey.class_fractions) == count:
        shares = card.survey.class_fractions
        text = (
            tr("Classes by what the model maps on the raster of its import")
            if card.is_imported
            else tr("Classes by what the model maps on its training raster")
        )
    elif card.calibration is not None and not card.is_imported:
        shares, text = card.calibration.proportions, tr("Classes by their share of the training labels")
    else:
        shares, text = (1.0,) * count, tr("Classes; their shares are not known")
    total = sum(share for share in shares if share > 0)
    if not 0 < total < float("inf"):
        return (1 / max(count, 1),) * count, tr("Classes; their shares are not known")
    return tuple(max(share, 0.0) / total for share in shares), text


def class_picture(card: ModelCard, side: int) -> QImage:
    """Return a square of cells in the colours of the classes, whose numbers are their shares.

    Each class has at least one cell, as long as there are enough.

    Args:
        card: Model document.
        side: Side of the picture in pixels.
    """
    picture = QImage(side, side, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    shares, _text = class_shares(card)
    colors = [
        item.color for item, number in zip(card.classes, _cells(shares), strict=True) for _ in range(number)
    ]
    painter = QPainter(picture)
    edges = [round(number * side / _CELLS) for number in range(_CELLS + 1)]
    for number, color in enumerate(colors[: _CELLS**2]):
        row, column = divmod(number, _CELLS)
        left, top = edges[column], edges[row]
        painter.fillRect(left, top, edges[column + 1] - left, edges[row + 1] - top, QColor(color))
    painter.setPen(QColor(_BORDER))
    painter.drawRect(0, 0, side - 1, side - 1)
    painter.end()
    return picture


def _cells(shares: Sequence[float]) -> list[int]:
    """Return the number of cells of each class, by largest remainders."""
    total = _CELLS**2
    numbers = [max(int(share * total), 1) for share in shares]
    while sum(numbers) > total and max(numbers) > 1:
        numbers[numbers.index(max(numbers))] -= 1
    missing = [share * total - number for share, number in zip(shares, numbers, strict=True)]
    while numbers and sum(numbers) < total:
        place = missing.index(max(missing))
        numbers[place] += 1
        missing[place] -= 1.0
    return numbers


def place_picture(place: Place, size: QSize) -> QImage | None:
    """Return a map of the country with the extents of a training; None where QGIS has no world map.

    Args:
        place: Place of the training.
        size: Size of the picture in pixels.
    """
    countries = country_layer()
    if countries is None:
        return None
    whole = country_around(countries, place.raster)
    whole.grow(MARGIN * max(whole.width(), whole.height()))
    settings = QgsMapSettings()
    settings.setLayers([countries])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    settings.setOutputSize(size)
    settings.setExtent(whole)
    picture = QImage(size, QImage.Format.Format_ARGB32)
    picture.fill(QColor(_SEA))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    job = QgsMapRendererCustomPainterJob(settings, painter)
    job.renderSynchronously()
    for extent, width in ((place.raster, 1.5), (place.labels, 1.0)):
        _draw(painter, settings, extent, width)
    painter.setPen(QPen(QColor(_BORDER), 1.0))
    painter.drawRect(QRectF(picture.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
    painter.end()
    return picture


def _draw(painter: QPainter, settings: QgsMapSettings, extent: QgsRectangle, width: float) -> None:
    """Draw an extent, with a ring around it where it is too small to be seen."""
    transform = settings.mapToPixel()
    corners = [
        transform.transform(QgsPointXY(x, y))
        for x, y in ((extent.xMinimum(), extent.yMaximum()), (extent.xMaximum(), extent.yMinimum()))
    ]
    box = QRectF(QPointF(corners[0].x(), corners[0].y()), QPointF(corners[1].x(), corners[1].y()))
    painter.setPen(QPen(QColor(_TRAINED), width))
    if max(box.width(), box.height()) < _VISIBLE:
        painter.drawEllipse(box.center(), _RING, _RING)
        painter.setBrush(QColor(_TRAINED))
        painter.drawEllipse(box.center(), _DOT, _DOT)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.drawRect(box)
