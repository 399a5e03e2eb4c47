"""Weights of the logarithmic opinion pool."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax

from deep_land_cover.core.uncertainty.pool import pool_weights, pooled

CLASSES, COUNT = 3, 4000


def posteriors(seed: int, codes: np.ndarray, noise: float) -> np.ndarray:
    """Return exact log posteriors of the classes, given one measurement of each sample.

    A measurement is the class's unit vector with normal noise. With equal priors, the log posterior is the
    measurement over the variance, normalised.
    """
    generator = np.random.default_rng(seed)
    measured = np.eye(CLASSES)[codes] + noise * generator.standard_normal((len(codes), CLASSES))
    scores: np.ndarray = log_softmax(measured / noise**2, axis=1).astype(np.float32)
    return scores


@pytest.fixture
def codes() -> np.ndarray:
    return np.random.default_rng(0).integers(CLASSES, size=COUNT)


def test_exact_posteriors_from_independent_measurements_have_weight_one_each(codes: np.ndarray) -> None:
    # With equal priors, the posterior from both is the product of the posteriors.
    members = [posteriors(1, codes, 1.0), posteriors(2, codes, 0.7)]
    assert pool_weights(members, codes, np.arange(COUNT)) == pytest.approx((1.0, 1.0), abs=0.1)


def test_a_member_that_guesses_gets_no_weight(codes: np.ndarray) -> None:
    guessed = np.random.default_rng(3).standard_normal((COUNT, CLASSES)).astype(np.float32)
    weights = pool_weights([guessed, posteriors(1, codes, 0.7)], codes, np.arange(COUNT))
    assert weights[0] == 0.0
    assert weights[1] == pytest.approx(1.0, abs=0.1)


def test_a_member_that_repeats_another_gets_no_weight(codes: np.ndarray) -> None:
    scores = posteriors(1, codes, 0.7)
    weights = pool_weights([scores, scores.copy()], codes, np.arange(COUNT))
    assert sorted(weights) == [0.0, pytest.approx(1.0, abs=0.1)]


def test_a_gain_in_one_cluster_only_is_not_enough() -> None:
    codes = np.zeros(1000, dtype=np.int64)
    clusters = np.repeat(np.arange(10), 100)
    good = np.tile(np.log(np.float32([0.6, 0.2, 0.2])), (1000, 1))
    other = np.tile(np.log(np.float32([1 / 3, 1 / 3, 1 / 3])), (1000, 1))
    other[clusters == 0] = np.log([0.98, 0.01, 0.01])
    assert pool_weights([good, other], codes, clusters)[1] == 0.0


def test_the_pool_is_the_weighted_sum_of_log_probabilities() -> None:
    first, second = np.float32([[2.0, 0.0]]), np.float32([[0.0, 1.0]])
    expected = 0.5 * (np.array([2.0, 0.0]) - np.log(np.exp(2.0) + 1)) + 2.0 * (
        np.array([0.0, 1.0]) - np.log(1 + np.e)
    )
    assert pooled([first, second], (0.5, 2.0))[0] == pytest.approx(expected)
