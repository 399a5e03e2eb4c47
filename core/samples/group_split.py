"""Division of groups of samples into training, validation, test and folds, with a gap between them.

A group is a polygon, a block or a value of the user's field. Patches whose centres lie a patch apart, in
rows or in columns, share no pixel, so training samples closer than that to held-out samples are left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from ..arrays import BoolArray, Int64Array
from .samples import Samples

TRAIN, VALIDATION, TEST = 0, 1, 2
UNUSED = -1
"""The part of a sample that takes no part."""
SHARES = (0.6, 0.2, 0.2)
"""Of each class, for training, validation and test."""
FOLD_SHARES = (0.75, 0.25)
"""Of each class in what a fold does not test, for training and validation."""
MIN_TRAINING = 2
"""Training samples that a class needs at least."""
_FREE = -1
ENOUGH = 0.05
"""A class that keeps a smaller share of its training samples than this has too little left."""
_FOLDS = 3


def blocks_of(samples: Samples, side: int) -> Int64Array:
    """Return the number of the block of ``side`` pixels that each sample lies in (N,)."""
    columns = samples.columns // side
    return (samples.rows // side) * (int(columns.max(initial=0)) + 1) + columns


def count_by_group(groups: Int64Array, codes: Int64Array, classes: int) -> tuple[Int64Array, Int64Array]:
    """Return the group index of each sample (N,) and the counts (groups, classes)."""
    _, members = np.unique(groups, return_inverse=True)
    number = int(members.max()) + 1 if len(members) else 0
    counts = np.bincount(members * classes + codes, minlength=number * classes)
    return members.astype(np.int64), counts.reshape(number, classes)


def assign_groups(counts: Int64Array, seed: int, wanted: Sequence[float] = SHARES) -> Int64Array:
    """Return TRAIN, VALIDATION or TEST for each group, so that each class gets about ``wanted``.

    First every class gets a seat: in training (with ``MIN_TRAINING`` samples, where it has them),
    then in the test, then in validation, the class in fewest groups first. So a class that lies
    in one group trains, and one that lies in two is also tested. The other groups follow by size,
    each to where its classes are furthest from their shares.

    Args:
        counts: Samples of each class in each group (groups, classes).
        seed: Decides between equals.
        wanted: ``SHARES``, or ``FOLD_SHARES`` where there is no test.
    """
    shuffled = np.random.default_rng(seed).permutation(len(counts))
    shares = counts[shuffled] / np.maximum(counts.sum(axis=0), 1)
    parts = _seated(counts[shuffled], shares, wanted)
    _distribute(shares, parts, wanted)
    result = np.empty_like(parts)
    result[shuffled] = parts
    return result


def assign_folds(counts: Int64Array, folds: int, seed: int) -> Int64Array:
    """Return the fold that tests each group, 1 to ``folds``, so that the classes spread evenly.

    A group that alone holds a class is in no fold, 0: no model could learn the class without it.

    Args:
        counts: Samples of each class in each group (groups, classes).
        folds: At least 2.
        seed: Decides between equals.
    """
    shuffled = np.random.default_rng(seed).permutation(len(counts))
    counts = counts[shuffled]
    alone = (counts > 0).sum(axis=0) == 1
    parts = np.where((counts[:, alone] > 0).any(axis=1), folds, _FREE)
    shares = np.where(parts[:, None] == _FREE, counts, 0)
    shares = shares / np.maximum(shares.sum(axis=0), 1)
    _distribute(shares, parts, (1.0 / folds,) * folds)
    result = np.empty_like(parts)
    result[shuffled] = (parts + 1) % (folds + 1)
    return result


def _seated(counts: Int64Array, shares: npt.NDArray[np.float64], wanted: Sequence[float]) -> Int64Array:
    parts = np.full(len(counts), _FREE, dtype=np.int64)
    totals = counts.sum(axis=0)
    by_rarity = np.argsort((counts > 0).sum(axis=0), kind="stable")
    for part in (TRAIN, TEST, VALIDATION):
        if part >= len(wanted):
            continue
        for code in by_rarity:
            needed = min(MIN_TRAINING, totals[code]) if part == TRAIN else 1
            while counts[parts == part, code].sum() < needed:
                free = np.flatnonzero((parts == _FREE) & (counts[:, code] > 0))
                if not len(free):
                    break
                best = np.argmin(np.abs(shares[free, code] - wanted[part]))
                parts[free[best]] = part
    return parts


def _distribute(shares: npt.NDArray[np.float64], parts: Int64Array, wanted: Sequence[float]) -> None:
    """Give the free groups their parts in place, by the least squared miss of the shares."""
    targets = np.array(wanted)[:, None]
    have = np.stack([shares[parts == part].sum(axis=0) for part in range(len(wanted))])
    free = np.flatnonzero(parts == _FREE)
    for group in free[np.argsort(-shares[free].max(axis=1, initial=0.0), kind="stable")]:
        added = shares[group]
        # The growth of the sum over classes of (have - target)^2 / target.
        cost = (added * (added + 2 * (have - targets)) / targets).sum(axis=1)
        part = int(np.argmin(cost))
        parts[group] = part
        have[part] += added


@dataclass(frozen=True, eq=False)
class TrainingGap:
    """What the gap leaves of the training samples.

    Attributes:
        train: Those that stay.
        near_validation: Classes of which some may lie next to validation samples.
        near_test: Classes of which some may lie next to test samples.
    """

    train: Int64Array
    near_validation: tuple[int, ...]
    near_test: tuple[int, ...]


def validation_apart(
    samples: Samples, validation: Int64Array, test: Int64Array, distance: int
) -> tuple[Int64Array, tuple[int, ...]]:
    """Return the validation samples that lie ``distance`` from the test, and who is excepted.

    The gap gives way for the classes that would have no validation sample.

    Args:
        samples: What the others are indices into.
        validation: Candidates.
        test: The test samples.
        distance: In pixels, in rows or in columns.
    """
    places = samples.places
    kept = ~near(places[validation], places[test], distance)
    short = _short_classes(samples.codes[validation], kept, 1, 0.0)
    return validation[kept | np.isin(samples.codes[validation], short)], short


def training_apart(
    samples: Samples,
    train: Int64Array,
    validation: Int64Array,
    test: Int64Array,
    distance: int,
    enough: float = ENOUGH,
) -> TrainingGap:
    """Return the training samples that lie ``distance`` from validation and test.

    The gap gives way for a class that would be left with fewer than two samples, or than the
    share ``enough``: first between training and validation, then between training and test.

    Args:
        samples: What the others are indices into.
        train: Candidates.
        validation: The validation samples.
        test: The test samples.
        distance: In pixels, in rows or in columns.
        enough: Share of a class's samples.
    """
    places, codes = samples.places, samples.codes[train]
    by_test = near(places[train], places[test], distance)
    by_validation = near(places[train], places[validation], distance)
    kept = ~(by_test | by_validation)
    near_validation = _short_classes(codes, kept, MIN_TRAINING, enough)
    kept |= np.isin(codes, near_validation) & ~by_test
    near_test = _short_classes(codes, kept, MIN_TRAINING, enough)
    kept |= np.isin(codes, near_test)
    return TrainingGap(train[kept], near_validation, near_test)


def near(places: Int64Array, others: Int64Array, distance: int) -> BoolArray:
    """Return which places have one of ``others`` nearer than ``distance`` in rows and in columns."""
    if distance <= 0 or not len(places) or not len(others):
        return np.zeros(len(places), dtype=np.bool_)
    # Places are whole numbers; half a pixel less makes the bound strict, whatever the library does.
    found, _ = cKDTree(others).query(places, p=np.inf, distance_upper_bound=distance - 0.5)
    return np.asarray(np.isfinite(found))


def _short_classes(codes: Int64Array, kept: BoolArray, least: int, enough: float) -> tuple[int, ...]:
    before = np.bincount(codes)
    after = np.bincount(codes[kept], minlength=len(before))
    needed = np.maximum(np.minimum(before, least), np.floor(before * enough))
    return tuple(np.flatnonzero(after < needed).tolist())


@dataclass(frozen=True, eq=False)
class Parting:
    """The parts of the samples before any is dropped or drawn.

    Attributes:
        parts: Of each split TRAIN, VALIDATION, TEST or UNUSED (splits, N).
        folds: The fold that tests a sample, from 1; 0 is none (N,).
        clusters: What was kept whole: number of each sample's polygon, block or value (N,).
    """

    parts: Int64Array
    folds: Int64Array
    clusters: Int64Array

    @property
    def is_folded(self) -> bool:
        """Whether there are folds."""
        return bool(self.folds.any())


def part_groups(
    samples: Samples, groups: Int64Array, folds: int, seed: int, needs_validation: bool = True
) -> Parting:
    """Return parts that keep each group whole.

    Args:
        samples: The samples.
        groups: Group of each (N,).
        folds: How many; below 2 there is one split.
        seed: Repeats the assignment.
        needs_validation: See ``SplitOptions``.
    """
    members, counts = count_by_group(groups, samples.codes, len(samples.classes))
    tests = assign_folds(counts, folds, seed) if folds > 1 else np.zeros(len(counts), dtype=np.int64)
    numbers = np.unique(tests[tests > 0])
    if len(numbers) < 2:
        return Parting(assign_groups(counts, seed)[members][None], np.zeros(len(samples), np.int64), members)
    # There may be fewer groups than folds.
    tests = np.searchsorted(numbers, tests, side="right")
    return part_folds(samples, groups, tests[members], seed, needs_validation)


def part_folds(
    samples: Samples, groups: Int64Array, folds: Int64Array, seed: int, needs_validation: bool = True
) -> Parting:
    """Return the parts of folds that are known: what a fold does not test trains, and perhaps validates.

    Args:
        samples: The samples.
        groups: What validation takes whole (N,).
        folds: The fold that tests each sample, from 1; 0 is none (N,).
        seed: Repeats the assignment.
        needs_validation: See ``SplitOptions``.
    """
    parts = np.full((int(folds.max(initial=0)), len(samples)), UNUSED, dtype=np.int64)
    for number, row in enumerate(parts, start=1):
        row[folds == number] = TEST
        rest = np.flatnonzero(folds != number)
        row[rest] = training_and_validation(samples, rest, groups, seed) if needs_validation else TRAIN
    return Parting(parts, folds, groups)


def training_and_validation(
    samples: Samples, chosen: Int64Array, groups: Int64Array, seed: int
) -> Int64Array:
    """Return TRAIN or VALIDATION for each of ``chosen``, whole groups in one of them."""
    members, counts = count_by_group(groups[chosen], samples.codes[chosen], len(samples.classes))
    return assign_groups(counts, seed, FOLD_SHARES)[members]


def part_at_random(samples: Samples, folds: int, seed: int, needs_validation: bool = True) -> Parting:
    """Return parts drawn by class, regardless of place; the arguments are those of ``part_groups``."""
    order = np.random.default_rng(seed).permutation(len(samples))
    parts = np.full((max(1, folds), len(samples)), TRAIN, dtype=np.int64)
    tests = np.zeros(len(samples), dtype=np.int64)
    for code in range(len(samples.classes)):
        members = order[samples.codes[order] == code]
        if folds < 2:
            # Training comes first where there are few.
            first, second = (math.ceil(share * len(members)) for share in (SHARES[TRAIN], 1 - SHARES[TEST]))
            parts[0, members[first:second]] = VALIDATION
            parts[0, members[second:]] = TEST
            continue
        tests[members] = np.arange(len(members)) * folds // len(members) + 1
        for number, row in enumerate(parts, start=1):
            is_tested = tests[members] == number
            row[members[is_tested]] = TEST
            if not needs_validation:
                continue
            # Those that validate go round with the folds.
            last = int(np.flatnonzero(is_tested).max(initial=0))
            rest = np.roll(members, -last - 1)[: int(FOLD_SHARES[VALIDATION] * np.count_nonzero(~is_tested))]
            row[rest] = VALIDATION
    return Parting(parts, tests, np.arange(len(samples), dtype=np.int64))


def inner_folds(
    samples: Samples, train: Int64Array, side: int, distance: int, seed: int
) -> tuple[tuple[Int64Array, Int64Array], ...]:
    """Return for each fold the samples that teach and those that are held out.

    Each of ``train`` is held out once. Polygons, or blocks, are held out whole; those that alone have a
    class fall into small blocks, and where these do not help into single samples. What teaches lies
    ``distance`` apart from what is held out, but for classes of which too little would be left.

    Args:
        samples: What the others are indices into.
        train: The training samples; no other is looked at.
        side: Of the blocks in pixels.
        distance: In rows or in columns, in pixels; also the side of the small blocks.
        seed: Decides between equals.
    """
    folds = _folds(samples.subset(train), side, distance, seed)
    found = []
    for number in np.unique(folds):
        held, rest = train[folds == number], train[folds != number]
        found.append((training_apart(samples, rest, rest[:0], held, distance).train, held))
    return tuple(found)


def _folds(samples: Samples, side: int, distance: int, seed: int) -> Int64Array:
    """Return the fold of each sample, from 1 (N,)."""
    groups = samples.groups if samples.has_areas else blocks_of(samples, side)
    classes = len(samples.classes)
    for finer in (blocks_of(samples, distance), np.arange(len(samples), dtype=np.int64)):
        members, counts = count_by_group(groups, samples.codes, classes)
        is_only_one = (counts > 0).sum(axis=0) == 1
        is_alone = np.isin(members, np.flatnonzero((counts[:, is_only_one] > 0).any(axis=1)))
        groups = np.where(is_alone, members.max(initial=0) + 1 + finer, members)
    members, counts = count_by_group(groups, samples.codes, classes)
    # 0 is the only sample of its class: there is no teaching that without it.
    return np.maximum(assign_folds(counts, _FOLDS, seed)[members], 1)
