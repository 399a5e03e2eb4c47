"""Search for a sample design: candidates in order of preference, a field's split, calibration samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from ..arrays import Int64Array
from ..classes import class_label
from ..errors import ParameterError, SampleError
from ..text import Text, joined
from .decorrelation import decorrelation_range
from .draw import draw_naturally
from .group_split import (
    ENOUGH,
    TEST,
    TRAIN,
    UNUSED,
    VALIDATION,
    Parting,
    assign_groups,
    blocks_of,
    count_by_group,
    part_at_random,
    part_folds,
    part_groups,
    training_and_validation,
)
from .samples import Samples
from .split_design import SUGGESTED_WORD, Design, Separated, SplitOptions, cautions_of, check_method, separate

# A class needs a group in each of training, validation and test.
_GROUPS_NEEDED = 3
_BLOCK_WINDOWS = (3, 2, 1)
# Fewer blocks than this are no sample of the ground.
_BLOCKS_NEEDED = 10
# A split whose gap leaves less of the training samples than this is not worth its rigour, while
# another one is to be had.
_WORTHWHILE = 0.25
# Of polygons and points, which are few, the gap of a preferred design leaves so much at least.
_PLENTY = 0.5
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
# Fewer polygons or blocks are not worth dividing.
_FEWEST_CLUSTERS = 4
_HALVES = (0.5, 0.5)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A design before it is chosen.

    Attributes:
        design: The design.
        proven: How many classes train (of folds: in the mean), and how many are tested at a
            distance.
        validated: How many validate at a distance (of folds: in the mean); all where none need to.
        kept: Share of the training samples that the gap left.
    """

    design: Design
    proven: float
    validated: float
    kept: float


def carry_out(
    samples: Samples,
    method: str,
    head: str,
    parting: Parting,
    options: SplitOptions,
    enough: float = ENOUGH,
    cautions: Sequence[str] = (),
) -> Candidate:
    """Return the design of samples that are parted: drawn, with a gap, and judged.

    Args:
        samples: The samples.
        method: How they were parted, one of ``METHODS``.
        head: The same in words, whole sentences.
        parting: Their parts.
        options: Gap and limits; a random split has no gap.
        enough: See ``core.samples.group_split.training_apart``.
        cautions: What is known already not to be proven.
    """
    distance = 0 if method == "random" else options.distance
    parts = _with_drawn_test(samples, parting.parts, options)
    # A single split calibrates with these samples, also where they choose nothing.
    has_validation = options.needs_validation or not parting.is_folded
    separated = [
        separate(samples, row, distance, options.limits, options.seed, enough, has_validation)
        for row in parts
    ]
    design = Design(
        method,
        _done(head, separated, parting.is_folded, distance, has_validation),
        (*cautions, *cautions_of(samples, separated, options, has_gap=distance > 0)),
        tuple(item.split for item in separated),
        parting.folds,
        parting.clusters,
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


Evaluate = Callable[[Samples, str, str, Parting, SplitOptions], Candidate]
"""Samples, method, heading, division into groups and options to a candidate: ``carry_out``."""


def random_design(samples: Samples, options: SplitOptions) -> Design:
    """Return a split by pixel, labelled optimistic."""
    caution = (
        "Patches of training and test overlap, so the accuracy is optimistic and proves nothing about "
        "other places."
    )
    parting = part_at_random(samples, options.folds, options.seed, options.needs_validation)
    return carry_out(
        samples,
        "random",
        "Samples were split at random, pixel by pixel.",
        parting,
        options,
        cautions=[caution],
    ).design


def _with_drawn_test(samples: Samples, parts: Int64Array, options: SplitOptions) -> Int64Array:
    """Return the parts with those test samples alone that are drawn, over all folds together."""
    candidates = np.flatnonzero((parts == TEST).any(axis=0))
    drawn = draw_naturally(samples, candidates, options.limits.test, options.seed)
    is_drawn = np.isin(np.arange(len(samples)), drawn)
    return np.where((parts == TEST) & ~is_drawn, UNUSED, parts)


def _done(
    head: str, separated: Sequence[Separated], is_folded: bool, distance: int, has_validation: bool
) -> str:
    sentences = [head]
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
    # Any two pixels are one apart.
    if distance > 1:
        gave_way = any(item.by_test or item.near_validation or item.near_test for item in separated)
        dropped = round(float(np.mean([len(item.split.dropped) for item in separated])))
        cost = (
            Text(", for which {count:,} samples a fold were left out", count=dropped)
            if is_folded
            else Text(", for which {count:,} samples were left out", count=dropped)
        )
        sentences.append(
            Text(
                ("Training, validation and test" if has_validation else "Training and test")
                + " lie at least {distance} pixels apart in rows or columns"
                + (", but for classes named below" if gave_way else "")
                + "{cost}.",
                distance=distance,
                cost=cost if dropped else "",
            )
        )
    if is_folded:
        sentences.append(
            "The figures are those of the folds' tests together; the saved model was trained on the samples "
            "of all folds afterwards, and was not tested itself."
        )
    return joined(sentences)


def design_samples(samples: Samples, options: SplitOptions, evaluate: Evaluate = carry_out) -> Design:
    """Return the sample design: about 60 % training, 20 % validation and 20 % test of each class.

    With folds, each fold tests its part. Of the rest a quarter validates where a model needs that, else
    all of it trains. Blocks are ``block_size`` pixels wide, or else as wide as the range at which labels
    decorrelate, and at least three windows. Where the classes do not fit into such blocks, the width is
    halved repeatedly, down to one window.

    Args:
        samples: Samples, at least two of every class.
        options: Method, blocks, gap and folds.
        evaluate: Makes a candidate of a division into groups.

    Raises:
        ParameterError: There is no such method, or the field does not fit the options.
        SampleError: The field's values cannot be used.
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
    """Return the first design that ``design_samples`` may choose, None where the data cannot carry it."""
    if options.method in ("random", "field"):
        return design_samples(samples, options)
    check_method(options.method)
    first = next(_candidates(samples, options, evaluate))
    leaves_plenty = first.kept >= _PLENTY or not samples.has_groups
    return first.design if leaves_plenty and _is_good(first, len(samples.classes)) else None


def _is_good(candidate: Candidate, classes: int) -> bool:
    """Return whether every class trains and is tested, enough trains, and half the classes validate."""
    return _score(candidate) >= (2.0 * classes, _WORTHWHILE, classes / 2)


def _score(candidate: Candidate) -> tuple[float, float, float]:
    """Return what makes a candidate better than another; of equals the first is taken."""
    return round(candidate.proven, 6), min(candidate.kept, _WORTHWHILE), candidate.validated


def _candidates(samples: Samples, options: SplitOptions, evaluate: Evaluate) -> Iterator[Candidate]:
    """Yield the designs to consider, the preferred ones first."""
    because = ""
    if options.method in ("auto", "polygons"):
        because = _why_not_polygons(samples, options.method)
        if not because:
            are_points = len(np.unique(samples.groups)) == len(samples)
            head = "Each " + ("point is on one side" if are_points else "polygon is wholly on one side") + "."
            parting = _parting(samples, samples.groups, options)
            yield evaluate(samples, "polygons", head, parting, options)
            if options.method == "polygons":
                return
            because = "The gap between whole polygons or points would take too many samples."
    for side, why in _block_sides(samples, options):
        blocks: str = Text(
            "Each spatial block of {side} pixels is wholly on one side{reason}.", side=side, reason=why
        )
        if because:
            blocks = joined((because, blocks))
        parting = _parting(samples, blocks_of(samples, side), options)
        yield evaluate(samples, "blocks", blocks, parting, options)


def _parting(samples: Samples, groups: Int64Array, options: SplitOptions) -> Parting:
    return part_groups(samples, groups, options.folds, options.seed, options.needs_validation)


def _why_not_polygons(samples: Samples, method: str) -> str:
    if not samples.has_groups:
        return "The labels are a raster, which has no polygons to keep whole."
    if method == "polygons":
        return ""
    _, counts = count_by_group(samples.groups, samples.codes, len(samples.classes))
    for item, number in zip(samples.classes, (counts > 0).sum(axis=0), strict=True):
        if number < _GROUPS_NEEDED:
            return Text("Class {label} has fewer than three polygons or points.", label=class_label(item))
    return ""


def _block_sides(samples: Samples, options: SplitOptions) -> Iterator[tuple[int, str]]:
    """Yield sides of blocks in pixels, and what is to be said of them."""
    if options.block_size:
        yield options.block_size, ""
        return
    three, two, one = (windows * options.window for windows in _BLOCK_WINDOWS)
    found = decorrelation_range(samples, options.seed)
    widest = max(three, round(found or 0.0))
    times = Text("three times the {window} that the model looks at", window=options.window)
    if widest > three:
        why = Text("the distance over which labels are alike")
    elif found is None:
        why = Text("{times}; how far labels are alike cannot be told", times=times)
    else:
        why = Text("{times}; labels are alike over {distance}", times=times, distance=max(1, round(found)))
    needed = max(_BLOCKS_NEEDED, 2 * options.folds)
    sides = [widest]
    while sides[-1] > three:
        sides.append(max(three, sides[-1] // 2))
    for side in (*sides, two, one):
        words = why
        if side != widest:
            words = Text(
                "not {widest}, {reason}, for these would be too few for all classes, or leave too little",
                widest=widest,
                reason=why,
            )
        if side == one or len(np.unique(blocks_of(samples, side))) >= needed:
            yield side, joined((" (", words, ")"), "")


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
    cautions: list[str] = []
    if len(given) < len(samples):
        cautions.append(
            Text(
                "{count:,} samples without a value in the split field take no part.",
                count=len(samples) - len(given),
            )
        )
    if not named:
        return _by_groups(samples, given, options, cautions)
    if len(named) < len(values):
        other = next(value for value in values if _words(value) is None)
        raise SampleError(
            "The split field holds {value!r} beside {word!r}",
            where="SPLIT_FIELD",
            advice="Use train, validation, test and dropped alone, or values that are groups.",
            value=other,
            word=named[0],
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
    head = Text(
        "All samples with one of the split field's {count:,} values are on one side.", count=len(values)
    )
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
            "FOLDS is {folds}, but the split field names the parts of one split"
            if folds == 1
            else "FOLDS is {folds}, but the split field names the parts of {field_folds} folds",
            where="FOLDS",
            advice="Set FOLDS to 0, or choose a field whose values are groups.",
            folds=options.folds,
            field_folds=folds,
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
    return Parting(parts, number if folds > 1 else np.zeros(len(samples), np.int64), groups), joined(head)


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


def is_shared(train: Int64Array, validation: Int64Array) -> bool:
    """Whether the training samples themselves validate, for want of others."""
    return bool(np.isin(validation, train).any())
