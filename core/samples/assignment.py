"""Which groups of samples train, which validate, which test."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .samples import Integers

TRAIN, VALIDATION, TEST = 0, 1, 2
SHARES = (0.6, 0.2, 0.2)
"""Of each class, for training, validation and test."""
MIN_TRAINING = 2
"""Training samples that a class needs at least."""

_FREE = -1


def count_by_group(groups: Integers, codes: Integers, classes: int) -> tuple[Integers, Integers]:
    """Return the group index of each sample (N,) and the counts (groups, classes)."""
    _, members = np.unique(groups, return_inverse=True)
    number = int(members.max()) + 1 if len(members) else 0
    counts = np.bincount(members * classes + codes, minlength=number * classes)
    return members.astype(np.int64), counts.reshape(number, classes)


def assign_groups(counts: Integers, seed: int) -> Integers:
    """Return TRAIN, VALIDATION or TEST for each group, so that each class gets about ``SHARES``.

    First every class gets a seat: in training (with ``MIN_TRAINING`` samples, where it has them),
    then in the test, then in validation, the class in fewest groups first. So a class that lies
    in one group trains, and one that lies in two is also tested. The other groups follow by size,
    each to where its classes are furthest from their shares.

    Args:
        counts: Samples of each class in each group (groups, classes).
        seed: Decides between equals.
    """
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(len(counts))
    shares = counts[shuffled] / np.maximum(counts.sum(axis=0), 1)
    parts = _seated(counts[shuffled], shares)
    _distribute(shares, parts)
    result = np.empty_like(parts)
    result[shuffled] = parts
    return result


def _seated(counts: Integers, shares: npt.NDArray[np.float64]) -> Integers:
    parts = np.full(len(counts), _FREE, dtype=np.int64)
    totals = counts.sum(axis=0)
    by_rarity = np.argsort((counts > 0).sum(axis=0), kind="stable")
    for part in (TRAIN, TEST, VALIDATION):
        for code in by_rarity:
            needed = min(MIN_TRAINING, totals[code]) if part == TRAIN else 1
            while counts[parts == part, code].sum() < needed:
                free = np.flatnonzero((parts == _FREE) & (counts[:, code] > 0))
                if not len(free):
                    break
                best = np.argmin(np.abs(shares[free, code] - SHARES[part]))
                parts[free[best]] = part
    return parts


def _distribute(shares: npt.NDArray[np.float64], parts: Integers) -> None:
    """Give the free groups their parts in place, by the least squared miss of the shares."""
    targets = np.array(SHARES)[:, None]
    have = np.stack([shares[parts == part].sum(axis=0) for part in (TRAIN, VALIDATION, TEST)])
    free = np.flatnonzero(parts == _FREE)
    for group in free[np.argsort(-shares[free].max(axis=1, initial=0.0), kind="stable")]:
        added = shares[group]
        # The growth of the sum over classes of (have - target)^2 / target.
        cost = (added * (added + 2 * (have - targets)) / targets).sum(axis=1)
        part = int(np.argmin(cost))
        parts[group] = part
        have[part] += added
