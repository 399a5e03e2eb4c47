from __future__ import annotations

import numpy as np
import pytest

from deep_land_cover.core.training.optimisation import class_weights, repeated

CODES = np.array([0] * 900 + [1] * 90 + [2] * 10)


def test_rare_classes_weigh_the_square_root_of_their_rarity() -> None:
    weights = class_weights(np.array([0] * 90 + [1] * 10), 3, "sqrt").numpy()
    assert weights[1] / weights[0] == pytest.approx(3.0)
    assert 0.9 * weights[0] + 0.1 * weights[1] == pytest.approx(1.0)
    assert weights[2] == 0.0


def test_the_effective_number_of_many_samples_is_bounded() -> None:
    weights = class_weights(CODES, 3, "effective").numpy()
    # Equation 2 of Cui et al. 2019: E = (1 - b^n) / (1 - b), which never exceeds 1 / (1 - b).
    effective = [(1 - 0.999**n) / (1 - 0.999) for n in (900, 90, 10)]
    assert weights[2] / weights[0] == pytest.approx(effective[0] / effective[2], rel=1e-5)
    assert weights[1] / weights[0] == pytest.approx(effective[0] / effective[1], rel=1e-5)
    assert (weights * [900, 90, 10]).sum() / 1000 == pytest.approx(1.0)


@pytest.mark.parametrize("balance", ["none", "oversampling"])
def test_without_weights_all_samples_count_alike(balance: str) -> None:
    assert class_weights(CODES, 3, balance).tolist() == [1.0, 1.0, 1.0]


def test_oversampling_repeats_rare_samples_and_thins_none() -> None:
    chosen = np.arange(1000)
    drawn = repeated(chosen, CODES, "oversampling", np.random.default_rng(0))
    times = np.bincount(drawn, minlength=1000)
    assert times[:900].tolist() == [1] * 900
    # Repeat factor of LVIS with the even share 1/3 as threshold: sqrt((1/3) / share).
    assert times[900:990].mean() == pytest.approx(np.sqrt(1 / 3 / 0.09), rel=0.1)
    assert times[990:].mean() == pytest.approx(np.sqrt(1 / 3 / 0.01), rel=0.1)
    assert times[990:].min() >= 5


def test_other_balances_leave_the_samples_as_they_are() -> None:
    chosen = np.arange(5)
    assert repeated(chosen, CODES[:5], "sqrt", np.random.default_rng(0)) is chosen
