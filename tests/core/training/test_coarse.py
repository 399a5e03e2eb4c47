from __future__ import annotations

import numpy as np
from numpy.testing import assert_array_equal
from sklearn.ensemble import HistGradientBoostingClassifier

from deep_land_cover.core.training.tree_trainer import coarsened


def drawn(samples: int) -> np.ndarray:
    generator = np.random.default_rng(5)
    smooth = generator.lognormal(0, 2, (samples, 4))
    few = generator.integers(3, size=(samples, 1))
    return np.concatenate([smooth, few, np.ones((samples, 1))], axis=1).astype(np.float32)


def test_no_column_keeps_more_than_255_values_and_each_is_one_that_was_there() -> None:
    features = drawn(3000)
    found = coarsened(features)
    for column in range(features.shape[1]):
        kept = np.unique(found[:, column])
        assert len(kept) <= 255
        assert np.isin(kept, features[:, column]).all()
        assert {kept[0], kept[-1]} == {features[:, column].min(), features[:, column].max()}
    # Few different values stay what they are.
    assert_array_equal(found[:, 4:], features[:, 4:])


def test_values_keep_their_order() -> None:
    features = drawn(2000)
    found = coarsened(features)
    order = np.argsort(features[:, 0])
    assert (np.diff(found[order, 0]) >= 0).all()


def test_boosting_divides_the_true_values_as_it_divided_the_coarse_ones() -> None:
    features = drawn(3000)
    codes = (np.log(features[:, 0]) + 0.5 * features[:, 4] > 0.7).astype(np.int64)
    weights = np.where(codes, 2.0, 1.0)
    coarse = coarsened(features)
    model = HistGradientBoostingClassifier(max_iter=20).fit(coarse, codes, sample_weight=weights)
    assert_array_equal(model.predict_proba(features), model.predict_proba(coarse))


def test_a_few_samples_are_left_alone() -> None:
    features = drawn(255)
    assert_array_equal(coarsened(features), features)
