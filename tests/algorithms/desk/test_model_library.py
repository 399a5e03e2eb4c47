"""The library of models: its dialog with good, broken and foreign files, without a worker."""

from __future__ import annotations

import json
import shutil
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtWidgets import QMessageBox, QTextEdit

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.card import (
    AccuracyInterval,
    ClassMetrics,
    Metrics,
    TrainingArea,
    read_card,
)

from ...cards import model_card

pytestmark = pytest.mark.qgis
KEPT = Path(__file__).parents[2] / "first_edition" / "kept"
CLASSES = (LandCoverClass(3, "Water", "#0066CC"), LandCoverClass(17, "<b>Forest</b>", "#228B22"))


@pytest.fixture
def folder(plugin, tmp_path):
    """The folder of the library, which does not exist at first."""
    from deep_land_cover.algorithms.parameters.settings import choose_model_folder, usual_model_folder

    choose_model_folder(tmp_path / "library")
    yield tmp_path / "library"
    choose_model_folder(usual_model_folder())


@pytest.fixture
def opened():
    return []


@pytest.fixture
def library(folder, desktop, opened, clean_project):
    from deep_land_cover.desk.model_library import ModelLibrary

    dialog = ModelLibrary(
        lambda *what: opened.append(what),
        lambda: opened.append("set up"),
        lambda layer: opened.append(layer.name()),
        desktop.mainWindow(),
    )
    yield dialog
    dialog.close()


@pytest.fixture
def crs_wkt():
    from qgis.core import QgsCoordinateReferenceSystem

    return QgsCoordinateReferenceSystem("EPSG:32748").toWkt()


@pytest.fixture
def card(crs_wkt):
    """Document of a tested network of Jambi."""
    return model_card(
        bands=("B4", "B8"),
        band_roles={"red": "B4", "nir": "B8"},
        classes=CLASSES,
        patch_size=8,
        crs=crs_wkt,
        metrics=Metrics(
            0.912,
            0.9,
            (ClassMetrics(3, 0.9, 0.95, 0.92, 40), ClassMetrics(17, None, None, None, 60)),
            ((38, 2), (7, 53)),
            AccuracyInterval(0.853, 0.951, 21, "polygon"),
        ),
        area=TrainingArea(
            (3e5, 98e5, 31e4, 981e4), (302e3, 9802e3, 304e3, 9805e3), "Sentinel-2A", "2020-08-01"
        ),
    )


@pytest.fixture
def write(tmp_path):
    """Write a safetensors file without weights that has a document, and return its path."""

    def write(name, document):
        text = document if isinstance(document, str) else document.to_json()
        header = json.dumps({"__metadata__": {"deep_land_cover": text}}).encode()
        path = tmp_path / name
        path.write_bytes(struct.pack("<Q", len(header)) + header)
        return path

    return write


def names(library):
    return [library.list.topLevelItem(row).text(0) for row in range(library.list.topLevelItemCount())]


def test_an_empty_library_says_what_to_do_and_makes_no_folder(library, folder):
    assert names(library) == []
    assert "empty" in library.details.toPlainText()
    assert not library.use_button.isEnabled() and not library.remove_button.isEnabled()
    assert not folder.exists()


def test_a_model_is_added_described_found_and_used(library, folder, write, card, opened):
    library.add_models([write("jambi.safetensors", card)])
    assert names(library) == ["jambi.safetensors"]
    text = library.details.toPlainText()
    for fact in (
        "91.2% (95 % interval 85.3% to 95.1%, of 21 polygons)",
        "1 B4 (red), 2 B8 (nir)",
        "Sentinel-2A, 2020-08-01",
        "20 × 20 meters",
        "EPSG:32748",
        "2026-01-01",
        "<b>Forest</b>",
    ):
        assert fact in text
    for words, is_found in (("sentinel forest", True), ("B8 JAMBI", True), ("landsat", False), ("", True)):
        library.search.setText(words)
        assert library.list.topLevelItem(0).isHidden() is not is_found
        assert library.use_button.isEnabled() is False or is_found
    library.select(folder / "jambi.safetensors")
    library.use_button.click()
    library.use_in_classify("classifyfolder")
    model = {"MODEL": str(folder / "jambi.safetensors")}
    assert opened == [("classifyraster", model), ("classifyfolder", model)]


def test_the_place_of_a_training_comes_onto_the_map(library, write, card, opened):
    library.add_models([write("jambi.safetensors", card)])
    # 302 to 304 km east and 9802 to 9805 km of UTM zone 48 south.
    assert "longitude 103.2" in library.details.toPlainText()
    library.show_button.click()
    (layer,) = QgsProject.instance().mapLayers().values()
    assert opened == [layer.name()]
    assert layer.crs().authid() == "EPSG:32748"
    boxes = [feature.geometry().boundingBox() for feature in layer.getFeatures()]
    assert [(box.xMinimum(), box.yMaximum()) for box in boxes] == [(3e5, 981e4), (302e3, 9805e3)]


def test_files_that_cannot_be_used_are_listed_with_their_reason(library, folder, write, card):
    folder.mkdir()
    shutil.copy(KEPT / "extra_trees.skops", folder)
    (folder / "cut.skops").write_bytes((KEPT / "extra_trees.skops").read_bytes()[:3000])
    (folder / "empty.safetensors").touch()
    (folder / "notes.txt").write_text("no model")
    (folder / "gone.skops").symlink_to(folder / "nowhere.skops")
    newer = json.loads(card.to_json()) | {"format_version": 99}
    shutil.move(write("newer.safetensors", json.dumps(newer)), folder)
    shutil.move(write("other.safetensors", replace(card, architecture="of_tomorrow")), folder)
    library.refresh()
    assert names(library) == [
        "cut.skops",
        "empty.safetensors",
        "extra_trees.skops",
        "gone.skops",
        "newer.safetensors",
        "other.safetensors",
    ]
    reasons = {
        "cut.skops": "not a model",
        "empty.safetensors": "not a model",
        "gone.skops": "no such model file",
        "newer.safetensors": "newer version",
        "other.safetensors": "does not exist in this version",
    }
    for name, reason in reasons.items():
        library.select(folder / name)
        assert reason in library.details.toPlainText()
        assert not library.use_button.isEnabled() and library.remove_button.isEnabled()
    library.select(folder / "extra_trees.skops")
    assert library.use_button.isEnabled()
    # A model of the first edition knows neither an interval nor its place.
    assert "without an interval" in library.details.toPlainText()
    assert not library.show_button.isEnabled()


def test_adding_never_replaces_a_model_and_refuses_what_is_none(library, folder, write, card, tmp_path):
    first = write("rice.safetensors", card)
    library.add_models([first])
    library.add_models([first])
    assert names(library) == ["rice.safetensors"]
    other = write("rice.safetensors", replace(card, patch_size=16))
    library.add_models([other])
    assert names(library) == ["rice (2).safetensors", "rice.safetensors"]
    assert read_card(folder / "rice.safetensors").patch_size == 8
    assert library.entry.path.name == "rice (2).safetensors"
    text = tmp_path / "text.skops"
    text.write_text("no model")
    library.add_models([text])
    assert "not a model" in library.bar.currentItem().text()
    assert len(names(library)) == 2
    assert not [path.name for path in folder.iterdir() if path.suffix == ".part"]


def test_a_copy_is_saved_and_the_model_itself_stays(library, folder, write, card, tmp_path):
    library.add_models([write("rice.safetensors", card)])
    model = folder / "rice.safetensors"
    library.copy_to(tmp_path / "copy")
    assert (tmp_path / "copy.safetensors").read_bytes() == model.read_bytes()
    before = model.read_bytes()
    library.copy_to(model)
    assert "name of the model itself" in library.bar.currentItem().text()
    assert model.read_bytes() == before
    library.copy_to(tmp_path / "copy.tif")
    assert not (tmp_path / "copy.tif").exists()


def test_removing_asks_first(library, folder, write, card, monkeypatch):
    library.add_models([write("rice.safetensors", card)])
    buttons, asked, answers = QMessageBox.StandardButton, [], []
    monkeypatch.setattr(
        QMessageBox,
        "question",
        lambda *what: asked.append(what[2]) or (answers.pop() if answers else buttons.Yes),
    )
    answers.append(buttons.Cancel)
    library.remove_button.click()
    assert len(asked) == 1 and names(library) == ["rice.safetensors"]
    # The trash of the temporary folder may not be there; it then asks again, before it deletes.
    library.remove_button.click()
    assert 2 <= len(asked) <= 3 and "rice.safetensors" in asked[1]
    assert names(library) == [] and not (folder / "rice.safetensors").exists()


def test_without_an_environment_the_library_says_what_to_run(library, monkeypatch, opened):
    from deep_land_cover.desk import model_library

    monkeypatch.setattr(model_library, "classify_problem", lambda: "torch is missing.")
    library.refresh()
    assert not library.set_up_line.isHidden()
    assert "run 'Set up the environment' once" in library.set_up_text.text()
    assert library.set_up_text.toolTip() == "torch is missing."


def test_pictures_have_each_class_and_its_share(plugin):
    from qgis.PyQt.QtGui import QColor

    from deep_land_cover.core.models.card import TrainingSurvey
    from deep_land_cover.desk.model_pictures import class_picture

    card = model_card(
        bands=("B4",),
        classes=CLASSES,
        patch_size=8,
        survey=TrainingSurvey(((0.0, 0.0, 0.0, 0.0, 0.0),), (0.001, 0.999), 10),
    )
    picture = class_picture(card, 64)
    colors = [
        QColor(picture.pixel(4 + 8 * column, 4 + 8 * row)).name() for row in range(8) for column in range(8)
    ]
    assert [colors.count("#0066cc"), colors.count("#228b22")] == [1, 63]


def test_a_new_model_is_offered_once_and_added_by_a_click(folder, write, card, monkeypatch):
    from qgis import utils
    from qgis.gui import QgsMessageBar
    from qgis.PyQt.QtWidgets import QPushButton

    from deep_land_cover.algorithms.last_model import offer_to_keep

    class Interface:
        bar = QgsMessageBar()

        def messageBar(self):
            return self.bar

    model = write("rice.skops", card)
    offer_to_keep(str(model))
    monkeypatch.setattr(utils, "iface", Interface())
    assert not Interface.bar.items()
    for _ in range(2):
        offer_to_keep(str(model), delay=0)
        QgsApplication.processEvents()
    (offer,) = Interface.bar.items()
    assert "rice.skops" in offer.findChild(QTextEdit).toPlainText()
    assert not folder.exists()
    offer.findChild(QPushButton).click()
    assert (folder / "rice.skops").read_bytes() == model.read_bytes()
    # What lies in the library is not offered again.
    Interface.bar.clearWidgets()
    offer_to_keep(str(folder / "rice.skops"), delay=0)
    QgsApplication.processEvents()
    assert not Interface.bar.items()
