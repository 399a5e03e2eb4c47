"""Run by QGIS's ``--code`` in test_desktop: what users press, drag and see, in the order of a session.

Writes what it saw as JSON into the file REPORT. A step yields what must become true before the next.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from typing import Any

from qgis import utils
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt import QtTest, sip
from qgis.PyQt.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QAction, QDragEnterEvent, QDropEvent
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QTextBrowser
from qgis.utils import iface, plugins

# The longest wait is for the worker, which imports PyTorch on a busy machine.
MOST_SECONDS = 150
NAME = "deep_land_cover"
# The types of PyQt6 do not say that its methods are static.
QTest: Any = QtTest.QTest
report = {}


def session():
    """Classify from the menu, look at what came, then the context menu, a drop, and the unloading."""
    layer = QgsRasterLayer(os.environ["RASTER"], "Active scene")
    QgsProject.instance().addMapLayer(layer)
    iface.setActiveLayer(layer)
    report["toolbar"] = texts(plugin().toolbar.actions())
    report["menu"] = texts(plugin_menu())

    action("classifyraster").trigger()
    dialog = yield newest_dialog
    dialog.setParameters({"MODEL": os.environ["MODEL"], "STRIDE": 16, "DEVICE": "cpu"})
    report["preset"] = dialog.createProcessingParameters()["INPUT"]
    doubt = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", QgsProject.instance())
    dialog.setParameters({**dialog.createProcessingParameters(), "UNCERTAINTY": doubt})
    dialog.runAlgorithm()
    yield lambda: dialog.wasExecuted() or failed(dialog)
    # The canvas follows the layer tree a little later, on a busy machine noticeably.
    yield lambda: len(iface.mapCanvas().layers()) == QgsProject.instance().count() or failed(dialog)
    added = [item for item in QgsProject.instance().mapLayers().values() if item != layer]
    report["log"] = dialog.findChild(QTextBrowser, "txtLog").toPlainText()
    report["layers"] = [describe(item) for item in added]
    report["order"] = [item.name() for item in iface.mapCanvas().layers()]
    report["active"] = iface.activeLayer().name()
    dialog.close()
    yield no_dialog

    iface.setActiveLayer(layer)
    layer_menu_action().trigger()
    dialog = yield newest_dialog
    report["from the layer's menu"] = dialog.createProcessingParameters()
    dialog.close()
    yield no_dialog

    plugin().export_active_map()
    dialog = yield newest_dialog
    report["page of"] = dialog.createProcessingParameters()["INPUTS"]
    dialog.close()
    yield no_dialog

    before = len(QgsProject.instance().mapLayers())
    drop(os.environ["DROPPED_MODEL"])
    dialog = yield newest_dialog
    report["dropped"] = dialog.createProcessingParameters()
    report["layers of a dropped model"] = len(QgsProject.instance().mapLayers()) - before
    dialog.close()
    yield no_dialog
    drop(os.environ["RASTER"])
    yield lambda: len(QgsProject.instance().mapLayers()) > before
    report["dialogs of a dropped raster"] = len(open_dialogs())

    yield from labelling(layer)
    yield from drawing(layer)

    # The entry is in the context menu of rasters alone.
    iface.setActiveLayer(layer)
    utils.unloadPlugin(NAME)
    report["provider left"] = QgsApplication.processingRegistry().providerById("deeplandcover") is not None
    yield lambda: action("classifyraster") is None
    report["docks left"] = [
        item.objectName() for item in iface.mainWindow().findChildren(QDockWidget) if is_ours(item)
    ]
    report["left"] = [
        item.objectName()
        for item in iface.mainWindow().findChildren(QAction)
        if item.objectName().startswith(NAME)
    ]
    report["menu left"] = texts(plugin_menu())
    report["layer's menu left"] = layer_menu_action() is not None
    utils.loadPlugin(NAME)
    utils.startPlugin(NAME)
    report["menu again"] = texts(plugin_menu())
    report["layer's menu again"] = layer_menu_action() is not None


def labelling(scene):
    """Label points in the dock with the keyboard alone, then with the mouse, in several views."""
    reference = QgsRasterLayer(os.environ["REFERENCE"], "Class map")
    points = write_points(scene)
    QgsProject.instance().addMapLayers([reference, points])
    canvas = iface.mapCanvas()
    iface.setActiveLayer(points)
    before = "deep_land_cover.desk" in sys.modules
    action("labelpoints").trigger()
    desk = plugin().desk
    page = desk.label_page
    yield lambda: page.work.points and desk.isVisible()
    report["desk imported at start"] = before
    report["classes offered"] = [button.text() for button in page.class_buttons]
    report["map while blind"] = shown_in_tree(reference)
    yield lambda: canvas.extent().contains(page.feature().geometry().asPoint())
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        QTest.keyClick(canvas, key)
    QTest.keyClick(page, Qt.Key.Key_U)
    QTest.keyClick(page, Qt.Key.Key_M)
    QTest.keyClicks(page.note, "1 hut")
    QTest.keyClick(page.note, Qt.Key.Key_Return)
    QTest.mouseClick(page.class_buttons[2], Qt.MouseButton.LeftButton)
    # S is the key of snapping in QGIS: it is no class here, and stays QGIS's.
    report["S is taken"] = page.act("S", False)
    QTest.keyClick(canvas, Qt.Key.Key_4)
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    report["labels"] = values_of(points, "class", "confidence", "note")
    page.views_button.click()
    yield lambda: desk.views.isVisible() and len(desk.views.shown_panels) == 2
    panels = desk.views.shown_panels
    yield lambda: all(len(panel.canvas.layers()) == 1 for panel in panels)
    report["views"] = [panel.choice.currentText() for panel in panels]
    target = canvas.center()
    canvas.setCenter(QgsPointXY(target.x() + 500, target.y()))
    yield lambda: all(abs(panel.canvas.center().x() - target.x() - 500) < 20 for panel in panels)
    desk.close()
    yield lambda: not desk.views.isVisible()
    report["map afterwards"] = shown_in_tree(reference)


def drawing(scene):
    """Grow a region by a click in the map."""
    training = QgsVectorLayer(os.environ["TRAINING"], "Training polygons", "ogr")
    copy = os.path.join(os.path.dirname(os.environ["REPORT"]), "training.gpkg")
    context = QgsProject.instance().transformContext()
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(training, copy, context, options)
    layer = QgsVectorLayer(copy, "Training", "ogr")
    QgsProject.instance().addMapLayer(layer)
    iface.setActiveLayer(layer)
    action("drawpolygons").trigger()
    page, canvas = plugin().desk.polygon_page, iface.mapCanvas()
    yield lambda: page.layer is layer and page.classes
    page.raster_box.setLayer(scene)
    before = {feature.id() for feature in layer.getFeatures()}
    canvas.setExtent(scene.extent())
    QTest.keyClick(page, Qt.Key.Key_3)
    QTest.keyClick(page, Qt.Key.Key_G)
    yield lambda: canvas.mapTool() is page.grow_tool
    place = canvas.getCoordinateTransform().transform(scene.extent().center())
    point = QPoint(round(place.x()), round(place.y()))
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    yield lambda: layer.featureCount() == len(before) + 1
    (grown,) = (feature for feature in layer.getFeatures() if feature.id() not in before)
    report["grown"] = [grown["class"], grown["name"], grown.geometry().area(), page.result.text()]
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    report["after undo"] = layer.featureCount() - len(before)


def write_points(scene):
    """Write five points in a GeoPackage, as Sampling design does."""
    path = os.path.join(os.path.dirname(os.environ["REPORT"]), "points.gpkg")
    fields = "field=id:integer&field=class:integer&field=confidence:string&field=note:string"
    memory = QgsVectorLayer(f"Point?crs={scene.crs().authid()}&{fields}&field=stratum:integer", "", "memory")
    center = scene.extent().center()
    for number in range(5):
        feature = QgsFeature(memory.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(center.x() + 200 * number, center.y())))
        feature.setAttribute("id", number + 1)
        memory.dataProvider().addFeatures([feature])
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(memory, path, QgsProject.instance().transformContext(), options)
    return QgsVectorLayer(path, "Points", "ogr")


def values_of(layer, *names):
    """Return values of the features in the file, as another reader finds them."""
    again = QgsVectorLayer(layer.source(), "again", "ogr")
    return {feature["id"]: [feature[name] or None for name in names] for feature in again.getFeatures()}


def shown_in_tree(layer):
    return QgsProject.instance().layerTreeRoot().findLayer(layer.id()).itemVisibilityChecked()


def is_ours(dock):
    return dock.objectName().startswith("DeepLandCover") and not sip.isdeleted(dock)


def plugin():
    return plugins[NAME]


def action(name):
    return iface.mainWindow().findChild(QAction, f"{NAME}_{name}")


def texts(actions):
    return [item.text() for item in actions if not item.isSeparator()]


def plugin_menu():
    menus = [item.menu() for item in iface.rasterMenu().actions() if item.text() == "Deep Land Cover"]
    return [item for menu in menus for item in menu.actions()]


def layer_menu_action():
    """Return the entry of the active layer's context menu, as the layer tree would show it now."""
    menu = iface.layerTreeView().menuProvider().createContextMenu()
    found = [item for item in menu.actions() if item.text() == "Classify with Deep Land Cover…"]
    return found[0] if found else None


def drop(path):
    """Let a file fall onto the window, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path)])
    held = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    # Qt gives a drop to the widget that the pointer has entered.
    QApplication.sendEvent(iface.mainWindow(), QDragEnterEvent(QPoint(400, 400), *held))
    QApplication.sendEvent(iface.mainWindow(), QDropEvent(QPointF(400, 400), *held))


def open_dialogs():
    return [dialog for dialog in plugin()._open_dialogs() if dialog.isVisible()]


def newest_dialog():
    return (open_dialogs() or [None])[-1]


def no_dialog():
    return not open_dialogs()


def failed(dialog):
    """Raise once the log of a run ends with an error."""
    text = dialog.findChild(QTextBrowser, "txtLog").toPlainText()
    if "Execution failed" in text:
        raise RuntimeError(text)
    return False


def describe(layer):
    node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
    renderer = layer.renderer()
    return {
        "name": layer.name(),
        "group": node.parent().name(),
        "renderer": renderer.type(),
        "classes": classes_of(renderer),
    }


def classes_of(renderer):
    if renderer.type() != "paletted":
        return []
    return [[int(item.value), item.label, item.color.name()] for item in renderer.classes()]


def advance(steps, until=None, deadline=0.0):
    """Do the next step once ``until`` is true; any error ends QGIS instead of leaving it open."""
    try:
        seen = until() if until else None
        if until and not seen:
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited in vain at line {steps.gi_frame.f_lineno}")
            QTimer.singleShot(50, lambda: advance(steps, until, deadline))
            return
        following = steps.send(seen)
        QTimer.singleShot(0, lambda: advance(steps, following, time.monotonic() + MOST_SECONDS))
    except StopIteration:
        finish()
    except Exception:
        report["error"] = traceback.format_exc()
        finish()


def finish():
    """Write the report and leave QGIS the way a user does."""
    with open(os.environ["REPORT"], "w", encoding="utf-8") as file:
        json.dump(report, file, default=str)
    QgsProject.instance().clear()
    iface.actionExit().trigger()


iface.initializationCompleted.connect(lambda: QTimer.singleShot(0, lambda: advance(session())))
