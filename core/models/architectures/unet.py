"""U-Nets of segmentation-models-pytorch, which label every pixel of a tile.

The architecture is that of Ronneberger et al. 2015 (https://arxiv.org/abs/1505.04597) with ResNets of
torchvision as encoders.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ...text import Text
from ..architecture import Architecture, Recipe, TrainerSettings, deferred

if TYPE_CHECKING:
    from torch import nn

    from ...training.trainer import Trainer

_RECIPE = Recipe(
    patch_size=256,
    epochs=25,
    batch_size=4,
    learning_rate=1e-3,
    weight_decay=0.01,
    dropout=0.3,
    brightness=0.1,
    min_steps=10,
)


def _build(encoder: str, channels: int, classes: int) -> nn.Module:
    """Return a network from (N, channels, rows, columns) to logits (N, classes, rows, columns).

    Rows and columns must be multiples of 32.
    """
    import segmentation_models_pytorch

    network: nn.Module = segmentation_models_pytorch.Unet(
        encoder, encoder_weights=None, in_channels=channels, classes=classes
    )
    return network


def _make_trainer(entry: Architecture, settings: TrainerSettings) -> Trainer[Any]:
    from ...training.feeds.crop import CropView
    from ...training.network_trainer import NetworkTrainer

    return NetworkTrainer(entry, settings, CropView.of)


ARCHITECTURES = tuple(
    Architecture(
        f"unet_resnet{depth}",
        Text("U-Net with ResNet{depth}", depth=depth),
        "pixel",
        "network",
        partial(_build, f"resnet{depth}"),
        trainer_factory=_make_trainer,
        head=("decoder.", "segmentation_head.0."),
        backbone="encoder.",
        imagenet=f"resnet{depth}",
        make_predictor=deferred("inference.predictors.dense", "make_predictor"),
        recipe=_RECIPE,
    )
    for depth in (18, 50)
)
