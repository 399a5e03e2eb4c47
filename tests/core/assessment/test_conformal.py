"""Prediction sets hold the true class as often as asked, where calibration and test are drawn alike."""

import numpy as np
import pytest

from deep_land_cover.core.models.card import MAX_SCORES, ConformalScores
from deep_land_cover.core.uncertainty.calibration import HeldOutSamples
from deep_land_cover.core.uncertainty.conformal import (
    cross_limits,
    default_limits,
    describe_limits,
    limits_of,
    scores_of,
)

CLASSES = 4


def draw(generator, count):
    """Return log-probabilities that are wrong about a third of the time, and classes, one rare."""
    codes = generator.choice(CLASSES, count, p=(0.5, 0.3, 0.15, 0.05))
    logits = generator.normal(0, 1, (count, CLASSES))
    logits[np.arange(count), codes] += generator.normal(1.5, 1, count)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), codes


def held_of(log_chances, codes, clusters=None):
    return HeldOutSamples(log_chances, codes, clusters)


@pytest.mark.medium(but=("a limit a class-0.9",))
@pytest.mark.parametrize("coverage", [0.6, 0.9, 0.95])
@pytest.mark.parametrize("clusters", [1, 200], ids=["one limit", "a limit a class"])
def test_the_true_class_is_in_the_set_as_often_as_asked(coverage, clusters):
    generator = np.random.default_rng(0)
    shares, by_class = [], []
    for _ in range(300):
        known, codes = draw(generator, 400)
        scores = scores_of(known, held_of(known, codes, np.arange(400) % clusters), 0)
        asked, truth = draw(generator, 400)
        chances = np.exp(asked)
        found = limits_of(scores, coverage, CLASSES)
        assert all(found.are_own[:3]) == (clusters > 5)
        members = chances >= np.array(found.values)
        hits = members[np.arange(400), truth]
        shares.append(hits.mean())
        by_class.append([hits[truth == code].mean() for code in range(3)])
    # Split conformal prediction covers at least as often, and by no more than 1 / (n + 1) oftener.
    assert coverage - 0.01 < np.mean(shares) < coverage + 0.03
    if clusters > 5:
        assert (np.mean(by_class, axis=0) > coverage - 0.01).all()


def test_the_limit_is_the_order_statistic_of_the_finite_sample():
    chances = tuple(np.linspace(0.1, 1.0, 10).round(6).tolist())
    scores = ConformalScores((0,) * 10, chances, tuple(range(10)))
    # ceil(11 x 0.8) = 9 of 10 must be let in: the second smallest is the limit.
    assert limits_of(scores, 0.8, 1).values == pytest.approx((0.2,))
    # ceil(11 x 0.95) = 11 of 10: any class may be the true one.
    assert limits_of(scores, 0.95, 1).values == (0.0,)


@pytest.mark.parametrize(("clusters", "is_own"), [(4, False), (5, True)])
def test_a_class_has_its_own_limit_from_five_blocks_on(clusters, is_own):
    codes = (0,) * 40 + (1,) * 40
    chances = (0.9,) * 40 + (0.3,) * 40
    numbers = tuple(range(40)) + tuple(number % clusters for number in range(40))
    found = limits_of(ConformalScores(codes, chances, numbers), 0.9, 2)
    assert found.are_own == (True, is_own)
    # With or without, it comes from its own samples: of all 80 together, four at 0.3 would leave it 0.9.
    assert found.values == (0.9, 0.3)
    assert limits_of(ConformalScores(codes, (0.9,) * 76 + (0.3,) * 4, numbers), 0.9, 2).values[1] == 0.3


def test_each_group_is_covered_where_a_hard_class_has_no_limit_of_its_own():
    """Limits of the easy classes leave nothing over that could pay for a hard one with the limit of all."""
    generator = np.random.default_rng(3)
    found = []
    for _ in range(100):
        parts = []
        for count in (1500, 5000):
            codes = generator.choice(3, count, p=(0.5, 0.3, 0.2))
            logits = generator.normal(0, 1, (count, 3))
            logits[np.arange(count), codes] += np.array([2.5, 2.0, 0.2])[codes]
            parts.append((logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), codes))
        (known, codes), (asked, truth) = parts
        clusters = np.where(codes == 2, np.arange(1500) % 4, 4 + np.arange(1500) % 300)
        limits = limits_of(scores_of(known, held_of(known, codes, clusters), 0), 0.9, 3)
        assert limits.are_own == (True, True, False) and limits.is_known
        hits = (np.exp(asked) >= np.array(limits.values))[np.arange(5000), truth]
        found.append([hits.mean(), *(hits[truth == code].mean() for code in range(3))])
    np.testing.assert_allclose(np.mean(found, axis=0), 0.9, atol=0.01)


def test_classes_without_a_limit_of_their_own_share_that_of_their_samples():
    # 30 samples of class 0 in many blocks; 10 each of classes 1 and 2 in two.
    chances = (0.9,) * 30 + tuple(np.linspace(0.1, 1.0, 10)) + tuple(np.linspace(0.15, 1.05, 10).clip(0, 1))
    codes = (0,) * 30 + (1,) * 10 + (2,) * 10
    blocks = (*range(30), *(30 + number % 2 for number in range(10)), *(32 + n % 2 for n in range(10)))
    found = limits_of(ConformalScores(codes, chances, blocks), 0.8, 3)
    # ceil(21 x 0.8) = 17 of these 20 must be let in: the fourth smallest of 0.1, 0.15, 0.2, 0.25 ...
    assert found.values == pytest.approx((0.9, 0.25, 0.25))
    assert found.are_own == (True, False, False)
    words = describe_limits(found, ("Water", "Bog", "Heath"))
    assert "common limit" in words and words.endswith("Bog, Heath.") and "Water" not in words


@pytest.mark.parametrize(("samples", "limit"), [(8, 0.0), (9, 0.3)])
def test_a_group_of_too_few_samples_is_in_every_set(samples, limit):
    # ceil(10 x 0.9) = 9, but ceil(9 x 0.9) = 9 > 8.
    codes = (0,) * 40 + (1,) * samples
    chances = (0.9,) * 40 + (0.3,) * samples
    found = limits_of(ConformalScores(codes, chances, (*range(40), *([40] * samples))), 0.9, 2)
    assert found.values == (0.9, limit)
    assert found.is_known == (samples == 9)
    words = describe_limits(found, ("Water", "Bog"))
    assert ("every prediction set" in words) == (samples == 8) and "Bog" in words


def test_nothing_is_said_where_each_class_has_a_limit_of_its_own():
    found = limits_of(ConformalScores((0,) * 40, (0.9,) * 40, tuple(range(40))), 0.9, 1)
    assert describe_limits(found, ("Water",)) == ""


def test_many_scores_are_thinned_alike_each_time():
    log_chances, codes = draw(np.random.default_rng(1), 3 * MAX_SCORES)
    first, second = (scores_of(log_chances, held_of(log_chances, codes), 7) for _ in range(2))
    assert first == second and len(first.codes) == MAX_SCORES


def test_folds_are_covered_by_the_limits_of_the_others():
    log_chances, codes = draw(np.random.default_rng(2), 600)
    folds = np.arange(600) % 3 + 1
    limits, scores = cross_limits(log_chances, held_of(log_chances, codes), folds, 0)
    here = folds == 2
    others = scores_of(log_chances[~here], held_of(log_chances[~here], codes[~here]), 0)
    np.testing.assert_array_equal(limits[here], default_limits(others, (200, CLASSES)))
    assert len(scores.codes) == 600


@pytest.mark.parametrize(
    "parts", [((), (), ()), ((0,), (0.5, 0.5), (1,)), ((0,), (1.5,), (1,))], ids=["none", "lengths", "chance"]
)
def test_malformed_scores_are_refused(parts):
    with pytest.raises(TypeError):
        ConformalScores(*parts)
