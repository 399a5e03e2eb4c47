"""Networks by name. A new architecture is one entry here and one name in ``architectures``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from torch import nn
from torchvision.models import resnet18, resnet34, resnet50, resnet101

from ..errors import ParameterError
from .architectures import ARCHITECTURES

Builder = Callable[[int, int], nn.Module]
"""From (input channels, classes) to a network that gives logits (N, classes)."""


def build_network(architecture: str, channels: int, classes: int) -> nn.Module:
    """Return a network with random weights.

    Args:
        architecture: A name in ``ARCHITECTURES``.
        channels: Input channels, bands and indices together.
        classes: Outputs.

    Returns:
        A module from patches (N, channels, size, size) to logits (N, classes), in training mode.

    Raises:
        ParameterError: There is no such architecture.
    """
    if architecture not in BUILDERS:
        raise ParameterError(
            f"There is no architecture {architecture!r}", advice=f"Choose one of: {', '.join(ARCHITECTURES)}."
        )
    return BUILDERS[architecture](channels, classes)


def _resnet(make: Callable[..., nn.Module]) -> Builder:
    """Return the builder of a torchvision ResNet (He et al. 2016, https://arxiv.org/abs/1512.03385).

    Only the first convolution differs from torchvision's: it takes any number of channels.
    """

    def build(channels: int, classes: int) -> nn.Module:
        network = make(weights=None, num_classes=classes)
        stem = nn.Conv2d(channels, 64, kernel_size=7, stride=2, padding=3, bias=False)
        nn.init.kaiming_normal_(stem.weight, mode="fan_out", nonlinearity="relu")
        network.conv1 = stem
        return network

    return build


BUILDERS: Mapping[str, Builder] = MappingProxyType(
    {
        "resnet18": _resnet(resnet18),
        "resnet34": _resnet(resnet34),
        "resnet50": _resnet(resnet50),
        "resnet101": _resnet(resnet101),
    }
)
