"""Drawing fewer samples: training by class, validation and test in natural proportions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .samples import Integers, Samples
from .thinning import lots

# More held-out samples would cost time and memory and decide nothing: the standard error of an
# accuracy over 5,000 samples is below 0.7 points. Patches so large or of so many bands that this
# number of them would take more memory than this get fewer.
MOST_VALIDATION = 5_000
MOST_TEST = 15_000
_VALIDATION_BYTES = 500_000_000
_TEST_BYTES = 1_500_000_000
# Classes whose samples stand for numbers of pixels that differ by less are in natural proportions.
_NATURAL = 1.01


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


def draw_by_class(samples: Samples, chosen: Integers, most: int, seed: int) -> Integers:
    """Return at most ``most`` of ``chosen`` a class, all where ``most`` is 0."""
    if most <= 0:
        return chosen
    return _draw_numbers(samples, chosen, np.full(len(samples.classes), most), seed)


def draw_naturally(samples: Samples, chosen: Integers, most: int, seed: int) -> Integers:
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


def _draw_numbers(samples: Samples, chosen: Integers, numbers: Integers, seed: int) -> Integers:
    order = np.argsort(lots(samples.rows[chosen], samples.columns[chosen], seed), kind="stable")
    shuffled = chosen[order]
    kept = [shuffled[samples.codes[shuffled] == code][: int(number)] for code, number in enumerate(numbers)]
    return np.sort(np.concatenate(kept))
