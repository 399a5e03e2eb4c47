from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import log_softmax, softmax
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

from deep_land_cover.core.inference import products as scoring
from deep_land_cover.core.models.card import Calibration
from deep_land_cover.core.options import DECISIONS
from deep_land_cover.core.uncertainty.calibration import (
    HeldOutSamples,
    cross_calibrated,
    decided,
    fit_calibration,
    log_probabilities,
    prior_shift,
    reliability,
)

Array = np.ndarray[Any, Any]
NATURAL, TAUGHT = np.array([0.80, 0.15, 0.05]), np.array([1.0, 1.0, 1.0]) / 3
MEANS = np.array([0.0, 1.5, 3.0])  # of three normal distributions with the standard deviation 1


def drawn(count: int, proportions: Array, seed: int) -> tuple[Array, Array]:
    """Return the logarithms of the three densities (N, 3) at drawn points, and their classes."""
    generator = np.random.default_rng(seed)
    codes = generator.choice(3, count, p=proportions)
    values = generator.normal(MEANS[codes], 1)
    return norm.logpdf(values[:, None], MEANS, 1), codes


def true_posterior(log_densities: Array) -> Array:
    """Return the probabilities by Bayes' formula with the natural proportions."""
    weighted = np.exp(log_densities) * NATURAL
    return np.asarray(weighted / weighted.sum(axis=1, keepdims=True))


def overconfident(log_densities: Array, temperature: float) -> Array:
    """Return logits of a model that knows all, was taught in other proportions and exaggerates."""
    return temperature * (log_densities + np.log(TAUGHT))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_temperature_and_proportions_are_found_again(temperature: float) -> None:
    log_densities, codes = drawn(20_000, NATURAL, 0)
    logits = overconfident(log_densities, temperature)
    found = fit_calibration(HeldOutSamples(logits, codes, None), TAUGHT, NATURAL)
    assert found.temperature == pytest.approx(temperature, rel=0.05)
    assert found.shift == pytest.approx(1, abs=0.05)
    others, _ = drawn(5_000, NATURAL, 1)
    chances = np.exp(log_probabilities(overconfident(others, temperature), found))
    np.testing.assert_allclose(chances, true_posterior(others), atol=0.02)


def test_a_model_that_was_told_of_weights_and_did_not_believe_them_is_not_shifted() -> None:
    log_densities, codes = drawn(20_000, NATURAL, 0)
    honest = log_densities + np.log(NATURAL)
    found = fit_calibration(HeldOutSamples(honest, codes, None), TAUGHT, NATURAL)
    assert found.shift == pytest.approx(0, abs=0.05)
    assert found.temperature == pytest.approx(1, rel=0.05)


def test_for_two_classes_it_is_platts_method() -> None:
    """Slope and intercept of a logistic regression on the score."""
    generator = np.random.default_rng(2)
    score = generator.normal(0, 2, 5_000)
    codes = (generator.random(5_000) < 1 / (1 + np.exp(0.7 - 0.6 * score))).astype(np.int64)
    logits = np.stack([np.zeros(5_000), score], axis=1)
    found = fit_calibration(HeldOutSamples(logits, codes, None), np.array([0.5, 0.5]), np.array([0.7, 0.3]))
    platt = LogisticRegression(C=np.inf).fit(score[:, None], codes)
    assert 1 / found.temperature == pytest.approx(platt.coef_[0, 0], abs=0.01)
    assert found.offsets[1] - found.offsets[0] == pytest.approx(platt.intercept_[0], abs=0.01)


def test_held_out_data_are_more_reliable_afterwards() -> None:
    log_densities, codes = drawn(4_000, NATURAL, 3)
    held = HeldOutSamples(overconfident(log_densities, 2.5), codes, None)
    found = fit_calibration(held, TAUGHT, NATURAL)
    others, truth = drawn(20_000, NATURAL, 4)
    logits = overconfident(others, 2.5)
    before = reliability(softmax(logits, axis=1), truth)
    after = reliability(np.exp(log_probabilities(logits, found)), truth)
    assert after.calibration_error < 0.02 < 0.1 < before.calibration_error
    assert after.log_loss < before.log_loss
    assert after.log_loss == pytest.approx(reliability(true_posterior(others), truth).log_loss, rel=0.01)


def test_a_few_polygons_that_are_all_right_do_not_make_a_model_certain() -> None:
    codes = np.repeat([0, 1], 500)
    logits = np.where(codes[:, None] == np.arange(2), 1.0, -1.0)
    even = np.ones(2)
    five = fit_calibration(HeldOutSamples(logits, codes, codes * 2), even, even)
    many = fit_calibration(HeldOutSamples(logits, codes, np.arange(1000)), even, even)
    assert many.temperature < five.temperature
    assert np.exp(log_probabilities(logits, five)).max() < 0.98


def test_folds_are_calibrated_with_the_others() -> None:
    log_densities, codes = drawn(2_000, NATURAL, 5)
    logits, folds = overconfident(log_densities, 2.0), np.arange(2_000) % 4
    found, balanced = cross_calibrated(HeldOutSamples(logits, codes, None), folds, TAUGHT, NATURAL)
    others = HeldOutSamples(logits[folds != 2], codes[folds != 2], None)
    expected = fit_calibration(others, TAUGHT, NATURAL)
    log_chances = log_probabilities(logits[folds == 2], expected)
    np.testing.assert_allclose(found[folds == 2], log_chances)
    np.testing.assert_array_equal(balanced[folds == 2], decided(log_chances, expected, "balanced"))


def test_models_that_were_taught_other_proportions_calibrate_one_that_was_taught_others_still() -> None:
    """Each knows all, exaggerates twice, and believes what it was taught; so does the one to calibrate."""
    lessons = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3]])
    log_densities, codes = drawn(20_000, NATURAL, 8)
    folds = np.arange(20_000) % 2
    logits = 2.0 * (log_densities + np.log(lessons[folds]))
    held = HeldOutSamples(logits, codes, None)
    found = fit_calibration(held, lessons[folds], NATURAL, final=TAUGHT)
    assert found.temperature == pytest.approx(2.0, rel=0.05)
    assert found.shift == pytest.approx(1, abs=0.05)
    others, _ = drawn(5_000, NATURAL, 9)
    chances = np.exp(log_probabilities(overconfident(others, 2.0), found))
    np.testing.assert_allclose(chances, true_posterior(others), atol=0.02)
    crossed, _ = cross_calibrated(held, folds, lessons[folds], NATURAL)
    assert np.abs(np.exp(crossed) - true_posterior(log_densities)).mean() < 0.01


def test_a_class_that_nobody_has_seen_changes_nothing() -> None:
    shift = prior_shift(np.array([0.5, 0.5, 0.0]), np.array([0.9, 0.1, 0.0]))
    np.testing.assert_allclose(shift, [np.log(0.9 / 0.5), np.log(0.1 / 0.5), 0])


def test_accuracy_is_largest_by_one_rule_and_mean_recall_by_the_other() -> None:
    """With true probabilities the most probable class is Bayes' rule; dividing by the proportions
    is the maximum-likelihood rule, which is the best one for even proportions."""
    log_densities, codes = drawn(50_000, NATURAL, 6)
    plain = Calibration(1.0, 1.0, tuple(np.log(NATURAL)), tuple(NATURAL), 1.0, 1)
    log_chances = log_probabilities(log_densities, plain)
    accurate, balanced = (decided(log_chances, plain, rule) for rule in ("accuracy", "balanced"))
    np.testing.assert_array_equal(balanced, log_densities.argmax(axis=1))

    def recall(found: Array) -> float:
        return float(np.mean([np.mean(found[codes == code] == code) for code in range(3)]))

    assert np.mean(accurate == codes) > np.mean(balanced == codes) + 0.02
    assert recall(balanced) > recall(accurate) + 0.1


def test_the_strength_of_balance_raises_macro_f1_on_what_it_was_fitted_to() -> None:
    from sklearn.metrics import f1_score

    log_densities, codes = drawn(5_000, NATURAL, 7)
    held = HeldOutSamples(overconfident(log_densities, 1.0), codes, None)
    found = fit_calibration(held, TAUGHT, NATURAL)
    log_chances = log_probabilities(held.logits, found)

    def score(rule: str) -> float:
        return float(f1_score(codes, decided(log_chances, found, rule), average="macro"))

    assert 0 < found.balance <= 1
    assert score("balanced") > score("accuracy")


def test_without_a_calibration_probabilities_are_the_models_own() -> None:
    logits = np.array([[1.0, 3.0], [2.0, 0.5]])
    np.testing.assert_allclose(log_probabilities(logits, None), log_softmax(logits, axis=1))
    np.testing.assert_array_equal(decided(log_softmax(logits, axis=1), None, "balanced"), [1, 0])


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize(
    "calibration", [None, Calibration(1.7, 1.0, (0.1, -0.4, 0.9), (0.8, 0.15, 0.05), 0.6, 9)]
)
def test_torch_and_numpy_agree(calibration: Calibration | None, decision: str) -> None:
    logits = np.random.default_rng(0).normal(0, 3, (200, 3)).astype(np.float32)
    chances = scoring.calibrated(torch.from_numpy(logits), calibration)
    expected = log_probabilities(logits, calibration)
    np.testing.assert_allclose(chances.numpy(), np.exp(expected), atol=1e-6)
    np.testing.assert_array_equal(
        scoring.decided(torch.from_numpy(logits), calibration, decision).numpy(),
        decided(expected, calibration, decision),
    )
