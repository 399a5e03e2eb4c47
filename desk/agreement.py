"""Agreement of two interpreters: Cohen's kappa with an interval, and the points that they dispute.

>>> agreement([(1, 1), (1, 1), (2, 2), (1, 2)]).kappa
0.5
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Label = int | str
"""Class value or name, as a field holds it."""
_Z = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Agreement:
    """Agreement of two interpreters on the points that both have labelled.

    Attributes:
        points: Number of points with two labels.
        agreed: Number of points with the same label.
        kappa: Cohen's kappa; None where it is not defined, because only one class was used.
        low: Lower end of the 95 % interval of kappa; None where kappa is not defined.
        high: Upper end of the 95 % interval of kappa; None where kappa is not defined.
    """

    points: int
    agreed: int
    kappa: float | None = None
    low: float | None = None
    high: float | None = None


def agreement(pairs: Sequence[tuple[Label, Label]]) -> Agreement:
    """Return the agreement of two interpreters.

    Kappa is that of Cohen (1960, Educational and Psychological Measurement 20), its standard error the
    large-sample one of Fleiss, Cohen and Everitt (1969, Psychological Bulletin 72, equation 13). Where this
    error is 0, as with full agreement, the ends follow from Wilson's interval of the observed agreement, so
    that no interval is without width.

    Args:
        pairs: Labels of the first and of the second interpreter, one pair per point.
    """
    points = len(pairs)
    cells = Counter(pairs)
    agreed = sum(count for (first, second), count in cells.items() if first == second)
    if not points:
        return Agreement(0, 0)
    rows, columns = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    observed = agreed / points
    expected = sum(rows[label] * columns[label] for label in rows) / points**2
    if expected == 1:
        return Agreement(points, agreed)
    kappa = (observed - expected) / (1 - expected)
    error = _standard_error(cells, rows, columns, points, kappa)
    if error > 0:
        low, high = kappa - _Z * error, kappa + _Z * error
    else:
        low, high = ((end - expected) / (1 - expected) for end in _wilson(observed, points))
    return Agreement(points, agreed, kappa, max(low, -1.0), min(high, 1.0))


def disputed(first: Mapping[int, Label], second: Mapping[int, Label]) -> list[int]:
    """Return the ids of the points that both have labelled differently, in the order of the first.

    Args:
        first: Label by id of a point, without the points that are not labelled.
        second: The same of the second interpreter.
    """
    return [point for point, label in first.items() if point in second and second[point] != label]


def _standard_error(
    cells: Counter[tuple[Label, Label]],
    rows: Counter[Label],
    columns: Counter[Label],
    points: int,
    kappa: float,
) -> float:
    expected = sum(rows[label] * columns[label] for label in rows) / points**2
    agreeing = disagreeing = 0.0
    for (first, second), count in cells.items():
        fraction = count / points
        if first == second:
            margins = (rows[first] + columns[first]) / points
            agreeing += fraction * (1 - margins * (1 - kappa)) ** 2
        else:
            disagreeing += fraction * ((columns[first] + rows[second]) / points) ** 2
    inner = agreeing + (1 - kappa) ** 2 * disagreeing - (kappa - expected * (1 - kappa)) ** 2
    # Rounding may leave a little less than 0.
    return math.sqrt(max(inner, 0.0) / points) / (1 - expected) if inner > 1e-12 else 0.0


def _wilson(fraction: float, count: int) -> tuple[float, float]:
    square = _Z**2
    middle = (fraction + square / (2 * count)) / (1 + square / count)
    half = _Z * math.sqrt(fraction * (1 - fraction) / count + square / (4 * count**2)) / (1 + square / count)
    return middle - half, middle + half
