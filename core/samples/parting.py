"""From groups of samples to the parts of one split, or of each fold."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .assignment import (
    FOLD_SHARES,
    SHARES,
    TEST,
    TRAIN,
    UNUSED,
    VALIDATION,
    assign_folds,
    assign_groups,
    count_by_group,
)
from .samples import Integers, Samples


@dataclass(frozen=True, eq=False)
class Parting:
    """The parts of the samples before any is dropped or drawn.

    Attributes:
        parts: Of each split TRAIN, VALIDATION, TEST or UNUSED (splits, N).
        folds: The fold that tests a sample, from 1; 0 is none (N,).
        clusters: What was kept whole: number of each sample's polygon, block or value (N,).
    """

    parts: Integers
    folds: Integers
    clusters: Integers

    @property
    def is_folded(self) -> bool:
        """Whether there are folds."""
        return bool(self.folds.any())


def part_groups(
    samples: Samples, groups: Integers, folds: int, seed: int, needs_validation: bool = True
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
    samples: Samples, groups: Integers, folds: Integers, seed: int, needs_validation: bool = True
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


def training_and_validation(samples: Samples, chosen: Integers, groups: Integers, seed: int) -> Integers:
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
