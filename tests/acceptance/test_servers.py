"""A raster in a bucket, from the command line through QGIS to the worker."""

from __future__ import annotations

import shutil

import pytest
from osgeo import gdal

pytestmark = [pytest.mark.qgis, pytest.mark.medium]


def test_a_public_object_in_a_bucket_is_stacked(qgis_process, demo, web_server, tmp_path):
    (tmp_path / "bucket").mkdir()
    shutil.copy(demo["RASTER"], tmp_path / "bucket" / "scene.tif")
    done, results = qgis_process(
        "stackfeatures",
        variables={
            "AWS_S3_ENDPOINT": f"127.0.0.1:{web_server.port}",
            "AWS_HTTPS": "NO",
            "AWS_VIRTUAL_HOSTING": "FALSE",
            "AWS_NO_SIGN_REQUEST": "YES",
        },
        INPUT="/vsis3/bucket/scene.tif",
        INDICES="NDVI",
        OUTPUT=tmp_path / "stack.tif",
    )
    assert done.returncode == 0, done.stderr
    written, original = gdal.Open(results["OUTPUT"]), gdal.Open(demo["RASTER"])
    assert written.RasterCount == original.RasterCount + 1
    assert written.GetGeoTransform() == original.GetGeoTransform()
    assert "GET /bucket/scene.tif" in web_server.requests


def test_a_server_that_is_silent_ends_the_command_with_a_sentence(qgis_process, web_server, tmp_path):
    done, _ = qgis_process(
        "stackfeatures",
        variables={"GDAL_HTTP_LOW_SPEED_TIME": "1", "GDAL_HTTP_LOW_SPEED_LIMIT": "1"},
        INPUT=web_server.vsicurl("silence/scene.tif"),
        OUTPUT=tmp_path / "stack.tif",
    )
    assert done.returncode == 1
    assert "The server of the raster does not answer" in done.stderr
    assert not list(tmp_path.iterdir())
