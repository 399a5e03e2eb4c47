"""Calibration within a training: which samples it uses, and what the figures are of."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.assessment.confusion_matrix import ConfusionMatrix
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.card import (
    Epoch,
    Fold,
    ModelCard,
    Scaling,
)
from deep_land_cover.core.progress import Progress, SilentProgress
from deep_land_cover.core.samples.samples import Samples
from deep_land_cover.core.samples.split_design import Design, Split
from deep_land_cover.core.training import evaluation as testing
from deep_land_cover.core.training.calibrate import calibrate
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.feeds.base import Dataset
from deep_land_cover.core.training.optimisation import training_proportions
from deep_land_cover.core.uncertainty.calibration import log_probabilities

Array = np.ndarray[Any, Any]
CLASSES = tuple(LandCoverClass(value, name, "#112233") for value, name in ((1, "Common"), (2, "Rare")))
COUNT = 4000
# One sample in ten is rare; in training half are.
RARE = 0.1


class Scores:
    """A model that knows the densities of two normal distributions, and exaggerates three times."""

    history: tuple[Epoch, ...] = ()
    best: Epoch | None = None
    scaling = Scaling((), ())

    def __init__(self, values: Array) -> None:
        self.values = values
        self.asked: list[Array] = []

    def logits(self, chosen: Array, progress: Progress) -> Array:
        self.asked.append(chosen)
        values = self.values[chosen]
        return (3 * np.stack([-(values**2) / 2, -((values - 2) ** 2) / 2], axis=1)).astype(np.float32)

    def save(self, path: Path, card: ModelCard, progress: Progress) -> None:
        raise NotImplementedError


class Scene:
    """Samples in natural proportions, but for training, where the classes are even."""

    def __init__(self, folded: bool = False) -> None:
        generator = np.random.default_rng(1)
        codes = (generator.random(COUNT) < RARE).astype(np.int64)
        codes[:1000] = np.arange(1000) % 2
        self.values = generator.normal(2.0 * codes, 1)
        numbers = np.arange(COUNT)
        self.model = Scores(self.values)
        samples = Samples(numbers, numbers, codes, numbers, CLASSES, (1.0, 1.0))
        self.dataset = Dataset(samples, Preparation((), (), {}, 1.0))
        train, validation, calibration, test = np.split(numbers, [1000, 1500, 2500])
        split = Split(train, validation, test, calibration=calibration)
        self.folds = np.where(numbers >= 2500, numbers % 2 + 1, 0)
        if folded:
            splits = tuple(Split(train, validation, test[self.folds[test] == fold]) for fold in (1, 2))
        else:
            splits = (split,)
        self.design = Design(
            "polygons",
            "",
            (),
            splits,
            self.folds if folded else np.zeros(COUNT, np.int64),
            numbers,
            final=Split(train, numbers[:0], numbers[:0]) if folded else None,
            proportions=(1 - RARE, RARE),
        )
        logits = self.model.logits(self.design.test, SilentProgress())
        self.model.asked.clear()
        reference = codes[self.design.test]
        raw = ConfusionMatrix.of_codes(reference, logits.argmax(axis=1), 2).metrics(CLASSES)
        folds = (Fold(750, 0.0, 0.0, None), Fold(750, 0.0, 0.0, None)) if folded else ()
        self.outcome = testing.Outcome(self.model, testing.Tested(self.design.test, logits, raw), folds)

    def truth(self, chosen: Array) -> Array:
        """Return the true probability of the rare class, by Bayes' formula."""
        values = self.values[chosen]
        rare = RARE * np.exp(-((values - 2) ** 2) / 2)
        return np.asarray(rare / (rare + (1 - RARE) * np.exp(-(values**2) / 2)))


@pytest.mark.parametrize("is_network", [True, False])
@pytest.mark.parametrize("folded", [False, True])
def test_probabilities_of_the_test_are_the_true_ones(is_network: bool, folded: bool) -> None:
    scene = Scene(folded)
    found = calibrate(
        scene.outcome, scene.dataset, scene.design, "none", is_network=is_network, progress=SilentProgress()
    )
    assert found.calibration is not None and found.calibration.temperature == pytest.approx(3, rel=0.2)
    assert found.tested is not None and found.tested.log_chances is not None
    chances = np.exp(found.tested.log_chances[:, 1])
    assert np.abs(chances - scene.truth(scene.design.test)).mean() < 0.03


def test_only_samples_that_were_set_aside_are_looked_at() -> None:
    scene = Scene()
    calibrate(scene.outcome, scene.dataset, scene.design, "none", is_network=True, progress=SilentProgress())
    (asked,) = scene.model.asked
    np.testing.assert_array_equal(asked, np.arange(1500, 2500))


def test_a_model_of_all_samples_is_calibrated_by_what_the_model_before_it_had_not_seen() -> None:
    scene = Scene()
    saved, everything = Scores(scene.values), np.arange(COUNT)
    design = dataclasses.replace(scene.design, final=Split(everything, everything[:0], everything[:0]))
    outcome = dataclasses.replace(scene.outcome, fitted=saved, before=scene.model)
    found = calibrate(outcome, scene.dataset, design, "none", is_network=True, progress=SilentProgress())
    (asked,) = scene.model.asked
    assert asked.tolist() == list(range(1500, 2500)) and not saved.asked
    calibration = found.calibration
    assert calibration is not None and calibration.temperature == pytest.approx(3, rel=0.2)
    # The saved model was taught other proportions than the model before it, half of whose samples were rare.
    rare = scene.dataset.codes(everything).mean()
    expected = np.log([(1 - RARE) / (1 - rare), RARE / rare])
    assert calibration.offsets == pytest.approx(tuple(calibration.shift * expected))
    assert found.tested is not None and found.tested.log_chances is not None
    chances = np.exp(found.tested.log_chances[:, 1])
    assert np.abs(chances - scene.truth(scene.design.test)).mean() < 0.03
    assert "come from the model that was trained before it" in found.calibration_note


def test_the_figures_are_those_of_the_calibrated_model() -> None:
    """By itself the model believes that every second sample is rare."""
    scene = Scene()
    found = calibrate(
        scene.outcome, scene.dataset, scene.design, "none", is_network=True, progress=SilentProgress()
    )
    assert found.tested is not None and scene.outcome.tested is not None
    reference = scene.dataset.codes(scene.design.test)
    bayes = np.mean((scene.truth(scene.design.test) > 0.5) == reference)
    assert found.tested.metrics.overall_accuracy == pytest.approx(bayes, abs=0.01)
    assert found.tested.metrics.overall_accuracy > scene.outcome.tested.metrics.overall_accuracy + 0.05


def test_the_figures_of_folds_are_calibrated_too() -> None:
    scene = Scene(folded=True)
    found = calibrate(
        scene.outcome, scene.dataset, scene.design, "none", is_network=True, progress=SilentProgress()
    )
    assert found.tested is not None and found.tested.log_chances is not None
    assert not scene.model.asked
    for number, fold in enumerate(found.folds, start=1):
        here = scene.design.folds[scene.design.test] == number
        right = found.tested.log_chances[here].argmax(axis=1) == scene.dataset.codes(scene.design.test)[here]
        assert fold.overall_accuracy == pytest.approx(np.mean(right))


def test_without_held_out_samples_only_the_proportions_are_put_right() -> None:
    scene = Scene()
    train = scene.design.splits[0].train
    design = Design(
        "polygons",
        "",
        (),
        (Split(train, train, train[:0]),),
        scene.design.folds,
        scene.design.clusters,
        proportions=(1 - RARE, RARE),
    )
    outcome = testing.Outcome(scene.model, None)
    found = calibrate(outcome, scene.dataset, design, "none", is_network=True, progress=SilentProgress())
    assert found.calibration is not None
    assert (found.calibration.temperature, found.calibration.samples) == (1.0, 0)
    assert found.calibration.offsets == pytest.approx((np.log(0.9 / 0.5), np.log(0.1 / 0.5)))
    assert found.tested is None and not scene.model.asked


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        ("none", (100, 400)),
        ("sqrt", (10, 20)),
        # Gupta et al.: the rare class with the share 0.2 of 2 comes sqrt(0.5 / 0.2) times.
        ("oversampling", (100 * np.sqrt(2.5), 400)),
    ],
)
def test_a_model_is_taught_the_proportions_of_samples_times_weights(
    balance: str, expected: tuple[float, float]
) -> None:
    codes = np.repeat([0, 1], [100, 400])
    assert training_proportions(codes, 2, balance) == pytest.approx(np.array(expected) / sum(expected))


def test_the_saved_model_is_calibrated_for_what_it_was_taught_and_folds_for_what_they_were() -> None:
    """As with MAX_PER_CLASS, the folds' models were taught fewer rare samples than the saved one.

    Each believes what it was taught, and knows the densities. The mean probability of a class is then its
    share, by the law of total probability.
    """
    generator = np.random.default_rng(2)
    codes = (generator.random(COUNT) < RARE).astype(np.int64)
    codes[:400] = np.arange(400) % 2
    values = generator.normal(2.0 * codes, 1)
    numbers = np.arange(COUNT)
    # 200 common samples teach each of them; 200 rare ones the saved model, 60 and 100 those of the folds.
    taught, test = numbers[:400], numbers[400:]
    common, rare = taught[codes[:400] == 0], taught[codes[:400] == 1]
    folds = np.where(numbers >= 400, numbers % 2 + 1, 0)
    splits = tuple(
        Split(np.concatenate([common, rare[:count]]), taught[:0], test[folds[test] == fold])
        for fold, count in ((1, 60), (2, 100))
    )
    samples = Samples(numbers, numbers, codes, numbers, CLASSES, (1.0, 1.0))
    dataset = Dataset(samples, Preparation((), (), {}, 1.0))
    share = float(np.mean(codes[test]))
    design = Design(
        "polygons",
        "",
        (),
        splits,
        folds,
        numbers,
        final=Split(taught, taught[:0], taught[:0]),
        proportions=(1 - share, share),
    )

    def logits(chosen: Array, rare: float) -> Array:
        densities = np.stack([-(values[chosen] ** 2) / 2, -((values[chosen] - 2) ** 2) / 2], axis=1)
        return densities + np.log([1 - rare, rare])

    said = np.concatenate(
        [logits(split.test, count / (200 + count)) for split, count in zip(splits, (60, 100), strict=True)]
    )
    raw = ConfusionMatrix.of_codes(codes[design.test], said.argmax(axis=1), 2).metrics(CLASSES)
    outcome = testing.Outcome(
        Scores(values), testing.Tested(design.test, said, raw), (Fold(1800, 0.0, 0.0, None),) * 2
    )
    found = calibrate(outcome, dataset, design, "none", is_network=True, progress=SilentProgress())
    assert found.calibration is not None and found.tested is not None and found.tested.log_chances is not None
    saved = np.exp(log_probabilities(logits(test, 0.5), found.calibration))[:, 1]
    assert saved.mean() == pytest.approx(share, rel=0.04)
    tested = np.exp(found.tested.log_chances)[:, 1]
    assert tested.mean() == pytest.approx(share, rel=0.04)
    for number in (1, 2):
        here = folds[design.test] == number
        assert tested[here].mean() == pytest.approx(np.mean(codes[design.test][here]), rel=0.12)


def test_classes_without_a_limit_of_their_own_are_named() -> None:
    scene = Scene()
    design = dataclasses.replace(
        scene.design, clusters=np.where(scene.dataset.codes(np.arange(COUNT)) == 1, 0, np.arange(COUNT))
    )
    found = calibrate(
        scene.outcome, scene.dataset, design, "none", is_network=True, progress=SilentProgress()
    )
    assert found.limit_note.startswith("The limit of 2 Rare is uncertain")
    again = calibrate(
        scene.outcome, scene.dataset, scene.design, "none", is_network=True, progress=SilentProgress()
    )
    assert again.limit_note == ""
