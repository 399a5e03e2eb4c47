"""Specialisation of a network for patches of one size: fewer operations, the same logits.

Batch normalisation is folded into convolutions. On a patch of 32 x 32 pixels, the third stage of a ResNet has
feature maps of 2 x 2 pixels and the fourth of a single pixel, so that most taps of their kernels cover only
zero padding. These taps are skipped, and convolutions on maps of a few pixels become matrix products over the
whole batch. The weights do not change, so that logits differ only by the order of summation.

>>> network = with_matrices(folded(network), channels=6, patch_size=32)
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

# Largest output map of a convolution that becomes a matrix product. On larger maps, convolutions are faster.
_MAX_MAP_PIXELS = 4
_ELEMENTWISE = (nn.ReLU, nn.Identity, nn.Dropout)
_SUMS = (operator.add, operator.iadd, torch.add)


def folded(network: nn.Module) -> GraphModule:
    """Return a graph of the network in which batch normalisation after a convolution is folded into it.

    Args:
        network: Network, which is set to evaluation mode. The graph shares its other weights.

    Raises:
        Exception: Any error of PyTorch's tracer, for a network whose control flow depends on its input.
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
        # Weights that are also used elsewhere must not change.
        if len(before.users) > 1 or uses[before.target] > 1:
            continue
        graph_module.set_submodule(str(before.target), fuse_conv_bn_eval(convolution, norm))
        node.replace_all_uses_with(before)
        graph_module.graph.erase_node(node)
    graph_module.delete_all_unused_submodules()
    graph_module.recompile()
    return graph_module


def called_module(node: object, modules: dict[str, nn.Module]) -> nn.Module | None:
    """Return the module that a node of a graph calls, None if it calls none.

    Args:
        node: Node of the graph, or another argument of a node.
        modules: Modules of the graph by name.
    """
    if isinstance(node, Node) and node.op == "call_module":
        return modules.get(str(node.target))
    return None


def with_matrices(network: fx.GraphModule, channels: int, patch_size: int) -> fx.GraphModule:
    """Return the same function with matrix products instead of convolutions with small output maps.

    Args:
        network: Graph of ``folded``, for patches of shape (N, channels, patch_size, patch_size).
        channels: Number of channels of the patches.
        patch_size: Side of a patch in pixels. The result is valid for this size only.
    """
    weight = next(network.parameters())
    example = torch.zeros(2, channels, patch_size, patch_size, device=weight.device, dtype=weight.dtype)
    with torch.no_grad():
        ShapeProp(network).propagate(example)
    return _Rewriter(network).rewrite()


class PixelProducts(nn.Module):
    """1 x 1 convolution as a matrix product on rows (N, pixels, channels)."""

    def __init__(self, layer: nn.Conv2d, size: int) -> None:
        """Copy the weights.

        Args:
            layer: Convolution.
            size: Side of the input map, in pixels.
        """
        super().__init__()
        self._size, self._step = size, layer.stride[0]
        self.weight = _constant(layer.weight.flatten(1))
        self.bias = None if layer.bias is None else _constant(layer.bias)

    def forward(self, rows: Tensor) -> Tensor:
        """Return rows (N, output pixels, output channels)."""
        if self._step > 1:
            pixels = rows.reshape(-1, self._size, self._size, self.weight.shape[1])
            rows = pixels[:, :: self._step, :: self._step].flatten(1, 2)
        return linear(rows, self.weight, self.bias)


class MapProduct(nn.Module):
    """Convolution on a small map as one matrix product on rows (N, pixels, channels)."""

    def __init__(self, layer: nn.Conv2d, size: int) -> None:
        """Write the weights as one matrix.

        Args:
            layer: Convolution.
            size: Side of the input map, in pixels.
        """
        super().__init__()
        weight = layer.weight
        side = (size + 2 * int(layer.padding[0]) - layer.kernel_size[0]) // layer.stride[0] + 1
        outputs, inputs = weight.shape[:2]
        matrix = weight.new_zeros(side, side, outputs, size, size, inputs)
        taps = weight.permute(2, 3, 0, 1)
        for row, column in torch.cartesian_prod(torch.arange(side), torch.arange(side)).tolist():
            top, left = (position * layer.stride[0] - int(layer.padding[0]) for position in (row, column))
            for y, x in torch.cartesian_prod(torch.arange(size), torch.arange(size)).tolist():
                if 0 <= y - top < layer.kernel_size[0] and 0 <= x - left < layer.kernel_size[1]:
                    matrix[row, column, :, y, x] = taps[y - top, x - left]
        self._shape = side * side, outputs
        self.weight = _constant(matrix.view(side * side * outputs, size * size * inputs))
        self.bias = None if layer.bias is None else _constant(layer.bias.repeat(side * side))

    def forward(self, rows: Tensor) -> Tensor:
        """Return rows (N, output pixels, output channels)."""
        return linear(rows.flatten(1), self.weight, self.bias).reshape(-1, *self._shape)


class ToRows(nn.Module):
    """Conversion from maps (N, channels, size, size) to rows (N, pixels, channels).

    Maps that are stored channels last are not copied.
    """

    def forward(self, maps: Tensor) -> Tensor:
        """Return the rows."""
        return maps.permute(0, 2, 3, 1).flatten(1, 2)


class ToMaps(nn.Module):
    """Conversion from rows (N, pixels, channels) to maps (N, channels, size, size).

    Args:
        size: Side of the maps, in pixels.
        channels: Number of channels.
    """

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
    """Copy of a graph, node by node. The value of a node exists as maps, as rows or as both."""

    def __init__(self, network: fx.GraphModule) -> None:
        self._source = network
        self._modules: dict[str, nn.Module] = dict(network.named_modules())
        self._new_modules: dict[str, nn.Module] = {}
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
        used_modules = {name: module for name, module in self._modules.items() if name in used}
        attributes = {
            str(node.target): operator.attrgetter(str(node.target))(self._source)
            for node in self._graph.nodes
            if node.op == "get_attr"
        }
        return fx.GraphModule(used_modules | attributes | self._new_modules, self._graph)

    def _in_rows(self, node: fx.Node) -> fx.Node | None:
        """Return a copy of ``node`` that returns rows, None if it should return maps."""
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
        """Copy a node that flattens rows of one pixel to features (N, channels); return whether it is one."""
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
        name = f"rows_{len(self._new_modules)}"
        self._new_modules[name] = module
        return self._graph.create_node("call_module", name, inputs)


def _product(layer: nn.Conv2d, size: int, side: int) -> nn.Module | None:
    """Return a convolution as a matrix product on rows, None if a convolution is faster or needed."""
    pairs = (layer.kernel_size, layer.stride, layer.padding)
    is_plain = layer.groups == 1 and layer.dilation == (1, 1) and layer.padding_mode == "zeros"
    if not is_plain or isinstance(layer.padding, str) or any(len(set(pair)) > 1 for pair in pairs):
        return None
    if side == 0 or size == 0 or side * side > _MAX_MAP_PIXELS:
        return None
    if layer.kernel_size == (1, 1) and layer.padding == (0, 0):
        return PixelProducts(layer, size)
    # The matrix multiplies all pairs of input and output pixels, the kernel only its taps.
    return MapProduct(layer, size) if size * size <= layer.kernel_size[0] ** 2 else None


def _size(node: fx.Node) -> int:
    """Return the side of the square maps that a node returns; 0 if it returns no such maps."""
    shape = _shape(node)
    return shape[2] if len(shape) == 4 and shape[2] == shape[3] else 0


def _shape(node: fx.Node) -> tuple[int, ...]:
    """Return the shape of a node's value; empty if it is not a tensor."""
    return tuple(getattr(node.meta.get("tensor_meta"), "shape", ()))


def _constant(values: Tensor) -> nn.Parameter:
    return nn.Parameter(values.detach().clone().contiguous(), requires_grad=False)


@dataclass(frozen=True)
class Taps:
    """Taps of a kernel along one axis that cover values, and the remaining padding.

    Attributes:
        first: First tap.
        stop: Tap after the last one.
        padding: Zeros on either side.
    """

    first: int
    stop: int
    padding: int


def skip_padding(network: nn.Module, channels: int, patch_size: int) -> int:
    """Change the convolutions of a network, in place, to skip taps that cover only padding.

    The weights keep their shape. Gradients of skipped taps are 0, as they are with padding. (In bfloat16
    on a CPU they are not: oneDNN leaves them undefined for a strided kernel on a single pixel, seen with
    PyTorch 2.15. Skipping is therefore needed for more than speed.)

    Args:
        network: Network from patches (N, channels, patch_size, patch_size) to logits (N, classes). It
            is valid only for patches of this size afterwards.
        channels: Number of channels of the patches.
        patch_size: Side of a patch, in pixels.

    Returns:
        Number of convolutions that skip taps.
    """
    changed = 0
    for layer, size in _input_sizes(network, channels, patch_size):
        taps = used_taps(layer.kernel_size[0], layer.stride[0], int(layer.padding[0]), size)
        if taps is not None and _is_plain(layer):
            layer.forward = _Cropped(layer, taps)  # type: ignore[method-assign, assignment]
            changed += 1
    return changed


def used_taps(kernel: int, stride: int, padding: int, size: int) -> Taps | None:
    """Return the taps of a kernel that cover values of a map, along one axis.

    Args:
        kernel: Number of taps.
        stride: Distance between positions of the kernel.
        padding: Number of zeros on either side.
        size: Number of values.

    Returns:
        The taps; None if all of them cover values, or if the remaining taps would need different
        padding on the two sides.
    """
    positions = (size + 2 * padding - kernel) // stride + 1
    starts = [position * stride - padding for position in range(positions)]
    used = [tap for tap in range(kernel) if any(0 <= start + tap < size for start in starts)]
    if not used or len(used) == kernel:
        return None
    first, stop = used[0], used[-1] + 1
    left = padding - first
    # Padding that the same positions need on the far side.
    right = starts[-1] + stop - size
    return Taps(first, stop, left) if left == max(right, 0) else None


class _Cropped:
    """Forward pass of a convolution with a part of its kernel."""

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
    """Return the convolutions whose input is always a square map of one size, and its side."""
    sizes: dict[nn.Conv2d, set[int]] = {}

    def record(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if isinstance(layer, nn.Conv2d):
            sizes.setdefault(layer, set()).update(inputs[0].shape[-2:])

    hooks = [layer.register_forward_pre_hook(record) for layer in network.modules()]
    was_training = network.training
    weight = next(network.parameters())
    try:
        with torch.inference_mode():
            network.eval()(torch.zeros(1, channels, patch_size, patch_size, device=weight.device))
    finally:
        network.train(was_training)
        for hook in hooks:
            hook.remove()
    return [(layer, sides.pop()) for layer, sides in sizes.items() if len(sides) == 1]
