from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.samples.assignment import TEST, TRAIN, VALIDATION, assign_groups
from deep_land_cover.core.samples.draw import draw, draw_naturally
from deep_land_cover.core.samples.gap import keep_apart, near
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.split import Split, split_samples

Array = npt.NDArray[np.int64]


def classes(count: int) -> tuple[LandCoverClass, ...]:
    return tuple(LandCoverClass(code + 1, f"Name {code}", "#112233") for code in range(count))


def squares(corners: list[tuple[int, int, int]], side: int = 5) -> Samples:
    """Return square polygons: (row, column, code) of each one's first pixel."""
    rows, columns, codes, groups = [], [], [], []
    for group, (row, column, code) in enumerate(corners):
        grid = np.mgrid[row : row + side, column : column + side].reshape(2, -1)
        rows.append(grid[0])
        columns.append(grid[1])
        codes.append(np.full(side * side, code))
        groups.append(np.full(side * side, group))
    parts = (np.concatenate(part).astype(np.int64) for part in (rows, columns, codes, groups))
    count = max(code for _, _, code in corners) + 1
    return Samples(*parts, classes(count), (1.0,) * count)


def scattered(count: int, size: int, class_count: int, seed: int = 0) -> Samples:
    """Return pixels of a label raster."""
    generator = np.random.default_rng(seed)
    place = generator.choice(size * size, size=count, replace=False)
    codes = np.concatenate([np.arange(class_count).repeat(2), generator.integers(0, class_count, count)])
    return Samples(
        (place // size).astype(np.int64),
        (place % size).astype(np.int64),
        codes[:count].astype(np.int64),
        np.full(count, NO_GROUP, dtype=np.int64),
        classes(class_count),
        (1.0,) * class_count,
    )


def distance(samples: Samples, some: Array, others: Array) -> int:
    """Return the least Chebyshev distance, by brute force."""
    down = np.abs(samples.rows[some][:, None] - samples.rows[others][None])
    across = np.abs(samples.columns[some][:, None] - samples.columns[others][None])
    return int(np.maximum(down, across).min(initial=10**9))


def pairs(split: Split) -> list[tuple[Array, Array]]:
    return [
        (split.train, split.validation),
        (split.train, split.test),
        (split.validation, split.test),
    ]


def codes_in(samples: Samples, part: Array) -> set[int]:
    return set(samples.codes[part].tolist())


FAR_APART = squares([(60 * (n // 6), 60 * (n % 6), n % 3) for n in range(30)])


def test_whole_polygons_stay_on_one_side() -> None:
    split = split_samples(FAR_APART, "auto", 16, 0, 0)
    assert split.method == "polygons"
    for one, other in pairs(split):
        assert not set(FAR_APART.groups[one]) & set(FAR_APART.groups[other])


def test_about_sixty_twenty_twenty_of_every_class() -> None:
    split = split_samples(FAR_APART, "auto", 16, 0, 0)
    for code in range(3):
        counts = [
            int((FAR_APART.codes[part] == code).sum()) for part in (split.train, split.validation, split.test)
        ]
        assert counts == [150, 50, 50]


@pytest.mark.parametrize("method", ["auto", "blocks"])
@pytest.mark.parametrize("seed", range(4))
def test_centres_of_the_parts_lie_a_patch_apart(method: str, seed: int) -> None:
    samples = scattered(3000, 400, 4, seed)
    split = split_samples(samples, method, 16, 0, seed)
    assert not [caution for caution in split.cautions if "may lie" in caution]
    assert all(distance(samples, *pair) >= 16 for pair in pairs(split))
    assert all(
        codes_in(samples, part) == {0, 1, 2, 3} for part in (split.train, split.validation, split.test)
    )


def test_no_block_is_on_both_sides() -> None:
    samples = scattered(3000, 400, 4)
    split = split_samples(samples, "blocks", 8, 50, 0)
    blocks = samples.rows // 50 * 100 + samples.columns // 50
    assert "50 pixels" in split.note
    for one, other in pairs(split):
        assert not set(blocks[one].tolist()) & set(blocks[other].tolist())


def test_a_split_repeats_from_its_seed() -> None:
    first, again, other = (split_samples(FAR_APART, "auto", 16, 0, seed) for seed in (3, 3, 4))
    assert first.test.tolist() == again.test.tolist()
    assert first.test.tolist() != other.test.tolist()


def test_a_label_raster_is_split_by_blocks() -> None:
    split = split_samples(scattered(500, 300, 3), "auto", 8, 0, 0)
    assert split.method == "blocks"
    assert split.note.startswith("The labels are a raster: spatial blocks of 24 pixels")


def test_a_class_of_two_polygons_is_split_by_blocks_and_the_note_names_it() -> None:
    corners = [(60 * (n // 6), 60 * (n % 6), n % 3) for n in range(30)]
    split = split_samples(squares([c for c in corners if c[2]] + [(0, 0, 0), (0, 180, 0)]), "auto", 16, 0, 0)
    assert split.method == "blocks"
    assert "Class 1 Name 0 has fewer than three polygons" in split.note


def test_blocks_shrink_where_the_scene_is_too_small_and_the_note_says_so() -> None:
    samples = scattered(1000, 45, 2)
    split = split_samples(samples, "blocks", 16, 0, 0)
    assert "pixels (not 48, which the scene is too small to carry)" in split.note


def test_a_random_split_is_labelled_optimistic() -> None:
    split = split_samples(FAR_APART, "random", 16, 0, 0)
    assert split.method == "random"
    assert "optimistic" in split.note
    assert sorted(np.concatenate([split.train, split.validation, split.test]).tolist()) == list(range(750))
    assert len(split.train) == 450


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ParameterError, match="blocks"):
        split_samples(FAR_APART, "best", 16, 0, 0)


def test_thirty_polygons_on_a_small_scene_train_every_class() -> None:
    generator = np.random.default_rng(5)
    corners = [(int(r), int(c), n % 5) for n, (r, c) in enumerate(generator.integers(0, 240, (30, 2)))]
    samples = squares(corners)
    for patch in (16, 32):
        split = split_samples(samples, "auto", patch, 0, 0)
        assert codes_in(samples, split.train) == set(range(5))
        assert len(split.test)


def test_polygons_side_by_side_give_way_and_the_note_says_what_is_not_proven() -> None:
    samples = squares([(0, 5 * n, n % 2) for n in range(8)])
    split = split_samples(samples, "polygons", 64, 0, 0)
    assert all(np.bincount(samples.codes[split.train], minlength=2) >= 2)
    assert "Training may lie next to the test for: Name 0, Name 1" in split.note


def test_one_polygon_a_class_trains_without_a_test_and_says_so() -> None:
    samples = squares([(0, 0, 0), (300, 300, 1)], side=3)
    split = split_samples(samples, "polygons", 16, 0, 0)
    assert len(split.train) == 18
    assert len(split.test) == 0
    assert "the accuracy is not known" in split.note
    assert split.validation.tolist() == split.train.tolist()
    assert "training chooses the epoch" in split.note


def test_a_class_without_test_samples_is_named() -> None:
    corners = [(60 * n, 60 * k, k) for n in range(4) for k in range(2)] + [(0, 600, 2)]
    split = split_samples(squares(corners), "polygons", 16, 0, 0)
    assert "No test samples could be held out of: Name 2" in split.note


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6), st.sampled_from([8, 16, 32]), st.data())
def test_any_layer_trains_every_class_and_never_crashes(
    seed: int, class_count: int, patch: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, 4)) * 60
    count = data.draw(st.integers(2 * class_count, 80))
    samples = scattered(count, size, class_count, seed)
    if data.draw(st.booleans()):
        groups = np.random.default_rng(seed).integers(0, max(2, count // 4), count)
        samples = Samples(
            samples.rows, samples.columns, samples.codes, groups, samples.classes, samples.stands_for
        )
    method = data.draw(st.sampled_from(["auto", "polygons", "blocks", "random"]))
    split = split_samples(samples, method, patch, 0, seed)
    assert np.bincount(samples.codes[split.train], minlength=class_count).min() >= 2
    assert not set(split.train.tolist()) & set(split.test.tolist())
    assert not set(split.validation.tolist()) & set(split.test.tolist())
    if method != "random" and "may lie next to the test" not in split.note:
        assert distance(samples, split.train, split.test) >= patch


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


@given(st.integers(0, 10**6), st.integers(1, 20))
def test_near_is_chebyshev_distance_below_the_patch(seed: int, bound: int) -> None:
    generator = np.random.default_rng(seed)
    some, others = generator.integers(0, 60, (30, 2)), generator.integers(0, 60, (5, 2))
    brute = np.abs(some[:, None] - others[None]).max(axis=2).min(axis=1) < bound
    assert near(some, others, bound).tolist() == brute.tolist()


def test_validation_next_to_the_test_goes_before_training() -> None:
    places = np.array([[0, 0], [0, 100], [0, 108], [0, 204], [0, 0]]) + 0
    places[4] = (300, 300)
    parts = np.array([TEST, VALIDATION, TRAIN, TRAIN, TRAIN])
    codes = np.zeros(5, dtype=np.int64)
    assert keep_apart(places, codes, parts, 16).kept.tolist() == [True, True, False, True, True]


def many(train: int, held: int) -> tuple[Samples, Split]:
    count = train + 2 * held
    generator = np.random.default_rng(0)
    codes = (generator.random(count) < 0.1).astype(np.int64)
    samples = Samples(
        *(np.arange(count) for _ in range(2)), codes, np.zeros(count, np.int64), classes(2), (4.0, 1.0)
    )
    order = np.arange(count)
    return samples, Split("blocks", "", (), order[:train], order[train : train + held], order[train + held :])


def test_max_per_class_touches_training_only() -> None:
    samples, split = many(1000, 300)
    drawn = draw(samples, split, 50, 1000, 0)
    assert np.bincount(samples.codes[drawn.train]).tolist() == [50, 50]
    assert len(drawn.test) > 100


def test_no_limit_keeps_all_training_samples() -> None:
    samples, split = many(1000, 300)
    assert draw(samples, split, 0, 1000, 0).train.tolist() == split.train.tolist()


def test_held_out_samples_have_the_proportions_of_the_labels() -> None:
    samples, split = many(10, 20_000)
    drawn = draw_naturally(samples, split.test, 5000, np.random.default_rng(0))
    pool = np.bincount(samples.codes[split.test])
    expected = 4 * pool[0] / (4 * pool[0] + pool[1])
    assert len(drawn) == pytest.approx(5000, abs=2)
    assert (samples.codes[drawn] == 0).mean() == pytest.approx(expected, abs=0.001)


def test_huge_patches_get_fewer_held_out_samples() -> None:
    samples, split = many(10, 20_000)
    drawn = draw(samples, split, 0, 1_000_000, 0)
    assert len(drawn.validation) == pytest.approx(500, abs=2)
    assert len(drawn.test) == pytest.approx(1500, abs=2)
