"""One division of the samples into training, validation and test."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .assignment import TEST, TRAIN, VALIDATION
from .draw import Limits, draw_by_class, draw_naturally
from .gap import ENOUGH, training_apart, validation_apart
from .samples import Integers, Samples


def _none() -> Integers:
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

    train: Integers
    validation: Integers
    test: Integers
    dropped: Integers = field(default_factory=_none)
    calibration: Integers = field(default_factory=_none)

    @property
    def held_out(self) -> Integers:
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
    parts: Integers,
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
