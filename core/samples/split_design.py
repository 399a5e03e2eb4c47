"""Sample design: which samples train, validate and test, and what that proves.

Neighbouring patches overlap, so a random split of pixels proves nothing. Whole polygons, blocks or the
user's groups are held out, with a gap. Where the data cannot support this, the design is relaxed in this
order, and says so: blocks instead of polygons, where ``auto`` may choose; smaller blocks; no gap between
validation and test for a class that would have no validation; none between training and validation, then
none between training and test, for a class that would have too little training; no validation; no test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..arrays import BoolArray, Int64Array
from ..errors import ParameterError
from ..text import Text, joined
from .draw import Limits, draw_by_class, draw_naturally
from .group_split import ENOUGH, TEST, TRAIN, UNUSED, VALIDATION, training_apart, validation_apart
from .samples import Samples, describe_counts

SUGGESTED_WORD = "suggested"
"""In the split field, of samples that a model asked for: they train, but tell nothing of proportions."""
METHODS = ("auto", "polygons", "blocks", "field", "random")


def _none() -> Int64Array:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Split:
    """Which samples train, validate and test.

    Attributes:
        train: Indices into the samples; the others alike.
        validation: The samples that choose the epoch. Where none could be held out they are
            those that train; where nothing is to be chosen there are none.
        test: The samples that are looked at once, at the end.
        dropped: Left out, because they lie too near to held-out samples.
        calibration: Held out to calibrate probabilities with; set aside from validation, so that
            the choice of the epoch does not see them.
    """

    train: Int64Array
    validation: Int64Array
    test: Int64Array
    dropped: Int64Array = field(default_factory=_none)
    calibration: Int64Array = field(default_factory=_none)

    @property
    def held_out(self) -> Int64Array:
        """The samples that the model is not fitted to: validation, calibration and test."""
        validation = self.validation[~np.isin(self.validation, self.train)]
        return np.concatenate([validation, self.calibration, self.test])


@dataclass(frozen=True, eq=False)
class Separated:
    """A split with a gap, and the classes for which the gap gave way.

    Attributes:
        split: The split.
        kept: Share of the training samples that the gap left.
        by_test: Classes whose validation samples may lie next to test samples.
        near_validation: Classes whose training samples may lie next to validation samples.
        near_test: Classes whose training samples may lie next to test samples.
    """

    split: Split
    kept: float
    by_test: tuple[int, ...]
    near_validation: tuple[int, ...]
    near_test: tuple[int, ...]


def separate(
    samples: Samples,
    parts: Int64Array,
    distance: int,
    limits: Limits,
    seed: int,
    enough: float = ENOUGH,
    needs_validation: bool = True,
) -> Separated:
    """Return the split that ``parts`` means, thinned to ``limits`` and with a gap.

    What is judged by is drawn before what must keep away from it: validation, then training.
    The test is taken as it is; it was drawn for all folds together.

    Args:
        samples: The samples.
        parts: TRAIN, VALIDATION, TEST or UNUSED (N,).
        distance: Least difference in rows or in columns between the parts, pixels; 0 is none.
        limits: Most samples of the parts.
        seed: Repeats the draw.
        enough: See ``training_apart``.
        needs_validation: Whether training itself validates where nothing could be held out.
    """
    test, held, train = (np.flatnonzero(parts == part) for part in (TEST, VALIDATION, TRAIN))
    apart, by_test = validation_apart(samples, held, test, distance)
    validation = draw_naturally(samples, apart, limits.validation, seed)
    gap = training_apart(samples, train, validation, test, distance, enough)
    drawn = draw_by_class(samples, gap.train, limits.max_per_class, seed)
    dropped = np.union1d(np.setdiff1d(held, apart), np.setdiff1d(train, gap.train))
    if needs_validation and not len(validation):
        # Nothing could be held out, so training itself chooses the epoch.
        validation = drawn
    return Separated(
        Split(drawn, validation, test, dropped),
        len(gap.train) / max(1, len(train)),
        by_test,
        gap.near_validation,
        gap.near_test,
    )


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
    folds: Int64Array
    clusters: Int64Array
    final: Split | None = None
    proportions: tuple[float, ...] | None = None

    @property
    def note(self) -> str:
        """What was done and what it does not prove."""
        return joined((self.done, *self.cautions))

    @property
    def saved(self) -> Split:
        """The split that the saved model is trained with."""
        return self.final or self.splits[0]

    @property
    def test(self) -> Int64Array:
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

    def taught(split: Split) -> Int64Array:
        both = np.union1d(split.train, split.validation)
        return draw_by_class(samples, both, limits.max_per_class, seed)

    return replace(
        design,
        splits=tuple(
            replace(split, train=taught(split), validation=split.validation[:0]) for split in design.splits
        ),
    )


def counted_samples(samples: Samples, design: Design) -> BoolArray:
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

    def line(chosen: Int64Array, use: str) -> str:
        counts = np.bincount(samples.codes[chosen], minlength=len(samples.classes))
        return Text(
            "{count:,} for {use}: {classes}.",
            count=len(chosen),
            use=use,
            classes=describe_counts(samples.classes, counts),
        )

    if design.final is None:
        split = design.splits[0]
        aside = (line(split.calibration, Text("calibration")),) if len(split.calibration) else ()
        return (
            line(split.train, Text("training")),
            line(split.validation, Text("validation")),
            *aside,
            line(split.test, Text("test")),
        )
    return (
        *(_fold_line(number, split) for number, split in enumerate(design.splits, start=1)),
        line(design.test, Text("test in the folds together")),
        line(design.final.train, Text("training of the saved model")),
    )


def _fold_line(number: int, split: Split) -> str:
    train, held, test = (len(part) for part in (split.train, split.validation, split.test))
    if not held:
        return Text(
            "Fold {number}: {train:,} for training, {test:,} for test.", number=number, train=train, test=test
        )
    return Text(
        "Fold {number}: {train:,} for training, {validation:,} for validation, {test:,} for test.",
        number=number,
        train=train,
        validation=held,
        test=test,
    )


def check_method(method: str) -> None:
    """Refuse a split that there is not.

    Raises:
        ParameterError: Lists those that there are.
    """
    if method not in METHODS:
        raise ParameterError(
            "There is no split {name!r}",
            advice="Choose one of: {choices}.",
            name=method,
            choices=", ".join(METHODS),
        )


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
        found = str(len(separated)) if len(separated) > 1 else Text("a single split")
        sentences.append(
            Text(
                "FOLDS is {folds}, but the groups of samples suffice for {found}.",
                folds=options.folds,
                found=found,
            )
        )
    splits = [item.split for item in separated]
    where = [
        (Text(" in fold {number}", number=number) if len(splits) > 1 else "")
        for number in range(1, len(splits) + 1)
    ]
    for split, fold in zip(splits, where, strict=True):
        lacking = samples.absent(split.train)
        if lacking:
            sentences.append(
                Text(
                    "No training samples{fold} of: {classes}; the model cannot know them.",
                    fold=fold,
                    classes=samples.names(lacking),
                )
            )
    test = np.concatenate([split.test for split in splits])
    untested = samples.absent(test)
    if not len(test):
        sentences.append("No samples could be held out for a test; the accuracy is not known.")
    elif untested:
        sentences.append(
            Text(
                "No test samples could be held out of: {classes}; their accuracy is not known.",
                classes=samples.names(untested),
            )
        )
    for split, fold in zip(splits, where, strict=True):
        if split.validation is split.train:
            sentences.append(
                Text(
                    "No samples could be held out for validation{fold}; training chooses the epoch.",
                    fold=fold,
                )
                if options.needs_validation
                else "No samples could be held out to calibrate probabilities with."
            )
    return sentences


def _about_gap(samples: Samples, separated: Sequence[Separated], options: SplitOptions) -> list[str]:
    def classes(attribute: str) -> str:
        return samples.names(sorted({code for item in separated for code in getattr(item, attribute)}))

    sentences: list[str] = []
    if options.buffer and options.buffer < options.window:
        sentences.append(
            Text(
                "BUFFER is {buffer} pixels, less than the {window} that a model looks at: training "
                "and test overlap at their borders, and the accuracy is optimistic.",
                buffer=options.buffer,
                window=options.window,
            )
        )
    if classes("by_test"):
        sentences.append(
            Text("Validation may lie next to the test for: {classes}.", classes=classes("by_test"))
        )
    if classes("near_validation"):
        sentences.append(
            Text(
                "Training may lie next to validation for: {classes}; the "
                + ("choice of the epoch" if options.needs_validation else "calibration")
                + " is optimistic there.",
                classes=classes("near_validation"),
            )
        )
    if classes("near_test"):
        sentences.append(
            Text(
                "Training may lie next to the test for: {classes}; their accuracy is not proven and "
                "likely too high.",
                classes=classes("near_test"),
            )
        )
    return sentences
