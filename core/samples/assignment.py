"""Which groups of samples train, which validate, which test, and in which fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .samples import Integers

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


def count_by_group(groups: Integers, codes: Integers, classes: int) -> tuple[Integers, Integers]:
    """Return the group index of each sample (N,) and the counts (groups, classes)."""
    _, members = np.unique(groups, return_inverse=True)
    number = int(members.max()) + 1 if len(members) else 0
    counts = np.bincount(members * classes + codes, minlength=number * classes)
    return members.astype(np.int64), counts.reshape(number, classes)


def assign_groups(counts: Integers, seed: int, wanted: Sequence[float] = SHARES) -> Integers:
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


def assign_folds(counts: Integers, folds: int, seed: int) -> Integers:
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


def _seated(counts: Integers, shares: npt.NDArray[np.float64], wanted: Sequence[float]) -> Integers:
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


def _distribute(shares: npt.NDArray[np.float64], parts: Integers, wanted: Sequence[float]) -> None:
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
