from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from deep_land_cover.core.models.card import Epoch
from deep_land_cover.core.reporting.training_content import training_content
from deep_land_cover.core.reporting.training_results import HeldOutTest, SampleDesign, TrainingReport

MakeReport = Callable[..., TrainingReport]


@pytest.fixture
def plain(make_report: MakeReport) -> TrainingReport:
    """A report with nothing to be careful about: many polygons, all right, sure of it."""
    codes = np.arange(1200) % 2
    clusters = np.arange(1200) // 10 * 2 + codes
    parts = np.repeat([0, 1, 2], 400)
    zeros = np.zeros(1200, dtype=np.int64)
    tested = codes[parts == 2]
    return make_report(
        design=SampleDesign(
            zeros,
            np.arange(1200),
            codes,
            parts,
            ("training", "validation", "test"),
            clusters,
            "polygon",
            "polygons",
            "Done.",
        ),
        test=HeldOutTest(tested, np.eye(2)[tested], clusters[parts == 2]),
        baseline=None,
        history=(Epoch(1, 0.1, 0.95, 0.1, 0.94, 0.94),),
        best_epoch=1,
    )


def cautions(report: TrainingReport) -> tuple[str, ...]:
    return training_content(report).cautions


def test_a_sound_training_needs_none(plain: TrainingReport) -> None:
    assert cautions(plain) == ()


def test_a_random_split_is_called_optimistic_first(plain: TrainingReport) -> None:
    found = cautions(replace(plain, design=replace(plain.design, method="random")))
    assert "optimistic" in found[0]


def test_classes_of_few_samples_or_polygons_are_named(plain: TrainingReport) -> None:
    clusters = plain.design.clusters
    assert clusters is not None
    one = np.where((plain.design.codes == 1) & (plain.design.parts == 0), 9999, clusters)
    (found,) = cautions(replace(plain, design=replace(plain.design, clusters=one)))
    assert "3 Forest (200 training samples from 1 polygon)" in found
    assert "Water" not in found
    # Two hundred samples are not few: the class is not rare, it is of few polygons.
    assert found.startswith("Classes trained on few polygons")
    assert "Rare" not in found


def test_only_classes_of_few_samples_are_called_rare(plain: TrainingReport) -> None:
    design = plain.design
    few = np.flatnonzero((design.codes == 1) & (design.parts == 0))[20:]
    rest = np.setdiff1d(np.arange(len(design.codes)), few)
    assert design.clusters is not None
    fewer = replace(
        design,
        rows=design.rows[rest],
        columns=design.columns[rest],
        codes=design.codes[rest],
        parts=design.parts[rest],
        clusters=design.clusters[rest],
    )
    found = [text for text in cautions(replace(plain, design=fewer)) if "Rare" in text]
    assert len(found) == 1 and "3 Forest (20 training samples from" in found[0]


def test_classes_taken_for_each_other_are_named_with_their_numbers(plain: TrainingReport) -> None:
    assert plain.test is not None
    guess = plain.test.reference.copy()
    guess[np.flatnonzero(guess == 1)[:60]] = 0
    found = cautions(replace(plain, test=replace(plain.test, probabilities=np.eye(2)[guess])))
    (found,) = [text for text in found if "confused" in text]
    assert "3 Forest" in found and "0 Water" in found and "60 of 200 test samples (30%)" in found


def test_overfitting_is_noticed(plain: TrainingReport) -> None:
    history = (Epoch(1, 0.1, 0.60, 0.1, 0.59, 0.5), Epoch(2, 0.1, 0.99, 0.1, 0.61, 0.6))
    (found,) = cautions(replace(plain, history=history, best_epoch=2))
    assert "38 points" in found and "99.0%" in found and "61.0%" in found and "overfitting" in found
    assert cautions(replace(plain, history=history, best_epoch=1)) == ()


def test_probabilities_that_mislead_are_noticed(plain: TrainingReport) -> None:
    assert plain.test is not None
    unsure = 0.6 * plain.test.probabilities + 0.2
    (found,) = cautions(replace(plain, test=replace(plain.test, probabilities=unsure)))
    assert "too low" in found and "20 points" in found


def test_the_notes_of_the_run_and_of_the_split_are_repeated_once(plain: TrainingReport) -> None:
    design = replace(plain.design, cautions=("Close to the test.",))
    assert cautions(replace(plain, design=design, notes=("Close to the test.", "A band was left out."))) == (
        "Close to the test.",
        "A band was left out.",
    )
