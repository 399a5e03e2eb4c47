"""Split by a field of the samples: its values name the parts, or are groups."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from ..arrays import Int64Array
from ..errors import ParameterError, SampleError
from .group_split import (
    ENOUGH,
    TEST,
    TRAIN,
    UNUSED,
    VALIDATION,
    Parting,
    blocks_of,
    part_folds,
    part_groups,
    training_and_validation,
)
from .samples import Samples
from .split_design import SUGGESTED_WORD, Design, SplitOptions
from .split_search import carry_out

TRAIN_WORD, VALIDATION_WORD, TEST_WORD = "train", "validation", "test"
CALIBRATION_WORD = "calibration"
"""Of validation samples that calibrate and do not choose the epoch; see ``setting_aside``."""
DROPPED_WORD, UNUSED_WORD = "dropped", "unused"
BOTH_WORD = "train+validation"
"""Of a design in which nothing could be held out for validation."""
_BOTH = 3
_PARTS: Mapping[str, int] = MappingProxyType(
    {
        TRAIN_WORD: TRAIN,
        "training": TRAIN,
        SUGGESTED_WORD: TRAIN,
        VALIDATION_WORD: VALIDATION,
        "valid": VALIDATION,
        "val": VALIDATION,
        CALIBRATION_WORD: VALIDATION,
        TEST_WORD: TEST,
        "testing": TEST,
        BOTH_WORD: _BOTH,
        DROPPED_WORD: UNUSED,
        UNUSED_WORD: UNUSED,
    }
)
# The user placed these samples himself. The gap gives way for a class that it would take most of;
# so it takes nothing from a design that was written out, whose gap was kept where it could be.
_MOST = 0.5


def field_design(samples: Samples, options: SplitOptions) -> Design:
    """Return the design that the field says.

    Args:
        samples: With ``field_codes``.
        options: With ``folds`` where the values are groups.

    Raises:
        ParameterError: There is no field, or FOLDS contradicts it.
        SampleError: Some values name parts and others do not, or none trains.
    """
    if samples.field_codes is None:
        raise ParameterError(
            "The split by field needs a field of the sample layer",
            where="SPLIT_FIELD",
            advice="Choose the field, or another SPLIT.",
        )
    given = np.flatnonzero(samples.field_codes >= 0)
    if not len(given):
        raise SampleError(
            "No sample has a value in the split field", where="SPLIT_FIELD", advice="Choose another field."
        )
    values = samples.field_values
    named = [value for value in values if _words(value) is not None]
    cautions = []
    if len(given) < len(samples):
        cautions.append(
            f"{len(samples) - len(given):,} samples without a value in the split field take no part."
        )
    if not named:
        return _by_groups(samples, given, options, cautions)
    if len(named) < len(values):
        other = next(value for value in values if _words(value) is None)
        raise SampleError(
            f"The split field holds {other!r} beside {named[0]!r}",
            where="SPLIT_FIELD",
            advice="Use train, validation, test and dropped alone, or values that are groups.",
        )
    parting, head = _named_parting(samples, options)
    enough = ENOUGH if options.buffer else _MOST
    return carry_out(
        samples,
        "field",
        head,
        parting,
        options,
        enough,
        cautions,
    ).design


def _by_groups(samples: Samples, given: Int64Array, options: SplitOptions, cautions: list[str]) -> Design:
    codes = samples.field_codes if samples.field_codes is not None else given
    chosen = samples.subset(given)
    values = np.unique(codes[given])
    if options.folds == len(values) > 1:
        # Each value is a fold as it stands.
        tests = np.searchsorted(values, codes[given]) + 1
        found = part_folds(chosen, codes[given], tests, options.seed, options.needs_validation)
    else:
        found = part_groups(chosen, codes[given], options.folds, options.seed, options.needs_validation)
    parts = np.full((len(found.parts), len(samples)), UNUSED, dtype=np.int64)
    parts[:, given] = found.parts
    folds = np.zeros(len(samples), dtype=np.int64)
    folds[given] = found.folds
    clusters = np.full(len(samples), -1, dtype=np.int64)
    clusters[given] = found.clusters
    head = f"All samples with one of the split field's {len(values):,} values are on one side."
    return carry_out(
        samples, "field", head, Parting(parts, folds, clusters), options, cautions=cautions
    ).design


def _named_parting(samples: Samples, options: SplitOptions) -> tuple[Parting, str]:
    """Return the parts that the field names, and a sentence on them."""
    words = [_words(value) or () for value in samples.field_values]
    folds = max(map(len, words))
    # A layer of suggested samples knows nothing of the folds of a design.
    words = [
        item * folds if value.strip().lower() == SUGGESTED_WORD else item
        for value, item in zip(samples.field_values, words, strict=True)
    ]
    if any(len(item) != folds for item in words):
        raise SampleError(
            "The values of the split field name different numbers of folds",
            where="SPLIT_FIELD",
            advice="Give each sample one word a fold.",
        )
    if options.folds > 1 and options.folds != folds:
        raise ParameterError(
            f"FOLDS is {options.folds}, but the split field names "
            + ("the parts of one split" if folds == 1 else f"the parts of {folds} folds"),
            where="FOLDS",
            advice="Set FOLDS to 0, or choose a field whose values are groups.",
        )
    table = np.array([*words, (UNUSED,) * folds], dtype=np.int64).T
    parts = table[:, samples.field_codes]
    # Points beside each other, as a design that was written out has them, are no evidence of their own.
    # Those of a design that was written out are the clusters of that design.
    is_written = samples.weights is not None and samples.has_groups
    groups = samples.groups if samples.has_areas or is_written else blocks_of(samples, 3 * options.window)
    head = ["The split field says which samples train, validate and test."]
    has_validation = options.needs_validation or folds == 1
    if not has_validation:
        head = ["The split field says which samples train and test."]
        if (parts == VALIDATION).any():
            head.append(
                "Those that it names for validation train, too: with folds, nothing of this model is chosen "
                "or calibrated by them."
            )
        parts[parts == VALIDATION] = TRAIN
    for row in parts:
        _complete(samples, row, groups, options.seed, has_validation)
    tested = (parts == TEST).any(axis=0)
    number = np.where(tested, np.argmax(parts == TEST, axis=0) + 1, 0)
    return Parting(parts, number if folds > 1 else np.zeros(len(samples), np.int64), groups), " ".join(head)


def _complete(
    samples: Samples, parts: Int64Array, groups: Int64Array, seed: int, has_validation: bool
) -> None:
    """Give whole groups of training to validation, in place, where it is needed and the field names none."""
    is_complete = bool(np.isin(parts, (VALIDATION, _BOTH)).any())
    parts[parts == _BOTH] = TRAIN
    train = np.flatnonzero(parts == TRAIN)
    if not len(train):
        raise SampleError(
            "The split field leaves no sample to train with",
            where="SPLIT_FIELD",
            advice="Give some samples the value train.",
        )
    if is_complete or not has_validation:
        return
    # Nothing is judged or calibrated by samples of which most are doubtful.
    train = train[~samples.having(SUGGESTED_WORD)[train]]
    parts[train] = training_and_validation(samples, train, groups, seed)


def _words(value: str) -> tuple[int, ...] | None:
    """Return the parts that a value names, None where it names none."""
    words = value.lower().split()
    return tuple(_PARTS[word] for word in words) if words and all(word in _PARTS for word in words) else None
