from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deep_land_cover.core.samples.samples import UNKNOWN, decode, encode


def test_the_studys_values_with_gaps_become_consecutive() -> None:
    values = (0, 1, 4, 5, 6, 7)
    assert encode(np.array(values), values).tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("value", [2, 3, -1, 8, 10**12])
def test_a_value_that_is_no_class_is_unknown(value: int) -> None:
    assert encode(np.array([value]), (0, 1, 4, 5, 6, 7)).tolist() == [UNKNOWN]


@given(st.lists(st.integers(-(2**31) + 1, 2**31 - 1), min_size=1, max_size=50))
def test_codes_go_back_to_their_values(values: list[int]) -> None:
    known = sorted(set(values))
    codes = encode(np.array(values), known)
    assert set(codes.tolist()) == set(range(len(known)))
    assert decode(codes, known).tolist() == values


def test_narrow_types_and_any_shape_are_taken() -> None:
    values = np.array([[20, 95], [0, 20]], dtype=np.uint8)
    assert encode(values, (20, 95)).tolist() == [[0, 1], [UNKNOWN, 0]]
