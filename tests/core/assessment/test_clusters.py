"""What counts as one observation."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from deep_land_cover.core.assessment.reference_units import (
    BLOCK,
    POINT,
    POLYGON,
    ReferenceUnits,
    clusters_of,
    decorrelated_side,
)
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.samples.samples import Samples

CLASSES = (LandCoverClass(1, "a", "#112233"), LandCoverClass(2, "b", "#445566"))
SIZE = 600


GRID = Grid(SIZE, SIZE, (10.0, 0.0, 0.0, 0.0, -10.0, 0.0), "")


def units_at(rows, columns, groups=None, are_points: bool = True) -> ReferenceUnits:
    number = len(rows)
    groups = np.arange(number) if groups is None else groups
    return ReferenceUnits(
        np.asarray(rows),
        np.asarray(columns),
        np.ones(number, dtype=np.int64),
        groups,
        np.full(number, -1),
        (),
        np.full(number, np.nan),
        are_points,
        0,
        0,
        0,
    )


def test_polygons_stay_whole() -> None:
    units = units_at([0, 1, 300, 301], [0, 0, 5, 5], np.array([7, 7, 3, 3]), are_points=False)
    found = clusters_of(units, np.zeros(4, dtype=np.int64), CLASSES, GRID, 0)
    assert (found.name, found.count, found.side) == (POLYGON, 2, 0)
    assert found.members[0] == found.members[1] != found.members[2] == found.members[3]


def test_points_of_one_block_are_together() -> None:
    units = units_at([3, 7, 12, 3, 205], [4, 9, 4, 14, 205])
    found = clusters_of(units, np.zeros(5, dtype=np.int64), CLASSES, GRID, 10)
    assert (found.name, found.count, found.side) == (BLOCK, 4, 10)
    assert found.members[0] == found.members[1] and len(set(found.members.tolist())) == 4


def test_points_with_a_block_each_are_independent() -> None:
    units = units_at([3, 103, 203], [4, 4, 4])
    found = clusters_of(units, np.zeros(3, dtype=np.int64), CLASSES, GRID, 10)
    assert (found.name, found.count, found.side) == (POINT, 3, 0)


@pytest.mark.parametrize("side", [20, 50])
def test_blocks_are_as_wide_as_the_classes_of_points_are_alike(side: int) -> None:
    generator = np.random.default_rng(1)
    # A field of squares, each of one class by chance: beyond a square labels say nothing of each other.
    field = generator.integers(0, 2, (SIZE // side, SIZE // side))
    rows, columns = generator.integers(0, SIZE, (2, 1500))
    true = field[rows // side, columns // side]
    found = clusters_of(units_at(rows, columns), true, CLASSES, GRID, 0)
    assert found.name == BLOCK and 0.6 * side < found.side < 1.4 * side
    assert found.count < 1500


def test_where_all_is_alike_a_sixth_of_the_grid_is_a_block() -> None:
    rows, columns = np.random.default_rng(1).integers(0, SIZE, (2, 50))
    ones = Samples(rows, columns, np.zeros(50, np.int64), np.arange(50), CLASSES, (1.0, 1.0))
    assert decorrelated_side(ones, GRID) == 100


@pytest.mark.parametrize(("width", "height"), [(SIZE, 60), (60, SIZE)])
def test_blocks_are_at_most_a_sixth_of_the_shorter_side(width: int, height: int) -> None:
    """On a chessboard of 40 pixels labels are alike over some 20, which is more than a sixth of 60."""
    rows, columns = (np.random.default_rng(1).integers(0, most, 1500) for most in (height, width))
    true = (rows // 40 + columns // 40) % 2
    samples = Samples(rows, columns, true, np.arange(1500), CLASSES, (1.0, 1.0))
    assert decorrelated_side(samples, dataclasses.replace(GRID, width=width, height=height)) == 10
    assert 15 <= decorrelated_side(samples, GRID) <= 30


def test_blocks_are_a_pixel_wide_at_least() -> None:
    # In a row of pixels that alternate, already the next one is of the other class.
    columns = np.arange(SIZE)
    row = Samples(columns * 0, columns, columns % 2, columns, CLASSES, (1.0, 1.0))
    assert decorrelated_side(row, GRID) == 1
    # A grid of four pixels has no sixth.
    alike = Samples(columns[:4], columns[:4], columns[:4] * 0, columns[:4], CLASSES, (1.0, 1.0))
    assert decorrelated_side(alike, dataclasses.replace(GRID, width=4, height=4)) == 1
