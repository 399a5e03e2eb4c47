"""Loading of models, which stay on their device between runs, and making of their predictors."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path

import torch
from torch import Tensor, nn

from ...files import file_checksum
from ...models.architectures import architecture
from ...models.card import ModelCard, is_zip
from ...models.network_file import load_model
from ...models.tree_file import load_trees
from ...models.tree_model import TreeModel
from ...options import AUTO, DENSE_EXACT_HALO, DENSE_HALO, FP32, INT8, OPENVINO, PLAIN, TF32, TORCH, Method
from ...progress import Progress
from ..backends.base import PatchNetwork
from ..backends.cascade import RasterSample
from ..backends.choice import Backends, possible_methods
from ..backends.torch_backend import KIND as TORCH_KIND
from .base import Predictor
from .dense import DensePredictor
from .neighbourhood import HybridPredictor, network_predictor, tree_predictor
from .patch import PatchPredictor
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


def make_predictors(
    models: Sequence[LoadedModel],
    wanted: Method,
    batch_size: int,
    sample: RasterSample,
    exact: bool,
    progress: Progress,
) -> list[Predictor]:
    """Return what scores the classes, one predictor for each device, which all compute alike.

    Args:
        models: A network on each of its devices, or trees.
        wanted: What is to compute a network that classifies patches.
        batch_size: Patches a batch; 0 chooses.
        sample: Of the raster, by which a network in fewer bits is set up and judged.
        exact: Whether a dense network sees all that may change a label.
        progress: For the log.

    Raises:
        DeviceError: What was asked for cannot be had.
    """
    predictors: list[Predictor] = []
    for model in models:
        alike = predictors[0].method if predictors else wanted
        predictors.append(_predictor(model, models[0], alike, batch_size, sample, exact, progress))
    return predictors


def _predictor(
    model: LoadedModel,
    first: LoadedModel,
    wanted: Method,
    batch_size: int,
    sample: RasterSample,
    exact: bool,
    progress: Progress,
) -> Predictor:
    kind = architecture(model.card.architecture)
    if isinstance(model.model, TreeModel):
        if model.model.network is None:
            _say_what_is_ignored(wanted, kind.title, progress)
            return tree_predictor(model.model, batch_size)
        # Trees ask whether a value is above a threshold, so they are given the values they learnt from.
        plain = Method(wanted.backend, FP32 if wanted.precision == AUTO else wanted.precision)
        own_classes = replace(sample, rank=lambda logits: logits, rule="network")
        network = _patch_predictor(model, first, plain, batch_size, own_classes, progress)
        return HybridPredictor(network, tree_predictor(model.model, 0))
    if kind.kind == "patch" and kind.sees == "squares":
        return _patch_predictor(model, first, wanted, batch_size, sample, progress)
    if kind.sees == "neighbourhoods":
        _say_what_is_ignored(wanted, kind.title, progress)
        return network_predictor(model.model, model.card.windows, model.device, batch_size)
    halo = DENSE_EXACT_HALO if exact else DENSE_HALO
    precision = _dense_precision(wanted, model.device, exact, kind.title, progress)
    return DensePredictor(model.model, model.device, halo, batch_size, progress, precision)


def _patch_predictor(
    model: LoadedModel,
    first: LoadedModel,
    wanted: Method,
    batch_size: int,
    sample: RasterSample,
    progress: Progress,
) -> PatchPredictor:
    stem, backends = _parts(model, sample.stride)
    known = None if model is first else _parts(first, sample.stride)[1]
    if stem is not None:
        sample = replace(sample, patches=partial(_maps, stem, sample))
        if known is None:
            progress.log("Where patches overlap, they share the first layers of the network.")
    computation = backends.choose(wanted, sample.count, progress, sample, known)
    method = computation.backend.method
    return PatchPredictor(
        computation,
        model.card.patch_size,
        model.device,
        batch_size,
        progress,
        backends.rate_of(method),
        partial(backends.note_rate, method),
        stem,
    )


def _parts(model: LoadedModel, stride: int | None) -> tuple[SharedStem | None, Backends]:
    """Return the stem that patches share, where that pays, and what computes the rest; else the whole."""
    # Cutting takes a moment, so it is left where patches lie anywhere.
    if stride is not None and model.behind_stem is not None:
        stem, rest = model.behind_stem
        stem = stem.at_stride(stride)
        if stem.pays:
            return stem, rest
    return None, model.backends


def _maps(stem: SharedStem, sample: RasterSample, count: int) -> Tensor:
    """Return what the stem makes of some patches of a raster."""
    return stem.of_patches(sample.patches(count))


def _dense_precision(
    wanted: Method, device: torch.device, exact: bool, title: str, progress: Progress
) -> str:
    """Return in what numbers PyTorch computes a dense network.

    Raises:
        DeviceError: The device does not compute in what was asked for.
    """
    if wanted.backend == OPENVINO or wanted.precision == INT8:
        progress.log(
            "{title} is computed by PyTorch: BACKEND=openvino and PRECISION=int8 are for "
            "networks that classify patches.",
            "warning",
            title=title,
        )
    if wanted.precision in (AUTO, INT8):
        # PyTorch's own choice for convolutions; EXACT asks for all digits.
        return TF32 if TF32 in TORCH_KIND.precisions(device) and not exact else FP32
    return possible_methods(Method(TORCH, wanted.precision), device)[0].precision


def _say_what_is_ignored(wanted: Method, title: str, progress: Progress) -> None:
    if not wanted.allows(PLAIN):
        progress.log(
            "{title} is computed by {method}: BACKEND and PRECISION are for networks that classify patches.",
            "warning",
            title=title,
            method=PLAIN,
        )
