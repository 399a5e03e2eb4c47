"""Trainer of ensembles: several models of the same samples, combined by out-of-fold predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Float32Array, Int64Array
from ..models.applicability import Applicability
from ..models.architecture import Architecture
from ..models.card import (
    FORMAT_VERSION,
    Epoch,
    MemberGain,
    MemberWeight,
    ModelCard,
    Scaling,
    member_titles,
)
from ..models.ensemble import EnsembleModel, Member, member_card, save_ensemble
from ..models.pool import Pool
from ..options import CLASS_WEIGHTED, LOG_MEAN, MEAN
from ..progress import Progress, Stage
from ..raster.stack import BandStack
from ..samples.group_split import blocks_of_near_points, inner_folds
from ..samples.samples import Samples
from ..samples.split_design import Split
from ..text import Text, typeset
from ..uncertainty.pool import pooled
from .channels import Preparation
from .feeds.base import Dataset
from .network_trainer import FittedNetwork, NetworkTrainer
from .out_of_fold import OutOfFold, Weighing, out_of_fold
from .trainer import Fitted, NetworkTime, Trainer

# The smallest number of folds, because a network takes long in each.
_FOLDS = 2
_FOLD_LINE = Text(
    "Members of part {number} of {total} are trained on {count:,} samples, to weigh them on {others:,} "
    "others."
)


@dataclass(frozen=True, eq=False)
class EnsembleDataset(Dataset):
    """Samples with the inputs of all members.

    Attributes:
        parts: Dataset of each trainer.
    """

    parts: tuple[Dataset, ...]


@dataclass(frozen=True, eq=False)
class MemberTrainer:
    """Trainer of one or more members of an ensemble.

    Attributes:
        entry: Registry entry of the members.
        trainer: Trainer of the members.
        snapshots: Number of members, which are snapshots of one training; more than 1 for networks only.
        file: Name of the model file that the member comes from; empty for members that are trained.
    """

    entry: Architecture
    trainer: Trainer[Any]
    snapshots: int = 1
    file: str = ""


@dataclass(frozen=True, eq=False)
class FittedMember:
    """Fitted member of an ensemble.

    Attributes:
        origin: Trainer of the member.
        fitted: Fitted model.
    """

    origin: MemberTrainer
    fitted: Fitted


@dataclass(frozen=True, eq=False)
class FittedEnsemble:
    """Fitted members and their weights.

    Attributes:
        members: Fitted members, those that are trained all with the same scaling.
        pool: Weights of the members, and their rule.
        accuracies: Accuracy of each member on samples that it was not fitted to, 0 to 1; None where it is
            not known.
        gains: Gain in accuracy by each member; None where it is not known.
    """

    members: tuple[FittedMember, ...]
    pool: Pool
    accuracies: tuple[float | None, ...]
    gains: tuple[MemberGain | None, ...]

    @property
    def history(self) -> tuple[Epoch, ...]:
        """Epochs of the first network; of snapshots one cycle after the other."""
        first = next((item.origin for item in self.members if item.fitted.history), None)
        cycles = [item.fitted.history for item in self.members if item.origin is first]
        epochs = [epoch for cycle in cycles for epoch in cycle]
        return tuple(replace(epoch, number=number) for number, epoch in enumerate(epochs, start=1))

    @property
    def best(self) -> Epoch | None:
        """Last epoch of ``history``; None without one."""
        return self.history[-1] if self.history else None

    @property
    def scaling(self) -> Scaling:
        """Scaling of the channels of the first member, the same for all members that are trained."""
        return self.members[0].fitted.scaling

    @property
    def leading(self) -> int:
        """Number of the member with the largest weight."""
        return self.pool.leading

    def logits(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the scores of samples, float32, shape (M, classes).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        used = self.pool.used
        scores = [
            self.members[number].fitted.logits(indices, stage)
            for number, stage in zip(used, _stages(progress, len(used)), strict=True)
        ]
        return pooled(scores, self.pool.without_unused)

    @property
    def importance(self) -> Float32Array | None:
        """Importance of each feature of the member with the largest weight, see ``Fitted.importance``."""
        return self.members[self.leading].fitted.importance

    def features(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the features of the member with the largest weight, float32, shape (M, features).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        return self.members[self.leading].fitted.features(indices, progress)

    def in_memory(self, card: ModelCard) -> tuple[EnsembleModel, ModelCard]:
        """Return the ensemble and its document, see ``core.training.trainer.Fitted.in_memory``."""
        has_class_weights = self.pool.rule == CLASS_WEIGHTED
        weights = tuple(
            MemberWeight(
                item.origin.entry.name,
                mean,
                accuracy,
                own if has_class_weights else (),
                gain,
                item.origin.file,
            )
            for item, mean, own, accuracy, gain in zip(
                self.members, self.pool.means, self.pool.weights, self.accuracies, self.gains, strict=True
            )
        )
        members = []
        for item in self.members:
            trainer = item.origin.trainer
            own_card = member_card(card, item.origin.entry.name, trainer.patch_size, trainer.windows)
            model, own_card = item.fitted.in_memory(own_card)
            if isinstance(model, EnsembleModel):
                raise RuntimeError("An ensemble cannot be a member of an ensemble")
            members.append(Member(model, own_card))
        # For descriptions of what the ensemble reads.
        centre = next((member.card.centre for member in members if member.card.centre), None)
        card = replace(
            card,
            members=weights,
            combination=self.pool.rule,
            scales_members=any(member.card.scaling != card.scaling for member in members),
            centre=centre,
            format_version=FORMAT_VERSION,
        )
        return EnsembleModel(tuple(members), self.pool), card

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file, see ``core.training.trainer.Fitted.save``."""
        save_ensemble(path, *self.in_memory(card), progress, applicability)


class EnsembleTrainer:
    """Trainer of ensembles.

    The weights of the members are those of a regression on out-of-fold predictions within the training
    samples, so that the test judges them, too. The model to save, which others were tested for, takes the
    mean of their weights. Equal weights need no such predictions: what a member adds is then measured on
    the test samples.

    Args:
        members: Trainers of the members. The first one that is trained scales the channels for all others.
        combination: Rule by which the members are combined, one of ``core.options.COMBINATIONS``.
        seed: Seed of the inner folds, and of the intervals of what each member adds.
    """

    def __init__(self, members: Sequence[MemberTrainer], combination: str, seed: int) -> None:
        self._members = tuple(members)
        self._combination = combination
        self._seed = seed
        self._weighing = Weighing()

    @property
    def _trainers(self) -> tuple[Trainer[Any], ...]:
        return tuple(member.trainer for member in self._members)

    @property
    def _is_weighted(self) -> bool:
        return self._combination not in (LOG_MEAN, MEAN)

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

    def network_times(self, dataset: EnsembleDataset, counts: Sequence[int]) -> tuple[NetworkTime, ...]:
        """Return the time of each network, see ``core.training.trainer.Trainer.network_times``."""
        # Each fit but the last trains on the samples outside each inner fold, too.
        inner = [count // _FOLDS for count in counts[:-1] or counts for _ in range(_FOLDS)]
        fits = [*(inner if self._is_weighted else ()), *counts]
        return tuple(
            replace(time, epochs=member.snapshots * time.epochs)
            for member, part in zip(self._members, dataset.parts, strict=True)
            for time in member.trainer.network_times(part, fits * member.snapshots)
        )

    def shorten(self, fractions: Sequence[float]) -> tuple[int, ...]:
        """Take fewer epochs of the networks, see ``core.training.trainer.Trainer.shorten``."""
        left, epochs = list(fractions), list[int]()
        for member in self._members:
            own = int(member.entry.has_network and not member.file)
            epochs += (member.snapshots * number for number in member.trainer.shorten(left[:own]))
            del left[:own]
        return tuple(epochs)

    def fit(
        self,
        dataset: EnsembleDataset,
        split: Split,
        progress: Progress,
        on_best: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedEnsemble:
        """Fit the members and their weights, see ``core.training.trainer.Trainer.fit``.

        ``on_best`` is called once, when all members are complete. All members train all their epochs.
        """
        weighing = self._weighing
        # All others have samples to test or to calibrate them.
        is_final = bool(weighing.pools) and not len(split.held_out)
        has_inner = self._is_weighted and not is_final
        if has_inner:
            self._weigh(dataset, split.train, Stage(progress, 0.0, 0.5))
        stage = Stage(progress, 0.5, 1.0) if has_inner else progress
        members = self._fit_members(dataset, split.train, stage)
        if not self._is_weighted and not is_final:
            self._weigh_equally(dataset, split, members, progress)
        # Weights of other fits come from samples that may test this one.
        pool = weighing.pool if is_final else weighing.pools[-1]
        fitted = FittedEnsemble(members, pool, weighing.mean_accuracies, self._gains(len(members)))
        on_best(fitted)
        return fitted

    def _weigh(self, dataset: EnsembleDataset, train: Int64Array, progress: Progress) -> None:
        """Weigh the members on predictions for training samples that they were not fitted to."""
        samples = dataset.samples
        parts = inner_folds(samples, train, self.window, self.window, self._seed, _FOLDS)
        count = sum(member.snapshots for member in self._members)

        def predict(fitted_to: Int64Array, held_out: Int64Array, stage: Progress) -> Float32Array:
            members = self._fit_members(dataset, fitted_to, stage)
            return np.stack([member.fitted.logits(held_out, progress) for member in members])

        shape = count, len(samples), len(dataset.classes)
        scores = out_of_fold(parts, predict, shape, _FOLD_LINE, progress)
        folds = np.zeros(len(samples), dtype=np.int64)
        for number, (_, held_out) in enumerate(parts):
            folds[held_out] = number
        self._add(dataset, scores[:, train], train, folds[train], progress)

    def _weigh_equally(
        self, dataset: EnsembleDataset, split: Split, members: Sequence[FittedMember], progress: Progress
    ) -> None:
        """Measure what members of the same weight add to the accuracy of the test samples, if any."""
        if not len(split.test):
            self._weighing.pools.append(Pool.equal(len(members), self._combination))
            return
        scores = np.stack([member.fitted.logits(split.test, progress) for member in members])
        self._add(dataset, scores, split.test, np.zeros(len(split.test), dtype=np.int64), progress)

    def _add(
        self,
        dataset: EnsembleDataset,
        scores: Float32Array,
        indices: Int64Array,
        folds: Int64Array,
        progress: Progress,
    ) -> None:
        samples = dataset.samples
        # Pixels of a label raster beside each other are as little independent as those of a polygon.
        clusters = samples.groups if samples.has_areas else blocks_of_near_points(samples, self.window)
        clusters = np.arange(len(samples), dtype=np.int64) if clusters is None else clusters
        held_out = OutOfFold(scores, indices, dataset.codes(indices), folds, clusters[indices])
        pool = self._weighing.add(self._combination, held_out)
        if self._combination == CLASS_WEIGHTED:
            progress.log(
                "Members have a weight for each class, with which held-out samples are predicted better."
                if pool.rule == CLASS_WEIGHTED
                else "Members have one weight for all classes: with a weight for each class, held-out "
                "samples are not predicted better by more than chance."
            )
        gains = self._gains(len(scores))
        facts = zip(self._titles(), held_out.accuracies, pool.means, gains, strict=True)
        for title, accuracy, weight, gain in facts:
            progress.log(
                "{member}: {accuracy:.1%} of the test samples are right, weight {weight:.2f}."
                if not self._is_weighted
                else "{member}: out-of-fold accuracy {accuracy:.1%}, weight {weight:.2f}."
                if weight
                else "{member}: out-of-fold accuracy {accuracy:.1%}. It does not improve the ensemble and is "
                "not used.",
                member=title,
                accuracy=accuracy,
                weight=weight,
            )
            if gain is not None:
                progress.log(_gain_line(title, gain))

    def _gains(self, members: int) -> tuple[MemberGain | None, ...]:
        """Return the gain by each member so far; None where no predictions measured it."""
        gains = self._weighing.gains(self._seed)
        count = self._weighing.samples
        return (
            tuple(
                MemberGain(gain.value, gain.low, gain.high, count) for gain in gains if gain.value is not None
            )
            or (None,) * members
        )

    def _titles(self) -> tuple[Text, ...]:
        members = [member for member in self._members for _ in range(member.snapshots)]
        return member_titles([item.entry.title for item in members], [item.file for item in members])

    def _fit_members(
        self, dataset: EnsembleDataset, train: Int64Array, progress: Progress
    ) -> tuple[FittedMember, ...]:
        """Return the members, fitted to samples without validation and with the scaling of the first."""
        split = Split(train, train[:0], train[:0])
        members: list[FittedMember] = []
        scaling: Scaling | None = None
        stages = _stages(progress, len(self._members))
        for member, part, stage in zip(self._members, dataset.parts, stages, strict=True):
            if scaling is not None:
                part = part.scaled(scaling)
            cycles = iter(_stages(stage, member.snapshots))
            fitted: Fitted = member.trainer.fit(part, split, next(cycles), lambda _: None)
            members.append(FittedMember(member, fitted))
            for cycle in cycles:
                fitted = _snapshot_after(member.trainer, fitted, part, split, cycle)
                members.append(FittedMember(member, fitted))
            if not member.file:
                scaling = fitted.scaling
        return tuple(members)


def _snapshot_after(
    trainer: Trainer[Any], fitted: Fitted, dataset: Dataset, split: Split, progress: Progress
) -> Fitted:
    """Return the next snapshot of a network's training."""
    if not isinstance(trainer, NetworkTrainer) or not isinstance(fitted, FittedNetwork):
        raise RuntimeError("Only networks have snapshots")
    return trainer.fit_after(fitted, dataset, split, progress)


def _gain_line(title: Text, gain: MemberGain) -> Text:
    """Return the log line of what a member adds to an ensemble."""
    values = {"member": title, "points": typeset(100 * gain.value, 1), "count": gain.samples}
    if gain.low is None or gain.high is None:
        return Text(
            "With {member}, the accuracy of {count:,} held-out samples changes by {points} points.", **values
        )
    return Text(
        "With {member}, the accuracy of {count:,} held-out samples changes by {points} points (95 % interval "
        "{low} to {high}).",
        low=typeset(100 * gain.low, 1),
        high=typeset(100 * gain.high, 1),
        **values,
    )


def _stages(progress: Progress, number: int) -> list[Stage]:
    return [Stage(progress, part / number, (part + 1) / number) for part in range(number)]
