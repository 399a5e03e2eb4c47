"""Multi-scale network: a perceptron on a pixel's values and on statistics of windows of several sizes.

The wider surroundings of a pixel (valley or ridge, farmland or forest) are what patch and dense networks
learn least from few labels. As numbers, a perceptron learns them in seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...text import Text
from ..architecture import Architecture, Recipe, TrainerSettings, deferred

if TYPE_CHECKING:
    from torch import nn

    from ...training.trainer import Trainer

_WIDTH = 256
# Dropout of the features, and of the hidden units.
_INPUT_DROPOUT, _DROPOUT = 0.1, 0.3


def _build(features: int, classes: int) -> nn.Module:
    """Return a network from features (N, features, 1, 1) or (N, features) to logits (N, classes)."""
    from torch import nn

    def layer(inputs: int) -> list[nn.Module]:
        return [nn.Linear(inputs, _WIDTH), nn.BatchNorm1d(_WIDTH), nn.ReLU(), nn.Dropout(_DROPOUT)]

    # Means of wide windows vary less than pixels, so that all features are first scaled to unit variance.
    scaling = [nn.Flatten(), nn.BatchNorm1d(features, affine=False), nn.Hardtanh(-5.0, 5.0)]
    return nn.Sequential(
        *scaling, nn.Dropout(_INPUT_DROPOUT), *layer(features), *layer(_WIDTH), nn.Linear(_WIDTH, classes)
    )


def _make_trainer(entry: Architecture, settings: TrainerSettings) -> Trainer[Any]:
    from ...training.feeds.neighbourhood import NeighbourhoodView
    from ...training.network_trainer import NetworkTrainer

    return NetworkTrainer(entry, settings, NeighbourhoodView.of)


ARCHITECTURES = (
    Architecture(
        "multiscale",
        Text("Multi-scale network"),
        "patch",
        "network",
        _build,
        trainer_factory=_make_trainer,
        head=("12.",),
        reads="neighbourhoods",
        dropout=_DROPOUT,
        make_predictor=deferred("inference.predictors.neighbourhood", "make_network_predictor"),
        recipe=Recipe(
            epochs=15,
            batch_size=128,
            learning_rate=2e-3,
            weight_decay=0.5,
            balance="none",
            brightness=0.1,
            min_steps=50,
        ),
    ),
)
