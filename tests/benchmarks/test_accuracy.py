"""Folds that are kept and taken up, and the differences between models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deep_land_cover.benchmarks.accuracy import MODELS, Results, Run
from deep_land_cover.benchmarks.accuracy_table import FoldResult, difference, markdown, pool
from deep_land_cover.benchmarks.scenes import LEIPZIG, Protocol

CODES = np.repeat([0, 1], 60)
CLUSTERS = np.arange(120) // 6


def fold(wrong: int) -> FoldResult:
    """A fold whose first ``wrong`` samples of every cluster of six are wrong."""
    is_wrong = np.arange(120) % 6 < wrong
    logits = np.where(np.arange(2) == np.where(is_wrong, 1 - CODES, CODES)[:, None], 3.0, 0.0)
    record = {"window": 1, "gap": 21, "held_out": "20 polygons", "accuracy": 100 - 100 * wrong / 6}
    record |= {"training_seconds": 2.0, "mapping_seconds": 4.0}
    return FoldResult(
        record, logits.astype(np.float32), CODES, CLUSTERS, np.array([0.5, 0.5]), np.array([60, 60])
    )


def test_a_difference_is_that_of_the_accuracies() -> None:
    better, worse = pool([[fold(1)]]), pool([[fold(2)]])
    assert difference(better, worse).value == pytest.approx(1 / 6)


def test_polygons_of_several_seeds_are_one_cluster_each() -> None:
    # Twice the same samples say no more about the ground than once.
    once = [pool([[fold(0)]]), pool([[fold(1)]])]
    once[1].predicted[CLUSTERS < 5] = once[1].codes[CLUSTERS < 5]
    twice = [pool([[fold(0)], [fold(0)]]), pool([[fold(1)], [fold(1)]])]
    is_first = np.tile(CLUSTERS < 5, 2)
    twice[1].predicted[is_first] = twice[1].codes[is_first]
    assert difference(*once).low == pytest.approx(difference(*twice).low)


def test_models_on_other_samples_are_not_compared() -> None:
    other = fold(1)
    other.codes = 1 - other.codes
    with pytest.raises(ValueError, match="same samples"):
        difference(pool([[fold(1)]]), pool([[other]]))


def test_a_fold_is_taken_up_where_its_line_is_complete(tmp_path: Path) -> None:
    run = Run(LEIPZIG, MODELS[0], Protocol(1, 21), 2)
    Results(tmp_path).add(run, 0, fold(1))
    # A run that was killed between a fold's predictions and its line.
    (tmp_path / "half.npz").write_bytes(b"")
    found = Results(tmp_path).get(run, 0)
    assert found is not None
    assert np.array_equal(found.logits, fold(1).logits)
    assert Results(tmp_path).get(run, 1) is None
    assert Results(tmp_path).get(Run(LEIPZIG, MODELS[0], Protocol(2, 21), 2), 0) is None


def test_the_table_names_window_gap_and_the_difference() -> None:
    table = markdown("leipzig", {"tree_ensemble": [[fold(2)]], "resnet18": [[fold(1)]]})
    assert "| `resnet18` | 1 | 21 | 20 polygons, 1 folds | 83.33" in table
    assert "+16.67" in table
