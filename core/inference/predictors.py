"""The predictor of a model: the one place that knows which kinds of models there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from ..models.architectures import architecture
from ..models.dense import EXACT_HALO, HALO
from ..models.tree_model import TreeModel
from ..progress import Progress
from .backend_names import AUTO, FP32, INT8, OPENVINO, PLAIN, TF32, TORCH, Method
from .backends.choice import Backends, possible_methods
from .backends.raster_sample import RasterSample
from .backends.torch_backend import KIND as TORCH_KIND
from .dense_predictor import DensePredictor
from .hybrid_predictor import HybridPredictor
from .loading import LoadedModel
from .neighbourhood_scores import network_predictor, tree_predictor
from .patch_predictor import PatchPredictor
from .predictor import Predictor
from .shared_stem import SharedStem


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
    halo = EXACT_HALO if exact else HALO
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
            f"{title} is computed by PyTorch: BACKEND=openvino and PRECISION=int8 are for networks that "
            "classify patches.",
            "warning",
        )
    if wanted.precision in (AUTO, INT8):
        # PyTorch's own choice for convolutions; EXACT asks for all digits.
        return TF32 if TF32 in TORCH_KIND.precisions(device) and not exact else FP32
    return possible_methods(Method(TORCH, wanted.precision), device)[0].precision


def _say_what_is_ignored(wanted: Method, title: str, progress: Progress) -> None:
    if not wanted.allows(PLAIN):
        progress.log(
            f"{title} is computed by {PLAIN}: BACKEND and PRECISION are for networks that classify patches.",
            "warning",
        )
