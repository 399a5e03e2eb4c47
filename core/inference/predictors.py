"""The predictor of a model: the one place that knows which kinds of models there are."""

from __future__ import annotations

import torch

from ..progress import Progress
from .loading import LoadedModel
from .patch_predictor import PatchPredictor
from .predictor import Predictor


def make_predictor(
    model: LoadedModel, device: torch.device, batch_size: int, progress: Progress
) -> Predictor:
    """Return what scores the classes with ``model``.

    Args:
        model: On ``device``.
        device: Where to compute.
        batch_size: Patches a batch; 0 chooses by device.
        progress: For the log.
    """
    return PatchPredictor(model.network, model.card.patch_size, device, batch_size, progress)
