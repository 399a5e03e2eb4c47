"""Networks by name."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn.functional import dropout, dropout2d

from ..errors import ParameterError
from ..raster.neighbourhood import Neighbourhoods
from .architectures import architecture
from .last_layer import last_layer


def build_network(
    name: str, channels: int, classes: int, windows: Sequence[int] = (), small_stem: bool = False
) -> nn.Module:
    """Return a network with random weights.

    Args:
        name: An architecture of the family ``network``.
        channels: Input channels, bands and indices together.
        classes: Outputs.
        windows: Sides of the neighbourhoods that are measured, of an architecture that sees such.
        small_stem: Begin without stride and pooling, where the architecture has such a stem.

    Returns:
        A module in training mode, from patches (N, channels, size, size) to logits: (N, classes) of
        the kind ``patch``, (N, classes, size, size) of the kind ``pixel``. One that sees
        neighbourhoods takes features (N, features), as ``Neighbourhoods.textured`` measures them.

    Raises:
        ParameterError: There is no such architecture, or it is no network.
    """
    chosen = architecture(name)
    if chosen.family != "network":
        raise ParameterError(
            f"{chosen.title} is no network", where="ARCHITECTURE", advice="Choose a ResNet, for example."
        )
    if chosen.sees == "neighbourhoods":
        channels = Neighbourhoods.textured(windows).count(channels)
    options = {"small_stem": small_stem} if chosen.has_small_stem else {}
    network: nn.Module = chosen.build(channels, classes, **options)
    return network


def add_dropout(network: nn.Module, name: str, rate: float) -> None:
    """Let a network of the architecture ``name`` drop features before its last layer, in training.

    The weights' names stay what they are, so that a model file knows nothing of it.

    Args:
        network: From ``build_network``.
        name: Its architecture.
        rate: Chance of a feature to be dropped, 0 to below 1.
    """
    if rate <= 0:
        return
    last = last_layer(network, name)

    def drop(layer: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        features, *rest = inputs
        # Whole feature maps of a dense network: its neighbouring pixels say the same.
        function = dropout2d if features.ndim == 4 else dropout
        return function(features, rate, layer.training), *rest

    last.register_forward_pre_hook(drop)
