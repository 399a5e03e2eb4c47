"""What results say of their origin, and of a map that was changed after it was made."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsProject,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from deep_land_cover.algorithms.layers.metadata import is_changed
from deep_land_cover.algorithms.page.texts import other_map_note
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.provenance import without_secrets
from deep_land_cover.core.reporting.report_summary import read_summary

pytestmark = pytest.mark.qgis


@pytest.fixture
def maps(make_raster, tmp_path):
    """Two maps of two classes, whose border differs by five columns."""

    def halves(border):
        return lambda _band, _row, column: 17 if column >= border else 3

    return [
        make_raster(tmp_path / f"{name}.tif", halves(border), bands=("class",))
        for name, border in (("first", 40), ("second", 45))
    ]


@pytest.fixture
def written(run, maps, tmp_path):
    """A map that the plugin wrote."""
    path = str(tmp_path / "agreement.tif")
    done = run("comparemaps", {"INPUTS": maps, "AGREEMENT": path})
    assert done.succeeded, done.log
    return path


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def test_report_and_table_name_inputs_with_checksums_and_the_command(run, maps, tmp_path):
    report, table = tmp_path / "r.html", tmp_path / "t.csv"
    outputs = {"REPORT": str(report), "TABLE": str(table)}
    done = run("assessaccuracy", {"INPUT": maps[0], "REFERENCE": maps[1], "BLOCK_SIZE": 10, **outputs})
    assert done.succeeded, done.log
    content = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    origin = content["provenance"]
    assert {item["parameter"]: item["sha256"] for item in origin["inputs"]} == {
        "INPUT": sha256(maps[0]),
        "REFERENCE": sha256(maps[1]),
    }
    assert origin["command"].startswith("qgis_process run deeplandcover:assessaccuracy")
    assert f"--REFERENCE={maps[1]}" in origin["command"] and "--BLOCK_SIZE=10" in origin["command"]
    page = report.read_text(encoding="utf-8")
    assert sha256(maps[0]) in page and "qgis_process run" in page
    # 5 of 80 columns are wrong.
    assert "93.8 %" in content["methods"]
    # On the page no line breaks before a per cent sign.
    assert content["methods"].replace(" %", "\N{NO-BREAK SPACE}%") in page
    beside = json.loads(Path(f"{table}-metadata.json").read_text(encoding="utf-8"))
    assert beside["url"] == "t.csv" and beside["provenance"]["inputs"] == origin["inputs"]


def test_a_map_carries_the_command_and_its_inputs(written, maps):
    items = gdal.Info(written, format="json")["metadata"][""]
    assert "deeplandcover:comparemaps" in items["COMMAND"]
    assert [item["sha256"] for item in json.loads(items["INPUT_FILES"])] == list(map(sha256, maps))


def test_a_changed_map_is_known_by_its_pixels(written, tmp_path):
    assert is_changed(QgsRasterLayer(written, "map")) is False
    # A copy in another form has the same pixels.
    copy = str(tmp_path / "copy.tif")
    assert gdal.Translate(copy, written, creationOptions=["COMPRESS=LZW", "TILED=YES"]) is not None
    assert is_changed(QgsRasterLayer(copy, "copy")) is False
    dataset = gdal.Open(copy, gdal.GA_Update)
    dataset.GetRasterBand(1).WriteRaster(0, 0, 1, 1, b"\x01")
    del dataset
    assert is_changed(QgsRasterLayer(copy, "copy")) is True


def test_a_map_of_another_program_is_not_said_to_be_changed(maps):
    assert is_changed(QgsRasterLayer(maps[0], "map")) is None


def test_a_report_is_not_shown_for_other_pixels_without_saying_so(run, maps, tmp_path):
    report = tmp_path / "r.html"
    inputs = {"INPUT": maps[0], "REFERENCE": maps[1], "BLOCK_SIZE": 10}
    assert run("assessaccuracy", {**inputs, "REPORT": str(report)}).succeeded
    summary = read_summary(report)
    own, other = (QgsRasterLayer(path, "map") for path in maps)
    assert other_map_note(summary, [own]) == ""
    assert "other pixels" in other_map_note(summary, [other])


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("--INPUT=https://host/a.tif?sig=abc123 --X=1", "https://host/a.tif?… --X=1", "abc123"),
        ("dbname='x' password='hidden' table=\"t\"", "table", "hidden"),
    ],
)
def test_a_command_keeps_no_secret(plugin, text, kept, gone):
    assert kept in without_secrets(text)
    assert gone not in without_secrets(text)


@pytest.mark.medium
def test_a_training_names_the_file_of_the_labels_and_its_layer(train, training_rows, make_layer, tmp_path):
    path = str(tmp_path / "labels.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "training_2024"
    layer = make_layer(training_rows, "class:int,name:string(20)")
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, QgsCoordinateTransformContext(), options)
    forest = {"ARCHITECTURE": "random_forest", "WINDOWS": "0", "INDICES": [], "FOLDS": "0"}
    report = tmp_path / "r.html"
    done = train(path, "m.skops", **forest, REPORT=str(report), OUTPUT_SAMPLES=str(tmp_path / "s.gpkg"))
    assert done.succeeded, done.log
    content = report.with_suffix(".json").read_text(encoding="utf-8")
    (read,) = [item for item in json.loads(content)["provenance"]["inputs"] if item["parameter"] == "SAMPLES"]
    assert (read["name"], read["layer"], read["sha256"]) == ("labels.gpkg", "training_2024", sha256(path))
    labels = "labels.gpkg|layername=training_2024"
    assert json.loads(content)["parameters"]["labels"] == labels
    assert read_card(tmp_path / "m.skops").training.parameters["labels"] == labels
    assert "features.jsonl" not in content + report.read_text(encoding="utf-8")
    used = QgsVectorLayer(str(tmp_path / "s.gpkg"), "s", "ogr").metadata().history()
    assert [line for line in used if line.startswith("INPUT_FILES") and sha256(path) in line]


@pytest.fixture
def model_report(tmp_path):
    """The summary of a training's report, which says only what a page reads of it."""
    overall = {"value": 0.9, "low": 0.8, "high": 0.95}
    report = {
        "deep_land_cover_report": "training", "model": "m.skops", "judgement": {"overall": overall},
        "test_samples": 100, "test_clusters": 10, "cluster_name": "polygon", "split": "polygons",
        "created": "2026-03-01T08:00:00+00:00",
    }  # fmt: skip
    (tmp_path / "training.json").write_text(json.dumps(report), encoding="utf-8")
    return read_summary(tmp_path / "training.json")


def test_figures_of_a_model_are_never_beside_a_map_that_is_not_its_own(written, maps, model_report, tmp_path):
    def words(path):
        return other_map_note(model_report, [QgsRasterLayer(path, "map")])

    def copied(name, **items):
        path = str(tmp_path / name)
        dataset = gdal.Translate(path, written)
        dataset.SetMetadata({**dataset.GetMetadata(), **items})
        del dataset
        return path

    own = copied("own.tif", MODEL="m.skops")
    assert words(own) == ""
    assert "another model: n.skops" in words(copied("other.tif", MODEL="n.skops"))
    assert "not recorded which model" in words(maps[0])
    # A map of version 0.1.0, or one whose sidecar was lost.
    assert "is not recorded" in words(copied("old.tif", MODEL="m.skops", PIXELS_SHA256=""))
    dataset = gdal.Open(own, gdal.GA_Update)
    dataset.GetRasterBand(1).WriteRaster(0, 0, 1, 1, b"\x01")
    del dataset
    assert "was changed after its classification" in words(own)


def test_a_style_says_in_the_layer_that_its_map_was_changed(run, written, tmp_path):
    path = str(tmp_path / "changed.tif")
    dataset = gdal.Translate(path, written)
    dataset.SetMetadataItem("MODEL", "m.skops")
    dataset.GetRasterBand(1).WriteRaster(0, 0, 1, 1, b"\x01")
    del dataset
    layer = QgsRasterLayer(path, "map")
    QgsProject.instance().addMapLayer(layer)
    for _time in range(2):
        done = run("styleclassification", {"INPUT": layer})
        assert done.succeeded, done.log
    assert "was changed after its classification with the model m.skops" in done.log
    assert layer.metadata().abstract().count("was changed after its classification") == 1
