"""Recognition of an architecture by the names and shapes of its weights.

Every network of the registry is built without memory, and its tensors are compared with those of the weights.
So an entry that is added to the registry is recognised as well.

>>> found = recognise(tensors, patch_size=32)
>>> found.architecture.name, found.channels, found.classes    # ('resnet50', 23, 6)
>>> network = found.network(tensors)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor, nn

from ..errors import ModelFileError
from ..options import ATTENTIONS, NONE
from .architecture import Architecture
from .architectures import ARCHITECTURES
from .network import build_network
from .pretrained import pair_names

# Numbers of channels and classes of the networks that show which sizes depend on them.
_CHANNELS, _CLASSES = 3, 2
COUNTER = "num_batches_tracked"
"""Ending of the name of a normalisation's counter of training steps, which maps do not use."""
_EXPORT = "Export the network as ONNX where it was trained, and import that file."
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Variant:
    """Network of the registry in one of its forms.

    Attributes:
        architecture: Entry of the registry.
        small_stem: Whether it begins without stride and pooling.
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        patch_size: Rows and columns of a patch, in pixels.
    """

    architecture: Architecture
    small_stem: bool
    attention: str
    patch_size: int

    def build(self, channels: int, classes: int) -> nn.Module:
        """Return the network without memory.

        Args:
            channels: Number of input channels.
            classes: Number of classes.
        """
        with torch.device("meta"):
            return build_network(
                self.architecture.name,
                channels,
                classes,
                small_stem=self.small_stem,
                patch_size=self.patch_size,
                attention=self.attention,
            )

    def shapes(self, channels: int, classes: int) -> dict[str, Shape]:
        """Return the shape of each tensor, except of counters.

        Args:
            channels: Number of input channels.
            classes: Number of classes.
        """
        state = self.build(channels, classes).state_dict()
        return {name: tuple(tensor.shape) for name, tensor in state.items() if not name.endswith(COUNTER)}


@dataclass(frozen=True)
class Recognised:
    """Network whose tensors are those of the weights.

    Attributes:
        variant: Network of the registry.
        channels: Number of input channels.
        outputs: Number of outputs of the last layer.
        pairs: Name in the weights of each tensor of the network.
        added: Names of tensors of the network that the weights lack, and that are 0.
    """

    variant: Variant
    channels: int
    outputs: int
    pairs: Mapping[str, str]
    added: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """Number of classes: a single output is the logit of the second of two classes."""
        return max(self.outputs, 2)

    def network(self, tensors: Mapping[str, Tensor]) -> nn.Module:
        """Return the network with the weights in float32, in evaluation mode.

        Args:
            tensors: Weights by their names in the file.
        """
        network = self.variant.build(self.channels, self.classes)
        last = self.variant.architecture.head[-1]
        state = {}
        for name, tensor in network.state_dict().items():
            if name not in self.pairs:
                state[name] = torch.zeros_like(tensor, device="cpu")
                continue
            state[name] = tensors[self.pairs[name]].detach().to(tensor.dtype)
            if self.outputs == 1 and name.startswith(last):
                state[name] = torch.cat([torch.zeros_like(state[name]), state[name]])
        network.load_state_dict(state, assign=True)
        return network.eval().requires_grad_(False)


@dataclass(frozen=True)
class _Attempt:
    """Comparison of a network with weights.

    Attributes:
        variant: Network of the registry.
        pairs: Name in the weights of each tensor of the network.
        shapes: Shape of each tensor of the network.
        wrong: Name of a tensor that only one of them has, or that has another shape; empty
            without one.
        fraction: Fraction of the tensors that agree.
    """

    variant: Variant
    pairs: dict[str, str]
    shapes: dict[str, Shape]
    wrong: str
    fraction: float


def recognise(shapes: Mapping[str, Shape], patch_size: int, title: str) -> Recognised:
    """Return the network of the registry whose tensors have these names and shapes.

    Names may have any prefix (``module.``, ``model.``, ``backbone.``). The last layer may lie in
    a sequence with dropout (``fc.1.weight``).

    Args:
        shapes: Shapes of the weights by their names.
        patch_size: Rows and columns of a patch, in pixels.
        title: Name of the file, for errors.

    Raises:
        ModelFileError: The weights are those of no network of the registry.
    """
    attempts = []
    for variant in _variants(patch_size, shapes):
        attempt = _compared(variant, shapes)
        found = None if attempt.wrong else _sized(attempt, shapes)
        if found is not None:
            _check_original(variant.architecture, title)
            return found
        attempts.append(attempt)
    if not attempts:
        raise ModelFileError(
            "The weights are those of no network that this version has. They begin with {names}",
            where=title,
            advice=_EXPORT,
            names=", ".join(list(shapes)[:3]),
        )
    raise _unknown(max(attempts, key=lambda item: item.fraction), shapes, title)


def _variants(patch_size: int, shapes: Mapping[str, Shape]) -> Iterator[Variant]:
    """Yield the networks of the registry that weights with such names can be, the likeliest first."""
    entries = [
        entry
        for item in ARCHITECTURES
        for entry in item.encoders or (item,)
        if item.is_network and item.is_trainable and item.reads == "squares"
    ]

    def has(part: str) -> bool:
        return any(part in f".{name}." for name in shapes)

    for entry in sorted(entries, key=lambda item: not has(f".{item.head[-1]}")):
        smallest, largest = entry.patch_sizes or (patch_size, patch_size)
        is_dense = entry.kind == "pixel"
        # Building a network takes time, so those are left out whose first layer has another name, and dense
        # ones without their last layer.
        if not has(f".{entry.first_layer}.") or (is_dense and not has(f".{entry.head[-1]}")):
            continue
        if not smallest <= patch_size <= largest:
            continue
        stems = (False, True) if "small_stem" in entry.takes else (False,)
        attentions = ATTENTIONS if "attention" in entry.takes and has(".attention.") else (NONE,)
        for small_stem, attention in product(stems, attentions):
            yield Variant(entry, small_stem, attention, patch_size)


def _check_original(entry: Architecture, title: str) -> None:
    """Refuse a network that computes otherwise than that of the library.

    Raises:
        ModelFileError: It does.
    """
    if not entry.is_original:
        raise ModelFileError(
            "The weights are those of a {architecture}, which computes otherwise in this plugin, so that its "
            "labels would differ",
            where=title,
            advice=_EXPORT,
            architecture=entry.title,
        )


def _compared(variant: Variant, shapes: Mapping[str, Shape]) -> _Attempt:
    """Compare weights with a network, whatever the numbers of channels and classes."""
    own = variant.shapes(_CHANNELS, _CLASSES)
    pairs = pair_names(own, shapes, variant.architecture.backbone)
    prefix = _prefix(pairs)
    pairs |= _last_layer(variant.architecture, own, shapes, pairs, prefix)
    # Only the first and the last layer depend on the numbers.
    agree = {
        name
        for name, other in pairs.items()
        if len(own[name]) == len(shapes[other])
        and sum(size != wanted for size, wanted in zip(shapes[other], own[name], strict=True)) <= 1
    }
    optional = f"{variant.architecture.head[-1]}bias"
    wrong = [name for name in own if name not in agree and name != optional]
    # Further tensors in the network's own parts are those of a deeper one.
    parts = tuple(f"{prefix}{part}." for part in {name.partition(".")[0] for name in own})
    used = set(pairs.values())
    wrong += [name for name in shapes if name.startswith(parts) and name not in used]
    return _Attempt(variant, pairs, own, next(iter(wrong), ""), len(agree) / max(len(own), len(shapes)))


def _prefix(pairs: Mapping[str, str]) -> str:
    """Return what stands before the network's names in weights."""
    return next((other.removesuffix(name) for name, other in pairs.items() if other.endswith(name)), "")


def _last_layer(
    architecture: Architecture,
    own: Mapping[str, Shape],
    shapes: Mapping[str, Shape],
    pairs: Mapping[str, str],
    prefix: str,
) -> dict[str, str]:
    """Return the name of the last layer in weights where it lies in a sequence, such as ``fc.1.weight``."""
    weight, bias = (f"{architecture.head[-1]}{part}" for part in ("weight", "bias"))
    if weight in pairs:
        return {}
    layers = [
        layer.removesuffix("weight")
        for layer in shapes
        if layer.startswith(f"{prefix}{architecture.head[-1]}")
        and layer.endswith(".weight")
        and len(shapes[layer]) == len(own[weight])
    ]
    if len(layers) != 1:
        return {}
    found = {weight: f"{layers[0]}weight", bias: f"{layers[0]}bias"}
    return {name: other for name, other in found.items() if other in shapes}


def _sized(attempt: _Attempt, shapes: Mapping[str, Shape]) -> Recognised | None:
    """Return the network with the numbers of channels and classes; None where no numbers fit."""
    variant = attempt.variant
    channels = _solved(attempt, variant.shapes(_CHANNELS + 1, _CLASSES), shapes, _CHANNELS)
    classes = _solved(attempt, variant.shapes(_CHANNELS, _CLASSES + 1), shapes, _CLASSES)
    if channels is None or classes is None:
        return None
    expected = variant.shapes(channels, classes)
    if any(expected[name] != shapes[other] for name, other in attempt.pairs.items()):
        return None
    added = tuple(name for name in expected if name not in attempt.pairs)
    return Recognised(variant, channels, classes, attempt.pairs, added)


def _solved(
    attempt: _Attempt, more: Mapping[str, Shape], shapes: Mapping[str, Shape], start: int
) -> int | None:
    """Return the number of channels, or of classes, that the sizes of all tensors agree on.

    Args:
        attempt: Comparison, with the shapes for ``start``.
        more: Shapes for one channel, or class, more.
        shapes: Shapes of the weights.
        start: Number of channels, or of classes, of the comparison.
    """
    numbers = set()
    for name, other in attempt.pairs.items():
        for size, larger, given in zip(attempt.shapes[name], more[name], shapes[other], strict=True):
            if larger != size:
                steps, rest = divmod(given - size, larger - size)
                numbers.add(start + steps if not rest else 0)
    number = numbers.pop() if len(numbers) == 1 else 0
    return number if number >= 1 else None


def _unknown(nearest: _Attempt, shapes: Mapping[str, Shape], title: str) -> ModelFileError:
    """Return the error for weights of no network of the registry."""
    entry = nearest.variant.architecture
    part = entry.head[-1]
    rest = [name for name in nearest.shapes if not name.startswith(part)]
    if all(name in nearest.pairs for name in rest):
        layers = [name for name in shapes if f".{part}" in f".{name}" and name.endswith(".weight")]
        if len(layers) > 1:
            return ModelFileError(
                "The head of the {architecture} has {count} layers ({names}), and this plugin's has one",
                where=title,
                advice=_EXPORT,
                architecture=entry.title,
                count=len(layers),
                names=", ".join(layers),
            )
        if not layers and len(shapes) == len(rest):
            return ModelFileError(
                "The weights are those of a {architecture} without its last layer ({name}), so they have no "
                "classes",
                where=title,
                advice="Start a training from them instead (WEIGHTS_FILE).",
                architecture=entry.title,
                name=nearest.wrong,
            )
    names = list(shapes)
    return ModelFileError(
        "The weights are those of no network that this version has. They begin with {names}; the nearest "
        "network is {architecture}, of which {fraction:.0%} of the tensors agree (not {name})",
        where=title,
        advice=_EXPORT,
        names=", ".join(names[:3]),
        architecture=entry.title,
        fraction=nearest.fraction,
        name=nearest.wrong or names[-1],
    )
