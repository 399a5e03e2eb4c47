from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deep_land_cover.core.errors import ParameterError
from deep_land_cover.core.options import parse_folds
from deep_land_cover.core.samples.draw import Limits
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import (
    Design,
    SplitOptions,
    describe_design,
    only_used,
    without_validation,
)
from deep_land_cover.core.samples.split_search import design_samples

from .conftest import distance, scattered, squares

FAR_APART = squares([(60 * (n // 6), 60 * (n % 6), n % 3) for n in range(30)])


def folded(samples: Samples, method: str = "auto", folds: int = 5, **options: object) -> Design:
    return design_samples(samples, SplitOptions(method, 16, folds=folds, **options))


def test_every_polygon_is_tested_once_and_never_by_a_model_that_saw_it() -> None:
    design = folded(FAR_APART)
    assert design.method == "polygons" and len(design.splits) == 5
    assert sorted(design.test.tolist()) == list(range(len(FAR_APART)))
    for number, split in enumerate(design.splits, start=1):
        assert set(design.folds[split.test].tolist()) == {number}
        seen = {*FAR_APART.groups[split.train].tolist(), *FAR_APART.groups[split.validation].tolist()}
        assert not seen & set(FAR_APART.groups[split.test].tolist())
        assert not set(FAR_APART.groups[split.train]) & set(FAR_APART.groups[split.validation])


@pytest.mark.parametrize("method", ["auto", "blocks"])
def test_folds_keep_the_gap_and_every_class(method: str) -> None:
    samples = scattered(3000, 400, 4)
    design = folded(samples, method)
    for split in design.splits:
        assert distance(samples, split.train, split.test) >= 16
        assert distance(samples, split.train, split.validation) >= 16
        assert distance(samples, split.validation, split.test) >= 16
        assert not samples.absent(split.train) and not samples.absent(split.validation)


def test_the_buffer_is_the_gap_where_it_is_given() -> None:
    samples = scattered(3000, 400, 4)
    for buffer, nearest in ((40, 40), (5, 5)):
        split = folded(samples, "blocks", 0, buffer=buffer, block_size=80).splits[0]
        assert nearest <= distance(samples, split.train, split.test) < 16 + nearest
    caution = "BUFFER is 5 pixels, less than the window of 16 pixels"
    assert caution in folded(samples, "blocks", 0, buffer=5).note


def test_a_class_of_one_polygon_trains_in_every_fold_and_is_said_not_to_be_tested() -> None:
    corners = [(60 * (n // 6), 60 * (n % 6), n % 2) for n in range(24)] + [(600, 0, 2)]
    samples = squares(corners)
    design = folded(samples, "polygons")
    assert all(not samples.absent(split.train) for split in design.splits)
    assert samples.absent(design.test) == (2,)
    assert "No test samples could be held out of: Name 2" in design.note


def test_test_samples_are_natural_over_all_folds_and_max_per_class_is_for_training() -> None:
    codes = (np.random.default_rng(0).random((300, 300)) < 0.05).astype(np.int64)
    rows, columns = (index.ravel() for index in np.indices(codes.shape))
    pool = scattered(10, 300, 2)
    samples = Samples(rows, columns, codes.ravel(), np.full(codes.size, -1), pool.classes, (4.0, 1.0))
    limits = Limits(max_per_class=100, test=4000, validation=500)
    design = folded(samples, "blocks", limits=limits)
    drawn = np.bincount(samples.codes[design.test])
    everything = np.bincount(samples.codes) * np.array([4.0, 1.0])
    assert len(design.test) == pytest.approx(4000, abs=3)
    assert drawn[1] / drawn.sum() == pytest.approx(everything[1] / everything.sum(), abs=0.001)
    assert all(np.bincount(samples.codes[split.train]).tolist() == [100, 100] for split in design.splits)
    used, design = only_used(samples, design, limits, 0)
    assert design.final is not None
    assert np.bincount(used.codes[design.final.train]).tolist() == [100, 100]
    assert len(design.final.validation) == len(design.final.test) == 0


def test_the_note_says_whose_figures_they_are() -> None:
    design = folded(FAR_APART)
    assert "There are 5 folds" in design.note
    assert "the saved model was trained on the samples of all folds afterwards" in design.note
    used, design = only_used(FAR_APART, design, Limits(), 0)
    lines = describe_design(used, design)
    assert lines[0].startswith("Fold 1: ") and len(lines) == 7
    assert lines[-1].startswith("750 samples for training of the saved model: ")


def test_fewer_polygons_than_folds_are_as_many_folds() -> None:
    samples = squares([(90 * n, 400 * code, code) for n in range(3) for code in range(2)])
    design = folded(samples, "polygons", 20)
    assert set(design.folds.tolist()) == {1, 2, 3}
    assert len(design.splits) == 3
    assert "FOLDS is 20, but the groups of samples suffice for 3" in design.note
    single = folded(squares([(0, 0, 0), (300, 300, 1)]), "polygons", 4)
    assert single.final is None and "suffice for a single split" in single.note


def test_the_default_number_of_folds_gives_way_to_few_polygons_and_to_the_field() -> None:
    samples = squares([(90 * n, 400 * code, code) for n in range(3) for code in range(2)])
    few = folded(samples, "polygons", is_auto=True)
    assert len(few.splits) == 3 and "FOLDS is" not in few.note

    def of_words(*words: str) -> Design:
        codes = samples.groups % len(words)
        return folded(
            replace(samples, field_codes=codes, field_values=words), "field", is_auto=True, block_size=30
        )

    # The parts of one split, and of three folds; and as many groups as folds at most, each of them one.
    assert len(of_words("train", "test", "validation").splits) == 1
    assert len(of_words("test train train", "train test train", "train train test").splits) == 3
    sites = of_words("north", "south", "west")
    assert [np.unique(samples.groups[split.test] % 3).tolist() for split in sites.splits] == [[0], [1], [2]]


@pytest.mark.parametrize("text", ["five", "-1", "2.5", "1e3", "inf"])
def test_folds_are_auto_or_a_whole_number(text: str) -> None:
    with pytest.raises(ParameterError, match="FOLDS must be auto or a whole number"):
        parse_folds(text)


def test_random_folds_test_every_sample_once() -> None:
    design = folded(FAR_APART, "random")
    assert sorted(design.test.tolist()) == list(range(750))
    assert "optimistic" in design.note
    for split in design.splits:
        assert [len(split.train), len(split.validation), len(split.test)] == [450, 150, 150]


def test_random_folds_are_no_more_than_the_samples_of_the_largest_class() -> None:
    samples = squares([(60 * n, 0, n % 4) for n in range(20)], side=1)
    design = folded(samples, "random", 10)
    assert len(design.splits) == 5
    assert sorted(design.test.tolist()) == list(range(20))
    for split in design.splits:
        # One of the five of each class is tested, and a quarter of the other four validates.
        for part, count in ((split.train, 3), (split.validation, 1), (split.test, 1)):
            assert np.bincount(samples.codes[part], minlength=4).tolist() == [count] * 4


@pytest.mark.parametrize("method", ["polygons", "blocks", "random", "field"])
def test_where_no_epoch_is_chosen_all_that_a_fold_does_not_test_trains(method: str) -> None:
    codes = FAR_APART.groups % 10
    samples = replace(FAR_APART, field_codes=codes, field_values=tuple(f"group {n}" for n in range(10)))
    design = folded(samples, method, block_size=60, needs_validation=False)
    everything = np.arange(len(samples))
    assert len(design.splits) == 5 and sorted(design.test.tolist()) == everything.tolist()
    for number, split in enumerate(design.splits, start=1):
        assert split.train.tolist() == np.flatnonzero(design.folds != number).tolist()
        assert not len(split.validation) and not len(split.dropped)
    assert "a model of its own that was trained on the others." in design.note
    assert "valid" not in design.note
    used, design = only_used(samples, design, Limits(), 0)
    counts = np.bincount(design.folds)[1:]
    assert describe_design(used, design)[:5] == tuple(
        f"Fold {number}: {750 - count} samples for training, {count} for test."
        for number, count in enumerate(counts, start=1)
    )


def test_without_validation_the_gap_takes_what_lies_near_the_test_and_no_more() -> None:
    samples = scattered(3000, 400, 4)
    design = folded(samples, "blocks", needs_validation=False)
    for number, split in enumerate(design.splits, start=1):
        rest = np.flatnonzero(design.folds != number)
        pixels = samples.pixel_coordinates
        gaps = np.abs(pixels[rest][:, None] - pixels[split.test][None]).max(axis=2)
        far = rest[gaps.min(axis=1) >= 16]
        assert split.train.tolist() == far.tolist()
        assert sorted([*split.train, *split.dropped]) == rest.tolist()
    assert "Training and test lie at least 16 pixels apart" in design.note


def test_a_single_split_holds_samples_out_to_calibrate_with_where_no_epoch_is_chosen() -> None:
    samples = scattered(3000, 400, 4)
    usual, other = folded(samples, folds=0), folded(samples, folds=0, needs_validation=False)
    assert other.splits[0].validation.tolist() == usual.splits[0].validation.tolist() != []
    few = squares([(0, 0, 0), (300, 300, 1)])
    assert "training samples select the epoch" in folded(few, "polygons", 0).note
    note = folded(few, "polygons", 0, needs_validation=False).note
    assert "No samples could be held out to calibrate probabilities." in note and "epoch" not in note


@pytest.mark.parametrize("most", [0, 40])
def test_the_same_folds_without_validation_train_on_all_but_the_test_and_its_surroundings(most: int) -> None:
    samples = FAR_APART
    usual, design = only_used(samples, folded(samples), Limits(), 0)
    other = without_validation(usual, design, Limits(max_per_class=most), 0)
    for before, after in zip(design.splits, other.splits, strict=True):
        assert after.test.tolist() == before.test.tolist() and not len(after.validation)
        counts = np.bincount(usual.codes[np.union1d(before.train, before.validation)])
        assert np.bincount(usual.codes[after.train]).tolist() == np.minimum(counts, most or 750).tolist()
        assert not set(after.train) - {*before.train, *before.validation}
    _, single = only_used(samples, folded(samples, folds=0), Limits(), 0)
    assert without_validation(samples, single, Limits(), 0) is single


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(2, 7), st.data())
def test_any_layer_is_folded_without_a_crash_and_no_sample_is_on_two_sides(
    seed: int, class_count: int, folds: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(2 * class_count, 80))
    samples = scattered(count, 60 * data.draw(st.integers(1, 4)), class_count, seed)
    if data.draw(st.booleans()):
        groups = np.random.default_rng(seed).integers(0, max(2, count // 4), count)
        samples = Samples(
            samples.rows, samples.columns, samples.codes, groups, samples.classes, samples.stands_for
        )
    method = data.draw(st.sampled_from(["auto", "polygons", "blocks", "random"]))
    design = folded(samples, method, folds, seed=seed)
    assert len(set(design.test.tolist())) == len(design.test)
    for split in design.splits:
        assert len(split.train)
        assert not set(split.train.tolist()) & set(split.test.tolist())
        assert not set(split.validation.tolist()) & set(split.test.tolist())
        missing = samples.names(samples.absent(split.train))
        assert not missing or missing in design.note
