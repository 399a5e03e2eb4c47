"""Trainer of networks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..arrays import Float32Array, Int64Array
from ..device import describe_device, select_device
from ..models.applicability import Applicability
from ..models.architecture import Architecture, CentreBranch, FitSettings, TrainerSettings
from ..models.card import FORMAT_VERSION, Epoch, ModelCard, Scaling
from ..models.network import add_dropout, with_last_layer
from ..models.network_file import save_model
from ..models.pretrained import Inputs, Start, load_start
from ..models.published import NO_WEIGHTS, SELF_SUPERVISED
from ..options import FULL, NONE
from ..progress import Progress, SilentProgress, Stage
from ..raster.stack import BandStack
from ..run_plan import is_dry_run
from ..samples.samples import Samples
from ..samples.split_design import Split
from .channels import Preparation
from .checkpointing import StateFile, fingerprint, network_parts, step_seconds, weights_checksum
from .feeds.base import Dataset, Feed, View
from .fit import FitResult, fit
from .optimisation import choose_precision, memory_format_for, repeated
from .self_supervised import self_supervised_start
from .start_weights import chosen_start
from .trainer import Fitted, NetworkTime

# Numbers of epochs that a time limit allows, and steps of the trial that measures the time of one. The first
# trial includes one-time costs.
_SHORTER = (100, 70, 50, 35, 25, 18, 13, 9, 6, 4, 3, 2, 1)
_TRIAL_STEPS = (1, 1, 5)
MakeView = Callable[[Architecture, TrainerSettings, torch.dtype], View[Any]]
"""Function from an architecture, settings and the data type of matrix products to a view of the raster."""


@dataclass(frozen=True, eq=False)
class FittedNetwork:
    """Fitted network.

    Attributes:
        architecture: Registry entry of the architecture.
        network: Network on its device.
        result: Epochs so far.
        feed: Batches of the network's inputs.
        scaling: Scaling of the channels.
        small_stem: Whether the first layer has no stride and no pooling.
        centre: Form of a centred network; None for other networks.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
    """

    architecture: Architecture
    network: nn.Module
    result: FitResult
    feed: Feed
    scaling: Scaling
    small_stem: bool
    centre: CentreBranch | None
    attention: str = NONE

    @property
    def history(self) -> tuple[Epoch, ...]:
        """Epochs in order."""
        return self.result.history

    @property
    def best(self) -> Epoch:
        """Epoch whose weights the network has."""
        return self.result.best

    def logits(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the logits of samples, float32, shape (M, classes).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        # In 32 bits at any training precision, as probabilities and prediction sets of maps are computed.
        return self.feed.exact.logits(self.network, indices, progress).numpy()

    @property
    def importance(self) -> None:
        """None: all features have equal weight."""
        return None

    @property
    def leading(self) -> int:
        """0: the model has no members."""
        return 0

    def features(self, indices: Int64Array, progress: Progress) -> Float32Array:
        """Return the inputs of the head for samples, float32, shape (M, features).

        Args:
            indices: Indices of the samples in the dataset, int64, shape (M,).
            progress: Progress reporter.
        """
        headless = with_last_layer(self.network, self.architecture.name, nn.Identity())
        return self.feed.exact.logits(headless, indices, progress).numpy()

    def in_memory(self, card: ModelCard) -> tuple[nn.Module, ModelCard]:
        """Return the network and the document, see ``core.training.trainer.Fitted.in_memory``."""
        is_first_form = self.centre is None and self.attention == NONE and not self.scaling.limits
        card = replace(card, small_stem=self.small_stem, attention=self.attention, centre=self.centre)
        return self.network, replace(card, format_version=1 if is_first_form else FORMAT_VERSION)

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file, see ``core.training.trainer.Fitted.save``."""
        save_model(path, *self.in_memory(card), progress, applicability)


class NetworkTrainer:
    """Trainer of networks of one architecture.

    Attributes:
        start: Sentence on the initial weights of the last network; empty for random weights.

    Args:
        architecture: Registry entry of the architecture, of the family ``network``.
        settings: Settings of the training loop, the patches, the initial weights and the device.
        make_view: Function that returns the view of the raster.

    Raises:
        DeviceError: The device cannot be used, or does not support the precision.
    """

    def __init__(self, architecture: Architecture, settings: TrainerSettings, make_view: MakeView) -> None:
        self._architecture = architecture
        self._settings = settings
        self._device = select_device(settings.device)
        self._precision = choose_precision(settings.fit.precision, self._device)
        self._view = make_view(architecture, settings, self._precision)
        self._start: Start | None = None
        self._loaded: frozenset[str] = frozenset()
        self.start = ""
        self._fits = 0
        # Result of ``_try_out``.
        self._trial: tuple[float, int] | None = None

    @property
    def device(self) -> str:
        """Name of the device."""
        return describe_device(self._device)

    @property
    def patch_size(self) -> int:
        """Side of the network's patches, in pixels."""
        return self._view.patch_size

    @property
    def windows(self) -> tuple[int, ...]:
        """Sides of the neighbourhoods, in pixels; empty for none."""
        return self._view.windows

    @property
    def window(self) -> int:
        """Side of the receptive field, in pixels."""
        return self._view.window

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample in bytes.

        Args:
            bands: Number of bands.
        """
        return self._view.sample_bytes(bands)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> Dataset:
        """Read the initial weights and the samples' inputs, see ``core.training.trainer.Trainer.read``."""
        self._start, preparation = self._chosen_start(stack, preparation, Stage(progress, 0.0, 0.5))
        progress = Stage(progress, 0.5, 1.0)
        dataset: Dataset = self._view.read(stack, samples, preparation, progress)
        return dataset

    def _chosen_start(
        self, stack: BandStack, preparation: Preparation, progress: Progress
    ) -> tuple[Start | None, Preparation]:
        """Return the weights that networks start from, and the channels that they need."""
        settings, entry, view = self._settings, self._architecture, self._view
        if settings.weights == SELF_SUPERVISED and not settings.weights_file:
            if is_dry_run():
                progress.log(
                    "This dry run leaves out self-supervised training, and the estimated time is without it."
                )
            elif entry.learns_without_labels:
                return self_supervised_start(
                    entry, view, settings, self._device, stack, preparation, progress
                )
            else:
                # A member of an ensemble in which another one has such weights.
                progress.log(
                    "{architecture} starts from random weights, because it does not read patches.",
                    architecture=entry.title,
                )
            settings = replace(settings, weights=NO_WEIGHTS)
        return chosen_start(settings, entry, view.small_stem, stack, preparation, progress)

    def network_times(self, dataset: Dataset, counts: Sequence[int]) -> tuple[NetworkTime, ...]:
        """Return the time of the network, see ``core.training.trainer.Trainer.network_times``."""
        settings = self._settings.fit
        if self._trial is None:
            self._trial = self._try_out(dataset)
        seconds_of_step, squares = self._trial
        # In proportion: how many samples share a crop of a dense network depends on where they lie.
        share = squares / len(dataset.samples) / settings.batch_size
        # A fit goes through its samples again as long as an epoch is too short.
        batches = [max(1, ceil(share * count)) for count in counts]
        steps = sum(number * max(1, ceil(settings.min_steps / number)) for number in batches)
        seconds = settings.epochs * steps * seconds_of_step
        return (NetworkTime(self._architecture, settings.epochs, seconds),)

    def shorten(self, fractions: Sequence[float]) -> tuple[int, ...]:
        """Take fewer epochs, see ``core.training.trainer.Trainer.shorten``.

        The number of epochs is rounded down to one of a series in which each is about 1.4 times the one
        before, so that an interrupted training that is started again takes the same number.
        """
        settings, (fraction,) = self._settings.fit, fractions
        most = fraction * settings.epochs
        if most < settings.epochs:
            epochs = next((number for number in _SHORTER if number <= most), _SHORTER[-1])
            self._settings = replace(self._settings, fit=replace(settings, epochs=epochs))
        return (self._settings.fit.epochs,)

    def _try_out(self, dataset: Dataset) -> tuple[float, int]:
        """Return the time of a training step in seconds, and the squares of an epoch of all samples."""
        settings, count = self._settings.fit, len(dataset.samples)
        # Samples far from each other, so that each has a crop of its own.
        some = np.unique(np.linspace(0, count - 1, min(count, settings.batch_size)).astype(np.int64))
        nothing = SilentProgress()
        split = Split(some, some[:0], some[:0])
        feed, preparation = self._view.feed(dataset, split, self._device, nothing)
        generator, everything = np.random.default_rng(0), np.arange(count)
        everything = repeated(everything, dataset.codes(everything), settings.balance, generator)
        squares = sum(map(len, feed.epoch(everything, settings.batch_size, generator)))
        parts = network_parts(self._architecture, self._view, dataset, self._fit_settings, self.device)
        measured = step_seconds(self._settings.state_file, parts)
        if measured:
            return measured, squares
        network, times = self._network(dataset, preparation, nothing), []
        for steps in _TRIAL_STEPS:
            trial = replace(
                settings, epochs=1, min_steps=steps, balance=NONE, frozen_epochs=0, fine_tuning=FULL
            )
            started = time.perf_counter()
            fit(network, feed, dataset, split, trial, self._device, nothing, lambda _: None)
            times.append(time.perf_counter() - started)
        return max((times[-1] - times[-2]) / (_TRIAL_STEPS[-1] - _TRIAL_STEPS[-2]), 1e-6), squares

    def fit(
        self,
        dataset: Dataset,
        split: Split,
        progress: Progress,
        on_best: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedNetwork:
        """Train a new network, see ``core.training.trainer.Trainer.fit``."""
        return self._fit(dataset, split, progress, on_best, epochs)

    def fit_after(
        self, before: FittedNetwork, dataset: Dataset, split: Split, progress: Progress
    ) -> FittedNetwork:
        """Train a copy of a fitted network further, for as many epochs and from the highest rate down.

        The networks so far are snapshots of one training, with the cyclic learning rate of Huang et al. 2017
        (https://arxiv.org/abs/1704.00109).

        Args:
            before: Network of this trainer.
            dataset: Result of ``read``.
            split: Indices of the training samples.
            progress: Progress reporter.
        """
        return self._fit(dataset, split, progress, lambda _: None, None, before)

    def _fit(
        self,
        dataset: Dataset,
        split: Split,
        progress: Progress,
        on_best: Callable[[Fitted], None],
        epochs: int | None,
        before: FittedNetwork | None = None,
    ) -> FittedNetwork:
        self._fits += 1
        settings = self._fit_settings
        feed, preparation = self._view.feed(dataset, split, self._device, Stage(progress, 0.0, 0.1))
        network, entry = self._network(dataset, preparation, progress), self._architecture
        if before is not None:
            network.load_state_dict(before.network.state_dict())
            # Each part of the training draws other samples, patches and orientations.
            settings = replace(settings, seed=settings.seed + self._fits, frozen_epochs=0)

        def fitted(result: FitResult) -> FittedNetwork:
            view = self._view
            return FittedNetwork(
                entry,
                network,
                result,
                feed,
                preparation.required_scaling,
                view.small_stem,
                view.centre,
                view.attention,
            )

        result = fit(
            network,
            feed,
            dataset,
            split,
            settings,
            self._device,
            Stage(progress, 0.1, 1.0),
            lambda result: on_best(fitted(result)),
            self._state_file(dataset, feed, split, settings, epochs, before, progress),
            self._loaded,
            epochs,
        )
        return fitted(result)

    @property
    def _fit_settings(self) -> FitSettings:
        """Settings of the training loop. Random weights are all trained from the first epoch."""
        settings = self._settings.fit
        return settings if self._start else replace(settings, frozen_epochs=0, fine_tuning=FULL)

    def _network(self, dataset: Dataset, preparation: Preparation, progress: Progress) -> nn.Module:
        fit = self._settings.fit
        # This seeds the initial weights only. Other random numbers have their own generators.
        torch.manual_seed(fit.seed)
        network = self._view.build(len(preparation.channels), len(dataset.classes))
        if self._start:
            inputs = Inputs(
                preparation.channels, preparation.roles, preparation.required_scaling, self._view.centre
            )
            loaded = load_start(network, self._architecture, inputs, dataset.classes, self._start)
            self.start, self._loaded = loaded.sentence, loaded.names
            progress.log(self.start)
        add_dropout(network, self._architecture.name, fit.dropout)
        return network.to(self._device).to(memory_format=memory_format_for(self._precision, self._device))

    def _state_file(
        self,
        dataset: Dataset,
        feed: Feed,
        split: Split,
        settings: FitSettings,
        epochs: int | None,
        before: FittedNetwork | None,
        progress: Progress,
    ) -> StateFile:
        path = self._settings.state_file
        number = f"-{self._fits}" if self._fits > 1 else ""
        start = self._start
        parts = fingerprint(self._architecture, self._view, dataset, feed, split, settings, self.device)
        parts["the weights to start from"] = start.identity if start else ""
        if before is not None:
            parts["the snapshot to continue from"] = weights_checksum(before.network)
        if epochs is not None:
            parts["the number of epochs of the saved model"] = str(epochs)
        measured = self._trial[0] if self._trial else 0.0
        return StateFile(path.with_name(f"{path.name}{number}"), parts, progress, step_seconds=measured)
