"""DRY_RUN as users run it: a plan as JSON, and not a file more than before."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProject

pytestmark = pytest.mark.qgis


def listing(folder):
    """Return the files of a folder, but for the statistics that QGIS keeps of rasters that it opens."""
    files = {path: path.stat().st_mtime_ns for path in Path(folder).rglob("*")}
    return {
        path: changed
        for path, changed in files.items()
        if not (path.name.endswith(".aux.xml") and path.with_suffix("").with_suffix("").is_file())
    }


def dry(run, name, parameters, folder):
    """Return the plan of a dry run that left a folder as it was."""
    before = listing(folder)
    temporary = set(Path(tempfile.gettempdir()).glob("*"))
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    done = run(name, {**parameters, "DRY_RUN": True}, context)
    assert done.succeeded, done.log
    assert not context.layersToLoadOnCompletion()
    assert listing(folder) == before
    new = {path for path in set(Path(tempfile.gettempdir()).glob("*")) - temporary if path.is_file()}
    assert not {path for path in new if path.suffix in (".tif", ".jsonl", ".csv", ".html", ".part")}
    assert set(done.results) <= {"PLAN", "ESTIMATED_SECONDS", "ESTIMATED_BYTES"}
    plan = json.loads(done.results["PLAN"])
    assert "nothing is written" in done.log
    return plan, done


def test_a_stack_is_planned(run, scene, tmp_path):
    plan, done = dry(
        run,
        "stackfeatures",
        {"INPUT": scene, "INDICES": ["NDVI"], "OUTPUT": str(tmp_path / "s.tif")},
        tmp_path,
    )
    assert plan["inputs"] == [{"parameter": "INPUT", "source": scene}]
    assert (plan["grid"]["width"], plan["grid"]["height"], plan["grid"]["crs"]) == (80, 60, "EPSG:32748")
    # Four bands and an index in 32 bits.
    assert plan["files"][0]["max_bytes"] == done.results["ESTIMATED_BYTES"] == 80 * 60 * 5 * 4
    assert plan["time"]["seconds"] == done.results["ESTIMATED_SECONDS"] > 0


def test_a_classification_is_planned_with_its_products(run, scene, quick_model, tmp_path):
    outputs = {"OUTPUT": str(tmp_path / "m.tif"), "PROBABILITIES": str(tmp_path / "p.tif")}
    plan, _done = dry(
        run, "classifyraster", {"INPUT": scene, "MODEL": quick_model, "DEVICE": "cpu", **outputs}, tmp_path
    )
    assert [item["value"] for item in plan["classes"]] == [3, 17]
    kept = [item for item in plan["files"] if not item["temporary"]]
    assert [item["path"] for item in kept] == list(outputs.values())
    assert kept[0]["max_bytes"] == 80 * 60 * 4 // 3 and kept[1]["max_bytes"] == 2 * kept[0]["max_bytes"]
    assert plan["time"]["seconds"] > 0 and "measured" in plan["time"]["basis"]


def test_a_folder_is_planned_raster_by_raster_and_in_sum(run, scene, quick_model, tmp_path):
    folder = tmp_path / "maps"
    plan, _done = dry(
        run,
        "classifyfolder",
        {"INPUTS": [scene], "MODEL": quick_model, "DEVICE": "cpu", "OUTPUT_FOLDER": str(folder)},
        tmp_path,
    )
    assert not folder.exists()
    assert [item["raster"] for item in plan["runs"]] == [scene]
    assert plan["total"]["max_bytes"] == 80 * 60 * 4 // 3
    assert plan["files"][0]["path"] == str(folder / "scene.tif")
    assert plan["time"]["seconds"] == pytest.approx(plan["runs"][0]["time"]["seconds"])


def test_a_training_is_planned_and_says_what_is_not_known(
    run, scene, make_layer, training_rows, quick, tmp_path
):
    samples = {"SAMPLES": make_layer(training_rows, "class:int,name:string(20)"), "CLASS_FIELD": "class"}
    output = str(tmp_path / "m.safetensors")
    more = {"OUTPUT_SAMPLES": str(tmp_path / "s.gpkg"), "REPORT": str(tmp_path / "r.html")}
    plan, done = dry(
        run, "trainmodel", {"INPUT": scene, **samples, **quick, "OUTPUT": output, **more}, tmp_path
    )
    assert done.results["ESTIMATED_SECONDS"] > 0 and "networks alone" in plan["time"]["basis"]
    assert plan["details"]["training_samples"] > 0
    assert [item["value"] for item in plan["classes"]] == [3, 17]
    trees = {"ARCHITECTURE": "random_forest", "WINDOWS": "0", "OUTPUT": str(tmp_path / "m.skops")}
    plan, done = dry(run, "trainmodel", {"INPUT": scene, **samples, **trees}, tmp_path)
    assert plan["time"]["seconds"] is None and "not known" in plan["time"]["basis"]


def test_the_tools_of_maps_are_planned(run, make_raster, tmp_path):
    maps = [
        make_raster(tmp_path / f"{name}.tif", lambda *place: 3 + place[2] // 40, bands=("class",))
        for name in "ab"
    ]
    names, values = tmp_path / "n.csv", tmp_path / "v.csv"
    names.write_text("value,name\n3,Water\n", encoding="utf-8")
    values.write_text("from,to\n3,300\n", encoding="utf-8")
    fractions = make_raster(
        tmp_path / "f.tif", lambda band, _row, column: float(band == column // 40), bands=("3 a", "4 b")
    )
    output = {"OUTPUT": str(tmp_path / "o.tif")}
    for name, parameters, bytes_per_pixel in (
        ("renameclasses", {"INPUT": maps[0], "TABLE": str(names)}, 1),
        ("recodemap", {"INPUT": maps[0], "TABLE": str(values), "CHANGES": str(tmp_path / "c.csv")}, 2),
        ("mosaicmaps", {"INPUTS": maps, "TABLE": str(tmp_path / "t.csv")}, 1),
        ("generalisemap", {"INPUT": maps[0], "TABLE": str(tmp_path / "t.csv"), "MAJORITY": 3}, 1),
        ("generalisemap", {"INPUT": maps[0], "PROBABILITIES": fractions}, 1),
        ("smoothprobabilities", {"PROBABILITIES": fractions}, 1),
    ):
        plan, _done = dry(run, name, {**parameters, **output}, tmp_path)
        assert plan["files"][0]["max_bytes"] == 80 * 60 * bytes_per_pixel * 4 // 3, name
        assert plan["time"]["seconds"] > 0 and len(plan["classes"]) == 2
    plan, _done = dry(run, "classareas", {"INPUT": maps[0], "TABLE": str(tmp_path / "a.csv")}, tmp_path)
    assert [item["value"] for item in plan["classes"]] == [3, 4] and plan["details"]["zones"] == 0
    assert plan["time"]["seconds"] > 0 and plan["files"][0]["path"] == str(tmp_path / "a.csv")


def test_long_runs_have_the_parameter(plugin):
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    have = {item.name() for item in provider.algorithms() if item.parameterDefinition("DRY_RUN")}
    long = {"classifyraster", "classifyfolder", "trainmodel", "stackfeatures"}
    assert long | {"renameclasses", "recodemap", "mosaicmaps", "generalisemap", "classareas"} <= have
