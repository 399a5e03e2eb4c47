"""Weights and rules of opinion pools."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from deep_land_cover.core.models.pool import Pool
from deep_land_cover.core.options import CLASS_WEIGHTED, LOG_MEAN, MEAN, WEIGHTED
from deep_land_cover.core.uncertainty.pool import fit_pool, fit_unpruned, pooled

CLASSES, COUNT = 3, 4000


def pool_weights(
    scores: list[np.ndarray], codes: np.ndarray, clusters: np.ndarray, rule: str = WEIGHTED
) -> tuple[float, ...]:
    """Return the weight of each member of a pool with one weight for all classes."""
    pool = fit_pool(rule, scores, codes, clusters, clusters % 2)
    assert pool.rule == WEIGHTED and all(len(own) == 1 for own in pool.weights)
    return tuple(own for (own,) in pool.weights)


def posteriors(seed: int, codes: np.ndarray, noise: float) -> np.ndarray:
    """Return exact log posteriors of the classes, given one measurement of each sample.

    A measurement is the class's unit vector with normal noise. With equal priors, the log posterior is the
    measurement over the variance, normalised.
    """
    generator = np.random.default_rng(seed)
    measured = np.eye(CLASSES)[codes] + noise * generator.standard_normal((len(codes), CLASSES))
    scores: np.ndarray = log_softmax(measured / noise**2, axis=1).astype(np.float32)
    return scores


@pytest.fixture
def codes() -> np.ndarray:
    return np.random.default_rng(0).integers(CLASSES, size=COUNT)


def test_exact_posteriors_from_independent_measurements_have_weight_one_each(codes: np.ndarray) -> None:
    # With equal priors, the posterior from both is the product of the posteriors.
    members = [posteriors(1, codes, 1.0), posteriors(2, codes, 0.7)]
    assert pool_weights(members, codes, np.arange(COUNT)) == pytest.approx((1.0, 1.0), abs=0.1)


def test_a_member_that_guesses_gets_no_weight(codes: np.ndarray) -> None:
    guessed = np.random.default_rng(3).standard_normal((COUNT, CLASSES)).astype(np.float32)
    weights = pool_weights([guessed, posteriors(1, codes, 0.7)], codes, np.arange(COUNT))
    assert weights[0] == 0.0
    assert weights[1] == pytest.approx(1.0, abs=0.1)


def test_a_member_that_repeats_another_gets_no_weight(codes: np.ndarray) -> None:
    scores = posteriors(1, codes, 0.7)
    weights = pool_weights([scores, scores.copy()], codes, np.arange(COUNT))
    assert sorted(weights) == [0.0, pytest.approx(1.0, abs=0.1)]


def test_a_member_is_kept_where_it_may_be_of_use() -> None:
    """The second is right in the one cluster of twenty where the first is wrong."""
    codes = np.zeros(1000, dtype=np.int64)
    clusters = np.repeat(np.arange(20), 50)
    first = np.tile(np.log(np.float32([0.6, 0.2, 0.2])), (1000, 1))
    second = np.tile(np.log(np.float32([0.4, 0.3, 0.3])), (1000, 1))
    first[clusters == 0] = np.log([0.1, 0.8, 0.1])
    second[clusters == 0] = np.log([0.8, 0.1, 0.1])
    assert min(pool_weights([first, second], codes, clusters)) > 0.0


def test_few_clusters_leave_no_member_out(codes: np.ndarray) -> None:
    """A member that repeats another keeps its weight where 19 polygons judge, and loses it where 20 do."""
    scores = posteriors(1, codes, 0.7)
    for polygons, least in ((19, 0.4), (20, 0.0)):
        weights = pool_weights([scores, scores.copy()], codes, np.arange(COUNT) % polygons)
        assert min(weights) == pytest.approx(least, abs=0.15)


def test_the_pool_is_the_weighted_sum_of_log_probabilities() -> None:
    first, second = np.float32([[2.0, 0.0]]), np.float32([[0.0, 1.0]])
    expected = 0.5 * (np.array([2.0, 0.0]) - np.log(np.exp(2.0) + 1)) + 2.0 * (
        np.array([0.0, 1.0]) - np.log(1 + np.e)
    )
    assert pooled([first, second], Pool(((0.5,), (2.0,))))[0] == pytest.approx(expected)


def expert(seed: int, codes: np.ndarray, known: int) -> np.ndarray:
    """Return scores that tell one class from the others, and say nothing true of the others.

    The score of the known class is its log odds, given a measurement with normal noise around 2 in the
    class and around -2 elsewhere. Those of the other classes are noise.
    """
    generator = np.random.default_rng(seed)
    scores = 2.0 * generator.standard_normal((len(codes), 4))
    scores[:, known] = np.where(codes == known, 2.0, -2.0) + generator.standard_normal(len(codes))
    return scores.astype(np.float32)


@pytest.mark.medium
def test_members_that_know_different_classes_get_weights_for_each_class() -> None:
    codes, others = np.random.default_rng(0).integers(4, size=(2, 2000))
    clusters = np.arange(2000) // 20
    noisy = np.random.default_rng(1).standard_normal((2, 2000, 4)) + 1.2 * np.eye(4)[[codes, others]]
    members = [expert(2, codes, 0), expert(3, codes, 1), noisy[0].astype(np.float32)]
    unseen = [expert(4, others, 0), expert(5, others, 1), noisy[1].astype(np.float32)]
    accuracies = {}
    for rule in (WEIGHTED, CLASS_WEIGHTED):
        pool = fit_pool(rule, members, codes, clusters, clusters % 2)
        assert pool.rule == rule
        accuracies[rule] = (pooled(unseen, pool).argmax(axis=1) == others).mean()
    assert accuracies[CLASS_WEIGHTED] > accuracies[WEIGHTED] + 0.08
    weights = np.array(pool.weights)
    assert weights.argmax(axis=1)[:2].tolist() == [0, 1]
    assert weights[0, 1:].max() < 0.3 < weights[0, 0] and weights[1, 2:].max() < 0.3 < weights[1, 1]


def test_one_weight_for_all_classes_is_kept_where_that_is_right(codes: np.ndarray) -> None:
    # The product of exact posteriors has one weight for all classes.
    members = [posteriors(1, codes, 1.0), posteriors(2, codes, 0.7)]
    weights = pool_weights(members, codes, np.arange(COUNT), CLASS_WEIGHTED)
    assert weights == pytest.approx((1.0, 1.0), abs=0.1)


def test_weights_of_classes_need_more_than_a_trace_of_gain() -> None:
    # Both members are nearly certain and right, the first one a little less of one class.
    codes = np.tile([0, 1, 2], 200)
    certain = np.where(np.eye(3)[codes] > 0, 0.0, -12.0).astype(np.float32)
    less = certain.copy()
    less[codes == 1] = np.where(np.eye(3)[1] > 0, 0.0, -9.0)
    clusters = np.arange(600) // 30
    assert pool_weights([less, certain], codes, clusters, CLASS_WEIGHTED)


def test_means_are_those_of_probabilities_and_of_their_logarithms() -> None:
    probabilities = np.array([[[0.9, 0.1], [0.2, 0.8]], [[0.5, 0.5], [0.4, 0.6]]])
    members = list(np.log(probabilities).astype(np.float32) + 3.0)
    nothing = np.zeros(2, dtype=np.int64)
    found = {
        rule: np.exp(log_softmax(pooled(members, fit_pool(rule, members, nothing, nothing, nothing)), axis=1))
        for rule in (MEAN, LOG_MEAN)
    }
    assert found[MEAN] == pytest.approx(probabilities.mean(axis=0), abs=1e-6)
    roots = np.sqrt(probabilities[0] * probabilities[1])
    assert found[LOG_MEAN] == pytest.approx(roots / roots.sum(axis=1, keepdims=True), abs=1e-6)


def test_a_weight_of_zero_says_nothing_of_a_class() -> None:
    # Member 2 alone knows the second class, member 1 the others.
    first, second = np.float32([[3.0, -9.0, 0.0]]), np.float32([[0.0, 1.0, -1.0]])
    pool = Pool(((1.0, 0.0, 1.0), (0.0, 1.0, 0.0)), CLASS_WEIGHTED)
    logs = [log_softmax(item.astype(np.float64), axis=1) for item in (first, second)]
    centred = [item - item.mean() for item in logs]
    expected = [centred[0][0, 0], centred[1][0, 1], centred[0][0, 2]]
    assert pooled([first, second], pool)[0] == pytest.approx(expected, abs=1e-6)


def test_the_mean_of_pools_has_the_mean_weights() -> None:
    plain, by_class = Pool(((1.0,), (0.0,))), Pool(((0.0, 0.5), (1.0, 2.0)), CLASS_WEIGHTED)
    assert Pool.mean([plain, plain]) == plain
    assert Pool.mean([plain, by_class]) == Pool(((0.5, 0.75), (0.5, 1.0)), CLASS_WEIGHTED)


def erring(
    generator: np.random.Generator,
    codes: np.ndarray,
    clusters: np.ndarray,
    members: list[tuple[float, float]],
    together: float,
    noise: float,
) -> list[np.ndarray]:
    """Return scores of members that err together by cluster, and apart.

    ``members`` has the signal of each and the spread of its own errors, ``together`` that of the common ones.
    """
    size = clusters.max() + 1, CLASSES
    common = together * generator.standard_normal(size)
    scores = []
    for signal, spread in members:
        own = common + spread * generator.standard_normal(size)
        apart = noise * generator.standard_normal((len(codes), CLASSES))
        scores.append((1.5 * (own[clusters] + apart + signal * np.eye(CLASSES)[codes])).astype(np.float32))
    return scores


def test_a_member_that_errs_with_certainty_keeps_its_weight_where_it_is_right_more_often() -> None:
    """The first is right in 20 polygons of 24 and certain of its errors, the second in 16 and honest.

    Weights of the smallest log loss follow the second where they differ, and are right in 16 polygons.
    """
    polygon = np.repeat(np.arange(24), 20)
    codes = (polygon % CLASSES).astype(np.int64)
    errs = polygon < 4, (polygon > 1) & (polygon < 10)
    members = []
    for wrong, right_chance, error_chance in zip(errs, (0.8, 2 / 3), (1 - 2e-6, 2 / 3), strict=True):
        said = np.where(wrong, codes + 1, codes) % CLASSES
        chance = np.where(wrong, error_chance, right_chance)[:, None]
        members.append(
            np.log(np.where(np.eye(CLASSES)[said] > 0, chance, (1 - chance) / 2)).astype(np.float32)
        )
    pool = fit_pool(WEIGHTED, members, codes, polygon, polygon % 2)
    assert (pooled(members, pool).argmax(axis=1) == codes).mean() == pytest.approx(20 / 24)


@pytest.mark.medium
def test_members_left_out_cost_next_to_nothing() -> None:
    clusters = np.repeat(np.arange(25), 80)
    codes = (np.arange(25) % CLASSES)[clusters]
    for seed in range(10, 20):
        members = erring(np.random.default_rng(seed), codes, clusters, [(1.5, 0.6)] * 4, 0.6, 0.5)
        pools = (
            fit_pool(WEIGHTED, members, codes, clusters, clusters % 2),
            fit_unpruned(WEIGHTED, members, codes, clusters),
        )
        brier = []
        for pool in pools:
            chances = softmax(pooled(members, pool).astype(np.float64), axis=1)
            brier.append(((chances - np.eye(CLASSES)[codes]) ** 2).sum(axis=1))
        # All clusters are of one size, so that the means of clusters are a simple sample.
        costs = (brier[0] - brier[1]).reshape(25, 80).mean(axis=1)
        assert pools[0] == pools[1] or costs.mean() + costs.std(ddof=1) / 5 <= 0.005 + 1e-9, seed


@pytest.mark.medium
def test_leaving_members_out_costs_no_accuracy_on_new_ground() -> None:
    """Leaving out whatever may be useless, the rule before, costs 0.9 points here."""
    train, new = np.repeat(np.arange(25), 25), np.repeat(np.arange(300), 10)
    unlike = [(1.4, 0.5), (1.0, 0.8)]
    lost = []
    for seed in range(30):
        generator = np.random.default_rng(seed)
        codes, truth = train % CLASSES, new % CLASSES
        members = erring(generator, codes, train, unlike, 0.5, 0.4)
        tested = erring(generator, truth, new, unlike, 0.5, 0.4)
        hits = [
            np.mean(pooled(tested, pool).argmax(axis=1) == truth)
            for pool in (
                fit_pool(WEIGHTED, members, codes, train, train % 2),
                fit_unpruned(WEIGHTED, members, codes, train),
            )
        ]
        lost.append(hits[1] - hits[0])
    assert np.mean(lost) < 0.003
