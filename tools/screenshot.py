"""A named scene of real QGIS as a PNG, for the documentation: run by ``./dev screenshot``.

QGIS runs this with ``--code``. The environment says what to draw: SCENE, PICTURE (the PNG) and
DEMO_FOLDER (scene, training polygons, model and map of the demo).
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import processing
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsProcessingAlgorithmDialogBase
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QModelIndex, Qt, QTimer
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDockWidget, QGroupBox, QToolBar, QTreeView
from qgis.utils import iface, plugins

DEMO = Path(os.environ["DEMO_FOLDER"])
# Panels by the names of QGIS's own widgets.
LAYERS, TOOLBOX = "Layers", "ProcessingToolbox"
TOOLBARS = {"mFileToolBar", "mMapNavToolBar", "mAttributesToolBar", "DeepLandCoverToolBar"}
# A step of a scene yields how long QGIS shall go on, in milliseconds, before the next.
Steps = Iterator[int]


def toolbox() -> Steps:
    """Show the Processing toolbox with the algorithms."""
    yield from _load_demo("demo_scene.tif", "demo_training.geojson")
    yield from _show_panel(TOOLBOX, 480)
    tree = iface.mainWindow().findChild(QDockWidget, TOOLBOX).findChild(QTreeView)
    _expand(tree, "Deep Land Cover")
    yield 500


def classify() -> Steps:
    """Show 'Classify a raster' as the menu opens it on the active layer, with all parameters."""
    yield from _load_demo("demo_scene.tif")
    dialog = yield from _dialog("classify_active_layer")
    # The bare name keeps the folders of one machine out of the picture.
    os.chdir(DEMO)
    dialog.setParameters({"INPUT": iface.activeLayer(), "MODEL": "demo_model.safetensors"})
    for group in dialog.findChildren(QGroupBox):
        group.setProperty("collapsed", False)
    yield 1000


def train() -> Steps:
    """Show 'Train a land-cover model' as the menu opens it on the active layer."""
    yield from _load_demo("demo_scene.tif", "demo_training.geojson")
    dialog = yield from _dialog("train_on_active_layer")
    samples = QgsProject.instance().mapLayersByName("Demo training")[0]
    fields = {"CLASS_FIELD": "class", "NAME_FIELD": "name", "SCHEME": "jambi"}
    dialog.setParameters({"INPUT": iface.activeLayer(), "SAMPLES": samples, **fields})
    yield 1000


def report() -> Steps:
    """Show the Results Viewer after a quick training: QGIS lists the report there."""
    yield from _load_demo("demo_scene.tif", "demo_training.geojson")
    dialog = yield from _dialog("train_on_active_layer")
    page = DEMO / "demo_report.html"
    page.unlink(missing_ok=True)
    samples = QgsProject.instance().mapLayersByName("Demo training")[0]
    dialog.setParameters(
        {
            "INPUT": iface.activeLayer(),
            "SAMPLES": samples,
            "CLASS_FIELD": "class",
            "NAME_FIELD": "name",
            "SCHEME": "jambi",
            "ARCHITECTURE": "random_forest",
            "OUTPUT": str(DEMO / "demo_trees.skops"),
            "REPORT": str(page),
        }
    )
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


def map_() -> Steps:
    """Show the classified demo over its scene, with the legend."""
    yield from _load_demo("demo_scene.tif", "demo_map.tif")
    yield from _show_panel(LAYERS, 330)
    yield 1000


def model() -> Steps:
    """Show an example model as the toolbox's context menu opens a copy of it."""
    # Processing offers these for its own models, too.
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
    """Show the dialog of an algorithm with the demo's layers, as the toolbox opens it."""
    yield from _load_demo("demo_scene.tif", "demo_map.tif", "demo_training.geojson")
    yield from _show_panel(LAYERS, 300)
    dialog = processing.createAlgorithmDialog(f"deeplandcover:{name}", {})
    if dialog is None:
        raise RuntimeError(f"there is neither a scene nor an algorithm {name!r}")
    dialog.show()
    _place(dialog)
    for group in dialog.findChildren(QGroupBox):
        group.setProperty("collapsed", False)
    yield 1000


SCENES: dict[str, Callable[[], Steps]] = {
    "toolbox": toolbox,
    "classify": classify,
    "train": train,
    "report": report,
    "settings": settings,
    "map": map_,
    "model": model,
}


def _dialog(action: str) -> Generator[int, None, QgsProcessingAlgorithmDialogBase]:
    yield from _show_panel(LAYERS, 300)
    dialog = getattr(plugins["deep_land_cover"], action)()
    if dialog is None:
        raise RuntimeError(f"{action} opened no dialog: {iface.messageBar().currentItem().text()}")
    _place(dialog)
    yield 500
    return dialog


def _place(dialog: QDialog) -> None:
    dialog.resize(980, 820)
    frame = iface.mainWindow().geometry()
    dialog.move(frame.center() - dialog.rect().center())


def _load_demo(*files: str) -> Steps:
    """Add files of the demo, the first one at the bottom and active."""
    layers = []
    for file in files:
        path, name = str(DEMO / file), Path(file).stem.replace("_", " ").capitalize()
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


def _advance(steps: Steps) -> None:
    """Do the next step, or take the picture after the last one."""
    try:
        pause = next(steps, None)
        if pause is None:
            QGuiApplication.primaryScreen().grabWindow(sip.voidptr(0)).save(os.environ["PICTURE"])
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
