"""Differences as text."""

from __future__ import annotations

import math

import pytest

from deep_land_cover.core.text import signed


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1.25, 2, "+1.25"),
        (-0.06, 1, "-0.1"),
        # A share of 1 of 2,399 pixels is 0.04 points: nothing in tenths, and of neither sign.
        (-100 / 2399, 1, "0.0"),
        (100 / 2399, 1, "0.0"),
        (-100 / 2399, 2, "-0.04"),
        (-0.0, 3, "0.000"),
        (0, 0, "0"),
        (-math.inf, 1, "-inf"),
    ],
)
def test_what_rounds_to_nothing_has_no_sign(value: float, digits: int, text: str) -> None:
    assert signed(value, digits) == text
