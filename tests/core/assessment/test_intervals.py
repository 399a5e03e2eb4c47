from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from deep_land_cover.core.arrays import Int64Array
from deep_land_cover.core.assessment.bootstrap import bootstrap_estimate, count_by_cluster, resampled_means
from deep_land_cover.core.assessment.estimators import accuracy_of_clusters
from deep_land_cover.core.assessment.model_accuracy import EvaluationSet, ModelAccuracy


def samples(right: int, wrong: int) -> tuple[Int64Array, Int64Array]:
    """Return reference and prediction of two classes with so many right and wrong."""
    reference = np.arange(right + wrong) % 2
    return reference, np.where(np.arange(right + wrong) < right, reference, 1 - reference)


def judged(
    reference: Int64Array, predicted: Int64Array, clusters: Int64Array | None, classes: int = 2
) -> ModelAccuracy:
    return EvaluationSet(reference, clusters, classes, seed=5).accuracy(predicted)


def test_independent_points_have_the_binomial_interval() -> None:
    found = judged(*samples(160, 40), np.arange(200)).overall
    half = 1.96 * math.sqrt(0.8 * 0.2 / 200)
    assert found.value == 0.8
    assert found.low == pytest.approx(0.8 - half, abs=0.007)
    assert found.high == pytest.approx(0.8 + half, abs=0.007)


def test_pixels_that_repeat_their_cluster_add_nothing() -> None:
    reference, predicted = samples(160, 40)
    alone = judged(reference, predicted, np.arange(200))
    repeated = judged(np.repeat(reference, 25), np.repeat(predicted, 25), np.repeat(np.arange(200), 25))
    assert repeated.overall == alone.overall
    assert repeated.macro_f1.low == pytest.approx(alone.macro_f1.low)


def test_clusters_of_unequal_size_have_the_ratio_estimators_interval() -> None:
    """The variance of a ratio of cluster totals (Cochran 1977, equation 3.34)."""
    generator = np.random.default_rng(0)
    sizes, shares = generator.integers(5, 60, 120), generator.beta(4, 1, 120)
    clusters = np.repeat(np.arange(120), sizes)
    right = generator.random(len(clusters)) < shares[clusters]
    reference = np.zeros(len(clusters), dtype=np.int64)
    hits = np.bincount(clusters, weights=right)
    accuracy = hits.sum() / sizes.sum()
    error = math.sqrt(np.sum((hits - accuracy * sizes) ** 2) * 120 / 119) / sizes.sum()
    found = judged(reference, np.where(right, 0, 1), clusters).overall
    assert found.value == pytest.approx(accuracy)
    assert found.high is not None and found.low is not None
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.06)


def test_the_same_seed_gives_the_same_interval() -> None:
    first = judged(*samples(30, 10), np.arange(40) // 4)
    again = judged(*samples(30, 10), np.arange(40) // 4)
    assert (again.overall, again.macro_f1, again.f1) == (first.overall, first.macro_f1, first.f1)


def test_five_clusters_are_enough_for_an_interval() -> None:
    assert judged(*samples(30, 10), np.arange(40) // 8).overall.low is not None


@pytest.mark.parametrize("clusters", [None, np.arange(40) // 10])
def test_without_clusters_or_with_four_there_is_no_interval(clusters: Int64Array | None) -> None:
    found = judged(*samples(30, 10), clusters).overall
    assert (found.value, found.low, found.high) == (0.75, None, None)


@pytest.mark.parametrize(("undefined", "is_known"), [(10, True), (11, False)])
def test_a_figure_that_most_draws_do_not_define_has_no_interval(undefined: int, is_known: bool) -> None:
    drawn = np.linspace(0, 1, 20)
    drawn[:undefined] = math.nan
    found = bootstrap_estimate(0.8, drawn, clusters=10)
    assert found.value == 0.8
    assert (found.low is not None) == (found.high is not None) == is_known


@pytest.mark.parametrize(("clusters", "student"), [(5, 2.776), (10, 2.262), (20, 2.093), (121, 1.980)])
def test_the_interval_of_normal_replicates_is_students(clusters: int, student: float) -> None:
    """Of K values with the deviation s the mean lies within t s / sqrt(K); quantiles of t from its table.

    Means of K resampled values have the variance (K - 1) / K s^2 / K.
    """
    number = 200_000
    levels = (np.arange(number) + 0.5) / number
    normal = np.array([NormalDist().inv_cdf(level) for level in levels])
    found = bootstrap_estimate(0.5, 0.5 + 0.01 * math.sqrt((clusters - 1) / clusters) * normal, clusters)
    assert found.low is not None and found.high is not None
    assert found.low == pytest.approx(0.5 - 0.01 * student, abs=2e-5)
    assert found.high == pytest.approx(0.5 + 0.01 * student, abs=2e-5)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_without_spread_there_is_no_interval(value: float) -> None:
    drawn = np.full(100, value)
    drawn[::2] += 1e-16
    found = bootstrap_estimate(value, drawn, clusters=10)
    assert (found.value, found.low, found.high) == (value, None, None)


def test_a_class_that_is_never_hit_has_no_interval() -> None:
    reference = np.repeat([0, 1] * 10, 5)
    found = judged(reference, np.zeros_like(reference), np.arange(100) // 5)
    assert found.recall[1].value == found.f1[1].value == 0.0
    assert found.recall[1].low is found.f1[1].low is None
    counts = count_by_cluster(reference, np.zeros_like(reference), np.arange(100) // 5, 2)
    figure = accuracy_of_clusters(counts, 2, 0).producers[1]
    assert (figure.value, figure.error, figure.low, figure.high) == (0.0, None, None, None)


@pytest.mark.parametrize(("mapped_in", "is_known"), [(1, False), (4, False), (5, True)])
def test_the_interval_of_a_precision_rests_on_clusters_where_the_class_is_mapped(
    mapped_in: int, is_known: bool
) -> None:
    """Ten clusters that all have the class; 40 of 50 of its pixels are mapped so in some of them only."""
    reference = np.tile(np.repeat([0, 1], 50), 10)
    clusters = np.repeat(np.arange(10), 100)
    predicted = np.zeros_like(reference)
    for cluster in range(mapped_in):
        start = 100 * cluster
        # Others of the other class differ in number, so that draws differ.
        predicted[start + 60 : start + 100] = 1
        predicted[start : start + 10 + cluster] = 1
    found = judged(reference, predicted, clusters)
    assert (found.precision[1].low is not None) == is_known
    assert found.recall[1].low is not None
    counts = count_by_cluster(reference, predicted, clusters, 2)
    users = accuracy_of_clusters(counts, 2, 5).users[1]
    assert users.value == pytest.approx(found.precision[1].value)
    assert (users.low is not None) == (users.error is not None) == is_known


def test_a_class_of_few_clusters_has_the_wider_interval_of_few() -> None:
    """Five clusters of a class among 40 of another: Student's quantile is that of 4 degrees of freedom."""
    generator = np.random.default_rng(3)
    right = np.concatenate([generator.integers(20, 41, 5), np.full(40, 40)])
    reference = np.repeat([1] * 5 + [0] * 40, 50)
    clusters = np.repeat(np.arange(45), 50)
    hit = np.concatenate([np.arange(50) < number for number in right])
    found = accuracy_of_clusters(
        count_by_cluster(reference, np.where(hit, reference, 1 - reference), clusters, 2), 2, 1
    )
    error = np.std(right[:5] / 50, ddof=1) / math.sqrt(5)
    half = found.producers[1].half_width
    # Draws hold 5 clusters of the class on average, but not always 5, so that they vary somewhat more.
    assert half is not None and 2.776 * error < half < 1.3 * 2.776 * error


def test_reports_of_maps_and_of_trainings_have_the_same_intervals() -> None:
    generator = np.random.default_rng(8)
    reference, clusters = generator.integers(0, 3, 600), np.arange(600) // 50
    predicted = np.where(generator.random(600) < 0.7, reference, generator.integers(0, 3, 600))
    training = judged(reference, predicted, clusters, classes=3)
    found = accuracy_of_clusters(count_by_cluster(reference, predicted, clusters, 3), 3, 5)
    pairs = [(training.overall, found.overall), (training.macro_f1, found.macro_f1)]
    pairs += [*zip(training.precision, found.users, strict=True), *zip(training.f1, found.f1, strict=True)]
    for one, other in pairs:
        assert (one.low, one.high) == pytest.approx((other.low, other.high))


def test_a_class_that_the_test_lacks_has_no_figures() -> None:
    found = judged(*samples(30, 10), np.arange(40), classes=3)
    assert found.f1[2].value is found.recall[2].value is found.precision[2].value is None
    assert found.f1[0].low is not None


@pytest.mark.parametrize("number", [4, 5])
def test_a_class_in_four_clusters_has_no_interval_of_its_own(number: int) -> None:
    reference = np.repeat([0] * 7 + [1] * number, 5)
    predicted = reference.copy()
    predicted[0], predicted[-1] = 1, 0
    found = judged(reference, predicted, np.arange(len(reference)) // 5)
    assert found.overall.low is not None and found.f1[0].low is not None
    assert found.recall[1].value == 1 - 1 / (5 * number)
    assert (found.f1[1].low is not None) == (found.recall[1].low is not None) == (number == 5)


def test_where_all_is_right_draws_say_nothing_of_how_often_it_is_not() -> None:
    reference = np.repeat([0, 1] * 10, 5)
    found = judged(reference, reference, np.arange(100) // 5)
    for figure in (found.overall, found.macro_f1, *found.f1):
        assert (figure.value, figure.low, figure.high) == (1.0, None, None)


def test_means_of_resampled_clusters_vary_as_the_means_of_the_clusters() -> None:
    # Of clusters of one size, the resampled mean has the variance of their means, divided by their number.
    generator = np.random.default_rng(0)
    own = generator.normal(size=(40, 2))
    values = own.repeat(5, axis=0)
    clusters = np.arange(40).repeat(5) * 7
    means, replicates, number = resampled_means(values, clusters, 1)
    assert number == 40
    assert means == pytest.approx(own.mean(axis=0))
    # Four standard errors of a standard deviation from that many replicates.
    bound = 4 / math.sqrt(2 * len(replicates))
    assert replicates.std(axis=0) == pytest.approx(own.std(axis=0) / math.sqrt(40), rel=bound)
