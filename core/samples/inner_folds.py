"""Folds within the training samples: what is said of a sample then comes from a model that never saw it."""

from __future__ import annotations

import numpy as np

from .assignment import assign_folds, count_by_group
from .blocks import blocks_of
from .gap import training_apart
from .samples import Integers, Samples

_FOLDS = 3


def inner_folds(
    samples: Samples, train: Integers, side: int, distance: int, seed: int
) -> tuple[tuple[Integers, Integers], ...]:
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


def _folds(samples: Samples, side: int, distance: int, seed: int) -> Integers:
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
