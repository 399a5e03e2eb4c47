import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.raster.validity import classifiable, min_valid_pixels

small = st.integers(1, 12)


@given(small, small, small, st.integers(0, 2**31), st.floats(0, 1))
def test_a_pixel_is_classifiable_when_it_is_valid_and_so_is_enough_of_its_patch(
    height, width, size, seed, share
):
    valid = np.random.default_rng(seed).random((height + size - 1, width + size - 1)) < 0.7
    least = int(share * size * size)
    expected = [
        [
            valid[row + size // 2, column + size // 2]
            and valid[row : row + size, column : column + size].sum() >= least
            for column in range(width)
        ]
        for row in range(height)
    ]
    assert classifiable(torch.from_numpy(valid), size, least).tolist() == expected


def test_half_of_a_patch_is_rounded_up() -> None:
    assert [min_valid_pixels(0.5, size) for size in (1, 2, 3, 32)] == [1, 2, 5, 512]
    assert min_valid_pixels(0.0, 32) == 0
