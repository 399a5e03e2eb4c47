"""Outputs beside a page: projects, atlases, HTML maps and tiles."""

from __future__ import annotations

import base64
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing

import pytest
from osgeo import gdal
from qgis.core import QgsGeometry, QgsLayoutExporter, QgsProject
from qgis.PyQt.QtGui import QColor, QImage

from deep_land_cover.core.marks import kinds_of

pytestmark = pytest.mark.qgis


@pytest.mark.medium
def test_a_project_opens_without_a_warning_also_after_it_was_moved(
    run, layer, scene, make_layer, box, tmp_path, messages
):
    home = tmp_path / "first"
    home.mkdir()
    for source in (layer.source(), scene):
        for path in tmp_path.parent.rglob("*"):
            if str(path).startswith(source):
                shutil.copy(path, home)
    land = home / "land.tif"
    layer.saveNamedStyle(str(land.with_suffix(".qml")))
    parameters = {
        "INPUTS": [str(land)],
        "TITLE": "Jambi",
        "LOCATOR": True,
        "PROJECT_LAYERS": [str(home / scene.split("/")[-1])],
        "OUTPUT": str(home / "page.svg"),
        "PROJECT": str(home / "jambi.qgz"),
    }
    QgsProject.instance().clear()
    done = run("exportmap", parameters)
    assert done.succeeded, done.log
    assert kinds_of(home / "jambi.qgz") == ("project",)
    moved = home.rename(tmp_path / "second")
    messages.clear()
    project = QgsProject()
    assert project.read(str(moved / "jambi.qgz"))
    assert [item.isValid() for item in project.mapLayers().values()] == [True] * len(project.mapLayers())
    names = [node.name() for node in project.layerTreeRoot().findLayers()]
    assert names == ["land", scene.split("/")[-1].removesuffix(".tif")]
    (layout,) = project.layoutManager().layouts()
    assert layout.name() == "Jambi"
    assert layout.itemById("map").layers()[0].name() == "land"
    assert not QgsLayoutExporter(layout).renderPageToImage(0, dpi=30).isNull()
    assert messages == []
    with zipfile.ZipFile(moved / "jambi.qgz") as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".qgs")]
        text = archive.read(name).decode("utf-8")
    assert set(re.findall("<datasource>(.*?)</datasource>", text)) >= {"./land.tif"}
    assert not re.search("<datasource>/", text)


@pytest.mark.medium
def test_the_page_is_added_to_the_open_project_and_none_is_lost(run, layer, tmp_path):
    parameters = {"INPUTS": [layer], "TITLE": "Jambi", "OUTPUT": str(tmp_path / "page.svg")}
    for _ in range(2):
        done = run("exportmap", {**parameters, "ADD_TO_PROJECT": True})
        assert done.succeeded, done.log
    project = QgsProject.instance()
    assert [item.name() for item in project.layoutManager().layouts()] == ["Jambi", "Jambi (2)"]
    assert project.layoutManager().layoutByName("Jambi").itemById("map").layers() == [layer]
    # The legends' layers are shown nowhere.
    assert [node.name() for node in project.layerTreeRoot().findLayers()] == ["Jambi 2023"]


def test_layers_in_memory_are_not_put_into_a_project(run, layer, make_layer, box, tmp_path):
    memory = make_layer([(QgsGeometry.fromRect(box(10, 10, 20, 20)), 1)], name="borders")
    QgsProject.instance().addMapLayer(memory)
    parameters = {
        "INPUTS": [layer],
        "PROJECT_LAYERS": [memory],
        "OUTPUT": str(tmp_path / "page.svg"),
        "PROJECT": str(tmp_path / "a.qgz"),
    }
    done = run("exportmap", parameters)
    assert not done.succeeded
    assert "A layer in memory cannot be in a project" in done.log
    assert not list(tmp_path.glob("*.qgz")) and not (tmp_path / "page.svg").exists()


@pytest.fixture
def zones(make_layer, box):
    """Two zones, the left one with value 7 alone, and one that lies outside."""
    rectangles = [((2, 2, 22, 22), 1), ((45, 10, 15, 40), 2), ((2000, 2000, 10, 10), 3)]
    layer = make_layer([(QgsGeometry.fromRect(box(*sides)), value) for sides, value in rectangles])
    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.mark.medium
def test_an_atlas_has_a_page_for_each_zone(run, layer, zones, tmp_path):
    field = zones.fields().names()[0]
    parameters = {"INPUTS": [layer], "ZONES": zones, "ZONE_FIELD": field}
    pdf = tmp_path / "atlas.pdf"
    done = run("exportmap", {**parameters, "OUTPUT": str(pdf)})
    assert done.succeeded, done.log
    assert done.results["PAGES"] == 2
    assert len(re.findall(rb"/Type /Page\b", pdf.read_bytes())) == 2
    assert kinds_of(pdf) == ("page",)
    done = run("exportmap", {**parameters, "OUTPUT": str(tmp_path / "atlas.png")})
    assert done.succeeded, done.log
    assert sorted(path.name for path in tmp_path.glob("atlas*.png")) == ["atlas_1.png", "atlas_2.png"]
    assert done.results["OUTPUT"] == str(tmp_path / "atlas_1.png")
    # In the middle of the first page's map.
    image = QImage(str(tmp_path / "atlas_1.png"))
    assert image.pixelColor(int(image.width() * 0.33), int(image.height() * 0.4)).name() == "#d2691e"


def test_an_atlas_is_no_svg(run, layer, zones, tmp_path):
    done = run("exportmap", {"INPUTS": [layer], "ZONES": zones, "OUTPUT": str(tmp_path / "atlas.svg")})
    assert not done.succeeded
    assert "An atlas cannot be an SVG file" in done.log


@pytest.mark.medium
def test_an_html_map_needs_no_network_and_shows_the_map(run, layer, tmp_path):
    path = tmp_path / "map.html"
    parameters = {"INPUTS": [layer], "TITLE": "A <b> & c", "OUTPUT": str(tmp_path / "p.svg")}
    done = run("exportmap", {**parameters, "WEB_MAP": str(path)})
    assert done.succeeded, done.log
    text = path.read_text(encoding="utf-8")
    assert kinds_of(path) == ("web_map",)
    assert "http" not in text and "<title>A &lt;b&gt; &amp; c</title>" in text
    assert "Tanah terbuka" in text and "Semak" not in text
    picture = tmp_path / "picture.png"
    picture.write_bytes(base64.b64decode(re.search('base64,([^"]+)', text)[1]))
    image = QImage(str(picture))
    assert image.width() * 60 == image.height() * 80
    colors = [image.pixelColor(int(share * image.width()), 5).name() for share in (0.25, 0.75)]
    assert colors == ["#d2691e", "#0066cc"]


@pytest.mark.medium
def test_tiles_lie_where_the_map_lies(run, layer, tmp_path):
    path = tmp_path / "map.mbtiles"
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(tmp_path / "p.svg"), "TILES": str(path)})
    assert done.succeeded, done.log
    assert kinds_of(path) == ("tiles",)
    with closing(sqlite3.connect(path)) as file:
        zooms = [zoom for (zoom,) in file.execute("SELECT DISTINCT zoom_level FROM tiles ORDER BY 1")]
    # A pixel of 20 m is two of the tiles at zoom 13: 156,543 m / 2 ** 13 = 19.1 m.
    assert zooms[-1] == 13
    warped = gdal.Warp("", str(path), format="MEM", dstSRS="EPSG:32748", xRes=20, yRes=20)
    left, width, _, top, _, height = warped.GetGeoTransform()
    column, row = int((300_000 + 400 - left) / width), int((9_820_000 - 600 - top) / height)
    assert [int(warped.GetRasterBand(band).ReadAsArray()[row, column]) for band in (1, 2, 3)] == [
        0xD2, 0x69, 0x1E,
    ]  # fmt: skip


@pytest.mark.medium
def test_a_folder_of_tiles_has_those_of_the_file_and_a_page(run, layer, tmp_path):
    folder, file = tmp_path / "tiles", tmp_path / "map.mbtiles"
    parameters = {"INPUTS": [layer], "TITLE": "A & b", "OUTPUT": str(tmp_path / "p.svg")}
    for path in (folder, file):
        done = run("exportmap", {**parameters, "TILES": str(path)})
        assert done.succeeded, done.log
    found = {
        tuple(map(int, name.relative_to(folder).with_suffix("").parts)) for name in folder.rglob("*.png")
    }
    with closing(sqlite3.connect(file)) as database:
        rows = list(database.execute("SELECT zoom_level, tile_column, tile_row FROM tiles"))
    # Rows of MBTiles count from the south.
    assert found == {(zoom, column, 2**zoom - 1 - row) for zoom, column, row in rows}
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert kinds_of(folder / "index.html") == ("tiles",)
    assert "http" not in page and "<title>A &amp; b</title>" in page and "Tanah terbuka" in page
    left, top, right, bottom = map(float, re.search(r"sides = \[(.*?)\]", page)[1].split(","))
    zoom = max(zoom for zoom, _, _ in found)
    columns = [column for level, column, _ in found if level == zoom]
    lines = [row for level, _, row in found if level == zoom]
    assert [int(left * 2**zoom), int(right * 2**zoom)] == [min(columns), max(columns)]
    assert [int(top * 2**zoom), int(bottom * 2**zoom)] == [min(lines), max(lines)]
    # Ours are replaced, and what someone put beside them stays.
    theirs = [folder / name for name in ("notes.txt", "2024/a.png", "2024/1/2.png", "3/photograph.png")]
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    old = folder / "22" / "1" / "1.png"
    old.parent.mkdir(parents=True)
    old.write_text("of an earlier map", encoding="utf-8")
    done = run("exportmap", {**parameters, "TILES": str(folder)})
    assert done.succeeded, done.log
    assert all(path.read_text(encoding="utf-8") == "mine" for path in theirs)
    assert not (folder / "22").exists() and len(list(folder.rglob("*.png"))) == len(found) + 3
    assert sorted(path.name for path in tmp_path.glob(".tiles*")) == []


def test_a_folder_with_other_files_is_no_place_for_tiles(run, layer, tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"mine")
    parameters = {"INPUTS": [layer], "OUTPUT": str(tmp_path / "p.svg"), "TILES": str(folder)}
    done = run("exportmap", {**parameters, "OVERWRITE": True})
    assert not done.succeeded
    assert "not empty" in done.log
    assert [path.name for path in folder.iterdir()] == ["a.png"] and not (tmp_path / "p.svg").exists()


@pytest.mark.medium
def test_the_locator_shows_the_layer_that_the_user_chooses(run, layer, zones, tmp_path):
    zones.renderer().symbol().setColor(QColor("#ABCDEF"))
    parameters = {"INPUTS": [layer], "TITLE": "Jambi", "OUTPUT": str(tmp_path / "p.svg")}
    done = run("exportmap", {**parameters, "LOCATOR_LAYER": zones, "ADD_TO_PROJECT": True})
    assert done.succeeded, done.log
    locator = QgsProject.instance().layoutManager().layoutByName("Jambi").itemById("locator")
    (shown,) = locator.layers()
    assert shown.renderer().symbol().color().name() == "#abcdef"
    assert locator.crs() == zones.crs()
    # The zones as a whole, and the map.
    assert locator.extent().contains(zones.extent()) and locator.extent().contains(layer.extent())
    assert locator.overviews().overview(0).linkedMap().id() == "map"
    # A layer in memory cannot be in a file.
    done = run("exportmap", {**parameters, "LOCATOR_LAYER": zones, "PROJECT": str(tmp_path / "a.qgz")})
    assert not done.succeeded and "A layer in memory" in done.log


@pytest.mark.medium(but=("png",))
@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_an_atlas_that_fails_leaves_nothing(run, layer, zones, tmp_path, ending):
    # Layers that its traceback kept alive would end QGIS with a crash.
    parameters = {"INPUTS": [layer], "ZONES": zones, "SCALE": 100}
    done = run("exportmap", {**parameters, "OUTPUT": str(tmp_path / f"atlas.{ending}")})
    assert not done.succeeded
    assert "larger than the sheet" in done.log
    assert not list(tmp_path.glob("atlas*"))
