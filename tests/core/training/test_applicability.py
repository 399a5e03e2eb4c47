"""How far a model reaches is measured on samples that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.cbook import boxplot_stats
from scipy.spatial.distance import cdist, pdist

from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.samples.design import Design
from deep_land_cover.core.samples.split import Split
from deep_land_cover.core.training.applicability import Areas, upper_whisker

Array = np.ndarray[Any, Any]

# What a model sees of 100 samples; none is as long as another, nor as broad.
SEEN = np.random.default_rng(0).normal(0, 1, (100, 3)).astype(np.float32) * [1.0, 5.0, 0.2]


@dataclass
class Seeing:
    """A model that looks at the numbers themselves."""

    importance: Array | None = None

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


def look(areas: Areas, *splits: Split) -> Array:
    """Return what was compared, sorted."""
    for split in splits:
        areas.look(Seeing(), split, SilentProgress())
    return np.sort(torch.cat(areas.compared))


def close(found: Array, expected: Array) -> None:
    np.testing.assert_allclose(found, np.sort(expected), rtol=1e-3, atol=1e-4)


MIXED = np.random.default_rng(1).permutation(100)
TRAIN, VALIDATION, CALIBRATION, TEST = MIXED[:50], MIXED[50:60], MIXED[60:65], MIXED[65:90]


def test_what_trees_see_is_compared_between_whole_clusters_of_all_samples() -> None:
    """Five clusters make five folds, whatever is drawn."""
    clusters = np.random.default_rng(2).integers(0, 5, 100) * 7
    split = split_of(TRAIN, VALIDATION, TEST, CALIBRATION)
    areas = Areas(design_of(clusters, split), 0, learns_features=False)
    expected = across(MIXED[:90], clusters)
    # Looked at twice, as by an ensemble: what came last counts.
    close(look(areas, split, split), expected)
    area, limit = areas.result()
    assert area is not None and limit is not None
    assert (limit.references, limit.held_out) == (90, 90)
    assert limit.threshold == pytest.approx(boxplot_stats(expected)[0]["whishi"], rel=1e-3)


def test_no_fold_parts_a_cluster() -> None:
    """All samples twice: where a twin lay in another fold, its distance would be 0."""
    clusters = np.arange(100) // 10
    split = split_of(np.repeat(np.arange(100), 2), np.arange(0), np.arange(0))
    found = look(Areas(design_of(clusters, split), 3, learns_features=False), split)
    assert len(found) == 200 and found.min() > 1e-3


def test_with_folds_trees_are_compared_between_these_when_all_is_fitted() -> None:
    folds = np.arange(100) % 2 + 1
    parts = [split_of(np.flatnonzero(folds != n), np.arange(0), np.flatnonzero(folds == n)) for n in (1, 2)]
    final = split_of(MIXED, np.arange(0), np.arange(0))
    areas = Areas(design_of(np.arange(100) // 10, *parts, folds=folds, final=final), 0, learns_features=False)
    for part in parts:
        areas.look(Seeing(), part, SilentProgress())
    assert not areas.compared and areas.result() == (None, None)
    close(look(areas, final), across(MIXED, folds))


def test_what_networks_learn_is_compared_with_what_was_held_out_of_each() -> None:
    first = split_of(TRAIN, VALIDATION, TEST, CALIBRATION)
    second = split_of(TEST, CALIBRATION, VALIDATION)
    areas = Areas(design_of(np.arange(100), first, second), 0, learns_features=True)
    held = [distances(TRAIN, MIXED[50:90]), distances(TEST, MIXED[50:65])]
    expected = np.concatenate([item.min(axis=1) for item in held])
    close(look(areas, first, second), expected)
    area, limit = areas.result()
    assert area is not None and limit is not None
    assert (limit.references, limit.held_out) == (25, 55)
    assert limit.threshold == pytest.approx(boxplot_stats(expected)[0]["whishi"], rel=1e-3)


def test_training_samples_that_validate_for_want_of_others_are_not_held_out() -> None:
    split = split_of(TRAIN, TRAIN, TEST)
    areas = Areas(design_of(np.arange(100), split), 0, learns_features=True)
    close(look(areas, split), distances(TRAIN, TEST).min(axis=1))


@pytest.mark.parametrize(("held", "is_known"), [(9, False), (10, True)])
def test_of_fewer_than_ten_samples_nothing_is_said(held: int, is_known: bool) -> None:
    split = split_of(TRAIN, np.arange(0), TEST[:held])
    areas = Areas(design_of(np.arange(100), split), 0, learns_features=True)
    look(areas, split)
    assert (areas.result() != (None, None)) == is_known


@pytest.mark.parametrize(("last", "whisker"), [(6.0, 6.0), (6.01, 3.0)])
def test_the_whisker_ends_one_and_a_half_ranges_above_the_quartile(last: float, whisker: float) -> None:
    # Quartiles of 1 and 3.
    assert upper_whisker(torch.tensor([0.0, 1.0, 2.0, 3.0, last])) == whisker
