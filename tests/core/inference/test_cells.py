import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.inference.cells import Cells
from deep_land_cover.core.inference.pipeline import _count_cells, tile_size
from deep_land_cover.core.raster.grid import Tile

small = st.integers(1, 12)


@given(small, small, st.integers(0, 30), st.integers(0, 30), small, st.integers(0, 2**31))
def test_every_candidate_gets_the_value_of_a_candidate_of_its_own_cell(
    height, width, row, column, stride, seed
):
    candidates = torch.from_numpy(np.random.default_rng(seed).random((height, width)) < 0.4)
    cells = Cells(candidates, Tile(row, column, height, width), stride)
    assert candidates[cells.rows, cells.columns].all()
    filled = cells.fill(torch.arange(len(cells)), -1)
    assert torch.equal(filled >= 0, candidates)
    for number, (r, c) in enumerate(zip(cells.rows.tolist(), cells.columns.tolist(), strict=True)):
        cell = ((row + r) // stride, (column + c) // stride)
        members = {
            ((row + i) // stride, (column + j) // stride) for i, j in (filled == number).nonzero().tolist()
        }
        assert members == {cell}
    assert len(cells) == _count_cells(candidates.numpy(), Tile(row, column, height, width), stride)


def test_tiles_are_whole_blocks_of_the_file():
    assert tile_size((256, 256), 1) == 256
    assert tile_size((128, 128), 1) == 256
    assert tile_size((512, 512), 1) == 512
    assert tile_size((100, 100), 1) == 300
    assert tile_size((1, 9000), 1) == 256
    assert tile_size((4096, 4096), 1) == 256
    assert tile_size((256, 256), 8) == 512
    # One that labels whole tiles takes no wider ones for a stride.
    assert tile_size((256, 256), 1, 2048) == tile_size((256, 256), 8, 2048) == 2048
