"""Split search: find a sample design, from candidates in order of preference or from the split field.

>>> design = design_samples(samples, SplitOptions(window=32, folds=5))
>>> design.note                  # sentences on how the samples were split, and on the limits of the design
>>> design.splits[0].train       # indices of the training samples of the first fold
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from ..arrays import BoolArray, Int64Array
from ..classes import class_label
from ..errors import ParameterError, SampleError
from ..text import Text, joined
from .decorrelation import decorrelation_range
from .draw import draw_naturally
from .group_split import (
    MIN_KEPT_FRACTION,
    TEST,
    TRAIN,
    UNUSED,
    VALIDATION,
    Partition,
    assign_groups,
    blocks_of,
    count_by_group,
    split_at_random,
    split_folds,
    split_groups,
    training_and_validation,
)
from .samples import Samples
from .split_design import SUGGESTED_WORD, Design, Separated, SplitOptions, cautions_of, check_method, separate

# Each class needs a group in each of training, validation and test.
_MIN_GROUPS_PER_CLASS = 3
# Sides of blocks to try, in windows.
_BLOCK_WINDOWS = (3, 2, 1)
_MIN_BLOCKS = 10
# Fraction of the training samples that the gap of a design leaves, below which another design is tried.
_MIN_GOOD_FRACTION = 0.25
# The same for a preferred design of polygons or points, because these are few.
_MIN_PREFERRED_FRACTION = 0.5
TRAIN_WORD, VALIDATION_WORD, TEST_WORD = "train", "validation", "test"
"""Values of the split field that name the part of a sample."""
CALIBRATION_WORD = "calibration"
"""Value of the split field of held-out samples that calibrate and do not select the epoch (``set_aside``)."""
DROPPED_WORD, UNUSED_WORD = "dropped", "unused"
"""Values of the split field of samples that are left out for the gap, and of samples that are not used."""
BOTH_WORD = "train+validation"
"""Value of the split field of training samples in a design without samples for validation."""
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
# Fraction of the training samples of a class that the gap must leave in a split of the user. Classes of
# which it would leave less have no gap, so that a design that was written before is not reduced again.
_MIN_FIELD_FRACTION = 0.5
# Smallest number of validation polygons or blocks that are divided into validation and calibration.
_MIN_CLUSTERS = 4
_HALVES = (0.5, 0.5)


@dataclass(frozen=True, eq=False)
class Candidate:
    """Candidate for a design, with its quality.

    Attributes:
        design: Sample design.
        proven: Number of classes with training samples (mean of the folds), plus number of classes
            that are tested with a gap.
        validated: Number of classes that are validated with a gap (mean of the folds); all classes if
            no validation is needed.
        kept: Fraction of the training samples that remains after the gap (mean of the folds).
    """

    design: Design
    proven: float
    validated: float
    kept: float


def carry_out(
    samples: Samples,
    method: str,
    description: str,
    partition: Partition,
    options: SplitOptions,
    min_fraction: float = MIN_KEPT_FRACTION,
    cautions: Sequence[str] = (),
    *,
    is_named: bool = False,
) -> Candidate:
    """Draw samples, apply the gap and return the design with its quality.

    Args:
        samples: Labelled samples.
        method: Method of the partition, one of ``METHODS`` without ``auto``.
        description: Sentences on the partition.
        partition: Parts of the samples.
        options: Options of the design. A random split has no gap.
        min_fraction: Smallest fraction of the training samples of a class that the gap may leave.
        cautions: Sentences on the limits of the partition.
        is_named: Whether the user's field names the part of each sample.
    """
    distance = 0 if method == "random" else options.distance
    parts = _with_drawn_test(samples, partition.parts, options)
    # A single split needs validation samples to calibrate, even if they select no epoch.
    has_validation = options.needs_validation or not partition.is_folded
    separated = [
        separate(samples, row, distance, options.limits, options.seed, min_fraction, has_validation)
        for row in parts
    ]
    design = Design(
        method,
        _description(description, separated, partition.is_folded, distance, has_validation),
        (*cautions, *cautions_of(samples, separated, options, has_gap=distance > 0)),
        tuple(item.split for item in separated),
        partition.folds,
        partition.clusters,
        is_named=is_named,
    )
    classes = set(range(len(samples.classes)))
    tested = (
        classes - {*samples.absent(design.test)} - {code for item in separated for code in item.near_test}
    )
    trained = [len(classes) - len(samples.absent(split.train)) for split in design.splits]
    validated = [
        len(classes - {*samples.absent(item.split.validation)} - {*item.near_validation, *item.by_test})
        if has_validation
        else len(classes)
        for item in separated
    ]
    return Candidate(
        design,
        float(np.mean(trained)) + len(tested),
        float(np.mean(validated)),
        float(np.mean([item.kept for item in separated])),
    )


Evaluate = Callable[[Samples, str, str, Partition, SplitOptions], Candidate]
"""Function with the first five arguments of ``carry_out``."""


def random_design(samples: Samples, options: SplitOptions) -> Design:
    """Return a random split of pixels, with a caution that its accuracy is optimistic."""
    caution = (
        "Patches of training and test overlap, so the accuracy is optimistic and does not apply to other "
        "areas."
    )
    partition = split_at_random(samples, options.folds, options.seed, options.needs_validation)
    return carry_out(
        samples,
        "random",
        "Samples were split at random, pixel by pixel.",
        partition,
        options,
        cautions=[caution],
    ).design


def _with_drawn_test(samples: Samples, parts: Int64Array, options: SplitOptions) -> Int64Array:
    """Return the parts after drawing the test samples, over all folds together."""
    candidates = np.flatnonzero((parts == TEST).any(axis=0))
    drawn = draw_naturally(samples, candidates, options.limits.test, options.seed)
    is_drawn = np.isin(np.arange(len(samples)), drawn)
    return np.where((parts == TEST) & ~is_drawn, UNUSED, parts)


def _description(
    description: str, separated: Sequence[Separated], is_folded: bool, distance: int, has_validation: bool
) -> str:
    sentences = [description]
    if is_folded and has_validation:
        sentences.append(
            Text(
                "There are {count} folds: each was tested once, by a model of its own that was "
                "trained and validated on the others.",
                count=len(separated),
            )
        )
    elif is_folded:
        sentences.append(
            Text(
                "There are {count} folds: each was tested once, by a model of its own that was "
                "trained on the others.",
                count=len(separated),
            )
        )
    # Two pixels are always at least one pixel apart.
    if distance > 1:
        has_exceptions = any(item.by_test or item.near_validation or item.near_test for item in separated)
        dropped = round(float(np.mean([len(item.split.dropped) for item in separated])))
        sentences.append(
            Text(
                ("Training, validation and test" if has_validation else "Training and test")
                + " lie at least {distance} pixels apart in rows or columns"
                + (", but for classes named below." if has_exceptions else "."),
                distance=distance,
            )
        )
        if dropped:
            sentences.append(
                Text("To keep this distance, {count:,} samples per fold were left out.", count=dropped)
                if is_folded
                else Text("To keep this distance, {count:,} samples were left out.", count=dropped)
            )
    if is_folded:
        sentences.append(
            "The figures are those of the folds' tests together; the saved model was trained on the samples "
            "of all folds afterwards, and was not tested itself."
        )
    return joined(sentences)


def design_samples(samples: Samples, options: SplitOptions, evaluate: Evaluate = carry_out) -> Design:
    """Return a sample design with about 60 % training, 20 % validation and 20 % test of each class.

    With folds, each fold tests its part. A quarter of the others validates if the model needs that;
    otherwise all others train. Blocks are ``block_size`` pixels wide or, if that is 0, as wide as the
    decorrelation range and at least three windows. If such blocks are too few for all classes, their
    width is halved repeatedly, down to one window.

    Args:
        samples: Samples with at least two of every class.
        options: Options of the design.
        evaluate: Function that returns the candidate of a partition.

    Raises:
        ParameterError: The method does not exist, or the split field contradicts the options.
        SampleError: The values of the split field cannot be used.
    """
    check_method(options.method)
    if options.method == "random":
        return random_design(samples, options)
    if options.method == "field":
        return field_design(samples, options)
    candidates = _candidates(samples, options, evaluate)
    best = next(candidates)
    while not _is_good(best, len(samples.classes)):
        other = next(candidates, None)
        if other is None:
            break
        best = max(best, other, key=_score)
    return best.design


def preferred_design(
    samples: Samples, options: SplitOptions, evaluate: Evaluate = carry_out
) -> Design | None:
    """Return the first candidate of ``design_samples``, None if the samples do not suffice for it.

    Args:
        samples: Samples with at least two of every class.
        options: Options of the design.
        evaluate: Function that returns the candidate of a partition.

    Raises:
        ParameterError: The method does not exist, or the split field contradicts the options.
        SampleError: The values of the split field cannot be used.
    """
    if options.method in ("random", "field"):
        return design_samples(samples, options)
    check_method(options.method)
    first = next(_candidates(samples, options, evaluate))
    leaves_enough = first.kept >= _MIN_PREFERRED_FRACTION or not samples.has_groups
    return first.design if leaves_enough and _is_good(first, len(samples.classes)) else None


def _is_good(candidate: Candidate, classes: int) -> bool:
    """Whether all classes are trained and tested, enough samples train, and half of the classes validate."""
    return _score(candidate) >= (2.0 * classes, _MIN_GOOD_FRACTION, classes / 2)


def _score(candidate: Candidate) -> tuple[float, float, float]:
    """Return the sort key of a candidate; the larger one is better."""
    return round(candidate.proven, 6), min(candidate.kept, _MIN_GOOD_FRACTION), candidate.validated


def _candidates(samples: Samples, options: SplitOptions, evaluate: Evaluate) -> Iterator[Candidate]:
    """Yield the candidates, the preferred ones first."""
    reason = ""
    if options.method in ("auto", "polygons"):
        reason = _reason_against_polygons(samples, options.method)
        if not reason:
            are_points = len(np.unique(samples.groups)) == len(samples)
            description = (
                "Each " + ("point is on one side" if are_points else "polygon is wholly on one side") + "."
            )
            partition = _partition(samples, samples.groups, options)
            yield evaluate(samples, "polygons", description, partition, options)
            if options.method == "polygons":
                return
            reason = "The gap between whole polygons or points would take too many samples."
    for side, note in _block_sides(samples, options):
        blocks: str = Text(
            "Each spatial block of {side} pixels is wholly on one side{reason}.", side=side, reason=note
        )
        if reason:
            blocks = joined((reason, blocks))
        partition = _partition(samples, blocks_of(samples, side), options)
        yield evaluate(samples, "blocks", blocks, partition, options)


def _partition(samples: Samples, groups: Int64Array, options: SplitOptions) -> Partition:
    return split_groups(samples, groups, options.folds, options.seed, options.needs_validation)


def _reason_against_polygons(samples: Samples, method: str) -> str:
    if not samples.has_groups:
        return "The labels are a raster, which has no polygons."
    if method == "polygons":
        return ""
    _, counts = count_by_group(samples.groups, samples.codes, len(samples.classes))
    for item, number in zip(samples.classes, (counts > 0).sum(axis=0), strict=True):
        if number < _MIN_GROUPS_PER_CLASS:
            return Text("Class {label} has fewer than three polygons or points.", label=class_label(item))
    return ""


def _block_sides(samples: Samples, options: SplitOptions) -> Iterator[tuple[int, str]]:
    """Yield sides of blocks in pixels, each with a note in parentheses on its choice."""
    if options.block_size:
        yield options.block_size, ""
        return
    three, two, one = (windows * options.window for windows in _BLOCK_WINDOWS)
    correlated = decorrelation_range(samples, options.seed)
    widest = max(three, round(correlated or 0.0))
    times = Text("three times the model's window of {window}", window=options.window)
    if widest > three:
        reason = Text("the distance over which labels are correlated")
    elif correlated is None:
        reason = Text("{times}; the distance over which labels are correlated is unknown", times=times)
    else:
        reason = Text(
            "{times}; labels are correlated over {distance}", times=times, distance=max(1, round(correlated))
        )
    needed = max(_MIN_BLOCKS, 2 * options.folds)
    sides = [widest]
    while sides[-1] > three:
        sides.append(max(three, sides[-1] // 2))
    for side in (*sides, two, one):
        note = reason
        if side != widest:
            note = Text(
                "not {widest}, {reason}, because such blocks would be too few or leave too few samples",
                widest=widest,
                reason=reason,
            )
        if side == one or len(np.unique(blocks_of(samples, side))) >= needed:
            yield side, joined((" (", note, ")"), "")


def field_design(samples: Samples, options: SplitOptions) -> Design:
    """Return the design that the split field defines.

    The values of the field are either the names of parts (``train``, ``validation``, ``test``), one word
    per fold, or any values of groups that are not divided.

    Args:
        samples: Labelled samples with ``field_codes``.
        options: Options of the design.

    Raises:
        ParameterError: There is no split field, or FOLDS contradicts it.
        SampleError: Only some of the values are names of parts, or there are no training samples.
    """
    if samples.field_codes is None:
        raise ParameterError(
            "The split by field needs a field of the sample layer",
            where="SPLIT_FIELD",
            advice="Choose the field, or another SPLIT.",
        )
    with_value = np.flatnonzero(samples.field_codes >= 0)
    if not len(with_value):
        raise SampleError(
            "No sample has a value in the split field", where="SPLIT_FIELD", advice="Choose another field."
        )
    values = samples.field_values
    named = [value for value in values if _parts_of(value) is not None]
    cautions: list[str] = []
    if len(with_value) < len(samples):
        cautions.append(
            Text(
                "{count:,} samples without a value in the split field are not used.",
                count=len(samples) - len(with_value),
            )
        )
    if not named:
        return _by_groups(samples, with_value, options, cautions)
    if len(named) < len(values):
        other = next(value for value in values if _parts_of(value) is None)
        raise SampleError(
            "The split field holds {value!r} as well as {word!r}",
            where="SPLIT_FIELD",
            advice="Use only train, validation, test and dropped, or only names of groups.",
            value=other,
            word=named[0],
        )
    partition, description = _named_partition(samples, options)
    min_fraction = MIN_KEPT_FRACTION if options.buffer else _MIN_FIELD_FRACTION
    return carry_out(
        samples,
        "field",
        description,
        partition,
        options,
        min_fraction,
        cautions,
        is_named=True,
    ).design


def _by_groups(
    samples: Samples, with_value: Int64Array, options: SplitOptions, cautions: list[str]
) -> Design:
    codes = samples.field_codes if samples.field_codes is not None else with_value
    subset = samples.subset(with_value)
    groups = codes[with_value]
    values = np.unique(groups)
    is_fold_each = options.folds == len(values) or (options.is_auto and len(values) < options.folds)
    if is_fold_each and len(values) > 1:
        # Each value is one fold.
        tests = np.searchsorted(values, groups) + 1
        partition = split_folds(subset, groups, tests, options.seed, options.needs_validation)
    else:
        partition = split_groups(subset, groups, options.folds, options.seed, options.needs_validation)
    parts = np.full((len(partition.parts), len(samples)), UNUSED, dtype=np.int64)
    parts[:, with_value] = partition.parts
    folds = np.zeros(len(samples), dtype=np.int64)
    folds[with_value] = partition.folds
    clusters = np.full(len(samples), -1, dtype=np.int64)
    clusters[with_value] = partition.clusters
    description = Text(
        "All samples with one of the split field's {count:,} values are on one side.", count=len(values)
    )
    return carry_out(
        samples, "field", description, Partition(parts, folds, clusters), options, cautions=cautions
    ).design


def _named_partition(samples: Samples, options: SplitOptions) -> tuple[Partition, str]:
    """Return the partition that the split field names, and sentences on it."""
    words = [_parts_of(value) or () for value in samples.field_values]
    folds = max(map(len, words))
    # A layer of suggested samples has one word only, which applies to all folds.
    words = [
        item * folds if value.strip().lower() == SUGGESTED_WORD else item
        for value, item in zip(samples.field_values, words, strict=True)
    ]
    if any(len(item) != folds for item in words):
        raise SampleError(
            "The values of the split field name different numbers of folds",
            where="SPLIT_FIELD",
            advice="Give each sample one word per fold.",
        )
    if options.folds > 1 and options.folds != folds and not options.is_auto:
        raise ParameterError(
            "FOLDS is {folds}, but the split field names the parts of one split"
            if folds == 1
            else "FOLDS is {folds}, but the split field names the parts of {field_folds} folds",
            where="FOLDS",
            advice="Set FOLDS to auto, or choose a field whose values are groups.",
            folds=options.folds,
            field_folds=folds,
        )
    table = np.array([*words, (UNUSED,) * folds], dtype=np.int64).T
    parts = table[:, samples.field_codes]
    if ((parts == TEST).sum(axis=0) > 1).any():
        raise SampleError(
            "The split field names samples for the test of several folds, but each is tested once",
            where="SPLIT_FIELD",
            advice="Give each sample the word test in one fold. A fixed set of test samples needs no folds: "
            "use the words train, validation and test alone.",
        )
    # The samples of a design that was written before keep its clusters. Other points are grouped by blocks,
    # because neighbouring points are not independent.
    is_written = samples.weights is not None and samples.has_groups
    groups = samples.groups if samples.has_areas or is_written else blocks_of(samples, 3 * options.window)
    description = ["The split field defines which samples train, validate and test."]
    has_validation = options.needs_validation or folds == 1
    if not has_validation:
        description = ["The split field defines which samples train and test."]
        if (parts == VALIDATION).any():
            description.append(
                "Samples for validation train, too: with folds, this model does not need them for selection "
                "or calibration."
            )
        parts[parts == VALIDATION] = TRAIN
    for row in parts:
        _add_validation(samples, row, groups, options.seed, has_validation)
    tested = (parts == TEST).any(axis=0)
    number = np.where(tested, np.argmax(parts == TEST, axis=0) + 1, 0)
    fold_numbers = number if folds > 1 else np.zeros(len(samples), np.int64)
    return Partition(parts, fold_numbers, groups), joined(description)


def _add_validation(
    samples: Samples, parts: Int64Array, groups: Int64Array, seed: int, has_validation: bool
) -> None:
    """Move whole groups from training to validation, in place, if it is needed and the field names none."""
    is_complete = bool(np.isin(parts, (VALIDATION, _BOTH)).any())
    parts[parts == _BOTH] = TRAIN
    train = np.flatnonzero(parts == TRAIN)
    if not len(train):
        raise SampleError(
            "The split field has no training samples",
            where="SPLIT_FIELD",
            advice="Give some samples the value train.",
        )
    if is_complete or not has_validation:
        return
    # Suggested samples are mostly uncertain ones, so that an accuracy measured with them would be biased.
    train = train[~samples.having(SUGGESTED_WORD)[train]]
    parts[train] = training_and_validation(samples, train, groups, seed)


def _parts_of(value: str) -> tuple[int, ...] | None:
    """Return the parts that a value of the split field names, one per fold; None if it names none."""
    words = value.lower().split()
    return tuple(_PARTS[word] for word in words) if words and all(word in _PARTS for word in words) else None


def set_aside(samples: Samples, design: Design, seed: int) -> Design:
    """Return the design with half of the validation clusters set aside for calibration.

    The epoch of a network is selected by its validation samples. Its confidence on them is therefore
    biased, and they cannot calibrate. Folds need no calibration samples, because the test of each fold
    calibrates the others. Fewer than four validation polygons or blocks are not divided.

    Args:
        samples: Samples of the design.
        design: Design of these samples.
        seed: Seed of the order of equal clusters.
    """
    if len(design.splits) > 1:
        return design
    (split,) = design.splits
    validation = split.validation

    def with_calibration(mask: BoolArray) -> Design:
        parts = replace(split, validation=validation[~mask], calibration=validation[mask])
        return replace(design, splits=(parts,))

    named = samples.having(CALIBRATION_WORD)[validation]
    if design.method == "field" and named.any():
        # A design that was written before names its calibration samples.
        return with_calibration(named)
    if is_shared(split.train, validation) or len(np.unique(design.clusters[validation])) < _MIN_CLUSTERS:
        return design
    members, counts = count_by_group(
        design.clusters[validation], samples.codes[validation], len(samples.classes)
    )
    calibrates = assign_groups(counts, seed, _HALVES)[members] == VALIDATION
    return with_calibration(calibrates) if calibrates.any() else design


def is_shared(train: Int64Array, validation: Int64Array) -> bool:
    """Return whether training samples also validate, because none could be held out.

    Args:
        train: Indices of the training samples, int64.
        validation: Indices of the validation samples, int64.
    """
    return bool(np.isin(validation, train).any())
