"""Attention in the residual blocks of a ResNet: which channels, and which pixels, count in a feature map.

The block's output before the addition is multiplied by factors between 0 and 1 that are computed from itself.

>>> network = torchvision.models.resnet18()
>>> add_attention(network, "se")
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torchvision.models import ResNet
from torchvision.models.resnet import BasicBlock, Bottleneck
from torchvision.ops import SqueezeExcitation

from ..options import SE

# Channels per hidden unit, as in both papers.
_REDUCTION = 16
# Rows and columns of the kernel of spatial attention.
_KERNEL = 7


def add_attention(network: ResNet, kind: str) -> None:
    """Add attention to each residual block of a ResNet, in place.

    The weights of the ResNet keep their names.

    Args:
        network: ResNet of torchvision.
        kind: ``se`` for squeeze-and-excitation (Hu et al. 2018, https://arxiv.org/abs/1709.01507), or
            ``cbam``.
    """
    for name, block in list(network.named_modules()):
        if isinstance(block, BasicBlock | Bottleneck):
            channels = (block.bn3 if isinstance(block, Bottleneck) else block.bn2).num_features
            attention = SqueezeExcitation(channels, channels // _REDUCTION) if kind == SE else Cbam(channels)
            network.set_submodule(name, AttendingBlock(block, attention))


class AttendingBlock(nn.Module):
    """Residual block with attention before the addition.

    Args:
        block: Block without attention, whose layers are used.
        attention: Module from feature maps to weighted ones.
    """

    def __init__(self, block: BasicBlock | Bottleneck, attention: nn.Module) -> None:
        super().__init__()
        self.conv1, self.bn1, self.relu = block.conv1, block.bn1, block.relu
        self.conv2, self.bn2 = block.conv2, block.bn2
        has_third = isinstance(block, Bottleneck)
        self.conv3: nn.Module | None = block.conv3 if has_third else None
        self.bn3: nn.Module | None = block.bn3 if has_third else None
        self.downsample = block.downsample
        self.attention = attention

    def forward(self, maps: Tensor) -> Tensor:
        """Return feature maps, see ``torchvision.models.resnet``."""
        branch = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(maps)))))
        if self.conv3 is not None and self.bn3 is not None:
            branch = self.bn3(self.conv3(self.relu(branch)))
        identity = maps if self.downsample is None else self.downsample(maps)
        output: Tensor = self.relu(self.attention(branch) + identity)
        return output


class Cbam(nn.Module):
    """Convolutional block attention module (Woo et al. 2018, https://arxiv.org/abs/1807.06521).

    Channels are weighted by their means and maxima over the pixels, then pixels by their mean and maximum
    over the channels.

    Args:
        channels: Number of channels.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = channels // _REDUCTION
        self.mean, self.maximum = nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)
        self.channels = nn.Sequential(
            nn.Conv2d(channels, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, channels, 1)
        )
        self.pixels = nn.Conv2d(2, 1, _KERNEL, padding=_KERNEL // 2)

    def forward(self, maps: Tensor) -> Tensor:
        """Return weighted feature maps.

        Args:
            maps: Feature maps, shape (N, channels, rows, columns).
        """
        weights = self.channels(self.mean(maps)) + self.channels(self.maximum(maps))
        maps = maps * weights.sigmoid()
        over_channels = torch.cat([maps.mean(dim=1, keepdim=True), maps.amax(dim=1, keepdim=True)], dim=1)
        weighted: Tensor = maps * self.pixels(over_channels).sigmoid()
        return weighted
