"""Networks as the training's job sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

from ..device import describe_device, memory_format, select_device
from ..models.card import Epoch, ModelCard, Scaling
from ..models.file import save_model
from ..models.network import build_network
from ..progress import Progress
from ..raster.stack import BandStack
from ..samples.patch_store import read_patches
from ..samples.samples import Integers, Samples
from ..samples.split import Split
from ..tasks.train import TrainRequest
from .dataset import PatchDataset
from .fit import FitResult, FitSettings, fit
from .predict import predict
from .preparation import Preparation
from .statistics import channel_statistics
from .trainer import Fitted, Logits


@dataclass(frozen=True, eq=False)
class FittedNetwork:
    """A network and the epochs that made it.

    Attributes:
        network: On ``device``.
        result: The epochs so far.
        dataset: What it predicts.
        preparation: With scaling.
        device: Where to compute.
    """

    network: nn.Module
    result: FitResult
    dataset: PatchDataset
    preparation: Preparation
    device: torch.device

    @property
    def history(self) -> tuple[Epoch, ...]:
        """The epochs, in order."""
        return self.result.history

    @property
    def best(self) -> Epoch:
        """The epoch whose weights the network has."""
        return self.result.best

    @property
    def scaling(self) -> Scaling:
        """Of the channels."""
        return self.preparation.measured

    def logits(self, chosen: Integers, progress: Progress) -> Logits:
        """Return logits (len(chosen), classes) of the dataset's samples."""
        return predict(self.network, self.dataset, chosen, self.preparation, self.device, progress).numpy()

    def save(self, path: Path, card: ModelCard, progress: Progress) -> None:
        """Write the model file."""
        save_model(path, self.network, card, progress)


class NetworkTrainer:
    """Fits a network of ``request.architecture`` to patches.

    Raises:
        DeviceError: The device cannot be used.
    """

    def __init__(self, request: TrainRequest) -> None:
        self._request = request
        self._device = select_device(request.device)

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
        """Return the memory of a patch of float32 numbers."""
        return 4 * bands * self._request.patch_size**2

    def read(
        self, stack: BandStack, samples: Samples, preparation: Preparation, progress: Progress
    ) -> PatchDataset:
        """Cut the patches of all samples."""
        patches = read_patches(stack, samples, preparation.bands, self._request.patch_size, progress)
        return PatchDataset(samples, preparation, patches)

    def fit(
        self,
        dataset: PatchDataset,
        split: Split,
        progress: Progress,
        keep: Callable[[Fitted], None],
        epochs: int | None = None,
    ) -> FittedNetwork:
        """Train a new network; see ``core.training.trainer``."""
        request = self._request
        scaling = channel_statistics(dataset.patches, split.train, dataset.preparation, progress)
        preparation = replace(dataset.preparation, scaling=scaling)
        # The seed of the weights; what else is random has generators of its own.
        torch.manual_seed(request.seed)
        network = build_network(request.architecture, len(preparation.channels), len(dataset.classes))
        network = network.to(self._device).to(memory_format=memory_format(self._device))

        def fitted(result: FitResult) -> FittedNetwork:
            return FittedNetwork(network, result, dataset, preparation, self._device)

        settings = _settings(request) if epochs is None else replace(_settings(request), epochs=epochs)
        result = fit(
            network,
            dataset,
            split,
            preparation,
            settings,
            self._device,
            progress,
            lambda result: keep(fitted(result)),
        )
        return fitted(result)


def _settings(request: TrainRequest) -> FitSettings:
    return FitSettings(
        epochs=request.epochs,
        batch_size=request.batch_size,
        learning_rate=request.learning_rate,
        weight_decay=request.weight_decay,
        clip_norm=request.clip_norm,
        patience=request.patience,
        augment=request.augment,
        seed=request.seed,
    )
