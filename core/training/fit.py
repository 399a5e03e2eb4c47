"""Training loop of a network: epochs, validation, early stopping and resumption."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from ..assessment.confusion_matrix import ConfusionMatrix
from ..device import describe_device
from ..models.architecture import FitSettings
from ..models.card import Epoch
from ..progress import Progress, RateMeter
from ..samples.split_design import Split
from ..text import Text, joined
from .checkpointing import LoopState, StateFile
from .feeds.base import Dataset, Feed
from .fine_tuning import FineTuning
from .optimisation import (
    Step,
    WeightAverage,
    choose_precision,
    class_weights,
    rate_factor,
    repeated,
    weight_groups,
)
from .trainer import codes_of


@dataclass(frozen=True)
class FitResult:
    """Epochs of a fit.

    Attributes:
        history: Epochs in order.
        best: Epoch whose weights the network has.
    """

    history: tuple[Epoch, ...]
    best: Epoch


def fit(
    network: nn.Module,
    feed: Feed,
    dataset: Dataset,
    split: Split,
    settings: FitSettings,
    device: torch.device,
    progress: Progress,
    on_best: Callable[[FitResult], None],
    state_file: StateFile | None = None,
    loaded: Collection[str] = (),
    last: int | None = None,
) -> FitResult:
    """Train ``network``, and leave the weights of its best epoch in it.

    The best epoch has the highest validation metric, macro-F1 or accuracy, and among equals the lowest
    validation loss. Without validation samples, and with the monitor ``last``, the last epoch is the best.
    Test samples are not used.

    Args:
        network: Untrained or pretrained network on ``device``.
        feed: Batches of the network's inputs.
        dataset: Samples and channels.
        split: Indices of the training and validation samples.
        settings: Settings of the training loop.
        device: Device that computes.
        progress: Progress reporter.
        on_best: Callback for each epoch that is the best so far.
        state_file: File from which an interrupted training resumes; None for none. It is not deleted.
        loaded: Names of weights that were loaded, which ``settings.fine_tuning`` may freeze.
        last: Number of the epoch to stop after, with the learning rates of ``settings.epochs`` epochs. None
            trains all epochs.

    Raises:
        RunCancelled: The user cancelled.
        LandCoverError: The loss is not finite.
    """
    tuning = FineTuning(network, settings, loaded)
    groups = weight_groups(network, settings, list(tuning.factors.values()))
    optimiser = torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True)
    average = WeightAverage(network, settings.averaging) if settings.averaging > 0 else None
    weights = class_weights(dataset.codes(split.train), len(dataset.classes), settings.balance).to(device)
    precision = choose_precision(settings.precision, device)
    step = Step(network, optimiser, weights, feed, dataset, settings, precision, tuning, average)
    state = (state_file.load(network, optimiser, average, tuning) if state_file else None) or LoopState()
    _report_best(network, state, on_best)
    epochs = settings.epochs if last is None else min(last, settings.epochs)
    meter = RateMeter((epochs - len(state.history)) * len(split.train), "samples")
    loop = _Loop(step, split, state, epochs, meter, progress, describe_device(device))
    trained = total = sum(weight.numel() for weight in network.parameters())
    with repeatable(device):
        has_next = loop.continues()
        while has_next:
            tuning.begin_epoch(len(state.history) + 1)
            if tuning.trained != trained:
                trained = tuning.trained
                progress.log(
                    "From epoch {number} on, {count:,} values are trained; the network has {total:,} "
                    "weights.",
                    number=len(state.history) + 1,
                    count=trained,
                    total=total,
                )
            if loop.run_epoch():
                on_best(FitResult(tuple(state.history), loop.best))
            has_next = loop.continues()
            if state_file:
                state_file.save(network, optimiser, state, not has_next, average, tuning)
    tuning.end()
    network.load_state_dict(state.best_weights)
    return FitResult(tuple(state.history), loop.best)


class _Loop:
    """Epochs of a fit.

    Args:
        step: Training step.
        split: Indices of the training and validation samples.
        state: Finished epochs and best weights.
        epochs: Maximum number of epochs. The learning rates are those of ``step.settings.epochs`` epochs.
        meter: Meter of the throughput in samples.
        progress: Progress reporter.
        device: Name of the device.
    """

    def __init__(
        self,
        step: Step,
        split: Split,
        state: LoopState,
        epochs: int,
        meter: RateMeter,
        progress: Progress,
        device: str,
    ) -> None:
        self.step = step
        self.split = split
        self.state = state
        self.epochs = epochs
        self.meter = meter
        self.progress = progress
        self.device = device

    @property
    def best(self) -> Epoch:
        if self.state.best is None:
            raise RuntimeError("No epoch was trained")
        return self.state.best

    def continues(self) -> bool:
        """Return whether another epoch is trained; log where the patience has ended."""
        done, settings = len(self.state.history), self.step.settings
        if done >= self.epochs:
            return False
        if self.state.best and settings.patience and done - self.state.best.number >= settings.patience:
            self.progress.log(
                "The training stops: epoch {number} is the best, and {count} epochs after it are no better.",
                number=self.state.best.number,
                count=done - self.state.best.number,
            )
            return False
        return True

    def run_epoch(self) -> bool:
        """Train and validate an epoch; return whether it is the best so far."""
        state, settings = self.state, self.step.settings
        number = len(state.history) + 1
        # Each epoch has its own generators, so a resumed training draws the same random numbers.
        generator = np.random.default_rng((settings.seed, number))
        torch.manual_seed(int(generator.integers(2**63)))
        loss, accuracy = self._train_epoch(number, generator)
        average = self.step.average
        with average.applied() if average else nullcontext():
            epoch = self._validated(number, loss, accuracy)
        state.history.append(epoch)
        self.progress.log(_line(epoch))
        if state.best is not None and _rank(epoch, settings.monitor) <= _rank(state.best, settings.monitor):
            return False
        state.best = epoch
        weights = average.weights if average else self.step.network.state_dict()
        state.best_weights = {name: value.clone() for name, value in weights.items()}
        return True

    def _train_epoch(self, number: int, generator: np.random.Generator) -> tuple[float, float]:
        """Return the mean loss and the accuracy over the epoch's labels."""
        step, settings = self.step, self.step.settings
        step.network.train()
        train = self.split.train
        samples = repeated(train, step.dataset.codes(train), settings.balance, generator)
        batches = step.feed.epoch(samples, settings.batch_size, generator)
        while len(batches) < settings.min_steps:
            batches += step.feed.epoch(samples, settings.batch_size, generator)
        total_loss, labels, correct = 0.0, 0, 0
        for position, batch in enumerate(batches):
            self.progress.check_cancelled()
            done = (number - 1 + position / len(batches)) / settings.epochs
            for group in step.optimiser.param_groups:
                group["lr"] = settings.learning_rate * rate_factor(settings.schedule, done)
            result = step(batch, generator)
            total_loss += result.loss * result.labels
            labels += result.labels
            correct += result.correct
            # A batch's own number of samples does not add up: samples share crops, and rare ones are
            # repeated.
            self.meter.add(_portion(len(train), position, len(batches)))
            self.meter.doing = Text(
                "Epoch {number} of {epochs} on {device}",
                number=number,
                epochs=self.epochs,
                device=self.device,
            )
            self.progress.update(
                self.meter.fraction, joined((self.meter.text(), self._so_far(total_loss / labels)), "; ")
            )
        return total_loss / labels, correct / labels

    def _so_far(self, loss: float) -> str:
        """Return this epoch's loss so far, and the accuracy of the last validation."""
        last = self.state.history[-1] if self.state.history else None
        if last is None or last.validation_accuracy is None:
            return Text("loss {loss:.3f}", loss=loss)
        return Text(
            "loss {loss:.3f}, validation accuracy {accuracy:.1%}",
            loss=loss,
            accuracy=last.validation_accuracy,
        )

    def _validated(self, number: int, loss: float, accuracy: float) -> Epoch:
        indices, step = self.split.validation, self.step
        if not len(indices):
            return Epoch(number, loss, accuracy, None, None, None)
        logits = step.feed.logits(step.network, indices, self.progress)
        codes = step.dataset.codes(indices)
        matrix = ConfusionMatrix.of_codes(codes, codes_of(logits.numpy()), len(step.dataset.classes))
        return Epoch(
            number=number,
            train_loss=loss,
            train_accuracy=accuracy,
            # Without class weights: they are 0 for classes that training lacks, and so could be their sum.
            validation_loss=float(cross_entropy(logits, torch.from_numpy(codes))),
            validation_accuracy=float(matrix.overall_accuracy),
            validation_macro_f1=float(matrix.macro_f1),
        )


def _report_best(network: nn.Module, state: LoopState, on_best: Callable[[FitResult], None]) -> None:
    """Pass the best epoch of a resumed training to ``on_best``, and restore the current weights."""
    if state.best is None:
        return
    current = {name: value.clone() for name, value in network.state_dict().items()}
    network.load_state_dict(state.best_weights)
    on_best(FitResult(tuple(state.history), state.best))
    network.load_state_dict(current)


def _portion(total: int, position: int, pieces: int) -> int:
    """Return the number of ``total`` items that belong to the piece at ``position``."""
    return total * (position + 1) // pieces - total * position // pieces


def _rank(epoch: Epoch, monitor: str) -> tuple[float, float]:
    if monitor == "last":
        return 0.0, float(epoch.number)
    figure = epoch.validation_accuracy if monitor == "accuracy" else epoch.validation_macro_f1
    if figure is None or epoch.validation_loss is None:
        return 0.0, float(epoch.number)
    return figure, -epoch.validation_loss if math.isfinite(epoch.validation_loss) else -math.inf


def _line(epoch: Epoch) -> str:
    line = Text(
        "Epoch {number}: training loss {loss:.3f}, accuracy {accuracy:.1%}",
        number=epoch.number,
        loss=epoch.train_loss,
        accuracy=epoch.train_accuracy,
    )
    if epoch.validation_macro_f1 is None:
        return line + "."
    validation = Text(
        "validation loss {loss:.3f}, accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f}.",
        loss=epoch.validation_loss,
        accuracy=epoch.validation_accuracy,
        macro_f1=epoch.validation_macro_f1,
    )
    return joined((line, validation), "; ")


@contextmanager
def repeatable(device: torch.device) -> Iterator[None]:
    """Set cuDNN to deterministic algorithms, and restore its settings.

    Args:
        device: Device that computes.
    """
    if device.type != "cuda":
        yield
        return
    before = torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    try:
        yield
    finally:
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = before
