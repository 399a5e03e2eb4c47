"""Map tools of the desk: a click for region growing, and the corners of a polygon."""

from __future__ import annotations

from qgis.core import Qgis, QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

_OPACITY = 70


class ClickTool(QgsMapTool):
    """Emits the position of each left click.

    Args:
        canvas: Canvas to work on.
    """

    clicked = pyqtSignal(QgsPointXY)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self.toMapCoordinates(event.pos()))


class PolygonTool(QgsMapTool):
    """Emits a polygon: left clicks set corners, a right click or Enter ends, Backspace takes one back.

    Args:
        canvas: Canvas to work on.
    """

    drawn = pyqtSignal(QgsGeometry)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._corners: list[QgsPointXY] = []
        self._color = QColor(Qt.GlobalColor.yellow)
        self._band: QgsRubberBand | None = None

    @property
    def is_drawing(self) -> bool:
        """Whether a polygon was begun."""
        return bool(self._corners)

    def set_color(self, color: QColor) -> None:
        """Set the colour of the polygon that is being drawn."""
        self._color = QColor(color)
        if self._band is not None:
            self._style()

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._corners.append(self.toMapCoordinates(event.pos()))
            self._draw(self._corners[-1])
        elif event.button() == Qt.MouseButton.RightButton:
            self.finish()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self._corners:
            self._draw(self.toMapCoordinates(event.pos()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._corners:
            self._corners.pop()
            self._draw(self._corners[-1] if self._corners else None)
            # QGIS would delete the selected features.
            event.ignore()

    def finish(self) -> None:
        """Emit the polygon where it has three corners, and begin anew."""
        corners = self._corners
        self.clear()
        if len(corners) >= 3:
            geometry = QgsGeometry.fromPolygonXY([[*corners, corners[0]]])
            self.drawn.emit(geometry if geometry.isGeosValid() else geometry.makeValid())

    def clear(self) -> None:
        """Forget the corners."""
        self._corners = []
        self._draw(None)

    def remove(self) -> None:
        """Take the polygon that is being drawn from the canvas, for good."""
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None

    def deactivate(self) -> None:
        self.clear()
        super().deactivate()

    def _draw(self, pointer: QgsPointXY | None) -> None:
        if self._band is None:
            self._band = QgsRubberBand(self.canvas(), Qgis.GeometryType.Polygon)
            self._style()
        self._band.reset(Qgis.GeometryType.Polygon)
        if pointer is not None:
            for corner in (*self._corners, pointer):
                self._band.addPoint(corner)

    def _style(self) -> None:
        fill = QColor(self._color)
        fill.setAlpha(_OPACITY)
        self._band.setFillColor(fill)
        self._band.setStrokeColor(self._color)
        self._band.setWidth(2)
