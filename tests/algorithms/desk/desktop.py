"""What the dock asks of QGIS's interface, in miniature."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem
from qgis.gui import QgsMapCanvas, QgsMapToolPan
from qgis.PyQt.QtGui import QAction
from qgis.PyQt.QtWidgets import QMainWindow


class Desktop:
    """A main window with a canvas, without QGIS's own menus."""

    def __init__(self):
        self.window = QMainWindow()
        self.canvas = QgsMapCanvas()
        self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32748"))
        self.window.setCentralWidget(self.canvas)
        self.window.resize(1200, 800)
        self.pan = QgsMapToolPan(self.canvas)
        self.action = QAction("Pan", self.window)
        self.action.triggered.connect(lambda: self.canvas.setMapTool(self.pan))
        self.window.show()

    def mainWindow(self):
        return self.window

    def mapCanvas(self):
        return self.canvas

    def actionPan(self):
        return self.action

    def addDockWidget(self, area, dock):
        self.window.addDockWidget(area, dock)
        dock.show()

    def removeDockWidget(self, dock):
        self.window.removeDockWidget(dock)
