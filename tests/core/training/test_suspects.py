"""Labels that look wrong, importance and learning curve, on samples whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from deep_land_cover.core.assessment.bootstrap import MIN_CLUSTERS
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.training.importance import PermutationImportance, correlated_groups
from deep_land_cover.core.training.learning_curve import fit_power_law, learning_curve, power_law
from deep_land_cover.core.training.suspects import grouped_folds, held_out_scores, rank_units

POLYGONS, PIXELS = 24, 12


@pytest.fixture(scope="module")
def labelled():
    """Return channels, codes and polygons of three classes; the third channel is noise, the second a copy."""
    generator = np.random.default_rng(0)
    polygons = np.repeat(np.arange(POLYGONS), PIXELS)
    codes = polygons % 3
    first = codes + generator.normal(0, 0.15, len(codes))
    copy = -3 * first + 5
    channels = np.stack([first, copy, generator.normal(size=len(codes))], axis=1).astype(np.float32)
    return channels, codes, polygons


def test_polygons_are_held_out_whole_and_an_only_one_never():
    polygons = np.repeat(np.arange(7), 3)
    codes = np.repeat([0, 0, 0, 1, 1, 1, 2], 3)
    folds = grouped_folds(codes, polygons, 3, 5, 4, seed=0)
    assert folds.shape == (4, 21)
    for row in folds:
        assert all(len(set(row[polygons == number])) == 1 for number in range(7))
        assert (row[codes == 2] == 0).all() and (row[codes < 2] > 0).all()
    assert len({tuple(row) for row in folds}) > 1


def test_changed_labels_come_first_with_their_own_class(labelled):
    channels, codes, polygons = labelled
    changed = codes.copy()
    for number in (4, 11):
        changed[polygons == number] = (codes[polygons == number] + 1) % 3
    folds = grouped_folds(changed, polygons, 3, 5, 2, seed=0)
    scores = held_out_scores(channels, changed, folds, 3, 0, SilentProgress(), trees=30)
    suspects = rank_units(scores.probabilities, changed, polygons)
    assert set(suspects.units[:2]) == {4, 11} and suspects.are_doubtful.tolist() == [True] * 2 + [False] * 22
    truth = {number: int(codes[polygons == number][0]) for number in (4, 11)}
    assert {
        int(unit): int(code) for unit, code in zip(suspects.units[:2], suspects.proposed[:2], strict=True)
    } == truth
    # The means are those of the probabilities of the polygon's samples.
    unit = int(suspects.units[0])
    own = scores.probabilities[polygons == unit]
    assert suspects.probability[0] == pytest.approx(own[:, changed[polygons == unit][0]].mean(), abs=1e-6)
    assert suspects.counts[0] == PIXELS


def test_what_no_fold_holds_out_is_not_judged(labelled):
    channels, codes, polygons = labelled
    folds = grouped_folds(codes, polygons, 3, 5, 1, seed=0)
    folds[:, polygons == 5] = 0
    scores = held_out_scores(channels, codes, folds, 3, 0, SilentProgress(), trees=10)
    assert not scores.is_known[polygons == 5].any() and np.isnan(scores.probabilities[polygons == 5]).all()
    assert 5 not in rank_units(scores.probabilities, codes, polygons).units


def test_channels_that_tell_the_same_are_one_group(labelled):
    channels, codes, _polygons = labelled
    assert correlated_groups(channels) == ((0, 1), (2,))
    constant = np.concatenate([channels, np.ones((len(codes), 1), np.float32)], axis=1)
    assert correlated_groups(constant) == ((0, 1), (2,), (3,))
    assert correlated_groups(channels[:, :1]) == ((0,),)


def test_the_importance_of_a_group_is_the_fall_of_the_accuracy(labelled):
    channels, codes, polygons = labelled
    importance = PermutationImportance(channels, codes, ((0, 1), (2,)), seed=0)
    folds = grouped_folds(codes, polygons, 3, 4, 1, seed=0)
    held_out_scores(channels, codes, folds, 3, 0, SilentProgress(), trees=30, visit=importance.add)
    first, second = importance.results(polygons)
    assert first.channels == (0, 1) and second.channels == (2,)
    # Without its values, a class is guessed: right for about one in three.
    assert first.fall.value == pytest.approx(2 / 3, abs=0.1)
    assert first.fall.low < first.fall.value < first.fall.high
    assert abs(second.fall.value) < 0.02


@pytest.mark.medium
def test_the_learning_curve_rises_and_ends_with_all_polygons(labelled):
    generator = np.random.default_rng(3)
    polygons = np.repeat(np.arange(60), 6)
    codes = polygons % 3
    # Polygons differ more than their pixels, so more of them help.
    own = generator.normal(0, 0.8, (60, 4))[polygons]
    channels = (codes[:, None] * 0.9 + own + generator.normal(0, 0.1, (360, 4))).astype(np.float32)
    folds = grouped_folds(codes, polygons, 3, 3, 1, seed=0)[0]
    # A third of the polygons is held out.
    curve = learning_curve(channels, codes, polygons, folds, 0, SilentProgress(), trees=20)
    assert [point.polygons for point in curve.points] == sorted(point.polygons for point in curve.points)
    assert curve.points[-1].polygons == pytest.approx(40) and curve.points[0].polygons == pytest.approx(
        6, abs=1
    )
    assert curve.points[-1].accuracy.value > curve.points[0].accuracy.value
    half, whole = curve.points[2].accuracy.value, curve.points[-1].accuracy.value
    assert curve.last_doubling.value == pytest.approx(whole - half)
    assert curve.last_doubling.clusters == 60 >= MIN_CLUSTERS


def test_a_power_law_is_found_again_and_a_flat_curve_has_none():
    numbers = np.array([5.0, 10, 20, 40, 80])
    errors = power_law(numbers, 0.1, 0.8, 0.7)
    assert errors == pytest.approx(0.1 + 0.8 / numbers**0.7)
    assert power_law(160, *fit_power_law(numbers, errors)) == pytest.approx(
        power_law(160, 0.1, 0.8, 0.7), abs=1e-3
    )
    assert fit_power_law(numbers, np.full(5, 0.2)) is None
    assert fit_power_law(numbers[:3], errors[:3]) is None
