"""Runs that cannot begin, or end before their time, leave nothing behind."""

from __future__ import annotations

import json
import os
import threading

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import ParameterError, RasterError, RunCancelled
from deep_land_cover.core.progress import SilentProgress

from .conftest import BANDS, make_model, scene


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda values: np.full_like(values, np.nan), "band 'red' has no valid pixel"),
        (lambda values: np.stack([values[0], values[1] * np.nan]), "Band 'nir'"),
    ],
)
def test_nothing_valid_is_refused_and_leaves_no_output(make_raster, classify, tmp_path, spoil, says):
    path = make_raster(spoil(scene(20, 20)), names=BANDS)
    with pytest.raises(RasterError, match=says):
        classify(path, make_model())
    assert os.listdir(tmp_path) == ["input.tif"]


def test_bands_that_are_never_valid_at_the_same_pixel_are_refused(make_raster, classify):
    values = scene(20, 20)
    values[0, :10], values[1, 10:] = np.nan, np.nan
    with pytest.raises(RasterError, match="no pixel is valid in all bands"):
        classify(make_raster(values, names=BANDS), make_model())


def test_a_mask_beside_the_raster_is_refused_and_leaves_no_output(make_raster, classify, tmp_path):
    mask = tmp_path / "mask.jsonl"
    ring = [[0, 0], [0, 1], [1, 1], [0, 0]]
    mask.write_text(json.dumps({"geometry": {"type": "Polygon", "coordinates": [ring]}}))
    with pytest.raises(ParameterError, match="mask does not overlap"):
        classify(make_raster(scene(20, 20), names=BANDS), make_model(), polygons=mask)
    assert sorted(os.listdir(tmp_path)) == ["input.tif", "mask.jsonl"]


class CancelAfter(SilentProgress):
    """Cancels once a number of batches was computed."""

    def __init__(self, batches):
        super().__init__()
        self._left = batches
        self._is_working = False

    def log(self, text, level="info", **values):
        self._is_working = True

    def check_cancelled(self):
        self._left -= self._is_working
        if self._left < 0:
            raise RunCancelled


def test_cancelling_between_batches_leaves_no_file_and_no_thread(
    make_raster, classify, tmp_path, small_tiles
):
    threads = threading.active_count()
    with pytest.raises(RunCancelled):
        classify(
            make_raster(scene(80, 80), names=BANDS), make_model(), progress=CancelAfter(5), batch_size=50
        )
    assert os.listdir(tmp_path) == ["input.tif"]
    assert threading.active_count() == threads


def test_a_raster_that_fails_in_mid_run_raises_in_the_callers_thread(
    make_raster, classify, tmp_path, small_tiles
):
    blocks = {"tiled": True, "blockxsize": 64, "blockysize": 64, "interleave": "band"}
    path = make_raster(scene(600, 64), names=BANDS, compress="deflate", **blocks)
    with rasterio.open(path) as dataset:
        offset = int(dataset.get_tag_item("BLOCK_OFFSET_0_8", "TIFF", bidx=2))
    # A block of the second band, which only the reader of tiles looks at.
    content = bytearray(path.read_bytes())
    content[offset : offset + 2000] = bytes(2000)
    path.write_bytes(content)
    with pytest.raises(RasterError, match="damaged"):
        classify(path, make_model())
    assert os.listdir(tmp_path) == ["input.tif"]
