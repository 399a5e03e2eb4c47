"""Trainer of ensembles: several models of the same samples, weighted by out-of-fold predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Float32Array, Int64Array
from ..models.applicability import Applicability
from ..models.architecture import Architecture
from ..models.card import FORMAT_VERSION, Epoch, MemberWeight, ModelCard, Scaling
from ..models.ensemble import EnsembleModel, Member, member_card, save_ensemble
from ..progress import Progress, Stage
from ..raster.stack import BandStack
from ..samples.group_split import inner_folds
from ..samples.samples import Samples
from ..samples.split_design import Split
from ..text import Text
from ..uncertainty.pool import pool_weights, pooled
from .channels import Preparation
from .feeds.base import Dataset
from .trainer import Fitted, Trainer, codes_of

# The smallest number of folds, because a network takes long in each.
_FOLDS = 2


@dataclass(frozen=True, eq=False)
class EnsembleDataset(Dataset):
    """Samples with the inputs of all members.

    Attributes:
        parts: Dataset of each member.
    """

    parts: tuple[Dataset, ...]


@dataclass(frozen=True, eq=False)
class FittedEnsemble:
    """Fitted members and their weights.

    Attributes:
        entries: Registry entry of each member.
        trainers: Trainer of each member.
        members: Fitted model of each member, all with the same scaling.
        weights: Weight of each member in the pool.
        accuracies: Accuracy of each member on out-of-fold training samples, 0 to 1.
    """

    entries: tuple[Architecture, ...]
    trainers: tuple[Trainer[Any], ...]
    members: tuple[Fitted, ...]
    weights: tuple[float, ...]
    accuracies: tuple[float, ...]

    @property
    def history(self) -> tuple[Epoch, ...]:
        """Epochs of the first member that has some."""
        return next((item.history for item in self.members if item.history), ())

    @property
    def best(self) -> Epoch | None:
        """Best epoch of the first member that has epochs; None without one."""
        return next((item.best for item in self.members if item.best), None)

    @property
    def scaling(self) -> Scaling:
        """Scaling of the channels, the same for all members."""
        return self.members[0].scaling

    @property
    def _leading(self) -> Fitted:
        return self.members[int(np.argmax(self.weights))]

    def logits(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the scores of samples, float32, shape (M, classes).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        used = [number for number, weight in enumerate(self.weights) if weight]
        scores = [
            self.members[number].logits(indices, stage)
            for number, stage in zip(used, _stages(progress, len(used)), strict=True)
        ]
        return pooled(scores, [self.weights[number] for number in used])

    @property
    def importance(self) -> Float32Array | None:
        """Importance of each feature of the member with the largest weight, see ``Fitted.importance``."""
        return self._leading.importance

    def features(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the features of the member with the largest weight, float32, shape (M, features).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        return self._leading.features(indices, progress)

    def in_memory(self, card: ModelCard) -> tuple[EnsembleModel, ModelCard]:
        """Return the ensemble and its document, see ``core.training.trainer.Fitted.in_memory``."""
        weights = tuple(
            MemberWeight(entry.name, weight, accuracy)
            for entry, weight, accuracy in zip(self.entries, self.weights, self.accuracies, strict=True)
        )
        members = []
        for entry, trainer, fitted in zip(self.entries, self.trainers, self.members, strict=True):
            own = member_card(card, entry.name, trainer.patch_size, trainer.windows)
            model, own = fitted.in_memory(own)
            if isinstance(model, EnsembleModel):
                raise RuntimeError("An ensemble cannot be a member of an ensemble")
            members.append(Member(model, own))
        # For descriptions of what the ensemble reads.
        centre = next((member.card.centre for member in members if member.card.centre), None)
        card = replace(card, members=weights, centre=centre, format_version=FORMAT_VERSION)
        return EnsembleModel(tuple(members), self.weights), card

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file, see ``core.training.trainer.Fitted.save``."""
        save_ensemble(path, *self.in_memory(card), progress, applicability)


class EnsembleTrainer:
    """Trainer of ensembles.

    The weights of the members are those of a regression on out-of-fold predictions within the training
    samples, so that the test judges them, too. The model to save, which others were tested for, takes the
    mean of their weights.

    Args:
        entries: Registry entries of the members. The first one scales the channels for all.
        trainers: Trainers of the members.
        seed: Seed of the inner folds.
    """

    def __init__(self, entries: Sequence[Architecture], trainers: Sequence[Trainer[Any]], seed: int) -> None:
        self._entries = tuple(entries)
        self._trainers = tuple(trainers)
        self._seed = seed
        self._found: list[tuple[tuple[float, ...], tuple[float, ...]]] = []

    @property
    def start(self) -> str:
        """Sentence on the initial weights of the first network; empty for random weights."""
        return next((trainer.start for trainer in self._trainers if trainer.start), "")

    @property
    def device(self) -> str:
        """Name of the first member's device."""
        return self._trainers[0].device

    @property
    def patch_size(self) -> int:
        """Side of the largest patches, in pixels."""
        return max(trainer.patch_size for trainer in self._trainers)

    @property
    def windows(self) -> tuple[int, ...]:
        """Sides of the neighbourhoods of the first member that has some, in pixels."""
        return next((trainer.windows for trainer in self._trainers if trainer.windows), ())

    @property
    def window(self) -> int:
        """Side of the receptive field, in pixels."""
        return max(trainer.window for trainer in self._trainers)

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample in bytes.

        Args:
            bands: Number of bands.
        """
        return sum(trainer.sample_bytes(bands) for trainer in self._trainers)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> EnsembleDataset:
        """Read the inputs of all members, see ``core.training.trainer.Trainer.read``."""
        stages = _stages(progress, len(self._trainers))
        parts = tuple(
            trainer.read(stack, samples, preparation, stage)
            for trainer, stage in zip(self._trainers, stages, strict=True)
        )
        return EnsembleDataset(samples, preparation, parts)

    def shorten(
        self, dataset: EnsembleDataset, counts: Sequence[int], seconds: float, progress: Progress
    ) -> int | None:
        """Take fewer epochs of the networks, see ``core.training.trainer.Trainer.shorten``."""
        # Each fit but the last trains on the samples outside each inner fold, too.
        inner = [count // _FOLDS for count in counts[:-1] or counts for _ in range(_FOLDS)]
        fits = [*inner, *counts]
        epochs = [
            trainer.shorten(part, fits, seconds, progress)
            for trainer, part in zip(self._trainers, dataset.parts, strict=True)
        ]
        return min((number for number in epochs if number is not None), default=None)

    def fit(
        self,
        dataset: EnsembleDataset,
        split: Split,
        progress: Progress,
        on_best: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedEnsemble:
        """Fit the members and their weights, see ``core.training.trainer.Trainer.fit``.

        ``on_best`` is called once, when all members are complete.
        """
        is_final = epochs is not None and bool(self._found)
        stage = progress if is_final else Stage(progress, 0.5, 1.0)
        if not is_final:
            self._found.append(self._weigh(dataset, split.train, Stage(progress, 0.0, 0.5)))
        weights, accuracies = (_means(values) for values in zip(*self._found, strict=True))
        fitted = FittedEnsemble(
            self._entries,
            self._trainers,
            self._fit_members(dataset, split.train, stage, epochs),
            weights,
            accuracies,
        )
        on_best(fitted)
        return fitted

    def _weigh(
        self, dataset: EnsembleDataset, train: Int64Array, progress: Progress
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the weights of the members, and their out-of-fold accuracies."""
        samples = dataset.samples
        parts = inner_folds(samples, train, self.window, self.window, self._seed, _FOLDS)
        scores = np.zeros((len(self._trainers), len(samples), len(dataset.classes)), dtype=np.float32)
        for number, (fitted_to, held_out) in enumerate(parts):
            progress.log(
                "Members of part {number} of {total} are trained on {count:,} samples, to weigh them on "
                "{others:,} others.",
                number=number + 1,
                total=len(parts),
                count=len(fitted_to),
                others=len(held_out),
            )
            stage = Stage(progress, number / len(parts), (number + 1) / len(parts))
            members = self._fit_members(dataset, fitted_to, stage, None)
            for member, fitted in enumerate(members):
                scores[member, held_out] = fitted.logits(held_out, progress)
        codes = dataset.codes(train)
        clusters = samples.groups[train] if samples.has_areas else train
        weights = pool_weights(list(scores[:, train]), codes, clusters)
        accuracies = tuple(float(np.mean(codes_of(item[train]) == codes)) for item in scores)
        for entry, weight, accuracy in zip(self._entries, weights, accuracies, strict=True):
            progress.log(
                "{member}: out-of-fold accuracy {accuracy:.1%}, weight {weight:.2f}."
                if weight
                else "{member}: out-of-fold accuracy {accuracy:.1%}. It adds nothing and is not used.",
                member=Text(entry.title),
                accuracy=accuracy,
                weight=weight,
            )
        return weights, accuracies

    def _fit_members(
        self, dataset: EnsembleDataset, train: Int64Array, progress: Progress, epochs: int | None
    ) -> tuple[Fitted, ...]:
        """Return the members, fitted to samples without validation and with the scaling of the first."""
        split = Split(train, train[:0], train[:0])
        members: list[Fitted] = []
        stages = _stages(progress, len(self._trainers))
        for trainer, part, stage in zip(self._trainers, dataset.parts, stages, strict=True):
            if members:
                part = replace(part, preparation=replace(part.preparation, scaling=members[0].scaling))
            members.append(trainer.fit(part, split, stage, lambda _: None, epochs))
        return tuple(members)


def _means(rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Return the mean of each column."""
    return tuple(float(value) for value in np.mean(rows, axis=0))


def _stages(progress: Progress, number: int) -> list[Stage]:
    return [Stage(progress, part / number, (part + 1) / number) for part in range(number)]
