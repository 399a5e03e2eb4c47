"""Points into a GeoPackage of a project, by a process that is killed or runs out of disk while it writes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from osgeo import gdal, ogr

pytestmark = pytest.mark.qgis
# Enough points that writing them takes a second and megabytes.
POINTS = 60_000
DISK_BYTES = 2_000_000
WRITER = """
import os, resource, signal, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from qgis.core import *
from qgis.PyQt.QtCore import QMetaType
application = QgsApplication([], False)
application.initQgis()
from deep_land_cover.algorithms.layers.point_files import point_file, write_point_file
from deep_land_cover.core.errors import LandCoverError
target, count, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
fields = QgsFields()
fields.append(QgsField("note", QMetaType.Type.QString))

def points():
    for number in range(count):
        feature = QgsFeature(fields)
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(500_000 + number, 5_000_000)))
        feature.setAttributes(["n" * 60])
        yield feature

if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
crs = QgsCoordinateReferenceSystem("EPSG:32632")
try:
    write_point_file(point_file(target), {"ORIGIN": "it"}, fields, points(), crs, QgsProcessingContext())
except LandCoverError as error:
    print(error.sentence, flush=True)
    os._exit(1)
os._exit(0)
"""


def start(path, count=POINTS, limit=0):
    """Start a process that writes the layer ``points`` into a GeoPackage."""
    paths = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, f"{path}|layername=points", str(count), str(limit)],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.fixture
def container(make_layer, training_rows, tmp_path):
    """A GeoPackage with two layers of polygons and an image, as projects have."""
    path = tmp_path / "project.gpkg"
    image = gdal.GetDriverByName("MEM").Create("", 64, 64, 1, gdal.GDT_Byte)
    image.SetGeoTransform((0, 1, 0, 64, 0, -1))
    image.GetRasterBand(1).Fill(7)
    gdal.Translate(str(path), image, format="GPKG", creationOptions=["RASTER_TABLE=image"])
    for name in ("draft_2019", "training_2024"):
        source = make_layer(training_rows, "class:int,name:string(20)")
        dataset = ogr.Open(str(path), 1)
        layer = dataset.CreateLayer(name, None, ogr.wkbPolygon)
        for feature in source.getFeatures():
            copied = ogr.Feature(layer.GetLayerDefn())
            copied.SetGeometry(ogr.CreateGeometryFromWkb(bytes(feature.geometry().asWkb())))
            layer.CreateFeature(copied)
        dataset = layer = None
    return path


def tables(path):
    """Return the rows of all tables of the user, and the names of the layers."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = [name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents ORDER BY 1")]
        known = [name for name in names if name != "points"]
        return names, {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in known}


def kill_when(process, is_reached):
    """Kill a process without warning when a condition holds; return whether it was reached."""
    end = time.monotonic() + 240
    while process.poll() is None and time.monotonic() < end:
        if is_reached():
            process.kill()
            process.wait()
            return process.returncode == -signal.SIGKILL
        time.sleep(0.0005)
    process.kill()
    process.wait()
    return False


def size(path):
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def parts(folder, pattern):
    return sum(size(path) for path in folder.glob(f".deep_land_cover_*/**/{pattern}"))


@pytest.mark.parametrize("phase", ["the points", "the copy of the container"])
@pytest.mark.medium
def test_a_container_is_as_it_was_when_the_writer_is_killed(container, phase):
    before, content = tables(container), hashlib.sha256(container.read_bytes()).hexdigest()
    pattern, least = (
        ("project.gpkg", 500_000) if phase == "the points" else ("whole_*", size(container) + 500_000)
    )
    process = start(container)
    assert kill_when(process, lambda: parts(container.parent, pattern) > least)
    assert hashlib.sha256(container.read_bytes()).hexdigest() == content
    assert tables(container) == before
    # The same again succeeds, and removes what is left of the killed run.
    assert start(container, 10).wait() == 0
    assert not list(container.parent.glob(".deep_land_cover_*"))
    names, others = tables(container)
    assert others == before[1] and "points" in names


@pytest.mark.medium
def test_a_container_that_is_open_elsewhere_has_no_half_layer_when_the_writer_is_killed(container):
    connection = sqlite3.connect(container, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("SELECT * FROM gpkg_contents").fetchall()
    before, log = tables(container), container.with_name(container.name + "-wal")
    process = start(container)
    assert kill_when(process, lambda: size(log) > 500_000)
    assert tables(container) == before
    connection.close()
    assert tables(container) == before


@pytest.fixture(params=["limit", "disk"])
def small(request, container, tmp_path):
    """The container where files cannot grow beyond two megabytes, and the limit to set."""
    if request.param == "limit":
        yield container, DISK_BYTES
        return
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        path = folder / container.name
        path.write_bytes(container.read_bytes())
        yield path, 0
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.medium(but=("limit-False", "disk-False"))
def test_a_full_disk_leaves_the_container_as_it_was(small, is_open):
    path, limit = small
    connection = sqlite3.connect(path, isolation_level=None)
    if is_open:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("SELECT * FROM gpkg_contents").fetchall()
    before = tables(path)
    process = start(path, limit=limit)
    said, _ = process.communicate()
    assert process.returncode == 1 and str(path.parent) in said
    if not limit:
        assert "The disk is full" in said
    assert tables(path) == before
    connection.close()
    assert tables(path) == before
    assert not list(Path(path.parent).glob(".deep_land_cover_*"))
