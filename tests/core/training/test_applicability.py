"""How far a model reaches is measured on samples that it was not fitted to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.cbook import boxplot_stats
from scipy.spatial.distance import cdist, pdist

from deep_land_cover.core.models.applicability import load_applicability
from deep_land_cover.core.models.card import read_card
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.samples.split_design import Design, Split
from deep_land_cover.core.tasks.train import run as train_model
from deep_land_cover.core.training.applicability import AreaCollector
from deep_land_cover.core.uncertainty.applicability import upper_whisker

from ...requests import train_request
from ..features import polygon, write_features

Array = np.ndarray[Any, Any]

# What a model sees of 100 samples; none is as long as another, nor as broad.
SEEN = np.random.default_rng(0).normal(0, 1, (100, 3)).astype(np.float32) * [1.0, 5.0, 0.2]


@dataclass
class Seeing:
    """A model that looks at the numbers themselves."""

    importance: Array | None = None
    leading: int = 0

    def features(self, chosen: Array, progress: object) -> Array:
        return SEEN[chosen].astype(np.float32)


def split_of(train: Array, validation: Array, test: Array, calibration: Array | None = None) -> Split:
    return Split(train, validation, test, calibration=np.arange(0) if calibration is None else calibration)


def design_of(
    clusters: Array, *splits: Split, folds: Array | None = None, final: Split | None = None
) -> Design:
    return Design("blocks", "", (), splits, np.zeros(100, int) if folds is None else folds, clusters, final)


def distances(known: Array, asked: Array) -> Array:
    """Return dissimilarities (asked, known) by the formula: standardised, over the mean between the known."""
    scale = SEEN[known].std(axis=0)
    return cdist(SEEN[asked] / scale, SEEN[known] / scale) / pdist(SEEN[known] / scale).mean()


def across(chosen: Array, folds: Array) -> Array:
    """Return the distance of each to the nearest one of another fold."""
    found = distances(chosen, chosen)
    found[folds[chosen][:, None] == folds[chosen]] = np.inf
    return found.min(axis=1)


def add(areas: AreaCollector, *splits: Split) -> None:
    for split in splits:
        areas.add(Seeing(), split, SilentProgress())


def check(areas: AreaCollector, references: int, expected: Array) -> None:
    """Compare the result with the dissimilarities that it is to be of."""
    area, limit = areas.result()
    assert area is not None and limit is not None
    assert (limit.references, limit.held_out) == (references, len(expected))
    assert limit.threshold == pytest.approx(boxplot_stats(expected)[0]["whishi"], rel=1e-3)


MIXED = np.random.default_rng(1).permutation(100)
TRAIN, VALIDATION, CALIBRATION, TEST = MIXED[:50], MIXED[50:60], MIXED[60:65], MIXED[65:90]


@pytest.mark.parametrize("has_learned_features", [False, True])
def test_what_a_single_split_holds_out_is_compared_with_what_the_model_was_trained_on(
    has_learned_features: bool,
) -> None:
    split = split_of(TRAIN, VALIDATION, TEST, CALIBRATION)
    areas = AreaCollector(design_of(np.arange(100), split), 0, has_learned_features)
    add(areas, split)
    check(areas, 50, distances(TRAIN, MIXED[50:90]).min(axis=1))


@pytest.mark.medium
def test_ground_that_trees_were_tested_on_alone_lies_outside(
    make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    """Bright ground lies in one polygon, which is held out: a limit from the others leaves it outside."""
    generator = np.random.default_rng(1)
    bands = generator.normal(0, 1, (2, 96, 96)).astype(np.float32)
    polygons = []
    for number in range(16):
        row, column = number // 4 * 24, number % 4 * 24
        bands[:, row : row + 24, column : column + 24] += 4 * (number % 2)
        part = "test" if number in (0, 1, 15) else "validation" if number in (2, 3) else "train"
        polygons.append(polygon(row, column, 10, 10, number % 2, split=part))
    # Of 500 held-out samples, so few that the whisker leaves them out.
    bands[:, 72:, 72:] = generator.normal(40, 1, (2, 24, 24))
    model = tmp_path / "model.skops"
    train_model(
        train_request(
            RasterSource(str(make_raster(bands, names=("red", "nir")))),
            str(model),
            samples=write_features(tmp_path / "samples.jsonl", polygons),
            architecture="random_forest",
            windows="0",
            split="field",
        ),
        SilentProgress(),
    )
    limit = read_card(model).applicability
    assert limit is not None
    area = load_applicability(model, 2)
    scaling = read_card(model).scaling
    mean, deviation = (np.array(part, np.float32)[:, None] for part in (scaling.mean, scaling.std))
    seen = np.clip((bands.reshape(2, -1) - mean) / deviation, -scaling.clip, scaling.clip)
    inside = (area.dissimilarity(area.layer(torch.from_numpy(seen.T))) <= limit.threshold).reshape(96, 96)
    assert not inside[72:, 72:].any()
    assert inside[:48].float().mean() > 0.9


def test_with_folds_trees_are_compared_between_these_when_all_is_fitted() -> None:
    folds = np.arange(100) % 2 + 1
    parts = [split_of(np.flatnonzero(folds != n), np.arange(0), np.flatnonzero(folds == n)) for n in (1, 2)]
    final = split_of(MIXED, np.arange(0), np.arange(0))
    areas = AreaCollector(
        design_of(np.arange(100) // 10, *parts, folds=folds, final=final), 0, has_learned_features=False
    )
    add(areas, *parts)
    assert areas.result() == (None, None)
    add(areas, final)
    check(areas, 100, across(MIXED, folds))


def test_what_networks_learn_is_compared_with_what_was_held_out_of_each() -> None:
    first = split_of(TRAIN, VALIDATION, TEST, CALIBRATION)
    second = split_of(TEST, CALIBRATION, VALIDATION)
    areas = AreaCollector(design_of(np.arange(100), first, second), 0, has_learned_features=True)
    held = [distances(TRAIN, MIXED[50:90]), distances(TEST, MIXED[50:65])]
    add(areas, first, second)
    check(areas, 25, np.concatenate([item.min(axis=1) for item in held]))


@pytest.mark.parametrize(("leading", "counted"), [(0, [0, 3]), (1, [1]), (2, []), (3, [])])
def test_folds_in_which_another_member_leads_than_in_the_saved_model_do_not_count(
    leading: int, counted: list[int]
) -> None:
    """Of 40, 10, 9 and 41 samples: those of one member alone may be too few."""
    tests = np.split(MIXED, [40, 50, 59])
    trains = [np.setdiff1d(MIXED, test) for test in tests]
    folds = [split_of(train, np.arange(0), test) for train, test in zip(trains, tests, strict=True)]
    final = split_of(MIXED, np.arange(0), np.arange(0))
    areas = AreaCollector(design_of(np.arange(100), *folds, final=final), 0, has_learned_features=True)
    for member, split in zip((0, 1, 2, 0, leading), (*folds, final), strict=True):
        areas.add(Seeing(leading=member), split, SilentProgress())
    if counted:
        held = [distances(trains[fold], tests[fold]).min(axis=1) for fold in counted]
        check(areas, 100, np.concatenate(held))
    else:
        assert areas.result() == (None, None)


def test_training_samples_that_validate_for_want_of_others_are_not_held_out() -> None:
    split = split_of(TRAIN, TRAIN, TEST)
    areas = AreaCollector(design_of(np.arange(100), split), 0, has_learned_features=True)
    add(areas, split)
    check(areas, 50, distances(TRAIN, TEST).min(axis=1))


@pytest.mark.parametrize(("held", "is_known"), [(9, False), (10, True)])
def test_of_fewer_than_ten_samples_nothing_is_said(held: int, is_known: bool) -> None:
    split = split_of(TRAIN, np.arange(0), TEST[:held])
    areas = AreaCollector(design_of(np.arange(100), split), 0, has_learned_features=True)
    add(areas, split)
    assert (areas.result() != (None, None)) == is_known


@pytest.mark.parametrize(("last", "whisker"), [(6.0, 6.0), (6.01, 3.0)])
def test_the_whisker_ends_one_and_a_half_ranges_above_the_quartile(last: float, whisker: float) -> None:
    # Quartiles of 1 and 3.
    assert upper_whisker(torch.tensor([0.0, 1.0, 2.0, 3.0, last])) == whisker
