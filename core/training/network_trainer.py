"""Trainer of networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..arrays import Float32Array, Int64Array
from ..device import describe_device, select_device
from ..models.applicability import Applicability
from ..models.architectures import architecture
from ..models.card import Epoch, ModelCard, Scaling
from ..models.network import add_dropout, with_last_layer
from ..models.network_file import save_model
from ..models.pretrained import Start, imagenet_start, load_start, names_of, read_state, start_from
from ..progress import Progress, Stage
from ..raster.grid import Grid
from ..raster.neighbourhood_windows import parse_windows
from ..raster.stack import BandStack
from ..requests.train import TrainRequest
from ..samples.samples import Samples
from ..samples.split_design import Split
from .channels import Preparation
from .checkpointing import StateFile, fingerprint
from .feeds.base import Dataset, Feed, View
from .feeds.crop import CropView
from .feeds.neighbourhood import NeighbourhoodView
from .feeds.patch import PatchView
from .fit import FitResult, fit
from .optimisation import FitSettings, choose_precision, memory_format_for
from .trainer import STATE_SUFFIX, Fitted

# The usual stem leaves a quarter of the pixels along each side: of smaller patches too little.
_SMALL_PATCH = 8


@dataclass(frozen=True, eq=False)
class FittedNetwork:
    """A network and the epochs that made it.

    Attributes:
        architecture: Of the network.
        network: On its device.
        result: The epochs so far.
        feed: Shows it the dataset.
        scaling: Of the channels.
        small_stem: Whether the network begins without stride and pooling.
    """

    architecture: str
    network: nn.Module
    result: FitResult
    feed: Feed
    scaling: Scaling
    small_stem: bool

    @property
    def history(self) -> tuple[Epoch, ...]:
        """The epochs, in order."""
        return self.result.history

    @property
    def best(self) -> Epoch:
        """The epoch whose weights the network has."""
        return self.result.best

    def logits(self, chosen: Int64Array, progress: Progress) -> Float32Array:
        """Return logits (len(chosen), classes) of the dataset's samples."""
        # In 32 bits whatever training computed in: maps of probabilities and prediction sets are.
        return self.feed.exact.logits(self.network, chosen, progress).numpy()

    @property
    def importance(self) -> None:
        """All features count alike."""
        return None

    def features(self, chosen: Int64Array, progress: Progress) -> Float32Array:
        """Return what the last layer sees of the dataset's samples (len(chosen), features)."""
        headless = with_last_layer(self.network, self.architecture, nn.Identity())
        return self.feed.exact.logits(headless, chosen, progress).numpy()

    def save(
        self, path: Path, card: ModelCard, progress: Progress, applicability: Applicability | None = None
    ) -> None:
        """Write the model file."""
        save_model(path, self.network, replace(card, small_stem=self.small_stem), progress, applicability)


class NetworkTrainer:
    """Fits networks of ``request.architecture``.

    Attributes:
        start: What the last network started from, a sentence; empty for random weights.

    Args:
        request: With a recipe, see ``core.tasks.train``.
        grid: Of the raster to learn from.
        least_steps: Of an epoch; None is what the architecture's recipe says.

    Raises:
        ParameterError: WINDOWS is malformed.
        DeviceError: The device cannot be used.
    """

    def __init__(self, request: TrainRequest, grid: Grid, least_steps: int | None = None) -> None:
        self._request = request
        self._settings = fit_settings(request, least_steps)
        self._device = select_device(request.device)
        self._precision = choose_precision(request.precision, self._device)
        self._view = _view(request, grid, self._precision)
        self._start: Start | None = None
        self.start = ""
        self._fits = 0

    @property
    def device(self) -> str:
        """What computes, in words."""
        return describe_device(self._device)

    @property
    def patch_size(self) -> int:
        """Side of the squares that the network is shown, in pixels."""
        return self._view.patch_size

    @property
    def windows(self) -> tuple[int, ...]:
        """Sides of the neighbourhoods that are measured for it."""
        return self._view.windows

    @property
    def window(self) -> int:
        """Side of the widest square around a pixel that its class depends on."""
        return self._view.window

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a sample."""
        return self._view.sample_bytes(bands)

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> Dataset:
        """Read what all fits need of the raster; before that, the weights that they start from."""
        request = self._request
        if request.weights_file:
            self._start = start_from(read_state(Path(request.weights_file)))
        elif request.weights == "imagenet":
            self._start = imagenet_start(architecture(request.architecture), progress)
        elif request.frozen_epochs:
            progress.log("FROZEN_EPOCHS has no effect, for no weights are loaded.", "warning")
        dataset: Dataset = self._view.read(stack, samples, preparation, progress)
        return dataset

    def fit(
        self,
        dataset: Dataset,
        split: Split,
        progress: Progress,
        keep: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedNetwork:
        """Train a new network; see ``core.training.trainer``."""
        self._fits += 1
        settings = self._settings
        if not self._start:
            settings = replace(settings, frozen_epochs=0)
        feed, preparation = self._view.feed(dataset, split, self._device, Stage(progress, 0.0, 0.1))
        network, name = self._network(dataset, progress), self._request.architecture

        def fitted(result: FitResult) -> FittedNetwork:
            return FittedNetwork(name, network, result, feed, preparation.measured, self._view.small_stem)

        result = fit(
            network,
            feed,
            dataset,
            split,
            settings,
            self._device,
            Stage(progress, 0.1, 1.0),
            lambda result: keep(fitted(result)),
            self._state_file(dataset, feed, split, settings, epochs, progress),
            architecture(self._request.architecture).head,
            epochs,
        )
        return fitted(result)

    def _network(self, dataset: Dataset, progress: Progress) -> nn.Module:
        request, preparation = self._request, dataset.preparation
        # The seed of the weights; what else is random has generators of its own.
        torch.manual_seed(request.seed)
        network = self._view.build(len(preparation.channels), len(dataset.classes))
        if self._start:
            names = names_of(preparation.channels, preparation.roles)
            chosen = architecture(request.architecture)
            self.start = load_start(network, chosen, names, dataset.classes, self._start)
            progress.log(self.start)
        add_dropout(network, request.architecture, request.dropout or 0.0)
        return network.to(self._device).to(memory_format=memory_format_for(self._precision, self._device))

    def _state_file(
        self,
        dataset: Dataset,
        feed: Feed,
        split: Split,
        settings: FitSettings,
        epochs: int | None,
        progress: Progress,
    ) -> StateFile:
        output = Path(self._request.output)
        number = f"-{self._fits}" if self._fits > 1 else ""
        start = self._start.file.checksum if self._start else ""
        parts = fingerprint(self._request, self._view, dataset, feed, split, settings, self.device)
        parts["the weights to start from"] = start
        if epochs is not None:
            parts["the number of epochs of the saved model"] = str(epochs)
        return StateFile(output.with_name(f"{output.name}{STATE_SUFFIX}{number}"), parts, progress)


def _view(request: TrainRequest, grid: Grid, precision: torch.dtype) -> View[Any]:
    name = request.architecture
    if architecture(name).sees == "neighbourhoods":
        windows = parse_windows(request.windows, grid.height, grid.width)
        return NeighbourhoodView(name, windows, len(request.indices))
    if architecture(name).kind == "pixel":
        return CropView(name, request.patch_size or 0, precision)
    size = request.patch_size or 0
    is_small = request.stem == "small" or (request.stem == "auto" and size <= _SMALL_PATCH)
    return PatchView(name, size, precision, is_small, is_turned=request.augment)


def fit_settings(request: TrainRequest, least_steps: int | None = None) -> FitSettings:
    """Return what of a request is a matter of the loop."""
    if least_steps is None:
        least_steps = architecture(request.architecture).recipe.least_steps
    asked = {
        item.name: getattr(request, item.name) for item in fields(FitSettings) if hasattr(request, item.name)
    }
    return FitSettings(**asked, least_steps=least_steps)
