"""What a sample design does not prove, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .design import SplitOptions
from .samples import Samples
from .split import Separated


def cautions_of(
    samples: Samples, separated: Sequence[Separated], options: SplitOptions, *, has_gap: bool
) -> list[str]:
    """Return what the splits do not prove.

    Args:
        samples: The samples.
        separated: The split of each fold, or the only one.
        options: Say how wide the gap was to be, and how many folds there were to be.
        has_gap: Whether there was to be any.
    """
    sentences = _about_gap(samples, separated, options) if has_gap else []
    if options.folds > 1 and len(separated) < options.folds:
        found = f"{len(separated)}" if len(separated) > 1 else "a single split"
        sentences.append(f"FOLDS is {options.folds}, but the groups of samples suffice for {found}.")
    splits = [item.split for item in separated]
    where = [f" in fold {number}" if len(splits) > 1 else "" for number in range(1, len(splits) + 1)]
    for split, fold in zip(splits, where, strict=True):
        lacking = samples.absent(split.train)
        if lacking:
            sentences.append(
                f"No training samples{fold} of: {samples.names(lacking)}; the model cannot know them."
            )
    test = np.concatenate([split.test for split in splits])
    untested = samples.absent(test)
    if not len(test):
        sentences.append("No samples could be held out for a test; the accuracy is not known.")
    elif untested:
        sentences.append(
            f"No test samples could be held out of: {samples.names(untested)}; their accuracy is not known."
        )
    for split, fold in zip(splits, where, strict=True):
        if split.validation is split.train:
            sentences.append(
                f"No samples could be held out for validation{fold}; training chooses the epoch."
                if options.needs_validation
                else "No samples could be held out to calibrate probabilities with."
            )
    return sentences


def _about_gap(samples: Samples, separated: Sequence[Separated], options: SplitOptions) -> list[str]:
    def classes(attribute: str) -> str:
        return samples.names(sorted({code for item in separated for code in getattr(item, attribute)}))

    sentences = []
    if options.buffer and options.buffer < options.window:
        sentences.append(
            f"BUFFER is {options.buffer} pixels, less than the {options.window} that a model looks at: "
            "training and test overlap at their borders, and the accuracy is optimistic."
        )
    if classes("by_test"):
        sentences.append(f"Validation may lie next to the test for: {classes('by_test')}.")
    if classes("near_validation"):
        sentences.append(
            f"Training may lie next to validation for: {classes('near_validation')}; "
            f"the {'choice of the epoch' if options.needs_validation else 'calibration'} is optimistic there."
        )
    if classes("near_test"):
        sentences.append(
            f"Training may lie next to the test for: {classes('near_test')}; "
            "their accuracy is not proven and likely too high."
        )
    return sentences
