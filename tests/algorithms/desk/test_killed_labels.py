"""Labels that were given before QGIS was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from osgeo import ogr

from .conftest import CROPS, FOREST, WATER

pytestmark = [pytest.mark.qgis, pytest.mark.medium]
# Labels points with the dock's own keys, then stops without an end: nothing is closed, nothing is flushed.
_SCRIPT = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
sys.path.insert(0, sys.argv[2])
from qgis.core import QgsApplication
application = QgsApplication([], True)
application.initQgis()
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer, QgsGeometry, QgsPointXY
import deep_land_cover.desk.dock as desk
sys.path.insert(0, sys.argv[3])
from desktop import Desktop
points, class_map, training, scene = sys.argv[4:8]
project = QgsProject.instance()
layers = [QgsRasterLayer(class_map, "Land cover"), QgsVectorLayer(points, "points", "ogr"),
          QgsRasterLayer(scene, "Scene")]
project.addMapLayers(layers)
desktop = Desktop()
dock = desk.DeskDock(desktop)
desktop.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
dock.open_page(0, layers[1])
page = dock.label_page
for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_1):
    QTest.keyClick(page, key)
QTest.keyClick(page, Qt.Key.Key_U)
dock.open_page(1, layers[2])
page = dock.polygon_page
page.new_layer(training)
page.add_class(3, "Water")
page.grow(QgsPointXY(300_210, 9_819_590))
print("labelled", flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_loses_no_label(points, class_map, scene, tmp_path):
    root, here = Path(__file__).parents[3], Path(__file__).parent
    path = points.source().split("|")[0]
    training = str(tmp_path / "training.gpkg")
    folders = root / ".dev" / "plugins", "/usr/share/qgis/python/plugins", here
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, *map(str, folders), path, class_map, training, scene],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    line = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    _out, errors = process.communicate(timeout=60)
    assert line == "labelled\n", errors[-2000:]
    # The source must live as long as its layer.
    source = ogr.Open(path)
    rows = {row["id"]: (row["class"], row["confidence"]) for row in source.GetLayer(0)}
    assert rows == {
        1: (WATER, None),
        2: (FOREST, None),
        3: (CROPS, None),
        4: (WATER, None),
        5: (None, "low"),
        6: (None, None),
    }
    source = ogr.Open(training)
    (polygon,) = source.GetLayer(0)
    assert json.loads(polygon.ExportToJson())["properties"] == {"class": 3, "name": "Water"}
