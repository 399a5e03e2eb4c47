"""Bayesian smoothing is that of the published formula, pixel by pixel, whatever the tiles."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from numpy.typing import NDArray
from rasterio.crs import CRS

from deep_land_cover.core.maps.smoothing import (
    MIN_PROBABILITY,
    ClassSizes,
    SmoothedTile,
    Smoothing,
    smooth_raster,
)
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid, Tile
from deep_land_cover.core.raster.pixel_area import pixel_areas

DEGREES = Grid(17, 13, (0.5, 0.0, 10.0, 0.0, -0.5, 70.0), CRS.from_epsg(4326).to_wkt())
Fractions = NDArray[np.float32]
Valid = NDArray[np.bool_]


def random_fractions(seed: int, classes: int = 3, empty: float = 0.2) -> tuple[Fractions, Valid]:
    generator = np.random.default_rng(seed)
    shape = DEGREES.height, DEGREES.width
    drawn = generator.dirichlet((0.5,) * classes, shape)
    steps = np.rint(np.moveaxis(drawn, -1, 0) * 250) / 250
    return steps.astype(np.float32), generator.random(shape) >= empty


def smoothed(
    fractions: Fractions, valid: Valid, smoothing: Smoothing, tile_size: int = 256
) -> tuple[Fractions, NDArray[np.int64], tuple[ClassSizes, ClassSizes]]:
    result, classes = np.full(fractions.shape, np.nan, dtype=np.float32), np.full(valid.shape, -1)

    def read(tile: Tile) -> tuple[Fractions, Valid]:
        rows, columns = slice(tile.row, tile.row_stop), slice(tile.column, tile.column_stop)
        return fractions[:, rows, columns], valid[rows, columns]

    def write(item: SmoothedTile) -> None:
        tile = item.tile
        rows, columns = slice(tile.row, tile.row_stop), slice(tile.column, tile.column_stop)
        result[:, rows, columns] = np.where(item.valid, item.fractions, np.nan)
        classes[rows, columns] = np.where(item.valid, item.after, -1)

    sizes = smooth_raster(read, DEGREES, smoothing, write, SilentProgress(), tile_size)
    return result, classes, sizes


def by_formula(fractions: Fractions, valid: Valid, smoothing: Smoothing) -> NDArray[np.float64]:
    """Return smoothed probabilities by plain loops: Camara et al. 2024, NaN where there are none."""
    count, rows, columns = fractions.shape
    radius = smoothing.window // 2

    def logit(code: int, row: int, column: int) -> float:
        own = float(fractions[code, row, column])
        own = min(max(own, MIN_PROBABILITY), 1 - MIN_PROBABILITY)
        return math.log(own / (1 - own))

    def mirrored(place: int, size: int) -> int:
        return -place - 1 if place < 0 else 2 * size - place - 1 if place >= size else place

    result = np.full(fractions.shape, np.nan)
    for row in range(rows):
        for column in range(columns):
            if not valid[row, column]:
                continue
            around = [
                (mirrored(row + down, rows), mirrored(column + right, columns))
                for down in range(-radius, radius + 1)
                for right in range(-radius, radius + 1)
            ]
            for code in range(count):
                logits = sorted((logit(code, *place) for place in around if valid[place]), reverse=True)
                highest = logits[: math.ceil(smoothing.neighbours * len(logits))]
                mean = statistics.fmean(highest)
                variance = statistics.variance(highest) if len(highest) > 1 else 0.0
                weight = variance / (variance + smoothing.smoothness[code]) if variance >= 1e-4 else 0.0
                smooth = weight * logit(code, row, column) + (1 - weight) * mean
                result[code, row, column] = 1 / (1 + math.exp(-smooth))
    return result / result.sum(axis=0)


@pytest.mark.parametrize(
    "smoothing",
    [
        Smoothing(3, 1.0, (10.0, 10.0, 10.0)),
        Smoothing(5, 0.5, (20.0, 5.0, 0.5)),
        Smoothing(9, 0.3, (5.0,) * 3),
    ],
    ids=["3", "5", "9"],
)
def test_smoothing_is_the_formula(smoothing: Smoothing) -> None:
    fractions, valid = random_fractions(1)
    result, classes, _sizes = smoothed(fractions, valid, smoothing)
    expected = by_formula(fractions, valid, smoothing)
    np.testing.assert_allclose(result, expected, atol=2e-5)
    assert (classes[valid] == expected.argmax(axis=0)[valid]).mean() > 0.99


def test_tiles_make_no_difference() -> None:
    fractions, valid = random_fractions(2)
    smoothing = Smoothing(7, 0.5, (10.0, 3.0, 20.0))
    whole, classes, sizes = smoothed(fractions, valid, smoothing)
    for tile_size in (1, 4, 5, 16):
        result, of_tiles, _sizes = smoothed(fractions, valid, smoothing, tile_size)
        np.testing.assert_array_equal(result, whole)
        np.testing.assert_array_equal(of_tiles, classes)
    areas = np.broadcast_to(pixel_areas(DEGREES).of(DEGREES.window), valid.shape)
    for size, mapped in zip(sizes, (np.where(valid, fractions.argmax(axis=0), -1), classes), strict=True):
        for code in range(3):
            assert size.pixels[code] == np.count_nonzero(mapped == code)
            assert size.hectares[code] == pytest.approx(areas[mapped == code].sum())


def test_pixels_without_probabilities_stay_so_and_have_no_influence() -> None:
    fractions, valid = random_fractions(3, empty=0.3)
    smoothing = Smoothing(5, 0.5, (10.0,) * 3)
    other = fractions.copy()
    other[:, ~valid] = np.nan
    result, classes, _sizes = smoothed(fractions, valid, smoothing)
    np.testing.assert_array_equal(smoothed(other, valid, smoothing)[0], result)
    assert np.isnan(result[:, ~valid]).all()
    assert (classes[~valid] == -1).all()
    assert np.isfinite(result[:, valid]).all()


def test_an_even_neighbourhood_overrules_a_pixel() -> None:
    fractions = np.full((2, DEGREES.height, DEGREES.width), 0.9, dtype=np.float32)
    fractions[1] = 0.1
    fractions[:, 6, 6] = 0.3, 0.7
    result, classes, _sizes = smoothed(
        fractions, np.ones(fractions.shape[1:], bool), Smoothing(5, 0.5, (10.0,) * 2)
    )
    assert (classes == 0).all()
    assert result[0, 0, 0] == pytest.approx(0.9)
