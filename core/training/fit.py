"""The training loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from ..assessment.accuracy import confusion_matrix, macro_f1, overall_accuracy
from ..errors import LandCoverError, ParameterError, SampleError
from ..models.card import Epoch
from ..progress import Progress, RateMeter
from ..samples.samples import Integers
from ..samples.split import Split
from .augment import augment
from .dataset import PatchDataset
from .predict import predict
from .preparation import Preparation
from .trainer import codes_of


@dataclass(frozen=True)
class FitSettings:
    """How to train.

    Attributes:
        epochs: At most.
        batch_size: Patches a step, at least 2.
        learning_rate: Of AdamW, constant.
        weight_decay: Of AdamW.
        clip_norm: Longest gradient; 0 is any.
        patience: Epochs without improvement before training stops; 0 never stops early.
        augment: Flips and quarter turns.
        seed: For the order of the samples and the orientations.
    """

    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 1e-4
    weight_decay: float = 1e-4
    clip_norm: float = 1.0
    patience: int = 6
    augment: bool = True
    seed: int = 0


@dataclass(frozen=True)
class FitResult:
    """The epochs, in order, and the number of the one whose weights the network has."""

    history: tuple[Epoch, ...]
    best: Epoch


def fit(
    network: nn.Module,
    dataset: PatchDataset,
    split: Split,
    preparation: Preparation,
    settings: FitSettings,
    device: torch.device,
    progress: Progress,
    keep_best: Callable[[FitResult], None],
) -> FitResult:
    """Train ``network`` and leave the weights of its best epoch in it.

    The best epoch has the highest macro-F1 over the classes in validation; of equals, the lowest
    validation loss. The test samples are not touched.

    Args:
        network: On ``device``.
        dataset: The patches.
        split: Which of them train and validate. Without validation the last epoch is the best.
        preparation: With scaling.
        settings: How.
        device: Where to compute.
        progress: Gets rate and remaining time, and a log line an epoch.
        keep_best: Is called after each epoch that is the best so far.

    Raises:
        RunCancelled: The user cancelled.
        LandCoverError: The loss is no longer finite.
    """
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    weights = class_weights(dataset.codes(split.train), len(dataset.classes)).to(device)
    generator = np.random.default_rng(settings.seed)
    step = _Step(network, optimiser, weights, dataset, split, preparation, settings, device, generator)
    meter = RateMeter(settings.epochs * len(split.train), "patches")
    history: list[Epoch] = []
    best: Epoch | None = None
    best_weights: dict[str, Tensor] = {}
    with _repeatable(device):
        for number in range(1, settings.epochs + 1):
            loss, accuracy = _train_epoch(step, f"Epoch {number} of {settings.epochs}", meter, progress)
            epoch = _validated(number, loss, accuracy, step, progress)
            history.append(epoch)
            progress.log(_line(epoch))
            if best is None or _rank(epoch) > _rank(best):
                best = epoch
                best_weights = {name: value.clone() for name, value in network.state_dict().items()}
                keep_best(FitResult(tuple(history), best))
            elif settings.patience and number - best.number >= settings.patience:
                progress.log(f"Stopped: no epoch was better than epoch {best.number}.")
                break
    if best is None:
        raise ParameterError("No epoch was trained", where="EPOCHS", advice="Set EPOCHS to 1 or more.")
    network.load_state_dict(best_weights)
    return FitResult(tuple(history), best)


def class_weights(codes: Integers, classes: int) -> Tensor:
    """Return the weight of each class in the loss (classes,), float32.

    The inverse square root of its frequency: without weights rare classes are not learnt, with
    the full inverse their few samples drown the others. Scaled so that the mean over the samples
    is 1; a class without samples gets 0.
    """
    counts = np.bincount(codes, minlength=classes).astype(np.float64)
    raw = np.where(counts > 0, 1.0 / np.sqrt(np.maximum(counts, 1.0)), 0.0)
    return torch.from_numpy((raw * counts.sum() / (raw * counts).sum()).astype(np.float32))


def batches_of(order: Integers, size: int) -> list[Integers]:
    """Return ``order`` in pieces of ``size``; a last piece of one joins the one before.

    Batch normalisation cannot work on a single patch.
    """
    pieces = [order[start : start + size] for start in range(0, len(order), size)]
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [np.concatenate(pieces[-2:])]
    return pieces


@dataclass(frozen=True, eq=False)
class _Step:
    """Everything that a step of the optimiser needs."""

    network: nn.Module
    optimiser: torch.optim.Optimizer
    weights: Tensor
    dataset: PatchDataset
    split: Split
    preparation: Preparation
    settings: FitSettings
    device: torch.device
    generator: np.random.Generator

    def __call__(self, chosen: Integers) -> tuple[float, int]:
        """Train with the patches ``chosen``; return their mean loss and how many were right."""
        inputs = self.preparation(self.dataset.batch(chosen, self.device))
        if self.settings.augment:
            inputs = augment(inputs, self.generator)
        codes = torch.from_numpy(self.dataset.codes(chosen)).to(self.device)
        logits = self.network(inputs)
        loss = cross_entropy(logits, codes, weight=self.weights)
        value = float(loss.item())
        if not math.isfinite(value):
            raise _not_finite(inputs, logits, chosen, self.dataset, self.preparation)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        if self.settings.clip_norm > 0:
            nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.clip_norm)
        self.optimiser.step()
        return value, int((logits.argmax(dim=1) == codes).sum())


def _train_epoch(step: _Step, label: str, meter: RateMeter, progress: Progress) -> tuple[float, float]:
    """Return the mean loss and the accuracy over the epoch's batches."""
    step.network.train()
    train = step.split.train
    total_loss, right = 0.0, 0
    for chosen in batches_of(step.generator.permutation(train), step.settings.batch_size):
        progress.check_cancelled()
        loss, hits = step(chosen)
        total_loss += loss * len(chosen)
        right += hits
        meter.add(len(chosen))
        progress.update(meter.fraction, f"{label}: {meter.text()}")
    return total_loss / len(train), right / len(train)


def _validated(number: int, loss: float, accuracy: float, step: _Step, progress: Progress) -> Epoch:
    chosen = step.split.validation
    if not len(chosen):
        return Epoch(number, loss, accuracy, None, None, None)
    logits = predict(step.network, step.dataset, chosen, step.preparation, step.device, progress)
    codes = step.dataset.codes(chosen)
    confusion = confusion_matrix(codes, codes_of(logits.numpy()), len(step.dataset.classes))
    # Not weighted by class: a validation part of classes that training lacks would divide by 0.
    validation_loss = cross_entropy(logits, torch.from_numpy(codes))
    return Epoch(
        number=number,
        train_loss=loss,
        train_accuracy=accuracy,
        validation_loss=float(validation_loss),
        validation_accuracy=overall_accuracy(confusion),
        validation_macro_f1=macro_f1(confusion),
    )


def _rank(epoch: Epoch) -> tuple[float, float]:
    if epoch.validation_loss is None or epoch.validation_macro_f1 is None:
        return 0.0, float(epoch.number)
    loss = epoch.validation_loss if math.isfinite(epoch.validation_loss) else math.inf
    return epoch.validation_macro_f1, -loss


def _line(epoch: Epoch) -> str:
    line = f"Epoch {epoch.number}: training loss {epoch.train_loss:.3f}, accuracy {epoch.train_accuracy:.1%}"
    if epoch.validation_macro_f1 is None:
        return f"{line}."
    return (
        f"{line}; validation loss {epoch.validation_loss:.3f}, accuracy {epoch.validation_accuracy:.1%}, "
        f"macro-F1 {epoch.validation_macro_f1:.3f}."
    )


def _not_finite(
    inputs: Tensor, logits: Tensor, chosen: Integers, dataset: PatchDataset, preparation: Preparation
) -> LandCoverError:
    """Return the error that names the channel and sample behind a loss that is no number."""
    broken = ~torch.isfinite(inputs).all(dim=(2, 3))
    if bool(broken.any()):
        sample, channel = (int(value) for value in broken.nonzero()[0])
        return SampleError(
            f"Channel {preparation.channels[channel]} has values that are no numbers after scaling",
            where=f"sample at {dataset.place(int(chosen[sample]))}",
            advice="Leave the channel or the sample out.",
        )
    wild = int((~torch.isfinite(logits).all(dim=1)).float().argmax())
    return ParameterError(
        "The training diverged: the loss is no longer a number",
        where=f"first seen at the sample at {dataset.place(int(chosen[wild]))}",
        advice="Lower LEARNING_RATE, or set CLIP_NORM to 1.",
    )


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
