"""What there is to classify, found tile by tile."""

from __future__ import annotations

import numpy as np
import pytest

from deep_land_cover.core.errors import RasterError
from deep_land_cover.core.inference.pipeline import survey
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import tiles_of
from deep_land_cover.core.raster.mask import Mask
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.text import text_of

NODATA = -9.0


class Listener(SilentProgress):
    """Keeps what it was told of tiles."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def update(self, share, text="", **values):
        self.told.append(text_of(text, values))


@pytest.fixture
def surveyed(make_raster):
    """Return a function that surveys a raster of 8 x 8 tiles, one half of which holds nothing."""

    def look(most, holds=lambda rows: rows >= 32):
        values = np.where(holds(np.arange(64)[:, None]), 1.0, NODATA) * np.ones((64, 64))
        path = make_raster(values.astype(np.float32), nodata=NODATA, names=["red"])
        progress = Listener()
        with open_stack(RasterSource(str(path))) as stack, Mask(stack.grid, None, None) as mask:
            tiles = list(tiles_of(stack.grid.window, 8))
            jobs = survey(stack, tiles, "red", mask, 2, lambda _: False, progress, most)
        return jobs, progress.told

    return look


def test_all_tiles_that_hold_something_are_counted_in_cells(surveyed):
    jobs, told = surveyed(None)
    assert [job.tile.row for job in jobs] == [row for row in (32, 40, 48, 56) for _ in range(8)]
    assert {job.patches for job in jobs} == {16} and len(told) == 64


def test_no_more_tiles_are_read_than_it_takes(surveyed):
    jobs, told = surveyed(3)
    # Four rows of eight hold nothing.
    assert [(job.tile.row, job.tile.column) for job in jobs] == [(32, 0), (32, 8), (32, 16)]
    assert len(told) == 35 and told[-1] == "Searching for valid pixels, tile 35 of 64"


@pytest.mark.parametrize("most", [None, 3])
def test_a_raster_that_holds_nothing_is_refused(surveyed, most):
    with pytest.raises(RasterError, match="band 'red' has no valid pixel"):
        surveyed(most, lambda rows: rows < 0)
