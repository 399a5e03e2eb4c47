import os
import tracemalloc

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.errors import OutputError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.feature_stack import choose_features, write_features
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_inputs, open_stack


def write(path, raster):
    progress = SilentProgress()
    with open_stack(RasterSource(str(raster))) as stack:
        write_features(path, stack, choose_features(stack, (), "", progress), progress)


@pytest.mark.parametrize("side", [300, 1500])
def test_a_full_disk_is_named_and_leaves_nothing(small_disk, make_raster, side):
    # The small one fits GDAL's cache, so that nothing is written before the file is closed.
    raster = make_raster(np.random.default_rng(0).random((4, side, side), dtype=np.float32))
    with pytest.raises(OutputError, match="The disk is full") as error:
        write(small_disk / "stack.tif", raster)
    assert str(small_disk) in str(error.value)
    assert os.listdir(small_disk) == []


def test_what_belonged_to_an_earlier_file_goes_with_it(make_raster, tmp_path):
    raster = make_raster(np.ones((20, 20), np.uint8))
    output = tmp_path / "stack.tif"
    output.write_text("earlier")
    (tmp_path / "stack.tif.aux.xml").write_text("<PAMDataset/>")
    write(output, raster)
    assert sorted(os.listdir(tmp_path)) == ["input.tif", "stack.tif"]


def test_memory_does_not_grow_with_the_raster(make_raster, tmp_path):
    peaks = []
    for rows in (600, 2400):
        raster = make_raster(np.ones((3, rows, 1100), np.uint8), name=f"{rows}.tif")
        tracemalloc.start()
        write(tmp_path / "stack.tif", raster)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_a_crs_that_a_tiff_cannot_hold_comes_along(make_raster, tmp_path):
    # GDAL writes such a projection beside the TIFF.
    rotated_pole = "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +R=6371229 +no_defs"
    raster = make_raster(np.ones((20, 20), np.uint8), crs=rotated_pole, transform=(0.1, 0, 5, 0, -0.1, 6))
    write(tmp_path / "stack.tif", raster)
    with rasterio.open(raster) as given, rasterio.open(tmp_path / "stack.tif") as written:
        assert written.crs == given.crs
    assert not list(tmp_path.glob("*.part*"))


def test_the_output_may_not_be_a_part_of_a_mosaic_that_is_read(make_raster, tmp_path):
    part = make_raster(np.ones((1, 3), np.uint8), name="part.tif")
    mosaic = tmp_path / "mosaic.vrt"
    mosaic.write_text(
        '<VRTDataset rasterXSize="3" rasterYSize="1"><SRS>EPSG:32748</SRS>'
        "<GeoTransform>500000, 20, 0, 9800000, 0, -20</GeoTransform>"
        '<VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
        '<SourceFilename relativeToVRT="1">part.tif</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    first = RasterSource(str(make_raster(np.ones((1, 3), np.uint8))))
    with pytest.raises(OutputError, match=r"one of the inputs \(.*part\.tif\)"):
        open_inputs(first, [RasterSource(str(mosaic))], "auto", part, SilentProgress())
