"""Group split: whole groups of samples go to training, validation, test or a fold, with a gap between them.

A group is a polygon, a spatial block or a value of the user's field. Patches overlap unless their centres
are at least a patch apart in rows or in columns. Training samples closer than that to held-out samples are
therefore left out.

>>> partition = split_groups(samples, blocks_of(samples, side=96), folds=0, seed=0)
>>> partition.parts                # int64 (1, N): TRAIN, VALIDATION or TEST for each sample
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ..arrays import BoolArray, Float64Array, Int64Array
from .samples import Samples

TRAIN, VALIDATION, TEST = 0, 1, 2
UNUSED = -1
"""Part of a sample that is not used."""
FRACTIONS = (0.6, 0.2, 0.2)
"""Target fractions of each class for training, validation and test."""
FOLD_FRACTIONS = (0.75, 0.25)
"""Target fractions of each class for training and validation, among the samples that a fold does not test."""
MIN_TRAINING = 2
"""Smallest number of training samples of a class."""
MIN_KEPT_FRACTION = 0.05
"""Smallest fraction of the training samples of a class that the gap may leave."""
_UNASSIGNED = -1
INNER_FOLDS = 3
# Points count as independent where at most this fraction of them has a neighbour within the receptive field.
_MAX_NEAR_FRACTION = 0.1
# Otherwise blocks with this side, in receptive fields, are the clusters.
_BLOCK_WINDOWS = 3


def blocks_of(samples: Samples, side: int) -> Int64Array:
    """Return the number of each sample's spatial block, int64, shape (N,).

    Args:
        samples: Labelled samples.
        side: Side of a block, in pixels.
    """
    columns = samples.columns // side
    return (samples.rows // side) * (int(columns.max(initial=0)) + 1) + columns


def blocks_of_near_points(samples: Samples, window: int) -> Int64Array | None:
    """Return the number of each point's block, int64, shape (N,), or None where points are independent.

    They are independent unless many of them lie within the receptive field of another.

    Args:
        samples: Labelled points, at least two.
        window: Side of the model's receptive field, in pixels.
    """
    distance, _ = cKDTree(samples.pixel_coordinates).query(samples.pixel_coordinates, k=2, p=np.inf)
    if np.mean(distance[:, 1] < window) > _MAX_NEAR_FRACTION:
        return blocks_of(samples, _BLOCK_WINDOWS * window)
    return None


def count_by_group(groups: Int64Array, codes: Int64Array, classes: int) -> tuple[Int64Array, Int64Array]:
    """Return the group of each sample, from 0, (N,), and the samples per group and class (groups, classes).

    Args:
        groups: Number of each sample's group, any integers, shape (N,).
        codes: Class code of each sample, int64, shape (N,).
        classes: Number of classes.
    """
    _, members = np.unique(groups, return_inverse=True)
    number = int(members.max()) + 1 if len(members) else 0
    counts = np.bincount(members * classes + codes, minlength=number * classes)
    return members.astype(np.int64), counts.reshape(number, classes)


def assign_groups(counts: Int64Array, seed: int, targets: Sequence[float] = FRACTIONS) -> Int64Array:
    """Return TRAIN, VALIDATION or TEST for each group, so that fractions of each class are near ``targets``.

    First, groups are reserved for every class: for training (with ``MIN_TRAINING`` samples, if it has
    them), then for the test, then for validation, the class in the fewest groups first. A class in one
    group is therefore trained, and a class in two groups is also tested. The other groups follow by
    size. Each goes to the part in which its classes are farthest below their targets.

    Args:
        counts: Number of samples of each class in each group, int64, shape (groups, classes).
        seed: Seed of the order of equal groups.
        targets: Target fractions of the parts: ``FRACTIONS``, or ``FOLD_FRACTIONS`` without a test.
    """
    shuffled = np.random.default_rng(seed).permutation(len(counts))
    fractions = counts[shuffled] / np.maximum(counts.sum(axis=0), 1)
    parts = _reserve(counts[shuffled], fractions, targets)
    _distribute(fractions, parts, targets)
    result = np.empty_like(parts)
    result[shuffled] = parts
    return result


def assign_folds(counts: Int64Array, folds: int, seed: int) -> Int64Array:
    """Return the fold that tests each group, 1 to ``folds``, so that classes are distributed evenly.

    The only group of a class is in no fold (0), because a model could not learn the class without it.

    Args:
        counts: Number of samples of each class in each group, int64, shape (groups, classes).
        folds: Number of folds, at least 2.
        seed: Seed of the order of equal groups.
    """
    shuffled = np.random.default_rng(seed).permutation(len(counts))
    counts = counts[shuffled]
    is_in_one_group = (counts > 0).sum(axis=0) == 1
    parts = np.where((counts[:, is_in_one_group] > 0).any(axis=1), folds, _UNASSIGNED)
    fractions = np.where(parts[:, None] == _UNASSIGNED, counts, 0)
    fractions = fractions / np.maximum(fractions.sum(axis=0), 1)
    _distribute(fractions, parts, (1.0 / folds,) * folds)
    result = np.empty_like(parts)
    result[shuffled] = (parts + 1) % (folds + 1)
    return result


def _reserve(counts: Int64Array, fractions: Float64Array, targets: Sequence[float]) -> Int64Array:
    """Return the parts of the groups that are reserved for a class, ``_UNASSIGNED`` for the others."""
    parts = np.full(len(counts), _UNASSIGNED, dtype=np.int64)
    totals = counts.sum(axis=0)
    by_rarity = np.argsort((counts > 0).sum(axis=0), kind="stable")
    for part in (TRAIN, TEST, VALIDATION):
        if part >= len(targets):
            continue
        for code in by_rarity:
            needed = min(MIN_TRAINING, totals[code]) if part == TRAIN else 1
            while counts[parts == part, code].sum() < needed:
                free = np.flatnonzero((parts == _UNASSIGNED) & (counts[:, code] > 0))
                if not len(free):
                    break
                best = np.argmin(np.abs(fractions[free, code] - targets[part]))
                parts[free[best]] = part
    return parts


def _distribute(fractions: Float64Array, parts: Int64Array, targets: Sequence[float]) -> None:
    """Assign the unassigned groups in place, by the smallest squared deviation from the targets."""
    target = np.array(targets)[:, None]
    assigned = np.stack([fractions[parts == part].sum(axis=0) for part in range(len(targets))])
    free = np.flatnonzero(parts == _UNASSIGNED)
    for group in free[np.argsort(-fractions[free].max(axis=1, initial=0.0), kind="stable")]:
        added = fractions[group]
        # Increase of the sum over classes of (assigned - target)^2 / target.
        cost = (added * (added + 2 * (assigned - target)) / target).sum(axis=1)
        part = int(np.argmin(cost))
        parts[group] = part
        assigned[part] += added


@dataclass(frozen=True, eq=False)
class TrainingGap:
    """Training samples that remain after the gap.

    Attributes:
        train: Indices of the remaining training samples.
        near_validation: Codes of classes whose training samples may lie next to validation samples.
        near_test: Codes of classes whose training samples may lie next to test samples.
    """

    train: Int64Array
    near_validation: tuple[int, ...]
    near_test: tuple[int, ...]


def validation_apart(
    samples: Samples, validation: Int64Array, test: Int64Array, distance: int
) -> tuple[Int64Array, tuple[int, ...]]:
    """Return the validation samples at a distance from the test samples, and the classes without a gap.

    There is no gap for classes that would have no validation sample with it.

    Args:
        samples: Samples that the indices refer to.
        validation: Indices of the validation samples, int64, shape (V,).
        test: Indices of the test samples, int64, shape (T,).
        distance: Width of the gap in rows or in columns, in pixels.

    Returns:
        Indices of the remaining validation samples; codes of the classes without a gap.
    """
    coordinates = samples.pixel_coordinates
    is_apart = ~near(coordinates[validation], coordinates[test], distance)
    short = _short_classes(samples.codes[validation], is_apart, 1, 0.0)
    return validation[is_apart | np.isin(samples.codes[validation], short)], short


def training_apart(
    samples: Samples,
    train: Int64Array,
    validation: Int64Array,
    test: Int64Array,
    distance: int,
    min_fraction: float = MIN_KEPT_FRACTION,
) -> TrainingGap:
    """Return the training samples at a distance from validation and test samples.

    For a class that would be left with fewer than two samples, or less than ``min_fraction`` of them, there
    is no gap between training and validation, or, if that does not suffice, none at all.

    Args:
        samples: Samples that the indices refer to.
        train: Indices of the training samples, int64, shape (M,).
        validation: Indices of the validation samples, int64, shape (V,).
        test: Indices of the test samples, int64, shape (T,).
        distance: Width of the gap in rows or in columns, in pixels.
        min_fraction: Smallest fraction of the training samples of a class that the gap may leave.
    """
    coordinates, codes = samples.pixel_coordinates, samples.codes[train]
    by_test = near(coordinates[train], coordinates[test], distance)
    by_validation = near(coordinates[train], coordinates[validation], distance)
    remains = ~(by_test | by_validation)
    near_validation = _short_classes(codes, remains, MIN_TRAINING, min_fraction)
    remains |= np.isin(codes, near_validation) & ~by_test
    near_test = _short_classes(codes, remains, MIN_TRAINING, min_fraction)
    remains |= np.isin(codes, near_test)
    return TrainingGap(train[remains], near_validation, near_test)


def near(coordinates: Int64Array, others: Int64Array, distance: int) -> BoolArray:
    """Return whether each pixel is nearer than ``distance`` to one of ``others``, shape (N,).

    Args:
        coordinates: Row and column of each pixel, int64, shape (N, 2).
        others: Row and column of each other pixel, int64, shape (M, 2).
        distance: Distance in rows and in columns, in pixels.
    """
    if distance <= 0 or not len(coordinates) or not len(others):
        return np.zeros(len(coordinates), dtype=np.bool_)
    # Rows and columns are whole numbers. Half a pixel less makes the bound strict in any version of SciPy.
    nearest, _ = cKDTree(others).query(coordinates, p=np.inf, distance_upper_bound=distance - 0.5)
    return np.asarray(np.isfinite(nearest))


def _short_classes(
    codes: Int64Array, remains: BoolArray, min_count: int, min_fraction: float
) -> tuple[int, ...]:
    """Return the codes of the classes of which too few samples remain."""
    before = np.bincount(codes)
    after = np.bincount(codes[remains], minlength=len(before))
    needed = np.maximum(np.minimum(before, min_count), np.floor(before * min_fraction))
    return tuple(np.flatnonzero(after < needed).tolist())


@dataclass(frozen=True, eq=False)
class Partition:
    """Parts of the samples, before samples are drawn or dropped for the gap.

    Attributes:
        parts: TRAIN, VALIDATION, TEST or UNUSED of each sample in each split, int64, shape (splits, N).
        folds: Fold that tests each sample, from 1, or 0 for none, int64, shape (N,).
        clusters: Number of each sample's polygon, block or field value, which is not divided, int64,
            shape (N,).
    """

    parts: Int64Array
    folds: Int64Array
    clusters: Int64Array

    @property
    def is_folded(self) -> bool:
        """Whether there are folds."""
        return bool(self.folds.any())


def split_groups(
    samples: Samples, groups: Int64Array, folds: int, seed: int, needs_validation: bool = True
) -> Partition:
    """Return a partition in which no group is divided.

    Args:
        samples: Labelled samples.
        groups: Number of each sample's group, int64, shape (N,).
        folds: Number of folds; below 2 there is a single split.
        seed: Seed of the assignment.
        needs_validation: Whether folds need validation samples.
    """
    members, counts = count_by_group(groups, samples.codes, len(samples.classes))
    tests = assign_folds(counts, folds, seed) if folds > 1 else np.zeros(len(counts), dtype=np.int64)
    numbers = np.unique(tests[tests > 0])
    if len(numbers) < 2:
        return Partition(
            assign_groups(counts, seed)[members][None], np.zeros(len(samples), np.int64), members
        )
    # There may be fewer groups than folds.
    tests = np.searchsorted(numbers, tests, side="right")
    return split_folds(samples, groups, tests[members], seed, needs_validation)


def split_folds(
    samples: Samples, groups: Int64Array, folds: Int64Array, seed: int, needs_validation: bool = True
) -> Partition:
    """Return the partition of given folds. Samples that a fold does not test train, or validate if needed.

    Args:
        samples: Labelled samples.
        groups: Number of each sample's group, which validation does not divide, int64, shape (N,).
        folds: Fold that tests each sample, from 1, or 0 for none, int64, shape (N,).
        seed: Seed of the assignment.
        needs_validation: Whether folds need validation samples.
    """
    parts = np.full((int(folds.max(initial=0)), len(samples)), UNUSED, dtype=np.int64)
    for number, row in enumerate(parts, start=1):
        row[folds == number] = TEST
        others = np.flatnonzero(folds != number)
        row[others] = training_and_validation(samples, others, groups, seed) if needs_validation else TRAIN
    return Partition(parts, folds, groups)


def training_and_validation(
    samples: Samples, chosen: Int64Array, groups: Int64Array, seed: int
) -> Int64Array:
    """Return TRAIN or VALIDATION for some samples, int64, shape (M,), without dividing a group.

    Args:
        samples: Labelled samples.
        chosen: Indices of the samples to divide, int64, shape (M,).
        groups: Number of each sample's group, int64, shape (N,).
        seed: Seed of the assignment.
    """
    members, counts = count_by_group(groups[chosen], samples.codes[chosen], len(samples.classes))
    return assign_groups(counts, seed, FOLD_FRACTIONS)[members]


def split_at_random(samples: Samples, folds: int, seed: int, needs_validation: bool = True) -> Partition:
    """Return a partition drawn per class, regardless of position.

    Args:
        samples: Labelled samples.
        folds: Number of folds; below 2 there is a single split.
        seed: Seed of the draw.
        needs_validation: Whether folds need validation samples.
    """
    order = np.random.default_rng(seed).permutation(len(samples))
    if folds > 1:
        # Each fold tests some of the largest class.
        folds = min(folds, int(samples.counts().max()))
    parts = np.full((max(1, folds), len(samples)), TRAIN, dtype=np.int64)
    tests = np.zeros(len(samples), dtype=np.int64)
    for code in range(len(samples.classes)):
        members = order[samples.codes[order] == code]
        if folds < 2:
            # Rounding up favours training where a class has few samples.
            first, second = (
                math.ceil(fraction * len(members)) for fraction in (FRACTIONS[TRAIN], 1 - FRACTIONS[TEST])
            )
            parts[0, members[first:second]] = VALIDATION
            parts[0, members[second:]] = TEST
            continue
        tests[members] = np.arange(len(members)) * folds // len(members) + 1
        for number, row in enumerate(parts, start=1):
            is_tested = tests[members] == number
            row[members[is_tested]] = TEST
            if not needs_validation:
                continue
            # The samples after those of the test validate, so that they differ between folds.
            last = int(np.flatnonzero(is_tested).max(initial=0))
            count = int(FOLD_FRACTIONS[VALIDATION] * np.count_nonzero(~is_tested))
            row[np.roll(members, -last - 1)[:count]] = VALIDATION
    return Partition(parts, tests, np.arange(len(samples), dtype=np.int64))


def inner_folds(
    samples: Samples, train: Int64Array, side: int, distance: int, seed: int, folds: int = INNER_FOLDS
) -> tuple[tuple[Int64Array, Int64Array], ...]:
    """Return the fitted and the held-out samples of each fold, for out-of-fold predictions.

    Each training sample is held out once. Polygons or blocks are not divided, except the only one of a
    class: it is divided into small blocks or, if that does not help, single samples. Fitted samples keep
    a distance from held-out samples, except in classes of which too few would remain.

    Args:
        samples: Samples that the indices refer to.
        train: Indices of the training samples, int64, shape (M,); no others are used.
        side: Side of a block, in pixels.
        distance: Width of the gap in rows or in columns, and side of a small block, in pixels.
        seed: Seed of the order of equal groups.
        folds: Number of folds.

    Returns:
        Indices of the fitted and of the held-out samples of each fold.
    """
    fold_of = _folds(samples.subset(train), side, distance, seed, folds)
    pairs = []
    for number in np.unique(fold_of):
        held_out, fitted = train[fold_of == number], train[fold_of != number]
        pairs.append((training_apart(samples, fitted, fitted[:0], held_out, distance).train, held_out))
    return tuple(pairs)


def _folds(samples: Samples, side: int, distance: int, seed: int, number: int) -> Int64Array:
    """Return the fold of each sample, from 1, shape (N,)."""
    groups = samples.groups if samples.has_areas else blocks_of(samples, side)
    classes = len(samples.classes)
    for finer in (blocks_of(samples, distance), np.arange(len(samples), dtype=np.int64)):
        members, counts = count_by_group(groups, samples.codes, classes)
        is_in_one_group = (counts > 0).sum(axis=0) == 1
        is_divided = np.isin(members, np.flatnonzero((counts[:, is_in_one_group] > 0).any(axis=1)))
        groups = np.where(is_divided, members.max(initial=0) + 1 + finer, members)
    members, counts = count_by_group(groups, samples.codes, classes)
    # Fold 0 holds the only sample of a class. It is held out with fold 1, although its class is then unknown.
    return np.maximum(assign_folds(counts, number, seed)[members], 1)
