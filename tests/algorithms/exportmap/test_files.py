"""The file of a page: of the paper's size, whole, and where it fails as if nothing had been run."""

from __future__ import annotations

import re

import pytest
from osgeo import gdal
from qgis.core import Qgis, QgsProcessingFeedback, QgsProject, QgsRasterLayer
from qgis.PyQt.QtGui import QImage

from .conftest import CLASSES, draw

pytestmark = pytest.mark.qgis
# A4 across at 300 dots per inch.
WIDE, HIGH = 297 / 25.4 * 300, 210 / 25.4 * 300


def image_of(path):
    image = QImage(str(path))
    assert abs(image.width() - WIDE) <= 1 and abs(image.height() - HIGH) <= 1
    return image


@pytest.mark.medium
def test_a_png_is_a4_at_300_dots_and_shows_the_map(run, layer, tmp_path):
    path = tmp_path / "page.png"
    done = run("exportmap", {"INPUTS": [layer.id()], "OUTPUT": str(path)})
    assert done.succeeded, done.log
    assert done.results["OUTPUT"] == str(path)
    assert done.results["CLASSES"] == 2
    image = image_of(path)
    assert image.dotsPerMeterX() == pytest.approx(300 / 0.0254, abs=1)
    # 80 × 60 pixels of 20 m in a room of 190 × 158 mm: the next round scale of 1:8,421 and 1:7,595.
    assert done.results["SCALE"] == pytest.approx(9000, rel=1e-6)
    left = 19 + (190 - 1600 / 9) / 2
    for share, color in ((0.25, "#d2691e"), (0.75, "#0066cc")):
        x = (left + share * 1600 / 9) / 25.4 * 300
        assert image.pixelColor(int(x), int((26 + 60) / 25.4 * 300)).name() == color


def test_a_pdf_is_one_page_of_a4_with_text_that_can_be_searched(run, layer, tmp_path):
    path = tmp_path / "page.pdf"
    done = run("exportmap", {"INPUTS": [layer], "TITLE": "Jambi", "OUTPUT": str(path)})
    assert done.succeeded
    assert f"Page: {path}" in done.log
    content = path.read_bytes()
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert [float(side) for side in box] == pytest.approx([297 / 25.4 * 72, 210 / 25.4 * 72], abs=1)
    assert b"/FontFile2" in content
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.medium
def test_an_svg_is_as_large_as_the_paper(run, layer, tmp_path):
    path = tmp_path / "page.svg"
    assert run("exportmap", {"INPUTS": [layer], "OUTPUT": str(path)}).succeeded
    head = path.read_text(encoding="utf-8")[:1000]
    assert float(re.search(r'\bwidth="([\d.]+)mm"', head)[1]) == pytest.approx(297, abs=0.2)
    assert float(re.search(r'\bheight="([\d.]+)mm"', head)[1]) == pytest.approx(210, abs=0.2)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"OUTPUT": "page.tif"}, "ending '.tif'"),
        ({"OUTPUT": "nowhere/page.pdf"}, "The output folder does not exist"),
        ({"INPUTS": ["nowhere.tif"]}, "There is no such raster"),
        ({"INPUTS": []}, "A page has one map or two"),
        ({"REPORT": "nowhere.html"}, "The report’s figures cannot be read"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_written(
    run, raster, tmp_path, monkeypatch, changes, sentence
):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    done = run("exportmap", {"INPUTS": [raster], "OUTPUT": "page.png", **changes})
    assert not done.succeeded
    assert sentence in done.log
    # QGIS itself keeps statistics of what it opens.
    assert {path for path in tmp_path.rglob("*") if not path.name.endswith(".aux.xml")} == before


def test_a_cancelled_run_leaves_nothing(run, layer, tmp_path):
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(tmp_path / "page.png")}, feedback=feedback)
    assert not done.succeeded
    assert not list(tmp_path.glob("page*"))


def test_a_run_can_be_cancelled_while_a_raster_is_read(run, raster, tmp_path):
    # Several of the pieces that QGIS reads, and no table that counts the classes.
    long = str(tmp_path / "long.tif")
    gdal.Translate(long, raster, width=6100, height=10)
    scene = QgsRasterLayer(long, "Long")
    draw(scene, CLASSES)
    QgsProject.instance().addMapLayer(scene)
    feedback, told = QgsProcessingFeedback(False), []
    feedback.progressChanged.connect(told.append)
    feedback.progressChanged.connect(lambda share: feedback.cancel() if share > 0 else None)
    done = run("exportmap", {"INPUTS": [scene], "OUTPUT": str(tmp_path / "page.png")}, feedback=feedback)
    assert not done.succeeded
    assert "Drawing the page" not in done.log
    assert told == sorted(told) and 0 < told[-1] < 34


@pytest.mark.medium
@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_a_full_disk_is_named_and_leaves_the_earlier_page(run, layer, small_disk, ending):
    path = small_disk / f"page.{ending}"
    path.write_text("an earlier page", encoding="utf-8")
    # All but 32 KiB of 1 MiB: no page is so small.
    (small_disk / "other").write_bytes(bytes(1_048_576 - 32_768))
    done = run("exportmap", {"INPUTS": [layer], "OUTPUT": str(path), "OVERWRITE": True})
    assert not done.succeeded
    assert "The page could not be written" in done.log
    assert sorted(item.name for item in small_disk.iterdir()) == ["other", path.name]
    assert path.read_text(encoding="utf-8") == "an earlier page"


def test_it_runs_in_the_main_thread(algorithm):
    assert algorithm("exportmap").flags() & Qgis.ProcessingAlgorithmFlag.NoThreading
