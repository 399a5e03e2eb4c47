"""Subsampling: limits per class for training, natural proportions for validation and test.

Pixels are drawn by a hash of their position, so that the result does not depend on tiles.

>>> drawn(rows, columns, np.full(len(rows), 0.1), seed=0)   # True for about a tenth of the pixels
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import BoolArray, Float64Array, Int64Array
from .samples import Samples

POOL_PER_CLASS = 50_000
"""Largest number of samples per class, approximately.

It is far more than a network is trained with. It can be held in memory and split in seconds, even for a map
of a whole province.
"""
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
MAX_VALIDATION = 5_000
"""Largest number of validation samples. The standard error of an accuracy over 5,000 is below 0.7 points."""
MAX_TEST = 15_000
"""Largest number of test samples."""
# Memory of the validation and test samples. Large patches of many bands reduce their numbers.
_MAX_VALIDATION_BYTES = 500_000_000
_MAX_TEST_BYTES = 1_500_000_000
# Ratio of the numbers of pixels that samples of two classes stand for, up to which they count as equal.
_MAX_NATURAL_RATIO = 1.01


def sampling_fraction(count: float) -> float:
    """Return the fraction of ``count`` pixels of a class that gives at most ``POOL_PER_CLASS`` samples."""
    return min(1.0, POOL_PER_CLASS / count) if count > 0 else 1.0


def drawn(
    rows: Int64Array,
    columns: Int64Array,
    fractions: Float64Array,
    seed: int,
) -> BoolArray:
    """Return whether each pixel is drawn, bool, shape (N,).

    Args:
        rows: Row of each pixel, int64, shape (N,).
        columns: Column of each pixel, int64, shape (N,).
        fractions: Probability of each pixel to be drawn, shape (N,).
        seed: Seed of the draw.
    """
    return np.asarray(position_hash(rows, columns, seed) < fractions)


def position_hash(rows: Int64Array, columns: Int64Array, seed: int) -> Float64Array:
    """Return a pseudo-random number from 0 to 1 for each pixel, shape (N,). Low numbers are drawn.

    It depends only on row, column and seed, so that a draw can be repeated whatever other pixels there
    are. The hash is the output function of SplitMix64 (Steele et al. 2014,
    https://doi.org/10.1145/2714064.2660195).

    Args:
        rows: Row of each pixel, int64, shape (N,).
        columns: Column of each pixel, int64, shape (N,).
        seed: Seed of the draw.
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
    """Largest numbers of samples.

    Attributes:
        max_per_class: Largest number of training samples per class; 0 means no limit.
        validation: Largest number of validation samples.
        test: Largest number of test samples, over all folds together.
    """

    max_per_class: int = 0
    validation: int = MAX_VALIDATION
    test: int = MAX_TEST


def limits_for(max_per_class: int, sample_bytes: int) -> Limits:
    """Return the limits for samples of a size in memory.

    Args:
        max_per_class: Largest number of training samples per class; 0 means no limit.
        sample_bytes: Memory of a sample in bytes.
    """
    return Limits(
        max_per_class,
        min(MAX_VALIDATION, _MAX_VALIDATION_BYTES // sample_bytes),
        min(MAX_TEST, _MAX_TEST_BYTES // sample_bytes),
    )


def draw_by_class(samples: Samples, chosen: Int64Array, most: int, seed: int) -> Int64Array:
    """Draw at most ``most`` samples per class.

    Args:
        samples: Samples that the indices refer to.
        chosen: Indices of the samples to draw from, int64, shape (M,).
        most: Largest number of samples per class; 0 draws all.
        seed: Seed of the draw.

    Returns:
        Indices of the drawn samples, ascending.
    """
    if most <= 0:
        return chosen
    return _draw_numbers(samples, chosen, np.full(len(samples.classes), most), seed)


def draw_naturally(samples: Samples, chosen: Int64Array, most: int, seed: int) -> Int64Array:
    """Draw about ``most`` samples at most, with the classes in the proportions of the labels.

    At least one sample is drawn of each class that is present.

    Args:
        samples: Samples that the indices refer to.
        chosen: Indices of the samples to draw from, int64, shape (M,).
        most: Largest number of samples.
        seed: Seed of the draw.

    Returns:
        Indices of the drawn samples, ascending.
    """
    counts = np.bincount(samples.codes[chosen], minlength=len(samples.classes))
    weights = counts * np.asarray(samples.stands_for)
    present = counts > 0
    if not present.any():
        return chosen
    stands_for = np.asarray(samples.stands_for)[present]
    # An earlier draw is returned unchanged. It may exceed the limit, as each class was rounded up.
    if stands_for.max() < _MAX_NATURAL_RATIO * stands_for.min() and len(chosen) <= most + len(counts):
        return chosen
    # The class with the fewest samples for its weight limits the number of all samples.
    size = min(float(most), float(np.min(counts[present] * weights.sum() / weights[present])))
    numbers = np.maximum(np.round(size * weights / weights.sum()).astype(np.int64), present)
    return _draw_numbers(samples, chosen, numbers, seed)


def _draw_numbers(samples: Samples, chosen: Int64Array, numbers: Int64Array, seed: int) -> Int64Array:
    order = np.argsort(position_hash(samples.rows[chosen], samples.columns[chosen], seed), kind="stable")
    shuffled = chosen[order]
    by_class = [
        shuffled[samples.codes[shuffled] == code][: int(number)] for code, number in enumerate(numbers)
    ]
    return np.sort(np.concatenate(by_class))
