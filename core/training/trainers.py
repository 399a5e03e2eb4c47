"""Which Trainer an architecture has."""

from __future__ import annotations

from typing import Any

from ..models.architectures import architecture
from ..raster.grid import Grid
from ..tasks.train import TrainRequest, with_recipe
from .hybrid_trainer import HybridTrainer
from .network_trainer import NetworkTrainer
from .trainer import Trainer
from .tree_trainer import TreeTrainer


def make_trainer(request: TrainRequest, grid: Grid) -> Trainer[Any]:
    """Return the trainer of ``request.architecture``, with the request's settings.

    Args:
        request: What was asked for.
        grid: Of the raster to learn from; how much of it there is to see depends on its size.

    Raises:
        ParameterError: There is no such architecture, or a setting of its own is malformed.
        DeviceError: The device cannot be used.
    """
    request = with_recipe(request)
    chosen = architecture(request.architecture)
    if chosen.network:
        return HybridTrainer(request, grid)
    if chosen.family == "trees":
        return TreeTrainer(request, grid.height, grid.width)
    return NetworkTrainer(request, grid)
