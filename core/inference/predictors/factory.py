"""Loading of models, which stay on their device between runs, and factory of their predictors."""

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
from ...models.card import ModelCard, is_zip, read_card
from ...models.centred import CentredNetwork
from ...models.ensemble import EnsembleModel, TrainedModel, load_ensemble, networks_of
from ...models.network_file import load_model
from ...models.tree_file import load_trees
from ...models.tree_model import TreeModel
from ...options import FP32, TORCH, Method
from ...progress import Progress, SilentProgress
from ..backends.base import PatchNetwork
from ..backends.cascade import RasterSample
from ..backends.choice import Backends
from .base import Predictor
from .shared_stem import SharedStem, cut_network

# Models that stay in memory.
_CACHED_MODELS = 2


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """Model in memory.

    Attributes:
        model: Network on its device, trees, or an ensemble of both.
        card: Document of the model.
        checksum: SHA-256 checksum of the file.
        device: Device of the network.
    """

    model: TrainedModel
    card: ModelCard
    checksum: str
    device: torch.device

    @property
    def network(self) -> nn.Module:
        """Network of a model that is one."""
        if isinstance(self.model, TreeModel | EnsembleModel):
            raise RuntimeError("The model is not a network")
        return self.model

    @property
    def ensemble(self) -> EnsembleModel:
        """Ensemble of a model that is one."""
        if not isinstance(self.model, EnsembleModel):
            raise RuntimeError("The model is not an ensemble")
        return self.model

    @cached_property
    def members(self) -> tuple[LoadedModel, ...]:
        """Members of an ensemble."""
        return tuple(
            LoadedModel(member.model, member.card, self.checksum, self.device)
            for member in self.ensemble.members
        )

    @cached_property
    def backends(self) -> Backends:
        """Backends of a network that classifies patches, or of the context of a centred network."""
        return Backends(self._network)

    @cached_property
    def stem_and_rest(self) -> tuple[SharedStem, Backends] | None:
        """Shared stem of the network, and backends of its other layers; None without a shared stem."""
        cut = cut_network(self._network)
        return None if cut is None else (cut[0], Backends(cut[1]))

    @cached_property
    def _network(self) -> PatchNetwork:
        network = self.model.network if isinstance(self.model, TreeModel) else self.model
        if network is None or isinstance(network, EnsembleModel):
            raise RuntimeError("The model has no network")
        card, network = self.card, network.to(self.device).eval()
        if isinstance(network, CentredNetwork):
            channels = len(card.channels) * len(network.form.scales)
            return PatchNetwork(network.context, channels, card.patch_size, self.device)
        return PatchNetwork(network, len(card.channels), card.patch_size, self.device)


def load_once(path: Path, devices: tuple[torch.device, ...]) -> tuple[LoadedModel, ...]:
    """Return the model on each device, from memory where its file has not changed.

    Args:
        path: Path of the model file.
        devices: Devices that compute.

    Raises:
        ModelFileError: The file is not a model, or is damaged.
    """
    state = path.stat()
    return _load(path.resolve(), state.st_mtime_ns, state.st_size, devices)


@lru_cache(maxsize=_CACHED_MODELS)
def _load(
    path: Path, _changed: int, _size: int, devices: tuple[torch.device, ...]
) -> tuple[LoadedModel, ...]:
    checksum = file_checksum(path)
    is_ensemble = is_zip(path) and bool(read_card(path).members)
    if is_zip(path) and not is_ensemble:
        # Trees compute on the processor only.
        return (LoadedModel(*load_trees(path), checksum, devices[0]),)
    model, card = load_ensemble(path) if is_ensemble else load_model(path)
    copies = (model, *(copy.deepcopy(model) for _ in devices[1:]))
    for own, device in zip(copies, devices, strict=True):
        for network in networks_of(own):
            network.to(device)
    return tuple(
        LoadedModel(own, card, checksum, device) for own, device in zip(copies, devices, strict=True)
    )


@dataclass(frozen=True)
class PredictorPlan:
    """Settings of a run's predictors.

    Attributes:
        method: Backend and precision of networks that classify patches. ``auto`` leaves the choice open.
        batch_size: Number of patches per batch. 0 selects it automatically.
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
    requested: Method,
    batch_size: int,
    sample: RasterSample,
    exact: bool,
    progress: Progress,
) -> list[Predictor]:
    """Return the predictors of a model, one per device, which all compute in the same way.

    Each kind of model has its own predictor, see ``core.models.architecture.Architecture.make_predictor``.

    Args:
        models: Loaded network on each of its devices, or trees.
        requested: Backend and precision of a network that classifies patches.
        batch_size: Number of patches per batch. 0 selects it automatically.
        sample: Sample of the raster that sets up and checks a reduced precision.
        exact: Whether dense networks read all pixels that can change a label.
        progress: Progress reporter.

    Raises:
        DeviceError: The device does not support the requested backend or precision.
    """
    make = architecture(models[0].card.architecture).make_predictor
    predictors: list[Predictor] = []
    for model in models:
        method = predictors[0].method if predictors else requested
        plan = PredictorPlan(method, batch_size, sample, exact, models[0], progress)
        predictors.append(make(model, plan))
    return predictors


def exact_predictor(model: LoadedModel) -> Predictor:
    """Return the predictor of a model that computes in 32 bits, by PyTorch where it can, without a sample.

    Args:
        model: Loaded model. A predictor may prepare its network in place.
    """
    sample = RasterSample("", 1, lambda count: torch.zeros(0), lambda scores: scores)
    (predictor,) = make_predictors([model], Method(TORCH, FP32), 0, sample, False, SilentProgress())
    return predictor
