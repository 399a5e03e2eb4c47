"""A named scene of real QGIS as a PNG, for the documentation. Run by ``./dev screenshot``.

QGIS runs this with ``--code``. The environment says what to draw: SCENE, PICTURE (the PNG) and DEMO_FOLDER,
the folder of the demo with scene, training polygons, model and map. Each scene brings QGIS to where the
picture is taken, in steps, between which QGIS goes on.
"""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import processing
from qgis.core import (
    QgsApplication,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsProcessingAlgorithmDialogBase
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QModelIndex, QPoint, QRect, Qt, QTimer
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDockWidget, QGroupBox, QToolBar, QTreeView, QWidget
from qgis.utils import iface, plugins

DEMO = Path(os.environ["DEMO_FOLDER"])
# Panels by the names of QGIS's own widgets.
LAYERS, TOOLBOX = "Layers", "ProcessingToolbox"
TOOLBARS = {"mFileToolBar", "mMapNavToolBar", "mAttributesToolBar", "DeepLandCoverToolBar"}
# A step of a scene yields how long QGIS shall go on, in milliseconds, before the next.
Steps = Iterator[int]
# What the picture shows: a part of the screen, or one widget; empty is the whole screen.
PART: list[QRect] = []
SHOWN: list[QWidget] = []


def toolbox() -> Steps:
    """Show the Processing toolbox with the algorithms."""
    yield from _load_demo("demo_scene.tif", "demo_training.geojson")
    yield from _show_panel(TOOLBOX, 480)
    tree = iface.mainWindow().findChild(QDockWidget, TOOLBOX).findChild(QTreeView)
    _expand(tree, "Deep Land Cover")
    yield 500
    _crop(QRect(1098, 100, 502, 870))


def classify() -> Steps:
    """Show 'Classify a raster' as the menu opens it on the active layer."""
    yield from _load_demo("demo_scene.tif")
    dialog = yield from _dialog("classify_active_layer")
    # The bare name keeps the folders of one machine out of the picture.
    os.chdir(DEMO)
    dialog.setParameters({"INPUT": iface.activeLayer(), "MODEL": "demo_model.skops"})
    yield 1000
    _picture_of(dialog)


def train() -> Steps:
    """Show 'Train a land-cover model' as the menu opens it on the active layer."""
    yield from _load_demo("demo_scene.tif", "demo_training.geojson")
    dialog = yield from _dialog("train_on_active_layer")
    dialog.setParameters(_training())
    # All groups fit.
    dialog.resize(980, 830)
    yield 1000
    _picture_of(dialog)


def report() -> Steps:
    """Show the Results Viewer after a quick training: QGIS lists the report there."""
    yield from _load_demo("demo_scene.tif", "demo_training.geojson")
    dialog = yield from _dialog("train_on_active_layer")
    folder = Path(tempfile.mkdtemp(prefix="demo-"))
    files = {"OUTPUT": str(folder / "trees.skops"), "REPORT": str(folder / "trees.html")}
    dialog.setParameters({**_training(), "ARCHITECTURE": "random_forest", **files})
    yield 1000
    dialog.runButton().click()
    while not dialog.wasExecuted():
        yield 500
    dialog.close()
    yield from _show_panel("ResultsViewer", 520)
    yield 1000


def settings() -> Steps:
    """Show the provider's settings in the options of Processing."""
    # The dialog runs a loop of its own, so it may not be opened from within a step.
    QTimer.singleShot(0, lambda: iface.showOptionsDialog(iface.mainWindow(), "processingOptions"))
    yield 2000
    dialog = QApplication.activeModalWidget()
    dialog.resize(1100, 700)
    for tree in dialog.findChildren(QTreeView):
        _expand(tree, "Providers", "Deep Land Cover")
    yield 500
    _picture_of(dialog)


def map_() -> Steps:
    """Show the classified demo over its scene, with the legend."""
    yield from _load_demo("demo_scene.tif", "demo_map.tif")
    yield from _show_panel(LAYERS, 330)
    yield 1000


def menu() -> Steps:
    """Show the menu of the plugin, open."""
    yield from _load_demo("demo_scene.tif")
    yield from _show_panel(LAYERS, 330)
    raster = iface.rasterMenu()
    entry = next(item for item in raster.actions() if item.text() == "Deep Land Cover")
    raster.popup(iface.mainWindow().mapToGlobal(QPoint(380, 28)))
    raster.setActiveAction(entry)
    yield 500
    entry.menu().popup(raster.mapToGlobal(raster.actionGeometry(entry).topRight()))
    yield 1000
    _crop(QRect(0, 0, 1000, 605))


def layermenu() -> Steps:
    """Show the menu of a raster layer."""
    yield from _load_demo("demo_scene.tif")
    yield from _show_panel(LAYERS, 330)
    shown = iface.layerTreeView().menuProvider().createContextMenu()
    shown.popup(iface.mainWindow().mapToGlobal(QPoint(120, 190)))
    yield 1000
    _crop(QRect(0, 90, 500, 540))


def loaded() -> Steps:
    """Show the layers that a classification with uncertainty loads."""
    yield from _load_demo("demo_scene.tif")
    dialog = yield from _dialog("classify_active_layer")
    temporary = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", QgsProject.instance())
    model = str(DEMO / "demo_model.skops")
    dialog.setParameters(
        {"INPUT": iface.activeLayer(), "MODEL": model, "OUTPUT": temporary, "UNCERTAINTY": temporary}
    )
    yield from _run(dialog)
    dialog.close()
    yield from _show_panel(LAYERS, 420)
    iface.messageBar().clearWidgets()
    yield 1500
    _crop(QRect(0, 0, 1300, 850))


def label() -> Steps:
    """Show the dock with some points labelled, and two further views."""
    yield from _load_demo("demo_scene.tif", "demo_map.tif")
    classes = QgsProject.instance().mapLayersByName("Demo map")[0]
    path = str(Path(tempfile.mkdtemp(prefix="demo-")) / "points.gpkg")
    processing.run("deeplandcover:samplingdesign", {"INPUT": classes, "SIZE": 300, "OUTPUT": path})
    points = QgsVectorLayer(path, "Reference points", "ogr")
    QgsProject.instance().addMapLayer(points)
    iface.setActiveLayer(points)
    desk = plugins["deep_land_cover"].label_points()
    desk.show_views()
    for dock in iface.mainWindow().findChildren(QDockWidget):
        dock.setVisible(dock in (desk, desk.views))
    iface.mainWindow().resize(1300, 820)
    yield 500
    iface.mainWindow().resizeDocks([desk], [390], Qt.Orientation.Horizontal)
    iface.mainWindow().resizeDocks([desk.views], [300], Qt.Orientation.Vertical)
    page = desk.label_page
    for _number in range(38):
        value = page.feature()["stratum"]
        page.label_as(next(item for item in page.classes if item.stored == value))
        yield 250
    page.width_box.setValue(35)
    yield 2000
    _picture_of(iface.mainWindow())


def draw() -> Steps:
    """Show the dock with the palette of classes and a region that was grown."""
    yield from _load_demo("demo_scene.tif")
    path = Path(tempfile.mkdtemp(prefix="demo-")) / "training.gpkg"
    parameters = {"INPUT": str(DEMO / "demo_training.geojson"), "OUTPUT": str(path)}
    processing.run("native:savefeatures", parameters)
    layer = QgsVectorLayer(str(path), "Training polygons", "ogr")
    QgsProject.instance().addMapLayer(layer)
    iface.setActiveLayer(layer)
    desk = plugins["deep_land_cover"].draw_training_polygons()
    for dock in iface.mainWindow().findChildren(QDockWidget):
        dock.setVisible(dock is desk)
    iface.mainWindow().resize(1300, 820)
    yield 500
    iface.mainWindow().resizeDocks([desk], [390], Qt.Orientation.Horizontal)
    page, canvas = desk.polygon_page, iface.mapCanvas()
    canvas.zoomByFactor(0.4)
    page.choose(2)
    page.grow_button.click()
    page.grow(canvas.extent().center())
    yield 2000
    _picture_of(iface.mainWindow())


def model() -> Steps:
    """Show an example model as the toolbox's context menu opens a copy of it."""
    from processing.modeler.ModelerDialog import ModelerDialog

    from deep_land_cover.algorithms.model_actions import OpenCopyAction

    name = os.environ.get("MODEL", "train_classify_assess")
    action = OpenCopyAction()
    action.setData(QgsApplication.processingRegistry().algorithmById(f"deeplandcover:{name}"), None)
    action.execute()
    dialog = ModelerDialog.dlgs[-1]
    dialog.setGeometry(iface.mainWindow().geometry())
    yield 1000
    view = dialog.view()
    view.fitInView(view.scene().itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    yield 1000


def algorithm(name: str) -> Steps:
    """Show the dialog of an algorithm with the demo's layers; ``NAME-advanced`` with all parameters."""
    name, _, rest = name.partition("-")
    yield from _load_demo("demo_scene.tif", "demo_map.tif", "demo_training.geojson")
    # The bare names keep the folders of one machine out of the picture.
    os.chdir(DEMO)
    dialog = processing.createAlgorithmDialog(f"deeplandcover:{name}", _values(name))
    if dialog is None:
        raise RuntimeError(f"there is neither a scene nor an algorithm {name!r}")
    dialog.show()
    _place(dialog)
    yield 500
    for group in dialog.findChildren(QGroupBox):
        group.setProperty("collapsed", not rest)
    if rest:
        dialog.resize(980, 1000)
    yield 1000
    _picture_of(dialog)


def _training() -> dict[str, Any]:
    samples = QgsProject.instance().mapLayersByName("Training polygons")[0]
    fields = {"CLASS_FIELD": "class", "NAME_FIELD": "name", "SCHEME": "jambi"}
    return {"INPUT": iface.activeLayer(), "SAMPLES": samples, **fields}


def _values(name: str) -> dict[str, Any]:
    """Return values for a dialog that make sense with the demo."""
    scene, classes, samples = (
        QgsProject.instance().mapLayersByName(title)[0]
        for title in ("Demo scene", "Demo map", "Training polygons")
    )
    model = {"MODEL": "demo_model.skops"}
    fields = {"SAMPLES": samples, "CLASS_FIELD": "class", "NAME_FIELD": "name"}
    values: dict[str, dict[str, Any]] = {
        "stackfeatures": {"INPUT": scene},
        "inspectsamples": {"INPUT": scene, **fields},
        "trainmodel": {"INPUT": scene, **fields, "SCHEME": "jambi"},
        "classifyraster": {"INPUT": scene, **model},
        "classifyfolder": {"INPUT_FOLDER": "scenes", "PATTERN": "*.tif", **model},
        "generalisemap": {"INPUT": classes, "KEEP": "Water"},
        "styleclassification": {"INPUT": classes, "SCHEME": "jambi_safe"},
        "suggestsamples": {"INPUT": scene, **model, **fields},
        "samplingdesign": {"INPUT": classes, "SIZE": 300},
        "assessaccuracy": {"INPUT": classes, "REFERENCE": samples, "CLASS_FIELD": "class"},
        "comparemaps": {"REFERENCE": samples, "CLASS_FIELD": "class"},
        "exportmap": {"INPUTS": [classes], "TITLE": "Demo scene: land cover"},
        "modelinfo": model,
    }
    return values.get(name, {})


SCENES: dict[str, Callable[[], Steps]] = {
    "toolbox": toolbox,
    "classify": classify,
    "train": train,
    "report": report,
    "settings": settings,
    "map": map_,
    "label": label,
    "draw": draw,
    "model": model,
    "menu": menu,
    "layermenu": layermenu,
    "loaded": loaded,
}


def _dialog(action: str) -> Generator[int, None, QgsProcessingAlgorithmDialogBase]:
    yield from _show_panel(LAYERS, 300)
    dialog = getattr(plugins["deep_land_cover"], action)()
    if dialog is None:
        raise RuntimeError(f"{action} opened no dialog: {iface.messageBar().currentItem().text()}")
    _place(dialog)
    yield 500
    return dialog


def _run(dialog: QgsProcessingAlgorithmDialogBase) -> Steps:
    yield 500
    dialog.runButton().click()
    while not dialog.wasExecuted():
        yield 500
    yield 1500


def _picture_of(widget: QWidget) -> None:
    """Take the picture of one widget, without what lies around it."""
    SHOWN.append(widget)


def _crop(part: QRect) -> None:
    """Take the picture of a part of the screen."""
    PART.append(part)


def _place(dialog: QDialog) -> None:
    dialog.resize(980, 780)
    frame = iface.mainWindow().geometry()
    dialog.move(frame.center() - dialog.rect().center())


def _load_demo(*files: str) -> Steps:
    """Add files of the demo, the first one at the bottom and active."""
    layers = []
    for file in files:
        path = str(DEMO / file)
        # As 'Create the demo scene' calls it.
        is_samples = file == "demo_training.geojson"
        name = "Training polygons" if is_samples else Path(file).stem.replace("_", " ").capitalize()
        is_raster = file.endswith(".tif")
        layers.append(QgsRasterLayer(path, name) if is_raster else QgsVectorLayer(path, name, "ogr"))
        if not layers[-1].isValid():
            raise RuntimeError(f"{path} cannot be opened")
    for layer in layers:
        QgsProject.instance().addMapLayer(layer)
    # QGIS itself takes the CRS of the first layer a moment after it was added.
    yield 200
    QgsProject.instance().setCrs(layers[0].crs())
    iface.setActiveLayer(layers[0])
    iface.mapCanvas().setExtent(layers[0].extent())
    iface.mapCanvas().refresh()
    yield 1500


def _show_panel(name: str, width: int) -> Steps:
    """Leave only one panel open, so that the picture shows what it is about."""
    window = iface.mainWindow()
    for dock in window.findChildren(QDockWidget):
        dock.setVisible(dock.objectName() in (LAYERS, name))
    window.resizeDocks([window.findChild(QDockWidget, name)], [width], Qt.Orientation.Horizontal)
    yield 500


def _expand(tree: QTreeView, *names: str) -> None:
    """Open the named branch of a tree with all below it, and bring it into view."""
    model, parent = tree.model(), QModelIndex()
    for name in names:
        rows = (model.index(row, 0, parent) for row in range(model.rowCount(parent)))
        parent = next((index for index in rows if index.data() == name), QModelIndex())
        if not parent.isValid():
            return
        tree.expand(parent)
    tree.expandRecursively(parent)
    tree.scrollTo(parent, QTreeView.ScrollHint.PositionAtTop)


def _start() -> None:
    window = iface.mainWindow()
    window.showNormal()
    iface.messageBar().clearWidgets()
    # All toolbars of QGIS together are wider than the picture.
    for toolbar in window.findChildren(QToolBar):
        if toolbar.parent() is window:
            toolbar.setVisible(toolbar.objectName() in TOOLBARS)
    window.setGeometry(QGuiApplication.primaryScreen().geometry())
    name = os.environ["SCENE"]
    _advance(SCENES[name]() if name in SCENES else algorithm(name))


def _advance(steps: Iterator[int]) -> None:
    """Do the next step, or take the picture after the last one."""
    try:
        pause = next(steps, None)
        if pause is None:
            picture = (
                SHOWN[-1].grab() if SHOWN else QGuiApplication.primaryScreen().grabWindow(sip.voidptr(0))
            )
            (picture.copy(PART[-1]) if PART else picture).save(os.environ["PICTURE"])
            _quit()
        else:
            QTimer.singleShot(pause, lambda: _advance(steps))
    except Exception:
        traceback.print_exc()
        _quit()


def _quit() -> None:
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog):
            widget.close()
    QgsProject.instance().clear()
    iface.actionExit().trigger()


QTimer.singleShot(2000, _start)
