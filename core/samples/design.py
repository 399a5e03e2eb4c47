"""The sample design: which samples train, validate and test, and what that proves.

Neighbouring patches overlap, so a split by pixel proves nothing. Whole polygons, blocks of ground
or groups of the user's go to one side, with a gap between the sides. Where the data cannot carry
this, the design gives way in this order, and says so: blocks instead of polygons, where ``auto``
may choose; smaller blocks; no gap between validation and test for a class that would have no
validation; none between training and validation, then none between training and test, for a
class that would have too little training; no validation; no test.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..errors import ParameterError
from .assignment import UNUSED
from .draw import Limits, draw_by_class
from .samples import Integers, Mask, Samples, describe_counts
from .split import Split

SUGGESTED_WORD = "suggested"
"""In the split field, of samples that a model asked for: they train, but tell nothing of proportions."""
METHODS = ("auto", "polygons", "blocks", "field", "random")


@dataclass(frozen=True)
class SplitOptions:
    """How to split.

    Attributes:
        method: One of ``METHODS``; ``auto`` keeps whole polygons together where every class has
            three of them and the gap leaves enough to train with, else blocks.
        window: Side of the widest square that a model looks at, in pixels.
        buffer: Gap between the parts in pixels; 0 is ``window``.
        block_size: Side of a block in pixels; 0 chooses.
        folds: How many; 0 is one split.
        limits: Most samples of each part.
        seed: Repeats the split.
        needs_validation: Whether validation samples choose the epoch. Where they do not, as for trees,
            folds have none: everything that a fold does not test trains, and the tests of the folds
            calibrate. A single split has them all the same, to calibrate with.
    """

    method: str = "auto"
    window: int = 32
    buffer: int = 0
    block_size: int = 0
    folds: int = 0
    limits: Limits = field(default_factory=Limits)
    seed: int = 0
    needs_validation: bool = True

    @property
    def distance(self) -> int:
        """The gap in pixels."""
        return self.buffer or self.window


@dataclass(frozen=True, eq=False)
class Design:
    """One split, or one a fold, and what they prove.

    Attributes:
        method: One of ``METHODS``, ``auto`` resolved.
        done: What was done, whole sentences.
        cautions: What it does not prove, whole sentences.
        splits: Of each fold, or the only one.
        folds: The fold that tests a sample, from 1; 0 is none (N,).
        clusters: What was kept whole: number of each sample's polygon, block or value; of a
            random split, the sample itself (N,).
        final: What the saved model is trained with after the folds; None without folds.
        proportions: Of the classes among the labels that are not tested, before any were drawn; with
            folds among all (classes,). None before ``only_used``.
    """

    method: str
    done: str
    cautions: tuple[str, ...]
    splits: tuple[Split, ...]
    folds: Integers
    clusters: Integers
    final: Split | None = None
    proportions: tuple[float, ...] | None = None

    @property
    def note(self) -> str:
        """What was done and what it does not prove."""
        return " ".join((self.done, *self.cautions))

    @property
    def saved(self) -> Split:
        """The split that the saved model is trained with."""
        return self.final or self.splits[0]

    @property
    def test(self) -> Integers:
        """The test samples of all folds, one fold after the other."""
        return np.concatenate([split.test for split in self.splits])


def only_used(samples: Samples, design: Design, limits: Limits, seed: int) -> tuple[Samples, Design]:
    """Return the samples that some split uses, and the design as indices into those.

    A design with folds gets its ``final`` split: all of them train, at most ``max_per_class``.
    """
    parts = [
        part
        for split in design.splits
        for part in (split.train, split.validation, split.calibration, split.test)
    ]
    used = np.unique(np.concatenate(parts))
    position = np.full(len(samples), UNUSED, dtype=np.int64)
    position[used] = np.arange(len(used))
    splits = tuple(
        Split(
            position[split.train],
            position[split.validation],
            position[split.test],
            calibration=position[split.calibration],
        )
        for split in design.splits
    )
    kept = samples.subset(used)
    final = None
    if len(splits) > 1:
        everything = np.arange(len(used), dtype=np.int64)
        nothing = everything[:0]
        final = Split(draw_by_class(kept, everything, limits.max_per_class, seed), nothing, nothing)
    return kept, replace(
        design,
        splits=splits,
        folds=design.folds[used],
        clusters=design.clusters[used],
        final=final,
        proportions=_proportions(samples, design),
    )


def without_validation(samples: Samples, design: Design, limits: Limits, seed: int) -> Design:
    """Return a design with folds for a model that no validation samples choose: they train, too.

    A single split stays as it is, for there they calibrate.

    Args:
        samples: The samples of the design.
        design: Of these samples.
        limits: Most training samples of a class.
        seed: Repeats the draw.
    """
    if design.final is None:
        return design

    def taught(split: Split) -> Integers:
        both = np.union1d(split.train, split.validation)
        return draw_by_class(samples, both, limits.max_per_class, seed)

    return replace(
        design,
        splits=tuple(
            replace(split, train=taught(split), validation=split.validation[:0]) for split in design.splits
        ),
    )


def counted_samples(samples: Samples, design: Design) -> Mask:
    """Return which samples tell the classes' proportions (N,): with folds all, else not the test.

    Suggested samples do not, for they were shared out alike among the classes; but those of a class that
    has no others do.
    """
    counted = np.ones(len(samples), dtype=np.bool_)
    if len(design.splits) == 1:
        counted[design.test] = False
    natural = counted & ~samples.having(SUGGESTED_WORD)
    only_suggested = samples.absent(np.flatnonzero(natural))
    return natural | (counted & np.isin(samples.codes, only_suggested))


def _proportions(samples: Samples, design: Design) -> tuple[float, ...]:
    weights = samples.labelled_pixels(counted_samples(samples, design))
    return tuple((weights / max(float(weights.sum()), 1.0)).tolist())


def describe_design(samples: Samples, design: Design) -> tuple[str, ...]:
    """Return the samples of each class in each part, as lines for the log."""

    def line(chosen: Integers, use: str) -> str:
        counts = np.bincount(samples.codes[chosen], minlength=len(samples.classes))
        return f"{len(chosen):,} for {use}: {describe_counts(samples.classes, counts)}."

    if design.final is None:
        split = design.splits[0]
        aside = (line(split.calibration, "calibration"),) if len(split.calibration) else ()
        return (
            line(split.train, "training"),
            line(split.validation, "validation"),
            *aside,
            line(split.test, "test"),
        )
    return (
        *(_fold_line(number, split) for number, split in enumerate(design.splits, start=1)),
        line(design.test, "test in the folds together"),
        line(design.final.train, "training of the saved model"),
    )


def _fold_line(number: int, split: Split) -> str:
    train, held, test = (len(part) for part in (split.train, split.validation, split.test))
    if not held:
        return f"Fold {number}: {train:,} for training, {test:,} for test."
    return f"Fold {number}: {train:,} for training, {held:,} for validation, {test:,} for test."


def check_method(method: str) -> None:
    """Refuse a split that there is not.

    Raises:
        ParameterError: Lists those that there are.
    """
    if method not in METHODS:
        raise ParameterError(f"There is no split {method!r}", advice=f"Choose one of: {', '.join(METHODS)}.")
