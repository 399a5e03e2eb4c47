from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.samples.draw import Limits
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Design, Split, only_used
from deep_land_cover.core.samples.split_search import is_shared, set_aside

Array = np.ndarray[Any, Any]
CLASSES = tuple(LandCoverClass(value, name, "#112233") for value, name in ((1, "A"), (2, "B")))
NOTHING = np.zeros(0, dtype=np.int64)


def made(validation_clusters: int, **changes: Any) -> tuple[Samples, Design]:
    """Return ten samples a cluster of alternating classes: ten clusters train, ten test."""
    clusters = np.repeat(np.arange(20 + validation_clusters), 10)
    numbers = np.arange(len(clusters))
    samples = Samples(numbers, numbers, clusters % 2, clusters, CLASSES, (1.0, 1.0))
    split = Split(
        numbers[clusters < 10], numbers[clusters >= 20], numbers[(clusters >= 10) & (clusters < 20)]
    )
    design = Design("polygons", "Done.", (), (split,), np.zeros(len(clusters), np.int64), clusters)
    return samples, design


def test_half_of_the_validation_clusters_of_each_class_is_set_aside_whole() -> None:
    samples, design = made(8)
    before, after = design.splits[0], set_aside(samples, design, 0).splits[0]
    assert sorted([*after.validation, *after.calibration]) == before.validation.tolist()
    chosen, aside = (set(design.clusters[part].tolist()) for part in (after.validation, after.calibration))
    assert not chosen & aside
    for code in (0, 1):
        assert sum(cluster % 2 == code for cluster in chosen) == 2
        assert sum(cluster % 2 == code for cluster in aside) == 2
    np.testing.assert_array_equal(after.train, before.train)
    np.testing.assert_array_equal(after.test, before.test)


def test_the_same_seed_sets_the_same_aside() -> None:
    samples, design = made(9)
    first, second = (set_aside(samples, design, 3).splits[0].calibration for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_three_clusters_are_not_divided() -> None:
    samples, design = made(3)
    assert set_aside(samples, design, 0) is design


def test_training_samples_that_validate_for_want_of_others_are_not_divided() -> None:
    samples, design = made(8)
    split = design.splits[0]
    shared = Design(
        "blocks", "", (), (Split(split.train, split.train, NOTHING),), design.folds, design.clusters
    )
    assert is_shared(split.train, split.train)
    assert not is_shared(split.train, split.validation)
    assert set_aside(samples, shared, 0) is shared


@pytest.mark.parametrize("folds", [2, 5])
def test_folds_calibrate_each_other(folds: int) -> None:
    samples, design = made(8)
    folded = Design(
        "blocks", "", (), design.splits * folds, design.folds, design.clusters, final=design.splits[0]
    )
    assert set_aside(samples, folded, 0) is folded


def test_a_design_that_was_written_out_says_itself_what_was_set_aside() -> None:
    samples, design = made(8)
    held = design.splits[0].validation
    words = np.zeros(len(samples), dtype=np.int64)
    words[held[20:50]] = 1
    named = replace(samples, field_codes=words, field_values=("validation", "calibration"))
    after = set_aside(named, replace(design, method="field"), 0).splits[0]
    np.testing.assert_array_equal(after.calibration, held[20:50])
    assert sorted([*after.validation, *after.calibration]) == held.tolist()


def test_what_is_set_aside_stays_so_where_unused_samples_go() -> None:
    samples, design = made(8)
    aside = set_aside(samples, design, 0)
    kept, found = only_used(samples, aside, Limits(), 0)
    part = found.splits[0].calibration
    np.testing.assert_array_equal(kept.rows[part], samples.rows[aside.splits[0].calibration])
    assert found.proportions == (0.5, 0.5)
