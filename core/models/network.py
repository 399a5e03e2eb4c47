"""Networks by architecture, and their last layer.

Some outputs besides the logits are linear in the features of the last layer: logits with dropped features,
and coordinates among the training samples. They are computed by a wider last layer at almost no cost, by
every backend.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, dropout2d

from ..errors import ParameterError
from ..raster.neighbourhood import Neighbourhoods
from .architectures import architecture

LastLayer = nn.Linear | nn.Conv2d
_SEED = 0


def last_layer(network: nn.Module, name: str) -> LastLayer:
    """Return the layer that gives the logits.

    Args:
        network: From ``build_network``.
        name: Its architecture.

    Raises:
        TypeError: It is neither linear nor a convolution, as those of all architectures are.
    """
    layer = network.get_submodule(_place(name))
    if not isinstance(layer, LastLayer):
        raise TypeError(f"the last layer of {name} is a {type(layer).__name__}")
    return layer


def with_last_layer(network: nn.Module, name: str, layer: nn.Module) -> nn.Module:
    """Return the network with another last layer; all other weights are shared with it."""
    weights = [*network.parameters(), *network.buffers()]
    copied = copy.deepcopy(network, {id(weight): weight for weight in weights})
    copied.set_submodule(_place(name), layer)
    return copied.eval()


def widened(layer: LastLayer, more: Sequence[LastLayer]) -> LastLayer:
    """Return one layer that gives the outputs of ``layer`` and then those of ``more``."""
    layers = [layer, *more]
    weight = torch.cat([item.weight for item in layers])
    return _like(layer, weight, torch.cat([_bias(item) for item in layers]))


def dropped_out(layer: LastLayer, rate: float, samples: int) -> LastLayer:
    """Return a layer that gives the logits of ``layer`` with some features dropped, ``samples`` times.

    Which ones is drawn once, so that each sample is a network of its own: all pixels of a map are asked
    of the same ones, whatever tile they lie in, and again when a run is gone on with. (Monte-Carlo
    dropout, Gal and Ghahramani 2016, https://arxiv.org/abs/1506.02142, of the last layer alone.)

    Args:
        layer: Of ``last_layer``.
        rate: Chance of a feature, of a dense network a feature map, to be dropped; below 1.
        samples: How many times.

    Returns:
        A layer with ``samples`` times as many outputs: the logits of the first sample come first.
    """
    weight = layer.weight
    generator = torch.Generator().manual_seed(_SEED)
    kept = torch.rand((samples, weight.shape[1]), generator=generator) >= rate
    factors = kept.to(weight) / (1.0 - rate)
    thinned = torch.cat([weight * factor.view(1, -1, *(1,) * (weight.ndim - 2)) for factor in factors])
    return _like(layer, thinned, _bias(layer).repeat(samples))


def on_features(layer: LastLayer, linear: nn.Linear) -> LastLayer:
    """Return ``linear`` as a layer on the features of ``layer``, of a dense network pixel by pixel."""
    if isinstance(layer, nn.Linear):
        return linear
    weight = layer.weight.new_zeros(linear.out_features, *layer.weight.shape[1:])
    weight[:, :, layer.kernel_size[0] // 2, layer.kernel_size[1] // 2] = linear.weight.to(weight)
    return _like(layer, weight, linear.bias.to(weight))


def _place(name: str) -> str:
    return architecture(name).head[-1].rstrip(".")


def _bias(layer: LastLayer) -> Tensor:
    return layer.weight.new_zeros(len(layer.weight)) if layer.bias is None else layer.bias


def _like(layer: LastLayer, weight: Tensor, bias: Tensor) -> LastLayer:
    """Return a layer on the same features, with other outputs."""
    made: LastLayer
    if isinstance(layer, nn.Conv2d):
        rows, columns = layer.kernel_size
        made = nn.Conv2d(weight.shape[1], len(weight), (rows, columns), padding=layer.padding)  # type: ignore[arg-type]
    else:
        made = nn.Linear(weight.shape[1], len(weight))
    made.weight, made.bias = (nn.Parameter(values.detach(), requires_grad=False) for values in (weight, bias))
    return made.eval()


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
            "{title} is no network",
            where="ARCHITECTURE",
            advice="Choose a ResNet, for example.",
            title=chosen.title,
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
