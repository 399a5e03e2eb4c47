"""Filters of sequences, against plain loops over one pixel and all possible sequences."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from deep_land_cover.core.maps.temporal_filters import (
    best_sequences,
    fill_gaps,
    has_forbidden,
    most_probable_sequences,
    permitted_sequences,
    replace_first,
    replace_last,
    replace_rare,
    replace_window,
)

RNG = np.random.default_rng(11)
CODES = RNG.integers(0, 4, (6, 400)).astype(np.int16)
ORDER = (2, 1, 3)


def columns(function):
    """Return the results of a function of one sequence for all sequences of ``CODES``."""
    return np.array([function(list(column)) for column in CODES.T.tolist()]).T


def test_gaps_get_the_next_class_else_the_last() -> None:
    def plain(line):
        filled = list(line)
        for date, value in enumerate(line):
            if value == 0:
                later = [item for item in line[date + 1 :] if item]
                earlier = [item for item in line[:date] if item]
                filled[date] = later[0] if later else earlier[-1] if earlier else 0
        return filled

    assert (fill_gaps(CODES) == columns(plain)).all()


def test_ends_follow_two_equal_dates() -> None:
    def first(line):
        for value in ORDER:
            if line[1] == line[2] == value and line[0]:
                line[0] = value
        return line

    def last(line):
        return first(line[::-1])[::-1]

    assert (replace_first(CODES, ORDER) == columns(first)).all()
    assert (replace_last(CODES, ORDER) == columns(last)).all()
    # A class that is not named is left alone, and so are series that are too short.
    assert (replace_first(CODES, ()) == CODES).all() and (replace_last(CODES[:2], ORDER) == CODES[:2]).all()


@pytest.mark.parametrize("length", [3, 4, 5])
def test_windows_close_between_equal_dates(length: int) -> None:
    def plain(line):
        for value in ORDER:
            for start in range(len(line) - length + 1):
                inner = line[start + 1 : start + length - 1]
                ends = line[start], line[start + length - 1]
                if ends == (value, value) and all(item not in (0, value) for item in inner):
                    line[start + 1 : start + length - 1] = [value] * (length - 2)
        return line

    found = replace_window(CODES, length, ORDER)
    assert (found == columns(plain)).all() and (found != CODES).any()


def test_a_class_at_most_dates_is_the_class_at_all() -> None:
    def plain(line):
        known = [item for item in line if item]
        for value, fraction in ((1, 0.75), (3, 0.6)):
            if known and known.count(value) and known.count(value) / len(known) >= fraction:
                return [value if item else 0 for item in line]
        return line

    assert (replace_rare(CODES, {1: 0.75, 3: 0.6}) == columns(plain)).all()


PERMITTED = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)


def allowed(line, permitted=PERMITTED):
    known = [item for item in line if item]
    return all(permitted[a - 1, b - 1] for a, b in itertools.pairwise(known))


def test_forbidden_transitions_go_with_the_fewest_other_classes() -> None:
    found, unsolved = permitted_sequences(CODES, PERMITTED)
    assert unsolved == 0 and not has_forbidden(found, PERMITTED).any()
    for before, after in zip(CODES.T.tolist()[:120], found.T.tolist()[:120], strict=True):
        assert has_forbidden(np.array([before]).T, PERMITTED)[0] != allowed(before)
        if allowed(before):
            assert after == before
            continue
        options = itertools.product(*([1, 2, 3] if item else [0] for item in before))

        def cost(line, before=before):
            known = [item for item in line if item]
            changes = sum(a != b for a, b in itertools.pairwise(known))
            return sum(a != b for a, b in zip(line, before, strict=True)), changes

        assert allowed(after) and cost(after) == min(cost(line) for line in options if allowed(line))


def test_what_nothing_permits_stays_and_is_counted() -> None:
    found, unsolved = permitted_sequences(CODES[:, :50], np.zeros((3, 3), dtype=bool))
    several = (CODES[:, :50] > 0).sum(axis=0) > 1
    assert unsolved == several.sum() and (found == CODES[:, :50]).all()


def test_the_most_probable_sequence_is_the_best_of_all() -> None:
    transitions = np.array([[0.8, 0.2, 0.0], [0.1, 0.9, 0.3], [1.0, 0.0, 0.7]])
    codes = CODES[:5, :60]
    probabilities = RNG.dirichlet(np.ones(3), (5, 60)).transpose(0, 2, 1).astype(np.float32)
    probabilities[2, :, 7] = np.nan
    found, unsolved = most_probable_sequences(codes, probabilities, transitions)
    assert unsolved == 0
    for place in range(codes.shape[1]):
        valid = [date for date in range(5) if codes[date, place]]
        if not valid:
            continue

        def score(line, place=place, valid=valid):
            total = 0.0
            for date, code in zip(valid, line, strict=True):
                value = float(probabilities[date, code - 1, place])
                if math.isnan(value):
                    value = 1.0 if code == codes[date, place] else 0.0
                total += math.log(max(value, 1e-6))
            for a, b in itertools.pairwise(line):
                step = transitions[a - 1, b - 1]
                total += math.log(step) if step else -math.inf
            return total

        best = max(score(line) for line in itertools.product([1, 2, 3], repeat=len(valid)))
        own = [int(found[date, place]) for date in valid]
        assert score(own) == pytest.approx(best, abs=1e-5)
        assert (found[:, place] > 0).tolist() == (codes[:, place] > 0).tolist()


def test_equal_sums_take_the_lowest_codes_at_the_last_dates() -> None:
    codes, sums = best_sequences(np.zeros((3, 2, 1)), np.zeros((2, 2)), np.ones((3, 1), dtype=bool))
    assert codes.ravel().tolist() == [1, 1, 1] and sums.tolist() == [0]
