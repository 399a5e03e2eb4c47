"""Setting a part of the validation samples aside, to calibrate probabilities with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .assignment import VALIDATION, assign_groups, count_by_group
from .design import Design
from .field_split import CALIBRATION_WORD
from .samples import Integers, Samples

# Fewer polygons or blocks are not worth dividing.
_FEWEST_CLUSTERS = 4
_HALVES = (0.5, 0.5)


def set_aside(samples: Samples, design: Design, seed: int) -> Design:
    """Return the design with half of the validation clusters set aside for calibration.

    A network's epoch is chosen so that it does well on validation, so there it looks surer of what
    is right than it is elsewhere. Folds need nothing: each one's test calibrates the others. Where
    validation has fewer than four polygons or blocks, it stays whole.

    Args:
        samples: The samples of the design.
        design: Of these samples.
        seed: Decides between equals.
    """
    if len(design.splits) > 1:
        return design
    (split,) = design.splits
    held = split.validation
    named = samples.having(CALIBRATION_WORD)[held]
    if design.method == "field" and named.any():
        # A design that was written out says itself which these are.
        return replace(design, splits=(replace(split, validation=held[~named], calibration=held[named]),))
    if is_shared(split.train, held) or len(np.unique(design.clusters[held])) < _FEWEST_CLUSTERS:
        return design
    members, counts = count_by_group(design.clusters[held], samples.codes[held], len(samples.classes))
    is_aside = assign_groups(counts, seed, _HALVES)[members] == VALIDATION
    if not is_aside.any():
        return design
    return replace(design, splits=(replace(split, validation=held[~is_aside], calibration=held[is_aside]),))


def is_shared(train: Integers, validation: Integers) -> bool:
    """Whether the training samples themselves validate, for want of others."""
    return bool(np.isin(validation, train).any())
