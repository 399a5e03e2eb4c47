from __future__ import annotations

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.samples.group_split import inner_folds
from deep_land_cover.core.samples.samples import NO_GROUP, Samples

SIDE, DISTANCE = 30, 6


def samples(codes: np.ndarray, groups: np.ndarray | None = None, classes: int = 3) -> Samples:
    """One sample every second pixel of 200 columns, row by row."""
    number = np.arange(len(codes))
    return Samples(
        number // 100 * 2,
        number % 100 * 2,
        codes.astype(np.int64),
        np.full(len(codes), NO_GROUP) if groups is None else groups,
        tuple(LandCoverClass(value, str(value), "#000000") for value in range(classes)),
        (1.0,) * classes,
    )


def spread(count: int = 6000) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 3, count)


def test_each_training_sample_is_held_out_once_and_no_other_is_looked_at() -> None:
    train = np.flatnonzero(np.random.default_rng(1).random(6000) < 0.5)
    found = inner_folds(samples(spread()), train, SIDE, DISTANCE, seed=0)
    assert len(found) == 3
    np.testing.assert_array_equal(np.sort(np.concatenate([held for _, held in found])), train)
    for taught, _ in found:
        assert np.isin(taught, train).all() and len(taught) > len(train) / 3


@pytest.mark.medium
def test_what_teaches_lies_a_patch_apart_from_what_is_held_out() -> None:
    data = samples(spread())
    for taught, held in inner_folds(data, np.arange(6000), SIDE, DISTANCE, seed=0):
        pixels = data.pixel_coordinates
        apart = np.abs(pixels[taught][:, None] - pixels[held][None]).max(axis=2)
        assert apart.min() >= DISTANCE


def test_blocks_are_held_out_whole() -> None:
    data = samples(spread())
    blocks = data.rows // SIDE * 100 + data.columns // SIDE
    for _, held in inner_folds(data, np.arange(6000), SIDE, DISTANCE, seed=0):
        assert not np.isin(np.delete(blocks, held), blocks[held]).any()


def test_polygons_are_held_out_whole() -> None:
    groups = np.arange(6000) // 50
    data = samples(np.arange(6000) // 50 % 3, groups)
    for _, held in inner_folds(data, np.arange(6000), SIDE, DISTANCE, seed=0):
        assert not np.isin(np.delete(groups, held), groups[held]).any()


def test_only_the_polygon_that_alone_has_a_class_is_divided() -> None:
    codes, groups = np.arange(6000) // 50 % 2, np.arange(6000) // 50
    codes[groups == 7] = 2
    data = samples(codes, groups)
    found = inner_folds(data, np.arange(6000), SIDE, DISTANCE, seed=0)
    divided = [
        number for number in range(120) if sum((groups[held] == number).any() for _, held in found) > 1
    ]
    assert divided == [7]
    for taught, _ in found:
        assert set(codes[taught]) == {0, 1, 2}


@pytest.mark.parametrize("codes", [[0, 0, 1, 1], [0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 1]])
def test_very_few_samples_are_held_out_once_each(codes: list[int]) -> None:
    data = samples(np.array(codes), classes=2)
    found = inner_folds(data, np.arange(len(codes)), SIDE, DISTANCE, seed=0)
    assert sorted(np.concatenate([held for _, held in found])) == list(range(len(codes)))
    for taught, held in found:
        assert len(taught) > 1 and not np.isin(taught, held).any()
