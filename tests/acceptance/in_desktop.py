"""Run by QGIS's ``--code`` in test_desktop: classify from the menu, then unload the plugin.

Writes what it saw as JSON into the file REPORT.
"""

from __future__ import annotations

import json
import os
import traceback

from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QAction
from qgis.PyQt.QtWidgets import QTextBrowser
from qgis.utils import iface, plugins, unloadPlugin

report = {}


def start():
    """Press the menu entry and Run, as a user does."""
    layer = QgsRasterLayer(os.environ["RASTER"], "Active scene")
    QgsProject.instance().addMapLayer(layer)
    iface.setActiveLayer(layer)
    toolbar = plugins["deep_land_cover"].toolbar
    report["toolbar"] = [action.text() for action in toolbar.actions()]
    report["menu"] = [
        action.text()
        for menu in iface.rasterMenu().actions()
        if menu.text() == "Deep Land Cover"
        for action in menu.menu().actions()
    ]
    iface.mainWindow().findChild(QAction, "deep_land_cover_classifyraster").trigger()
    dialog = plugins["deep_land_cover"].dialogs[0]
    dialog.setParameters({"MODEL": os.environ["MODEL"], "STRIDE": 16, "DEVICE": "cpu"})
    report["preset"] = dialog.createProcessingParameters()["INPUT"]
    dialog.runAlgorithm()
    wait(dialog)


def wait(dialog, attempts=450):
    """Go on once the map has been added to the project."""
    added = [layer for layer in QgsProject.instance().mapLayers().values() if layer.name() != "Active scene"]
    if not added and attempts:
        QTimer.singleShot(200, guarded(lambda: wait(dialog, attempts - 1)))
        return
    if not added:
        raise RuntimeError(f"No map came: {dialog.findChild(QTextBrowser, 'txtLog').toPlainText()}")
    renderer = added[0].renderer()
    report["name"] = added[0].name()
    report["renderer"] = renderer.type()
    report["classes"] = [[int(item.value), item.label] for item in renderer.classes()]
    dialog.close()
    unloadPlugin("deep_land_cover")
    QTimer.singleShot(500, guarded(look_back))


def look_back():
    """Note what the plugin left behind."""
    report["provider left"] = QgsApplication.processingRegistry().providerById("deeplandcover") is not None
    report["actions left"] = iface.mainWindow().findChild(QAction, "deep_land_cover_trainmodel") is not None
    finish()


def finish():
    """Write the report and leave QGIS the way a user does."""
    with open(os.environ["REPORT"], "w", encoding="utf-8") as file:
        json.dump(report, file)
    QgsProject.instance().clear()
    iface.actionExit().trigger()


def guarded(step):
    """Return the step such that an error ends QGIS instead of leaving it open."""

    def run():
        try:
            step()
        except Exception:
            report["error"] = traceback.format_exc()
            finish()

    return run


QTimer.singleShot(2000, guarded(start))
