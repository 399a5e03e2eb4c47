"""Units, balanced draw and spread of samples, against counts made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from rasterio.crs import CRS

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.spread import balanced_draw, class_spreads, sample_units, unit_places

CLASSES = (LandCoverClass(1, "Water", "#0000FF"), LandCoverClass(2, "Forest", "#008000"))


def made(rows, columns, codes, groups):
    arrays = (np.array(item, dtype=np.int64) for item in (rows, columns, codes, groups))
    return Samples(*arrays, CLASSES, (1.0, 1.0))


def test_a_unit_is_a_polygon_or_a_class_in_a_block():
    samples = made([0, 0, 1, 1, 9, 9], [0, 1, 0, 1, 9, 8], [0, 0, 1, 1, 1, 0], [7, 7, 3, *[NO_GROUP] * 3])
    units = sample_units(samples, side=5)
    assert units[0] == units[1]
    # The last two lie in one block and have different classes.
    assert len(np.unique(units)) == 5


def test_each_polygon_gives_as_many_samples_as_the_others():
    counts = [200, 6, 2, 40]
    groups = np.repeat(np.arange(4), counts)
    number = len(groups)
    samples = made(np.arange(number), np.zeros(number), np.zeros(number), groups)
    chosen = balanced_draw(samples, groups, 30, seed=0)
    assert np.bincount(groups[chosen]).tolist() == [11, 6, 2, 11]
    assert np.array_equal(chosen, np.sort(chosen)) and len(np.unique(chosen)) == 30
    assert len(balanced_draw(samples, groups, number, seed=0)) == number


def test_area_extent_and_distance_of_the_polygons_of_a_class():
    crs = CRS.from_epsg(32636).to_wkt()
    grid = Grid(100, 50, (10.0, 0.0, 500_000.0, 0.0, -10.0, 900_000.0), crs)
    # Three polygons of water: two pixels, one and one; from centre to centre 29.5 and 40 pixels.
    rows, columns = [0, 0, 0, 0, 10, 20], [0, 1, 30, 70, 99, 50]
    samples = made(rows, columns, [0, 0, 0, 0, 1, 1], [1, 1, 2, 3, 4, 4])
    water, forest = class_spreads(samples, samples.groups, grid)
    assert (water.samples, water.polygons, forest.polygons) == (4, 3, 1)
    assert water.hectares == pytest.approx(0.04)
    assert water.largest == 0.5 and forest.neighbour is None
    assert water.neighbour == pytest.approx(np.median([29.5, 29.5, 40]) * 10)
    assert water.cells == 0.03
    assert water.extent == pytest.approx(71 / 5000)
    assert unit_places(samples, samples.groups, np.array([2, 4])).tolist() == [[0, 30], [10, 99]]
