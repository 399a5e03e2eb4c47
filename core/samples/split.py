"""Splitting samples into training, validation and test.

Neighbouring patches overlap, so a split by pixel proves nothing. Whole polygons, or blocks of
ground, go to one side, with a patch's width between the sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..classes import class_label
from ..errors import ParameterError
from .assignment import MIN_TRAINING, TEST, TRAIN, VALIDATION, assign_groups, count_by_group
from .gap import Gap, keep_apart
from .samples import Integers, Mask, Samples, describe_counts

METHODS = ("auto", "polygons", "blocks", "random")

# A class needs a group in each of training, validation and test.
_GROUPS_NEEDED = 3
_BLOCK_PATCHES = (3, 2, 1)
# A split whose gap leaves less of the training samples than this is not worth its rigour, while
# another one is to be had.
_WORTHWHILE = 0.25


@dataclass(frozen=True, eq=False)
class Split:
    """Which samples train, validate and test.

    Attributes:
        method: ``polygons``, ``blocks`` or ``random``.
        done: What was done, a sentence.
        cautions: What the split does not prove, whole sentences.
        train: Indices into the samples; validation and test alike.
        validation: The samples that choose the epoch.
        test: The samples that are looked at once, at the end.
    """

    method: str
    done: str
    cautions: tuple[str, ...]
    train: Integers
    validation: Integers
    test: Integers

    @property
    def note(self) -> str:
        """What was done and what it does not prove."""
        return " ".join((self.done, *self.cautions))


@dataclass(frozen=True, eq=False)
class _Plan:
    """A split before it is chosen.

    Attributes:
        split: The split.
        proven: Seats of classes in the three parts, not counting classes for which the gap gave way.
        kept: Share of the training samples that the gap left.
    """

    split: Split
    proven: int
    kept: float

    @property
    def score(self) -> tuple[int, float]:
        """What makes a plan better than another; of equals the first is taken."""
        return self.proven, min(self.kept, _WORTHWHILE)


def split_samples(samples: Samples, method: str, patch_size: int, block_size: int, seed: int) -> Split:
    """Return a split, about 60 % training, 20 % validation and 20 % test of each class.

    ``auto`` keeps whole polygons together where every class has three of them and the gap leaves
    enough of the training samples, else blocks. Blocks are ``block_size`` pixels wide, or 3
    patches; where the classes do not fit into such blocks, 2, then 1 patch.

    Args:
        samples: At least two of every class.
        method: One of ``METHODS``.
        patch_size: In pixels; the gap between the parts.
        block_size: Side of a block in pixels; 0 chooses.
        seed: Repeats the split.
    """
    if method == "random":
        return _random_split(samples, seed)
    best: _Plan | None = None
    for plan in _plans(samples, method, patch_size, block_size, seed):
        if best is None or plan.score > best.score:
            best = plan
        if best.score >= (3 * len(samples.classes), _WORTHWHILE):
            break
    if best is None:
        raise ParameterError(f"There is no split {method!r}", advice=f"Choose one of: {', '.join(METHODS)}.")
    return best.split


def describe_split(samples: Samples, split: Split) -> tuple[str, ...]:
    """Return the samples of each class in each part, as lines for the log."""
    classes = len(samples.classes)
    parts = (("training", split.train), ("validation", split.validation), ("test", split.test))
    return tuple(
        f"{len(chosen):,} for {name}: "
        f"{describe_counts(samples.classes, np.bincount(samples.codes[chosen], minlength=classes))}."
        for name, chosen in parts
    )


def _plans(samples: Samples, method: str, patch_size: int, block_size: int, seed: int) -> Iterator[_Plan]:
    """Yield the splits to consider, the preferred ones first."""
    because = ""
    if method in ("auto", "polygons"):
        reason = _why_not_polygons(samples, method)
        if not reason:
            yield _plan(samples, samples.groups, "polygons", "Whole polygons", patch_size, seed)
            if method == "polygons":
                return
            reason = "The gap between whole polygons or points would take too many samples"
        because = f"{reason}: "
    elif method != "blocks":
        return
    sides = [block_size] if block_size else [patches * patch_size for patches in _BLOCK_PATCHES]
    for side in sides:
        shrunk = f" (not {sides[0]}, which the scene is too small to carry)" if side != sides[0] else ""
        blocks = f"{'s' if because else 'S'}patial blocks of {side} pixels{shrunk}"
        yield _plan(samples, _blocks(samples, side), "blocks", because + blocks, patch_size, seed)


def _why_not_polygons(samples: Samples, method: str) -> str:
    if not samples.has_groups:
        return "The labels are a raster"
    if method == "polygons":
        return ""
    _, counts = count_by_group(samples.groups, samples.codes, len(samples.classes))
    for item, number in zip(samples.classes, (counts > 0).sum(axis=0), strict=True):
        if number < _GROUPS_NEEDED:
            return f"Class {class_label(item)} has fewer than three polygons or points"
    return ""


def _blocks(samples: Samples, side: int) -> Integers:
    columns = samples.columns // side
    return (samples.rows // side) * (int(columns.max()) + 1) + columns


def _plan(samples: Samples, groups: Integers, method: str, head: str, patch_size: int, seed: int) -> _Plan:
    classes = len(samples.classes)
    members, counts = count_by_group(groups, samples.codes, classes)
    parts = assign_groups(counts, seed)[members]
    places = np.stack([samples.rows, samples.columns], axis=1)
    gap = keep_apart(places, samples.codes, parts, patch_size)
    chosen = [np.flatnonzero((parts == part) & gap.kept) for part in (TRAIN, VALIDATION, TEST)]
    done = _done(head, gap, patch_size)
    split = _finished(samples, method, done, _concessions(samples, gap), chosen)
    in_training = int(np.count_nonzero(parts == TRAIN))
    covered = sum(len(np.unique(samples.codes[part])) for part in (split.train, split.validation, split.test))
    proven = covered - 3 * len({*gap.training_near_test, *gap.training_near_validation})
    kept = int(np.count_nonzero((parts == TRAIN) & gap.kept)) / max(1, in_training)
    return _Plan(split, proven, kept)


def _done(head: str, gap: Gap, patch_size: int) -> str:
    dropped = int(np.count_nonzero(~gap.kept))
    cost = f", for which {dropped:,} samples were left out" if dropped else ""
    return (
        f"{head} were kept on one side; the sides' samples lie at least {patch_size} pixels apart "
        f"in rows or columns{cost}."
    )


def _concessions(samples: Samples, gap: Gap) -> list[str]:
    """Return what the split does not prove."""

    def names(codes: Sequence[int]) -> str:
        return ", ".join(samples.classes[code].name for code in codes)

    sentences = []
    if gap.validation_gave_way:
        sentences.append(f"Validation may lie next to the test for: {names(gap.validation_gave_way)}.")
    if gap.training_near_validation:
        sentences.append(
            f"Training may lie next to validation for: {names(gap.training_near_validation)}; "
            "the choice of the epoch is optimistic there."
        )
    if gap.training_near_test:
        sentences.append(
            f"Training may lie next to the test for: {names(gap.training_near_test)}; "
            "their accuracy is not proven and likely too high."
        )
    return sentences


def _random_split(samples: Samples, seed: int) -> Split:
    generator = np.random.default_rng(seed)
    chosen: tuple[list[Integers], ...] = ([], [], [])
    for code in range(len(samples.classes)):
        members = generator.permutation(np.flatnonzero(samples.codes == code))
        spare = max(0, len(members) - MIN_TRAINING)
        test = min(round(0.2 * len(members)), spare)
        validation = min(round(0.2 * len(members)), spare - test)
        chosen[TEST].append(members[:test])
        chosen[VALIDATION].append(members[test : test + validation])
        chosen[TRAIN].append(members[test + validation :])
    caution = (
        "Patches of training and test overlap, so the accuracy is optimistic and proves nothing about "
        "other places."
    )
    parts = [np.sort(np.concatenate(part)) for part in chosen]
    return _finished(samples, "random", "Samples were split at random.", [caution], parts)


def _finished(
    samples: Samples, method: str, done: str, cautions: Sequence[str], parts: Sequence[Integers]
) -> Split:
    """Return the split, with cautions about what is missing in it."""
    train, validation, test = parts
    more = list(cautions)
    untested = _absent(samples, test)
    if not len(test):
        more.append("No samples could be held out for a test; the accuracy is not known.")
    elif len(untested):
        names = ", ".join(samples.classes[code].name for code in untested)
        more.append(f"No test samples could be held out of: {names}; their accuracy is not known.")
    if not len(validation):
        validation = train
        more.append("No samples could be held out for validation; training chooses the epoch.")
    return Split(method, done, tuple(more), train, validation, test)


def _absent(samples: Samples, chosen: Integers | Mask) -> Integers:
    counts = np.bincount(samples.codes[chosen], minlength=len(samples.classes))
    return np.flatnonzero(counts == 0).astype(np.int64)
