from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from deep_land_cover.core.assessment.confusion_matrix import ConfusionMatrix, table_lines
from deep_land_cover.core.classes import LandCoverClass

CLASSES = tuple(LandCoverClass(value, f"Class {value}", "#112233") for value in (0, 4, 7, 9))
CODES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


def test_reference_classes_are_rows_and_predicted_classes_columns() -> None:
    matrix = ConfusionMatrix.of_codes(np.array([0, 0, 1]), np.array([1, 1, 2]), 3)
    assert matrix.to_rows() == [[0, 2, 0], [0, 0, 1], [0, 0, 0]]


@given(CODES)
def test_figures_agree_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, guess = (np.array(column) for column in zip(*pairs, strict=True))
    matrix = ConfusionMatrix.of_codes(truth, guess, 4)
    present = sorted(set(truth.tolist()))
    assert matrix.to_rows() == reference.confusion_matrix(truth, guess, labels=range(4)).tolist()
    assert matrix.overall_accuracy == pytest.approx(reference.accuracy_score(truth, guess))
    expected = reference.f1_score(truth, guess, labels=present, average="macro", zero_division=0)
    assert matrix.macro_f1 == pytest.approx(expected)
    precision, recall, _, support = reference.precision_recall_fscore_support(
        truth, guess, labels=range(4), zero_division=np.nan
    )
    for code, item in enumerate(matrix.metrics(CLASSES).per_class):
        assert item.support == support[code]
        assert item.precision == (None if np.isnan(precision[code]) else pytest.approx(precision[code]))
        assert item.recall == (None if np.isnan(recall[code]) else pytest.approx(recall[code]))
        if item.support:
            assert item.f1 == pytest.approx(
                reference.f1_score(truth == code, guess == code, zero_division=0.0)
            )
        else:
            assert item.f1 is None


# Precision, recall and F1 of the study's ResNet50 on its 7,500 test samples, as published.
STUDY = {
    "water": (0.77, 0.71, 0.74),
    "trees": (0.80, 0.75, 0.77),
    "crops": (0.81, 0.87, 0.84),
    "shrub": (0.29, 0.33, 0.31),
    "built": (0.69, 0.39, 0.50),
    "bare": (0.42, 0.13, 0.20),
}


def f1_of(precision: float, recall: float) -> float:
    """Return the F1 of the first class of a matrix of these figures, in weights."""
    hits = precision * recall
    return float(ConfusionMatrix(np.array([[hits, precision - hits], [recall - hits, 1.0]])).f1[0])


@pytest.mark.parametrize("name", STUDY)
def test_f1_is_the_studys(name: str) -> None:
    precision, recall, f1 = STUDY[name]
    assert f1_of(precision, recall) == pytest.approx(f1, abs=0.01)


def test_macro_f1_of_the_studys_table_is_the_mean_over_classes() -> None:
    figures = [f1_of(precision, recall) for precision, recall, _ in STUDY.values()]
    assert sum(figures) / len(figures) == pytest.approx(0.56, abs=0.005)


def test_a_class_that_the_reference_lacks_does_not_lower_macro_f1() -> None:
    assert ConfusionMatrix.of_codes(np.array([0, 1]), np.array([0, 1]), 4).macro_f1 == 1.0


def test_f1_of_nothing_right_is_zero() -> None:
    assert ConfusionMatrix.of_codes(np.array([0, 1]), np.array([1, 0]), 2).f1.tolist() == [0.0, 0.0]


def test_the_table_has_a_line_a_class_and_marks_what_is_not_known() -> None:
    matrix = ConfusionMatrix.of_codes(np.array([0]), np.array([0]), 4)
    lines = table_lines(matrix.metrics(CLASSES), CLASSES)
    assert len(lines) == 5
    assert "1.000" in lines[1]
    assert lines[2].split() == ["4", "-", "-", "-", "0"]
