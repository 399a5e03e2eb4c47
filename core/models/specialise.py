"""Specialisation of a network for the prediction of patches of one size.

Batch normalisation is folded into convolutions. On a 32 x 32 patch the third stage of a ResNet works on
maps of 2 x 2 pixels and the fourth on single pixels, so most taps of their kernels only meet zero padding.
Such taps are left out, and convolutions on maps of a few pixels become matrix products over the whole
batch. The weights are the same numbers, so the logits are the same but for the order of summation.
"""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import dataclass

import torch
from torch import Tensor, fx, nn
from torch.fx import GraphModule, Node, symbolic_trace
from torch.fx.passes.shape_prop import ShapeProp
from torch.nn.functional import conv2d, linear, relu
from torch.nn.utils.fusion import fuse_conv_bn_eval

# Maps of more pixels are left to convolutions, which are quicker there.
_MOST_PIXELS = 4
_ELEMENTWISE = (nn.ReLU, nn.Identity, nn.Dropout)
_SUMS = (operator.add, operator.iadd, torch.add)


def folded(network: nn.Module) -> GraphModule:
    """Return the network in evaluation mode as a graph without batch norm, where a convolution precedes it.

    Args:
        network: It is not changed; the graph shares the weights that folding leaves alone.

    Raises:
        Exception: Whatever PyTorch's tracer raises of a network that decides by its input's values.
    """
    graph_module = symbolic_trace(network.eval())
    modules = dict(graph_module.named_modules())
    uses = Counter(node.target for node in graph_module.graph.nodes if node.op == "call_module")
    for node in list(graph_module.graph.nodes):
        norm = called_module(node, modules)
        if not isinstance(norm, nn.BatchNorm2d) or norm.running_mean is None:
            continue
        before = node.args[0]
        convolution = called_module(before, modules)
        if not isinstance(convolution, nn.Conv2d) or not isinstance(before, Node):
            continue
        # Weights that serve elsewhere, too, must stay as they are.
        if len(before.users) > 1 or uses[before.target] > 1:
            continue
        graph_module.set_submodule(str(before.target), fuse_conv_bn_eval(convolution, norm))
        node.replace_all_uses_with(before)
        graph_module.graph.erase_node(node)
    graph_module.delete_all_unused_submodules()
    graph_module.recompile()
    return graph_module


def called_module(node: object, modules: dict[str, nn.Module]) -> nn.Module | None:
    """Return the module that a node of a graph calls, None where it calls none.

    Args:
        node: A node, or another argument of one.
        modules: All of the graph's, by name.
    """
    if isinstance(node, Node) and node.op == "call_module":
        return modules.get(str(node.target))
    return None


def with_matrices(network: fx.GraphModule, channels: int, patch_size: int) -> fx.GraphModule:
    """Return the same function with matrices in place of the convolutions to small maps.

    Args:
        network: A graph from patches (N, channels, patch_size, patch_size), see ``folded``.
        channels: Of the patches.
        patch_size: Their rows and columns; the result is right for this size only.
    """
    weight = next(network.parameters())
    example = torch.zeros(2, channels, patch_size, patch_size, device=weight.device, dtype=weight.dtype)
    with torch.no_grad():
        ShapeProp(network).propagate(example)
    return _Rewriter(network).rewrite()


class PixelProducts(nn.Module):
    """A 1 x 1 convolution on rows (N, pixels, channels)."""

    def __init__(self, layer: nn.Conv2d, size: int) -> None:
        """Take over the weights.

        Args:
            layer: The convolution.
            size: Rows and columns of the map that it is given.
        """
        super().__init__()
        self._size, self._step = size, layer.stride[0]
        self.weight = _constant(layer.weight.flatten(1))
        self.bias = None if layer.bias is None else _constant(layer.bias)

    def forward(self, rows: Tensor) -> Tensor:
        """Return rows (N, fewer pixels, other channels)."""
        if self._step > 1:
            pixels = rows.reshape(-1, self._size, self._size, self.weight.shape[1])
            rows = pixels[:, :: self._step, :: self._step].flatten(1, 2)
        return linear(rows, self.weight, self.bias)


class MapProduct(nn.Module):
    """A convolution whose kernel spans the map, on rows (N, pixels, channels)."""

    def __init__(self, layer: nn.Conv2d, size: int) -> None:
        """Write the weights as one matrix; see ``PixelProducts``."""
        super().__init__()
        weight = layer.weight
        side = (size + 2 * int(layer.padding[0]) - layer.kernel_size[0]) // layer.stride[0] + 1
        outputs, inputs = weight.shape[:2]
        matrix = weight.new_zeros(side, side, outputs, size, size, inputs)
        taps = weight.permute(2, 3, 0, 1)
        for row, column in torch.cartesian_prod(torch.arange(side), torch.arange(side)).tolist():
            top, left = (place * layer.stride[0] - int(layer.padding[0]) for place in (row, column))
            for y, x in torch.cartesian_prod(torch.arange(size), torch.arange(size)).tolist():
                if 0 <= y - top < layer.kernel_size[0] and 0 <= x - left < layer.kernel_size[1]:
                    matrix[row, column, :, y, x] = taps[y - top, x - left]
        self._shape = side * side, outputs
        self.weight = _constant(matrix.view(side * side * outputs, size * size * inputs))
        self.bias = None if layer.bias is None else _constant(layer.bias.repeat(side * side))

    def forward(self, rows: Tensor) -> Tensor:
        """Return rows (N, other pixels, other channels)."""
        return linear(rows.flatten(1), self.weight, self.bias).reshape(-1, *self._shape)


class ToRows(nn.Module):
    """From maps (N, channels, size, size) to rows (N, pixels, channels); no copy of channels-last."""

    def forward(self, maps: Tensor) -> Tensor:
        """Return the rows."""
        return maps.permute(0, 2, 3, 1).flatten(1, 2)


class ToMaps(nn.Module):
    """Back from rows to maps."""

    def __init__(self, size: int, channels: int) -> None:
        super().__init__()
        self._shape = size, size, channels

    def forward(self, rows: Tensor) -> Tensor:
        """Return the maps."""
        return rows.reshape(-1, *self._shape).permute(0, 3, 1, 2)


class MeanOfPixels(nn.Module):
    """Average pooling of rows to one pixel."""

    def forward(self, rows: Tensor) -> Tensor:
        """Return rows (N, 1, channels)."""
        return rows.mean(dim=1, keepdim=True)


class _Rewriter:
    """Copies a graph node by node; a node's value may be had as maps, as rows or as both."""

    def __init__(self, network: fx.GraphModule) -> None:
        self._source = network
        self._modules: dict[str, nn.Module] = dict(network.named_modules())
        self._made: dict[str, nn.Module] = {}
        self._graph = fx.Graph()
        self._maps: dict[fx.Node, fx.Node] = {}
        self._rows: dict[fx.Node, fx.Node] = {}

    def rewrite(self) -> fx.GraphModule:
        for node in self._source.graph.nodes:
            rows = self._in_rows(node)
            if rows is not None:
                self._rows[node] = rows
            elif not self._is_flattening(node):
                self._maps[node] = self._graph.node_copy(node, self._as_maps)
        used = {str(node.target) for node in self._graph.nodes if node.op == "call_module"}
        kept = {name: module for name, module in self._modules.items() if name in used}
        attributes = {
            str(node.target): operator.attrgetter(str(node.target))(self._source)
            for node in self._graph.nodes
            if node.op == "get_attr"
        }
        return fx.GraphModule(kept | attributes | self._made, self._graph)

    def _in_rows(self, node: fx.Node) -> fx.Node | None:
        """Return a copy of ``node`` that gives rows, None where it should give maps."""
        module = called_module(node, self._modules)
        inputs = [item for item in node.args if isinstance(item, fx.Node)]
        if isinstance(module, nn.Conv2d):
            product = _product(module, _size(inputs[0]), _size(node))
            return None if product is None else self._call(product, self._as_rows(inputs[0]))
        if not inputs or not all(item in self._rows for item in inputs):
            return None
        rows = tuple(self._rows[item] for item in inputs)
        if isinstance(module, _ELEMENTWISE):
            return self._call(module, *rows)
        if isinstance(module, nn.AdaptiveAvgPool2d) and _size(node) == 1:
            return self._call(MeanOfPixels(), *rows)
        if node.op == "call_function" and node.target is relu:
            return self._call(nn.ReLU(), *rows)
        if node.op == "call_function" and node.target in _SUMS and len(rows) == 2 == len(node.args):
            return self._graph.call_function(torch.add, rows)
        return None

    def _is_flattening(self, node: fx.Node) -> bool:
        """Take over what makes features (N, channels) of rows of one pixel; say whether ``node`` does."""
        inputs = [item for item in node.args if isinstance(item, fx.Node)]
        if not inputs or inputs[0] not in self._rows or _size(inputs[0]) != 1:
            return False
        is_function = node.op == "call_function" and node.target is torch.flatten and node.args[1:] == (1,)
        if not is_function and not isinstance(called_module(node, self._modules), nn.Flatten):
            return False
        self._maps[node] = self._graph.call_function(torch.flatten, (self._rows[inputs[0]], 1))
        return True

    def _as_rows(self, node: fx.Node) -> fx.Node:
        if node not in self._rows:
            self._rows[node] = self._call(ToRows(), self._maps[node])
        return self._rows[node]

    def _as_maps(self, node: fx.Node) -> fx.Node:
        if node not in self._maps:
            self._maps[node] = self._call(ToMaps(_size(node), _shape(node)[1]), self._rows[node])
        return self._maps[node]

    def _call(self, module: nn.Module, *inputs: fx.Node) -> fx.Node:
        name = f"rows_{len(self._made)}"
        self._made[name] = module
        return self._graph.create_node("call_module", name, inputs)


def _product(layer: nn.Conv2d, size: int, side: int) -> nn.Module | None:
    """Return the convolution as a product on rows, None where it is better left as it is."""
    pairs = (layer.kernel_size, layer.stride, layer.padding)
    is_plain = layer.groups == 1 and layer.dilation == (1, 1) and layer.padding_mode == "zeros"
    if not is_plain or isinstance(layer.padding, str) or any(len(set(pair)) > 1 for pair in pairs):
        return None
    if side == 0 or size == 0 or side * side > _MOST_PIXELS:
        return None
    if layer.kernel_size == (1, 1) and layer.padding == (0, 0):
        return PixelProducts(layer, size)
    # A matrix multiplies every pixel by every other, a kernel its taps by each.
    return MapProduct(layer, size) if size * size <= layer.kernel_size[0] ** 2 else None


def _size(node: fx.Node) -> int:
    """Return rows and columns of the square maps that a node gives; 0 where it gives none."""
    shape = _shape(node)
    return shape[2] if len(shape) == 4 and shape[2] == shape[3] else 0


def _shape(node: fx.Node) -> tuple[int, ...]:
    """Return the shape that was found for a node's value; empty where it is no tensor."""
    return tuple(getattr(node.meta.get("tensor_meta"), "shape", ()))


def _constant(values: Tensor) -> nn.Parameter:
    return nn.Parameter(values.detach().clone().contiguous(), requires_grad=False)


@dataclass(frozen=True)
class Taps:
    """The taps of a kernel, along one axis, that meet values, and the padding that is left."""

    first: int
    stop: int
    padding: int


def skip_padding(network: nn.Module, channels: int, patch_size: int) -> int:
    """Let a network's convolutions leave out the taps that only meet padding.

    The weights stay whole: gradients flow to the taps in use, and those of the others are 0, as
    they are with the padding. (In bfloat16 on a CPU they are not: oneDNN leaves them undefined for
    a strided kernel on a single pixel, seen with PyTorch 2.15. So this is not for speed alone.)

    Args:
        network: Takes patches (N, channels, patch_size, patch_size), gives (N, classes). It is
            only right for patches of this size afterwards.
        channels: Of the patches.
        patch_size: Their rows and columns.

    Returns:
        How many convolutions leave something out.
    """
    changed = 0
    for layer, size in _input_sizes(network, channels, patch_size):
        taps = used_taps(layer.kernel_size[0], layer.stride[0], int(layer.padding[0]), size)
        if taps is not None and _is_plain(layer):
            layer.forward = _Cropped(layer, taps)  # type: ignore[method-assign, assignment]
            changed += 1
    return changed


def used_taps(kernel: int, stride: int, padding: int, size: int) -> Taps | None:
    """Return which taps of a kernel meet values of a map, None where all do.

    None also where what is left would need more padding on one side than on the other.

    Args:
        kernel: Taps along an axis.
        stride: Step from one position to the next.
        padding: Zeros on either side.
        size: Values along the axis.
    """
    positions = (size + 2 * padding - kernel) // stride + 1
    starts = [position * stride - padding for position in range(positions)]
    used = [tap for tap in range(kernel) if any(0 <= start + tap < size for start in starts)]
    if not used or len(used) == kernel:
        return None
    first, stop = used[0], used[-1] + 1
    left = padding - first
    # What the same positions need on the far side.
    right = starts[-1] + stop - size
    return Taps(first, stop, left) if left == max(right, 0) else None


class _Cropped:
    """The forward pass of a convolution with a part of its kernel."""

    def __init__(self, layer: nn.Conv2d, taps: Taps) -> None:
        self._layer = layer
        self._part = slice(taps.first, taps.stop)
        self._padding = taps.padding

    def __call__(self, inputs: Tensor) -> Tensor:
        layer = self._layer
        kernel = layer.weight[:, :, self._part, self._part]
        return conv2d(inputs, kernel, layer.bias, layer.stride, self._padding, 1, layer.groups)


def _is_plain(layer: nn.Conv2d) -> bool:
    is_square = all(len(set(pair)) == 1 for pair in (layer.kernel_size, layer.stride, layer.padding))
    return is_square and layer.dilation == (1, 1) and layer.padding_mode == "zeros"


def _input_sizes(network: nn.Module, channels: int, patch_size: int) -> list[tuple[nn.Conv2d, int]]:
    """Return the convolutions that work on square maps of one size, and that size."""
    sizes: dict[nn.Conv2d, set[int]] = {}

    def note(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if isinstance(layer, nn.Conv2d):
            sizes.setdefault(layer, set()).update(inputs[0].shape[-2:])

    hooks = [layer.register_forward_pre_hook(note) for layer in network.modules()]
    was_training = network.training
    weight = next(network.parameters())
    try:
        with torch.inference_mode():
            network.eval()(torch.zeros(1, channels, patch_size, patch_size, device=weight.device))
    finally:
        network.train(was_training)
        for hook in hooks:
            hook.remove()
    return [(layer, seen.pop()) for layer, seen in sizes.items() if len(seen) == 1]
