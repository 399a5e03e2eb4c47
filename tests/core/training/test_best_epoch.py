"""The epoch whose weights are kept: the best in validation, by the chosen figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deep_land_cover.core.progress import SilentProgress

from .conftest import dataset, same_weights, thirds, train


def test_the_best_epoch_is_the_first_with_the_highest_f1_and_the_lowest_loss() -> None:
    _, result, kept = train(dataset(), epochs=8)
    best = max(result.history, key=lambda epoch: (epoch.validation_macro_f1, -epoch.validation_loss))
    assert result.best == best == kept[-1].best
    assert [item.best.number for item in kept] == sorted({item.best.number for item in kept})


def test_the_network_has_the_weights_of_the_best_epoch() -> None:
    # Validation that contradicts training: the better the one, the worse the other.
    data = dataset()
    held = thirds(data).validation
    data.samples.codes[held] = 1 - data.samples.codes[held]
    network, result, _ = train(data, epochs=5, schedule="constant")
    assert result.best.number < len(result.history)
    short, _, _ = train(data, epochs=result.best.number, schedule="constant")
    assert same_weights(network, short)


def test_accuracy_can_choose_the_best_epoch() -> None:
    # First all are taken for one class, which is that of most: accuracy falls while macro F1 rises.
    data = dataset()
    held = thirds(data).validation
    dark = held[data.samples.codes[held] == 0]
    data.samples.codes[dark[4:]] = 1
    _, result, _ = train(data, epochs=8, learning_rate=0.003, schedule="constant", monitor="accuracy")
    figures = [(epoch.validation_accuracy, -(epoch.validation_loss or 0)) for epoch in result.history]
    assert result.best.number == figures.index(max(figures)) + 1
    assert result.best.validation_macro_f1 < max(epoch.validation_macro_f1 for epoch in result.history)


def test_without_validation_every_epoch_is_trained_and_the_last_is_kept() -> None:
    data = dataset()
    split = replace(thirds(data), validation=np.zeros(0, dtype=np.int64))
    _, result, _ = train(data, split=split, epochs=5, patience=1)
    assert result.best.number == len(result.history) == 5
    assert result.best.validation_macro_f1 is None


def test_training_stops_after_patience_epochs_without_improvement() -> None:
    progress = SilentProgress()
    _, result, _ = train(dataset(), progress, epochs=50, learning_rate=1e-12, patience=2, augment=False)
    assert len(result.history) == result.best.number + 2 < 50
    assert any(
        text.startswith(f"The training stops: epoch {result.best.number} ") for _, text in progress.lines
    )
