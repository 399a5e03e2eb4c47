"""Rasters on servers are just rasters; servers that fail are given up on, with a sentence."""

from __future__ import annotations

import time
import zipfile

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import RasterError
from deep_land_cover.core.raster.mask import Mask
from deep_land_cover.core.raster.source import RasterSource, cannot_reach
from deep_land_cover.core.raster.stack import open_stack

from .conftest import read_all

VALUES = np.random.default_rng(0).integers(0, 60_000, (2, 300, 200)).astype(np.uint16)
BLOCKS = {"tiled": True, "blockxsize": 64, "blockysize": 64}


# A file of a mask has no place of its own.
pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


@pytest.fixture
def scene(make_raster):
    return make_raster(VALUES, names=("red", "nir"), name="scene.tif", **BLOCKS)


def test_a_raster_on_a_web_server_is_a_raster(web_server, scene):
    with open_stack(RasterSource(web_server.vsicurl("scene.tif"))) as stack:
        assert stack.band_names == ("red", "nir")
        assert stack.grid.transform[2] == 500_000.0
        assert np.array_equal(stack.read(100, 164, 30, 90, ("nir",))[0], VALUES[1, 100:164, 30:90])


def test_a_public_object_in_a_bucket_is_a_raster(web_server, scene, tmp_path, monkeypatch):
    (tmp_path / "bucket" / "folder").mkdir(parents=True)
    scene.rename(tmp_path / "bucket" / "folder" / "scene.tif")
    monkeypatch.setenv("AWS_S3_ENDPOINT", f"127.0.0.1:{web_server.port}")
    monkeypatch.setenv("AWS_HTTPS", "NO")
    monkeypatch.setenv("AWS_VIRTUAL_HOSTING", "FALSE")
    monkeypatch.setenv("AWS_NO_SIGN_REQUEST", "YES")
    assert np.array_equal(read_all("/vsis3/bucket/folder/scene.tif"), VALUES)
    with pytest.raises(RasterError, match=r"no such raster on the server \(/vsis3/bucket/nowhere\.tif\)"):
        read_all("/vsis3/bucket/nowhere.tif")
    with pytest.raises(RasterError, match=r"denies access.*AWS_ACCESS_KEY_ID"):
        read_all("/vsis3/403/scene.tif")


def test_a_token_in_an_address_is_no_part_of_the_title():
    assert RasterSource("/vsicurl/https://a.org/b/scene.tif?sig=1/2").title == "scene.tif"
    assert RasterSource("/data/scene?.tif").title == "scene?.tif"


def test_a_bucket_without_credentials_says_so(monkeypatch, tmp_path):
    for name in ("AWS_NO_SIGN_REQUEST", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    # Nothing of the machine that the test runs on, and nobody is asked.
    monkeypatch.setenv("CPL_AWS_AUTODETECT_EC2", "NO")
    monkeypatch.setenv("CPL_AWS_EC2_API_ROOT_URL", "http://127.0.0.1:1")
    with pytest.raises(RasterError, match="denies access"):
        read_all("/vsis3/another-bucket/scene.tif")


def test_folders_on_servers_are_not_listed(web_server, scene):
    read_all(web_server.vsicurl("scene.tif"))
    assert "GET /" not in web_server.requests


def test_a_mask_beside_a_raster_on_a_server_counts(web_server, scene, tmp_path):
    mask = np.ones((300, 200), np.uint8) * 255
    mask[:150] = 0
    profile = {"driver": "GTiff", "count": 1, "height": 300, "width": 200, "dtype": "uint8"}
    with rasterio.open(tmp_path / "scene.tif.msk", "w", **profile) as dataset:
        # What GDAL writes into a mask file of all bands.
        dataset.update_tags(INTERNAL_MASK_FLAGS_1="2", INTERNAL_MASK_FLAGS_2="2")
        dataset.write(mask, 1)
    assert np.array_equal(np.isnan(read_all(web_server.vsicurl("scene.tif"))[1]), mask == 0)


def test_the_users_own_choice_of_listing_counts(web_server, scene, monkeypatch):
    monkeypatch.setenv("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")
    read_all(web_server.vsicurl("scene.tif"))
    assert {request.partition(" ")[2] for request in web_server.requests} == {"/scene.tif"}


def test_a_raster_in_a_zip_file_on_a_server_is_a_raster(web_server, scene, tmp_path):
    with zipfile.ZipFile(tmp_path / "scene.zip", "w") as archive:
        archive.write(scene, "inside.tif")
    assert np.array_equal(read_all(f"/vsizip/{web_server.vsicurl('scene.zip')}/inside.tif"), VALUES)


@pytest.fixture
def mosaic(tmp_path):
    """Return a function that writes a VRT on this machine of a raster on the server."""

    def write(path):
        vrt = tmp_path / "mosaic.vrt"
        vrt.write_text(
            '<VRTDataset rasterXSize="200" rasterYSize="300"><VRTRasterBand dataType="UInt16" band="1">'
            f"<SimpleSource><SourceFilename>{path}</SourceFilename><SourceBand>2</SourceBand>"
            "</SimpleSource></VRTRasterBand></VRTDataset>"
        )
        return str(vrt)

    return write


def test_a_mosaic_of_rasters_on_a_server_is_a_raster(web_server, scene, mosaic):
    assert np.array_equal(read_all(mosaic(web_server.vsicurl("scene.tif")))[0], VALUES[1])


@pytest.mark.parametrize("problem", ["404", "silence"])
def test_a_mosaic_whose_part_cannot_be_had_from_its_server_says_so(web_server, scene, mosaic, problem):
    with pytest.raises(RasterError, match="source file"):
        read_all(mosaic(web_server.vsicurl(f"{problem}/scene.tif")))


@pytest.mark.medium(but=("input-late-503/scene.tif-could not be read completely",))
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("404/scene.tif", "There is no such raster on the server"),
        ("nowhere.tif", "There is no such raster on the server"),
        ("403/scene.tif", "The server denies access to the raster: HTTP response code: 403"),
        ("401/scene.tif", "The server denies access"),
        ("500/scene.tif", "reports an error: HTTP response code: 500"),
        ("silence/scene.tif", "does not answer"),
        ("notes.txt", "The raster cannot be opened"),
        ("late-404/scene.tif", "could not be read completely"),
        ("late-503/scene.tif", "could not be read completely"),
        ("late-silence/scene.tif", "could not be read completely"),
    ],
)
@pytest.mark.parametrize("role", ["input", "mask"])
def test_a_server_that_fails_gets_a_sentence_soon(web_server, make_raster, scene, tmp_path, path, says, role):
    (tmp_path / "notes.txt").write_text("hello")
    source = RasterSource(web_server.vsicurl(path))
    start = time.monotonic()
    with pytest.raises(RasterError, match=says) as error:
        if role == "input":
            read_all(str(source))
        else:
            with open_stack(RasterSource(str(scene))) as stack, Mask(stack.grid, None, source) as mask:
                mask.of(stack.grid.window)
    assert time.monotonic() - start < 10.0
    assert error.value.where == str(source)
    assert error.value.advice
    assert "\n" not in str(error.value)


def test_a_server_that_is_not_there_is_said_to_be_so():
    with pytest.raises(RasterError, match=r"reports an error: CURL error: .*Check the address"):
        read_all("/vsicurl/http://127.0.0.1:1/scene.tif")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        # GDAL 3.6, which QGIS 3.40 has on Debian 12.
        ("HTTP response code on http://a/b: 403", "denies access"),
        ("HTTP response code on http://a/b: 0", "does not answer"),
        ("`/vsicurl/http://a/b' does not exist in the file system, and is not recognized", "no such raster"),
        ("`/vsicurl/http://a/b' not recognized as a supported file format.", "cannot be opened"),
        ("CURL error: Operation too slow. Less than 1 bytes/sec transferred the last 30 seconds", "answer"),
        ("CURL error: Connection timed out after 10001 milliseconds", "does not answer"),
        ("CURL error: Could not resolve host: a", "reports an error: CURL error: Could not resolve host: a"),
    ],
)
def test_what_gdal_says_of_a_server_is_understood(said, says):
    assert says in str(cannot_reach(RasterSource("/vsicurl/http://a/b"), said))
