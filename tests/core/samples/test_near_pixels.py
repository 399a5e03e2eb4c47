from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from deep_land_cover.core.samples.patch_store import Pixels, near_pixels


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 40), st.integers(0, 20), st.integers(0, 6))
def test_pixels_are_near_where_brute_force_finds_a_place(
    seed: int, height: int, width: int, distance: int, count: int
) -> None:
    """Beyond the edge they mirror the raster, as numpy's padding says."""
    generator = np.random.default_rng(seed)
    places = np.stack([generator.integers(0, height, count), generator.integers(0, width, count)], axis=1)
    rows, columns = np.indices((height, width))
    expected = np.zeros((height, width), dtype=bool)
    for row, column in places:
        expected |= (np.abs(rows - row) <= distance) & (np.abs(columns - column) <= distance)
    side, margin = 8, 2
    stride = width // side + 1 + 2 * margin
    number_of_rows = height // side + 1 + 2 * margin
    numbers = np.sort(generator.permutation(stride * number_of_rows)[: generator.integers(1, 20)])
    behind = side * (stride - margin) - width, side * (number_of_rows - margin) - height
    padding = (side * margin, behind[1]), (side * margin, behind[0])
    padded = np.pad(expected, padding, mode="reflect")
    values = torch.zeros(len(numbers) + 1, side * side, 1)
    found = near_pixels(
        Pixels(values, torch.from_numpy(numbers), side, stride, margin), places, distance, height, width
    )
    assert found.shape == (len(numbers) + 1, side * side) and not found[-1].any()
    for number, block in zip(numbers, found, strict=False):
        top, left = number // stride * side, number % stride * side
        np.testing.assert_array_equal(block.reshape(side, side), padded[top : top + side, left : left + side])
