"""Samples: labelled pixels of a raster, and the codes of their classes.

Users' class values may have gaps, be negative or large; networks need the codes 0, 1, ..., n - 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..arrays import BoolArray, Float64Array, Int64Array
from ..classes import LandCoverClass, class_label
from ..errors import SampleError
from ..text import Text

NO_GROUP = -1
"""The group of a sample that belongs to no polygon or point."""
UNKNOWN = -1
"""The code of a value that is no class."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Labelled pixels, each at most once.

    Attributes:
        rows: Rows in the raster (N,).
        columns: Columns in the raster (N,).
        codes: Class of each, an index into ``classes`` (N,).
        groups: Number of the polygon or point that it came from, ``NO_GROUP`` for a label raster (N,).
        classes: The classes, sorted by value.
        stands_for: For each class, how many labelled pixels one of its samples stands for; more
            than 1 where the labels were too many to take them all. Gives natural proportions.
        field_codes: What the user's split field says of each, an index into ``field_values`` (N,);
            None without such a field.
        field_values: The values of that field.
        weights: Of samples that were drawn before and written out, how many labelled pixels each
            stands for (N,); it gives the classes' proportions, not the draw. None otherwise.
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
        """Return the samples at the indices, or where the mask is true, ``chosen``."""
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
    def places(self) -> Int64Array:
        """Rows and columns (N, 2)."""
        return np.stack([self.rows, self.columns], axis=1)

    def having(self, word: str) -> BoolArray:
        """Return which samples have a word in the value of their split field (N,)."""
        # The last one is for samples without a value, whose code is -1.
        found = np.array([*(word in value.lower().split() for value in self.field_values), False])
        return found[self.field_codes] if self.field_codes is not None else np.zeros(len(self), np.bool_)

    def names(self, codes: Iterable[int]) -> str:
        """Return the names of classes for a sentence."""
        return ", ".join(self.classes[code].name for code in codes)

    def absent(self, chosen: Int64Array) -> tuple[int, ...]:
        """Return the classes that none of the samples ``chosen`` has."""
        counts = np.bincount(self.codes[chosen], minlength=len(self.classes))
        return tuple(np.flatnonzero(counts == 0).tolist())

    def labelled_pixels(self, chosen: Int64Array | BoolArray) -> Float64Array:
        """Return how many labelled pixels the samples ``chosen`` stand for, a class (classes,)."""
        counts = np.bincount(
            self.codes[chosen],
            weights=None if self.weights is None else self.weights[chosen],
            minlength=len(self.classes),
        )
        return counts * (np.asarray(self.stands_for) if self.weights is None else 1.0)

    def counts(self) -> Int64Array:
        """Return the number of samples of each class (classes,)."""
        return np.bincount(self.codes, minlength=len(self.classes)).astype(np.int64)


def check_samples(samples: Samples, where: str, dropped: str = "") -> None:
    """Refuse samples that nothing can be learnt from.

    Args:
        samples: What there is.
        where: File or layer, for the message.
        dropped: Why there are fewer than the user drew, a phrase for the message.

    Raises:
        SampleError: There is one class only, or fewer than two samples of a class.
    """
    reason = Text(" after {dropped}", dropped=Text(dropped)) if dropped else ""
    if len(samples.classes) < 2:
        only = samples.classes[0].name if samples.classes else Text("none")
        raise SampleError(
            "The samples have a single class ({name}), but telling classes apart needs two",
            where=where,
            advice="Draw samples of a second class, or choose the field that holds the class.",
            name=only,
        )
    for item, count in zip(samples.classes, samples.counts(), strict=True):
        if count < 2:
            raise SampleError(
                "Class {label} has fewer than two samples{reason}",
                where=where,
                advice="Draw more samples of it, or leave the class out.",
                label=class_label(item),
                reason=reason,
            )


def describe_counts(classes: Sequence[LandCoverClass], counts: Int64Array) -> str:
    """Return ``1 Water: 120, 2 Forest: 4,500`` for the log."""
    return ", ".join(
        f"{class_label(item)}: {int(count):,}" for item, count in zip(classes, counts, strict=True)
    )


def encode(values: npt.NDArray[np.integer], class_values: Sequence[int]) -> Int64Array:
    """Return the index into ``class_values`` of each value, ``UNKNOWN`` where it is none of them.

    Args:
        values: Class values, any shape.
        class_values: The classes' values, ascending.
    """
    known = np.asarray(class_values, dtype=np.int64)
    wide = values.astype(np.int64)
    codes = np.searchsorted(known, wide).clip(max=len(known) - 1)
    return np.where(known[codes] == wide, codes, UNKNOWN).astype(np.int64)


def decode(codes: Int64Array, class_values: Sequence[int]) -> Int64Array:
    """Return the class value of each code, any shape."""
    return np.asarray(class_values, dtype=np.int64)[codes]
