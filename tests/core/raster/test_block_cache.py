"""Rasters in large blocks are decoded once, as far as the memory goes, or said to be what they are."""

from __future__ import annotations

import sys

import pytest
import rasterio
from rasterio.env import get_gdal_config

from deep_land_cover.core.errors import RasterError
from deep_land_cover.core.raster import band_file as block_cache
from deep_land_cover.core.raster.gdal import physical_memory
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack

MB = 2**20
BASE = 256 * MB
MEMORY = 8 * 1024 * MB


@pytest.fixture(autouse=True)
def memory(monkeypatch):
    """Let the computer have 8 GB, and GDAL the cache that it has in a worker."""
    monkeypatch.setattr(block_cache, "physical_memory", lambda: MEMORY)
    monkeypatch.setenv("GDAL_CACHEMAX", "256")


@pytest.fixture
def sparse(tmp_path):
    """Return a function that writes a raster whose blocks are all nodata, and so take no room."""

    def write(name, width, height, count=1, dtype="uint16", **profile):
        options = {
            "driver": "GTiff",
            "crs": "EPSG:32748",
            "transform": rasterio.Affine(10, 0, 5e5, 0, -10, 9e6),
        }
        path = tmp_path / name
        with rasterio.open(
            path,
            "w",
            width=width,
            height=height,
            count=count,
            dtype=dtype,
            sparse_ok=True,
            **options,
            **profile,
        ):
            pass
        return RasterSource(str(path))

    return write


def cache() -> int:
    with rasterio.Env():
        return get_gdal_config("GDAL_CACHEMAX")


TILED = {"tiled": True, "blockxsize": 256, "blockysize": 256}
GIANT = {"tiled": True, "blockxsize": 8000, "blockysize": 8000, "compress": "deflate"}


@pytest.mark.parametrize(
    ("profile", "size", "count", "needed"),
    [
        (TILED, (20_000, 20_000), 4, 0),
        # Lines of 40,000 pixels of 2 bytes in 4 bands: 512 of them and one that begins above.
        ({"blockysize": 1}, (40_000, 900), 4, 513 * 40_000 * 2 * 4),
        # Blocks of a hundred lines: six of them hold 512 lines, and one begins above; not beyond the end.
        ({"blockysize": 100}, (9000, 9000), 1, 700 * 9000 * 2),
        ({"blockysize": 100}, (9000, 250), 1, 300 * 9000 * 2),
        # All of the raster is one block.
        (GIANT, (8000, 8000), 4, 8000 * 8000 * 2 * 4),
        ({"blockysize": 8000, "compress": "deflate"}, (8000, 8000), 4, 8000 * 8000 * 2 * 4),
    ],
)
def test_what_tiles_share_has_room_in_the_cache_while_the_raster_is_open(
    sparse, profile, size, count, needed
):
    source = sparse("large.tif", *size, count, **profile)
    with open_stack(source) as stack:
        assert cache() == BASE + needed
        assert stack.notes == ()
        with open_stack(source):
            assert cache() == min(BASE + 2 * needed, MEMORY // 4)
        assert cache() == BASE + needed
    assert cache() == BASE


def test_the_users_own_bound_counts(sparse, monkeypatch):
    before = cache()
    monkeypatch.setenv("GDAL_CACHEMAX", "300")
    with open_stack(sparse("large.tif", 8000, 8000, **GIANT)):
        assert cache() == before


def test_more_than_a_quarter_of_the_memory_is_not_taken_but_said(sparse):
    profile = {"tiled": True, "blockxsize": 8000, "blockysize": 8000, "interleave": "band"}
    with open_stack(sparse("large.tif", 16_000, 16_000, 6, **profile)) as stack:
        assert cache() == MEMORY // 4
        assert "blocks of 8,000 x 8,000 pixels, too many for the memory" in stack.notes[0]
    assert cache() == BASE


@pytest.mark.parametrize(
    ("interleave", "is_refused"),
    # A block is 20,000 x 20,000 x 2 bytes, 0.8 GB, and with all bands 4.8 GB.
    [("pixel", True), ("band", False)],
)
def test_a_block_of_more_than_half_of_the_memory_is_refused(sparse, interleave, is_refused):
    profile = {"tiled": True, "blockxsize": 20_000, "blockysize": 20_000, "BIGTIFF": "YES"}
    source = sparse("large.tif", 20_000, 20_000, 6, interleave=interleave, **profile)
    if is_refused:
        with pytest.raises(
            RasterError, match=r"20,000 x 20,000 pixels, and one of them takes 4\.8 GB"
        ) as error:
            open_stack(source)
        assert "gdal_translate -co TILED=YES" in error.value.advice
    else:
        open_stack(source).close()
    assert cache() == BASE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has /proc")
def test_the_memory_of_this_computer_is_known():
    # Of Linux's own table, or what a container may use of it.
    with open("/proc/meminfo") as table:
        total = int(next(line for line in table if line.startswith("MemTotal")).split()[1]) * 1024
    assert 0 < physical_memory() <= total
