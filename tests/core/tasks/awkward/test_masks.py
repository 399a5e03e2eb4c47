"""Awkward rasters as masks, and transparency, which masks and measures nothing."""

from __future__ import annotations

import os

import numpy as np
import pytest

from deep_land_cover.core.errors import BandMismatchError, LandCoverError
from deep_land_cover.core.raster.source import RasterSource

from .conftest import CONTROL_POINTS, NO_BANDS, read, zero_alpha, zero_in_any_band

pytestmark = [
    pytest.mark.data,
    # Some of them have no georeferencing.
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("RGB.byte.gcp.vrt", CONTROL_POINTS),
        ("riotiler_cog_gcps.tif", CONTROL_POINTS),
        ("riotiler_cog_hirise_mars.tif", "cannot be resampled"),
        ("rotated.tif", "no coordinate reference system"),
        ("RGB.nc", NO_BANDS),
        ("all-nodata.tif", "lies outside the input raster"),
    ],
)
def test_an_awkward_mask_gets_one_sentence_and_no_file(folder, tmp_path, model_for, classified, name, says):
    mask = RasterSource(str(folder / name))
    with pytest.raises(LandCoverError, match=says) as error:
        classified(folder / "RGB.byte.tif", model_for(3), mask_raster=mask)
    assert "\n" not in str(error.value)
    assert os.listdir(tmp_path / "maps") == []


@pytest.mark.medium
def test_a_mask_raster_with_transparency_limits_the_map(folder, model_for, classified):
    mask = RasterSource(str(folder / "RGBA.byte.tif"))
    output, _ = classified(folder / "RGB.byte.tif", model_for(3), 16, mask_raster=mask)
    red = read(folder / "RGBA.byte.tif")[0]
    expected = zero_in_any_band(folder / "RGB.byte.tif") | zero_alpha(folder / "RGBA.byte.tif") | (red == 0)
    assert np.array_equal(read(output)[0] == 255, expected)


def test_a_model_of_four_bands_does_not_take_transparency_for_one(folder, model_for, classified):
    with pytest.raises(BandMismatchError, match=r"needs 4: .*has 3: Band 1, Band 2, Band 3 \("):
        classified(folder / "RGBA.byte.tif", model_for(4))
