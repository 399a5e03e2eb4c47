from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from deep_land_cover.core.assessment.confusion_matrix import confusion_matrix, scores

CODES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


@given(CODES)
def test_scores_agree_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, guess = (np.array(column) for column in zip(*pairs, strict=True))
    found = scores(confusion_matrix(truth, guess, 4))
    present = sorted(set(truth.tolist()))
    recall = reference.recall_score(truth, guess, labels=present, average="macro", zero_division=0)
    assert found.overall == pytest.approx(reference.accuracy_score(truth, guess))
    assert found.balanced == pytest.approx(recall)
    for average, value in (("macro", found.macro_f1), ("weighted", found.weighted_f1)):
        expected = reference.f1_score(truth, guess, labels=present, average=average, zero_division=0)
        assert value == pytest.approx(expected)


@given(st.lists(CODES, min_size=1, max_size=4))
def test_many_matrices_have_the_scores_of_each(samples: list[list[tuple[int, int]]]) -> None:
    stack = np.stack(
        [confusion_matrix(*(np.array(c) for c in zip(*item, strict=True)), 4) for item in samples]
    )
    together = scores(stack)
    for number, confusion in enumerate(stack):
        alone = scores(confusion)
        for name in ("overall", "balanced", "macro_f1", "weighted_f1", "precision", "recall", "f1"):
            np.testing.assert_array_equal(getattr(together, name)[number], getattr(alone, name))


def test_no_samples_have_no_scores() -> None:
    assert np.isnan(scores(np.zeros((3, 3))).overall)
    assert np.isnan(scores(np.zeros((3, 3))).macro_f1)


def test_a_class_that_is_predicted_and_never_there_has_no_f1_and_no_precision_of_luck() -> None:
    found = scores(np.array([[3, 1], [0, 0]]))
    assert np.isnan(found.f1[1]) and np.isnan(found.recall[1])
    assert found.precision[1] == 0
    assert found.balanced == 0.75
