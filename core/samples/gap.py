"""The gap between training and held-out samples.

Patches whose centres lie a patch apart, in rows or in columns, share no pixel. So samples nearer
than that to what they will be judged by are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from .assignment import MIN_TRAINING
from .samples import Integers, Mask, Samples

ENOUGH = 0.05
"""A class that keeps a smaller share of its training samples than this has too little left."""


@dataclass(frozen=True, eq=False)
class TrainingGap:
    """What the gap leaves of the training samples.

    Attributes:
        train: Those that stay.
        near_validation: Classes of which some may lie next to validation samples.
        near_test: Classes of which some may lie next to test samples.
    """

    train: Integers
    near_validation: tuple[int, ...]
    near_test: tuple[int, ...]


def validation_apart(
    samples: Samples, validation: Integers, test: Integers, distance: int
) -> tuple[Integers, tuple[int, ...]]:
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
    train: Integers,
    validation: Integers,
    test: Integers,
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


def near(places: Integers, others: Integers, distance: int) -> Mask:
    """Return which places have one of ``others`` nearer than ``distance`` in rows and in columns."""
    if distance <= 0 or not len(places) or not len(others):
        return np.zeros(len(places), dtype=np.bool_)
    # Places are whole numbers; half a pixel less makes the bound strict, whatever the library does.
    found, _ = cKDTree(others).query(places, p=np.inf, distance_upper_bound=distance - 0.5)
    return np.asarray(np.isfinite(found))


def _short_classes(codes: Integers, kept: Mask, least: int, enough: float) -> tuple[int, ...]:
    before = np.bincount(codes)
    after = np.bincount(codes[kept], minlength=len(before))
    needed = np.maximum(np.minimum(before, least), np.floor(before * enough))
    return tuple(np.flatnonzero(after < needed).tolist())
