"""What a NeighbourhoodPredictor asks: trees, or a small network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..models.tree_model import TreeModel
from ..raster.neighbourhood import Neighbourhoods
from .neighbourhood_predictor import NeighbourhoodPredictor

# Pixels between two looks at whether the user has cancelled; 300 trees take a second for them.
_TREE_BATCH = 4096
_NETWORK_BATCH = 65_536


def tree_predictor(model: TreeModel, batch_size: int) -> NeighbourhoodPredictor:
    """Return the predictor of trees, which run on the processor, by all of torch's threads.

    Args:
        model: The trees.
        batch_size: Pixels a batch; 0 chooses.
    """

    def score(features: Tensor) -> Tensor:
        model.use_threads(torch.get_num_threads())
        scores = torch.from_numpy(model.log_probabilities(features.cpu().numpy()))
        if model.coordinates is None:
            return scores
        return torch.cat([scores, model.coordinates(features.cpu())], dim=1)

    return NeighbourhoodPredictor(score, model, batch_size or _TREE_BATCH, model.outputs)


def network_predictor(
    network: nn.Module, windows: Sequence[int], device: torch.device, batch_size: int
) -> NeighbourhoodPredictor:
    """Return the predictor of a network from features (N, features) to logits (N, classes).

    Args:
        network: It is moved to the device.
        windows: Sides of the neighbourhoods in pixels, as in training.
        device: Where to compute.
        batch_size: Pixels a batch; 0 chooses.
    """
    network = network.to(device).eval()

    @torch.inference_mode()
    def score(features: Tensor) -> Tensor:
        logits: Tensor = network(features.to(device))
        return logits.float()

    return NeighbourhoodPredictor(score, Neighbourhoods.textured(windows), batch_size or _NETWORK_BATCH)
