"""What the result of a fit depends on, so that no stopped training is continued by another one."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

import numpy as np
import torch

from ..samples.split import Split
from ..tasks.train import TrainRequest
from ..version import plugin_version
from .dataset import PixelDataset
from .settings import FitSettings

_OF_THE_NETWORK = ("architecture", "patch_size", "dropout")


def fingerprint(
    request: TrainRequest, dataset: PixelDataset, split: Split, settings: FitSettings, device: str
) -> dict[str, str]:
    """Return named parts; two fits for which all are equal give the same weights.

    Args:
        request: Names the network.
        dataset: Samples and raster values.
        split: Which samples train and validate.
        settings: Of the loop.
        device: In words, with the number of threads.
    """
    samples, preparation = dataset.samples, dataset.preparation
    parameters = {**asdict(settings), **{name: getattr(request, name) for name in _OF_THE_NETWORK}}
    return {
        **{name.upper(): str(value) for name, value in sorted(parameters.items())},
        "the channels": str((preparation.channels, preparation.reflectance_scale)),
        "the samples": _checksum(samples.rows, samples.columns, samples.codes, split.train, split.validation),
        "the raster's values": _checksum(dataset.pixels.values.numpy()),
        "the device": device,
        "the versions of PyTorch and this plugin": f"{torch.__version__}, {plugin_version()}",
    }


def _checksum(*arrays: np.ndarray) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
