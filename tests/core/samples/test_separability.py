"""Curves of classes and Jeffries-Matusita distances, against formulas written out here and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.covariance import ledoit_wolf

from deep_land_cover.core.samples.separability import class_curves, jeffries_matusita


def test_curves_are_means_and_percentiles_of_what_is_defined():
    values = np.array([[1.0, np.nan], [2.0, 4.0], [6.0, 8.0], [0.0, 5.0]], dtype=np.float32)
    first, second = class_curves(values, np.array([0, 0, 0, 1]), 2)
    assert first.mean == (3.0, 6.0) and second.mean == (0.0, 5.0)
    assert first.low == pytest.approx((np.percentile([1, 2, 6], 5), np.percentile([4, 8], 5)))
    assert first.high == pytest.approx((np.percentile([1, 2, 6], 95), np.percentile([4, 8], 95)))


def test_one_band_has_the_distance_of_the_textbook():
    # In one band there is nothing to shrink: the target is the variance itself.
    generator = np.random.default_rng(0)
    one, two = generator.normal(0, 1, 400), generator.normal(1.5, 2, 300)
    values = np.concatenate([one, two])[:, None].astype(np.float32)
    distances, _ = jeffries_matusita(values, np.repeat([0, 1], [400, 300]), 2)
    mean = (one.var() + two.var()) / 2
    exponent = (one.mean() - two.mean()) ** 2 / mean / 8 + np.log(mean / one.std() / two.std()) / 2
    assert distances[0, 1] == distances[1, 0] == pytest.approx(2 * (1 - np.exp(-exponent)), rel=1e-4)
    assert distances[0, 0] == pytest.approx(0, abs=1e-9)


def test_covariances_are_shrunk_as_scikit_learn_does():
    generator = np.random.default_rng(1)
    mixing = generator.normal(size=(4, 4))
    parts = [generator.normal(size=(count, 4)) @ mixing + shift for count, shift in ((12, 0.0), (500, 0.4))]
    codes = np.repeat([0, 1], [12, 500])
    distances, shrinkage = jeffries_matusita(np.concatenate(parts).astype(np.float32), codes, 2)
    centred = [part - part.mean(axis=0) for part in parts]
    scale = np.sqrt(np.mean(np.concatenate(centred) ** 2, axis=0))
    own = [ledoit_wolf(part / scale, assume_centered=True) for part in centred]
    assert shrinkage == pytest.approx([amount for _, amount in own], abs=1e-5)
    mean = (own[0][0] + own[1][0]) / 2
    step = (parts[0].mean(axis=0) - parts[1].mean(axis=0)) / scale
    exponent = step @ np.linalg.inv(mean) @ step / 8
    determinants = [np.linalg.det(item) for item in (mean, own[0][0], own[1][0])]
    exponent += np.log(determinants[0] / np.sqrt(determinants[1] * determinants[2])) / 2
    assert distances[0, 1] == pytest.approx(2 * (1 - np.exp(-exponent)), rel=1e-4)


def test_dependent_constant_and_few_values_have_finite_distances():
    generator = np.random.default_rng(2)
    band = generator.normal(size=(203, 1))
    # The second band is the first, the third is constant, and the last class has two samples of six bands.
    values = np.concatenate([band, band, np.ones((203, 1)), generator.normal(size=(203, 3))], axis=1)
    codes = np.repeat([0, 1, 2], [100, 101, 2])
    values[codes == 1, :2] += 50
    distances, shrinkage = jeffries_matusita(values.astype(np.float32), codes, 3)
    assert np.isfinite(distances).all() and (distances >= 0).all() and (distances <= 2).all()
    assert distances[0, 1] == pytest.approx(2, abs=1e-6)
    # Two samples span one of the five dimensions that vary.
    assert shrinkage[2] == pytest.approx(4 / 5) and 0 < shrinkage[0] < 0.3
