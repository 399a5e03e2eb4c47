from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deep_land_cover.core.assessment.sampling_design import allocate, expected_errors, needed_points
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.options import ALLOCATIONS, expected_accuracies

Array = np.ndarray[Any, Any]

# Olofsson et al. 2014, section 5.1.1.
SHARES, USERS = np.array([0.020, 0.015, 0.320, 0.645]), np.array([0.70, 0.60, 0.90, 0.95])
MANY = np.full(4, 10**6)
CLASSES = (LandCoverClass(0, "Water", "#0000FF"), LandCoverClass(5, "Rice", "#00FF00"))


def test_olofsson_2014_needs_641_points() -> None:
    """The published number is that of optimal allocation (Cochran 1977, equation 5.25)."""
    assert needed_points(SHARES, USERS, 0.01, "optimal") == 641


@pytest.mark.parametrize(
    ("shares", "users", "numbers"),
    [
        # The sum of W U (1 - U) over 0.0001: 0.0042 + 0.0036 + 0.0288 + 0.0306375; four times that of W².
        (SHARES, USERS, {"proportional": 673, "equal": 1165, "optimal": 641}),
        # (0.5 x 0.5 + 0.5 x 0.0995)² = 0.08987; 0.5 x 0.25 + 0.5 x 0.0099; 2 (0.0625 + 0.002475).
        (
            np.array([0.5, 0.5]),
            np.array([0.5, 0.99]),
            {"proportional": 1300, "equal": 1300, "optimal": 899},
        ),
        (np.array([0.2, 0.8]), np.array([0.8, 0.8]), {"proportional": 1600, "optimal": 1600, "equal": 2176}),
    ],
)
def test_each_allocation_needs_its_own_number_of_points(
    shares: Array, users: Array, numbers: dict[str, int]
) -> None:
    assert {name: needed_points(shares, users, 0.01, name) for name in numbers} == numbers


@pytest.mark.parametrize("allocation", ALLOCATIONS)
@pytest.mark.parametrize("target", [0.01, 0.02])
@pytest.mark.parametrize(
    ("shares", "users"), [(SHARES, USERS), (np.array([0.5, 0.5]), np.array([0.5, 0.99]))]
)
def test_the_promised_standard_error_is_that_of_a_simulation(
    shares: Array, users: Array, target: float, allocation: str
) -> None:
    """Overall accuracy of 20,000 samples, weighted by the shares of the classes."""
    total = needed_points(shares, users, target, allocation)
    points = allocate(total, shares, users, allocation, 0, np.full(len(shares), 10**7))
    generator = np.random.default_rng(0)
    right = generator.binomial(points, users, size=(20_000, len(shares)))
    reached = (right / points @ shares).std()
    assert reached == pytest.approx(target, rel=0.03)
    assert expected_errors(shares, users, points)[0] == pytest.approx(reached, rel=0.02)


def test_the_expected_error_is_that_of_the_points_that_are_drawn() -> None:
    """With a minimum of 75 points in two rare classes, the large ones have fewer: 0.0109 instead of 0.01."""
    points = allocate(673, SHARES, USERS, "proportional", 75, MANY)
    generator = np.random.default_rng(1)
    right = generator.binomial(points, USERS, size=(40_000, 4)) / points
    error, per_class = expected_errors(SHARES, USERS, points)
    assert error == pytest.approx((right @ SHARES).std(), rel=0.02)
    assert error > 0.0105
    assert per_class == pytest.approx(right.std(axis=0), rel=0.03)


def test_a_class_without_points_has_no_expected_error() -> None:
    error, per_class = expected_errors(np.array([0.75, 0.25]), np.array([0.8, 0.8]), np.array([100, 0]))
    assert error == pytest.approx(0.04)
    assert per_class[0] == pytest.approx(0.04)
    assert np.isnan(per_class[1])


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
