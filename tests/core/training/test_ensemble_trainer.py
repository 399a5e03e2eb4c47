"""Ensembles of members whose predictions are given: weights, what each member adds, snapshots, scaling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.models.architectures import architecture
from deep_land_cover.core.models.card import Scaling
from deep_land_cover.core.options import CLASS_WEIGHTED, MEAN, WEIGHTED
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.split_design import Split
from deep_land_cover.core.training.channels import Preparation
from deep_land_cover.core.training.checkpointing import Checkpoint
from deep_land_cover.core.training.ensemble_trainer import EnsembleDataset, EnsembleTrainer, MemberTrainer
from deep_land_cover.core.training.feeds.base import Dataset
from deep_land_cover.core.training.out_of_fold import OutOfFold, Weighing

COUNT, CLASSES = 1200, tuple(LandCoverClass(value, f"Class {value}", "#000000") for value in (1, 2, 3))


@dataclass
class Told:
    """Fitted model with given scores."""

    scores: np.ndarray
    scaling: Scaling
    history: tuple[Any, ...] = ()
    best: None = None
    importance: None = None

    def logits(self, indices: np.ndarray, progress: Any) -> np.ndarray:
        return self.scores[indices]


@dataclass
class Teller:
    """Trainer whose models have given scores, and which notes what it is fitted to."""

    scores: np.ndarray
    mean: float = 0.0
    fits: list[tuple[int, Scaling | None]] = field(default_factory=list)
    device: str = "CPU"
    patch_size: int = 1
    windows: tuple[int, ...] = ()
    window: int = 1
    start: str = ""

    def fit(
        self,
        dataset: Dataset,
        split: Split,
        progress: Any,
        on_best: Callable[[Any], None],
        epochs: int | None = None,
    ) -> Told:
        given = dataset.preparation.scaling
        self.fits.append((len(split.train), given))
        return Told(self.scores, given or Scaling((self.mean,), (1.0,)))


def _no_card(*_: Any) -> Any:
    raise AssertionError


def samples() -> Samples:
    """Return samples of 60 polygons with 20 pixels each."""
    codes = np.random.default_rng(0).integers(3, size=COUNT)
    rows, columns = np.divmod(np.arange(COUNT) * 7, 997)
    return Samples(rows, columns, codes, np.arange(COUNT) // 20, CLASSES, (1.0, 1.0, 1.0))


def posteriors(seed: int, codes: np.ndarray, noise: float) -> np.ndarray:
    measured = np.eye(3)[codes] + noise * np.random.default_rng(seed).standard_normal((len(codes), 3))
    return np.asarray(measured / noise**2, dtype=np.float32)


def dataset_of(labels: Samples, number: int) -> EnsembleDataset:
    part = Dataset(labels, Preparation(("a",), (), {}, 1.0))
    return EnsembleDataset(labels, part.preparation, (part,) * number)


def fitted(
    tellers: list[Teller], rule: str, test: int = 0, labels: Samples | None = None
) -> tuple[Any, SilentProgress]:
    labels, progress = labels or samples(), SilentProgress()
    entry = architecture("random_forest")
    trainer = EnsembleTrainer([MemberTrainer(entry, teller) for teller in tellers], rule, 0)
    everything = np.arange(COUNT)
    split = Split(everything[test:], everything[:0], everything[:test])
    return trainer.fit(dataset_of(labels, len(tellers)), split, progress, lambda _: None), progress


def test_members_take_the_scaling_of_the_first_and_are_weighed_on_halves() -> None:
    codes = samples().codes
    tellers = [Teller(posteriors(seed, codes, 0.8), mean=float(seed)) for seed in (1, 2)]
    ensemble, progress = fitted(tellers, WEIGHTED)
    assert [count for count, _ in tellers[0].fits] == [count for count, _ in tellers[1].fits]
    assert len(tellers[0].fits) == 3 and tellers[0].fits[-1][0] == COUNT
    assert sum(count for count, _ in tellers[0].fits[:2]) <= COUNT
    assert all(given is None for _, given in tellers[0].fits)
    assert all(given == Scaling((1.0,), (1.0,)) for _, given in tellers[1].fits)
    assert ensemble.scaling == Scaling((1.0,), (1.0,))
    parts = [line for _, line in progress.lines if line.startswith("Members of part")]
    assert len(parts) == 2 and parts[1].startswith("Members of part 2 of 2 are trained on 6")
    # Exact posteriors from independent measurements have 1 each. The penalty for 60 polygons pulls to 0.5.
    assert np.ravel(ensemble.pool.weights) == pytest.approx([0.8, 0.8], abs=0.1)


def test_pixels_of_a_label_raster_side_by_side_count_as_one_place() -> None:
    """Six patches of 200 pixels show too little to leave a member out, as six polygons would."""
    place, pixel = np.divmod(np.arange(COUNT), 200)
    codes, rows, columns = place % 3, 500 * place + pixel // 20, pixel % 20
    labels = Samples(rows, columns, codes, np.full(COUNT, NO_GROUP), CLASSES, (1.0, 1.0, 1.0))
    scores = posteriors(1, codes, 0.7)
    ensemble, _ = fitted([Teller(scores, window=30) for _ in range(2)], WEIGHTED, labels=labels)
    assert np.ravel(ensemble.pool.weights) == pytest.approx([0.5, 0.5], abs=0.1)


def test_a_member_adds_what_the_pool_loses_without_it() -> None:
    codes = samples().codes
    good, guess = posteriors(1, codes, 0.8), posteriors(9, np.random.default_rng(5).permutation(codes), 0.8)
    ensemble, progress = fitted([Teller(good), Teller(guess)], WEIGHTED)
    first, second = ensemble.gains
    accuracies = [float((item.argmax(axis=1) == codes).mean()) for item in (good, guess)]
    assert ensemble.accuracies == pytest.approx(accuracies)
    assert ensemble.pool.weights[1] == (0.0,)
    # Without the good member only the guess is left.
    assert first.value == pytest.approx(accuracies[0] - accuracies[1], abs=0.02)
    assert first.low is not None and first.low > 0.2 and first.samples == COUNT
    assert second.value == pytest.approx(0.0, abs=0.02) and second.low < second.high < 0.02
    assert any("does not improve the ensemble" in line for _, line in progress.lines)


def test_a_fold_has_its_own_weights_and_the_saved_model_the_mean_of_all() -> None:
    labels, everything = samples(), np.arange(COUNT)
    # The first member knows the first half of the samples, the second one the other half.
    known = posteriors(1, labels.codes, 0.5)
    guess = posteriors(2, np.random.default_rng(3).permutation(labels.codes), 0.5)
    is_first = (everything < COUNT // 2)[:, None]
    tellers = [Teller(np.where(is_first, known, guess)), Teller(np.where(is_first, guess, known))]
    entry = architecture("random_forest")
    trainer = EnsembleTrainer([MemberTrainer(entry, teller) for teller in tellers], WEIGHTED, 0)
    dataset, nothing = dataset_of(labels, 2), everything[:0]
    halves = np.split(everything, 2)
    folds = [
        trainer.fit(dataset, Split(train, nothing, test), SilentProgress(), lambda _: None)
        for train, test in (halves, halves[::-1])
    ]
    pools = [fold.pool for fold in folds]
    assert [pool.weights[number][0] for pool, number in zip(pools, (1, 0), strict=True)] == [0.0, 0.0]
    assert [fold.leading for fold in folds] == [0, 1]
    saved = trainer.fit(dataset, Split(everything, nothing, nothing), SilentProgress(), lambda _: None)
    expected = np.mean([pool.weights for pool in pools], axis=0)
    assert np.array(saved.pool.weights) == pytest.approx(expected)


def test_means_are_judged_on_test_samples_without_further_fits() -> None:
    codes = samples().codes
    tellers = [Teller(posteriors(seed, codes, 0.8)) for seed in (1, 2)]
    ensemble, _ = fitted(tellers, MEAN, test=400)
    assert [len(teller.fits) for teller in tellers] == [1, 1]
    assert ensemble.pool.weights == ((0.5,), (0.5,)) and ensemble.pool.rule == MEAN
    probabilities = [np.exp(item.scores) / np.exp(item.scores).sum(axis=1, keepdims=True) for item in tellers]
    both = (np.mean(probabilities, axis=0).argmax(axis=1) == codes)[:400].mean()
    alone = [(item.argmax(axis=1) == codes)[:400].mean() for item in probabilities]
    assert [gain.value for gain in ensemble.gains] == pytest.approx([both - alone[1], both - alone[0]])
    assert {gain.samples for gain in ensemble.gains} == {400}


def test_class_weights_that_do_not_help_are_not_taken_and_the_log_says_so() -> None:
    codes = samples().codes
    ensemble, progress = fitted([Teller(posteriors(seed, codes, 0.8)) for seed in (1, 2)], CLASS_WEIGHTED)
    assert ensemble.pool.rule == WEIGHTED
    assert any("one weight for all classes" in line for _, line in progress.lines)


def test_the_paired_interval_of_a_gain_is_that_of_its_differences() -> None:
    # The mean of many independent differences is normal: 1.96 standard errors on either side.
    generator = np.random.default_rng(0)
    codes = generator.integers(3, size=4000)
    scores = np.stack([posteriors(seed, codes, 1.0) for seed in (1, 2)])
    numbers = np.arange(4000)
    weighing = Weighing()
    held_out = OutOfFold(scores, numbers, codes, numbers % 2, numbers)
    pool = weighing.add(WEIGHTED, held_out)
    for differences, gain in zip(held_out.gained(pool), weighing.gains(0), strict=True):
        assert set(np.unique(differences)) == {-1, 0, 1}
        assert gain.value == pytest.approx(differences.mean())
        half = 1.96 * differences.std() / np.sqrt(4000)
        assert gain.low is not None and gain.high is not None
        assert (gain.value - gain.low, gain.high - gain.value) == pytest.approx((half, half), rel=0.12)


def test_few_clusters_give_no_interval() -> None:
    codes = np.tile([0, 1, 2], 20)
    numbers = np.arange(60)
    weighing = Weighing()
    scores = np.stack([posteriors(seed, codes, 1.0) for seed in (1, 2)])
    weighing.add(WEIGHTED, OutOfFold(scores, numbers, codes, numbers % 2, numbers // 20))
    assert all(gain.value is not None and gain.low is None for gain in weighing.gains(0))


def test_the_states_of_all_members_are_removed_when_the_training_is_complete(tmp_path: Path) -> None:
    names = ["", "-2", "-01", "-01-2", "-02-11"]
    states = [tmp_path / f"model.skops.resume{name}" for name in names]
    others = [tmp_path / name for name in ("model.skops.resume-x", "model.skops.resumed-2", "other.resume-2")]
    for path in (*states, *others):
        path.touch()
    Checkpoint(tmp_path / "model.skops", _no_card, SilentProgress()).remove()
    assert not any(path.exists() for path in states) and all(path.exists() for path in others)
