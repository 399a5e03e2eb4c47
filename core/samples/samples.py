"""Samples: labelled pixels of a raster, and the codes of their classes.

Class values of users may have gaps, be negative or large. Models need the codes 0, 1, …, n - 1.

>>> encode(np.array([10, 30]), class_values=(10, 20, 30))   # array([0, 2])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass, LostClass, class_label
from ..errors import SampleError
from ..progress import Progress
from ..text import Text

NO_GROUP = -1
"""Group of a sample that comes from a label raster."""
REPLACEMENT_CHARACTER = "\ufffd"
"""Character that stands for bytes which are not text in the encoding that was assumed."""
UNKNOWN = -1
"""Code of a value that is not a class value."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Labelled pixels of a raster, each at most once.

    Attributes:
        rows: Row of each sample in the raster, shape (N,).
        columns: Column of each sample in the raster, shape (N,).
        codes: Class of each sample as an index into ``classes``, shape (N,).
        groups: Number of the polygon or point of each sample, ``NO_GROUP`` from a label raster,
            shape (N,).
        classes: Classes of the samples, sorted by value.
        stands_for: Number of labelled pixels that one sample of each class stands for. It is above 1
            where only a fraction of the labels was drawn, and gives the natural proportions.
        field_codes: Value of the split field of each sample as an index into ``field_values``, -1
            without a value, shape (N,); None without such a field.
        field_values: Values of the split field.
        weights: Number of labelled pixels that each sample stands for, from a sample layer that was
            written before, shape (N,); used for the proportions of the classes and not for drawing.
            None otherwise.
        lost: Classes of which no label could be used.
    """

    rows: Int64Array
    columns: Int64Array
    codes: Int64Array
    groups: Int64Array
    classes: tuple[LandCoverClass, ...]
    stands_for: tuple[float, ...]
    field_codes: Int64Array | None = None
    field_values: tuple[str, ...] = ()
    weights: Float64Array | None = None
    lost: tuple[LostClass, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_groups(self) -> bool:
        """Whether every sample belongs to a polygon or point."""
        return bool(np.all(self.groups != NO_GROUP))

    @property
    def has_areas(self) -> bool:
        """Whether samples belong to polygons, of which at least one has several."""
        return self.has_groups and len(np.unique(self.groups)) < len(self)

    def subset(self, chosen: Int64Array | BoolArray) -> Samples:
        """Return some of the samples.

        Args:
            chosen: Indices of the samples (M,), or a mask (N,).
        """
        return replace(
            self,
            rows=self.rows[chosen],
            columns=self.columns[chosen],
            codes=self.codes[chosen],
            groups=self.groups[chosen],
            field_codes=None if self.field_codes is None else self.field_codes[chosen],
            weights=None if self.weights is None else self.weights[chosen],
        )

    @property
    def pixel_coordinates(self) -> Int64Array:
        """Row and column of each sample in the raster, int64, shape (N, 2)."""
        return np.stack([self.rows, self.columns], axis=1)

    def having(self, word: str) -> BoolArray:
        """Return whether the split field of each sample contains a word, shape (N,)."""
        # The last entry is that of samples without a value, whose code is -1.
        contains = np.array([*(word in value.lower().split() for value in self.field_values), False])
        return contains[self.field_codes] if self.field_codes is not None else np.zeros(len(self), np.bool_)

    def names(self, codes: Iterable[int]) -> str:
        """Return the names of classes, separated by commas."""
        return ", ".join(self.classes[code].name for code in codes)

    def absent(self, chosen: Int64Array) -> tuple[int, ...]:
        """Return the codes of the classes without a sample among the indices ``chosen`` (M,)."""
        counts = np.bincount(self.codes[chosen], minlength=len(self.classes))
        return tuple(np.flatnonzero(counts == 0).tolist())

    def labelled_pixels(self, chosen: Int64Array | BoolArray) -> Float64Array:
        """Return the number of labelled pixels per class that some samples stand for, shape (classes,).

        Args:
            chosen: Indices of the samples (M,), or a mask (N,).
        """
        counts = np.bincount(
            self.codes[chosen],
            weights=None if self.weights is None else self.weights[chosen],
            minlength=len(self.classes),
        )
        return counts * (np.asarray(self.stands_for) if self.weights is None else 1.0)

    def counts(self) -> Int64Array:
        """Return the number of samples per class, shape (classes,)."""
        return np.bincount(self.codes, minlength=len(self.classes)).astype(np.int64)

    def counts_by_label(self) -> dict[str, int]:
        """Return the number of samples of each class that has any, by ``class_label``."""
        pairs = zip(self.classes, self.counts().tolist(), strict=True)
        return {class_label(item): count for item, count in pairs if count}

    def present(self) -> Samples:
        """Return the same samples without the classes that have none."""
        has_samples = self.counts() > 0
        if has_samples.all():
            return self
        pairs = zip(self.classes, self.stands_for, has_samples.tolist(), strict=True)
        chosen = [(item, number) for item, number, is_present in pairs if is_present]
        return replace(
            self,
            codes=(np.cumsum(has_samples) - 1)[self.codes].astype(np.int64),
            classes=tuple(item for item, _ in chosen),
            stands_for=tuple(number for _, number in chosen),
        )


def check_samples(samples: Samples, where: str) -> None:
    """Require at least two classes, and two samples of each.

    Args:
        samples: Samples to train with.
        where: File or layer of the samples, for the error.

    Raises:
        SampleError: There is only one class, or a class has fewer than two samples.
    """
    if len(samples.classes) < 2:
        only = samples.classes[0].name if samples.classes else Text("none")
        raise SampleError(
            "The samples must have at least two classes (got one: {name})",
            where=where,
            advice="Digitize samples of a second class, or choose the field that holds the class.",
            name=only,
        )
    for item, count in zip(samples.classes, samples.counts(), strict=True):
        if count < 2:
            raise SampleError(
                "Class {label} has fewer than two samples",
                where=where,
                advice="Digitize more samples of this class, or leave it out.",
                label=class_label(item),
            )


def warn_of_names(classes: Iterable[LandCoverClass], progress: Progress) -> None:
    """Warn of class names that were read in a wrong encoding.

    Args:
        classes: Classes of the samples.
        progress: Progress reporter.
    """
    broken = [class_label(item) for item in classes if REPLACEMENT_CHARACTER in item.name]
    if broken:
        progress.log(
            "Names of classes hold the replacement character (U+FFFD), so letters are lost: {names}. Their "
            "file "
            "was read in a wrong encoding. Set it in Layer Properties > Source, and train again.",
            "warning",
            names=", ".join(broken),
        )


def log_samples(samples: Samples, progress: Progress) -> None:
    """Log the number of samples of each class, and warn of names that were read in a wrong encoding."""
    warn_of_names(samples.classes, progress)
    progress.log(
        "{count:,} samples: {classes}.",
        count=len(samples),
        classes=describe_counts(samples.classes, samples.counts()),
    )


def describe_counts(classes: Sequence[LandCoverClass], counts: Int64Array) -> str:
    """Return ``1 Water: 120, 2 Forest: 4,500`` for the log."""
    return ", ".join(
        f"{class_label(item)}: {int(count):,}" for item, count in zip(classes, counts, strict=True)
    )


def encode(values: npt.NDArray[np.integer], class_values: Sequence[int]) -> Int64Array:
    """Return the code of each class value: its index in ``class_values``, ``UNKNOWN`` if it is not there.

    Args:
        values: Class values of any shape.
        class_values: Values of the classes, ascending.
    """
    known = np.asarray(class_values, dtype=np.int64)
    wide = values.astype(np.int64)
    codes = np.searchsorted(known, wide).clip(max=len(known) - 1)
    return np.where(known[codes] == wide, codes, UNKNOWN).astype(np.int64)


def decode(codes: Int64Array, class_values: Sequence[int]) -> Int64Array:
    """Return the class value of each code.

    Args:
        codes: Indices into ``class_values``, of any shape.
        class_values: Values of the classes, ascending.
    """
    return np.asarray(class_values, dtype=np.int64)[codes]
