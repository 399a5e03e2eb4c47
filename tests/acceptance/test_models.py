"""The example models as an operator runs them: by their ids, with files only, without a screen."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from osgeo import gdal

pytestmark = [pytest.mark.qgis, pytest.mark.medium]
CLASSES = {0, 1, 4, 5, 6, 7}


@pytest.fixture(scope="module")
def trained_by_a_model(qgis_process, demo, tmp_path_factory):
    """The outputs of 'Train, classify, assess' on the demo scene; its true map is the reference."""
    folder = tmp_path_factory.mktemp("train_classify_assess")
    done, results = qgis_process(
        "train_classify_assess",
        INPUT=demo["RASTER"],
        SAMPLES=demo["TRAINING"],
        CLASS_FIELD="class",
        NAME_FIELD="name",
        SCHEME="jambi",
        ARCHITECTURE="extra_trees",
        REFERENCE=demo["REFERENCE"],
        model=folder / "model.skops",
        training_report=folder / "training.html",
        map=folder / "map.tif",
        accuracy_report=folder / "accuracy.html",
        accuracy_table=folder / "accuracy.csv",
    )
    assert done.returncode == 0, done.stderr
    return results


def test_training_map_and_accuracy_come_of_one_run(trained_by_a_model, demo):
    assert all(Path(path).is_file() for path in trained_by_a_model.values() if str(path).startswith("/"))
    dataset, source = gdal.Open(trained_by_a_model["map"]), gdal.Open(demo["RASTER"])
    assert dataset.GetGeoTransform() == source.GetGeoTransform()
    report = json.loads(Path(trained_by_a_model["accuracy_report"]).with_suffix(".json").read_text("utf-8"))
    assert 0.5 < report["accuracy"]["overall"]["value"] < 1
    with Path(trained_by_a_model["accuracy_table"]).open(encoding="utf-8", newline="") as file:
        assert {int(row["value"]) for row in csv.DictReader(file)} == CLASSES


def test_a_raster_becomes_a_page_in_the_colours_of_a_scheme(qgis_process, trained_by_a_model, demo, tmp_path):
    done, results = qgis_process(
        "classify_style_export",
        INPUT=demo["RASTER"],
        MODEL=trained_by_a_model["model"],
        SCHEME="jambi_safe",
        REPORT=trained_by_a_model["accuracy_report"],
        map=tmp_path / "map.tif",
        page=tmp_path / "page.pdf",
    )
    assert done.returncode == 0, done.stderr
    assert Path(results["page"]).read_bytes().startswith(b"%PDF")
    scheme = json.loads(
        (Path(__file__).parents[2] / "resources/schemes/jambi_safe.json").read_text(encoding="utf-8")
    )
    dataset = gdal.Open(results["map"])
    table = dataset.GetRasterBand(1).GetDefaultRAT()
    found = {
        table.GetValueAsInt(row, 0): tuple(table.GetValueAsInt(row, place) for place in (3, 4, 5))
        for row in range(table.GetRowCount())
    }
    assert found == {
        item["value"]: tuple(bytes.fromhex(item["color"].removeprefix("#"))) for item in scheme["classes"]
    }


@pytest.mark.slow
def test_several_rasters_become_one_stack_and_a_map(qgis_process, trained_by_a_model, demo, tmp_path):
    # Twice as coarse as the scene, whose grid the stack has.
    gdal.Translate(str(tmp_path / "coarse.tif"), demo["RASTER"], width=160, height=160, bandList=[1])
    done, results = qgis_process(
        "stack_classify",
        INPUT=demo["RASTER"],
        EXTRA_INPUTS=tmp_path / "coarse.tif",
        MODEL=trained_by_a_model["model"],
        stack=tmp_path / "stack.tif",
        map=tmp_path / "map.tif",
    )
    assert done.returncode == 0, done.stderr
    source, stack = gdal.Open(demo["RASTER"]), gdal.Open(results["stack"])
    # The model makes its own indices, so the stack has none.
    assert stack.RasterCount == source.RasterCount + 1
    # It finds its bands in the stack by their names, so the map is that of the scene itself.
    pictures = [gdal.Open(path).ReadRaster() for path in (results["map"], trained_by_a_model["map"])]
    assert pictures[0] == pictures[1]
