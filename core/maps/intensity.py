"""Transition matrix of two maps, and what it says of change.

The matrix has the class of the earlier map in the rows and that of the later map in the columns::

    matrix = ChangeMatrix(classes, hectares)
    matrix.of_classes()[0].gain            # hectares that became the first class
    matrix.components().exchange           # hectares that two classes swapped between places
    intensity(matrix, years=3.0).gains[0]  # gain of the first class in per cent of its area and year

With C the matrix in hectares, C_i+ the sum of a row and C_+j that of a column, the gain of class j is
C_+j - C_jj, its loss C_j+ - C_jj, its net change gain - loss, and its swap 2 min(gain, loss), so that
gain + loss = |net| + swap (Pontius, Shusas and McEachern 2004, https://doi.org/10.1016/j.agee.2003.09.008).
Over all classes, quantity + exchange + shift is the area of change (Pontius and Santacruz 2014,
https://doi.org/10.1080/2150704X.2014.969814). Intensity analysis is that of Aldwaik and Pontius 2012
(https://doi.org/10.1016/j.landurbplan.2012.02.010), for one interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Float64Array
from ..classes import LandCoverClass


@dataclass(frozen=True)
class ClassChange:
    """Change of one class in hectares.

    Attributes:
        before: Area in the earlier map.
        after: Area in the later map.
        persistence: Area with the class in both maps.
        gain: Area that became this class.
        loss: Area that was this class and is another.
        net: Gain minus loss.
        swap: Area that was lost in one place and gained in another, twice the smaller of gain and loss.
    """

    before: float
    after: float
    persistence: float
    gain: float
    loss: float
    net: float
    swap: float

    def annual_rate(self, years: float) -> float | None:
        """Return the rate r of compound change, after = before exp(r years), as a fraction per year.

        It is that of Puyravaud 2003 (https://doi.org/10.1016/S0378-1127(02)00335-3); None where the class
        is missing in one of the maps, or the duration is not known.
        """
        if years <= 0 or self.before <= 0 or self.after <= 0:
            return None
        return math.log(self.after / self.before) / years


@dataclass(frozen=True)
class ChangeComponents:
    """Components of the area of change in hectares.

    Attributes:
        total: Area of change.
        quantity: Part that changes the areas of the classes.
        exchange: Part in which two classes take each other's places.
        shift: Rest: places that move among three or more classes.
    """

    total: float
    quantity: float
    exchange: float
    shift: float


@dataclass(frozen=True, eq=False)
class ChangeMatrix:
    """Transition matrix.

    Attributes:
        classes: Classes of both maps; a class may be missing in one of them.
        hectares: Area by class of the earlier map (rows) and of the later one, shape (classes, classes).
    """

    classes: tuple[LandCoverClass, ...]
    hectares: Float64Array

    @property
    def total(self) -> float:
        """Area with a class in both maps, in hectares."""
        return float(self.hectares.sum())

    @property
    def changed(self) -> float:
        """Area of change in hectares."""
        return float(self.hectares.sum() - np.trace(self.hectares))

    def of_classes(self) -> tuple[ClassChange, ...]:
        """Return the change of each class."""
        changes = []
        for code in range(len(self.classes)):
            before, after = float(self.hectares[code].sum()), float(self.hectares[:, code].sum())
            same = float(self.hectares[code, code])
            # The cells of change alone, because a difference of large sums would leave a rest.
            others = np.arange(len(self.classes)) != code
            gain, loss = (
                float(self.hectares[others, code].sum()),
                float(self.hectares[code, others].sum()),
            )
            changes.append(ClassChange(before, after, same, gain, loss, gain - loss, 2 * min(gain, loss)))
        return tuple(changes)

    def components(self) -> ChangeComponents:
        """Return the components of the area of change."""
        changes = self.of_classes()
        total = sum(item.gain for item in changes)
        quantity = sum(abs(item.net) for item in changes) / 2
        upper = np.triu(np.minimum(self.hectares, self.hectares.T), 1)
        exchange = 2 * float(upper.sum())
        # Rounding alone can make it negative.
        return ChangeComponents(total, quantity, exchange, max(0.0, total - quantity - exchange))

    def grouped(self, groups: Mapping[int, str], colors: Mapping[str, str]) -> ChangeMatrix:
        """Return the matrix of groups of classes; change within a group is persistence.

        Args:
            groups: Name of the group of each class value; a class without one is a group of its own.
            colors: Colour of each group; a group without one has that of its first class.
        """
        names = [groups.get(item.value) or item.name for item in self.classes]
        order = list(dict.fromkeys(names))
        first = {name: self.classes[names.index(name)].color for name in order}
        classes = tuple(
            LandCoverClass(number + 1, name, colors.get(name) or first[name])
            for number, name in enumerate(order)
        )
        members = np.zeros((len(names), len(order)))
        members[np.arange(len(names)), [order.index(name) for name in names]] = 1
        return ChangeMatrix(classes, members.T @ self.hectares @ members)


@dataclass(frozen=True)
class TransitionIntensity:
    """Intensity of a transition compared with that of its class in general.

    Attributes:
        source: Position of the class that is left.
        target: Position of the class that is reached.
        into: Area of the transition per area of the earlier class, a fraction per year.
        uniform_into: The same if the target had gained from all other classes alike.
        out_of: Area of the transition per area of the later class, a fraction per year.
        uniform_out_of: The same if the source had lost to all other classes alike.
    """

    source: int
    target: int
    into: float
    uniform_into: float
    out_of: float
    uniform_out_of: float

    @property
    def is_targeted(self) -> bool:
        """Whether the gain of the target comes from the source more than its area would let expect."""
        return self.into > self.uniform_into


@dataclass(frozen=True)
class IntensityAnalysis:
    """Intensity analysis of one interval. All intensities are fractions per year.

    Attributes:
        years: Duration of the interval; 1 where it is not known, and fractions are those of the interval.
        change: Area of change per area: the uniform intensity of gains and losses.
        gains: Gain of each class per area of the class in the later map; None where it has none.
        losses: Loss of each class per area of the class in the earlier map; None where it has none.
        transitions: Intensity of each transition that occurs.
    """

    years: float
    change: float
    gains: tuple[float | None, ...]
    losses: tuple[float | None, ...]
    transitions: tuple[TransitionIntensity, ...]


def intensity(matrix: ChangeMatrix, years: float = 1.0) -> IntensityAnalysis:
    """Return the intensity analysis of a transition matrix.

    A class gains or loses actively where its intensity is above that of change as a whole, else it is
    dormant. A gain targets the classes whose intensity is above the uniform one, and avoids the others.

    Args:
        matrix: Transition matrix.
        years: Duration of the interval in years, above 0.
    """
    areas, total = matrix.hectares, matrix.total
    changes = matrix.of_classes()
    transitions = []
    for source, target in zip(*np.nonzero(areas), strict=True):
        if source == target:
            continue
        area, lost, gained = float(areas[source, target]), changes[source], changes[target]
        transitions.append(
            TransitionIntensity(
                int(source),
                int(target),
                area / lost.before / years,
                _fraction(gained.gain, total - gained.before, years),
                area / gained.after / years,
                _fraction(lost.loss, total - lost.after, years),
            )
        )
    return IntensityAnalysis(
        years,
        matrix.changed / total / years if total else 0.0,
        tuple(item.gain / item.after / years if item.after else None for item in changes),
        tuple(item.loss / item.before / years if item.before else None for item in changes),
        tuple(transitions),
    )


def _fraction(part: float, whole: float, years: float) -> float:
    return part / whole / years if whole > 0 else 0.0


def matrix_of(hectares: Mapping[tuple[int, int], float], classes: Sequence[LandCoverClass]) -> ChangeMatrix:
    """Return the transition matrix of areas by pair of class values.

    Args:
        hectares: Area in hectares by class value before and after.
        classes: Classes, among them all that occur.
    """
    codes = {item.value: code for code, item in enumerate(classes)}
    areas = np.zeros((len(classes), len(classes)))
    for (before, after), area in hectares.items():
        areas[codes[before], codes[after]] += area
    return ChangeMatrix(tuple(classes), areas)
