"""Sample design: assignment of samples to training, validation and test, and notes on its limits.

Neighbouring patches overlap, so that a random split of pixels overestimates the accuracy. Whole polygons,
blocks or groups of the user are therefore held out, with a gap. If the samples do not allow this, the design
is relaxed in this order, with a note: blocks instead of polygons (with ``auto``); smaller blocks; no gap
between validation and test for a class without validation samples; no gap between training and validation,
then none between training and test, for a class with too few training samples; no validation; no test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..arrays import BoolArray, Int64Array
from ..errors import ParameterError
from ..text import Text, joined
from .draw import Limits, draw_by_class, draw_naturally
from .group_split import MIN_KEPT_FRACTION, TEST, TRAIN, UNUSED, VALIDATION, training_apart, validation_apart
from .samples import Samples, describe_counts

SUGGESTED_WORD = "suggested"
"""Value of the split field of samples from active learning: they train, but do not count for proportions."""
METHODS = ("auto", "polygons", "blocks", "field", "random")


def _no_samples() -> Int64Array:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Split:
    """Assignment of samples to the parts of one split.

    Attributes:
        train: Indices of the training samples, int64.
        validation: Indices of the samples that select the epoch, int64. They are the training samples
            if none could be held out, and empty if nothing is selected.
        test: Indices of the test samples, int64.
        dropped: Indices of the samples that are left out for the gap, int64.
        calibration: Indices of the samples that calibrate probabilities, int64. They are taken from
            validation, so that they do not influence the choice of the epoch.
    """

    train: Int64Array
    validation: Int64Array
    test: Int64Array
    dropped: Int64Array = field(default_factory=_no_samples)
    calibration: Int64Array = field(default_factory=_no_samples)

    @property
    def held_out(self) -> Int64Array:
        """Indices of the samples that the model is not fitted to: validation, calibration and test."""
        validation = self.validation[~np.isin(self.validation, self.train)]
        return np.concatenate([validation, self.calibration, self.test])


@dataclass(frozen=True, eq=False)
class Separated:
    """Split with a gap, and the classes without a gap.

    Attributes:
        split: Assignment of the samples.
        kept: Fraction of the training samples that remains after the gap.
        by_test: Codes of classes whose validation samples may lie next to test samples.
        near_validation: Codes of classes whose training samples may lie next to validation samples.
        near_test: Codes of classes whose training samples may lie next to test samples.
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
    min_fraction: float = MIN_KEPT_FRACTION,
    needs_validation: bool = True,
) -> Separated:
    """Return the split of a partition, with a gap and within limits.

    Validation samples are drawn before the gap is applied to training samples, so that only drawn samples
    cost training samples. Test samples are not drawn here, because they are drawn for all folds together.

    Args:
        samples: Labelled samples.
        parts: TRAIN, VALIDATION, TEST or UNUSED of each sample, int64, shape (N,).
        distance: Width of the gap in rows or in columns, in pixels; 0 for no gap.
        limits: Largest numbers of samples.
        seed: Seed of the draw.
        min_fraction: Smallest fraction of the training samples of a class that the gap may leave.
        needs_validation: Whether training samples validate if none could be held out.
    """
    test, candidates, train = (np.flatnonzero(parts == part) for part in (TEST, VALIDATION, TRAIN))
    apart, by_test = validation_apart(samples, candidates, test, distance)
    validation = draw_naturally(samples, apart, limits.validation, seed)
    gap = training_apart(samples, train, validation, test, distance, min_fraction)
    drawn = draw_by_class(samples, gap.train, limits.max_per_class, seed)
    dropped = np.union1d(np.setdiff1d(candidates, apart), np.setdiff1d(train, gap.train))
    if needs_validation and not len(validation):
        # No samples could be held out, so that the training samples select the epoch.
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
    """Options of a sample design.

    Attributes:
        method: Splitting method, one of ``METHODS``. ``auto`` keeps polygons whole if every class has
            three of them and the gap leaves enough training samples, and uses blocks otherwise.
        window: Side of the widest window that the model uses, in pixels.
        buffer: Width of the gap between the parts, in pixels; 0 means ``window``.
        block_size: Side of a block, in pixels; 0 means automatic.
        folds: Number of folds; 0 means a single split.
        is_auto: Whether the number of folds is a default, which the samples and the split field may change.
        limits: Largest numbers of samples.
        seed: Seed of the split and of all draws.
        needs_validation: Whether validation samples select the epoch. If not, as for trees, folds have
            no validation samples: all samples that a fold does not test train, and the tests of the
            folds calibrate. A single split has validation samples anyway, for calibration.
    """

    method: str = "auto"
    window: int = 32
    buffer: int = 0
    block_size: int = 0
    folds: int = 0
    is_auto: bool = False
    limits: Limits = field(default_factory=Limits)
    seed: int = 0
    needs_validation: bool = True

    @property
    def distance(self) -> int:
        """Width of the gap, in pixels."""
        return self.buffer or self.window


@dataclass(frozen=True, eq=False)
class Design:
    """Sample design: a single split or one split per fold, with notes.

    Attributes:
        method: Splitting method, one of ``METHODS`` without ``auto``.
        done: Sentences on how the samples were split.
        cautions: Sentences on the limits of the design.
        splits: Split of each fold, or the single split.
        folds: Fold that tests each sample, from 1, or 0 for none, int64, shape (N,).
        clusters: Number of each sample's polygon, block or field value, which is not divided; in a
            random split, of the sample itself. int64, shape (N,).
        final: Split that the saved model is trained with after the tests; None before ``only_used``, and
            where the model of the single split is saved.
        proportions: Proportion of each class among all labels, without test samples in a single
            split, shape (classes,). None before ``only_used``.
        is_named: Whether the user's field names the part of each sample. No saved model is trained with
            samples that never train there.
    """

    method: str
    done: str
    cautions: tuple[str, ...]
    splits: tuple[Split, ...]
    folds: Int64Array
    clusters: Int64Array
    final: Split | None = None
    proportions: tuple[float, ...] | None = None
    is_named: bool = False

    @property
    def is_folded(self) -> bool:
        """Whether there are folds, instead of a single split."""
        return len(self.splits) > 1

    @property
    def note(self) -> str:
        """Sentences on how the samples were split, and on the limits of the design."""
        return joined((self.done, *self.cautions))

    @property
    def saved(self) -> Split:
        """Split that the saved model is trained with."""
        return self.final or self.splits[0]

    @property
    def test(self) -> Int64Array:
        """Indices of the test samples of all folds, fold by fold."""
        return np.concatenate([split.test for split in self.splits])


def only_used(samples: Samples, design: Design, limits: Limits, seed: int) -> tuple[Samples, Design]:
    """Return the samples that a design uses, and the design with indices into them.

    The design gets its ``final`` split, in which all samples train, at most ``limits.max_per_class`` per
    class. Samples that the user's field excludes from training do not train there either. A single split
    of the user has no final split. The design gets the proportions of the classes, and a sentence on the
    samples of the saved model.

    Args:
        samples: All samples.
        design: Design of these samples.
        limits: Largest numbers of samples.
        seed: Seed of the draw for the final split.
    """
    parts = [
        part
        for split in design.splits
        for part in (split.train, split.validation, split.calibration, split.test)
    ]
    saved = _saved_samples(samples, design, limits, seed)
    used = np.unique(np.concatenate([*parts, saved]))
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
    final = None
    if design.is_folded or not np.array_equal(saved, np.sort(design.splits[0].train)):
        final = Split(position[saved], used[:0], used[:0])
    return samples.subset(used), replace(
        design,
        done=joined(filter(None, (design.done, *_saved_notes(samples, design, saved, limits, final)))),
        splits=splits,
        folds=design.folds[used],
        clusters=design.clusters[used],
        final=final,
        proportions=_proportions(samples, design),
    )


def _saved_samples(samples: Samples, design: Design, limits: Limits, seed: int) -> Int64Array:
    """Return the indices of the training samples of the saved model, int64, ascending."""
    if design.is_named and not design.is_folded:
        return np.sort(design.splits[0].train)
    eligible = np.arange(len(samples), dtype=np.int64)
    if design.is_folded:
        # Samples that no fold uses are left out, so that a design that was written gives the same model.
        parts = [part for split in design.splits for part in (split.train, split.validation, split.test)]
        eligible = np.unique(np.concatenate(parts))
    if design.is_named:
        tests = np.bincount(design.test, minlength=len(samples))
        eligible = eligible[tests[eligible] < len(design.splits)]
    return draw_by_class(samples, eligible, limits.max_per_class, seed)


def _saved_notes(
    samples: Samples, design: Design, saved: Int64Array, limits: Limits, final: Split | None
) -> list[str]:
    """Return sentences on the samples of the saved model."""
    sentences: list[str] = []
    if final is not None and not design.is_folded:
        sentences.append(
            Text(
                "The figures are those of a model that was trained on {count:,} samples, before the saved "
                "one; the saved model was not tested itself.",
                count=len(design.splits[0].train),
            )
        )
    numbers = {"count": len(saved), "total": len(samples)}
    counts = np.bincount(samples.codes, minlength=len(samples.classes))
    if len(saved) == len(samples):
        sentences.append(Text("The saved model uses all {count:,} samples.", count=len(samples)))
    elif design.is_named and not design.is_folded:
        sentences.append(
            Text(
                "The saved model uses {count:,} of {total:,} samples: those that the split field names for "
                "validation or test, or drops, are not used.",
                **numbers,
            )
        )
    elif 0 < limits.max_per_class < counts.max():
        sentences.append(
            Text(
                "The saved model uses {count:,} of {total:,} samples, at most {limit:,} of a class "
                "(MAX_PER_CLASS).",
                **numbers,
                limit=limits.max_per_class,
            )
        )
    return sentences


def without_validation(samples: Samples, design: Design, limits: Limits, seed: int) -> Design:
    """Return a design in whose folds the validation samples train, for a model without an epoch to select.

    A single split is unchanged, because its validation samples calibrate.

    Args:
        samples: Samples of the design.
        design: Design of these samples.
        limits: Largest numbers of samples.
        seed: Seed of the draw.
    """
    if not design.is_folded:
        return design

    def training_samples(split: Split) -> Int64Array:
        both = np.union1d(split.train, split.validation)
        return draw_by_class(samples, both, limits.max_per_class, seed)

    return replace(
        design,
        splits=tuple(
            replace(split, train=training_samples(split), validation=split.validation[:0])
            for split in design.splits
        ),
    )


def counted_samples(samples: Samples, design: Design) -> BoolArray:
    """Return whether each sample counts for the proportions of the classes, shape (N,).

    With folds all samples count; in a single split, all but the test samples. Suggested samples do not
    count, because they are distributed equally among the classes, unless a class has no others.

    Args:
        samples: Samples of the design.
        design: Design of these samples.
    """
    counted = np.ones(len(samples), dtype=np.bool_)
    if not design.is_folded:
        counted[design.test] = False
    natural = counted & ~samples.having(SUGGESTED_WORD)
    only_suggested = samples.absent(np.flatnonzero(natural))
    return natural | (counted & np.isin(samples.codes, only_suggested))


def _proportions(samples: Samples, design: Design) -> tuple[float, ...]:
    weights = samples.labelled_pixels(counted_samples(samples, design))
    return tuple((weights / max(float(weights.sum()), 1.0)).tolist())


def describe_design(samples: Samples, design: Design) -> tuple[str, ...]:
    """Return log lines with the number of samples per class in each part."""

    def line(indices: Int64Array, use: str) -> str:
        counts = np.bincount(samples.codes[indices], minlength=len(samples.classes))
        return Text(
            "{count:,} samples for {use}: {classes}.",
            count=len(indices),
            use=use,
            classes=describe_counts(samples.classes, counts),
        )

    saved = () if design.final is None else (line(design.final.train, Text("training of the saved model")),)
    if not design.is_folded:
        split = design.splits[0]
        calibration = (line(split.calibration, Text("calibration")),) if len(split.calibration) else ()
        return (
            line(split.train, Text("training")),
            line(split.validation, Text("validation")),
            *calibration,
            line(split.test, Text("test")),
            *saved,
        )
    return (
        *(_fold_line(number, split) for number, split in enumerate(design.splits, start=1)),
        line(design.test, Text("test in the folds together")),
        *saved,
    )


def _fold_line(number: int, split: Split) -> str:
    train, validation, test = (len(part) for part in (split.train, split.validation, split.test))
    if not validation:
        return Text(
            "Fold {number}: {train:,} samples for training, {test:,} for test.",
            number=number,
            train=train,
            test=test,
        )
    return Text(
        "Fold {number}: {train:,} samples for training, {validation:,} for validation, {test:,} for test.",
        number=number,
        train=train,
        validation=validation,
        test=test,
    )


def check_method(method: str) -> None:
    """Require a splitting method that exists.

    Raises:
        ParameterError: ``method`` is not one of ``METHODS``.
    """
    if method not in METHODS:
        raise ParameterError(
            "SPLIT must be one of {choices} (got {name!r})",
            advice="Choose one of these methods.",
            name=method,
            choices=", ".join(METHODS),
        )


def cautions_of(
    samples: Samples, separated: Sequence[Separated], options: SplitOptions, *, has_gap: bool
) -> list[str]:
    """Return sentences on the limits of a design.

    Args:
        samples: Samples of the design.
        separated: Split of each fold, or the single split.
        options: Options that the design was created with.
        has_gap: Whether the method has a gap.
    """
    sentences = _gap_cautions(samples, separated, options) if has_gap else []
    if options.folds > 1 and len(separated) < options.folds and not options.is_auto:
        possible = str(len(separated)) if len(separated) > 1 else Text("a single split")
        sentences.append(
            Text(
                "FOLDS is {folds}, but the groups of samples suffice for {possible}.",
                folds=options.folds,
                possible=possible,
            )
        )
    splits = [item.split for item in separated]
    fold_names = [
        (Text(" in fold {number}", number=number) if len(splits) > 1 else "")
        for number in range(1, len(splits) + 1)
    ]
    for split, fold in zip(splits, fold_names, strict=True):
        untrained = samples.absent(split.train)
        if untrained:
            sentences.append(
                Text(
                    "No training samples{fold} of: {classes}; the model cannot predict these classes.",
                    fold=fold,
                    classes=samples.names(untrained),
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
    for split, fold in zip(splits, fold_names, strict=True):
        if split.validation is split.train:
            sentences.append(
                Text(
                    "No samples could be held out for validation{fold}; training samples select the epoch.",
                    fold=fold,
                )
                if options.needs_validation
                else "No samples could be held out to calibrate probabilities."
            )
    return sentences


def _gap_cautions(samples: Samples, separated: Sequence[Separated], options: SplitOptions) -> list[str]:
    def classes(attribute: str) -> str:
        return samples.names(sorted({code for item in separated for code in getattr(item, attribute)}))

    sentences: list[str] = []
    if options.buffer and options.buffer < options.window:
        sentences.append(
            Text(
                "BUFFER is {buffer} pixels, less than the window of {window} pixels that the model uses: "
                "training and test overlap at their borders, and the accuracy is optimistic.",
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
                "Training may lie next to the test for: {classes}; their accuracy is likely overestimated.",
                classes=classes("near_test"),
            )
        )
    return sentences
