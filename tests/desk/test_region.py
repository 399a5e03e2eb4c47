"""Region growing against scipy.ndimage, and outlines against rasterio's polygons."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio.features
from scipy import ndimage

from deep_land_cover.desk.region import BLOCK_PIXELS, grow_region, outline


def reader(values):
    """Return a function that reads blocks of an array (bands, rows, columns), and what it has read."""
    read = []

    def block(row, column, rows, columns):
        read.append((row, column))
        return [band[row : row + rows, column : column + columns].ravel().tolist() for band in values]

    return block, read


def as_mask(pixels, shape):
    mask = np.zeros(shape, bool)
    for pixel in pixels:
        mask[pixel] = True
    return mask


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_region_is_the_component_of_similar_pixels(seed):
    generator = np.random.default_rng(seed)
    shape = (BLOCK_PIXELS + 40, BLOCK_PIXELS + 60)
    values = np.stack([ndimage.gaussian_filter(generator.normal(size=shape), 4) for _ in range(3)])
    start, tolerances = (BLOCK_PIXELS - 1, BLOCK_PIXELS), [0.1, 0.12, 0.09]
    invalid = generator.random(shape) < 0.01
    invalid[start] = False
    values[1, invalid] = np.nan
    region = grow_region(reader(values)[0], shape, start, tolerances, 10**6)
    close = np.all(
        np.abs(values - values[:, *start][:, None, None]) <= np.array(tolerances)[:, None, None], axis=0
    )
    parts, _count = ndimage.label(close)
    expected = parts == parts[start]
    assert expected.sum() > 20
    assert np.array_equal(as_mask(region.pixels, shape), expected)
    assert not region.is_cut


def test_a_region_stops_at_its_largest_size_and_stays_connected():
    block, read = reader(np.zeros((1, 1000, 1000)))
    region = grow_region(block, (1000, 1000), (500, 500), [0.0], 300)
    assert len(region.pixels) == 300
    assert region.is_cut
    assert ndimage.label(as_mask(region.pixels, (1000, 1000)))[1] == 1
    # Only blocks that it reached were read.
    assert len(read) <= 4


def test_a_region_of_exactly_the_largest_size_is_whole():
    region = grow_region(reader(np.zeros((1, 5, 6)))[0], (5, 6), (0, 0), [0.0], 30)
    assert (len(region.pixels), region.is_cut) == (30, False)


def test_an_invalid_seed_and_one_outside_give_nothing():
    values = np.full((1, 3, 3), np.nan)
    assert not grow_region(reader(values)[0], (3, 3), (1, 1), [1.0], 9).pixels
    assert not grow_region(reader(values)[0], (3, 3), (3, 1), [1.0], 9).pixels


@pytest.mark.parametrize("keep_corners", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_an_outline_is_the_polygon_of_the_pixels(seed, keep_corners):
    generator = np.random.default_rng(seed)
    mask = generator.random((25, 30)) < 0.7
    parts, _count = ndimage.label(mask)
    mask = parts == np.bincount(parts[mask]).argmax()
    pixels = [tuple(pixel) for pixel in np.argwhere(mask).tolist()]
    rings = outline(pixels, keep_corners)
    polygon = {
        "type": "Polygon",
        "coordinates": [[(column, row) for row, column in ring] for ring in rings],
    }
    assert np.array_equal(rasterio.features.rasterize([polygon], mask.shape).astype(bool), mask)
    holes = ndimage.label(np.pad(~mask, 1, constant_values=True))[1] - 1
    assert len(rings) == 1 + holes
    for ring in rings:
        assert ring[0] == ring[-1]
        # No ring touches itself, so that the polygon is valid.
        assert len(set(ring)) == len(ring) - 1


def test_one_pixel_has_four_corners():
    assert outline([(2, 3)]) == [[(2, 3), (2, 4), (3, 4), (3, 3), (2, 3)]]


def test_a_hole_that_touches_the_outside_at_a_corner_is_a_ring_of_its_own():
    pixels = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
    outer, hole = outline(pixels)
    assert (2, 2) in outer
    assert sorted(hole[:-1]) == [(1, 1), (1, 2), (2, 1), (2, 2)]
