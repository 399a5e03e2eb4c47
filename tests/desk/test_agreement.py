"""Kappa of two interpreters against published values, scikit-learn and a numerical derivation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from deep_land_cover.desk.agreement import agreement, disputed

# Two dermatologists and 88 patients: SAS/STAT User's Guide, PROC FREQ, example "Cohen's Kappa Coefficient".
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]


def pairs_of(table):
    return [
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


def test_the_published_example():
    found = agreement(pairs_of(SKIN))
    assert (found.points, found.agreed) == (88, 45)
    assert found.kappa == pytest.approx(0.3449, abs=5e-5)
    assert (found.low, found.high) == pytest.approx((0.2030, 0.4868), abs=5e-5)


@pytest.mark.parametrize("seed", [1, 2])
def test_kappa_is_that_of_scikit_learn(seed):
    generator = np.random.default_rng(seed)
    first = generator.integers(0, 5, 200)
    second = np.where(generator.random(200) < 0.6, first, generator.integers(0, 6, 200))
    found = agreement(list(zip(first.tolist(), second.tolist(), strict=True)))
    assert found.kappa == pytest.approx(cohen_kappa_score(first, second))


def test_the_interval_is_that_of_the_delta_method():
    table = np.array(SKIN, float)
    count = table.sum()

    def kappa(fractions):
        expected = fractions.sum(1) @ fractions.sum(0)
        return (np.trace(fractions) - expected) / (1 - expected)

    fractions = table / count
    slopes = np.zeros_like(fractions)
    for cell in np.ndindex(fractions.shape):
        step = np.zeros_like(fractions)
        step[cell] = 1e-6
        slopes[cell] = (kappa(fractions + step) - kappa(fractions - step)) / 2e-6
    variance = ((fractions * slopes**2).sum() - (fractions * slopes).sum() ** 2) / count
    found = agreement(pairs_of(SKIN))
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * math.sqrt(variance), rel=1e-4)


def test_full_agreement_has_an_interval_with_a_width():
    found = agreement([(1, 1)] * 10 + [(2, 2)] * 10)
    assert found.kappa == 1
    assert found.high == 1
    # Wilson's lower end for 20 of 20 is 0.8389, and chance agrees in half of the cases.
    assert found.low == pytest.approx((0.8389 - 0.5) / 0.5, abs=1e-3)


def test_one_class_and_no_points_have_no_kappa():
    assert agreement([(1, 1)] * 5).kappa is None
    assert agreement([]).points == 0


def test_disputed_points_are_those_with_two_labels_that_differ():
    assert disputed({1: "a", 2: "b", 3: "a", 9: "c"}, {3: "b", 2: "b", 1: "c", 4: "a"}) == [1, 3]
