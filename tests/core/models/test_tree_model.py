from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.tree_model import TreeModel
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods, neighbourhood_features

MEASURE = Neighbourhoods((3,))


def scene() -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(0)
    channels = torch.randn((2, 12, 12), generator=generator)
    valid = torch.rand((12, 12), generator=generator) < 0.8
    rows, columns = torch.nonzero(valid[1:-1, 1:-1], as_tuple=True)
    return channels, valid, rows + 1, columns + 1


def pixel_guess() -> ExtraTreesClassifier:
    generator = np.random.default_rng(0)
    codes = generator.choice([0, 2], 100)
    return ExtraTreesClassifier(5, random_state=0).fit(generator.normal(codes[:, None], 1.0, (100, 2)), codes)


def test_class_maps_are_measured_like_channels_and_come_last() -> None:
    pixel = pixel_guess()
    model = TreeModel(MEASURE, (None,), 3, pixel)
    channels, valid, rows, columns = scene()
    found = model.features(channels, valid, rows, columns).numpy()
    maps = np.zeros((3, 12, 12), np.float32)
    maps[[0, 2]] = pixel.predict_proba(channels.numpy().reshape(2, -1).T).T.reshape(2, 12, 12)
    maps[:, ~valid.numpy()] = 0.0
    plain = neighbourhood_features(channels, valid, rows, columns, (3,)).numpy()
    expected = neighbourhood_features(torch.from_numpy(maps), valid, rows, columns, (3,)).numpy()
    np.testing.assert_array_equal(found, np.concatenate([plain, expected], axis=1))
    assert (model.count(2), model.reach) == (15, 1)


def test_members_vote_and_plain_ones_do_not_see_the_maps() -> None:
    channels, valid, rows, columns = scene()
    codes = np.random.default_rng(1).integers(0, 3, len(rows))
    untrained = TreeModel(MEASURE, (None, None), 3, pixel_guess(), plain=1)
    features = untrained.features(channels, valid, rows, columns).numpy()
    assert untrained.counts(2) == (15, 6)
    members = tuple(
        ExtraTreesClassifier(5, random_state=0).fit(features[:, :count], codes)
        for count in untrained.counts(2)
    )
    model = TreeModel(MEASURE, members, 3, untrained.pixel, plain=1)
    votes = [
        member.predict_proba(features[:, :count]) for member, count in zip(members, (15, 6), strict=True)
    ]
    np.testing.assert_allclose(
        np.exp(model.log_probabilities(features)), np.maximum(np.mean(votes, axis=0), 1e-6), rtol=1e-5
    )


def test_many_classes_have_no_maps() -> None:
    few, many = (architecture("tree_ensemble").build(0, 1, classes, (3, 31)) for classes in (6, 40))
    assert isinstance(few.pixel, HistGradientBoostingClassifier)
    assert many.pixel is None
    assert many.counts(10) == (60, 60)
    assert few.counts(10) == (96, 60)


@pytest.mark.parametrize("samples", [0, 1, 9001])
def test_probabilities_are_those_of_scikit_learn(samples: int) -> None:
    """More samples than a batch of the forest, and of boosting, on two threads; a class is missing."""
    generator = np.random.default_rng(0)
    codes = generator.choice([0, 2, 3], 90)
    taught = (codes[:, None] + generator.normal(size=(90, 20))).astype(np.float32)
    forest = ExtraTreesClassifier(5, random_state=0, n_jobs=2).fit(taught, codes)
    boosting = HistGradientBoostingClassifier(max_iter=5, min_samples_leaf=5, random_state=0).fit(
        taught, codes
    )
    model = TreeModel(Neighbourhoods((3,)), (forest, boosting), 4)
    features = generator.normal(1.5, 2.0, size=(samples, 20)).astype(np.float32)
    expected = np.full((samples, 4), 1e-6, dtype=np.float32)
    if samples:
        mean = np.mean([forest.predict_proba(features), boosting.predict_proba(features)], axis=0)
        expected[:, [0, 2, 3]] = np.maximum(mean, 1e-6)
    np.testing.assert_allclose(model.log_probabilities(features), np.log(expected), rtol=0, atol=1e-6)


@pytest.mark.parametrize("kind", [HistGradientBoostingClassifier, ExtraTreesClassifier])
def test_trees_of_one_class_predict_it_with_certainty(kind: type[Any]) -> None:
    features = np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32)
    model = TreeModel(MEASURE, (kind(random_state=0).fit(features, np.full(30, 2)),), 4)
    expected = np.tile(np.float32([1e-6, 1e-6, 1.0, 1e-6]), (30, 1))
    np.testing.assert_allclose(np.exp(model.log_probabilities(features)), expected, rtol=1e-5)
