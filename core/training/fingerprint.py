"""What the result of a fit depends on, so that no stopped training is continued by another one."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

import numpy as np
import torch

from ..samples.split import Split
from ..tasks.train import TrainRequest
from ..version import plugin_version
from .dataset import Dataset
from .feed import Feed
from .settings import FitSettings
from .view import View

_OF_THE_NETWORK = ("architecture", "dropout")


def fingerprint(
    request: TrainRequest,
    view: View[Any],
    dataset: Dataset,
    feed: Feed,
    split: Split,
    settings: FitSettings,
    device: str,
) -> dict[str, str]:
    """Return named parts; two fits for which all are equal give the same weights.

    Args:
        request: Names the network.
        view: How it looks at the raster.
        dataset: The samples.
        feed: What it is shown.
        split: Which samples train and validate, and which the crops must not show.
        settings: Of the loop.
        device: In words, with the number of threads.
    """
    samples, preparation = dataset.samples, dataset.preparation
    parameters = {**asdict(settings), **{name: getattr(request, name) for name in _OF_THE_NETWORK}}
    return {
        **{name.upper(): str(value) for name, value in sorted(parameters.items())},
        "PATCH_SIZE": str(view.patch_size),
        "WINDOWS": str(view.windows),
        "STEM": str(view.small_stem),
        "the channels": str((preparation.channels, preparation.reflectance_scale)),
        "the samples": _checksum(
            samples.rows, samples.columns, samples.codes, split.train, split.validation, split.held_out
        ),
        "the raster's values": _checksum(feed.values.cpu().numpy()),
        "the device": device,
        "the versions of PyTorch and this plugin": f"{torch.__version__}, {plugin_version()}",
    }


def _checksum(*arrays: np.ndarray) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
