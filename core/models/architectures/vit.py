"""Vision transformer of torchvision (Dosovitskiy et al. 2021, https://arxiv.org/abs/2010.11929).

A patch is divided into squares of 3 pixels, or of 4 from a patch size of 32 on. Layers and heads are those of
ViT-Lite (Hassani et al. 2021, https://arxiv.org/abs/2104.05704), for few and small images, at half its width.
The position embedding is learnt for the patch size, and is part of the model file.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from ...text import Text
from ..architecture import Architecture, Recipe, deferred
from .resnet import make_trainer

if TYPE_CHECKING:
    from torch import nn

PATCH_SIZES = (15, 64)
"""Smallest and largest patch of a transformer, in pixels."""
RECIPE = Recipe(
    patch_size=17,
    epochs=30,
    batch_size=128,
    learning_rate=5e-4,
    weight_decay=0.05,
    label_smoothing=0.1,
    brightness=0.1,
    monitor="last",
    patience=0,
    edge_mixing=0.7,
    averaging=0.99,
    decays_norms=False,
    min_steps=20,
)
"""Default training parameters of transformers."""
STOCHASTIC_DEPTH = 0.1
"""Probability that a transformer's last layer is skipped in training. It grows from 0 with the layers."""
COARSE_PATCH_SIZE = 32
"""Patch size in pixels from which on patches are divided into squares of 4 pixels."""
_WIDTH, _LAYERS, _HEADS, _HIDDEN = 128, 6, 4, 256


def padding_to_squares(patch_size: int, side: int) -> tuple[int, int]:
    """Return the numbers of rows, and columns, to add before and behind a patch for whole squares.

    The centre stays pixel ``size // 2`` of the larger patch.

    Args:
        patch_size: Rows and columns of a patch, in pixels.
        side: Rows and columns of a square, in pixels.
    """
    size = -(-patch_size // side) * side
    before = size // 2 - patch_size // 2
    return before, size - patch_size - before


def _build(channels: int, classes: int, patch_size: int) -> nn.Module:
    """Return a network from patches (N, channels, patch_size, patch_size) to logits (N, classes)."""
    from torch import nn
    from torchvision.models import VisionTransformer
    from torchvision.ops import StochasticDepth

    side = 4 if patch_size >= COARSE_PATCH_SIZE else 3
    before, behind = padding_to_squares(patch_size, side)
    transformer = VisionTransformer(
        before + patch_size + behind, side, _LAYERS, _HEADS, _WIDTH, _HIDDEN, num_classes=classes
    )
    transformer.conv_proj = nn.Conv2d(channels, _WIDTH, side, side)
    nn.init.trunc_normal_(transformer.conv_proj.weight, std=(channels * side**2) ** -0.5)
    nn.init.zeros_(transformer.conv_proj.bias)
    nn.init.trunc_normal_(transformer.heads.head.weight, std=0.02)
    for number, layer in enumerate(transformer.encoder.layers):
        rate = STOCHASTIC_DEPTH * number / (_LAYERS - 1)
        layer.dropout = StochasticDepth(rate, "row")
        layer.mlp.append(StochasticDepth(rate, "row"))
    pad = nn.ZeroPad2d((before, behind, before, behind))
    return nn.Sequential(OrderedDict(pad=pad, vit=transformer))


ARCHITECTURES = (
    Architecture(
        "vit",
        Text("Vision transformer (ViT)"),
        "patch",
        "network",
        _build,
        trainer_factory=make_trainer,
        head=("vit.heads.head.",),
        takes=("patch_size",),
        backbone="vit.",
        first_layer="conv_proj",
        patch_sizes=PATCH_SIZES,
        make_predictor=deferred("inference.predictors.centred", "make_resnet_predictor"),
        recipe=RECIPE,
        centred_recipe=RECIPE,
    ),
)
