"""Sequences of classes in maps of several dates, against one pass over the whole arrays."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.maps.temporal_filters import fill_gaps, replace_window
from deep_land_cover.core.maps.trajectories import (
    FilterPlan,
    classes_of_dates,
    count_classes_of_changes,
    follow,
)
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.class_raster import open_class_raster
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.writer import write_class_map

WKT = CRS.from_epsg(32636).to_wkt()
GRID = Grid(19, 23, (30.0, 0.0, 700_000.0, 0.0, -30.0, 800_000.0), WKT)
VALUES = (2, 5, 40)
CLASSES = tuple(LandCoverClass(value, f"N{value}", "#123456") for value in VALUES)
RNG = np.random.default_rng(2)
STACK = RNG.choice(VALUES, (4, 23, 19), p=(0.7, 0.2, 0.1))
VALID = RNG.random(STACK.shape) > 0.05
PIXEL = 0.09


@pytest.fixture
def maps(tmp_path: Path):
    with ExitStack() as stack:
        opened = []
        for number, (values, valid) in enumerate(zip(STACK, VALID, strict=True)):
            path = tmp_path / f"{2000 + number}.tif"
            write_class_map(path, values, GRID, CLASSES, SilentProgress(), valid=valid)
            opened.append(stack.enter_context(open_class_raster(RasterSource(str(path)), SilentProgress())))
        yield opened


@pytest.mark.parametrize("strip", [20, 5000])
def test_sequences_are_those_of_one_pass(maps, strip: int) -> None:
    found = follow(maps, VALUES, FilterPlan(), None, SilentProgress(), strip)
    whole = VALID.all(axis=0)
    expected = Counter(map(tuple, STACK[:, whole].T.tolist()))
    assert {item.values: item.pixels for item in found.sequences} == expected
    assert found.sequences[0].hectares == pytest.approx(PIXEL * found.sequences[0].pixels)
    changes = (STACK[1:] != STACK[:-1]).sum(axis=0)[whole]
    assert [pixels for pixels, _ in found.by_changes] == np.bincount(changes, minlength=4).tolist()
    assert found.incomplete == np.count_nonzero(VALID.any(axis=0) & ~whole)
    assert found.matrices[1].sum() == pytest.approx(PIXEL * whole.sum())
    moved = (STACK[1][whole] == 5) & (STACK[2][whole] == 2)
    assert found.matrices[1][1, 0] == pytest.approx(PIXEL * moved.sum())
    counts = [np.count_nonzero((STACK[3] == value) & VALID[3]) for value in VALUES]
    assert found.before[3].tolist() == pytest.approx([PIXEL * count for count in counts])
    assert (found.after == found.before).all() and not found.effects


def test_each_filter_says_how_many_pixels_it_changed(maps) -> None:
    plan = FilterPlan(("window_3", "gap_fill"), (2, 5, 40), transitions={(40, 5): 0.0})
    found = follow(maps, VALUES, plan, None, SilentProgress(), 50)
    codes = np.where(VALID, np.searchsorted(VALUES, STACK) + 1, 0).reshape(4, -1).astype(np.int16)
    filled = fill_gaps(codes)
    closed = replace_window(filled, 3, (1, 2, 3))
    gaps, window, rules = found.effects
    assert gaps.pixels == (filled != codes).any(axis=0).sum() and gaps.labels == (filled != codes).sum()
    assert window.pixels == (closed != filled).any(axis=0).sum()
    assert rules.pixels == ((closed[:-1] == 3) & (closed[1:] == 2)).any(axis=0).sum()
    assert found.forbidden == 0 and found.incomplete == 0
    assert all((40, 5) not in zip(item.values, item.values[1:], strict=False) for item in found.sequences)


def test_many_dates_are_counted_and_rare_sequences_only_together(maps) -> None:
    # More sequences than 63 bits hold.
    many = follow(maps * 9, tuple(range(2, 60)), FilterPlan(), None, SilentProgress(), 400)
    few = follow(maps, VALUES, FilterPlan(), None, SilentProgress(), 400)
    assert {item.values[:4]: item.pixels for item in many.sequences} == {
        item.values: item.pixels for item in few.sequences
    }
    limited = follow(maps, VALUES, FilterPlan(), None, SilentProgress(), 400, max_sequences=6)
    pixels = sum(item.pixels for item in limited.sequences) + limited.dropped[0]
    assert pixels == sum(item.pixels for item in few.sequences) and limited.dropped[0] > 0
    assert limited.sequences[0].values == few.sequences[0].values


def test_legends_name_dates_and_numbers() -> None:
    dates = classes_of_dates(("1999", "2002", "2005"), (1999, 2002, 2005))
    assert [(item.value, item.name) for item in dates] == [(0, "No change"), (2002, "2002"), (2005, "2005")]
    numbers = count_classes_of_changes(3)
    assert [item.value for item in numbers] == [0, 1, 2] and len({item.color for item in numbers}) == 3
