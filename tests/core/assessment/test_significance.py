from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, permutation_test

from deep_land_cover.core.assessment.comparison import mcnemar, sign_flip
from deep_land_cover.core.assessment.model_accuracy import EvaluationSet


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        # Fagerland, Lydersen and Laake 2013, https://doi.org/10.1186/1471-2288-13-91: airway
        # hyper-responsiveness before and after a transplantation.
        (1, 7, 0.070),
        # The same paper: complete response before and after a consolidation therapy.
        (6, 16, 0.0525),
    ],
)
def test_mcnemars_exact_test_gives_the_published_probability(first: int, second: int, p: float) -> None:
    found = mcnemar(first, second)
    assert found.p == pytest.approx(p, abs=0.0006)
    assert found.p == mcnemar(second, first).p


def test_models_that_never_differ_are_equal() -> None:
    assert mcnemar(0, 0).p == 1.0
    same = np.array([1, 0, 1, 1])
    assert sign_flip(same, same, np.arange(4), 0).p == 1.0


def test_the_sign_flip_over_single_points_is_mcnemars_test() -> None:
    first, second = np.array([1] * 9 + [0] * 2 + [1] * 30), np.array([0] * 9 + [1] * 2 + [1] * 30)
    found = sign_flip(first, second, np.arange(41), 0)
    assert found.p == pytest.approx(binomtest(9, 11).pvalue)
    assert (found.first_only, found.second_only, found.units) == (9, 2, 41)


@pytest.mark.parametrize("clusters", [10, 40])
def test_the_sign_flip_agrees_with_scipy(clusters: int) -> None:
    generator = np.random.default_rng(clusters)
    members = np.repeat(np.arange(clusters), 7)
    chance = generator.uniform(0.3, 1.0, clusters)
    first = (generator.random(len(members)) < chance[members]).astype(np.int64)
    second = (generator.random(len(members)) < 0.8 * chance[members]).astype(np.int64)
    sums = np.bincount(members, weights=first - second)
    expected = permutation_test(
        (sums,), np.sum, permutation_type="samples", n_resamples=20_000, rng=np.random.default_rng(1)
    )
    assert sign_flip(first, second, members, 0).p == pytest.approx(expected.pvalue, abs=0.01)


def test_pixels_of_a_cluster_do_not_make_a_chance_difference_certain() -> None:
    """Five polygons of a hundred pixels against one: McNemar would say 1e-60."""
    first, second = np.repeat([1, 1, 1, 1, 1, 0], 100), np.repeat([0, 0, 0, 0, 0, 1], 100)
    clusters = np.repeat(np.arange(6), 100)
    reference = np.zeros(600, dtype=np.int64)
    found = EvaluationSet(reference, clusters, 2, seed=0).compare(1 - first, 1 - second)
    assert found.test is not None and found.test.name == "sign flip"
    assert found.test.p == pytest.approx(2 * 7 / 64)
    assert mcnemar(500, 100).p < 1e-60


def test_points_are_tested_by_mcnemar_and_unknown_clusters_not_at_all() -> None:
    reference = np.zeros(20, dtype=np.int64)
    worse = np.arange(20) % 2
    found = EvaluationSet(reference, np.arange(20), 2, seed=0).compare(reference, worse)
    assert found.test is not None and found.test.name == "McNemar"
    assert found.test.p == pytest.approx(binomtest(10, 10).pvalue)
    assert found.overall_gain.value == 0.5
    assert EvaluationSet(reference, None, 2, seed=0).compare(reference, worse).test is None


def test_the_gain_is_paired() -> None:
    """Models that err on the same samples differ by less than their own intervals suggest."""
    generator = np.random.default_rng(3)
    reference = generator.integers(0, 2, 400)
    wrong = generator.random(400) < 0.3
    baseline = np.where(wrong, 1 - reference, reference)
    model = baseline.copy()
    model[:8] = reference[:8]
    evidence = EvaluationSet(reference, np.arange(400), 2, seed=0)
    gain, alone = evidence.compare(model, baseline).overall_gain, evidence.accuracy(model).overall
    assert gain.low is not None and gain.high is not None and alone.low is not None and alone.high is not None
    assert gain.value == pytest.approx(np.mean(model == reference) - np.mean(baseline == reference))
    assert gain.high - gain.low < 0.2 * (alone.high - alone.low)
