"""Swin transformer of torchvision (Liu et al. 2021, https://arxiv.org/abs/2103.14030) for small patches.

A patch is divided into squares of 2 pixels, or of 4 from a patch size of 32 on. Two stages with attention in
windows of 4 x 4 squares follow. Positions are relative within these windows, and part of the model file.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from ...text import Text
from ..architecture import Architecture, deferred
from .resnet import make_trainer
from .vit import COARSE_PATCH_SIZE, PATCH_SIZES, RECIPE, STOCHASTIC_DEPTH, padding_to_squares

if TYPE_CHECKING:
    from torch import nn

_WIDTH, _LAYERS, _HEADS, _WINDOW = 64, [2, 4], [2, 4], 4
_RECIPE = replace(RECIPE, patch_size=16)


def _build(channels: int, classes: int, patch_size: int) -> nn.Module:
    """Return a network from patches (N, channels, patch_size, patch_size) to logits (N, classes)."""
    from torch import nn
    from torchvision.models import SwinTransformer

    side = 4 if patch_size >= COARSE_PATCH_SIZE else 2
    before, behind = padding_to_squares(patch_size, side)
    transformer = SwinTransformer(
        [side, side],
        _WIDTH,
        _LAYERS,
        _HEADS,
        [_WINDOW, _WINDOW],
        stochastic_depth_prob=STOCHASTIC_DEPTH,
        num_classes=classes,
    )
    transformer.features[0][0] = nn.Conv2d(channels, _WIDTH, side, side)
    pad = nn.ZeroPad2d((before, behind, before, behind))
    return nn.Sequential(OrderedDict(pad=pad, swin=transformer))


ARCHITECTURES = (
    Architecture(
        "swin",
        Text("Swin transformer"),
        "patch",
        "network",
        _build,
        trainer_factory=make_trainer,
        head=("swin.head.",),
        takes=("patch_size",),
        backbone="swin.",
        first_layer="features.0.0",
        patch_sizes=PATCH_SIZES,
        # On every scene as accurate as ResNet18, for more time (docs/accuracy.md, *Families of networks*).
        is_for_comparison=True,
        make_predictor=deferred("inference.predictors.centred", "make_resnet_predictor"),
        recipe=_RECIPE,
        centred_recipe=_RECIPE,
    ),
)
