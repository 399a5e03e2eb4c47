"""Any raster, block, patch, halo, stride and extent: each pixel is computed and kept exactly once."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deep_land_cover.core.inference import pipeline as survey
from deep_land_cover.core.inference.pipeline import PipelineOptions, tile_size
from deep_land_cover.core.raster.grid import Tile, tiles_of

from .conftest import BANDS, make_model, plain_map, plain_stride, scene

blocks = st.tuples(st.integers(1, 3000), st.integers(1, 3000)) | st.sampled_from(
    [(1, 1), (1, 100_000), (16, 16), (256, 256), (512, 512), (1024, 1024), (20_000, 20_000)]
)
windows = st.builds(
    Tile, st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 2500), st.integers(1, 2500)
)


@pytest.mark.parametrize("fill", [True, False])
@given(window=windows, block=blocks, stride=st.integers(1, 600))
def test_the_tiles_of_any_window_lie_in_the_output_once(fill, window, block, stride):
    options = PipelineOptions(BANDS, window, None, (torch.device("cpu"),), stride, fill)
    places = [options.window_in_map(tile) for tile in tiles_of(window, tile_size(block, stride), stride)]
    output = options.output_window
    times = np.zeros((output.height, output.width), np.uint8)
    for place in places:
        assert place.row >= 0 and place.column >= 0
        times[place.row : place.row_stop, place.column : place.column_stop] += 1
    assert (times == 1).all()
    assert sum(place.pixels for place in places) == output.pixels


@given(block=blocks, stride=st.integers(1, 2000))
def test_a_tile_is_bounded_whatever_the_block(block, stride):
    size = tile_size(block, stride)
    assert 256 <= size <= 2048
    side = max(size, stride)
    assert all(max(tile.height, tile.width) <= side for tile in tiles_of(Tile(0, 0, 5000, 3), size, stride))


@given(st.integers(1, 1024), st.integers(1, 3000), st.integers(1, 3000))
def test_no_square_block_is_read_for_two_tiles(side, height, width):
    for tile in tiles_of(Tile(0, 0, height, width), tile_size((side, side), 1)):
        assert tile.row % side == 0 and tile.column % side == 0


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=40,
)
@given(
    shape=st.tuples(st.integers(1, 45), st.integers(1, 45)),
    patch_size=st.integers(3, 12),
    stride=st.integers(1, 9),
    tile=st.integers(3, 30),
    block=st.sampled_from([None, 16, 32]),
    seed=st.integers(0, 1000),
)
def test_any_raster_has_the_map_of_the_plain_loop(
    make_raster, classify, shape, patch_size, stride, tile, block, seed
):
    profile = {"tiled": True, "blockxsize": block, "blockysize": block} if block else {}
    values, model = scene(*shape, seed=seed), make_model(patch_size)
    path = make_raster(values, names=BANDS, **profile)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(survey, "tile_size", lambda block, stride, suited=256: tile)
        done = classify(path, model, stride=stride)
    expected, cells = plain_stride(plain_map(values, model), stride)
    assert np.array_equal(done.values, expected)
    assert done.result.patches == cells
