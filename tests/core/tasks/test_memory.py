"""A worker's memory does not grow with the raster, which only a real worker can show."""

from pathlib import Path

import pytest

from deep_land_cover.benchmarks.memory import peak_resident
from deep_land_cover.benchmarks.province import clustered, write_model, write_raster
from deep_land_cover.benchmarks.worker import open_worker
from deep_land_cover.core.raster.source import RasterSource

from ...requests import classify_request

VALID = 20_000

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="memory is read from Linux's /proc"
)


@pytest.mark.parametrize(
    ("sides", "most"),
    [
        # Of four times the pixels the bands have 250 MB more, as they are stored.
        pytest.param((2048, 4096), 1.2, marks=pytest.mark.medium),
        # From 4,096 to 8,192 memory still grows by 2 %, now and then by more; from there on it does not.
        pytest.param((8192, 16_384), 1.05, marks=pytest.mark.slow),
    ],
)
def test_four_times_the_pixels_take_no_more_memory(tmp_path, monkeypatch, sides, most):
    # So that a raster that is quickly read fills GDAL's cache: one band of 8,192 rows has 134 MB.
    monkeypatch.setenv("GDAL_CACHEMAX", "16")
    model = write_model(tmp_path / "model.safetensors", "resnet18", patch_size=8)
    output = tmp_path / "map.tif"
    peaks = []
    with open_worker() as worker:
        for side in sides:
            shape = (side, side)
            raster = write_raster(tmp_path / f"{side}.tif", shape, clustered(shape, VALID))
            request = classify_request(
                RasterSource(str(raster)), str(model), str(output), stride=4, min_valid=0.0, device="cpu"
            )
            # The patches of a field of 141 columns, cut into cells of 4 x 4 pixels.
            assert worker.run("classify", request)["patches"] >= VALID / 16
            peaks.append(peak_resident(worker.pid))
    assert peaks[1] <= most * peaks[0]
