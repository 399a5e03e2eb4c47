from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.card import Epoch, Scaling
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Design, Split
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.evaluation import fit_and_test
from deep_land_cover.core.training.feeds.base import Dataset

NONE = np.zeros(0, dtype=np.int64)


@dataclass
class Memory:
    """Knows the samples that it was fitted to; of others it says class 0."""

    dataset: Dataset
    split: Split
    best: Epoch | None = None
    history: tuple[Epoch, ...] = ()
    scaling: Scaling = field(default_factory=lambda: Scaling((), ()))

    def logits(self, chosen: Any, progress: Any) -> Any:
        known = np.isin(chosen, self.split.train)
        codes = np.where(known, self.dataset.codes(chosen), 0)
        return np.eye(2, dtype=np.float32)[codes]

    def save(self, path: Path, card: Any, progress: Any) -> None:
        raise NotImplementedError


@dataclass
class Trainer:
    """Keeps what it is asked for; its fits are best in the epochs ``best``."""

    best: tuple[int, ...] = ()
    asked: list[tuple[Split, int | None]] = field(default_factory=list)

    def fit(
        self,
        dataset: Dataset,
        split: Split,
        progress: Any,
        keep: Callable[[Any], None],
        epochs: int | None = None,
    ) -> Memory:
        number = self.best[len(self.asked)] if len(self.asked) < len(self.best) else None
        self.asked.append((split, epochs))
        fitted = Memory(dataset, split, Epoch(number, 0.0, 1.0, 0.0, 1.0, 1.0) if number else None)
        keep(fitted)
        return fitted


def ten() -> Dataset:
    place = np.arange(10)
    classes = (LandCoverClass(1, "Dark", "#000000"), LandCoverClass(5, "Bright", "#FFFFFF"))
    samples = Samples(place, place, (place % 2).astype(np.int64), place, classes, (1.0, 1.0))
    return Dataset(samples, Preparation(("a",), (), {}, 1.0))


def in_two_folds() -> Design:
    halves = np.arange(5), np.arange(5, 10)
    splits = (Split(halves[1], NONE, halves[0]), Split(halves[0], NONE, halves[1]))
    return Design(
        "blocks", "", (), splits, np.repeat([1, 2], 5), np.arange(10), Split(np.arange(10), NONE, NONE)
    )


def ignore(fitted: Any, split: Split, note: str) -> None:
    pass


def test_a_fold_is_judged_by_a_model_that_did_not_see_it_and_the_saved_one_saw_all() -> None:
    trainer = Trainer()
    outcome = fit_and_test(trainer, ten(), in_two_folds(), SilentProgress(), ignore)
    assert outcome.tested is not None
    assert outcome.tested.indices.tolist() == list(range(10))
    # Each model guesses class 0, which half of the unseen samples have; of the seen ones it knows all.
    assert outcome.tested.metrics.overall_accuracy == 0.5
    assert [fold.overall_accuracy for fold in outcome.folds] == [0.6, 0.4]
    assert [fold.test_samples for fold in outcome.folds] == [5, 5]
    assert outcome.fitted.logits(np.arange(10), None).argmax(axis=1).tolist() == [0, 1] * 5
    assert trainer.asked[2][0].train.tolist() == list(range(10))


def test_the_saved_model_is_trained_for_the_median_of_the_folds_best_epochs() -> None:
    trainer, progress = Trainer((4, 9)), SilentProgress()
    fit_and_test(trainer, ten(), in_two_folds(), progress, ignore)
    assert [epochs for _, epochs in trainer.asked] == [None, None, 6]
    log = [text for _, text in progress.lines]
    assert "Fold 1 of 2: best epoch 4; overall accuracy 60.0%, macro-F1 0.375 over 5 test samples." in log
    assert "for 6 epochs, the median of the folds' best epochs, with the same learning rates." in log[-1]


def test_the_model_of_the_first_fold_is_kept_until_the_saved_one_and_says_what_it_is() -> None:
    """The first epoch of the next fold would be a worse model, and a file of trees takes seconds."""
    notes = []
    fit_and_test(
        Trainer(), ten(), in_two_folds(), SilentProgress(), lambda fitted, split, note: notes.append(note)
    )
    assert ["fold 1" in notes[0], *notes[1:]] == [True, ""]


def test_a_single_split_is_tested_by_one_model_and_another_is_saved_that_learnt_from_all() -> None:
    split, everything = Split(np.arange(6), NONE, np.array([6, 7, 9])), Split(np.arange(10), NONE, NONE)
    design = Design("blocks", "", (), (split,), np.zeros(10, np.int64), np.arange(10), everything)
    trainer, progress, notes = Trainer((4,)), SilentProgress(), []
    outcome = fit_and_test(trainer, ten(), design, progress, lambda fitted, split, note: notes.append(note))
    assert [(split.train.tolist(), epochs) for split, epochs in trainer.asked] == [
        (list(range(6)), None),
        (list(range(10)), 4),
    ]
    assert outcome.tested is not None and not outcome.folds
    assert outcome.tested.metrics.confusion == ((1, 0), (2, 0))
    assert outcome.fitted.logits(np.arange(10), None).argmax(axis=1).tolist() == [0, 1] * 5
    assert outcome.before is not None and outcome.evaluated is outcome.before
    assert [bool(note) for note in notes] == [True, False]
    assert progress.lines[-1][1] == (
        "The saved model is trained on 10 samples for 4 epochs, the best epoch of the model before it, with "
        "the same learning rates."
    )


def test_without_a_final_split_the_model_that_was_tested_is_the_one_to_save() -> None:
    split = Split(np.arange(6), NONE, np.array([6, 7, 9]))
    design = Design("blocks", "", (), (split,), np.zeros(10, np.int64), np.arange(10))
    outcome = fit_and_test(Trainer(), ten(), design, SilentProgress(), ignore)
    assert outcome.tested is not None and not outcome.folds
    assert outcome.tested.metrics.confusion == ((1, 0), (2, 0))


def test_without_test_samples_there_are_no_figures() -> None:
    design = Design(
        "blocks", "", (), (Split(np.arange(10), NONE, NONE),), np.zeros(10, np.int64), np.arange(10)
    )
    assert fit_and_test(Trainer(), ten(), design, SilentProgress(), ignore).tested is None
