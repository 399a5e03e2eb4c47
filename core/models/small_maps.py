"""Exact convolutions for maps so small that some of a kernel's taps only ever meet zero padding.

On a 32 x 32 patch the last stage of a ResNet works on single pixels: of a 3 x 3 kernel only the
centre tap meets a value. Leaving the others out changes nothing but the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d


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
