"""Loading of models, which stay on their device between runs, and making of their predictors."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import torch
from torch import nn

from ...files import file_checksum
from ...models.architectures import architecture
from ...models.card import ModelCard, is_zip
from ...models.network_file import load_model
from ...models.tree_file import load_trees
from ...models.tree_model import TreeModel
from ...options import Method
from ...progress import Progress
from ..backends.base import PatchNetwork
from ..backends.cascade import RasterSample
from ..backends.choice import Backends
from .base import Predictor
from .shared_stem import SharedStem, cut_network

_KEPT = 2


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model, its card, and the SHA-256 checksum of its file. A network is on its device.

    Attributes:
        model: The model.
        card: Its card.
        checksum: Of the file.
        device: Where a network is.
    """

    model: nn.Module | TreeModel
    card: ModelCard
    checksum: str
    device: torch.device

    @cached_property
    def backends(self) -> Backends:
        """What was made to compute the network, where it classifies patches."""
        return Backends(self._network)

    @cached_property
    def behind_stem(self) -> tuple[SharedStem, Backends] | None:
        """The network's stem and what was made to compute the rest; None where it cannot be cut off."""
        cut = cut_network(self._network)
        return None if cut is None else (cut[0], Backends(cut[1]))

    @cached_property
    def _network(self) -> PatchNetwork:
        network = self.model.network if isinstance(self.model, TreeModel) else self.model
        if network is None:
            raise TypeError("trees alone are no network")
        card, network = self.card, network.to(self.device).eval()
        return PatchNetwork(network, len(card.channels), card.patch_size, self.device)


def load_once(path: Path, devices: tuple[torch.device, ...]) -> tuple[LoadedModel, ...]:
    """Return the model in ``path`` on each device; one that was loaded before and has not changed, at once.

    Raises:
        ModelFileError: The file is no model or is damaged.
    """
    state = path.stat()
    return _load(path.resolve(), state.st_mtime_ns, state.st_size, devices)


@lru_cache(maxsize=_KEPT)
def _load(
    path: Path, _changed: int, _size: int, devices: tuple[torch.device, ...]
) -> tuple[LoadedModel, ...]:
    checksum = file_checksum(path)
    if is_zip(path):
        # Trees compute on the processor, whose cores they share by themselves.
        return (LoadedModel(*load_trees(path), checksum, devices[0]),)
    network, card = load_model(path)
    copies = (network, *(copy.deepcopy(network) for _ in devices[1:]))
    return tuple(
        LoadedModel(model.to(device), card, checksum, device)
        for model, device in zip(copies, devices, strict=True)
    )


@dataclass(frozen=True)
class PredictorPlan:
    """What the predictors of a run have in common.

    Attributes:
        method: Backend and precision of networks that classify patches. ``auto`` leaves the choice open.
        batch_size: Patches per batch. 0 chooses.
        sample: Sample of the raster that sets up and checks a reduced precision.
        exact: Whether dense networks read all pixels that can change a label.
        first: Model on the first device. The models on other devices are computed in the same way.
        progress: Progress reporter.
    """

    method: Method
    batch_size: int
    sample: RasterSample
    exact: bool
    first: LoadedModel
    progress: Progress


def make_predictors(
    models: Sequence[LoadedModel],
    wanted: Method,
    batch_size: int,
    sample: RasterSample,
    exact: bool,
    progress: Progress,
) -> list[Predictor]:
    """Return the predictors of a model, one per device, which all compute in the same way.

    Each kind of model makes its own, see ``core.models.architecture.Architecture.make_predictor``.

    Args:
        models: A network on each of its devices, or trees.
        wanted: Backend and precision of a network that classifies patches.
        batch_size: Patches per batch. 0 chooses.
        sample: Sample of the raster that sets up and checks a reduced precision.
        exact: Whether dense networks read all pixels that can change a label.
        progress: Progress reporter.

    Raises:
        DeviceError: The device does not support the requested backend or precision.
    """
    make = architecture(models[0].card.architecture).make_predictor
    predictors: list[Predictor] = []
    for model in models:
        method = predictors[0].method if predictors else wanted
        plan = PredictorPlan(method, batch_size, sample, exact, models[0], progress)
        predictors.append(make(model, plan))
    return predictors
