"""Cluster bootstrap intervals: how often they hold the truth, by number of polygons or blocks."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from scipy.sparse import csr_array

from deep_land_cover.core.assessment.bootstrap import (
    COVERAGE_PERCENT,
    NOMINAL_COVERAGE_CLUSTERS,
    bootstrap_estimate,
    resampled_totals,
)
from deep_land_cover.core.assessment.comparison import gain_by_clusters, gain_of_clusters
from deep_land_cover.core.assessment.estimate import Estimate
from deep_land_cover.core.assessment.estimators import accuracy_of_clusters
from deep_land_cover.core.assessment.model_accuracy import EvaluationSet

from .rows import DRAWS, Table

# Accuracy differs between clusters as Beta's distribution with these parameters.
ACCURACIES = {0.8: (8.0, 2.0), 0.95: (9.5, 0.5)}
SIZES = {"50 to 150 pixels": "even", "a few to some hundred pixels": "uneven"}
# The printed shares are whole numbers per 100; 2.5 standard errors of a count of 1,000.
TOLERANCE = 0.025


def sizes_of(generator: np.random.Generator, clusters: int, kind: str) -> np.ndarray:
    """Pixels of each cluster: uniform, or log-normal with a standard deviation of 1."""
    if kind == "even":
        return generator.integers(50, 151, clusters)
    return np.maximum(1, generator.lognormal(3.5, 1.0, clusters)).astype(np.int64)


def right_and_wrong(generator, clusters: int, accuracy: float, kind: str) -> np.ndarray:
    """Right and wrong pixels of clusters (clusters, 2)."""
    sizes = sizes_of(generator, clusters, kind)
    right = generator.binomial(sizes, generator.beta(*ACCURACIES[accuracy], clusters))
    return np.stack([right, sizes - right], axis=1)


def overall_accuracy(counts: np.ndarray, seed: int) -> Estimate:
    """As ``accuracy_of_clusters`` gives it, without the figures of classes, which take longer."""
    (drawn,) = resampled_totals([counts.astype(np.float64)], seed)
    right, wrong = counts.sum(axis=0)
    return bootstrap_estimate(right / (right + wrong), drawn[:, 0] / drawn.sum(axis=1), len(counts))


def test_the_overall_accuracy_simulated_here_is_that_of_the_product() -> None:
    counts = right_and_wrong(np.random.default_rng(0), 12, 0.8, "uneven")
    whole, quick = accuracy_of_clusters(tally_of_one_class(counts), 2, 3).overall, overall_accuracy(counts, 3)
    assert (whole.low, whole.high, whole.half_width) == pytest.approx(
        (quick.low, quick.high, quick.half_width)
    )


def tally_of_one_class(counts: np.ndarray) -> csr_array:
    """Clusters of one reference class; wrong pixels are mapped as the other class."""
    nothing = np.zeros(len(counts))
    return csr_array(np.stack([counts[:, 0], counts[:, 1], nothing, nothing], axis=1))


def tally_of_polygons(generator, clusters: int, classes: int, accuracy: float) -> csr_array:
    """Polygons of classes drawn at random; wrong pixels are spread evenly over the other classes."""
    found = np.zeros((clusters, classes, classes))
    counts = right_and_wrong(generator, clusters, accuracy, "even")
    true = generator.integers(0, classes, clusters)
    others = np.array([[code for code in range(classes) if code != own] for own in range(classes)])[true]
    wrong = generator.multinomial(counts[:, 1], np.full(classes - 1, 1 / (classes - 1)))
    for cluster, (own, columns, number) in enumerate(zip(true, others, wrong, strict=True)):
        found[cluster, own, own] = counts[cluster, 0]
        found[cluster, own, columns] = number
    return csr_array(found.reshape(clusters, -1))


def holds(item, truth: float) -> float:
    return np.nan if item.low is None else float(item.low <= truth <= item.high)


def given(held: list[float]) -> np.ndarray:
    """The draws that have an interval."""
    found = np.array(held)
    return found[np.isfinite(found)]


@pytest.mark.parametrize("clusters", sorted(COVERAGE_PERCENT))
def test_overall_accuracy_by_number_of_clusters_is_held_as_often_as_the_report_says(
    table: Table, clusters: int
) -> None:
    shares = []
    for accuracy in ACCURACIES:
        for setting, kind in SIZES.items():
            generator = np.random.default_rng([clusters, int(100 * accuracy), len(kind)])
            found = [
                overall_accuracy(right_and_wrong(generator, clusters, accuracy, kind), seed)
                for seed in range(DRAWS)
            ]
            text = f"{clusters} polygons or blocks of {setting}; accuracy {accuracy:g}"
            held = given([holds(item, accuracy) for item in found])
            shares.append(table.coverage("overall accuracy, clusters", text, held, least=None))
            plain = [
                abs(item.value - accuracy) <= item.half_width for item in found if item.half_width is not None
            ]
            if clusters in (5, 20):
                table.coverage("overall accuracy, clusters, ±", text, plain, least=None)
    least, most = COVERAGE_PERCENT[clusters]
    assert min(shares) == pytest.approx(least / 100, abs=TOLERANCE)
    assert max(shares) == pytest.approx(most / 100, abs=TOLERANCE)


def test_from_many_clusters_on_nothing_is_said_because_intervals_are_held(table: Table) -> None:
    """The hardest of the settings above."""
    generator = np.random.default_rng(6)
    found = [
        holds(
            overall_accuracy(right_and_wrong(generator, NOMINAL_COVERAGE_CLUSTERS, 0.95, "uneven"), seed),
            0.95,
        )
        for seed in range(DRAWS)
    ]
    text = f"{NOMINAL_COVERAGE_CLUSTERS} polygons or blocks of a few to some hundred pixels; accuracy 0.95"
    table.coverage("overall accuracy, clusters", text, given(found))


@pytest.mark.parametrize("clusters", [24, 60])
def test_figures_of_classes_of_polygons_are_held(table: Table, clusters: int) -> None:
    generator = np.random.default_rng(clusters)
    held = defaultdict(list)
    for seed in range(DRAWS):
        found = accuracy_of_clusters(tally_of_polygons(generator, clusters, 3, 0.8), 3, seed)
        for name, figure, truth in (
            ("overall accuracy", found.overall, 0.8),
            ("balanced accuracy", found.balanced, 0.8),
            ("macro-F1", found.macro_f1, 0.8),
            ("user's accuracy", found.users[0], 0.8),
            ("producer's accuracy", found.producers[0], 0.8),
            ("F1", found.f1[0], 0.8),
            ("IoU", found.iou[0], 2 / 3),
        ):
            held[name].append(holds(figure, truth))
    for name, values in held.items():
        text = f"{clusters} polygons of 3 classes drawn at random; accuracy 0.8"
        # As the report says of 8 or 40 clusters: a class has a third of them.
        least = COVERAGE_PERCENT[8 if clusters == 24 else 40][0] / 100
        table.coverage(f"{name}, clusters", text, given(values), least=least)


def blocks_of_ground(generator, clusters: int, mean: np.ndarray) -> csr_array:
    """Blocks of 900 pixels, shares of cells as in Dirichlet's distribution around ``mean``.

    Rows of ``mean`` are map classes.
    """
    shares = generator.dirichlet(10 * mean.ravel(), clusters)
    return csr_array(
        np.stack([generator.multinomial(900, row).reshape(mean.shape).T.ravel() for row in shares]).astype(
            float
        )
    )


def test_figures_of_a_reference_raster_by_blocks_are_held(table: Table) -> None:
    mean = np.array([[0.45, 0.05, 0.02], [0.04, 0.25, 0.03], [0.02, 0.02, 0.12]])
    rows, columns, hits = mean.sum(axis=1), mean.sum(axis=0), np.diag(mean)
    generator = np.random.default_rng(3)
    held = defaultdict(list)
    for seed in range(DRAWS):
        found = accuracy_of_clusters(blocks_of_ground(generator, 40, mean), 3, seed)
        held["overall accuracy"].append(holds(found.overall, hits.sum()))
        held["macro-F1"].append(holds(found.macro_f1, np.mean(2 * hits / (rows + columns))))
        for code, name in ((0, "common"), (2, "rare")):
            held[f"user's accuracy, {name} class"].append(holds(found.users[code], hits[code] / rows[code]))
            held[f"producer's accuracy, {name} class"].append(
                holds(found.producers[code], hits[code] / columns[code])
            )
    for name, values in held.items():
        table.coverage(f"{name}, raster", "40 blocks of 900 pixels, 3 classes", given(values), least=0.92)


# Both right, only the first, only the second, neither.
PAIR = np.array([0.72, 0.05, 0.10, 0.13])


def pairs(generator, clusters: int, kind: str = "even") -> np.ndarray:
    """Pixels of clusters by who is right (clusters, 4); the gain of the second is 0.05."""
    shares = generator.dirichlet(8 * PAIR, clusters)
    sizes = sizes_of(generator, clusters, kind)
    drawn = [generator.multinomial(size, row) for size, row in zip(sizes, shares, strict=True)]
    return np.array(drawn, dtype=np.float64)


@pytest.mark.parametrize("clusters", [5, 20])
def test_the_gain_of_a_map_by_clusters_is_held(table: Table, clusters: int) -> None:
    generator = np.random.default_rng(clusters)
    held = []
    for seed in range(DRAWS):
        both, first, second, neither = pairs(generator, clusters).T
        tallies = [
            tally_of_one_class(np.stack([right, wrong], axis=1))
            for right, wrong in ((both + first, second + neither), (both + second, first + neither))
        ]
        gain = gain_of_clusters(*tallies, np.stack([first, second], axis=1), 2, seed)
        held.append(holds(gain.overall, 0.05))
    share = table.coverage(
        "gain in overall accuracy, clusters", f"{clusters} polygons or blocks", given(held), least=None
    )
    assert share >= COVERAGE_PERCENT[clusters][0] / 100


def test_the_gain_of_a_model_over_a_baseline_is_held(table: Table) -> None:
    """Two classes in 30 polygons; errors of one class are mapped as the other."""
    clusters = 30
    generator = np.random.default_rng(2)
    held = defaultdict(list)
    for seed in range(DRAWS // 2):
        counts = pairs(generator, clusters).astype(np.int64)
        true = np.repeat(generator.integers(0, 2, clusters), counts.sum(axis=1))
        members = np.repeat(np.arange(clusters), counts.sum(axis=1))
        kinds = np.repeat(np.tile(np.arange(4), clusters), counts.ravel())
        baseline, model = np.where(kinds < 2, true, 1 - true), np.where(kinds % 2 == 0, true, 1 - true)
        found = EvaluationSet(true, members, 2, seed).compare(model, baseline)
        for name, gain in (
            ("overall accuracy", found.overall_gain),
            ("macro-F1", found.macro_gain),
            ("F1", found.class_gains[0]),
        ):
            held[name].append(holds(gain, 0.05))
    for name, values in held.items():
        table.coverage(
            f"gain in {name}, training report", "30 test polygons of 2 classes", given(values), least=0.92
        )


def test_the_weighted_gain_by_blocks_beside_a_probability_sample_is_held(table: Table) -> None:
    generator = np.random.default_rng(4)
    held = []
    for seed in range(DRAWS):
        counts = generator.multinomial(10, PAIR, 30)
        members = np.repeat(np.arange(30), 10)
        kinds = np.repeat(np.tile(np.arange(4), 30), counts.ravel())
        weights = generator.choice([1.0, 3.0], len(kinds))
        gain = gain_by_clusters(kinds < 2, kinds % 2 == 0, weights, members, seed)
        held.append(holds(gain, 0.05))
    table.coverage(
        "gain in overall accuracy, sample in blocks", "300 points in 30 blocks", given(held), least=0.92
    )
