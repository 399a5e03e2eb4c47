from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.samples.draw import Limits
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import (
    Design,
    Split,
    SplitOptions,
    only_used,
)
from deep_land_cover.core.samples.split_search import design_samples

from .conftest import Array, classes, distance, from_image, scattered, squares


def pairs(split: Split) -> list[tuple[Array, Array]]:
    return [
        (split.train, split.validation),
        (split.train, split.test),
        (split.validation, split.test),
    ]


def codes_in(samples: Samples, part: Array) -> set[int]:
    return set(samples.codes[part].tolist())


def split_of(
    samples: Samples, method: str, window: int, block: int, seed: int, **options: int
) -> tuple[Design, Split]:
    """Return the design of one split, and that split."""
    design = design_samples(samples, SplitOptions(method, window, block_size=block, seed=seed, **options))
    (split,) = design.splits
    return design, split


FAR_APART = squares([(60 * (n // 6), 60 * (n % 6), n % 3) for n in range(30)])


def test_whole_polygons_stay_on_one_side() -> None:
    design, split = split_of(FAR_APART, "auto", 16, 0, 0)
    assert design.method == "polygons"
    for one, other in pairs(split):
        assert not set(FAR_APART.groups[one]) & set(FAR_APART.groups[other])


def test_about_sixty_twenty_twenty_of_every_class() -> None:
    _, split = split_of(FAR_APART, "auto", 16, 0, 0)
    for code in range(3):
        counts = [
            int((FAR_APART.codes[part] == code).sum()) for part in (split.train, split.validation, split.test)
        ]
        assert counts == [150, 50, 50]


@pytest.mark.medium(but=("3-auto", "2-blocks"))
@pytest.mark.parametrize("method", ["auto", "blocks"])
@pytest.mark.parametrize("seed", range(4))
def test_centres_of_the_parts_lie_a_patch_apart(method: str, seed: int) -> None:
    samples = scattered(3000, 400, 4, seed)
    design, split = split_of(samples, method, 16, 0, seed)
    assert not [caution for caution in design.cautions if "may lie" in caution]
    assert all(distance(samples, *pair) >= 16 for pair in pairs(split))
    assert all(
        codes_in(samples, part) == {0, 1, 2, 3} for part in (split.train, split.validation, split.test)
    )


def test_a_gap_is_told_where_there_is_one() -> None:
    assert "at least 16 pixels apart" in split_of(FAR_APART, "polygons", 16, 0, 0)[0].done
    # A model of single pixels needs none, and any two pixels are one apart.
    assert "apart" not in split_of(FAR_APART, "polygons", 1, 0, 0)[0].done


def test_no_block_is_on_both_sides() -> None:
    samples = scattered(3000, 400, 4)
    design, split = split_of(samples, "blocks", 8, 50, 0)
    blocks = samples.rows // 50 * 100 + samples.columns // 50
    assert "50 pixels" in design.note
    for one, other in pairs(split):
        assert not set(blocks[one].tolist()) & set(blocks[other].tolist())


def test_a_split_repeats_from_its_seed() -> None:
    first, again, other = (split_of(FAR_APART, "auto", 16, 0, seed)[1] for seed in (3, 3, 4))
    assert first.test.tolist() == again.test.tolist()
    assert first.test.tolist() != other.test.tolist()


def test_a_label_raster_is_split_by_blocks() -> None:
    design, _ = split_of(scattered(500, 300, 3), "auto", 8, 0, 0)
    assert design.method == "blocks"
    assert design.note.startswith("The labels are a raster, which has no polygons. Each spatial")
    assert "block of 24 pixels is wholly on one side (three times the model's window of 8;" in design.note


def test_a_class_of_two_polygons_is_split_by_blocks_and_the_note_names_it() -> None:
    corners = [(60 * (n // 6), 60 * (n % 6), n % 3) for n in range(30)]
    design, _ = split_of(squares([c for c in corners if c[2]] + [(0, 0, 0), (0, 180, 0)]), "auto", 16, 0, 0)
    assert design.method == "blocks"
    assert "Class 1 Name 0 has fewer than three polygons" in design.note


def test_blocks_shrink_where_the_scene_is_too_small_and_the_note_says_so() -> None:
    samples = scattered(1000, 45, 2)
    design, _ = split_of(samples, "blocks", 16, 0, 0)
    assert "block of 16 pixels is wholly on one side (not 48, three times the model's" in design.note


def test_a_random_split_is_labelled_optimistic() -> None:
    design, split = split_of(FAR_APART, "random", 16, 0, 0)
    assert design.method == "random"
    assert "optimistic" in design.note
    assert sorted(np.concatenate([split.train, split.validation, split.test]).tolist()) == list(range(750))
    assert len(split.train) == 450


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ParameterError, match="blocks"):
        split_of(FAR_APART, "best", 16, 0, 0)


def test_thirty_polygons_on_a_small_scene_train_every_class() -> None:
    generator = np.random.default_rng(5)
    corners = [(int(r), int(c), n % 5) for n, (r, c) in enumerate(generator.integers(0, 240, (30, 2)))]
    samples = squares(corners)
    for patch in (16, 32):
        _, split = split_of(samples, "auto", patch, 0, 0)
        assert codes_in(samples, split.train) == set(range(5))
        assert len(split.test)


def test_polygons_side_by_side_give_way_and_the_note_says_what_is_not_proven() -> None:
    samples = squares([(0, 5 * n, n % 2) for n in range(8)])
    design, split = split_of(samples, "polygons", 64, 0, 0)
    assert all(np.bincount(samples.codes[split.train], minlength=2) >= 2)
    assert "Training may lie next to the test for: Name 0, Name 1" in design.note


def test_one_polygon_a_class_trains_without_a_test_and_says_so() -> None:
    samples = squares([(0, 0, 0), (300, 300, 1)], side=3)
    design, split = split_of(samples, "polygons", 16, 0, 0)
    assert len(split.train) == 18
    assert len(split.test) == 0
    assert "the accuracy is not known" in design.note
    assert split.validation.tolist() == split.train.tolist()
    assert "training samples select the epoch" in design.note


def test_a_class_without_test_samples_is_named() -> None:
    corners = [(60 * n, 60 * k, k) for n in range(4) for k in range(2)] + [(0, 600, 2)]
    design, _ = split_of(squares(corners), "polygons", 16, 0, 0)
    assert "No test samples could be held out of: Name 2" in design.note


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
    design, split = split_of(samples, method, patch, 0, seed)
    assert np.bincount(samples.codes[split.train], minlength=class_count).min() >= 2
    assert not set(split.train.tolist()) & set(split.test.tolist())
    assert not set(split.validation.tolist()) & set(split.test.tolist())
    if method != "random" and "may lie next to the test" not in design.note:
        assert distance(samples, split.train, split.test) >= patch


def test_only_used_samples_keep_their_classes_and_parts() -> None:
    place = np.arange(100)
    samples = Samples(place, place, place % 2, place, FAR_APART.classes[:2], (1.0, 1.0))
    split = Split(np.array([4, 2]), np.array([4, 70]), np.array([90]), np.array([5]))
    named = Design("field", "", (), (split,), place * 0, place, is_named=True)
    used, design = only_used(samples, named, Limits(), 0)
    assert used.rows.tolist() == [2, 4, 70, 90]
    assert used.rows[design.splits[0].train].tolist() == [4, 2]
    assert used.rows[design.splits[0].validation].tolist() == [4, 70]
    assert used.rows[design.splits[0].test].tolist() == [90]
    assert design.final is None and design.done == (
        "The saved model uses 2 of 100 samples: those that the split field names for validation or test, or "
        "drops, are not used."
    )


def test_the_saved_model_of_a_computed_split_uses_all_samples_with_what_the_gap_left_out() -> None:
    place = np.arange(100)
    samples = Samples(place, place, place % 2, place, FAR_APART.classes[:2], (1.0, 1.0))
    split = Split(np.array([2, 4]), np.array([70]), np.array([90]), np.array([5]))
    computed = Design("blocks", "Blocks.", (), (split,), place * 0, place)
    used, design = only_used(samples, computed, Limits(), 0)
    assert used.rows.tolist() == place.tolist()
    assert design.final is not None and design.final.train.tolist() == place.tolist()
    assert not len(design.final.held_out)
    assert design.done == (
        "Blocks. The figures are those of a model that was trained on 2 samples, before the saved one; the "
        "saved model was not tested itself. The saved model uses all 100 samples."
    )
    used, design = only_used(samples, computed, Limits(max_per_class=10), 0)
    assert design.final is not None and len(design.final.train) == 20
    # As many as in the split, but from everywhere.
    even = Design("blocks", "", (), (replace(split, train=np.arange(20)),), place * 0, place)
    used, same = only_used(samples, even, Limits(max_per_class=10), 0)
    assert same.final is not None and used.rows[same.final.train].max() > 20
    assert design.done.endswith(
        "The saved model uses 20 of 100 samples, at most 10 of a class (MAX_PER_CLASS)."
    )


def test_nothing_is_trained_twice_where_nothing_could_be_held_out() -> None:
    place = np.arange(10)
    samples = Samples(place, place, place % 2, place, FAR_APART.classes[:2], (1.0, 1.0))
    split = Split(place, place, place[:0])
    used, design = only_used(samples, Design("blocks", "", (), (split,), place * 0, place), Limits(), 0)
    assert len(used) == 10 and design.final is None
    assert design.done == "The saved model uses all 10 samples."


def test_blocks_are_as_wide_as_labels_are_alike() -> None:
    # Fields of 60 pixels: far more than three windows.
    fields = np.kron(np.random.default_rng(1).integers(0, 3, (12, 12)), np.ones((60, 60), dtype=np.int64))
    fields[np.random.default_rng(0).random(fields.shape) > 0.02] = -1
    samples = from_image(fields)
    design, _ = split_of(samples, "blocks", 8, 0, 0)
    side = int(design.note.split("Each spatial block of ")[1].split()[0])
    assert 45 <= side <= 75
    assert "(the distance over which labels are correlated)" in design.note


def test_a_rare_class_makes_blocks_smaller_only_where_it_would_not_train_or_be_tested() -> None:
    samples = scattered(3000, 400, 3)
    # The class lies at two far corners: it trains and is tested, but nothing is left to validate.
    corners = np.isin(np.arange(3000), [0, 1, 2, 3])
    rows, columns = samples.rows.copy(), samples.columns.copy()
    rows[corners], columns[corners] = [3, 3, 390, 390], [3, 5, 390, 395]
    codes = np.where(corners, 3, samples.codes % 3)
    samples = Samples(rows, columns, codes, samples.groups, classes(4), (1.0,) * 4)
    design, split = split_of(samples, "blocks", 16, 0, 0)
    assert "Each spatial block of 48 pixels" in design.note
    assert codes_in(samples, split.train) == codes_in(samples, split.test) == {0, 1, 2, 3}
    assert codes_in(samples, split.validation) == {0, 1, 2}
