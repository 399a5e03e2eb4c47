from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.core.errors import LandCoverError, SampleError
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.grid import Grid
from deep_land_cover.core.samples.draw import Limits
from deep_land_cover.core.samples.label_sources import samples_from_features
from deep_land_cover.core.samples.records import write_design
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Design, SplitOptions, only_used
from deep_land_cover.core.samples.split_search import design_samples

from .conftest import distance, scattered, squares

UTM = "EPSG:32748"


def with_field(samples: Samples, values: list[str]) -> Samples:
    """Give each sample a value; an empty one is none."""
    names = tuple(sorted(set(values) - {""}))
    codes = np.array([names.index(value) if value else -1 for value in values], dtype=np.int64)
    return replace(samples, field_codes=codes, field_values=names)


def by_group(values: list[str]) -> Samples:
    samples = squares([(60 * (n // 6), 60 * (n % 6), n % 2) for n in range(len(values))], side=3)
    return with_field(samples, [values[group] for group in samples.groups])


def in_order(samples: Samples) -> Samples:
    """Return the samples row by row, as all sources give them."""
    return samples.subset(np.lexsort((samples.columns, samples.rows)))


def split_by_field(samples: Samples, **options: object) -> Design:
    return design_samples(samples, SplitOptions("field", 16, **options))


def test_values_that_name_the_parts_are_the_parts() -> None:
    samples = by_group(["train"] * 4 + ["Validation", "val"] + ["TEST", "test"] + ["dropped", "unused"])
    (split,) = split_by_field(samples).splits
    assert sorted(set(samples.groups[split.train])) == [0, 1, 2, 3]
    assert sorted(set(samples.groups[split.validation])) == [4, 5]
    assert sorted(set(samples.groups[split.test])) == [6, 7]


def test_validation_is_whole_polygons_of_training_where_the_field_names_none() -> None:
    samples = by_group(["train"] * 8 + ["test"] * 2)
    (split,) = split_by_field(samples).splits
    assert sorted(set(samples.groups[split.test])) == [8, 9]
    trained, validated = set(samples.groups[split.train]), set(samples.groups[split.validation])
    assert trained | validated == set(range(8)) and not trained & validated
    assert len(validated) == 2


def test_other_values_are_groups_that_stay_whole() -> None:
    samples = by_group([f"village {n // 3}" for n in range(30)])
    design = split_by_field(samples)
    (split,) = design.splits
    codes = samples.field_codes
    assert codes is not None
    parts = [set(codes[part].tolist()) for part in (split.train, split.validation, split.test)]
    assert set.union(*parts) == set(range(10)) and sum(map(len, parts)) == 10
    assert "one of the split field's 10 values" in design.note


def test_as_many_values_as_folds_are_the_folds() -> None:
    samples = by_group([str(n % 4 + 1) for n in range(32)])
    design = split_by_field(samples, folds=4)
    assert samples.field_codes is not None
    assert design.folds.tolist() == (samples.field_codes + 1).tolist()
    for number, split in enumerate(design.splits):
        assert set(samples.field_codes[split.test].tolist()) == {number}
        assert number not in samples.field_codes[split.train]


def test_samples_without_a_value_take_no_part_and_are_counted() -> None:
    samples = by_group(["train"] * 4 + ["test"] * 2 + [""] * 2)
    design = split_by_field(samples)
    assert "18 samples without a value in the split field are not used." in design.cautions
    used, _ = only_used(samples, design, Limits(), 0)
    assert set(used.groups.tolist()) == set(range(6))


def test_the_gap_is_kept_with_named_parts_too_and_gives_way_for_what_it_would_take_most_of() -> None:
    samples = squares([(0, 0, 0), (0, 8, 0), (0, 100, 0), (0, 200, 0), (0, 300, 1), (0, 310, 1)], side=3)
    names = ["test", "train", "train", "train", "test", "train"]
    near = with_field(samples, [names[group] for group in samples.groups])
    design = split_by_field(near)
    (split,) = design.splits
    assert 1 not in samples.groups[split.train] and 2 in samples.groups[split.train]
    assert 5 in samples.groups[split.train]
    assert "Training may lie next to the test for: Name 1;" in design.note


@pytest.mark.parametrize("word", ["validation", "calibration", "train+validation", "train"])
def test_what_a_field_of_folds_names_for_validation_trains_where_no_epoch_is_chosen(word: str) -> None:
    values = [["test", "train", word], ["train", word, "test"], [word, "test", "train"]]
    samples = by_group([" ".join(values[n % 3]) for n in range(12)])
    design = split_by_field(samples, needs_validation=False)
    for fold, split in enumerate(design.splits):
        tested = np.array([values[group % 3][fold] == "test" for group in samples.groups])
        assert split.test.tolist() == np.flatnonzero(tested).tolist()
        assert split.train.tolist() == np.flatnonzero(~tested).tolist()
        assert not len(split.validation)
    assert ("Samples for validation train, too" in design.note) == (word in ("validation", "calibration"))


def test_what_a_field_of_one_split_names_for_validation_calibrates_where_no_epoch_is_chosen() -> None:
    samples = by_group(["train", "validation", "test", "train"] * 4)
    (split,) = split_by_field(samples, needs_validation=False).splits
    assert split.validation.tolist() == np.flatnonzero(samples.groups % 4 == 1).tolist()


def with_suggestions() -> Samples:
    """Return 96 polygons of a common class and 4 of a rare one, and 20 suggested points, half of each."""
    places = [(20 * (n // 12), 20 * (n % 12)) for n in range(120)]
    codes = [n >= 96 if n < 100 else n % 2 for n in range(120)]
    samples = squares([(*place, int(code)) for place, code in zip(places, codes, strict=True)], side=3)
    values = [
        "suggested" if group >= 100 else ("train", "train", "test")[group % 3] for group in samples.groups
    ]
    return in_order(with_field(samples, values))


def test_suggested_samples_train_and_tell_nothing_of_proportions() -> None:
    samples = with_suggestions()
    design = design_samples(samples, SplitOptions("field", 1))
    (split,) = design.splits
    is_suggested = samples.groups >= 100
    assert set(np.flatnonzero(is_suggested)) <= set(split.train)
    # With the suggested points the rare class would have 13 of 87 groups, without them it has 3 of 67.
    _, used = only_used(samples, design, Limits(), 0)
    kept = samples.groups[~is_suggested]
    rare = len(set(kept[(kept >= 96) & (kept % 3 != 2)])) / len(set(kept[kept % 3 != 2]))
    assert used.proportions == pytest.approx((1 - rare, rare))
    assert rare == 3 / 67


def test_a_class_of_suggested_samples_alone_counts_by_these() -> None:
    samples = with_suggestions()
    values = ["test" if group >= 96 and group < 100 else "train" for group in samples.groups]
    values = [
        "suggested" if group >= 100 else value for group, value in zip(samples.groups, values, strict=True)
    ]
    samples = with_field(samples, values)
    _, used = only_used(samples, design_samples(samples, SplitOptions("field", 1)), Limits(), 0)
    assert used.proportions == pytest.approx((96 / 106, 10 / 106))


@pytest.mark.parametrize("words", [("train", "test"), ("train test", "test train")])
def test_suggested_samples_never_validate_and_a_layer_of_them_needs_no_word_a_fold(
    words: tuple[str, str],
) -> None:
    samples = by_group([*words * 8, *["suggested"] * 8])
    design = split_by_field(samples)
    for split in design.splits:
        assert set(samples.groups[split.train]) >= set(range(16, 24))
        assert 0 < len(set(samples.groups[split.validation])) and samples.groups[split.validation].max() < 16
    assert len(design.splits) == len(words[0].split())


@pytest.mark.parametrize(
    ("values", "options", "sentence"),
    [
        (["train", "tset"] * 4, {}, "holds 'tset'"),
        (["test"] * 8, {}, "no training samples"),
        ([""] * 8, {}, "No sample has a value"),
        (["train", "test"] * 4, {"folds": 5}, "FOLDS is 5, but the split field names the parts of one"),
        (["train test", "test train"] * 4, {"folds": 5}, "the parts of 2 folds"),
        (["train", "test train"] * 4, {}, "different numbers of folds"),
    ],
)
def test_a_field_that_cannot_be_used_is_refused(
    values: list[str], options: dict[str, int], sentence: str
) -> None:
    with pytest.raises(LandCoverError, match=sentence) as caught:
        split_by_field(by_group(values), **options)
    assert caught.value.advice


@pytest.mark.parametrize(
    "values", [["test test", "train train"], ["test train test", "train test train", "train train train"]]
)
def test_a_field_that_tests_a_sample_in_several_folds_is_refused(values: list[str]) -> None:
    with pytest.raises(SampleError, match="several folds") as caught:
        split_by_field(by_group(values * 4))
    assert caught.value.where == "SPLIT_FIELD" and caught.value.advice


def test_samples_without_a_field_are_refused() -> None:
    with pytest.raises(LandCoverError, match="needs a field of the sample layer"):
        split_by_field(scattered(100, 50, 2))


def written(folder: Path, samples: Samples, design: Design, options: SplitOptions) -> list[dict[str, object]]:
    path = folder / "design.jsonl"
    write_design(path, samples, design, GRID, options)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Rotated, so that the centre of a pixel is not to be had by luck.
GRID = Grid(400, 400, (20.0, 3.0, 500_000.0, 3.0, -20.0, 9_800_000.0), UTM)


POOL = replace(in_order(scattered(4000, 400, 4)), stands_for=(1.0, 3.0, 1.0, 1.0))
FEW = in_order(scattered(97, 150, 4))


@pytest.mark.medium(but=("samples2-options2", "samples10-options10"))
@pytest.mark.parametrize(
    ("samples", "options"),
    [
        (POOL, SplitOptions("blocks", 16, seed=3, limits=Limits(150, 200, 300))),
        (POOL, SplitOptions("blocks", 16, folds=4, limits=Limits(150, 200, 300))),
        (POOL, SplitOptions("blocks", 16, folds=4, limits=Limits(150, 200, 300), needs_validation=False)),
        (POOL, SplitOptions("blocks", 16, limits=Limits(150, 200, 300), needs_validation=False)),
        (FEW, SplitOptions("auto", 32, folds=5, limits=Limits(2000), needs_validation=False)),
        (in_order(squares([(60 * n, 0, n % 2) for n in range(6)])), SplitOptions("random", 16, folds=3)),
        # The gap gives way here: nearly everything lies near everything.
        (FEW, SplitOptions("auto", 32, folds=5, limits=Limits(2000))),
        (FEW, SplitOptions("auto", 32, seed=1)),
        (in_order(squares([(0, 5 * n, n % 2) for n in range(8)])), SplitOptions("polygons", 64)),
        (with_suggestions(), SplitOptions("field", 1)),
        # Suggested samples near the test are dropped, and tell nothing of proportions all the same.
        (with_suggestions(), SplitOptions("field", 20, buffer=20)),
    ],
)
def test_a_design_that_was_written_is_read_again_as_it_was(
    tmp_path: Path, samples: Samples, options: SplitOptions
) -> None:
    design = design_samples(samples, options)
    used, compact = only_used(samples, design, options.limits, options.seed)
    records = written(tmp_path, samples, design, options)
    path = tmp_path / "again.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            geometry = {"type": "Point", "coordinates": [record["x"], record["y"]]}
            feature = {"geometry": geometry, "class": record["value"], "name": record["name"]}
            more = {key: record[key] for key in ("split", "weight")}
            file.write(json.dumps({**feature, "group": record["cluster"], **more}) + "\n")
    again = samples_from_features(path, GRID, None, options.seed, SilentProgress())
    repeated = design_samples(again, replace(options, method="field"))
    used_again, compact_again = only_used(again, repeated, options.limits, options.seed)
    for first, second in zip(compact.splits, compact_again.splits, strict=True):
        for part in ("train", "validation", "test"):
            one, other = (
                samples_of.subset(getattr(split, part))
                for samples_of, split in ((used, first), (used_again, second))
            )
            assert other.rows.tolist() == one.rows.tolist()
            assert other.columns.tolist() == one.columns.tolist()
            assert [other.classes[code].value for code in other.codes] == [
                one.classes[code].value for code in one.codes
            ]
        assert np.array_equal(
            repeated.clusters[repeated.splits[0].test], design.clusters[design.splits[0].test]
        )
    assert compact_again.proportions == pytest.approx(compact.proportions)
    if not compact.is_folded:
        # What a split field names for validation or test never trains the saved model.
        assert compact_again.final is None
    else:
        assert compact.final is not None and compact_again.final is not None
        assert compact_again.final.train.tolist() == compact.final.train.tolist()


def test_points_lie_at_pixel_centres_and_tell_class_split_fold_and_cluster(tmp_path: Path) -> None:
    options = SplitOptions("blocks", 16, folds=4, block_size=60)
    design = design_samples(POOL, options)
    records = written(tmp_path, POOL, design, options)
    rows, columns = GRID.place(np.array([r["x"] for r in records]), np.array([r["y"] for r in records]))
    assert np.abs(rows % 1 - 0.5).max() < 1e-6 and np.abs(columns % 1 - 0.5).max() < 1e-6
    place = {
        (int(row), int(column)): index for index, (row, column) in enumerate(POOL.pixel_coordinates.tolist())
    }
    for record, row, column in zip(records, rows, columns, strict=True):
        index = place[int(row), int(column)]
        assert record["value"] == POOL.codes[index] + 1
        words = str(record["split"]).split()
        assert len(words) == 4
        # The ground that a fold tests is not seen in it.
        assert words[int(str(record["fold"])) - 1] in ("test", "unused")
        assert record["cluster"] == design.clusters[index]
    assert {word for record in records for word in str(record["split"]).split()} >= {
        "train",
        "validation",
        "test",
        "dropped",
    }


def test_what_the_gap_drops_is_shown_up_to_the_limit_of_a_class(tmp_path: Path) -> None:
    options = SplitOptions("blocks", 16, limits=Limits(max_per_class=20))
    design = design_samples(POOL, options)
    assert len(design.splits[0].dropped) > 200
    records = written(tmp_path, POOL, design, options)
    dropped = [record["value"] for record in records if record["split"] == "dropped"]
    assert [dropped.count(value) for value in (1, 2, 3, 4)] == [20] * 4
    assert distance(POOL, design.splits[0].train, design.splits[0].test) >= 16
