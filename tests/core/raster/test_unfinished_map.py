"""A class map stands under its name only as a whole: a run that fails leaves what was there."""

import os
from pathlib import Path

import numpy as np
import pytest
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import OutputError, RunCancelled
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.writer import open_map, write_class_map

from .conftest import TYPES, UTM, WKT, classes_of, write_map


def test_the_map_stands_under_its_name_only_when_it_is_complete(tmp_path):
    path = tmp_path / "map.tif"
    with open_map(path, Grid(40, 30, UTM, WKT), classes_of((1, 2, 3)), SilentProgress()) as writer:
        assert "map.tif" not in os.listdir(tmp_path)
        assert "map.tif.new" in os.listdir(tmp_path)
        writer.write(writer.window, np.ones((30, 40), int))
    assert sorted(os.listdir(tmp_path)) == ["map.tif", "map.tif.aux.xml"]


def test_a_run_that_fails_leaves_the_earlier_map_as_it_was(tmp_path):
    path = tmp_path / "map.tif"
    write_map(path)
    before = {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)}
    grid = Grid(40, 30, UTM, WKT)
    with pytest.raises(RunCancelled):
        with open_map(path, grid, classes_of((1, 2, 3)), SilentProgress()):
            raise RunCancelled
    assert {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)} == before


def test_a_failed_map_leaves_nothing_of_gdals_sidecar(tmp_path):
    crs = CRS.from_user_input("+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39 +lon_0=18 +R=6371229")
    grid = Grid(3, 2, (0.11, 0.0, 5.0, 0.0, -0.11, 6.0), crs.to_wkt())
    with pytest.raises(RunCancelled):
        with open_map(tmp_path / "map.tif", grid, classes_of(TYPES["uint8"]), SilentProgress()):
            raise RunCancelled
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_named_and_leaves_nothing(small_disk: Path):
    values = np.random.default_rng(0).choice(TYPES["uint8"], size=(3000, 3000))
    classes = classes_of(TYPES["uint8"])
    with pytest.raises(OutputError, match="The disk is full") as error:
        write_class_map(small_disk / "map.tif", values, Grid(3000, 3000, UTM, WKT), classes, SilentProgress())
    assert str(small_disk) in str(error.value)
    assert os.listdir(small_disk) == []


def test_a_disk_that_fills_only_at_the_end_is_noticed(small_disk: Path):
    # Fits GDAL's cache as a whole, so that nothing is written before the file is closed.
    values = np.random.default_rng(0).integers(0, 200, size=(1200, 1200))
    classes = tuple(LandCoverClass(value, str(value), "#000000") for value in range(200))
    (small_disk / "filler").write_bytes(bytes(500_000))
    with pytest.raises(OutputError, match="The disk is full"):
        write_class_map(small_disk / "map.tif", values, Grid(1200, 1200, UTM, WKT), classes, SilentProgress())
    assert os.listdir(small_disk) == ["filler"]
