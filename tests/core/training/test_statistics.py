from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.training.channels import Preparation, channel_statistics

BANDS = Preparation(("red", "nir"), (), {"red": "red", "nir": "nir"}, 1.0)


def patches(count: int = 200) -> np.ndarray:
    values = np.random.default_rng(0).normal((1000.0, 3000.0), (100.0, 400.0), (count, 8, 8, 2))
    return values.transpose(0, 3, 1, 2).astype(np.float32)


def test_mean_and_deviation_are_the_samples_own() -> None:
    scaling = channel_statistics(patches(), np.arange(200), BANDS, SilentProgress())
    assert scaling.mean == pytest.approx((1000, 3000), rel=0.01)
    # Drawing 1 % of a normal distribution in takes 2 % of its deviation at most.
    assert scaling.std == pytest.approx((100, 400), rel=0.04)


def test_only_training_patches_count() -> None:
    values = patches()
    values[100:] = 10**6
    scaling = channel_statistics(values, np.arange(100), BANDS, SilentProgress())
    assert scaling == channel_statistics(values[:100], np.arange(100), BANDS, SilentProgress())


def test_outliers_a_million_times_the_median_do_not_flatten_a_channel() -> None:
    values = patches()
    wild = np.random.default_rng(1).random(values[:, 1].shape) < 0.002
    values[:, 1][wild] = 3e9
    scaling = channel_statistics(values, np.arange(200), BANDS, SilentProgress())
    assert scaling.std[1] == pytest.approx(400, rel=0.1)
    prepared = replace(BANDS, scaling=scaling)(torch.from_numpy(values))
    assert prepared[:, 1].std() > 0.5
    assert prepared.abs().max() <= scaling.clip


def test_an_index_whose_denominator_nears_zero_stays_usable() -> None:
    # CIRE = nir / red_edge - 1, as in the study: standard deviation 651,187.
    values = patches()
    values[:, 0].flat[::1000] = 1e-3
    cire = Preparation(("re", "nir"), ("CIRE",), {"red_edge_1": "re", "nir": "nir"}, 1e-4)
    scaling = channel_statistics(values, np.arange(200), cire, SilentProgress())
    assert scaling.mean[2] == pytest.approx(2.0, abs=0.1)
    assert scaling.std[2] < 1.0


def test_invalid_values_do_not_count() -> None:
    values = patches()
    values[np.random.default_rng(2).random(values.shape) < 0.1] = np.nan
    scaling = channel_statistics(values, np.arange(200), BANDS, SilentProgress())
    assert scaling.mean == pytest.approx((1000, 3000), rel=0.01)


@pytest.mark.parametrize("value", [5.0, np.nan])
def test_a_constant_or_undefined_channel_is_reported_and_harmless(value: float) -> None:
    values = patches()
    values[:, 1] = value
    progress = SilentProgress()
    scaling = channel_statistics(values, np.arange(200), BANDS, progress)
    assert scaling.std[1] == 1.0
    assert progress.lines == [("warning", "Channel nir is constant in the training samples.")]
    prepared = replace(BANDS, scaling=scaling)(torch.from_numpy(values))
    assert (prepared[:, 1] == 0).all()
