"""ResNets of torchvision (He et al. 2016, https://arxiv.org/abs/1512.03385), which classify patches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..architecture import Architecture

if TYPE_CHECKING:
    from torch import nn


def _build(name: str, channels: int, classes: int) -> nn.Module:
    """Return torchvision's network ``name``; only its first convolution differs, in its channels."""
    import torchvision
    from torch import nn

    network = torchvision.models.get_model(name, weights=None, num_classes=classes)
    stem = nn.Conv2d(channels, 64, kernel_size=7, stride=2, padding=3, bias=False)
    nn.init.kaiming_normal_(stem.weight, mode="fan_out", nonlinearity="relu")
    network.conv1 = stem
    return network  # type: ignore[no-any-return]


ARCHITECTURES = tuple(
    Architecture(
        f"resnet{depth}",
        f"ResNet{depth}",
        "patch",
        "network",
        partial(_build, f"resnet{depth}"),
        head=("fc.",),
        imagenet=f"resnet{depth}",
    )
    for depth in (18, 34, 50, 101)
)
