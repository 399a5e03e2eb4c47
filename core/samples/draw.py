"""Subsampling: limits by class for training, natural proportions for validation and test.

A fraction of pixels is drawn by hashing their position, so that the result does not depend on tiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Int64Array
from .samples import Samples

POOL_PER_CLASS = 50_000
"""About how many samples of a class are drawn at most: far more than a network is trained with,
few enough to hold and to split in seconds, also for a map of a whole province."""
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
# More held-out samples would cost time and memory and decide nothing: the standard error of an
# accuracy over 5,000 samples is below 0.7 points. Patches so large or of so many bands that this
# number of them would take more memory than this get fewer.
MOST_VALIDATION = 5_000
MOST_TEST = 15_000
_VALIDATION_BYTES = 500_000_000
_TEST_BYTES = 1_500_000_000
# Classes whose samples stand for numbers of pixels that differ by less are in natural proportions.
_NATURAL = 1.01


def share_to_keep(count: float) -> float:
    """Return the share of ``count`` pixels of a class that keeps it at ``POOL_PER_CLASS``."""
    return min(1.0, POOL_PER_CLASS / count) if count > 0 else 1.0


def drawn(
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    seed: int,
) -> npt.NDArray[np.bool_]:
    """Return which pixels are drawn when each is with the probability ``shares``."""
    return np.asarray(lots(rows, columns, seed) < shares)


def lots(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.float64]:
    """Return the lot of each pixel, 0 to 1: those with the lowest are drawn.

    A pixel's lot depends on its place and the seed only, so that a draw repeats whatever else
    there is to draw from: a fixed hash of them (the output function of SplitMix64, Steele et al.
    2014, https://doi.org/10.1145/2714064.2660195).
    """
    with np.errstate(over="ignore"):
        state = rows.astype(np.uint64) * _STEP + columns.astype(np.uint64)
        state = _mixed(_mixed(state) + np.uint64(seed % 2**63) * _STEP)
    return (state >> np.uint64(11)).astype(np.float64) / 2.0**53


def _mixed(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _MIX_1
    state = (state ^ (state >> np.uint64(27))) * _MIX_2
    return state ^ (state >> np.uint64(31))


@dataclass(frozen=True)
class Limits:
    """How many samples are used at most.

    Attributes:
        max_per_class: Training samples of a class; 0 is any number.
        validation: Validation samples, in natural proportions.
        test: Test samples, likewise; with folds, of all folds together.
    """

    max_per_class: int = 0
    validation: int = MOST_VALIDATION
    test: int = MOST_TEST


def limits_for(max_per_class: int, sample_bytes: int) -> Limits:
    """Return the limits for samples that take ``sample_bytes`` of memory each."""
    return Limits(
        max_per_class,
        min(MOST_VALIDATION, _VALIDATION_BYTES // sample_bytes),
        min(MOST_TEST, _TEST_BYTES // sample_bytes),
    )


def draw_by_class(samples: Samples, chosen: Int64Array, most: int, seed: int) -> Int64Array:
    """Return at most ``most`` of ``chosen`` a class, all where ``most`` is 0."""
    if most <= 0:
        return chosen
    return _draw_numbers(samples, chosen, np.full(len(samples.classes), most), seed)


def draw_naturally(samples: Samples, chosen: Int64Array, most: int, seed: int) -> Int64Array:
    """Return at most about ``most`` of ``chosen``, the classes in the proportions of the labels.

    A class that is there keeps a sample at least.
    """
    counts = np.bincount(samples.codes[chosen], minlength=len(samples.classes))
    weights = counts * np.asarray(samples.stands_for)
    present = counts > 0
    if not present.any():
        return chosen
    stands_for = np.asarray(samples.stands_for)[present]
    # What was drawn before is not drawn again: each class may have been rounded up.
    if stands_for.max() < _NATURAL * stands_for.min() and len(chosen) <= most + len(counts):
        return chosen
    # The class that is shortest of samples for its weight limits the whole.
    size = min(float(most), float(np.min(counts[present] * weights.sum() / weights[present])))
    numbers = np.maximum(np.round(size * weights / weights.sum()).astype(np.int64), present)
    return _draw_numbers(samples, chosen, numbers, seed)


def _draw_numbers(samples: Samples, chosen: Int64Array, numbers: Int64Array, seed: int) -> Int64Array:
    order = np.argsort(lots(samples.rows[chosen], samples.columns[chosen], seed), kind="stable")
    shuffled = chosen[order]
    kept = [shuffled[samples.codes[shuffled] == code][: int(number)] for code, number in enumerate(numbers)]
    return np.sort(np.concatenate(kept))
