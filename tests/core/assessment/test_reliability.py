from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss

from deep_land_cover.core.uncertainty.calibration import reliability


def test_four_samples_by_hand() -> None:
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.0, 1.0]])
    found = reliability(chances, np.array([0, 1, 1, 1]))
    filled = {number: item for number, item in enumerate(found.bins) if item.samples}
    assert list(filled) == [8, 13, 14]  # 0.6 × 15 = 9 is the right edge of bin 8
    assert filled[13].samples == 2
    assert filled[13].probability == pytest.approx(0.9)
    assert filled[13].accuracy == pytest.approx(0.5)
    assert found.calibration_error == pytest.approx((2 * 0.4 + 1 * 0.4 + 0) / 4)
    assert found.brier == pytest.approx((0.02 + 1.62 + 0.32 + 0) / 4)


def test_the_log_loss_is_scikit_learns() -> None:
    generator = np.random.default_rng(0)
    chances = generator.dirichlet([1, 2, 3], 200)
    reference = generator.integers(0, 3, 200)
    assert reliability(chances, reference).log_loss == pytest.approx(log_loss(reference, chances))


def test_true_probabilities_have_no_calibration_error() -> None:
    generator = np.random.default_rng(1)
    chances = generator.dirichlet([1, 1, 1], 200_000)
    reference = (generator.random(200_000)[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    assert reliability(chances, reference).calibration_error < 0.005
    squashed = np.sqrt(chances) / np.sqrt(chances).sum(axis=1, keepdims=True)
    assert reliability(squashed, reference).calibration_error > 0.05


def test_an_impossible_truth_has_a_finite_loss() -> None:
    found = reliability(np.array([[1.0, 0.0]]), np.array([1]))
    assert found.log_loss == pytest.approx(27.63, abs=0.01)
    assert found.calibration_error == 1.0
