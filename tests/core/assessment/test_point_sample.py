"""Weights of sampled points, against populations whose truth is known."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.assessment.estimators import MapAccuracy, accuracy_of_sample
from deep_land_cover.core.assessment.point_sample import (
    PointSample,
    SampledMap,
    Unmapped,
    point_sample,
)
from deep_land_cover.core.assessment.reference_units import ReferenceUnits
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import SampleError

Array = np.ndarray[Any, Any]
CLASSES = (LandCoverClass(0, "A", "#0000FF"), LandCoverClass(1, "B", "#00FF00"))


def units(strata: Array, number: int) -> ReferenceUnits:
    """Return points in numbered strata; where they lie does not matter."""
    zeros = np.zeros(len(strata), dtype=np.int64)
    names = tuple(str(code) for code in range(number))
    weights = np.full(len(strata), np.nan)
    return ReferenceUnits(zeros, zeros, zeros, zeros, strata, names, weights, True, 0, 0, 0)


def assessed(sample: PointSample, mapped: Array, true: Array, strata_are_map: bool = False) -> MapAccuracy:
    return accuracy_of_sample(sample.cells(true, mapped, (2, 2)), strata_are_map)


def draw_below_clouds(generator: np.random.Generator, number: int) -> tuple[PointSample, Array, Array]:
    """Draw points in each of two strata of one size; clouds hide 80 % of the first one in the map.

    What is left of the first is right in 95 % and of class A in 80 %, the second in 70 % and in 20 %.
    """
    strata = np.repeat([0, 1], number)
    is_hidden = (strata == 0) & (generator.random(2 * number) < 0.8)
    true = np.where(generator.random(2 * number) < np.array([0.8, 0.2])[strata], 0, 1)
    mapped = np.where(generator.random(2 * number) < np.array([0.95, 0.7])[strata], true, 1 - true)
    seen = ~is_hidden
    lost = Unmapped(strata[is_hidden], np.full(is_hidden.sum(), -1), np.ones(is_hidden.sum()))
    # 60,000 of 100,000 pixels have a class.
    ground = SampledMap(CLASSES, np.array([2e4, 4e4]), np.array([2e4, 4e4]), np.ones(seen.sum()), lost)
    areas = {"0": 50_000.0, "1": 50_000.0}
    sample = point_sample(units(strata[seen], 2), mapped[seen], "stratified_other", areas, ground)
    return sample, mapped[seen], true[seen]


@pytest.mark.medium
def test_a_hole_in_the_map_takes_its_part_of_the_stratum_away() -> None:
    """A sixth of the mapped area is of the first stratum: accuracy (0.95 + 5 x 0.7) / 6, and so on."""
    truths = {"overall": (0.95 + 5 * 0.7) / 6, "area": (0.8 + 5 * 0.2) / 6}
    assert truths == pytest.approx({"overall": 0.7417, "area": 0.3}, abs=1e-4)
    counted = {"overall": np.eye(2), "area": np.array([[1.0, 1.0], [0.0, 0.0]])}
    generator = np.random.default_rng(0)
    found: dict[str, list[tuple[float, ...]]] = {"overall": [], "area": []}
    for _ in range(1000):
        sample, mapped, true = draw_below_clouds(generator, 250)
        cells = sample.cells(true, mapped, (2, 2))
        for name, cell in counted.items():
            ratios = cells.ratio(cell, np.ones((2, 2)))
            found[name].append(tuple(map(float, (ratios.values, ratios.errors, ratios.low, ratios.high))))
    for name, truth in truths.items():
        values, errors, low, high = np.array(found[name]).T
        assert values.mean() == pytest.approx(truth, abs=0.003)
        assert np.sqrt(np.mean(errors**2)) == pytest.approx(values.std(), rel=0.07)
        assert np.mean((low <= truth) & (truth <= high)) > 0.93
        assert np.mean(np.abs(values - truth) <= 1.96 * errors) > 0.93


def test_the_share_with_a_class_is_estimated_and_areas_are_those_of_the_map() -> None:
    generator = np.random.default_rng(1)
    samples = [draw_below_clouds(generator, 100)[0] for _ in range(300)]
    assert np.mean([sample.mapped_fraction for sample in samples]) == pytest.approx(0.6, abs=0.005)
    assert all(sample.hectares == pytest.approx(6e4) for sample in samples)
    assert all(sample.weights.sum() == pytest.approx(6e4) for sample in samples)
    # 100 of 50,000 pixels were drawn in each, but for the error of the estimated share.
    assert np.mean([sample.fractions[0] for sample in samples]) == pytest.approx(100 / 50_000, rel=0.01)


def test_a_hole_in_another_map_takes_its_part_of_the_class_away() -> None:
    """Drawn in the classes of the first map; another one hides half of the points of class A."""
    mapped = np.repeat([0, 1], [20, 40])
    lost = Unmapped(np.full(20, -1), np.zeros(20, dtype=np.int64), np.ones(20))
    ground = SampledMap(CLASSES, np.array([700.0, 300.0]), np.array([700.0, 300.0]), np.ones(60), lost)
    sample = point_sample(units(mapped, 2), mapped, "stratified_by_map", {}, ground)
    assert sample.weights[0] == pytest.approx(700 / 40)
    assert sample.weights[-1] == pytest.approx(300 / 40)
    assert sample.outside.tolist() == [20, 0]
    true = np.where(np.arange(60) % 10 == 0, 1 - mapped, mapped)
    true[20:30] = 0
    found = assessed(sample, mapped, true, strata_are_map=True)
    # 350 hectares of A are left, 90 % of them right, and 300 of B.
    right = np.mean(true[20:] == 1)
    assert found.overall.value == pytest.approx((350 * 0.9 + 300 * right) / 650)


def test_points_in_a_hole_are_units_of_the_variance() -> None:
    """The ratio of sums of y and x over all 60 points of a stratum, x = y = 0 in the hole (Cochran 1977)."""
    mapped = np.zeros(40, dtype=np.int64)
    true = (np.arange(40) < 8).astype(np.int64)
    lost = Unmapped(np.zeros(20, dtype=np.int64), np.full(20, -1), np.ones(20))
    ground = SampledMap(CLASSES, np.array([1e9, 0.0]), np.array([1e9, 0.0]), np.ones(40), lost)
    sample = point_sample(units(mapped, 1), mapped, "stratified_other", {"0": 1.0}, ground)
    found = assessed(sample, mapped, true).overall
    x, y = np.repeat([1.0, 0.0], [40, 20]), np.concatenate([(true == 0) * 1.0, np.zeros(20)])
    ratio = y.sum() / x.sum()
    rests = y - ratio * x
    assert found.value == pytest.approx(ratio)
    assert found.error == pytest.approx(np.sqrt(60 * rests.var(ddof=1)) / x.sum(), rel=1e-6)


def test_points_without_a_class_under_them_need_a_stratum_too() -> None:
    lost = Unmapped(np.array([-1]), np.array([-1]), np.ones(1))
    ground = SampledMap(CLASSES, np.array([9.0, 9.0]), np.array([9.0, 9.0]), np.ones(4), lost)
    mapped = np.zeros(4, dtype=np.int64)
    with pytest.raises(SampleError, match="stratum") as caught:
        point_sample(units(mapped, 1), mapped, "stratified_other", {"0": 1.0}, ground)
    assert caught.value.where == "STRATUM_FIELD"


def zone(south: float, north: float) -> float:
    """Return the area between two parallels for a radian of longitude on WGS 84.

    Snyder 1987, equation 3-12.
    """
    squared = 0.00669437999014
    eccentricity = np.sqrt(squared)
    sine = np.sin(np.deg2rad([south, north]))
    parts = sine / (1 - squared * sine**2) + np.arctanh(eccentricity * sine) / eccentricity
    return float(6_378_137.0**2 * (1 - squared) / 2 * (parts[1] - parts[0]))


def test_pixels_of_other_strata_count_by_their_area() -> None:
    """Pixels of one degree from 5 N to 33 S, drawn with one probability in an eastern and a western stratum.

    The south is class A in truth, and class B is mapped everywhere: half of the pixels, less of the area.
    """
    edges = np.arange(5, -34, -0.5)
    hectares = np.array([zone(south, north) for north, south in pairwise(edges)]) / 1e4
    is_south = edges[1:] < -14
    truth = hectares[is_south].sum() / hectares.sum()
    assert truth == pytest.approx(zone(-33.5, -14.0) / zone(-33.5, 5.0))
    assert is_south.mean() - truth > 0.015
    generator = np.random.default_rng(2)
    total = 2 * 1000 * hectares.sum()
    found = []
    for _ in range(400):
        rows = generator.integers(0, len(hectares), 3000)
        strata = np.repeat([0, 1], 1500)
        mapped, true = np.ones(3000, dtype=np.int64), np.where(is_south[rows], 0, 1)
        none = Unmapped(*(np.zeros(0, dtype=np.int64) for _ in range(2)), np.zeros(0))
        pixels = np.array([0.0, 2000.0 * len(hectares)])
        ground = SampledMap(CLASSES, pixels, np.array([0.0, total]), hectares[rows], none)
        sample = point_sample(units(strata, 2), mapped, "stratified_other", {"0": 1.0, "1": 1.0}, ground)
        is_a = np.array([[1.0, 1.0], [0.0, 0.0]])
        area = sample.cells(true, mapped, (2, 2)).ratio(is_a, np.ones((2, 2)))
        found.append((float(area.values), float(area.errors)))
    values, errors = np.array(found).T
    assert values.mean() == pytest.approx(truth, abs=0.001)
    assert np.mean(np.abs(values - truth) <= 1.96 * errors) > 0.93
