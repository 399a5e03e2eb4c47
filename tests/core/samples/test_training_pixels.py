"""A record of training pixels recognises them on any grid, and no others."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from rasterio.crs import CRS
from rasterio.warp import transform

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.training_pixels import (
    MAX_PIXELS,
    TrainingOverlap,
    known_samples,
    overlap_of,
    parse_records,
    record_pixels,
)
from deep_land_cover.core.values import to_plain

UTM = CRS.from_epsg(32637).to_wkt()
GRID = Grid(1000, 1000, (30.0, 0.0, 500_000.0, 0.0, -30.0, 900_000.0), UTM)
ROWS, COLUMNS = (index.ravel() for index in np.indices((40, 50)))


def test_the_pixels_of_the_record_are_found_and_hardly_another_one() -> None:
    record = record_pixels(GRID, ROWS, COLUMNS)
    assert record.count == 2000 and record.limit == 2**32
    found = overlap_of("map", [record], GRID, ROWS, COLUMNS)
    assert (found.shared, found.checked, found.is_large) == (2000, 2000, True)
    others = np.random.default_rng(0).integers(100, 20_000, (2, 200_000))
    found = overlap_of("map", [record], GRID, *others)
    # One in 4,294,967,296 / 2000 at chance.
    assert found.shared <= 3 and found.checked == 200_000 and not found.is_large


def test_pixels_are_found_on_another_grid_of_another_system() -> None:
    record = record_pixels(GRID, ROWS, COLUMNS)
    # Cells of half the size whose first one lies 100 pixels farther up and to the left.
    finer = Grid(4000, 4000, (15.0, 0.0, 497_000.0, 0.0, -15.0, 903_000.0), UTM)
    rows, columns = 2 * (ROWS + 100), 2 * (COLUMNS + 100)
    assert overlap_of("map", [record], finer, rows, columns).shared == 2000
    assert overlap_of("map", [record], finer, rows - 100, columns).shared == 0
    x, y = (
        np.array(values)
        for values in transform(CRS.from_wkt(UTM), CRS.from_epsg(4326), [500_615.0], [899_585.0])
    )
    degrees = Grid(10, 10, (0.0001, 0.0, x[0] - 0.0005, 0.0, -0.0001, y[0] + 0.0005), "EPSG:4326")
    degrees = replace(degrees, crs=CRS.from_epsg(4326).to_wkt())
    assert overlap_of("map", [record], degrees, np.array([5]), np.array([5])).shared == 1


@pytest.mark.parametrize("count", [MAX_PIXELS, 4 * MAX_PIXELS])
def test_a_record_takes_less_than_200_kilobytes_and_of_many_pixels_some_are_checked(count: int) -> None:
    rows, columns = np.divmod(np.arange(count), 1000)
    record = record_pixels(GRID, rows, columns)
    text = json.dumps(to_plain(record))
    assert len(text) < 200_000
    assert parse_records(text) == (record,) and record.count == pytest.approx(count, rel=0.001)
    found = overlap_of("map", [record], GRID, rows, columns)
    assert found.shared == found.checked == pytest.approx(MAX_PIXELS, rel=0.001)
    # As many of other pixels are checked, and none is found.
    found = overlap_of("map", [record], GRID, rows + 5000, columns)
    assert found.checked == pytest.approx(MAX_PIXELS, rel=0.05)
    assert found.shared < 0.001 * found.checked


@pytest.mark.parametrize("text", ["", "{}", "not JSON", "[1]"])
def test_without_a_record_nothing_is_known(text: str) -> None:
    assert parse_records(text) == ()
    found = overlap_of("map of 0.1.0", parse_records(text), GRID, ROWS, COLUMNS)
    assert found == TrainingOverlap("map of 0.1.0", 0, 0) and not found.is_large
    assert "It is not known whether" in found.sentence("point")


def test_a_damaged_record_and_one_of_a_newer_version_say_nothing() -> None:
    record = record_pixels(GRID, ROWS, COLUMNS)
    assert overlap_of("map", [replace(record, hashes="!")], GRID, ROWS, COLUMNS).checked == 0
    assert parse_records(json.dumps(to_plain(replace(record, version=2)))) == ()


@pytest.mark.parametrize(("shared", "is_large"), [(0, False), (2, False), (3, True)])
def test_one_percent_is_the_limit(shared: int, is_large: bool) -> None:
    overlap = TrainingOverlap("my map", shared, 300)
    assert overlap.is_large is is_large
    assert overlap.sentence("point").startswith(f"{shared} of 300 reference points lie on training pixels of")
    assert ("too high" in overlap.sentence("point")) is is_large


def test_a_map_of_several_models_is_looked_up_in_the_records_of_all() -> None:
    other = Grid(GRID.width, GRID.height, (20.0, 0.0, 900_000.0, 0.0, -20.0, 5_000_000.0), GRID.crs)
    first, second = record_pixels(GRID, ROWS[:10], COLUMNS[:10]), record_pixels(other, ROWS, COLUMNS)
    text = json.dumps([to_plain(first), to_plain(second)])
    records = parse_records(text)
    assert records == (first, second)
    found = overlap_of("mosaic", records, GRID, ROWS, COLUMNS)
    assert (found.shared, found.checked) == (10, len(ROWS))
    assert overlap_of("mosaic", records, other, ROWS, COLUMNS).shared == len(ROWS)
    # A damaged record could hide an overlap, so nothing is known.
    assert overlap_of("mosaic", [first, replace(second, hashes="!")], GRID, ROWS, COLUMNS).checked == 0


@pytest.mark.parametrize("has_areas", [False, True])
def test_samples_that_a_record_of_many_pixels_cannot_tell_count_as_trained_on(has_areas: bool) -> None:
    """160,000 pixels are trained on, of which the record has 50,000."""
    rows, columns = np.divmod(np.arange(400 * 400), 400)
    record = record_pixels(GRID, rows, columns)
    groups = np.arange(len(rows)) // 2 if has_areas else np.full(len(rows), NO_GROUP)
    classes = (LandCoverClass(1, "a", "#000000"),)

    def known(moved: int) -> np.ndarray:
        samples = Samples(rows + moved, columns, np.zeros_like(rows), groups, classes, (1.0,))
        return known_samples(record, GRID, samples, 1)

    assert known(0).all()
    # Of others, the part below the record's limit is free: 50,000 of 160,000, or of pairs 1 - (11 / 16)^2.
    free = 1 - (11 / 16) ** 2 if has_areas else 5 / 16
    assert np.mean(~known(1000)) == pytest.approx(free, abs=0.01)
