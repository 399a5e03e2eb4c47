"""GDAL's memory and patience are bounded, unless the user says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import rasterio

from deep_land_cover.core.raster.gdal import NETWORK_OPTIONS, set_gdal_options
from deep_land_cover.core.raster.source import is_remote

PLUGINS = Path(__file__).parents[3] / ".dev" / "plugins"
# Reads each block of the file that is named, then tells the growth of memory in KiB. (The kernel's
# ru_maxrss would begin with what the tests themselves have used.)
READ = """
import re, sys
def peak():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1])
sys.path.insert(0, sys.argv[1])
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
with open_stack(RasterSource(sys.argv[2])) as stack:
    before = peak()
    for row in range(0, stack.grid.height, 256):
        stack.read(row, row + 256, 0, 256)
        for column in range(0, stack.grid.width, 4096):
            stack.read(row, row + 1, column, column + 1)
    print(peak() - before)
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/vsicurl/https://example.org/a.tif", True),
        ("/vsicurl?url=https%3A%2F%2Fexample.org%2Fa.tif", True),
        ("/vsicurl_streaming/http://example.org/a.tif", True),
        ("/vsis3/bucket/a.tif", True),
        ("/vsigs/bucket/a.tif", True),
        ("/vsizip//vsicurl/https://example.org/a.zip/a.tif", True),
        ('NETCDF:"/vsis3/bucket/a.nc":ndvi', True),
        ("https://example.org/a.tif", True),
        ("s3://bucket/a.tif", True),
        ("/vsizip//data/a.zip/a.tif", False),
        ("/data/vsis3/a.tif", False),
        ("/data/https/a.tif", False),
        ("C:\\data\\a.tif", False),
        ('NETCDF:"C:/data/a.nc":ndvi', False),
    ],
)
def test_a_path_that_leads_to_a_server_is_known_as_such(path, expected):
    assert is_remote(path) == expected


def test_waiting_is_bounded_but_the_users_own_bounds_count(monkeypatch):
    for name in ("GDAL_CACHEMAX", *NETWORK_OPTIONS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GDAL_HTTP_TIMEOUT", "7")
    set_gdal_options()
    assert os.environ["GDAL_HTTP_TIMEOUT"] == "7"
    assert float(os.environ["GDAL_HTTP_CONNECTTIMEOUT"]) <= 30
    assert float(os.environ["GDAL_HTTP_LOW_SPEED_TIME"]) <= 60
    assert os.environ["GDAL_CACHEMAX"] == "256"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has /proc")
def test_the_cache_of_blocks_is_bounded(tmp_path):
    # 800 MB of blocks; GDAL's own bound is a twentieth of the computer's memory.
    profile = {"driver": "GTiff", "dtype": "float64", "count": 1, "width": 10_000, "height": 10_000}
    large = tmp_path / "large.tif"
    with rasterio.open(large, "w", **profile, sparse_ok=True, blockysize=64, crs="EPSG:32748"):
        pass
    environment = {name: value for name, value in os.environ.items() if name != "GDAL_CACHEMAX"}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(PLUGINS), str(large)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 200 < int(done.stdout) / 1024 < 256 + 80
