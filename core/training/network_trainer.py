"""Networks as the training's job sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..device import describe_device, select_device
from ..models.architectures import architecture
from ..models.card import Epoch, ModelCard, Scaling
from ..models.file import save_model
from ..models.network import add_dropout, build_network
from ..models.small_maps import skip_padding
from ..progress import Progress
from ..raster.stack import BandStack
from ..samples.pixel_reader import read_pixels
from ..samples.pixels import Pixels
from ..samples.samples import Integers, Samples
from ..samples.split import Split
from ..tasks.train import TrainRequest
from .dataset import PixelDataset
from .feed import Feed
from .fingerprint import fingerprint
from .fit import FitResult, fit
from .patch_feed import PatchFeed
from .precision import choose_precision, memory_format_for
from .preparation import Preparation
from .settings import FitSettings
from .state import StateFile
from .statistics import MOST_VALUES, channel_statistics
from .trainer import STATE_SUFFIX, Fitted, Logits

# Rows and columns of the blocks that the raster is held in: a quarter of a usual patch.
_BLOCK = 8


@dataclass(frozen=True, eq=False)
class FittedNetwork:
    """A network and the epochs that made it.

    Attributes:
        network: On its device.
        result: The epochs so far.
        feed: Shows it the dataset.
        scaling: Of the channels.
    """

    network: nn.Module
    result: FitResult
    feed: Feed
    scaling: Scaling

    @property
    def history(self) -> tuple[Epoch, ...]:
        """The epochs, in order."""
        return self.result.history

    @property
    def best(self) -> Epoch:
        """The epoch whose weights the network has."""
        return self.result.best

    def logits(self, chosen: Integers, progress: Progress) -> Logits:
        """Return logits (len(chosen), classes) of the dataset's samples."""
        return self.feed.logits(self.network, chosen, progress).numpy()

    def save(self, path: Path, card: ModelCard, progress: Progress) -> None:
        """Write the model file."""
        save_model(path, self.network, card, progress)


class NetworkTrainer:
    """Fits networks of ``request.architecture``.

    Raises:
        DeviceError: The device cannot be used.
    """

    def __init__(self, request: TrainRequest) -> None:
        self._request = request
        self._device = select_device(request.device)
        self._precision = choose_precision(request.precision, self._device)
        self._fits = 0

    @property
    def device(self) -> str:
        """What computes, in words."""
        return describe_device(self._device)

    @property
    def patch_size(self) -> int:
        """Side of a patch in pixels."""
        return self._request.patch_size

    @property
    def windows(self) -> tuple[int, ...]:
        """None: a network sees its patch only."""
        return ()

    @property
    def window(self) -> int:
        """Side of a patch in pixels."""
        return self._request.patch_size

    def sample_bytes(self, bands: int) -> int:
        """Return the memory of a patch of float32 numbers, which a sample far from others takes."""
        return 4 * bands * self._request.patch_size**2

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> PixelDataset:
        """Read the patches of all samples, each pixel once."""
        before = self._request.patch_size // 2
        behind = self._request.patch_size - 1 - before
        pixels = read_pixels(stack, samples, preparation.bands, before, behind, _BLOCK, progress)
        return PixelDataset(samples, preparation, pixels)

    def fit(
        self,
        dataset: PixelDataset,
        split: Split,
        progress: Progress,
        keep: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedNetwork:
        """Train a new network; see ``core.training.trainer``."""
        self._fits += 1
        request, settings = self._request, fit_settings(self._request)
        if epochs is not None:
            settings = replace(settings, epochs=epochs)
        scaling = self._scaling(dataset, split.train, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        feed = self._feed(dataset, dataset.pixels.to(self._device).converted(preparation))
        # The seed of the weights; what else is random has generators of its own.
        torch.manual_seed(request.seed)
        network = build_network(request.architecture, len(preparation.channels), len(dataset.classes))
        add_dropout(network, request.architecture, request.dropout)
        skip_padding(network, len(preparation.channels), request.patch_size)
        network = network.to(self._device).to(memory_format=memory_format_for(self._precision, self._device))

        def fitted(result: FitResult) -> FittedNetwork:
            return FittedNetwork(network, result, feed, scaling)

        result = fit(
            network,
            feed,
            dataset,
            split,
            settings,
            self._device,
            progress,
            lambda result: keep(fitted(result)),
            self._state_file(dataset, split, settings, progress),
            architecture(request.architecture).head,
        )
        return fitted(result)

    def _scaling(self, dataset: PixelDataset, train: Integers, progress: Progress) -> Scaling:
        size = self._request.patch_size
        thinned = train[:: max(1, len(train) * size**2 // MOST_VALUES)]
        rows = torch.from_numpy(dataset.samples.rows[thinned] - size // 2)
        columns = torch.from_numpy(dataset.samples.columns[thinned] - size // 2)
        patches = dataset.pixels.cut(rows, columns, size).numpy()
        return channel_statistics(patches, np.arange(len(patches)), dataset.preparation, progress)

    def _feed(self, dataset: PixelDataset, pixels: Pixels) -> Feed:
        return PatchFeed(pixels, dataset.samples, self._request.patch_size, self._precision)

    def _state_file(
        self, dataset: PixelDataset, split: Split, settings: FitSettings, progress: Progress
    ) -> StateFile:
        output = Path(self._request.output)
        number = f"-{self._fits}" if self._fits > 1 else ""
        parts = fingerprint(self._request, dataset, split, settings, self.device)
        return StateFile(output.with_name(f"{output.name}{STATE_SUFFIX}{number}"), parts, progress)


def fit_settings(request: TrainRequest) -> FitSettings:
    """Return what of a request is a matter of the loop."""
    return FitSettings(**{item.name: getattr(request, item.name) for item in fields(FitSettings)})
