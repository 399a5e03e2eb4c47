from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deep_land_cover.core.samples.draw import (
    Limits,
    draw_by_class,
    draw_naturally,
    limits_for,
)
from deep_land_cover.core.samples.group_split import (
    TEST,
    TRAIN,
    VALIDATION,
    assign_folds,
    assign_groups,
    near,
)
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import separate

from .conftest import Array, classes


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 5))
def test_every_group_goes_to_one_part_and_every_class_trains(
    seed: int, groups: int, class_count: int
) -> None:
    counts = np.random.default_rng(seed).integers(0, 20, (groups, class_count))
    parts = assign_groups(counts, seed)
    assert set(parts.tolist()) <= {TRAIN, VALIDATION, TEST}
    trained = counts[parts == TRAIN].sum(axis=0)
    assert (trained >= np.minimum(counts.sum(axis=0), 2)).all()


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 5), st.integers(2, 10))
def test_no_fold_tests_a_class_that_no_other_group_has(
    seed: int, groups: int, class_count: int, folds: int
) -> None:
    counts = np.random.default_rng(seed).integers(0, 4, (groups, class_count)) * 5
    tests = assign_folds(counts, folds, seed)
    assert set(tests.tolist()) <= set(range(folds + 1))
    alone = (counts > 0).sum(axis=0) == 1
    assert ((tests == 0) == (counts[:, alone] > 0).any(axis=1)).all()


@pytest.mark.parametrize("seed", range(5))
def test_folds_hold_about_the_same_of_every_class(seed: int) -> None:
    counts = np.random.default_rng(seed).integers(10, 60, (60, 3))
    tests = assign_folds(counts, 5, seed)
    shares = np.stack([counts[tests == fold].sum(axis=0) for fold in range(1, 6)]) / counts.sum(axis=0)
    assert shares.min() > 0.15 and shares.max() < 0.25


def test_two_polygons_of_a_class_are_tested_in_two_folds() -> None:
    counts = np.array([[10, 0]] * 8 + [[0, 10]] * 2)
    tests = assign_folds(counts, 5, 0)
    assert tests[8] != tests[9] and min(tests) > 0


@given(st.integers(0, 10**6), st.integers(1, 20))
def test_near_is_chebyshev_distance_below_the_patch(seed: int, bound: int) -> None:
    generator = np.random.default_rng(seed)
    some, others = generator.integers(0, 60, (30, 2)), generator.integers(0, 60, (5, 2))
    brute = np.abs(some[:, None] - others[None]).max(axis=2).min(axis=1) < bound
    assert near(some, others, bound).tolist() == brute.tolist()


def layer(places: list[tuple[int, int]]) -> Samples:
    rows, columns = np.array(places).T
    zeros = np.zeros(len(rows), dtype=np.int64)
    return Samples(rows, columns, zeros, zeros, classes(1), (1.0,))


def test_validation_next_to_the_test_goes_before_training() -> None:
    samples = layer([(0, 0), (0, 100), (0, 108), (0, 204), (300, 300)])
    parts = np.array([TEST, VALIDATION, TRAIN, TRAIN, TRAIN])
    split = separate(samples, parts, 16, Limits(), 0).split
    assert split.train.tolist() == [3, 4]
    assert split.validation.tolist() == [1]
    assert split.dropped.tolist() == [2]


def many(train: int, held: int) -> tuple[Samples, Array]:
    count = train + 2 * held
    generator = np.random.default_rng(0)
    codes = (generator.random(count) < 0.1).astype(np.int64)
    samples = Samples(
        *(np.arange(count) for _ in range(2)), codes, np.zeros(count, np.int64), classes(2), (4.0, 1.0)
    )
    return samples, np.repeat([TRAIN, VALIDATION, TEST], [train, held, held])


def test_max_per_class_touches_training_only() -> None:
    samples, parts = many(1000, 300)
    split = separate(samples, parts, 0, Limits(max_per_class=50), 0).split
    assert np.bincount(samples.codes[split.train]).tolist() == [50, 50]
    assert len(split.validation) > 100 and len(split.test) == 300


def test_no_limit_keeps_all_training_samples() -> None:
    samples, parts = many(1000, 300)
    assert separate(samples, parts, 0, Limits(), 0).split.train.tolist() == list(range(1000))


def test_held_out_samples_have_the_proportions_of_the_labels() -> None:
    samples, parts = many(10, 20_000)
    chosen = np.flatnonzero(parts == TEST)
    drawn = draw_naturally(samples, chosen, 5000, 0)
    pool = np.bincount(samples.codes[chosen])
    expected = 4 * pool[0] / (4 * pool[0] + pool[1])
    assert len(drawn) == pytest.approx(5000, abs=2)
    assert (samples.codes[drawn] == 0).mean() == pytest.approx(expected, abs=0.001)


def test_a_draw_by_class_repeats_whatever_else_there_is_to_draw_from() -> None:
    samples, _ = many(1000, 0)
    drawn = draw_by_class(samples, np.arange(1000), 40, 7)
    more = np.union1d(drawn, np.arange(0, 1000, 3))
    assert draw_by_class(samples, more, 40, 7).tolist() == drawn.tolist()
    assert draw_by_class(samples, np.arange(1000), 40, 8).tolist() != drawn.tolist()


def test_huge_patches_get_fewer_held_out_samples() -> None:
    assert limits_for(0, 1000) == Limits(0, 5000, 15_000)
    assert limits_for(9, 1_000_000) == Limits(9, 500, 1500)
