"""What a dialog opens with, and which dropped files are models."""

from __future__ import annotations

import shutil

import pytest
from qgis import utils
from qgis.core import QgsSettings

pytestmark = pytest.mark.qgis


@pytest.fixture
def desktop(plugin, monkeypatch):
    """Say that there is a desktop; only whether there is one is asked."""
    monkeypatch.setattr(utils, "iface", object())
    yield
    QgsSettings().remove("deep_land_cover")


def test_the_last_model_is_remembered_while_its_file_is_there(desktop, model, tmp_path):
    from deep_land_cover.algorithms.last_model import last_model, remember_model

    assert last_model() == ""
    copy = shutil.copy(model, tmp_path / "copy.safetensors")
    remember_model(str(copy))
    assert last_model() == str(copy)
    copy.unlink()
    assert last_model() == ""


def test_a_classification_is_remembered_in_the_desktop_only(plugin, run, scene, model, monkeypatch):
    from deep_land_cover.algorithms.last_model import last_model

    values = {"INPUT": scene, "MODEL": model, "OUTPUT": "TEMPORARY_OUTPUT", "STRIDE": 20, "DEVICE": "cpu"}
    assert run("classifyraster", values).succeeded
    assert last_model() == ""
    monkeypatch.setattr(utils, "iface", object())
    assert run("classifyraster", values).succeeded
    assert last_model() == model
    QgsSettings().remove("deep_land_cover")


def test_a_dropped_model_is_known_by_its_content(plugin, model, scene, tmp_path):
    from deep_land_cover.algorithms.model_drop import ModelDropHandler

    opened = []
    handler = ModelDropHandler(opened.append)
    renamed = str(shutil.copy(model, tmp_path / "model.tif"))
    text = tmp_path / "text.safetensors"
    text.write_text("nothing of ours")
    empty = tmp_path / "empty.skops"
    empty.touch()
    for other in (scene, str(text), str(empty), str(tmp_path), str(tmp_path / "missing.skops")):
        assert not handler.handleFileDrop(other)
    assert handler.handleFileDrop(renamed)
    assert opened == [renamed]
