"""Values of some thousand pixels, and the fill that no file declares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Tile
from deep_land_cover.core.raster.mask import Mask
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import open_stack
from deep_land_cover.core.raster.survey import survey_raster, survey_windows, warn_of_fill

Make = Callable[..., Path]


def bordered(bands: int = 3, fill: float = 0.0, columns: int = 12) -> np.ndarray[Any, Any]:
    """Return random values from 100 to 200 with a border of so many columns in 120."""
    values = np.random.default_rng(0).uniform(100, 200, (bands, 120, 120)).astype(np.float32)
    values[:, :, :columns] = fill
    return values


def warnings(path: Path, **source: Any) -> list[str]:
    progress = SilentProgress()
    with open_stack(RasterSource(str(path), **source)) as stack:
        warn_of_fill(survey_raster(stack, stack.band_names, progress), stack, progress)
    return [text for level, text in progress.lines if level == "warning"]


def test_windows_lie_one_in_each_cell() -> None:
    windows = survey_windows(Tile(40, 7, 200, 500), side=8, across=10)
    assert len(windows) == 100
    cells = {((item.row - 40) // 20, (item.column - 7) // 50) for item in windows}
    assert cells == {((item.row_stop - 41) // 20, (item.column_stop - 8) // 50) for item in windows}
    assert len(cells) == 100
    assert survey_windows(Tile(40, 7, 200, 500), side=8, across=10) == windows


def test_windows_cover_all_of_a_small_raster() -> None:
    seen = np.zeros((13, 30), dtype=np.int64)
    for item in survey_windows(Tile(0, 0, 13, 30), side=8, across=10):
        seen[item.row : item.row_stop, item.column : item.column_stop] += 1
    assert (seen == 1).all()


def test_a_survey_holds_pixels_that_are_valid_in_all_bands(make_raster: Make) -> None:
    values = bordered(2)
    values[1, :60] = np.nan
    with open_stack(RasterSource(str(make_raster(values)))) as stack:
        survey = survey_raster(stack, stack.band_names, SilentProgress())
        assert survey.values.shape[1] == 2 and np.isfinite(survey.values).all()
        first, second = values[:, 60:].reshape(2, -1)
        assert {*map(tuple, survey.values.tolist())} <= {*zip(first.tolist(), second.tolist(), strict=True)}


def test_a_mask_that_coarse_windows_miss_is_surveyed_in_finer_ones(make_raster: Make) -> None:
    wanted = np.zeros((1, 400, 400), dtype=np.uint8)
    wanted[:, 40:90, 40:90] = 1
    with open_stack(RasterSource(str(make_raster(np.ones((1, 400, 400), np.float32))))) as stack:
        mask = Mask(stack.grid, None, RasterSource(str(make_raster(wanted, name="mask.tif"))))
        with mask:
            assert len(survey_raster(stack, stack.band_names, SilentProgress(), mask=mask)) > 500


@pytest.mark.parametrize("fill", [0.0, -9999.0, 65535.0])
def test_fill_is_named_with_its_fraction(make_raster: Make, fill: float) -> None:
    (said,) = warnings(make_raster(bordered(fill=fill)))
    assert said.startswith("About 10.0% of the pixels of input.tif have the value")
    assert f"NODATA_VALUES={fill:g};" in said


@pytest.mark.parametrize(
    "values",
    [
        bordered(columns=0),
        # A sea at the height 0, from which the land rises.
        np.maximum(np.linspace(-20, 80, 120 * 120, dtype=np.float32).reshape(1, 120, 120), 0),
        # Dark in one band only.
        np.concatenate([bordered(2, columns=0), bordered(1)]),
    ],
    ids=["no fill", "sea level", "one band"],
)
def test_values_that_mean_something_are_not_taken_for_fill(
    make_raster: Make, values: np.ndarray[Any, Any]
) -> None:
    assert not warnings(make_raster(values))


def test_declared_nodata_is_no_fill(make_raster: Make) -> None:
    path = make_raster(bordered())
    assert not warnings(path, nodata_values=(0.0,))
    assert not warnings(path, nodata=0.0)
    assert not warnings(make_raster(bordered(), nodata=0.0))
