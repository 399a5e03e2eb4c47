"""Search for a sample design: the candidates, in order of preference, and their evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Int64Array
from ..classes import class_label
from .decorrelation import decorrelation_range
from .draw import draw_naturally
from .field_split import field_design
from .group_split import ENOUGH, TEST, UNUSED, Parting, blocks_of, count_by_group, part_at_random, part_groups
from .samples import Samples
from .split_design import Design, Separated, SplitOptions, cautions_of, check_method, separate

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
            f"There are {len(separated)} folds: each was tested once, by a model of its own that was trained "
            "and validated on the others."
        )
    elif is_folded:
        sentences.append(
            f"There are {len(separated)} folds: each was tested once, by a model of its own that was trained "
            "on the others."
        )
    # Any two pixels are one apart.
    if distance > 1:
        gave_way = any(item.by_test or item.near_validation or item.near_test for item in separated)
        dropped = round(float(np.mean([len(item.split.dropped) for item in separated])))
        cost = f", for which {dropped:,} samples{' a fold' if is_folded else ''} were left out"
        sentences.append(
            f"{'Training, validation and test' if has_validation else 'Training and test'} lie at least "
            f"{distance} pixels apart in rows or columns"
            f"{', but for classes named below' if gave_way else ''}{cost if dropped else ''}."
        )
    if is_folded:
        sentences.append(
            "The figures are those of the folds' tests together; the saved model was trained on the samples "
            "of all folds afterwards, and was not tested itself."
        )
    return " ".join(sentences)


def design_samples(samples: Samples, options: SplitOptions) -> Design:
    """Return the sample design: about 60 % training, 20 % validation and 20 % test of each class.

    With folds, each fold's share is tested. Of the rest a quarter validates where a model needs that,
    else all of it trains. Blocks are
    ``block_size`` pixels wide, else as wide as the range at which labels decorrelate, but three
    windows at least; where the classes do not fit into such blocks, half of that and so on, down
    to one window.

    Args:
        samples: At least two of every class.
        options: How.

    Raises:
        ParameterError: There is no such method, or the field does not fit the options.
        SampleError: The field's values cannot be used.
    """
    check_method(options.method)
    if options.method == "random":
        return random_design(samples, options)
    if options.method == "field":
        return field_design(samples, options)
    candidates = _candidates(samples, options)
    best = next(candidates)
    while not _is_good(best, len(samples.classes)):
        other = next(candidates, None)
        if other is None:
            break
        best = max(best, other, key=_score)
    return best.design


def preferred_design(samples: Samples, options: SplitOptions) -> Design | None:
    """Return the first design that ``design_samples`` may choose, None where the data cannot carry it."""
    if options.method in ("random", "field"):
        return design_samples(samples, options)
    check_method(options.method)
    first = next(_candidates(samples, options))
    leaves_plenty = first.kept >= _PLENTY or not samples.has_groups
    return first.design if leaves_plenty and _is_good(first, len(samples.classes)) else None


def _is_good(candidate: Candidate, classes: int) -> bool:
    """Return whether every class trains and is tested, enough trains, and half the classes validate."""
    return _score(candidate) >= (2.0 * classes, _WORTHWHILE, classes / 2)


def _score(candidate: Candidate) -> tuple[float, float, float]:
    """Return what makes a candidate better than another; of equals the first is taken."""
    return round(candidate.proven, 6), min(candidate.kept, _WORTHWHILE), candidate.validated


def _candidates(samples: Samples, options: SplitOptions) -> Iterator[Candidate]:
    """Yield the designs to consider, the preferred ones first."""
    because = ""
    if options.method in ("auto", "polygons"):
        because = _why_not_polygons(samples, options.method)
        if not because:
            are_points = len(np.unique(samples.groups)) == len(samples)
            head = f"Each {'point is on one side' if are_points else 'polygon is wholly on one side'}."
            parting = _parting(samples, samples.groups, options)
            yield carry_out(samples, "polygons", head, parting, options)
            if options.method == "polygons":
                return
            because = "The gap between whole polygons or points would take too many samples."
    for side, why in _block_sides(samples, options):
        blocks = f"{because} Each spatial block of {side} pixels is wholly on one side{why}.".lstrip()
        parting = _parting(samples, blocks_of(samples, side), options)
        yield carry_out(samples, "blocks", blocks, parting, options)


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
            return f"Class {class_label(item)} has fewer than three polygons or points."
    return ""


def _block_sides(samples: Samples, options: SplitOptions) -> Iterator[tuple[int, str]]:
    """Yield sides of blocks in pixels, and what is to be said of them."""
    if options.block_size:
        yield options.block_size, ""
        return
    three, two, one = (windows * options.window for windows in _BLOCK_WINDOWS)
    found = decorrelation_range(samples, options.seed)
    widest = max(three, round(found or 0.0))
    times = f"three times the {options.window} that the model looks at"
    if widest > three:
        why = "the distance over which labels are alike"
    elif found is None:
        why = f"{times}; how far labels are alike cannot be told"
    else:
        why = f"{times}; labels are alike over {max(1, round(found))}"
    needed = max(_BLOCKS_NEEDED, 2 * options.folds)
    sides = [widest]
    while sides[-1] > three:
        sides.append(max(three, sides[-1] // 2))
    for side in (*sides, two, one):
        words = why
        if side != widest:
            words = f"not {widest}, {why}, for these would be too few for all classes, or leave too little"
        if side == one or len(np.unique(blocks_of(samples, side))) >= needed:
            yield side, f" ({words})"
