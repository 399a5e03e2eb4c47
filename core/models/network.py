"""Networks by name."""

from __future__ import annotations

from torch import nn

from ..errors import ParameterError
from .architectures import architecture


def build_network(name: str, channels: int, classes: int) -> nn.Module:
    """Return a network with random weights.

    Args:
        name: An architecture of the family ``network``.
        channels: Input channels, bands and indices together.
        classes: Outputs.

    Returns:
        A module in training mode, from patches (N, channels, size, size) to logits: (N, classes) of
        the kind ``patch``, (N, classes, size, size) of the kind ``pixel``.

    Raises:
        ParameterError: There is no such architecture, or it is no network.
    """
    chosen = architecture(name)
    if chosen.family != "network":
        raise ParameterError(
            f"{chosen.title} is no network", where="ARCHITECTURE", advice="Choose a ResNet, for example."
        )
    network: nn.Module = chosen.build(channels, classes)
    return network
