from __future__ import annotations

import math

import numpy as np
import pytest

from deep_land_cover.core.assessment.accuracy import Codes
from deep_land_cover.core.assessment.intervals import interval_of
from deep_land_cover.core.assessment.judgement import Evidence, Judgement


def samples(right: int, wrong: int) -> tuple[Codes, Codes]:
    """Return reference and prediction of two classes with so many right and wrong."""
    reference = np.arange(right + wrong) % 2
    return reference, np.where(np.arange(right + wrong) < right, reference, 1 - reference)


def judged(reference: Codes, predicted: Codes, clusters: Codes | None, classes: int = 2) -> Judgement:
    return Evidence(reference, clusters, classes, seed=5).judge(predicted)


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
    assert judged(*samples(30, 10), np.arange(40) // 4) == first


def test_five_clusters_are_enough_for_an_interval() -> None:
    assert judged(*samples(30, 10), np.arange(40) // 8).overall.low is not None


@pytest.mark.parametrize("clusters", [None, np.arange(40) // 10])
def test_without_clusters_or_with_four_there_is_no_interval(clusters: Codes | None) -> None:
    found = judged(*samples(30, 10), clusters).overall
    assert (found.value, found.low, found.high) == (0.75, None, None)


@pytest.mark.parametrize(("undefined", "is_known"), [(10, True), (11, False)])
def test_a_figure_that_most_draws_do_not_define_has_no_interval(undefined: int, is_known: bool) -> None:
    drawn = np.linspace(0, 1, 20)
    drawn[:undefined] = math.nan
    found = interval_of(0.8, drawn)
    assert found.value == 0.8
    assert (found.low is not None) == (found.high is not None) == is_known


def test_a_class_that_the_test_lacks_has_no_figures() -> None:
    found = judged(*samples(30, 10), np.arange(40), classes=3)
    assert found.f1[2].value is found.recall[2].value is found.precision[2].value is None
    assert found.f1[0].low is not None


def test_a_class_in_two_clusters_has_no_interval_of_its_own() -> None:
    reference = np.repeat([0, 0, 0, 0, 0, 0, 0, 1, 1], 5)
    predicted = reference.copy()
    predicted[0] = 1
    found = judged(reference, predicted, np.arange(45) // 5)
    assert found.overall.low is not None and found.f1[0].low is not None
    assert found.recall[1].value == 1.0
    assert found.f1[1].low is found.precision[1].low is found.recall[1].low is None


def test_where_all_is_right_draws_say_nothing_of_how_often_it_is_not() -> None:
    reference = np.repeat([0, 1] * 10, 5)
    found = judged(reference, reference, np.arange(100) // 5)
    for figure in (found.overall, found.macro_f1, *found.f1):
        assert (figure.value, figure.low, figure.high) == (1.0, None, None)


def test_draws_that_lack_a_class_do_not_count_against_its_precision() -> None:
    """One in twenty draws has none of three clusters; the class is not 0 % right for that."""
    reference = np.repeat([0] * 17 + [1] * 3, 10)
    predicted = reference.copy()
    predicted[:10] = 1
    found = judged(reference, predicted, np.arange(200) // 10).precision[1]
    assert found.value == 0.75
    # The one cluster that is wrong, drawn at most four times beside the class drawn once.
    assert found.low is not None and found.low > 0.15
