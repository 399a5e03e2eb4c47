"""Estimators of accuracy and area against published examples, closed formulas and simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.assessment.confusion_matrix import ConfusionMatrix
from deep_land_cover.core.assessment.estimators import (
    SampledCells,
    accuracy_of_sample,
    rarely_omitted,
    sampled_cells,
)

Array = np.ndarray[Any, Any]

# Olofsson et al. 2014, Table 8: deforestation, forest gain, stable forest, stable non-forest.
OLOFSSON = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]], dtype=float)
PIXELS = np.array([200_000, 150_000, 3_200_000, 6_450_000], dtype=float)
HECTARES = 0.09

# Stehman 2014, Table 2: forty points in four strata of 40,000, 30,000, 20,000 and 10,000 pixels.
STRATA = "A" * 10 + "B" * 10 + "C" * 10 + "D" * 10
MAPPED = "A" * 7 + "B" * 3 + "A" + "B" * 11 + "C" * 6 + "BB" + "D" * 10
TRUE = "AAAAACBABC" + "A" + "B" * 5 + "AABB" + "C" * 5 + "DDBBA" + "D" * 7 + "CCB"
SIZES = np.array([40_000, 30_000, 20_000, 10_000], dtype=float)


def by_map(counts: Array, sizes: Array) -> SampledCells:
    """Return a sample whose strata are the map's classes.

    ``counts`` has map classes in the rows, as the papers print them; cells have the reference in the rows.
    """
    cells = counts[..., None, :, :] * np.eye(len(sizes))[:, :, None]
    return sampled_cells(np.swapaxes(cells, -1, -2), sizes)


def stehman() -> SampledCells:
    counts = np.zeros((4, 4, 4))
    for stratum, mapped, true in zip(STRATA, MAPPED, TRUE, strict=True):
        counts["ABCD".index(stratum), "ABCD".index(true), "ABCD".index(mapped)] += 1
    return sampled_cells(counts, SIZES, 10 / SIZES)


def column(figures: Any, name: str, digits: int) -> list[float]:
    return [round(getattr(item, name), digits) for item in figures]


def test_olofsson_2014_to_the_printed_digits() -> None:
    found = accuracy_of_sample(by_map(OLOFSSON, PIXELS), strata_are_map=True)
    assert round(found.overall.value or 0, 2) == 0.95
    assert round(found.overall.half_width or 0, 2) == 0.02
    assert column(found.users, "value", 2) == [0.88, 0.73, 0.93, 0.96]
    assert column(found.producers, "value", 2) == [0.75, 0.85, 0.93, 0.96]
    assert column(found.users, "half_width", 2) == [0.07, 0.10, 0.04, 0.02]
    areas = [item.scaled(PIXELS.sum() * HECTARES) for item in found.area]
    assert column(areas, "value", 0) == [21_158, 11_686, 285_770, 581_386]
    assert column(areas, "half_width", 0) == [6_158, 3_756, 15_510, 16_282]


def test_the_rare_classes_of_olofsson_2014_are_warned_of() -> None:
    assert rarely_omitted(ConfusionMatrix(OLOFSSON.T)) == (0, 1)


def test_stehman_2014_to_the_printed_digits() -> None:
    """Values of the paper's section 4 as far as the R package mapaccuracy quotes them with their pages."""
    found = accuracy_of_sample(stehman(), strata_are_map=False)
    assert round(found.overall.value or 0, 2) == 0.63
    assert round(found.overall.error or 0, 3) == 0.085
    assert column(found.area, "value", 2) == [0.35, 0.34, 0.20, 0.11]
    assert [round(found.area[code].error or 0, 3) for code in (0, 2)] == [0.082, 0.064]
    assert column(found.users, "value", 2) == [0.74, 0.57, 0.50, 0.70]
    assert column(found.producers, "value", 2) == [0.66, 0.79, 0.30, 0.64]
    assert found.proportions.counts[2, 1] == pytest.approx(0.08)


def test_standard_errors_are_those_of_the_r_package_mapac_on_the_same_points() -> None:
    """mapac leaves out the finite population correction, whose part is 0.02 % here."""
    cells = stehman()
    without = SampledCells(cells.counts, cells.sums, cells.squares, np.zeros(4))
    found = accuracy_of_sample(without, strata_are_map=False)
    assert column(found.users, "error", 7) == [0.1645627, 0.1248023, 0.2151657, 0.1527525]
    assert column(found.producers, "error", 7) == [0.1477318, 0.1165671, 0.1504438, 0.1623242]
    assert column(found.f1, "value", 7) == [0.6969697, 0.6666667, 0.375, 0.6666667]


def test_simple_random_sampling_has_its_own_formulas() -> None:
    counts = np.array([[30, 6], [4, 60]], dtype=float)
    found = accuracy_of_sample(sampled_cells(counts.T[None], np.array([1e6])), strata_are_map=False)
    assert found.overall.value == pytest.approx(0.9)
    assert found.overall.error == pytest.approx(np.sqrt(0.9 * 0.1 / 99))
    # Of a ratio by linearisation: U (1 - U) / n_row, times n / (n - 1).
    users = 30 / 36
    assert found.users[0].error == pytest.approx(np.sqrt(users * (1 - users) / 36 * 100 / 99))
    assert found.area[0].value == pytest.approx(0.34)
    assert found.area[0].error == pytest.approx(np.sqrt(0.34 * 0.66 / 99))
    # Wilson 1927 with n - 1, which is the effective size of the unbiased variance.
    p, n, z = 0.9, 99, 1.96
    half = z * np.sqrt(p * (1 - p) / n + (z / n) ** 2 / 4) / (1 + z**2 / n)
    assert found.overall.low == pytest.approx((p + z**2 / (2 * n)) / (1 + z**2 / n) - half)


def test_a_census_has_no_error() -> None:
    counts = np.array([[30, 6], [4, 60]], dtype=float)[None]
    found = accuracy_of_sample(sampled_cells(counts, np.array([100.0]), np.ones(1)), strata_are_map=False)
    assert found.overall.error == 0


def test_unequal_weights_are_strata_in_disguise() -> None:
    """Each point weighted by what it stands for gives the same estimates as the strata."""
    cells = by_map(OLOFSSON, PIXELS)
    flat = SampledCells(
        *(part.sum(axis=0, keepdims=True) for part in (cells.counts, cells.sums, cells.squares)), np.zeros(1)
    )
    one, other = accuracy_of_sample(cells, True), accuracy_of_sample(flat, False)
    for name in ("users", "producers", "area", "f1", "iou"):
        assert column(getattr(one, name), "value", 12) == column(getattr(other, name), "value", 12)


def test_estimates_and_errors_agree_with_a_horvitz_thompson_simulation() -> None:
    """Samples of a known population, weighted by inverse inclusion probabilities point by point."""
    generator = np.random.default_rng(3)
    truth = np.array([[0.10, 0.02, 0.01], [0.02, 0.25, 0.04], [0.03, 0.05, 0.48]])
    # Strata that cut across the map's classes.
    strata = np.stack(
        [truth * share for share in (np.array([[0.7], [0.2], [0.4]]), np.array([[0.3], [0.8], [0.6]]))]
    )
    sizes, drawn = strata.sum(axis=(1, 2)), (120, 180)
    counts = np.stack(
        [
            generator.multinomial(number, (stratum / stratum.sum()).ravel(), size=3000).reshape(-1, 3, 3)
            for number, stratum in zip(drawn, strata, strict=True)
        ],
        axis=1,
    ).astype(float)
    weights = np.array([size / number for size, number in zip(sizes, drawn, strict=True)])
    totals = np.einsum("shij,h->sij", counts, weights)
    cells = sampled_cells(np.swapaxes(counts, -1, -2), sizes)
    reference = np.zeros((3, 3))
    reference[1] = 1
    ones, hit = np.ones((3, 3)), np.zeros((3, 3))
    hit[1, 1] = 1
    for ratio, expected, true in (
        (cells.ratio(np.eye(3), ones), np.trace(totals, axis1=1, axis2=2), np.trace(truth)),
        (
            cells.ratio(hit, reference.T),
            totals[:, 1, 1] / totals[:, 1].sum(axis=1),
            truth[1, 1] / truth[1].sum(),
        ),
        (
            cells.ratio(hit, reference),
            totals[:, 1, 1] / totals[:, :, 1].sum(axis=1),
            truth[1, 1] / truth[:, 1].sum(),
        ),
        (cells.ratio(reference, ones), totals[:, :, 1].sum(axis=1), truth[:, 1].sum()),
        (
            cells.ratio(2 * hit, reference + reference.T),
            2 * totals[:, 1, 1] / (totals[:, 1].sum(axis=1) + totals[:, :, 1].sum(axis=1)),
            2 * truth[1, 1] / (truth[1].sum() + truth[:, 1].sum()),
        ),
    ):
        assert ratio.values == pytest.approx(expected)
        assert ratio.values.mean() == pytest.approx(true, abs=0.003)
        assert np.sqrt((ratio.errors**2).mean()) == pytest.approx(ratio.values.std(), rel=0.06)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """The example's design; the plain intervals of a rare class fall far short, the others do not."""
    generator = np.random.default_rng(1)
    rows = [generator.multinomial(int(row.sum()), row / row.sum(), size=2000) for row in OLOFSSON]
    cells = by_map(np.stack(rows, axis=1).astype(float), PIXELS)
    truth = accuracy_of_sample(by_map(OLOFSSON, PIXELS), True)
    ones, gain, hit = np.ones((4, 4)), np.zeros((4, 4)), np.zeros((4, 4))
    gain[1], hit[1, 1] = 1, 1

    def covered(ratios: Any, value: float | None) -> tuple[float, float]:
        assert value is not None
        low, high = ratios.low, ratios.high
        plain = np.abs(ratios.values - value) <= 1.96 * ratios.errors
        return float(plain.mean()), float(((low <= value) & (value <= high)).mean())

    assert min(covered(cells.ratio(np.eye(4), ones), truth.overall.value)) > 0.93
    for code in range(4):
        mapped = np.zeros((4, 4))
        mapped[:, code] = 1
        shares = covered(cells.ratio(mapped * mapped.T, mapped, is_structural=True), truth.users[code].value)
        assert 0.93 <= min(shares) <= max(shares) <= 0.97
    plain, other = covered(cells.ratio(hit, gain), truth.producers[1].value)
    assert plain < 0.7 < 0.93 < other
    plain, other = covered(cells.ratio(gain, ones), truth.area[1].value)
    assert plain < 0.8 < 0.93 < other


def test_what_is_not_defined_has_no_figure() -> None:
    counts = np.array([[10, 0, 0], [0, 20, 0], [5, 0, 0]], dtype=float)
    found = accuracy_of_sample(by_map(counts, np.array([1.0, 2.0, 1.0])), True)
    assert found.producers[2].value is None
    assert found.f1[2].value is None
    assert found.users[2].value == 0
    assert found.area[2].value == 0
    # None of 35 points is of the class, but its area need not be 0.
    assert found.area[2].high is not None and found.area[2].high > 0.02
    # Of class 1, 1.0 of 1.0 + 1.0 is found; class 2 whole; the third has no reference.
    assert found.balanced.value == pytest.approx((0.5 + 1.0) / 2)


def test_a_stratum_of_one_point_leaves_no_interval_but_to_users_accuracy_of_others() -> None:
    counts = np.array([[10, 2], [0, 1]], dtype=float)
    found = accuracy_of_sample(by_map(counts, np.array([3.0, 1.0])), True)
    assert found.users[0].error is not None
    assert found.users[1].error is None
    assert found.overall.error is None
    assert found.overall.low is None


def test_kappa_of_a_textbook_matrix() -> None:
    """Cohen 1960: agreement 0.7, chance 0.5."""
    assert ConfusionMatrix(np.array([[0.40, 0.20], [0.10, 0.30]])).kappa == pytest.approx(0.4)
    assert np.isnan(ConfusionMatrix(np.array([[1.0]])).kappa)


def test_intervals_cover_with_many_classes_and_fifty_points_each() -> None:
    """Twelve classes, the largest sixty times the smallest, each wrong in one of eight pixels."""
    generator = np.random.default_rng(0)
    number, sizes = 12, np.geomspace(1, 60, 12)
    chances = np.full((number, number), 0.012)
    chances += np.diag(1 - chances.sum(axis=1))
    truth = chances * sizes[:, None] / sizes.sum()
    rows = np.stack([generator.multinomial(50, row, size=800) for row in chances], axis=1).astype(float)
    cells = by_map(rows, sizes)
    for code in (0, 5, 11):
        reference, ones = np.zeros((number, number)), np.ones((number, number))
        reference[code] = 1
        for ratio, true in (
            (cells.ratio(reference * reference.T, reference), truth[code, code] / truth[:, code].sum()),
            (cells.ratio(reference, ones), truth[:, code].sum()),
        ):
            low, high = ratio.low, ratio.high
            assert np.mean((low <= true) & (true <= high)) > 0.92
            # They are not merely wide.
            assert np.mean(high - low) < 2 * np.mean(2 * 1.96 * ratio.errors)


def test_points_that_are_all_right_have_no_plain_interval_of_no_width() -> None:
    """Wilson's stands: of 40 points its lower end is 40 / (40 + 1.96^2), with half a point less."""
    cells = sampled_cells(np.array([[[25.0, 0.0], [0.0, 15.0]]]), np.ones(1))
    found = accuracy_of_sample(cells, strata_are_map=False)
    for figure in (found.overall, found.users[1], found.producers[0]):
        assert (figure.value, figure.error, figure.half_width) == (1.0, 0.0, None)
        assert figure.low is not None and 0.7 < figure.low < 1.0
