"""A checkpoint of another program, imported and mapped in QGIS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from osgeo import gdal

pytestmark = [pytest.mark.qgis, pytest.mark.medium]


@pytest.fixture
def import_model(run, checkpoint, scene, tmp_path):
    """Import the checkpoint and return the run."""

    def import_model(**parameters):
        defaults = {
            "INPUT": checkpoint,
            "SAMPLE_RASTER": scene,
            "PATCH_SIZE": 8,
            "CLASSES": "3=Water, 17=Forest",
            "OUTPUT": str(tmp_path / "model.safetensors"),
        }
        given = {**defaults, **parameters}
        return run("importmodel", {name: value for name, value in given.items() if value is not None})

    return import_model


def test_an_imported_model_maps_and_is_described(import_model, run, scene, tmp_path):
    report = tmp_path / "import.html"
    done = import_model(REPORT=str(report))
    assert done.succeeded, done.log
    figures = {name: done.results[name] for name in ("ARCHITECTURE", "CHANNELS", "CLASS_COUNT", "TENSORS")}
    assert figures == {"ARCHITECTURE": "resnet18", "CHANNELS": 4, "CLASS_COUNT": 2, "TENSORS": 102}
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert content["provenance"]["command"].startswith("qgis_process run deeplandcover:importmodel ")
    assert [item["parameter"] for item in content["provenance"]["inputs"]] == ["INPUT", "SAMPLE_RASTER"]
    described = run("modelinfo", {"MODEL": done.results["OUTPUT"]})
    assert "checkpoint.pth" in described.log and described.results["CLASSES"] == "3 Water, 17 Forest"
    mapped = run(
        "classifyraster",
        {
            "INPUT": scene,
            "MODEL": done.results["OUTPUT"],
            "OUTPUT": str(tmp_path / "map.tif"),
            "DEVICE": "cpu",
        },
    )
    assert mapped.succeeded, mapped.log
    labels = gdal.Open(mapped.results["OUTPUT"]).ReadAsArray()
    # Thirty steps tell the two halves of the scene apart.
    assert (labels[:, :30] == 3).mean() > 0.9 and (labels[:, 50:] == 17).mean() > 0.9


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"INPUT": None}, "No file was given"),
        ({"INPUT": "absent.pth"}, "no such file"),
        ({"MEAN": "1"}, "MEAN and STD"),
        ({"CLASSES": "x=1"}, "whole number"),
        ({"DIVISOR": 0}, "DIVISOR"),
        ({"SAMPLE_RASTER": None}, "how the bands were scaled"),
    ],
)
def test_wrong_input_gives_one_sentence_and_no_model(import_model, tmp_path, changes, words):
    done = import_model(**changes)
    assert not done.succeeded
    assert words in done.log
    assert not (tmp_path / "model.safetensors").exists()


def test_a_raster_is_no_network(import_model, scene, tmp_path):
    done = import_model(INPUT=scene)
    assert not done.succeeded
    assert Path(scene).name in done.log and "checkpoint" in done.log
