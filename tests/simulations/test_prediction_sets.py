"""Prediction sets hold the true class as often as asked: overall, and in each group that shares a limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import expit, log_softmax

from deep_land_cover.core.models.card import ConformalScores
from deep_land_cover.core.uncertainty.calibration import HeldOutSamples
from deep_land_cover.core.uncertainty.conformal import cross_limits, limits_of, scores_of

from .rows import DRAWS, Table

Array = np.ndarray[Any, Any]
CALIBRATION, NEW = 600, 1000
# Two easy classes, a hard one and a hard, rare one: how far the true class's logit is above the others'.
SHARES, GAINS = np.array([0.45, 0.3, 0.15, 0.1]), np.array([2.5, 2.0, 0.3, 0.0])
EASY, HARD = (0, 1), (2, 3)


def drawn(generator: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Return log-probabilities (count, 4) of a model, and the true classes."""
    codes = generator.choice(len(SHARES), count, p=SHARES)
    logits = generator.normal(0, 1, (count, len(SHARES)))
    logits[np.arange(count), codes] += generator.normal(GAINS[codes], 0.7)
    return np.asarray(log_softmax(logits, axis=1)), codes


def held_with_few_clusters(log_chances: Array, codes: Array) -> HeldOutSamples:
    """Return samples whose easy classes lie in many clusters, and whose hard ones in three each."""
    numbers = np.arange(len(codes))
    clusters = np.where(np.isin(codes, EASY), 100 + numbers % 200, codes * 3 + numbers % 3)
    return HeldOutSamples(log_chances, codes, clusters)


def covered(limits: Array, log_chances: Array, codes: Array) -> Array:
    """Return whether each sample's class is in its set."""
    return np.asarray((np.exp(log_chances) >= limits)[np.arange(len(codes)), codes])


def within(hits: Array, codes: Array, classes: tuple[int, ...]) -> float:
    return float(hits[np.isin(codes, classes)].mean())


@pytest.mark.parametrize("coverage", [0.8, 0.9])
def test_each_group_and_all_together_hold_the_coverage(table: Table, coverage: float) -> None:
    generator = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        log_chances, codes = drawn(generator, CALIBRATION)
        scores = scores_of(log_chances, held_with_few_clusters(log_chances, codes), 0)
        limits = limits_of(scores, coverage, len(SHARES))
        assert limits.are_own == (True, True, False, False)
        log_chances, codes = drawn(generator, NEW)
        hits = covered(np.array(limits.values), log_chances, codes)
        found.append([hits.mean(), *(within(hits, codes, group) for group in ((0,), (1,), HARD))])
    groups = ("all", "easy class 45 %", "easy class 30 %", "two hard classes 25 %, one group")
    for group, shares in zip(groups, np.transpose(found), strict=True):
        share = table.coverage(
            "prediction sets",
            f"{CALIBRATION} independent samples, 4 classes: {group}",
            shares,
            promised=coverage,
            least=coverage - 0.01,
        )
        # At most 1 / (n + 1) more, of a group of 150 samples or more.
        assert share < coverage + 0.015


def test_a_group_of_too_few_samples_is_in_every_set(table: Table) -> None:
    generator = np.random.default_rng(1)
    found = []
    for _ in range(DRAWS):
        log_chances, codes = drawn(generator, 200)
        codes[codes == 3] = 2
        rare = np.flatnonzero(codes == 2)[8:]
        kept = np.setdiff1d(np.arange(200), rare)
        held = HeldOutSamples(log_chances[kept], codes[kept], None)
        limits = limits_of(scores_of(log_chances[kept], held, 0), 0.9, len(SHARES))
        assert limits.values[2:] == (0.0, 0.0)
        log_chances, codes = drawn(generator, NEW)
        found.append(covered(np.array(limits.values), log_chances, codes).mean())
    table.coverage(
        "prediction sets", "150 independent samples, a class of 8: all", found, promised=0.9, least=0.89
    )


def test_the_folds_of_a_training_hold_the_coverage(table: Table) -> None:
    """The limits of each fold come from the others, as those of the report's figures."""
    generator = np.random.default_rng(2)
    found = []
    for _ in range(DRAWS):
        log_chances, codes = drawn(generator, CALIBRATION)
        folds = np.arange(CALIBRATION) % 5 + 1
        limits, _ = cross_limits(log_chances, held_with_few_clusters(log_chances, codes), folds, 0)
        found.append(covered(limits, log_chances, codes).mean())
    table.coverage(
        "prediction sets, FOLDS=5",
        f"{CALIBRATION} independent samples, models alike",
        found,
        promised=0.9,
        least=0.89,
    )


# Of one group in clusters of 50 samples: docs/uncertainty.md has these figures.
@pytest.mark.parametrize("between", [0.3, 0.6])
@pytest.mark.parametrize(
    ("clusters", "least"), [(5, 0.85), (10, 0.87), (20, 0.88), (40, 0.885)], ids=lambda value: str(value)
)
def test_few_clusters_give_less_than_the_coverage(
    table: Table, clusters: int, least: float, between: float
) -> None:
    generator = np.random.default_rng(3)
    place = np.repeat(np.arange(clusters), 50)
    found = []
    for _ in range(DRAWS):

        def chances(cluster: Array) -> Array:
            common = generator.normal(0, 1.5 * np.sqrt(between), cluster.max() + 1)[cluster]
            own = generator.normal(0, 1.5 * np.sqrt(1 - between), len(cluster))
            return np.asarray(expit(1.5 + common + own))

        scores = ConformalScores((0,) * len(place), tuple(chances(place).tolist()), tuple(place.tolist()))
        (limit,) = limits_of(scores, 0.9, 1).values
        found.append((chances(np.arange(400)) >= limit).mean())
    table.coverage(
        "prediction sets, clusters",
        f"{clusters} clusters of 50 samples, {between:.0%} of the variance between them",
        found,
        promised=0.9,
        least=least,
    )
