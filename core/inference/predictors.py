"""The predictor of a model: the one place that knows which kinds of models there are."""

from __future__ import annotations

import torch

from ..models.architectures import architecture
from ..models.tree_model import TreeModel
from ..progress import Progress
from .dense_predictor import DensePredictor
from .hybrid_predictor import HybridPredictor
from .loading import LoadedModel
from .neighbourhood_scores import network_predictor, tree_predictor
from .patch_predictor import PatchPredictor
from .predictor import Predictor


def make_predictor(
    model: LoadedModel, device: torch.device, batch_size: int, progress: Progress
) -> Predictor:
    """Return what scores the classes with ``model``.

    Args:
        model: A network on ``device``, or trees.
        device: Where to compute.
        batch_size: Patches a batch; 0 chooses by device.
        progress: For the log.
    """
    if isinstance(model.model, TreeModel):
        if model.model.network is None:
            return tree_predictor(model.model, batch_size)
        patches = PatchPredictor(model.model.network, model.card.patch_size, device, batch_size, progress)
        return HybridPredictor(patches, tree_predictor(model.model, 0))
    if architecture(model.card.architecture).sees == "neighbourhoods":
        return network_predictor(model.model, model.card.windows, device, batch_size)
    if architecture(model.card.architecture).kind == "pixel":
        return DensePredictor(model.model, device)
    return PatchPredictor(model.model, model.card.patch_size, device, batch_size, progress)
