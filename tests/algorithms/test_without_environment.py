"""With nothing set up the plugin lists, explains, and says what to run."""

from __future__ import annotations

import re

import pytest
from qgis import utils
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QPushButton, QWidget

from deep_land_cover.runtime.settings import RuntimeSettings

pytestmark = pytest.mark.qgis


@pytest.fixture
def nothing_set_up(plugin, monkeypatch, tmp_path):
    """No setting, no environment, and a host Python that is not found."""
    monkeypatch.delenv("DEEP_LAND_COVER_PYTHON", raising=False)
    empty = RuntimeSettings(environment_folder=tmp_path / "environment")
    monkeypatch.setattr("deep_land_cover.algorithms.base.runtime_settings", lambda: empty)
    monkeypatch.setattr("deep_land_cover.algorithms.provider.runtime_settings", lambda: empty)


@pytest.mark.parametrize("name", ["createdemo", "trainmodel", "classifyraster"])
def test_algorithms_are_listed_with_help_and_say_what_to_run(algorithm, nothing_set_up, name):
    instance = algorithm(name)
    assert instance.shortHelpString()
    can_run, problem = instance.canExecute()
    assert not can_run
    assert "Set up the environment" in problem
    assert "deeplandcover:setupenvironment" in problem


@pytest.mark.parametrize("name", ["setupenvironment", "modelinfo", "exportmap"])
def test_what_needs_no_environment_can_run(algorithm, nothing_set_up, name):
    assert algorithm(name).canExecute() == (True, "")


def test_a_run_says_what_to_do(run, nothing_set_up, scene, samples, tmp_path):
    done = run(
        "trainmodel",
        {
            "INPUT": scene,
            "SAMPLES": samples,
            "CLASS_FIELD": "class",
            "OUTPUT": str(tmp_path / "model.skops"),
        },
    )
    assert not done.succeeded
    assert "deeplandcover:setupenvironment" in done.log


class Desktop:
    """As much of the desktop's interface as a menu entry needs."""

    def __init__(self):
        self.bar = QgsMessageBar()

    def messageBar(self):
        return self.bar

    def activeLayer(self):
        return None


def test_the_first_run_in_the_desktop_offers_a_button_that_sets_it_up(plugin, nothing_set_up, monkeypatch):
    opened = []

    class Dialog(QWidget):
        def runAlgorithm(self):
            opened.append("run")

    def dialog_of(algorithm, parameters):
        opened.append(algorithm.name())
        return Dialog()

    monkeypatch.setattr("processing.createAlgorithmDialog", dialog_of)
    desktop = Desktop()
    menu = type(plugin)(desktop)
    assert menu.train_on_active_layer() is None
    message = desktop.bar.currentItem()
    assert "No Python environment is set up" in message.text()
    (button,) = message.findChildren(QPushButton)
    button.click()
    assert opened == ["setupenvironment", "run"]
    assert desktop.bar.currentItem() is None


def test_the_toolbox_offers_a_link_that_sets_it_up(plugin, algorithm, nothing_set_up, monkeypatch):
    from deep_land_cover.algorithms.set_up_link import SetUpLink

    assert "<a" not in algorithm("trainmodel").canExecute()[1]
    monkeypatch.setattr(utils, "iface", object())
    (link,) = re.findall('href="(.+?)"', algorithm("trainmodel").canExecute()[1])
    called = []
    meaning = SetUpLink(lambda: called.append("set up"))
    QDesktopServices.openUrl(QUrl(link))
    QCoreApplication.processEvents()
    meaning.remove()
    assert called == ["set up"]


def test_an_interpreter_that_is_none_is_named(algorithm, nothing_set_up, monkeypatch):
    monkeypatch.setenv("DEEP_LAND_COVER_PYTHON", "/no/such/python")
    can_run, problem = algorithm("trainmodel").canExecute()
    assert not can_run
    assert "/no/such/python" in problem
