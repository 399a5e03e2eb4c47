"""Training loop of a network: epochs, validation, early stopping and resumption."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from ..assessment.confusion_matrix import ConfusionMatrix
from ..device import describe_device
from ..errors import ParameterError
from ..models.architecture import FitSettings
from ..models.card import Epoch
from ..progress import Progress, RateMeter
from ..samples.split_design import Split
from ..text import Text, joined
from .checkpointing import LoopState, StateFile
from .feeds.base import Dataset, Feed
from .optimisation import Step, choose_precision, class_weights, rate_factor, repeated
from .trainer import codes_of


@dataclass(frozen=True)
class FitResult:
    """The epochs, in order, and the number of the one whose weights the network has."""

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
    keep_best: Callable[[FitResult], None],
    state_file: StateFile | None = None,
    head: tuple[str, ...] = (),
    last: int | None = None,
) -> FitResult:
    """Train ``network`` and leave the weights of its best epoch in it.

    The best epoch has the highest macro-F1 over the classes in validation, or accuracy; of
    equals, the lowest validation loss. The test samples are not touched.

    Args:
        network: On ``device``.
        feed: Shows the samples.
        dataset: The samples.
        split: Which of them train and validate. Without validation the last epoch is the best.
        settings: How.
        device: Where to compute.
        progress: Gets rate and remaining time, and a log line an epoch.
        keep_best: Is called after each epoch that is the best so far.
        state_file: Holds what a stopped training goes on from; None keeps nothing. It is left there.
        head: Beginnings of the names of the weights that learn while the others are frozen.
        last: The epoch to stop after. The learning rates stay those of a training of all
            ``settings.epochs``. None trains these.

    Raises:
        RunCancelled: The user cancelled.
        LandCoverError: The loss is no longer finite.
    """
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
    )
    weights = class_weights(dataset.codes(split.train), len(dataset.classes), settings.balance).to(device)
    precision = choose_precision(settings.precision, device)
    step = Step(network, optimiser, weights, feed, dataset, settings, precision)
    state = (state_file.load(network, optimiser) if state_file else None) or LoopState()
    _show_best(network, state, keep_best)
    epochs = settings.epochs if last is None else min(last, settings.epochs)
    meter = RateMeter((epochs - len(state.history)) * len(split.train), "samples")
    loop = _Loop(step, split, state, epochs, meter, progress, describe_device(device))
    with _repeatable(device):
        goes_on = loop.goes_on()
        while goes_on:
            _freeze(network, head if len(state.history) < settings.frozen_epochs else ())
            if loop.run_epoch():
                keep_best(FitResult(tuple(state.history), loop.best))
            goes_on = loop.goes_on()
            if state_file:
                state_file.save(network, optimiser, state, not goes_on)
    _freeze(network, ())
    network.load_state_dict(state.best_weights)
    return FitResult(tuple(state.history), loop.best)


@dataclass(frozen=True, eq=False)
class _Loop:
    """The epochs of a fit, as far as they have come.

    Attributes:
        epochs: How many to train at most; the rates are those of ``step.settings.epochs``.
    """

    step: Step
    split: Split
    state: LoopState
    epochs: int
    meter: RateMeter
    progress: Progress
    device: str

    @property
    def best(self) -> Epoch:
        if self.state.best is None:
            raise ParameterError("No epoch was trained", where="EPOCHS", advice="Set EPOCHS to 1 or more.")
        return self.state.best

    def goes_on(self) -> bool:
        """Whether another epoch is to be trained; says so where patience ended."""
        done, settings = len(self.state.history), self.step.settings
        if done >= self.epochs:
            return False
        if self.state.best and settings.patience and done - self.state.best.number >= settings.patience:
            self.progress.log(
                "Stopped: no epoch was better than epoch {number}.", number=self.state.best.number
            )
            return False
        return True

    def run_epoch(self) -> bool:
        """Train and validate an epoch; return whether it is the best so far."""
        state, settings = self.state, self.step.settings
        number = len(state.history) + 1
        # An epoch's own generators: one that goes on from a checkpoint draws what it would have drawn.
        generator = np.random.default_rng((settings.seed, number))
        torch.manual_seed(int(generator.integers(2**63)))
        loss, accuracy = self._train_epoch(number, generator)
        epoch = self._validated(number, loss, accuracy)
        state.history.append(epoch)
        self.progress.log(_line(epoch))
        if state.best is not None and _rank(epoch, settings.monitor) <= _rank(state.best, settings.monitor):
            return False
        state.best = epoch
        weights = self.step.network.state_dict()
        state.best_weights = {name: value.clone() for name, value in weights.items()}
        return True

    def _train_epoch(self, number: int, generator: np.random.Generator) -> tuple[float, float]:
        """Return the mean loss and the accuracy over the epoch's labels."""
        step, settings = self.step, self.step.settings
        step.network.train()
        train = self.split.train
        shown = repeated(train, step.dataset.codes(train), settings.balance, generator)
        batches = step.feed.epoch(shown, settings.batch_size, generator)
        while len(batches) < settings.least_steps:
            batches += step.feed.epoch(shown, settings.batch_size, generator)
        total_loss, labels, right = 0.0, 0, 0
        for position, batch in enumerate(batches):
            self.progress.check_cancelled()
            done = (number - 1 + position / len(batches)) / settings.epochs
            for group in step.optimiser.param_groups:
                group["lr"] = settings.learning_rate * rate_factor(settings.schedule, done)
            result = step(batch, generator)
            total_loss += result.loss * result.labels
            labels += result.labels
            right += result.right
            # Not the batch's own number: samples share crops, and those of rare classes come again.
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
        return total_loss / labels, right / labels

    def _so_far(self, loss: float) -> str:
        """Return how good the network is by now: this epoch's loss, and the validation before it."""
        last = self.state.history[-1] if self.state.history else None
        if last is None or last.validation_accuracy is None:
            return Text("loss {loss:.3f}", loss=loss)
        return Text(
            "loss {loss:.3f}, validation accuracy {accuracy:.1%}",
            loss=loss,
            accuracy=last.validation_accuracy,
        )

    def _validated(self, number: int, loss: float, accuracy: float) -> Epoch:
        chosen, step = self.split.validation, self.step
        if not len(chosen):
            return Epoch(number, loss, accuracy, None, None, None)
        logits = step.feed.logits(step.network, chosen, self.progress)
        codes = step.dataset.codes(chosen)
        matrix = ConfusionMatrix.of_codes(codes, codes_of(logits.numpy()), len(step.dataset.classes))
        return Epoch(
            number=number,
            train_loss=loss,
            train_accuracy=accuracy,
            # Not weighted by class: a validation part of classes that training lacks would divide by 0.
            validation_loss=float(cross_entropy(logits, torch.from_numpy(codes))),
            validation_accuracy=float(matrix.overall_accuracy),
            validation_macro_f1=float(matrix.macro_f1),
        )


def _show_best(network: nn.Module, state: LoopState, keep_best: Callable[[FitResult], None]) -> None:
    """Hand over the best model so far, which is not the one that training goes on with."""
    if state.best is None:
        return
    current = {name: value.clone() for name, value in network.state_dict().items()}
    network.load_state_dict(state.best_weights)
    keep_best(FitResult(tuple(state.history), state.best))
    network.load_state_dict(current)


def _portion(total: int, position: int, pieces: int) -> int:
    """Return how many of ``total`` belong to the piece at ``position``."""
    return total * (position + 1) // pieces - total * position // pieces


def _rank(epoch: Epoch, monitor: str) -> tuple[float, float]:
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


def _freeze(network: nn.Module, learning: tuple[str, ...]) -> None:
    """Let only the weights learn whose names begin so; all where there is no such beginning."""
    for name, weight in network.named_parameters():
        weight.requires_grad_(not learning or name.startswith(learning))


@contextmanager
def _repeatable(device: torch.device) -> Iterator[None]:
    """Let cuDNN choose algorithms that give the same each time, and restore its settings."""
    if device.type != "cuda":
        yield
        return
    before = torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    try:
        yield
    finally:
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = before
