"""Multi-scale network: a perceptron on a pixel's values and on statistics of windows of several sizes.

The wider surroundings of a pixel (valley or ridge, farmland or forest) are what patch and dense networks
learn least from few labels. As numbers, a perceptron learns them in seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..architecture import Architecture, Recipe

if TYPE_CHECKING:
    from torch import nn

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


ARCHITECTURES = (
    Architecture(
        "multiscale",
        "Multi-scale network",
        "patch",
        "network",
        _build,
        head=("12.",),
        sees="neighbourhoods",
        dropout=_DROPOUT,
        recipe=Recipe(
            epochs=15,
            batch_size=128,
            learning_rate=2e-3,
            weight_decay=0.5,
            balance="none",
            brightness=0.1,
            least_steps=50,
        ),
    ),
)
