"""Filters of sequences of classes against impossible or unlikely changes.

A sequence is a column of an array of codes, shape (dates, pixels): 1, 2, … are classes, 0 is no class, such
as under a cloud. Each filter returns a new array, and pixels without a class stay without one unless gaps are
filled. The rules are those of MapBiomas (Souza et al. 2020, https://doi.org/10.3390/rs12172735); the best
sequence of permitted transitions is that of CMAP (Reis et al. 2020), found by dynamic programming (Viterbi)::

    codes = fill_gaps(codes)
    codes = replace_window(codes, 3, order=[2, 1])     # 2 1 2 becomes 2 2 2
    codes = permitted_sequences(codes, transitions)    # with the fewest classes changed
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import BoolArray, Float32Array

Codes = NDArray[np.int16]
"""Codes of classes, shape (dates, pixels)."""
WINDOWS = (3, 4, 5)
"""Lengths of the windows of ``replace_window``."""
MIN_PROBABILITY = 1e-6
"""Probability that a class has at least, so that one date alone forbids nothing."""


def fill_gaps(codes: Codes) -> Codes:
    """Return the codes, with those of pixels without a class from the next date that has one, else the last.

    Args:
        codes: Codes, shape (dates, pixels).
    """
    filled = codes.copy()
    for date in range(len(filled) - 2, -1, -1):
        filled[date] = np.where(filled[date] == 0, filled[date + 1], filled[date])
    for date in range(1, len(filled)):
        filled[date] = np.where(filled[date] == 0, filled[date - 1], filled[date])
    return filled


def replace_first(codes: Codes, order: Sequence[int]) -> Codes:
    """Return the codes, with x v v at the first dates as v v v.

    Args:
        codes: Codes, shape (dates, pixels).
        order: Classes v, one after the other.
    """
    return _replaced_end(codes, order, (0, 1, 2))


def replace_last(codes: Codes, order: Sequence[int]) -> Codes:
    """Return the codes, with v v x at the last dates as v v v.

    Args:
        codes: Codes, shape (dates, pixels).
        order: Classes v, one after the other.
    """
    return _replaced_end(codes, order, (-1, -2, -3))


def _replaced_end(codes: Codes, order: Sequence[int], dates: tuple[int, int, int]) -> Codes:
    result = codes.copy()
    if len(result) < len(dates):
        return result
    end, second, third = dates
    for code in order:
        is_there = (result[second] == code) & (result[third] == code) & (result[end] > 0)
        result[end][is_there] = code
    return result


def replace_window(codes: Codes, length: int, order: Sequence[int]) -> Codes:
    """Return the codes, with v x v as v v v, and accordingly v x x v and v x x x v.

    Args:
        codes: Codes, shape (dates, pixels).
        length: Length of the window: 3, 4 or 5. All dates between the first and the last differ from v.
        order: Classes v, one after the other; for each, windows from the first date to the last, in what the
            windows before have made.
    """
    result = codes.copy()
    for code in order:
        for start in range(len(result) - length + 1):
            is_there = (result[start] == code) & (result[start + length - 1] == code)
            for date in range(start + 1, start + length - 1):
                is_there &= (result[date] != code) & (result[date] > 0)
            for date in range(start + 1, start + length - 1):
                result[date][is_there] = code
    return result


def replace_rare(codes: Codes, fractions: Mapping[int, float]) -> Codes:
    """Return the codes, with sequences that have a class at most dates as this class at all dates.

    Args:
        codes: Codes, shape (dates, pixels).
        fractions: Fraction of the dates with a class, above 0.5, from which on a class is taken, by class.
    """
    result = codes.copy()
    known = np.count_nonzero(codes, axis=0)
    for code, fraction in fractions.items():
        times = np.count_nonzero(codes == code, axis=0)
        # 6 of 8 dates are 75 %.
        is_there = (times > 0) & (times >= fraction * known - 1e-9)
        for row in result:
            row[is_there & (row > 0)] = code
    return result


def permitted_sequences(codes: Codes, is_permitted: BoolArray) -> tuple[Codes, int]:
    """Return the codes without forbidden transitions, and the number of sequences for which there are none.

    Of the sequences of permitted transitions, the one with the fewest other classes is taken; among these the
    one with the fewest changes; among these that with the lowest codes at the last dates. Dates without a
    class are passed over.

    Args:
        codes: Codes, shape (dates, pixels).
        is_permitted: Whether each transition is permitted, shape (classes, classes); code 1 is position 0.
    """
    classes = len(is_permitted)
    is_wrong = has_forbidden(codes, is_permitted)
    result = codes.copy()
    places = np.flatnonzero(is_wrong)
    if not len(places):
        return result, 0
    unique, members = np.unique(codes[:, places], axis=1, return_inverse=True)
    # More than the number of changes of a sequence, so that a class more always weighs more.
    weight = len(codes) + 1.0
    scores = np.full((len(codes), classes, unique.shape[1]), -weight)
    for date in range(len(codes)):
        known = np.flatnonzero(unique[date])
        scores[date, unique[date, known] - 1, known] = 0.0
    steps = np.where(is_permitted, np.eye(classes) - 1.0, -np.inf)
    best, values = best_sequences(scores, steps, unique > 0)
    is_possible = np.isfinite(values)
    best = np.where(is_possible, best, unique)
    result[:, places] = best[:, members.ravel()]
    return result, int(np.count_nonzero(~is_possible[members.ravel()]))


def has_forbidden(codes: Codes, is_permitted: BoolArray) -> BoolArray:
    """Return which sequences have a transition that is not permitted, shape (pixels,).

    Args:
        codes: Codes, shape (dates, pixels).
        is_permitted: Whether each transition is permitted, shape (classes, classes).
    """
    size = len(is_permitted) + 1
    table = np.ones((size, size), dtype=bool)
    table[1:, 1:] = is_permitted
    is_wrong = np.zeros(codes.shape[1], dtype=bool)
    last = codes[0].copy()
    for row in codes[1:]:
        is_wrong |= ~table[last, row]
        last = np.where(row > 0, row, last)
    return is_wrong


def most_probable_sequences(
    codes: Codes, probabilities: Sequence[Float32Array], transitions: NDArray[np.float64]
) -> tuple[Codes, int]:
    """Return the most probable sequences, and the number of those for which none is permitted.

    The probability of a sequence is the product of the probabilities of its classes at all dates and of its
    transitions. Dates without a class in ``codes`` stay without one and are passed over.

    Args:
        codes: Codes of the maps, shape (dates, pixels).
        probabilities: Probability of each class at each date, shape (classes, pixels) each. Where it is NaN,
            the class of the map is taken for certain.
        transitions: Probability of each transition, 0 to 1, shape (classes, classes); 0 forbids it.
    """
    scores = np.empty((len(codes), len(transitions), codes.shape[1]))
    for date, found in enumerate(probabilities):
        scores[date] = np.log(np.maximum(found, MIN_PROBABILITY))
        places = np.flatnonzero(np.isnan(found).any(axis=0) & (codes[date] > 0))
        scores[date, :, places] = np.log(MIN_PROBABILITY)
        scores[date, codes[date, places] - 1, places] = 0.0
    with np.errstate(divide="ignore"):
        steps = np.log(transitions)
    best, values = best_sequences(scores, steps, codes > 0)
    is_possible = np.isfinite(values)
    return np.where(is_possible, best, codes), int(np.count_nonzero(~is_possible))


def best_sequences(
    scores: NDArray[Any], steps: NDArray[Any], valid: BoolArray
) -> tuple[Codes, NDArray[np.float64]]:
    """Return the sequence with the highest sum of scores of each pixel, and this sum (Viterbi 1967).

    Of equal sums, that with the lowest code at the last date is taken, then at the date before, and so on.

    Args:
        scores: Score of each class at each date, shape (dates, classes, pixels).
        steps: Score of each transition, shape (classes, classes); minus infinity forbids it.
        valid: Whether each pixel has a class at each date, shape (dates, pixels). Other dates are passed over
            and get the code 0.

    Returns:
        Codes, shape (dates, pixels), and sums, shape (pixels,); minus infinity where nothing is permitted.
    """
    dates, classes, pixels = scores.shape
    # Where no date before has a class, there is no transition.
    sums = np.where(valid[0], scores[0], 0.0)
    has_begun = valid[0].copy()
    before = np.empty((dates, classes, pixels), dtype=np.int16)
    own = np.arange(classes, dtype=np.int16)[:, None]
    for date in range(1, dates):
        chosen = np.zeros((classes, pixels), dtype=np.int16)
        best = np.full((classes, pixels), -np.inf)
        for source in range(classes):
            for target in range(classes):
                candidate = sums[source] + steps[source, target]
                is_better = candidate > best[target]
                best[target][is_better] = candidate[is_better]
                chosen[target][is_better] = source
        best += scores[date]
        is_first = valid[date] & ~has_begun
        sums = np.where(valid[date], np.where(is_first, scores[date], best), sums)
        before[date] = np.where(valid[date] & has_begun, chosen, own)
        has_begun |= valid[date]
    codes = np.zeros((dates, pixels), dtype=np.int16)
    state = np.argmax(sums, axis=0).astype(np.int16)
    totals = sums[state, np.arange(pixels)]
    for date in range(dates - 1, -1, -1):
        codes[date] = np.where(valid[date], state + 1, 0)
        if date:
            state = before[date, state, np.arange(pixels)]
    return codes, totals
