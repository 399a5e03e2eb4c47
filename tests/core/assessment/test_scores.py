from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from deep_land_cover.core.assessment.confusion_matrix import ConfusionMatrix

CODES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


@given(CODES)
def test_scores_agree_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, guess = (np.array(column) for column in zip(*pairs, strict=True))
    found = ConfusionMatrix.of_codes(truth, guess, 4)
    present = sorted(set(truth.tolist()))
    recall = reference.recall_score(truth, guess, labels=present, average="macro", zero_division=0)
    assert found.overall_accuracy == pytest.approx(reference.accuracy_score(truth, guess))
    assert found.balanced_accuracy == pytest.approx(recall)
    for average, value in (("macro", found.macro_f1), ("weighted", found.weighted_f1)):
        expected = reference.f1_score(truth, guess, labels=present, average=average, zero_division=0)
        assert value == pytest.approx(expected)


@given(st.lists(CODES, min_size=1, max_size=4))
def test_many_matrices_have_the_scores_of_each(samples: list[list[tuple[int, int]]]) -> None:
    alone = [ConfusionMatrix.of_codes(*(np.array(c) for c in zip(*item, strict=True)), 4) for item in samples]
    together = ConfusionMatrix(np.stack([item.counts for item in alone]))
    for number, matrix in enumerate(alone):
        for name in (
            "overall_accuracy",
            "balanced_accuracy",
            "macro_f1",
            "weighted_f1",
            "users_accuracy",
            "producers_accuracy",
            "f1",
            "iou",
            "kappa",
        ):
            np.testing.assert_array_equal(getattr(together, name)[number], getattr(matrix, name))


def test_no_samples_have_no_scores() -> None:
    empty = ConfusionMatrix(np.zeros((3, 3)))
    assert np.isnan(empty.overall_accuracy) and np.isnan(empty.macro_f1)


def test_a_class_that_is_predicted_and_never_there_has_no_f1_and_no_precision_of_luck() -> None:
    found = ConfusionMatrix(np.array([[3.0, 1.0], [0.0, 0.0]]))
    assert np.isnan(found.f1[1]) and np.isnan(found.producers_accuracy[1])
    assert found.users_accuracy[1] == 0
    assert found.balanced_accuracy == 0.75
