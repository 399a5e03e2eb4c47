from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from deep_land_cover.core.models.card import Metrics
from deep_land_cover.core.reporting.training_content import training_content
from deep_land_cover.core.reporting.training_results import HeldOutTest, TrainingReport
from deep_land_cover.core.training.baseline import Baseline

MakeReport = Callable[..., TrainingReport]
Array = np.ndarray[Any, Any]


def compared(make_report: MakeReport, right: Array, baseline: Array, clusters: Array | None) -> str:
    """Return the verdict on two models of two classes, which are right where the masks say."""
    reference = np.arange(len(right)) % 2
    chances, others = (np.eye(2)[np.where(mask, reference, 1 - reference)] for mask in (right, baseline))
    report = make_report(
        test=HeldOutTest(reference, chances, clusters),
        baseline=Baseline("forest", others, Metrics(0.0, 0.0, (), ())),
    )
    content = training_content(report).baseline
    assert content is not None
    return content.verdict


@pytest.fixture
def right() -> tuple[Array, Array]:
    """Return which of 200 samples two models have right: 30 the first alone, 10 the second alone."""
    numbers = np.arange(200)
    return numbers >= 10, (numbers < 10) | (numbers >= 40)


def test_independent_points_get_mcnemars_test(make_report: MakeReport, right: tuple[Array, Array]) -> None:
    p = binomtest(30, 40).pvalue
    verdict = compared(make_report, *right, np.arange(200))
    assert "10.0 points above that of the baseline (forest)" in verdict
    assert "30 test samples" in verdict and "10 only with the baseline" in verdict
    assert "McNemar" in verdict and f"p = {p:.3f}" in verdict
    assert "The difference is significant" in verdict


def test_polygons_never_do(make_report: MakeReport, right: tuple[Array, Array]) -> None:
    """All of the first model's gain is in three polygons of ten: that may be chance."""
    verdict = compared(make_report, *right, np.arange(200) // 10)
    assert "sign-flip test over 20 polygons: p = 0.625" in verdict  # 10 of 16 patterns of 4 signs
    assert "exact test" not in verdict
    assert "not significant" in verdict


def test_unknown_clusters_get_none(make_report: MakeReport, right: tuple[Array, Array]) -> None:
    verdict = compared(make_report, *right, None)
    assert "p =" not in verdict and "not known" in verdict


def test_a_worse_model_is_called_worse(make_report: MakeReport, right: tuple[Array, Array]) -> None:
    verdict = compared(make_report, *right[::-1], np.arange(200))
    assert "10.0 points below" in verdict and "−" in verdict


def test_equal_models_are_called_the_same(make_report: MakeReport, right: tuple[Array, Array]) -> None:
    verdict = compared(make_report, right[0], right[0], np.arange(200))
    assert "the same as that of the baseline" in verdict and "both" in verdict


@pytest.mark.parametrize(("clusters", "known"), [(4, None), (5, 5), (7, 5), (19, 10), (20, 20)])
def test_the_coverage_of_intervals_of_few_clusters_is_stated(
    make_report: MakeReport, clusters: int, known: int | None
) -> None:
    report = make_report()
    assert report.test is not None
    members = np.arange(len(report.test.reference)) % clusters
    said = training_content(replace(report, test=replace(report.test, clusters=members))).intervals
    assert f"{clusters} polygons" in said
    assert ("There are no 95 % confidence intervals" in said) == (known is None)
    assert (f"such intervals of {known} clusters" in said) == (known is not None)


def test_the_summary_names_the_figure_its_interval_and_what_it_does_not_show(make_report: MakeReport) -> None:
    report = make_report(skill=2.0)
    content = training_content(report)
    assert content.accuracy is not None and content.accuracy.overall.low is not None
    words = " ".join(content.summary)
    assert f"{100 * content.accuracy.overall.value:.1f} %" in words  # type: ignore[operator]
    assert f"95 % interval {100 * content.accuracy.overall.low:.1f} to" in words
    assert "not the accuracy of a map" in words


@pytest.mark.parametrize("is_folded", [False, True])
def test_prediction_sets_say_what_their_coverage_does_not_promise(
    make_report: MakeReport, is_folded: bool
) -> None:
    test = make_report().test
    assert test is not None
    named = "Too few held-out samples for a limit, so every prediction set contains these classes: 3 Bog."
    test = replace(
        test,
        set_limits=np.full(test.probabilities.shape, 0.3),
        limit_note=named,
        folds=np.arange(len(test.reference)) % 2 + 1 if is_folded else None,
    )
    sets = training_content(make_report(test=test)).sets
    assert sets is not None
    assert named in sets.limits
    assert "average over polygons" in sets.limits
    assert ("theorem" in sets.limits) == is_folded
    assert ("too small" in sets.limits) != is_folded
