"""Drawing fewer samples: training by class, validation and test in natural proportions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .samples import Integers, Samples
from .split import Split

# More held-out samples would cost time and memory and decide nothing: the standard error of an
# accuracy over 5,000 samples is below 0.7 points. Patches so large or of so many bands that this
# number of them would take more memory than this get fewer.
MOST_VALIDATION = 5_000
MOST_TEST = 15_000
_VALIDATION_BYTES = 500_000_000
_TEST_BYTES = 1_500_000_000


def draw(samples: Samples, split: Split, max_per_class: int, patch_bytes: int, seed: int) -> Split:
    """Return the split with fewer samples.

    Args:
        samples: What ``split`` divides.
        split: The split.
        max_per_class: Most training samples of a class; 0 is no limit. Touches training only.
        patch_bytes: Memory of one patch.
        seed: Repeats the draw.
    """
    generator = np.random.default_rng(seed)
    train = draw_by_class(samples, split.train, max_per_class, generator)
    # Where nothing could be held out, training itself validates.
    is_shared = split.validation is split.train
    most = min(MOST_VALIDATION, _VALIDATION_BYTES // patch_bytes)
    validation = train if is_shared else draw_naturally(samples, split.validation, most, generator)
    test = draw_naturally(samples, split.test, min(MOST_TEST, _TEST_BYTES // patch_bytes), generator)
    return replace(split, train=train, validation=validation, test=test)


def draw_by_class(samples: Samples, chosen: Integers, most: int, generator: np.random.Generator) -> Integers:
    """Return at most ``most`` of ``chosen`` a class, all where ``most`` is 0."""
    if most <= 0:
        return chosen
    numbers = np.full(len(samples.classes), most)
    return _draw_numbers(samples, chosen, numbers, generator)


def draw_naturally(samples: Samples, chosen: Integers, most: int, generator: np.random.Generator) -> Integers:
    """Return at most about ``most`` of ``chosen``, the classes in the proportions of the labels.

    A class that is there keeps a sample at least.
    """
    counts = np.bincount(samples.codes[chosen], minlength=len(samples.classes))
    weights = counts * np.asarray(samples.stands_for)
    present = counts > 0
    if not present.any():
        return chosen
    # The class that is shortest of samples for its weight limits the whole.
    size = min(float(most), float(np.min(counts[present] * weights.sum() / weights[present])))
    numbers = np.maximum(np.round(size * weights / weights.sum()).astype(np.int64), present)
    return _draw_numbers(samples, chosen, numbers, generator)


def _draw_numbers(
    samples: Samples, chosen: Integers, numbers: Integers, generator: np.random.Generator
) -> Integers:
    shuffled = generator.permutation(chosen)
    kept = [shuffled[samples.codes[shuffled] == code][: int(number)] for code, number in enumerate(numbers)]
    return np.sort(np.concatenate(kept))
