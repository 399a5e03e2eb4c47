"""From nothing to a styled map with file paths only, and what is said when something is wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = [pytest.mark.qgis, pytest.mark.medium]


def test_the_demo_is_three_files_and_a_project_of_them(demo):
    for name in ("RASTER", "TRAINING", "REFERENCE", "PROJECT"):
        assert Path(demo[name]).is_file()
        assert Path(demo[name]).parent == Path(demo["OUTPUT_FOLDER"])
    with ZipFile(demo["PROJECT"]) as archive:
        (name,) = (item for item in archive.namelist() if item.endswith(".qgs"))
        project = archive.read(name).decode("utf-8")
    assert set(re.findall("<datasource>(.+?)</datasource>", project)) == {
        f"./{Path(demo[name]).name}" for name in ("RASTER", "TRAINING", "REFERENCE")
    }
    assert demo["OUTPUT_FOLDER"] not in project


def test_training_returns_its_figures(trained):
    assert Path(trained["OUTPUT"]).is_file()
    assert trained["CLASSES"] == 6
    assert trained["TRAIN_SAMPLES"] <= 6 * 20
    assert trained["TEST_SAMPLES"] > 0
    assert 0 <= trained["MACRO_F1"] <= 1
    assert 0 <= trained["OVERALL_ACCURACY"] <= 1
    assert trained["SPLIT"] in ("polygons", "blocks")


def test_the_model_is_described(qgis_process, trained):
    done, results = qgis_process("modelinfo", MODEL=trained["OUTPUT"])
    assert done.returncode == 0, done.stderr
    assert results["ARCHITECTURE"] == "resnet18"
    assert "0 Water" in results["CLASSES"]
    assert results["OVERALL_ACCURACY"] == pytest.approx(trained["OVERALL_ACCURACY"])


def test_classification_writes_the_map_on_the_rasters_grid(qgis_process, demo, trained, tmp_path):
    from osgeo import gdal

    output = tmp_path / "map.tif"
    done, results = qgis_process(
        "classifyraster", INPUT=demo["RASTER"], MODEL=trained["OUTPUT"], OUTPUT=output, STRIDE=4, DEVICE="cpu"
    )
    assert done.returncode == 0, done.stderr
    written, source = gdal.Open(str(output)), gdal.Open(demo["RASTER"])
    assert results["OUTPUT"] == str(output)
    assert results["PATCHES"] > 0
    assert written.GetGeoTransform() == source.GetGeoTransform()
    assert (written.RasterXSize, written.RasterYSize) == (source.RasterXSize, source.RasterYSize)
    table = written.GetRasterBand(1).GetDefaultRAT()
    assert table.GetRowCount() == 6


def test_rasters_are_stacked_and_repeated_keys_are_a_list(qgis_process, demo, tmp_path):
    from osgeo import gdal

    for name, size in (("coarse", 50), ("fine", 400)):
        gdal.Translate(
            str(tmp_path / f"{name}.tif"), demo["REFERENCE"], width=size, height=size, bandList=[1]
        )
    done, results = qgis_process(
        "stackfeatures",
        ("EXTRA_INPUTS", tmp_path / "coarse.tif"),
        ("EXTRA_INPUTS", tmp_path / "fine.tif"),
        ("INDICES", "NDVI"),
        INPUT=demo["RASTER"],
        RESAMPLING="auto, nearest",
        OUTPUT=tmp_path / "stack.tif",
    )
    assert done.returncode == 0, done.stderr
    written, source = gdal.Open(results["OUTPUT"]), gdal.Open(demo["RASTER"])
    assert written.GetGeoTransform() == source.GetGeoTransform()
    assert (written.RasterXSize, written.RasterYSize) == (source.RasterXSize, source.RasterYSize)
    bands = results["BANDS"].split(", ")
    assert len(bands) == written.RasterCount == source.RasterCount + 3
    assert bands[-3:] == ["Land cover", "Land cover (2)", "NDVI"]


def test_relative_paths_work(environment, demo, tmp_path):
    (tmp_path / "outputs").mkdir()
    scene = os.path.relpath(demo["RASTER"], tmp_path)
    done = subprocess.run(
        [
            "qgis_process",
            "run",
            "deeplandcover:stackfeatures",
            "--",
            f"INPUT={scene}",
            "INDICES=NDVI",
            "OUTPUT=outputs/relative.tif",
        ],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "outputs" / "relative.tif").is_file()


@pytest.mark.parametrize(
    ("algorithm", "changes", "sentence"),
    [
        ("trainmodel", {"INPUT": "nowhere.tif"}, "There is no such raster (nowhere.tif)"),
        pytest.param(
            "trainmodel", {"CLASS_FIELD": "klass"}, "There is no field 'klass'", marks=pytest.mark.slow
        ),
        pytest.param(
            "trainmodel",
            {"OUTPUT": "nowhere/model.skops"},
            "The output folder does not exist",
            marks=pytest.mark.slow,
        ),
        pytest.param("trainmodel", {"OUTPUT": "model.txt"}, "ending '.txt'", marks=pytest.mark.slow),
        pytest.param(
            "classifyraster",
            {"MODEL": "nowhere.safetensors"},
            "There is no such model file",
            marks=pytest.mark.slow,
        ),
        ("classifyraster", {"OUTPUT": "map.png"}, "ending '.png'"),
        pytest.param(
            "classifyraster",
            {"OUTPUT": "nowhere/map.tif"},
            "The output folder does not exist",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_wrong_input_is_one_sentence_on_stderr_and_exit_code_1(
    qgis_process, demo, trained, tmp_path, algorithm, changes, sentence
):
    parameters = {
        "trainmodel": {
            "INPUT": demo["RASTER"],
            "SAMPLES": demo["TRAINING"],
            "CLASS_FIELD": "class",
            "OUTPUT": tmp_path / "model.skops",
        },
        "classifyraster": {
            "INPUT": demo["RASTER"],
            "MODEL": trained["OUTPUT"],
            "OUTPUT": tmp_path / "map.tif",
        },
    }
    done, _ = qgis_process(algorithm, **{**parameters[algorithm], **changes})
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_failure_in_the_worker_is_exit_code_1(qgis_process, demo, trained, tmp_path):
    done, _ = qgis_process(
        "classifyraster", INPUT=demo["REFERENCE"], MODEL=trained["OUTPUT"], OUTPUT=tmp_path / "map.tif"
    )
    assert done.returncode == 1
    assert "band" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", [pytest.param((), id="text"), pytest.param(("--json",), id="json")])
@pytest.mark.slow(but=("text",))
def test_an_error_is_printed_once(environment, tmp_path, form):
    from osgeo import gdal, osr

    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32632)
    scene = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "scene.tif"), 20, 20, 2)
    scene.SetGeoTransform((500_000, 10, 0, 5_400_000, 0, -10))
    scene.SetProjection(reference.ExportToWkt())
    scene.FlushCache()
    values = [f"INPUT={tmp_path / 'scene.tif'}", "BAND_NAMES=a,b,c", f"OUTPUT={tmp_path / 'stack.tif'}"]
    command = ["qgis_process", "run", "deeplandcover:stackfeatures", *form, "--", *values]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.count("BAND_NAMES has 3 names for 2 bands") == 1


def test_without_an_environment_it_lists_helps_and_says_what_to_run(environment, demo, tmp_path):
    empty = {key: value for key, value in environment.items() if key != "DEEP_LAND_COVER_PYTHON"}
    listed = subprocess.run(
        ["qgis_process", "list", "--json"], env=empty, capture_output=True, text=True, timeout=120
    )
    assert "deeplandcover:trainmodel" in str(json.loads(listed.stdout)["providers"]["deeplandcover"])
    helped = subprocess.run(
        ["qgis_process", "help", "deeplandcover:classifyraster"],
        env=empty,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "STRIDE" in helped.stdout
    run = subprocess.run(
        ["qgis_process", "run", "deeplandcover:createdemo", "--", f"OUTPUT_FOLDER={tmp_path / 'demo'}"],
        env=empty,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 1
    assert "deeplandcover:setupenvironment" in run.stderr
    assert not list(tmp_path.iterdir())


def test_a_style_with_an_infinite_value_is_refused_in_one_sentence(qgis_process, demo, tmp_path):
    style = tmp_path / "infinite.qml"
    style.write_text(
        '<qgis><pipe><rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1"><colorPalette>'
        '<paletteEntry value="inf" color="#ff0000" label="x" alpha="255"/>'
        "</colorPalette></rasterrenderer></pipe></qgis>"
    )
    done, _results = qgis_process("styleclassification", INPUT=demo["REFERENCE"], SCHEME_FILE=style)
    assert done.returncode == 1
    assert "infinite.qml" in done.stderr and "Traceback" not in done.stderr
