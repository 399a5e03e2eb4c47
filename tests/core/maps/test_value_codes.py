"""Codes of class values, looked up and counted, against NumPy on the whole array."""

from __future__ import annotations

import numpy as np
import pytest
from rasterio.crs import CRS

from deep_land_cover.core.maps.value_codes import ValueCodes, looked_up, paired, sums_by_code
from deep_land_cover.core.raster.grid import Grid, Tile
from deep_land_cover.core.raster.pixel_area import pixel_areas
from deep_land_cover.core.raster.writer import count_bytes

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "int64"])
@pytest.mark.parametrize("number", [3, 250, 300])
def test_each_value_has_one_code_for_all_strips(dtype: str, number: int) -> None:
    low, high = np.iinfo(dtype).min, min(np.iinfo(dtype).max, 100_000)
    values = RNG.choice(np.unique(RNG.integers(low, high, number)), (40, 50)).astype(dtype)
    valid = RNG.random(values.shape) > 0.2
    known = ValueCodes({}, [int(values[0, 0])])
    codes = np.concatenate([known.of(values[row : row + 7], valid[row : row + 7]) for row in range(0, 40, 7)])
    assert (codes[~valid] == 0).all() and known.values[0] == values[0, 0]
    assert np.array_equal(np.array(known.values)[codes[valid] - 1], values[valid])
    assert len(known.values) == len({int(values[0, 0]), *values[valid].tolist()})


@pytest.mark.parametrize("sizes", [(4, 5), (16, 16), (16, 17), (254, 3)])
def test_pairs_are_looked_up_as_in_a_table(sizes: tuple[int, int]) -> None:
    first, second = (RNG.integers(0, size, (30, 20)).astype(np.uint8) for size in sizes)
    pairs = paired(first, second, sizes)
    for kind in (np.bool_, np.uint8, np.int64):
        table = RNG.integers(0, 100, sizes).astype(kind)
        assert np.array_equal(looked_up(table.ravel(), pairs), table[first, second])


@pytest.mark.parametrize("epsg", [32636, 4326, 3857])
def test_areas_are_those_of_the_pixels(epsg: int) -> None:
    step = 0.01 if epsg == 4326 else 30_000.0
    grid = Grid(31, 23, (step, 0.0, 0.0, 0.0, -step, 60 * step), CRS.from_epsg(epsg).to_wkt())
    areas, tile = pixel_areas(grid), Tile(3, 0, 19, 31)
    codes = RNG.integers(0, 6, (19, 31)).astype(np.uint8)
    counts, sums = sums_by_code(codes, 7, tile, areas)
    of_pixels = np.broadcast_to(areas.of(tile), codes.shape)
    assert counts.tolist() == [np.count_nonzero(codes == code) for code in range(7)]
    assert sums == pytest.approx([of_pixels[codes == code].sum() for code in range(7)])


@pytest.mark.parametrize("number", [0, 1, 2, 999_999, 1_000_001, 2_000_003])
def test_bytes_are_counted(number: int) -> None:
    values = RNG.integers(0, 256, number).astype(np.uint8)
    assert np.array_equal(count_bytes(values), np.bincount(values, minlength=256))
