"""Suspicious labels: polygons whose class out-of-fold models do not predict.

Extra trees (Geurts et al. 2006, https://doi.org/10.1007/s10994-006-6226-1) are grown on the channels of
single pixels. Whole polygons, or blocks of points or of a label raster, are held out, so that no model has
seen the label that it judges. The probabilities of several divisions into folds are averaged.

>>> folds = grouped_folds(samples.codes, groups, classes=4, folds=5, repeats=3, seed=0)
>>> scores = held_out_scores(channels, samples.codes, folds, classes=4, seed=0, progress=progress)
>>> suspects = rank_units(scores.probabilities, samples.codes, units)
>>> suspects.units[:10]            # the polygons whose labels are least likely
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sklearn.ensemble import ExtraTreesClassifier

from ..arrays import BoolArray, Float32Array, Float64Array, Int64Array
from ..progress import Progress, RateMeter
from ..samples.group_split import assign_folds, count_by_group
from .tree_trainer import square_root_weights

TREES = 150
"""Number of trees of each model."""
# Samples times trees from which on several threads are faster than one.
_MIN_PARALLEL = 300_000


@dataclass(frozen=True, eq=False)
class Suspects:
    """Units of samples, the most suspicious first.

    Attributes:
        units: Number of each unit, int64, shape (U,). Units without an out-of-fold probability are left out.
        given: Code of the class of its label, int64, shape (U,).
        proposed: Code of the class with the highest mean probability, int64, shape (U,); the given one where
            the label is not in doubt.
        probability: Mean out-of-fold probability of the given class, shape (U,).
        proposed_probability: Mean out-of-fold probability of the proposed class, shape (U,).
        counts: Number of samples that the means are of, int64, shape (U,).
    """

    units: Int64Array
    given: Int64Array
    proposed: Int64Array
    probability: Float64Array
    proposed_probability: Float64Array
    counts: Int64Array

    @property
    def are_doubtful(self) -> BoolArray:
        """True where another class is more probable than the label's, shape (U,)."""
        return np.asarray(self.given != self.proposed)

    def subset(self, chosen: Int64Array | BoolArray) -> Suspects:
        """Return some of the units, by index or mask."""
        return Suspects(*(values[chosen] for values in vars(self).values()))


@dataclass(frozen=True, eq=False)
class HeldOutScores:
    """Out-of-fold probabilities.

    Attributes:
        probabilities: Mean probability of each class, float32, shape (N, classes); NaN for samples that no
            fold holds out.
        is_known: Whether a fold holds a sample out, shape (N,).
    """

    probabilities: Float32Array
    is_known: BoolArray

    @property
    def predicted(self) -> Int64Array:
        """Most probable class of each sample, int64, shape (N,); 0 where nothing is known."""
        return np.where(self.is_known, np.nan_to_num(self.probabilities).argmax(axis=1), 0).astype(np.int64)


def grow_trees(channels: Float32Array, codes: Int64Array, seed: int, trees: int = TREES) -> Any:
    """Return extra trees that are grown on samples.

    Args:
        channels: Finite values of the channels, shape (N, channels).
        codes: Class code of each sample, int64, shape (N,).
        seed: Seed of the trees.
        trees: Number of trees.
    """
    forest = ExtraTreesClassifier(
        n_estimators=trees,
        min_samples_leaf=2,
        max_features="sqrt",
        random_state=seed,
        n_jobs=torch.get_num_threads() if trees * len(codes) >= _MIN_PARALLEL else 1,
    )
    return forest.fit(channels, codes, sample_weight=square_root_weights(codes))


def predict_trees(forest: Any, channels: Float32Array, classes: int) -> Float32Array:
    """Return the probabilities of all classes, also of those that were not among the training samples.

    Args:
        forest: Trees of ``grow_trees``.
        channels: Finite values of the channels, shape (N, channels).
        classes: Number of classes.
    """
    probabilities = np.zeros((len(channels), classes), dtype=np.float32)
    if len(channels):
        probabilities[:, forest.classes_] = forest.predict_proba(channels)
    return probabilities


def grouped_folds(
    codes: Int64Array, groups: Int64Array, classes: int, folds: int, repeats: int, seed: int
) -> Int64Array:
    """Return the fold that holds each sample out, from 1, in each repetition, int64, shape (repeats, N).

    Groups are not divided. The only group of a class is in no fold (0): without it nothing is known of the
    class.

    Args:
        codes: Class code of each sample, int64, shape (N,).
        groups: Group of each sample, int64, shape (N,).
        classes: Number of classes.
        folds: Largest number of folds.
        repeats: Number of repetitions with other folds.
        seed: Seed of the folds.
    """
    members, counts = count_by_group(groups, codes, classes)
    number = max(2, min(folds, len(counts)))
    return np.stack([assign_folds(counts, number, seed + repeat)[members] for repeat in range(repeats)])


def held_out_scores(
    channels: Float32Array,
    codes: Int64Array,
    folds: Int64Array,
    classes: int,
    seed: int,
    progress: Progress,
    trees: int = TREES,
    visit: Callable[[Any, Int64Array], None] | None = None,
) -> HeldOutScores:
    """Return the probabilities of samples by models that were grown without their polygon.

    Args:
        channels: Finite values of the channels, shape (N, channels).
        codes: Class code of each sample, int64, shape (N,).
        folds: Fold that holds each sample out in each repetition, from ``grouped_folds``.
        classes: Number of classes.
        seed: Seed of the trees.
        progress: Progress reporter.
        trees: Number of trees of each model.
        visit: Function that is called with the trees and the indices of the held-out samples of each fold of
            the first repetition; None for none.

    Raises:
        RunCancelled: The user cancelled.
    """
    totals = np.zeros((len(codes), classes), dtype=np.float64)
    times = np.zeros(len(codes), dtype=np.int64)
    jobs = [
        (repeat, number) for repeat, row in enumerate(folds) for number in np.unique(row[row > 0]).tolist()
    ]
    meter = RateMeter(len(jobs), "folds", "Predicting held-out samples")
    for repeat, number in jobs:
        progress.check_cancelled()
        held_out = np.flatnonzero(folds[repeat] == number)
        rest = np.flatnonzero(folds[repeat] != number)
        if len(held_out) and len(rest):
            forest = grow_trees(channels[rest], codes[rest], seed + repeat, trees)
            totals[held_out] += predict_trees(forest, channels[held_out], classes)
            times[held_out] += 1
            if visit is not None and repeat == 0:
                visit(forest, held_out)
        meter.add(1)
        progress.update(meter.fraction, meter.text())
    is_known = times > 0
    probabilities = np.full(totals.shape, np.nan, dtype=np.float32)
    probabilities[is_known] = totals[is_known] / times[is_known, None]
    return HeldOutScores(probabilities, is_known)


def rank_units(probabilities: Float32Array, codes: Int64Array, units: Int64Array) -> Suspects:
    """Rank units of samples by the mean out-of-fold probability of their label, the lowest first.

    Units whose label is not the most probable class come before all others.

    Args:
        probabilities: Out-of-fold probability of each class, shape (N, classes); NaN where unknown.
        codes: Class code of each sample's label, int64, shape (N,); one class a unit.
        units: Unit of each sample, int64, shape (N,).
    """
    known = np.flatnonzero(np.isfinite(probabilities[:, 0]))
    names, first, members = np.unique(units[known], return_index=True, return_inverse=True)
    counts = np.bincount(members, minlength=len(names))
    means = np.stack(
        [
            np.bincount(members, weights=column, minlength=len(names)) / np.maximum(counts, 1)
            for column in probabilities[known].T.astype(np.float64)
        ],
        axis=1,
    )
    given, rows = codes[known][first], np.arange(len(names))
    proposed = means.argmax(axis=1).astype(np.int64)
    own, best = means[rows, given], means[rows, proposed]
    # A tie is no doubt.
    proposed = np.where(own >= best, given, proposed)
    suspects = Suspects(
        names.astype(np.int64), given, proposed, own, means[rows, proposed], counts.astype(np.int64)
    )
    return suspects.subset(np.lexsort((names, own, ~suspects.are_doubtful)))
