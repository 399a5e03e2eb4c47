"""Estimates: half widths, and how figures and intervals are printed."""

from __future__ import annotations

import numpy as np
import pytest

from deep_land_cover.core.assessment.estimate import Estimate, EstimateArray, wilson_interval


def test_half_the_plain_interval_is_as_many_errors_as_its_basis_asks_for() -> None:
    """1.96 of the normal distribution; 2.776 of Student's with 4 degrees of freedom, from its table."""
    assert Estimate(0.5, error=0.1).half_width == pytest.approx(0.196)
    assert Estimate(0.5, error=0.1, clusters=5).half_width == pytest.approx(0.2776, abs=1e-4)
    assert Estimate(0.5).half_width is None
    assert Estimate(1.0, error=0.0).half_width is None


def test_figures_are_printed_with_half_their_plain_interval() -> None:
    assert Estimate(0.8141, error=0.01).text() == "0.814 ± 0.020"
    assert Estimate(0.8141, error=0.01).text(digits=1, factor=100) == "81.4 ± 2.0"
    assert Estimate(1234.4).text(digits=0) == "1,234"
    assert (Estimate(None).text(), Estimate(None).text(missing="-")) == ("–", "-")


def test_intervals_are_printed_with_signs_where_they_may_be_negative() -> None:
    gain = Estimate(0.015, low=-0.021, high=0.049)
    assert gain.interval_text(1, 100, has_sign=True) == "−2.1 to +4.9"
    assert Estimate(0.8, low=0.701, high=0.903).interval_text(1, 100) == "70.1–90.3"
    assert Estimate(0.8, low=0.701, high=0.903).interval_text(2, separator=" to ") == "0.70 to 0.90"
    assert Estimate(0.8).interval_text(1) == ""


def test_another_unit_scales_all_numbers() -> None:
    found = Estimate(0.5, low=0.4, high=0.7, error=0.1, clusters=9).scaled(200)
    assert found == Estimate(100, low=80, high=140, error=20, clusters=9)


def test_numbers_that_are_not_known_are_none() -> None:
    nan = np.array(np.nan)
    found = EstimateArray(np.array(0.5), nan, nan, np.array(0.75)).single()
    assert found == Estimate(0.5, low=None, high=0.75, error=None)


def test_wilsons_interval_is_that_of_scipy() -> None:
    from scipy.stats import binomtest

    low, high = wilson_interval(np.array(0.9), np.array(100.0), np.array(100.0))
    expected = binomtest(90, 100).proportion_ci(method="wilson")
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-5)


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (0.91, 0.95, (0.9, 0.95)),
        (0.8, 0.85, (0.8, 0.9)),
        (None, None, (None, None)),
        (0.8, 0.95, (0.8, 0.95)),
    ],
)
def test_an_interval_contains_its_value(
    low: float | None, high: float | None, ends: tuple[float | None, float | None]
) -> None:
    """Percentiles of a skewed bootstrap may lie beside the figure of all clusters."""
    estimate = Estimate(0.9, low, high)
    assert (estimate.low, estimate.high) == ends


def test_a_standard_error_of_rounding_is_none_in_any_unit() -> None:
    # One minus the sum of proportions that add up to 1 is some 1e-16, and an area has millions of hectares.
    hectares = Estimate(0.05, low=0.04, high=0.07, error=3e-16).scaled(5e9)
    assert hectares.value == pytest.approx(2.5e8)
    assert hectares.half_width is None
