"""Gains of one map over another, against closed formulas and simulation."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest, multinomial, norm

from deep_land_cover.core.assessment.bootstrap import count_by_cluster
from deep_land_cover.core.assessment.comparison import (
    gain_by_clusters,
    gain_of_clusters,
    gain_of_sample,
    mcnemar,
    sign_flip,
    stratified_sign_flip,
)
from deep_land_cover.core.assessment.estimators import SampledCells, sampled_cells

Array = np.ndarray[Any, Any]


def maps(number: int, seed: int) -> tuple[Array, Array, Array]:
    """Return a truth of three classes and two maps of it, the second one better."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, 3, number)
    wrong = [generator.random(number) < share for share in (0.35, 0.15)]
    first, second = (np.where(bad, generator.integers(0, 3, number), truth) for bad in wrong)
    return truth, first, second


def differing(truth: Array, first: Array, second: Array, clusters: Array) -> Array:
    right = first == truth, second == truth
    only = [np.bincount(clusters, weights=a & ~b) for a, b in (right, right[::-1])]
    return np.stack(only, axis=1)


def joint(truth: Array, first: Array, second: Array, strata: Array, number: int) -> Array:
    counts = np.zeros((number, 3, 9))
    np.add.at(counts, (strata, truth, first * 3 + second), 1)
    return counts


def test_points_get_mcnemars_exact_test() -> None:
    truth, first, second = maps(200, 0)
    groups = np.arange(200)
    tallies = [count_by_cluster(truth, item, groups, 3) for item in (first, second)]
    found = gain_of_clusters(*tallies, differing(truth, first, second, groups), 3, 0)
    only = [int(np.sum((a == truth) & (b != truth))) for a, b in ((first, second), (second, first))]
    assert found.test.name == "McNemar"
    assert found.test.p == pytest.approx(binomtest(only[0], sum(only), 0.5).pvalue)
    gain = np.mean(second == truth) - np.mean(first == truth)
    assert found.overall.value == pytest.approx(gain)
    # Of paired proportions: the variance of the mean of right less right.
    pairs = (second == truth).astype(float) - (first == truth)
    assert found.overall.error == pytest.approx(pairs.std() / np.sqrt(200), rel=0.06)


def test_clusters_never_get_mcnemars_test_which_would_be_far_too_sure() -> None:
    generator = np.random.default_rng(2)
    clusters = np.repeat(np.arange(20), 200)
    truth = np.zeros(4000, dtype=np.int64)
    # Each polygon is right as a whole, or wrong as a whole, in either map.
    wrong = generator.permutation(20)
    first, second = (np.repeat(np.isin(np.arange(20), some) * 1, 200) for some in (wrong[:7], wrong[7:10]))
    tallies = [count_by_cluster(truth, item, clusters, 3) for item in (first, second)]
    counts = differing(truth, first, second, clusters)
    found = gain_of_clusters(*tallies, counts, 3, 0)
    assert found.test.name == "sign flip"
    assert found.test.p == sign_flip((first == truth) * 1, (second == truth) * 1, clusters, 0).p
    assert found.test.p > 0.05
    assert mcnemar(*counts.sum(axis=0).astype(int).tolist()).p < 1e-10


def test_five_clusters_are_enough_for_the_interval_of_a_gain_and_four_are_not() -> None:
    truth, first, second = maps(400, 5)
    for number in (4, 5):
        clusters = np.arange(400) % number
        tallies = [count_by_cluster(truth, item, clusters, 3) for item in (first, second)]
        found = gain_of_clusters(*tallies, differing(truth, first, second, clusters), 3, 0)
        assert (found.overall.low is not None) == (number == 5)


def test_a_gain_that_is_the_same_in_every_block_has_no_interval() -> None:
    """Blocks of other weights: in each, half of the weight is right with the second map alone.

    Draws of blocks that are alike cannot say how often another one differs.
    """
    members = np.repeat(np.arange(10), 2)
    weights = (members + 1.0) ** 2
    second = np.arange(20) % 2 == 0
    found = gain_by_clusters(np.zeros(20, dtype=bool), second, weights, members, 0)
    assert found.value == pytest.approx(0.5)
    assert (found.error, found.low, found.high) == (None, None, None)


def test_a_gain_that_every_point_has_or_lacks_has_no_interval() -> None:
    truth = np.zeros(50, dtype=np.int64)
    for first, value in ((truth + 1, 1.0), (truth, 0.0)):
        cells = sampled_cells(joint(truth, first, truth, truth, 1), np.ones(1))
        found = gain_of_sample(cells, 3, has_equal_weights=True).overall
        assert (found.value, found.low, found.high) == (value, None, None)


def test_the_gain_of_a_class_has_an_interval_where_both_maps_have_it_in_five_clusters() -> None:
    truth, first, second = maps(1000, 6)
    clusters = np.arange(1000) // 50
    for number in (4, 5):
        # The second map has the class in some clusters only.
        fewer = np.where((second == 2) & (clusters >= number), 0, second)
        tallies = [count_by_cluster(truth, item, clusters, 3) for item in (first, fewer)]
        found = gain_of_clusters(*tallies, differing(truth, first, fewer, clusters), 3, 0)
        assert (found.users[2].low is not None) == (number == 5)
        assert found.producers[2].low is not None and found.users[1].low is not None


def test_a_simple_random_sample_has_the_paired_variance() -> None:
    truth, first, second = maps(300, 1)
    cells = sampled_cells(joint(truth, first, second, np.zeros_like(truth), 1), np.ones(1))
    found = gain_of_sample(cells, 3, has_equal_weights=True)
    pairs = (second == truth).astype(float) - (first == truth)
    assert found.overall.value == pytest.approx(pairs.mean())
    assert found.overall.error == pytest.approx(pairs.std(ddof=1) / np.sqrt(300))
    assert found.test.name == "McNemar"
    recall = [np.mean((item == truth)[truth == 1]) for item in (first, second)]
    assert found.producers[1].value == pytest.approx(recall[1] - recall[0])
    precision = [np.mean((item == truth)[item == 2]) for item in (first, second)]
    assert found.users[2].value == pytest.approx(precision[1] - precision[0])


@pytest.mark.medium
def test_a_stratified_sample_is_weighted_and_its_errors_are_those_of_a_simulation() -> None:
    truth, first, second = maps(6000, 3)
    strata = (np.arange(6000) >= 1500).astype(np.int64)
    sizes, drawn = np.array([0.25, 0.75]), (150, 100)
    generator = np.random.default_rng(4)
    values: dict[str, list[float]] = {"overall": [], "producers": [], "users": []}
    errors: dict[str, list[float]] = {name: [] for name in values}
    for _ in range(400):
        chosen = np.concatenate(
            [generator.choice(np.flatnonzero(strata == code), number) for code, number in enumerate(drawn)]
        )
        picked = [item[chosen] for item in (truth, first, second, strata)]
        found = gain_of_sample(sampled_cells(joint(*picked, 2), sizes), 3, has_equal_weights=False)
        for name, figure in (
            ("overall", found.overall),
            ("producers", found.producers[0]),
            ("users", found.users[0]),
        ):
            assert figure.value is not None and figure.error is not None
            values[name].append(figure.value)
            errors[name].append(figure.error)
    assert found.test.name == "design-weighted"
    assert np.mean(values["overall"]) == pytest.approx(
        np.mean(second == truth) - np.mean(first == truth), abs=0.005
    )
    for name in values:
        assert np.mean(errors[name]) == pytest.approx(np.std(values[name]), rel=0.12)


def test_equal_maps_differ_by_nothing() -> None:
    truth, first, _ = maps(100, 5)
    cells = sampled_cells(joint(truth, first, first, np.zeros_like(truth), 1), np.ones(1))
    for is_equal in (True, False):
        found = gain_of_sample(cells, 3, has_equal_weights=is_equal)
        assert found.overall.value == 0
        assert found.test.p == 1


def tallied(counts: Array, weights: Array) -> SampledCells:
    """Return points of strata that only the first map has right, only the second, and both (strata, 3).

    There are two classes, and the reference is the first one everywhere.
    """
    cells = np.zeros((len(counts), 2, 4))
    # First and second map: right and wrong, wrong and right, right and right.
    for number, column in enumerate((1, 2, 0)):
        cells[:, 0, column] = counts[:, number]
    return sampled_cells(cells, weights)


def p_of(counts: Array, weights: Array) -> float | None:
    return gain_of_sample(tallied(counts, weights), 2, has_equal_weights=False).test.p


def test_a_stratum_of_one_point_leaves_the_probability_unknown() -> None:
    assert p_of(np.array([[5.0, 20.0, 20.0], [0.0, 1.0, 0.0]]), np.array([0.9, 0.1])) is None


def test_points_that_all_speak_for_one_map_are_no_chance() -> None:
    """As in McNemar's exact test, 50 of 50 have the probability 2 / 2**50."""
    assert p_of(np.array([[0.0, 50.0, 0.0]]), np.ones(1)) == pytest.approx(2.0**-49)
    # Six of six: 2 / 64, whatever the plain standard error of 0 says.
    assert p_of(np.array([[6.0, 0.0, 0.0]]), np.ones(1)) == pytest.approx(1 / 32)
    # Five of five beside a point that both have right: 2 / 32.
    assert p_of(np.array([[5.0, 0.0, 1.0]]), np.ones(1)) == pytest.approx(1 / 16)


def test_the_probability_by_the_standard_error_is_that_of_bonett_and_price() -> None:
    """4 and 26 of 48 differ: standard error 0.09448809, as ci.prop.ps of the R package statpsych prints."""
    found = p_of(np.array([[4.0, 26.0, 18.0]]), np.ones(1))
    normal = 2 * norm.sf(22 / 48 / 0.09448809)
    exact = binomtest(4, 30).pvalue
    assert found == pytest.approx(max(normal, exact), rel=1e-5)
    assert normal < exact
    # Two strata, of which the large one has no point that differs: the standard error is less sure.
    counts = np.array([[0.0, 0.0, 50.0], [0.0, 12.0, 38.0]])
    spread = np.array([2 / 52, 14 / 52 - (12 / 52) ** 2]) / 52
    error = np.sqrt(0.9**2 * spread[0] + 0.1**2 * spread[1])
    assert p_of(counts, np.array([0.9, 0.1])) == pytest.approx(2 * norm.sf(0.1 * 12 / 50 / error), rel=1e-6)


@pytest.mark.medium
@pytest.mark.parametrize("weights", [(0.5, 0.5), (0.8, 0.2), (0.95, 0.05)])
@pytest.mark.slow(but=("weights1",))
def test_equal_maps_are_told_apart_in_one_of_twenty_samples_at_most(weights: tuple[float, float]) -> None:
    """All samples of seven points in each of two strata, with their probabilities."""
    number, sizes = 7, np.array(weights)
    outcomes = [
        (first, second, number - first - second)
        for first in range(number + 1)
        for second in range(number + 1 - first)
    ]
    found = np.array([[p_of(np.array([a, b], dtype=float), sizes) for b in outcomes] for a in outcomes])
    is_significant = found.astype(np.float64) <= 0.05
    for differing in (0.02, 0.1, 0.3, 0.6, 1.0):
        # Where nearly all of so few points differ, only maps that are alike in each stratum pass as alike.
        for gain in (0.0, 0.02, 0.05, 0.1, 0.3) if differing < 0.5 else (0.0,):
            # What the small stratum gains, the large one loses: overall, the maps are alike.
            gains = np.array([-gain * sizes[1] / sizes[0], gain])
            only = np.maximum(differing, np.abs(gains))
            chances = [
                multinomial.pmf(outcomes, number, [(d - g) / 2, (d + g) / 2, max(1 - d, 0.0)])
                for d, g in zip(only, gains, strict=True)
            ]
            assert chances[0] @ is_significant @ chances[1] <= 0.05


def test_the_sign_flip_within_strata_is_that_of_all_patterns() -> None:
    first, second, weights = np.array([3, 1, 0]), np.array([6, 2, 1]), np.array([1.0, 2.5, 0.4])
    each = np.repeat(weights, first + second)
    signs = np.array(list(product((-1, 1), repeat=len(each))))
    expected = np.mean(np.abs(signs @ each) >= abs(weights @ (first - second)) - 1e-9)
    assert stratified_sign_flip(first, second, weights, 0) == pytest.approx(expected)
    # Many points in many strata are drawn at random: the normal distribution is near.
    first, second = np.full(8, 30.0), np.full(8, 38.0)
    weights = np.linspace(0.5, 2, 8)
    found = stratified_sign_flip(first, second, weights, 0)
    z = weights @ (second - first) / np.sqrt(weights**2 @ (first + second))
    assert found == pytest.approx(2 * norm.sf(z), abs=0.01)


def test_points_of_a_block_that_are_all_alike_count_as_one() -> None:
    generator = np.random.default_rng(4)
    of_block = generator.choice([-1, 0, 1], size=60, p=[0.2, 0.4, 0.4])
    members = np.repeat(np.arange(60), 25)
    first, second = np.repeat(of_block == -1, 25), np.repeat(of_block == 1, 25)
    found = gain_by_clusters(first, second, np.ones(1500), members, 0)
    alone = gain_by_clusters(first, second, np.ones(1500), np.arange(1500), 0)
    assert found.value == alone.value == pytest.approx(of_block.mean())
    # The standard error of a mean of 60, not of 1,500.
    assert found.error == pytest.approx(of_block.std() / np.sqrt(60), rel=0.06)
    assert alone.error == pytest.approx(of_block.std() / np.sqrt(1500), rel=0.06)


def test_the_gain_by_blocks_is_weighted_by_what_points_stand_for() -> None:
    first, second = np.array([True, True, False, False]), np.array([False, True, True, True])
    found = gain_by_clusters(first, second, np.array([1.0, 2.0, 3.0, 4.0]), np.arange(4), 0)
    assert found.value == pytest.approx((-1 + 3 + 4) / 10)
