import os
import tracemalloc

import numpy as np
import pytest

from deep_land_cover.core.errors import OutputError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.feature_stack import choose_features, write_features
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack


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
