"""The whole job, from rasters on three grids to one file."""

import os

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import (
    OutputError,
    ParameterError,
    RasterError,
    RunCancelled,
)
from deep_land_cover.core.options import INDEX_NAMES
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.roles import guess_roles
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.tasks.stackfeatures import run

from ...requests import changed, stack_request

LEFT, TOP = 500_000.0, 9_800_000.0
ROWS, COLUMNS = 70, 90


@pytest.fixture
def optical():
    """Return stored values of blue, green, red, near infrared, with a hole of nodata."""
    values = np.random.default_rng(0).integers(100, 6000, (4, ROWS, COLUMNS)).astype(np.uint16)
    values[:, 10:20, 30:50] = 0
    return values


@pytest.fixture
def request_for(make_raster, optical, tmp_path):
    """Sentinel-2 bands of 20 m, radar of 10 m and terrain of 45 m that lacks the right half."""
    scene = make_raster(optical, names=("B02", "B03", "B04", "B08"), nodata=0, name="scene.tif")
    radar = np.random.default_rng(1).random((2, 2 * ROWS, 2 * COLUMNS), dtype=np.float32)
    radar_path = make_raster(
        radar, names=("VV", "VH"), name="radar.tif", transform=(10.0, 0.0, LEFT, 0.0, -10.0, TOP)
    )
    terrain = np.repeat(np.arange(40, dtype=np.int16)[None, :], 60, axis=0)
    terrain_path = make_raster(
        terrain[:, :21], name="terrain.tif", transform=(45.0, 0.0, LEFT - 45.0, 0.0, -45.0, TOP + 90.0)
    )

    def make(**changes):
        request = stack_request(
            RasterSource(str(scene)),
            str(tmp_path / "stack.tif"),
            extra_inputs=(RasterSource(str(radar_path)), RasterSource(str(terrain_path))),
            indices=("NDVI", "NDRE", "SAVI"),
        )
        return changed(request, **changes)

    make.radar = radar
    return make


def test_the_stack_holds_all_bands_on_the_inputs_grid(request_for, optical, tmp_path):
    progress = SilentProgress()
    result = run(request_for(), progress)
    assert result.bands == ("B02", "B03", "B04", "B08", "VV", "VH", "Band 1", "NDVI", "SAVI")
    with rasterio.open(result.output) as dataset, rasterio.open(tmp_path / "scene.tif") as scene:
        assert (dataset.shape, dataset.transform, dataset.crs) == (scene.shape, scene.transform, scene.crs)
        assert dataset.descriptions == result.bands
        assert set(dataset.dtypes) == {"float32"} and np.isnan(dataset.nodata)
        assert dataset.profile["tiled"] and dataset.profile["compress"] == "deflate"
        assert dataset.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "3"
        values = dataset.read()
    valid = optical[0] > 0
    for band in range(4):
        assert np.array_equal(values[band], np.where(valid, optical[band], np.nan), equal_nan=True)
    means = request_for.radar.reshape(2, ROWS, 2, COLUMNS, 2).mean(axis=(2, 4))
    assert values[4:6] == pytest.approx(means, abs=1e-5)
    # A plane that rises by 1 each 45 m, as far as the terrain reaches.
    covered = np.arange(COLUMNS) * 20.0 + 10.0 < 20 * 45.0
    assert values[6][:, covered][:, :44] == pytest.approx(
        np.tile((np.arange(44) * 20.0 + 10.0 + 45.0) / 45.0 - 0.5, (ROWS, 1)), abs=1e-3
    )
    assert np.isnan(values[6][:, ~covered]).all()
    red, nir = np.where(valid, optical[2:], np.nan) / 10_000.0
    assert values[7][valid] == pytest.approx(((nir - red) / (nir + red))[valid], abs=1e-5)
    assert values[8][valid] == pytest.approx((1.5 * (nir - red) / (nir + red + 0.5))[valid], abs=1e-5)
    assert np.isnan(values[7:][:, ~valid]).all()
    assert any(level == "warning" and "NDRE" in text for level, text in progress.lines)
    log = "\n".join(text for _, text in progress.lines)
    assert "radar.tif is resampled to the grid of" in log and "(average)" in log and "(bilinear)" in log


def test_the_stack_has_the_roles_and_values_of_its_parts(request_for):
    request = request_for()
    result = run(request, SilentProgress())
    with (
        open_stack(RasterSource(result.output)) as written,
        open_stack(request.inputs.raster, extra_inputs=request.inputs.extra) as parts,
    ):
        assert guess_roles(written.band_names) == guess_roles(parts.band_names)
        assert written.band_names[:7] == parts.band_names
        read = written.read(-3, ROWS + 2, -1, COLUMNS, parts.band_names)
        assert np.array_equal(read, parts.read(-3, ROWS + 2, -1, COLUMNS), equal_nan=True)


def test_a_stack_of_a_stack_tells_an_index_from_the_band_of_its_name(request_for, tmp_path):
    first = run(request_for(extra_inputs=()), SilentProgress())
    again = request_for(
        input=RasterSource(first.output),
        extra_inputs=(),
        output=str(tmp_path / "again.tif"),
        indices=("NDVI",),
    )
    assert run(again, SilentProgress()).bands == ("B02", "B03", "B04", "B08", "NDVI", "SAVI", "NDVI (2)")


def test_band_roles_can_be_given(make_raster, request_for):
    values = np.stack([np.full((9, 9), 2000), np.full((9, 9), 6000)]).astype(np.uint16)
    plain = RasterSource(str(make_raster(values, name="plain.tif")))
    request = request_for(input=plain, extra_inputs=(), indices=INDEX_NAMES, band_roles="red=1, nir=2")
    result = run(request, SilentProgress())
    assert result.bands == ("Band 1", "Band 2", "NDVI", "SAVI", "MSAVI")
    with rasterio.open(result.output) as dataset:
        assert dataset.read(3) == pytest.approx(np.full((9, 9), 0.5))


def test_values_are_judged_also_where_nearly_all_is_nodata(make_raster, request_for):
    values = np.zeros((2, 600, 500), np.uint16)
    values[:, 411:414, 77:80] = [[[3000]], [[5000]]]
    lonely = RasterSource(str(make_raster(values, names=("red", "nir"), nodata=0, name="lonely.tif")))
    result = run(request_for(input=lonely, extra_inputs=(), indices=("SAVI",)), SilentProgress())
    with rasterio.open(result.output) as dataset:
        savi = dataset.read(3)
    assert np.count_nonzero(np.isfinite(savi)) == 9
    assert savi[412, 78] == pytest.approx(1.5 * 0.2 / 1.3)


@pytest.mark.medium
def test_tiles_join_without_seams(make_raster, request_for):
    # More than one tile in both directions, and none of them whole.
    y, x = np.mgrid[0:700, 0:600]
    scene = make_raster((x + 1000 * y).astype(np.float64), names=("plane",), name="large.tif")
    fine = make_raster(
        (x[:400, :350] * 2.0 + y[:400, :350]).astype(np.float32),
        names=("ramp",),
        name="ramp.tif",
        transform=(37.0, 0.0, LEFT - 100.0, 0.0, -37.0, TOP + 100.0),
    )
    request = request_for(input=RasterSource(str(scene)), extra_inputs=(RasterSource(str(fine)),), indices=())
    with rasterio.open(run(request, SilentProgress()).output) as dataset:
        plane, ramp = dataset.read()
    assert np.array_equal(plane, x + 1000 * y)
    column, row = (x * 20.0 + 10.0 + 100.0) / 37.0 - 0.5, (y * 20.0 + 10.0 + 100.0) / 37.0 - 0.5
    assert ramp == pytest.approx(2.0 * column + row, abs=2e-3)


class CancelLate(SilentProgress):
    """Cancels when some of the file is written."""

    fraction = 0.0

    def update(self, fraction, text="", **values):
        self.fraction = fraction

    def check_cancelled(self):
        if self.fraction > 0.2:
            raise RunCancelled


def test_a_cancelled_run_leaves_nothing(make_raster, request_for, tmp_path):
    large = make_raster(np.zeros((1200, 1100), np.uint8), name="large.tif")
    before = sorted(os.listdir(tmp_path))
    request = request_for(input=RasterSource(str(large)), extra_inputs=(), indices=())
    with pytest.raises(RunCancelled):
        run(request, CancelLate())
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (lambda f: {"input": RasterSource(f"{f}/nowhere.tif")}, RasterError, "no such raster"),
        (lambda f: {"extra_inputs": (RasterSource(f"{f}/nowhere.tif"),)}, RasterError, r"nowhere\.tif"),
        (lambda f: {"output": f"{f}/stack.png"}, OutputError, "ending '.png'"),
        (lambda f: {"output": f"{f}/nowhere/stack.tif"}, OutputError, "folder does not exist"),
        (lambda f: {"output": f"{f}/scene.tif"}, OutputError, "one of the inputs"),
        (lambda f: {"output": f"{f}/radar.tif"}, OutputError, "one of the inputs"),
        (lambda f: {"resampling": "sinc"}, ParameterError, "not a resampling method"),
        (lambda f: {"resampling": "auto,auto,auto"}, ParameterError, "3 methods for 2"),
        (lambda f: {"indices": ("NDXI",)}, ParameterError, "'NDXI' is not a spectral index"),
        (lambda f: {"band_roles": "nir=B99"}, ParameterError, "no band 'B99'"),
    ],
)
def test_what_cannot_work_has_a_sentence_and_leaves_no_output(request_for, tmp_path, change, kind, says):
    request = request_for(**change(str(tmp_path)))
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(kind, match=says):
        run(request, SilentProgress())
    assert sorted(os.listdir(tmp_path)) == before


def test_an_input_without_crs_is_the_one_that_is_named(make_raster, request_for):
    bare = make_raster(np.ones((9, 9), np.uint8), crs=None, name="bare.tif")
    with pytest.raises(RasterError, match=r"no coordinate reference system \(.*bare\.tif\)"):
        run(request_for(input=RasterSource(str(bare))), SilentProgress())
