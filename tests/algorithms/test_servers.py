"""Rasters on servers, in QGIS and in the real worker."""

from __future__ import annotations

import shutil
import time

import pytest
from osgeo import gdal

from deep_land_cover.algorithms.layers.servers import bounded_waiting

pytestmark = pytest.mark.qgis


def test_a_raster_on_a_web_server_is_stacked(run, scene, web_server, tmp_path):
    shutil.copy(scene, tmp_path / "scene.tif")
    source = web_server.vsicurl("scene.tif")
    done = run("stackfeatures", {"INPUT": source, "INDICES": [], "OUTPUT": str(tmp_path / "stack.tif")})
    assert done.succeeded, done.log
    written, original = gdal.Open(done.results["OUTPUT"]), gdal.Open(scene)
    assert written.GetGeoTransform() == original.GetGeoTransform()
    as_float = {"buf_type": gdal.GDT_Float32}
    assert written.ReadRaster() == original.ReadRaster(**as_float)


@pytest.mark.medium(
    but=(
        "stackfeatures-INPUT-403/scene.tif-The server denies access",
        "stackfeatures-INPUT-nowhere.tif-There is no such raster on the server",
    )
)
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nowhere.tif", "There is no such raster on the server"),
        ("403/scene.tif", "The server denies access"),
        ("silence/scene.tif", "The server of the raster does not answer"),
        ("notes.txt", "The raster cannot be opened"),
    ],
)
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("stackfeatures", "INPUT"),
        ("stackfeatures", "EXTRA_INPUTS"),
        ("trainmodel", "LABELS"),
    ],
)
def test_a_server_that_fails_gets_a_sentence_before_the_run(
    run, scene, web_server, tmp_path, path, says, name, parameter
):
    (tmp_path / "notes.txt").write_text("hello")
    source = web_server.vsicurl(path)
    start = time.monotonic()
    done = run(
        name,
        {
            "INPUT": scene,
            "OUTPUT": str(tmp_path / ("model.safetensors" if parameter == "LABELS" else "stack.tif")),
            parameter: [source] if parameter == "EXTRA_INPUTS" else source,
        },
    )
    assert not done.succeeded
    assert time.monotonic() - start < 15.0
    assert says in done.log and source in done.log
    assert [item.name for item in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.medium
def test_a_mask_on_a_server_that_fails_gets_a_sentence_too(run, scene, model, web_server, tmp_path):
    source = web_server.vsicurl("silence/mask.tif")
    inputs = {"INPUT": scene, "MODEL": model, "MASK": source, "OUTPUT": str(tmp_path / "map.tif")}
    done = run("classifyraster", inputs)
    assert not done.succeeded
    assert f"The server of the raster does not answer ({source})" in done.log
    assert not list(tmp_path.iterdir())


def test_qgis_itself_is_left_as_patient_as_it_was(monkeypatch):
    monkeypatch.setenv("GDAL_HTTP_TIMEOUT", "5")
    before = gdal.GetConfigOption("GDAL_HTTP_CONNECTTIMEOUT")
    with bounded_waiting():
        assert gdal.GetConfigOption("GDAL_HTTP_CONNECTTIMEOUT") == "10"
        assert gdal.GetConfigOption("GDAL_HTTP_TIMEOUT") == "5"
    assert gdal.GetConfigOption("GDAL_HTTP_CONNECTTIMEOUT") == before
    assert gdal.GetConfigOption("GDAL_HTTP_TIMEOUT") == "5"
