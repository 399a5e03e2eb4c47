"""A named scene of real QGIS as a PNG, for the documentation: run by ``./dev screenshot``.

QGIS runs this with ``--code``. The environment says what to draw: SCENE, PICTURE (the PNG), DEMO_FOLDER (see
``screenshot_scenes``) and TOOLS, this folder.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Iterator

from qgis.core import QgsProject
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QApplication, QDialog, QToolBar
from qgis.utils import iface

sys.path.insert(0, os.environ["TOOLS"])
scenes = importlib.import_module("screenshot_scenes")


def _start() -> None:
    window = iface.mainWindow()
    window.showNormal()
    iface.messageBar().clearWidgets()
    # All toolbars of QGIS together are wider than the picture.
    for toolbar in window.findChildren(QToolBar):
        if toolbar.parent() is window:
            toolbar.setVisible(toolbar.objectName() in scenes.TOOLBARS)
    window.setGeometry(QGuiApplication.primaryScreen().geometry())
    name = os.environ["SCENE"]
    _advance(scenes.SCENES[name]() if name in scenes.SCENES else scenes.algorithm(name))


def _advance(steps: Iterator[int]) -> None:
    """Do the next step, or take the picture after the last one."""
    try:
        pause = next(steps, None)
        if pause is None:
            picture = (
                scenes.SHOWN[-1].grab()
                if scenes.SHOWN
                else QGuiApplication.primaryScreen().grabWindow(sip.voidptr(0))
            )
            (picture.copy(scenes.PART[-1]) if scenes.PART else picture).save(os.environ["PICTURE"])
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
