from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from deep_land_cover.core.assessment.accuracy_maps import (
    count_by_block,
    local_accuracies,
    write_local_accuracy,
)
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.requests.assess import AssessRequest
from deep_land_cover.core.tasks.assess import run

GRID = Grid(50, 30, (20.0, 0.0, 5e5, 0.0, -20.0, 9.8e6), rasterio.crs.CRS.from_epsg(32748).to_wkt())
CLASSES = (LandCoverClass(1, "Water", "#0000FF"), LandCoverClass(2, "Forest", "#00FF00"))


def test_shares_of_each_block_and_nothing_of_fewer_than_ten() -> None:
    # Block 0: 12 references mapped 1, nine of them right; block 5, the next to last row: nine references.
    rows = np.array([3] * 12 + [25] * 9)
    columns = np.array([4] * 12 + [15] * 9)
    mapped = np.array([0] * 12 + [1] * 9)
    true = np.array([0] * 9 + [1] * 3 + [1] * 9)
    tally = count_by_block(rows, columns, true * 2 + mapped, np.ones(21), 4, 20, GRID)
    assert tally.numbers.tolist() == [0, 3]
    shares = local_accuracies(tally, 2)
    # Overall, user's of both, producer's of both.
    assert shares[:, 0].tolist()[:2] == [0.75, 0.75]
    assert np.isnan(shares[2:, 0]).all()
    assert np.isnan(shares[:, 1]).all()


def test_points_count_by_what_they_stand_for() -> None:
    place, mapped, true = np.zeros(12, dtype=np.int64), np.zeros(12, dtype=np.int64), np.array([0] * 11 + [1])
    tally = count_by_block(place, place, true * 2 + mapped, np.array([1.0] * 11 + [11.0]), 4, 10, GRID)
    assert local_accuracies(tally, 2)[0, 0] == pytest.approx(0.5)


def test_blocks_of_points_hold_about_thirty_where_nobody_says_how_wide_they_are() -> None:
    generator = np.random.default_rng(0)
    rows, columns = generator.integers(0, 30, 500), generator.integers(0, 50, 500)
    tally = count_by_block(rows, columns, np.zeros(500, dtype=np.int64), np.ones(500), 4, 0, GRID)
    assert tally.side == 10  # the square root of 30 * 1500 / 500, rounded up
    assert tally.counts.sum(axis=1).mean() == pytest.approx(500 / 15)


def test_the_raster_has_a_pixel_a_block_and_named_bands(tmp_path: Path) -> None:
    rows = np.repeat(np.arange(30), 50)
    columns = np.tile(np.arange(50), 30)
    wrong = (rows < 12) & (columns < 12)
    cells = np.where(wrong, 2, 0)
    path = tmp_path / "local.tif"
    tally = count_by_block(rows, columns, cells, np.ones(1500), 4, 12, GRID)
    write_local_accuracy(path, tally, CLASSES, GRID, SilentProgress())
    with rasterio.open(path) as dataset:
        assert dataset.shape == (3, 5)
        assert dataset.transform.a == 240
        assert dataset.descriptions == (
            "Overall accuracy",
            "User's accuracy of 1 Water",
            "User's accuracy of 2 Forest",
            "Producer's accuracy of 1 Water",
            "Producer's accuracy of 2 Forest",
        )
        overall = dataset.read(1)
        assert overall[0, 0] == 0 and np.all(overall.ravel()[1:] == 1)
        assert np.isnan(dataset.read(3)).all()


def test_a_reference_raster_gives_local_accuracy_in_its_blocks(
    tmp_path: Path, make_raster: Callable[..., Path]
) -> None:
    truth = np.ones((30, 50), dtype=np.uint8)
    mapped = truth.copy()
    mapped[:, 40:] = 2
    sources = [
        RasterSource(str(make_raster(v, name=f"{n}.tif", nodata=0))) for n, v in (("m", mapped), ("t", truth))
    ]
    path = tmp_path / "local.tif"
    run(
        AssessRequest(sources[0], raster=sources[1], block_size=10, local_accuracy=str(path)),
        SilentProgress(),
    )
    with rasterio.open(path) as dataset:
        assert dataset.read(1).tolist() == [[1, 1, 1, 1, 0]] * 3
