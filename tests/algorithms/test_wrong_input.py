"""Wrong or missing input gets one clear sentence, before any work, and no output file."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import NULL, QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY

import deep_land_cover
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.card import METADATA_KEY, Training
from deep_land_cover.core.values import to_plain

from ..cards import model_card

pytestmark = pytest.mark.qgis


def write_model(path, **changes):
    """Write a file with a model document and no weights."""
    card = model_card(
        bands=("B02", "B03", "B04", "B08"),
        band_roles={"red": "B04", "nir": "B08"},
        indices=("NDVI",),
        reflectance_scale=1e-4,
        patch_size=8,
        classes=(LandCoverClass(3, "Water", "#0066CC"), LandCoverClass(17, "Hutan", "#228B22")),
        training=Training("polygons", "whole polygons", 90, 20, 30, 0, 1),
        versions={"torch": "2.6"},
    )
    document = {**to_plain(card), **changes}
    header = json.dumps({"__metadata__": {METADATA_KEY: json.dumps(document)}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    return str(path)


@pytest.fixture
def training(scene, samples, resnet, tmp_path):
    """Parameters that train in a few seconds."""
    return {
        **resnet,
        "INPUT": scene,
        "SAMPLES": samples,
        "CLASS_FIELD": "class",
        "OUTPUT": str(tmp_path / "model.safetensors"),
    }


@pytest.fixture
def classifying(scene, tmp_path):
    """Parameters of a classification with a model that has no weights."""
    return {
        "INPUT": scene,
        "MODEL": write_model(tmp_path / "any.safetensors"),
        "OUTPUT": str(tmp_path / "map.tif"),
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"INPUT": "nowhere.tif"}, r"There is no such raster \(nowhere\.tif\)\. Check the path"),
        ({"INPUT": None}, r"No raster was given \(INPUT\)"),
        ({"SAMPLES": "nowhere.gpkg"}, r"There is no such vector layer \(nowhere\.gpkg\)"),
        ({"SAMPLES": None}, r"No labels were given"),
        ({"SAMPLES": ""}, r"No labels were given"),
        ({"CLASS_FIELD": None}, r"No class field was given.*Choose one of: class, name"),
        ({"CLASS_FIELD": "klass"}, r"There is no field 'klass' \(samples\)\. Choose one of: class, name"),
        ({"NAME_FIELD": "nom"}, r"There is no field 'nom'"),
        ({"LABELS": "also.tif"}, r"There is no such raster \(also\.tif\)"),
        ({"EXTRA_SAMPLES": ["nowhere.gpkg"]}, r"There is no such vector layer \(nowhere\.gpkg\)"),
        ({"SPLIT": "field"}, r"SPLIT is field, but no field was given"),
        ({"SPLIT_FIELD": "site"}, r"There is no field 'site' \(samples\)\. Choose one of: class, name"),
        ({"OUTPUT_SAMPLES": "nowhere/design.gpkg"}, r"output folder does not exist.*nowhere"),
        ({"OUTPUT_SAMPLES": "design.jpeg"}, r"ending '\.jpeg'"),
        ({"SAMPLES": None, "LABELS": "nowhere.tif"}, r"There is no such raster \(nowhere\.tif\)"),
        ({"DEVICE": "quantum"}, r"There is no device 'quantum'.*cuda:1"),
        ({"OUTPUT": "model.pkl"}, r"ending '\.pkl'.*\.safetensors"),
        ({"OUTPUT": "nowhere/model.safetensors"}, r"output folder does not exist.*nowhere"),
        ({"ARCHITECTURE": "extra_trees"}, r"ending '\.safetensors'.*Use \.skops"),
        ({"ARCHITECTURE": "extra_trees", "OUTPUT": "model.skops", "WINDOWS": "4"}, r"'4'"),
        ({"ARCHITECTURE": "resnet9000"}, r"ARCHITECTURE"),
        ({"EPOCHS": 0}, r"EPOCHS"),
        ({"EXTRA_INPUTS": ["nowhere.tif"]}, r"There is no such raster \(nowhere\.tif\)"),
        ({"RESAMPLING": "sinc"}, r"'sinc'.*average"),
    ],
)
def test_training_refuses(run, training, tmp_path, monkeypatch, changes, sentence):
    monkeypatch.chdir(tmp_path)
    done = run("trainmodel", {**training, **changes})
    assert not done.succeeded
    assert_sentence(done.log, sentence)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"INPUT": "nowhere.tif"}, r"There is no such raster \(nowhere\.tif\)"),
        ({"MODEL": "nowhere.safetensors"}, r"There is no such model file \(.*nowhere\.safetensors\)"),
        ({"MODEL": None}, r"No model was given \(MODEL\)"),
        ({"MASK": "nowhere.gpkg"}, r"There is no such mask layer \(nowhere\.gpkg\)"),
        ({"EXTENT": "5,5,9,9 [EPSG:32748]"}, r"The extent is empty"),
        ({"DEVICE": "tpu"}, r"There is no device 'tpu'"),
        ({"OUTPUT": "map.png"}, r"png"),
        ({"OUTPUT": "nowhere/map.tif"}, r"output folder does not exist.*nowhere"),
        ({"STRIDE": 0}, r"STRIDE"),
        ({"MIN_VALID": 1.5}, r"MIN_VALID"),
        ({"EXTRA_INPUTS": "nowhere.tif"}, r"There is no such raster \(nowhere\.tif\)"),
        ({"RESAMPLING": "auto,auto"}, r"2 methods for 0 extra rasters"),
    ],
)
def test_classification_refuses(run, classifying, tmp_path, monkeypatch, changes, sentence):
    monkeypatch.chdir(tmp_path)
    done = run("classifyraster", {**classifying, **changes})
    assert not done.succeeded
    assert_sentence(done.log, sentence)
    assert [item.name for item in tmp_path.iterdir()] == ["any.safetensors"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"INPUT": "nowhere.tif"}, r"There is no such raster \(nowhere\.tif\)"),
        ({"INPUT": None}, r"No raster was given \(INPUT\)"),
        ({"EXTRA_INPUTS": ["nowhere.tif"]}, r"There is no such raster \(nowhere\.tif\)"),
        ({"EXTRA_INPUTS": [""]}, r"No raster was given \(EXTRA_INPUTS\)"),
        ({"INDICES": ["NDXI"]}, r"INDICES"),
        ({"RESAMPLING": "lanczos"}, r"'lanczos'"),
        ({"BAND_ROLES": "nir=B99"}, r"The raster has no band 'B99' \(BAND_ROLES\)"),
        ({"BANDS": "B02,B99"}, r"The raster has no band 'B99' \(BANDS\).*B02, B03, B04, B08"),
        ({"BAND_NAMES": "red,nir"}, r"2 names for 4 bands: B02, B03, B04, B08 \(BAND_NAMES\)"),
        ({"OUTPUT": "stack.png"}, r"png"),
        ({"OUTPUT": "nowhere/stack.tif"}, r"output folder does not exist.*nowhere"),
    ],
)
def test_stacking_refuses(run, scene, tmp_path, monkeypatch, changes, sentence):
    monkeypatch.chdir(tmp_path)
    done = run("stackfeatures", {"INPUT": scene, "OUTPUT": str(tmp_path / "stack.tif"), **changes})
    assert not done.succeeded
    assert_sentence(done.log.strip().splitlines()[-1], sentence)
    assert not list(tmp_path.iterdir())


def test_an_extra_raster_elsewhere_is_refused_by_name(run, scene, make_raster, tmp_path):
    far = make_raster(tmp_path / "far.tif", lambda *_: 1, bands=("VV",), rows=4, columns=4, crs="EPSG:32630")
    done = run(
        "stackfeatures", {"INPUT": scene, "EXTRA_INPUTS": [far], "OUTPUT": str(tmp_path / "stack.tif")}
    )
    assert not done.succeeded
    assert_sentence(
        done.log.strip().splitlines()[-1], r"The raster lies outside the input raster \(.*far\.tif\)"
    )
    assert [item.name for item in tmp_path.iterdir()] == ["far.tif"]


@pytest.mark.parametrize("name", ["classifyraster", "modelinfo"])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"The file is not a model"),
        (b"not a model at all", r"The file is not a model"),
        (struct.pack("<Q", 2) + b"{}", r"no description of a land-cover model"),
    ],
)
def test_a_file_that_is_no_model_is_refused(run, classifying, tmp_path, name, content, sentence):
    file = tmp_path / "bad.safetensors"
    file.write_bytes(content)
    done = run(name, {**classifying, "MODEL": str(file)})
    assert not done.succeeded
    assert_sentence(done.log, sentence)
    assert not (tmp_path / "map.tif").exists()


@pytest.mark.parametrize("name", ["classifyraster", "modelinfo"])
def test_a_model_of_a_newer_version_is_refused(run, classifying, tmp_path, name):
    file = write_model(tmp_path / "newer.safetensors", format_version=99)
    done = run(name, {**classifying, "MODEL": file})
    assert not done.succeeded
    assert_sentence(done.log, r"made by a newer version.*format 99.*Update the plugin")


def test_a_raster_without_crs_is_refused(run, training, make_raster, tmp_path):
    bare = make_raster(tmp_path / "bare.tif", lambda *_: 1, rows=4, columns=4, crs="")
    done = run("trainmodel", {**training, "INPUT": bare})
    assert not done.succeeded
    assert_sentence(done.log, r"The raster has no coordinate reference system \(bare\)")


def test_samples_without_crs_are_refused(run, training):
    training["SAMPLES"].setCrs(QgsCoordinateReferenceSystem())
    done = run("trainmodel", training)
    assert not done.succeeded
    assert_sentence(done.log, r"The vector layer has no coordinate reference system \(samples\)")


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda rows: [(geometry, 3, "Water") for geometry, *_ in rows], r"two classes"),
        (
            lambda rows: [(shifted(geometry), *rest) for geometry, *rest in rows],
            r"12 labelled features lies in the raster \(samples\)",
        ),
        (
            lambda rows: [*rows[::2], (pixel_of(rows[1][0]), 17, "Forest")],
            r"17 .*has fewer than two samples",
        ),
    ],
    ids=["a single class", "all outside the raster", "fewer than two samples of a class"],
)
def test_samples_that_cannot_be_learned_from_are_refused(
    run, training, make_layer, training_rows, tmp_path, build, sentence
):
    layer = make_layer(build(training_rows), "class:int,name:string(20)")
    done = run("trainmodel", {**training, "SAMPLES": layer})
    assert not done.succeeded
    assert_sentence(done.log.splitlines()[-1], sentence)
    assert not list(tmp_path.iterdir())


def test_other_bands_than_the_models_are_refused_with_both_lists(run, model, make_raster, tmp_path):
    other = make_raster(tmp_path / "other.tif", lambda *_: 1, bands=("x", "y"), rows=20, columns=20)
    done = run("classifyraster", {"INPUT": other, "MODEL": model, "OUTPUT": str(tmp_path / "map.tif")})
    assert not done.succeeded
    assert_sentence(done.log.splitlines()[-1], r"(?s)B02.*B08.*x.*y|x.*y.*B02.*B08")
    assert [item.name for item in tmp_path.iterdir()] == ["other.tif"]


def test_the_demo_is_not_written_below_a_missing_folder(run, tmp_path):
    done = run("createdemo", {"OUTPUT_FOLDER": str(tmp_path / "a" / "b")})
    assert not done.succeeded
    assert_sentence(done.log, r"folder above it does not exist")
    assert not list(tmp_path.iterdir())


def test_a_file_is_no_folder_for_the_demo(run, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    done = run("createdemo", {"OUTPUT_FOLDER": str(taken)})
    assert not done.succeeded
    assert "The output folder is a file" in done.log
    assert taken.read_text() == "mine"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"WHEELS": "nowhere"}, r"no such folder of wheels \(nowhere\)"),
        ({"PYTHON": "nowhere/python"}, r"no such Python interpreter \(nowhere/python\)"),
        ({"BUILD": "rocm"}, r"BUILD"),
    ],
)
def test_the_set_up_refuses(run, changes, sentence):
    done = run("setupenvironment", changes)
    assert not done.succeeded
    assert_sentence(done.log, sentence)


def assert_sentence(text, pattern):
    import re

    assert re.search(pattern, text), text
    assert "Traceback" not in text
    assert text.strip().count("\n") == 0, text


def shifted(geometry):
    moved = QgsGeometry(geometry)
    moved.translate(50_000, 0)
    return moved


def pixel_of(geometry):
    """Return a polygon around one pixel's centre within the geometry: a single sample."""
    corner = geometry.boundingBox()
    return QgsGeometry.fromPointXY(QgsPointXY(corner.xMinimum() + 10, corner.yMinimum() + 10)).buffer(3.0, 4)


@pytest.mark.parametrize("nothing", [[], "", NULL])
def test_an_empty_list_of_indices_is_none(run, scene, tmp_path, nothing):
    # On the command line INDICES= comes as NULL.
    done = run("stackfeatures", {"INPUT": scene, "INDICES": nothing, "OUTPUT": str(tmp_path / "stack.tif")})
    assert done.succeeded, done.log
    assert done.results["BANDS"] == "B02, B03, B04, B08"


def test_a_database_of_projections_of_another_program_is_named(run, training, tmp_path):
    """With it layers have no CRS, and the advice to set one would lead nowhere."""
    folder = tmp_path / "other"
    folder.mkdir()
    with sqlite3.connect(folder / "proj.db") as database:
        database.execute("create table metadata (key text, value text)")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "from deep_land_cover.algorithms.layers.projections import check_projections; check_projections()"
    )
    plugins = str(Path(deep_land_cover.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", script, plugins],
        env={**os.environ, "PROJ_DATA": str(folder)},
        capture_output=True,
        text=True,
    )
    assert "because PROJ_DATA points to that of another program" in done.stderr
    assert str(folder) in done.stderr
