"""The gap between training and held-out samples.

Patches whose centres lie a patch apart, in rows or in columns, share no pixel. So samples nearer
than that to what they will be judged by are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from .assignment import MIN_TRAINING, TEST, TRAIN, VALIDATION
from .samples import Integers, Mask

# A class that keeps a smaller share of its training samples than this has too little left.
_MIN_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class Gap:
    """What the gap leaves.

    Attributes:
        kept: Which samples stay (N,).
        validation_gave_way: Classes whose validation samples may lie next to test samples.
        training_near_validation: Classes whose training samples may lie next to validation samples.
        training_near_test: Classes whose training samples may lie next to test samples.
    """

    kept: Mask
    validation_gave_way: tuple[int, ...]
    training_near_validation: tuple[int, ...]
    training_near_test: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it was kept everywhere."""
        return not (self.validation_gave_way or self.training_near_validation or self.training_near_test)


def keep_apart(places: Integers, codes: Integers, parts: Integers, distance: int) -> Gap:
    """Return which samples stay so that the parts lie ``distance`` apart.

    Validation samples near test samples go first, then training samples near either. Where a
    class would be left with too little, the gap gives way for it alone, in this order: between
    validation and test (it would have no validation sample), between training and validation,
    between training and test (it would train on fewer than two samples, or a twentieth).

    Args:
        places: Rows and columns (N, 2).
        codes: Classes (N,).
        parts: TRAIN, VALIDATION or TEST (N,).
        distance: The patch size: least difference in rows or in columns.
    """
    is_test, is_validation, is_train = parts == TEST, parts == VALIDATION, parts == TRAIN
    kept = np.ones(len(codes), dtype=np.bool_)
    kept[is_validation] = ~near(places[is_validation], places[is_test], distance)
    gave_way = _short_classes(codes, is_validation, kept, 1)
    kept |= is_validation & np.isin(codes, gave_way)

    by_test = np.zeros_like(kept)
    by_validation = np.zeros_like(kept)
    by_test[is_train] = near(places[is_train], places[is_test], distance)
    by_validation[is_train] = near(places[is_train], places[is_validation & kept], distance)
    kept &= ~(by_test | by_validation)
    near_validation = _short_classes(codes, is_train, kept, MIN_TRAINING)
    kept |= is_train & np.isin(codes, near_validation) & ~by_test
    near_test = _short_classes(codes, is_train, kept, MIN_TRAINING)
    kept |= is_train & np.isin(codes, near_test)
    return Gap(kept, gave_way, near_validation, near_test)


def near(places: Integers, others: Integers, distance: int) -> Mask:
    """Return which places have one of ``others`` nearer than ``distance`` in rows and in columns."""
    if not len(places) or not len(others):
        return np.zeros(len(places), dtype=np.bool_)
    # Places are whole numbers; half a pixel less makes the bound strict, whatever the library does.
    found, _ = cKDTree(others).query(places, p=np.inf, distance_upper_bound=distance - 0.5)
    return np.asarray(np.isfinite(found))


def _short_classes(codes: Integers, part: npt.NDArray[np.bool_], kept: Mask, least: int) -> tuple[int, ...]:
    before = np.bincount(codes[part])
    after = np.bincount(codes[part & kept], minlength=len(before))
    needed = np.maximum(np.minimum(before, least), np.floor(before * _MIN_SHARE))
    short: Sequence[int] = np.flatnonzero(after < needed).tolist()
    return tuple(short)
