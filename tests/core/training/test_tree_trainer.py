from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import uniform_filter
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import RunCancelled
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.neighbourhood import Neighbourhoods, feature_names
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import BandStack, open_stack
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.neighbourhood import read_features
from deep_land_cover.core.training.tree_trainer import (
    TreeTrainer,
    grow,
    square_root_weights,
)

CLASSES = (LandCoverClass(1, "Dark", "#000000"), LandCoverClass(5, "Bright", "#FFFFFF"))
SCALING = Scaling(mean=(50.0, 100.0), std=(20.0, 40.0))
PREPARATION = Preparation(("a", "b"), (), {}, 1.0, scaling=SCALING)
MEASURE = Neighbourhoods((3, 21))


@pytest.fixture
def values() -> np.ndarray:
    """Two bands of 70 x 60 pixels, brighter to the right, with a hole of nodata in the first one."""
    bands = np.random.default_rng(0).normal(60.0, 20.0, (2, 70, 60)).astype(np.float32)
    bands[:, :, 30:] += 40.0
    bands[0, 10:14, 20:30] = np.nan
    return bands


@pytest.fixture
def stack(make_raster: Callable[..., Path], values: np.ndarray) -> Iterator[BandStack]:
    with open_stack(RasterSource(str(make_raster(values, names=("a", "b"), nodata=np.nan)))) as opened:
        yield opened


def samples(rows: list[int], columns: list[int]) -> Samples:
    places = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    codes = (places[1] >= 30).astype(np.int64)
    return Samples(*places, codes, np.arange(len(rows)), CLASSES, (1.0, 1.0))


def everywhere(count: int = 300) -> Samples:
    generator = np.random.default_rng(1)
    return samples(generator.integers(0, 70, count).tolist(), generator.integers(0, 60, count).tolist())


def trainer() -> TreeTrainer:
    return TreeTrainer(architecture("extra_trees"), (3, 9), 0)


def test_features_are_those_of_the_mirrored_raster_over_valid_pixels(
    stack: BandStack, values: np.ndarray
) -> None:
    places = samples([0, 35, 69, 9, 12], [0, 30, 59, 24, 3])
    found = read_features(stack, places, PREPARATION, MEASURE, SilentProgress())
    names = feature_names(("a", "b"), (3, 21))
    scaled = (values - np.reshape(SCALING.mean, (2, 1, 1))) / np.reshape(SCALING.std, (2, 1, 1))
    valid = np.isfinite(values).all(axis=0)
    for band, name in enumerate("ab"):
        own = scaled[band, places.rows, places.columns]
        np.testing.assert_allclose(found[:, names.index(name)], own, rtol=1e-5)
        for window in (3, 21):
            kept = np.where(valid, scaled[band], 0.0).astype(np.float64)
            # scipy's "mirror" repeats no edge, as the padding rule "reflect".
            share = np.maximum(uniform_filter(valid.astype(np.float64), window, mode="mirror"), 1e-9)
            mean = uniform_filter(kept, window, mode="mirror") / share
            variance = uniform_filter(kept**2, window, mode="mirror") / share - mean**2
            for what, expected in (("mean", mean), ("deviation", np.sqrt(np.maximum(variance, 0)))):
                column = found[:, names.index(f"{name} {what} {window}")]
                np.testing.assert_allclose(column, expected[places.rows, places.columns], atol=1e-4)


def test_features_do_not_depend_on_which_samples_are_read_together(stack: BandStack) -> None:
    all_of_them = everywhere()
    together = read_features(stack, all_of_them, PREPARATION, MEASURE, SilentProgress())
    alone = read_features(stack, all_of_them.subset(np.array([17])), PREPARATION, MEASURE, SilentProgress())
    np.testing.assert_array_equal(alone[0], together[17])


def test_trees_learn_and_look_at_training_samples_only(stack: BandStack) -> None:
    data = everywhere()
    order = np.arange(len(data))
    split = Split(order[:200], order[200:220], order[220:])
    chosen = trainer()
    dataset = chosen.read(stack, data, Preparation(("b", "a"), (), {}, 1.0), SilentProgress())
    fitted = chosen.fit(dataset, split, SilentProgress(), lambda _: None)
    right = fitted.logits(split.test, SilentProgress()).argmax(axis=1) == dataset.codes(split.test)
    assert right.mean() > 0.9
    own = stack.read(0, 70, 0, 60, ["b"])[0][data.rows[:200], data.columns[:200]]
    low, high = np.percentile(own, (0.5, 99.5))
    np.testing.assert_allclose(fitted.scaling.mean[0], np.clip(own, low, high).mean(), rtol=1e-5)
    # The held-out samples' classes change nothing.
    codes = np.concatenate([data.codes[:200], 1 - data.codes[200:]])
    other = Samples(data.rows, data.columns, codes, data.groups, CLASSES, (1.0, 1.0))
    again = chosen.fit(
        chosen.read(stack, other, dataset.preparation, SilentProgress()),
        split,
        SilentProgress(),
        lambda _: None,
    )
    everyone = np.arange(len(data))
    np.testing.assert_array_equal(
        fitted.logits(everyone, SilentProgress()), again.logits(everyone, SilentProgress())
    )


def test_number_of_trees_and_smallest_leaf_are_those_that_are_set(stack: BandStack) -> None:
    data = everywhere()
    few = TreeTrainer(architecture("tree_ensemble"), (3,), 0, trees=7, min_leaf=20)
    dataset = few.read(stack, data, PREPARATION, SilentProgress())
    everyone = np.arange(len(data))
    split = Split(everyone, everyone[:0], everyone[:0])
    extra_trees, boosting = few.fit(dataset, split, SilentProgress(), lambda _: None).model.members
    assert len(extra_trees.estimators_) == 7
    leaves = [tree.tree_.n_node_samples[tree.tree_.children_left == -1] for tree in extra_trees.estimators_]
    assert min(sizes.min() for sizes in leaves) >= 20
    assert boosting.n_iter_ == 150


def test_the_largest_window_says_how_far_apart_the_parts_must_lie() -> None:
    chosen = trainer()
    assert (chosen.window, chosen.windows, chosen.patch_size) == (9, (3, 9), 1)
    assert chosen.sample_bytes(4) == 4 * 4 * 5
    per_pixel = TreeTrainer(architecture("random_forest"), (), 0)
    assert (per_pixel.window, per_pixel.windows) == (1, ())


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (ExtraTreesClassifier, {"n_estimators": 22, "random_state": 3}),
        (
            HistGradientBoostingClassifier,
            {"max_iter": 102, "max_leaf_nodes": 4, "random_state": 3, "max_features": 0.5},
        ),
    ],
)
def test_growing_by_steps_gives_the_trees_of_one_fit(kind: type, settings: dict[str, object]) -> None:
    generator = np.random.default_rng(0)
    # So few that boosting takes their values as they are.
    codes = generator.integers(0, 3, 250)
    features = generator.normal(codes[:, None], 1.0, (250, 4)).astype(np.float32)
    stepwise = kind(**settings)
    grow(stepwise, features, codes, SilentProgress())
    at_once = kind(**settings).fit(features, codes, sample_weight=square_root_weights(codes))
    np.testing.assert_allclose(stepwise.predict_proba(features), at_once.predict_proba(features), atol=1e-12)


def test_a_class_weighs_by_the_square_root_of_its_samples() -> None:
    codes = np.repeat([0, 1, 2], [100, 25, 4])
    weights = square_root_weights(codes)
    totals = np.bincount(codes, weights)
    np.testing.assert_allclose(totals / totals[2], [5.0, 2.5, 1.0])
    assert weights.mean() == pytest.approx(1.0)


def test_cancelling_ends_the_growing() -> None:
    class Cancelled(SilentProgress):
        def update(self, fraction: float, text: str = "", **values: object) -> None:
            raise RunCancelled

    features, codes = np.zeros((10, 2), np.float32), np.arange(10) % 2
    with pytest.raises(RunCancelled):
        grow(ExtraTreesClassifier(300), features, codes, Cancelled())
