"""Carrying out a split that is thought of, and judging it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .assignment import TEST, UNUSED
from .cautions import cautions_of
from .design import Design, SplitOptions
from .draw import draw_naturally
from .gap import ENOUGH
from .parting import Parting, part_at_random
from .samples import Integers, Samples
from .split import Separated, separate


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
        enough: See ``core.samples.gap.training_apart``.
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


def _with_drawn_test(samples: Samples, parts: Integers, options: SplitOptions) -> Integers:
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
