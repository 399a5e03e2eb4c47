from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deep_land_cover.core.assessment.allocation_names import ALLOCATIONS, expected_accuracies
from deep_land_cover.core.assessment.sample_size import allocate, expected_errors, needed_points
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError

# Olofsson et al. 2014, section 5.1.1.
SHARES, USERS = np.array([0.020, 0.015, 0.320, 0.645]), np.array([0.70, 0.60, 0.90, 0.95])
MANY = np.full(4, 10**6)
CLASSES = (LandCoverClass(0, "Water", "#0000FF"), LandCoverClass(5, "Rice", "#00FF00"))


def test_olofsson_2014_needs_641_points() -> None:
    assert needed_points(SHARES, USERS, 0.01) == 641


def test_proportional_allocation_of_its_points() -> None:
    """641 points times 0.020, 0.015, 0.320 and 0.645: 12.8, 9.6, 205.1 and 413.4."""
    assert allocate(641, SHARES, USERS, "proportional", 0, MANY).tolist() == [13, 10, 205, 413]


def test_equal_and_optimal_allocation() -> None:
    assert allocate(640, SHARES, USERS, "equal", 0, MANY).tolist() == [160] * 4
    exact = SHARES * np.sqrt(USERS * (1 - USERS))
    assert allocate(641, SHARES, USERS, "optimal", 0, MANY) == pytest.approx(641 * exact / exact.sum(), abs=1)


def test_optimal_allocation_has_the_least_error() -> None:
    errors = {
        name: expected_errors(SHARES, USERS, allocate(641, SHARES, USERS, name, 2, MANY))[0]
        for name in ALLOCATIONS
    }
    assert min(errors, key=lambda name: errors[name]) == "optimal"


def test_least_and_pixels_bind_and_the_others_share_the_rest() -> None:
    points = allocate(641, SHARES, USERS, "proportional", 75, np.array([50, 10**6, 10**6, 10**6]))
    assert points[:2].tolist() == [50, 75]
    assert points.sum() == 641
    assert points[3] / points[2] == pytest.approx(645 / 320, rel=0.01)


@given(
    st.lists(
        st.tuples(st.floats(0.001, 1), st.floats(0.01, 0.99), st.integers(1, 500)), min_size=1, max_size=8
    ),
    st.integers(1, 3000),
    st.integers(0, 120),
    st.sampled_from(ALLOCATIONS),
)
@settings(max_examples=150, deadline=None)
def test_no_class_gets_more_than_it_has_nor_less_than_it_must(
    classes: list[tuple[float, float, int]], total: int, least: int, allocation: str
) -> None:
    shares, users, pixels = (np.array(part) for part in zip(*classes, strict=True))
    points = allocate(total, shares / shares.sum(), users, allocation, least, pixels)
    low = np.minimum(least, pixels)
    assert np.all(points >= low) and np.all(points <= pixels)
    assert points.sum() == min(max(total, low.sum()), pixels.sum())


def test_expected_accuracies_by_name_value_and_for_the_rest() -> None:
    assert expected_accuracies("", CLASSES) == (0.8, 0.8)
    assert expected_accuracies("0.9", CLASSES) == (0.9, 0.9)
    assert expected_accuracies("water=0.95, 5=0.7", CLASSES) == (0.95, 0.7)
    assert expected_accuracies("0.6, RICE = 0.75", CLASSES) == (0.6, 0.75)


@pytest.mark.parametrize("text", ["1", "0", "Water=", "Water=2", "x", "Forest=0.5"])
def test_other_expected_accuracies_are_refused(text: str) -> None:
    with pytest.raises(ParameterError):
        expected_accuracies(text, CLASSES)
