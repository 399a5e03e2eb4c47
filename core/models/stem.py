"""A network cut in two: the stem, of which overlapping patches share most, and the rest.

The stem of a ResNet, a convolution with a step and a maximum, takes about a fifth of the arithmetic on
a 32 x 32 patch. What it gives at a place depends on that place and on how the patch's edges clip what
it sees; not on the patch.
"""

from __future__ import annotations

import copy
from typing import Any

from torch import Tensor, fx, nn

from .folding import called_module, folded


class Stem(nn.Module):
    """A convolution, ReLU and a maximum; from patches (N, channels, size, size) to maps, float32.

    Attributes:
        kernel: Rows and columns of the convolution's kernel.
        step: Pixels from one of its places to the next.
        padding: Zeros around a patch.
        window: Rows and columns of the maximum's window.
        pool_step: Places of the convolution from one of its places to the next.
        pool_padding: Places around the convolution's that are not there.
    """

    def __init__(self, convolution: nn.Conv2d, pool: nn.MaxPool2d) -> None:
        """Take copies of the layers, which are alike along rows and columns.

        Args:
            convolution: Batch norm is folded into it.
            pool: The maximum.
        """
        super().__init__()
        self.convolution = copy.deepcopy(convolution).requires_grad_(False)
        self.pool = copy.deepcopy(pool)
        self.kernel, self.step, self.padding = map(_number, _numbers(convolution))
        self.window, self.pool_step, self.pool_padding = map(_number, _numbers(pool))

    def forward(self, patches: Tensor) -> Tensor:
        """Return maps (N, other channels, smaller size, smaller size), not below 0."""
        maps: Tensor = self.pool(self.convolution(patches)).relu()
        return maps


def cut_stem(network: nn.Module) -> tuple[Stem, fx.GraphModule] | None:
    """Return the stem of a network and the rest of it, None where it does not begin with such a one.

    Args:
        network: In evaluation mode; it is not changed. The rest shares its weights.

    Raises:
        Exception: Whatever PyTorch's tracer raises of a network that it cannot follow.
    """
    graph = folded(network)
    modules = dict(graph.named_modules())
    node = next(iter(graph.graph.nodes))
    layers: list[nn.Module | None] = []
    for _ in range(3):
        if len(node.users) != 1:
            return None
        node = next(iter(node.users))
        layers.append(called_module(node, modules))
    convolution, relu, pool = layers
    if not (
        isinstance(convolution, nn.Conv2d) and isinstance(relu, nn.ReLU) and isinstance(pool, nn.MaxPool2d)
    ):
        return None
    if not (_is_plain(convolution) and _is_plain_maximum(pool)):
        return None
    return Stem(convolution, pool), _after(graph, node)


def _after(graph: fx.GraphModule, last: fx.Node) -> fx.GraphModule:
    """Return the part of a graph that computes with what ``last`` gives."""
    rest = fx.Graph()
    copies = {last: rest.placeholder("maps")}
    nodes = list(graph.graph.nodes)
    for node in nodes[nodes.index(last) + 1 :]:
        copies[node] = rest.node_copy(node, copies.__getitem__)
    module = fx.GraphModule(graph, rest)
    module.delete_all_unused_submodules()
    return module.eval()


def _is_plain(layer: nn.Conv2d) -> bool:
    is_dense = layer.groups == 1 and layer.dilation == (1, 1)
    return is_dense and layer.padding_mode == "zeros" and all(map(_is_square, _numbers(layer)))


def _is_plain_maximum(layer: nn.MaxPool2d) -> bool:
    is_dense = layer.dilation in (1, (1, 1))
    return (
        is_dense
        and not layer.ceil_mode
        and not layer.return_indices
        and all(map(_is_square, _numbers(layer)))
    )


def _numbers(layer: nn.Conv2d | nn.MaxPool2d) -> tuple[Any, Any, Any]:
    return layer.kernel_size, layer.stride, layer.padding


def _is_square(number: Any) -> bool:
    """Return whether a layer's number, or pair of numbers, is the same along rows and columns."""
    return isinstance(number, int) or (isinstance(number, tuple) and len(set(number)) == 1)


def _number(number: Any) -> int:
    return int(number[0] if isinstance(number, tuple) else number)
