"""Networks by architecture, and their last layer.

Some outputs besides the logits are linear in the features of the last layer: logits with Monte Carlo dropout,
and coordinates for the area of applicability. A wider last layer computes them at almost no cost on every
backend.

>>> network = build_network("resnet18", channels=6, classes=4)
>>> layer = last_layer(network, "resnet18")
>>> dropped = dropped_out(layer, rate=0.3, samples=8)
>>> wider = with_last_layer(network, "resnet18", widened(layer, [dropped]))   # 4 + 32 outputs
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, dropout2d

from ..errors import ParameterError
from ..options import NONE
from ..raster.neighbourhood import Neighbourhoods
from .architecture import CentreBranch
from .architectures import architecture
from .centred import CONTEXT_FEATURES, CentredNetwork

LastLayer = nn.Linear | nn.Conv2d
_SEED = 0


def last_layer(network: nn.Module, name: str) -> LastLayer:
    """Return the layer that computes the logits.

    Args:
        network: Network of ``build_network``.
        name: Name of its architecture.

    Raises:
        TypeError: The layer is neither linear nor a convolution.
    """
    layer = network.get_submodule(_last_layer_name(network, name))
    if not isinstance(layer, LastLayer):
        raise TypeError(f"the last layer of {name} is a {type(layer).__name__}")
    return layer


def with_last_layer(network: nn.Module, name: str, layer: nn.Module) -> nn.Module:
    """Return a copy of a network with another last layer. All other weights are shared.

    Args:
        network: Network of ``build_network``.
        name: Name of its architecture.
        layer: New last layer.
    """
    weights = [*network.parameters(), *network.buffers()]
    copied = copy.deepcopy(network, {id(weight): weight for weight in weights})
    copied.set_submodule(_last_layer_name(network, name), layer)
    return copied.eval()


def widened(layer: LastLayer, more: Sequence[LastLayer]) -> LastLayer:
    """Return one layer with the outputs of several.

    Args:
        layer: Layer whose outputs come first.
        more: Layers on the same features whose outputs follow.
    """
    layers = [layer, *more]
    weight = torch.cat([item.weight for item in layers])
    return _like(layer, weight, torch.cat([_bias(item) for item in layers]))


def dropped_out(layer: LastLayer, rate: float, samples: int) -> LastLayer:
    """Return a layer with Monte Carlo dropout: the logits of ``layer`` for several draws of its features.

    Dropped features are drawn once, so that each sample is a fixed network. All pixels of a map use the
    same ones, whatever tile they lie in, also when a run is resumed. (Monte Carlo dropout, Gal and
    Ghahramani 2016, https://arxiv.org/abs/1506.02142, in the last layer only.)

    Args:
        layer: Last layer of a network.
        rate: Probability of a feature, or feature map of a dense network, to be dropped; below 1.
        samples: Number of draws.

    Returns:
        A layer with ``samples`` times as many outputs. The logits of the first draw come first.
    """
    weight = layer.weight
    generator = torch.Generator().manual_seed(_SEED)
    is_used = torch.rand((samples, weight.shape[1]), generator=generator) >= rate
    factors = is_used.to(weight) / (1.0 - rate)
    thinned = torch.cat([weight * factor.view(1, -1, *(1,) * (weight.ndim - 2)) for factor in factors])
    return _like(layer, thinned, _bias(layer).repeat(samples))


def on_features(layer: LastLayer, linear: nn.Linear) -> LastLayer:
    """Return a linear layer in the form of a network's last layer, applied to each pixel of a dense network.

    Args:
        layer: Last layer of the network.
        linear: Linear layer on the features of ``layer``.
    """
    if isinstance(layer, nn.Linear):
        return linear
    weight = layer.weight.new_zeros(linear.out_features, *layer.weight.shape[1:])
    weight[:, :, layer.kernel_size[0] // 2, layer.kernel_size[1] // 2] = linear.weight.to(weight)
    return _like(layer, weight, linear.bias.to(weight))


def _last_layer_name(network: nn.Module, name: str) -> str:
    return "fc" if isinstance(network, CentredNetwork) else architecture(name).head[-1].rstrip(".")


def _bias(layer: LastLayer) -> Tensor:
    return layer.weight.new_zeros(len(layer.weight)) if layer.bias is None else layer.bias


def _like(layer: LastLayer, weight: Tensor, bias: Tensor) -> LastLayer:
    """Return a layer of the same type and input with other weights."""
    result: LastLayer
    if isinstance(layer, nn.Conv2d):
        rows, columns = layer.kernel_size
        result = nn.Conv2d(weight.shape[1], len(weight), (rows, columns), padding=layer.padding)  # type: ignore[arg-type]
    else:
        result = nn.Linear(weight.shape[1], len(weight))
    result.weight, result.bias = (
        nn.Parameter(values.detach(), requires_grad=False) for values in (weight, bias)
    )
    return result.eval()


def build_network(
    name: str,
    channels: int,
    classes: int,
    windows: Sequence[int] = (),
    small_stem: bool = False,
    centre: CentreBranch | None = None,
    patch_size: int = 1,
    attention: str = NONE,
) -> nn.Module:
    """Return a network with random weights.

    Args:
        name: Name of an architecture of the family ``network``.
        channels: Number of input channels, bands and indices together.
        classes: Number of classes.
        windows: Sides of the neighbourhood windows in pixels, for an architecture that uses them.
        small_stem: Whether to begin without stride and pooling, if the architecture has such a stem.
        centre: Form of a centred network; None returns the plain network.
        patch_size: Rows and columns of a patch of a centred network or a transformer, in pixels.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.

    Returns:
        A module in training mode from patches (N, channels, size, size) to logits: (N, classes) of the
        kind ``patch``, (N, classes, size, size) of the kind ``pixel``. A network on neighbourhoods takes
        features (N, features) of ``Neighbourhoods.textured``.

    Raises:
        ParameterError: The architecture does not exist, or is not a network.
    """
    item = architecture(name)
    if item.family != "network":
        raise ParameterError(
            "{title} is not a network",
            where="ARCHITECTURE",
            advice="Choose a ResNet, for example.",
            title=item.title,
        )
    if item.reads == "neighbourhoods":
        channels = Neighbourhoods.textured(windows).count(channels)
    known = {"small_stem": small_stem, "attention": attention, "patch_size": patch_size}
    options = {name: known[name] for name in item.takes}
    if centre is None:
        network: nn.Module = item.build(channels, classes, **options)
        return network
    if item.centred_recipe is None:
        raise ParameterError(
            "{title} has no centre branch", where="CENTRE", advice="Choose a ResNet.", title=item.title
        )
    context = item.build(channels * len(centre.scales), CONTEXT_FEATURES, **options)
    return CentredNetwork(context, centre, channels, classes, patch_size)


def add_dropout(network: nn.Module, name: str, rate: float) -> None:
    """Add dropout before the last layer of a network, in place. It is active in training mode.

    The names of the weights do not change, so that model files are the same with and without it.

    Args:
        network: Network of ``build_network``.
        name: Name of its architecture.
        rate: Probability of a feature to be dropped, 0 to below 1.
    """
    if rate <= 0:
        return
    last = last_layer(network, name)

    def drop(layer: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        features, *rest = inputs
        # A dense network drops whole feature maps, because neighbouring pixels are correlated.
        function = dropout2d if features.ndim == 4 else dropout
        return function(features, rate, layer.training), *rest

    last.register_forward_pre_hook(drop)
