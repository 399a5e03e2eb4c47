"""Weights that a training starts from, fitted to the network as far as they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..classes import LandCoverClass
from ..errors import ModelFileError
from .architecture import Architecture
from .first_layer import Names, fit_kernels
from .state_files import StateFile

# A file that has less than this share of a network's features was not made for it.
_LEAST_SHARE = 0.5
# Names by which prefixes are found; each network has one of its first ones in any such file.
_ANCHORS = 8
_NAMED = 6


@dataclass(frozen=True, eq=False)
class Start:
    """Weights and what is known of them.

    Attributes:
        file: The weights.
        channels: What their channels are called; empty where that is not known.
    """

    file: StateFile
    channels: tuple[Names, ...] = ()


def names_of(channels: Sequence[str], roles: Mapping[str, str]) -> tuple[Names, ...]:
    """Return what channels may be called: their names and their roles, in lower case.

    Args:
        channels: Names of bands and indices.
        roles: Role to band name.
    """
    return tuple(
        frozenset({name.lower(), *(role for role, band in roles.items() if band == name)})
        for name in channels
    )


def start_from(file: StateFile) -> Start:
    """Return the start that a file gives; a model of Deep Land Cover names its channels."""
    card = file.card
    return Start(file, names_of(card.channels, card.band_roles) if card else ())


def load_start(
    network: nn.Module,
    architecture: Architecture,
    channels: Sequence[Names],
    classes: Sequence[LandCoverClass],
    start: Start,
) -> str:
    """Put weights into a network, and return what was and what was not, a sentence.

    The names in the file may begin with whatever the file's origin puts before them (``module.encoder_q.``,
    ``backbone.``, ``model.``). The first convolution is fitted to the channels;
    of another model's last layer, the rows of classes of the same value are taken.

    Args:
        network: With random weights.
        architecture: Its entry in the registry.
        channels: What its channels are called.
        classes: Its classes.
        start: What to start from.

    Raises:
        ModelFileError: The file was not made for such a network.
    """
    own = network.state_dict()
    pairs = _pairs(own, start.file.tensors, architecture.backbone)
    last = architecture.head[-1]
    loaded: dict[str, Tensor] = {}
    notes: list[str] = []
    for name, found in pairs.items():
        wanted, tensor = own[name], start.file.tensors[found]
        if name.startswith(last):
            rows = _class_rows(classes, start.file, wanted, tensor)
            if rows is not None:
                loaded[name] = rows
        elif name == f"{architecture.backbone}conv1.weight" and _differ_in_channels(tensor, wanted):
            loaded[name], phrase = fit_kernels(tensor, channels, start.channels)
            notes.append(f"first convolution: {phrase}")
        elif tensor.shape == wanted.shape:
            loaded[name] = tensor
    features = [name for name in own if not name.startswith(architecture.head)]
    if sum(name in loaded for name in features) < _LEAST_SHARE * len(features):
        some = ", ".join(list(start.file.tensors)[:3])
        raise ModelFileError(
            f"The weights are not those of {architecture.title}: of its {len(features)} tensors the file "
            f"has {sum(name in loaded for name in features)} (it begins with {some})",
            where=start.file.title,
            advice="Choose the architecture that they were made for, or other weights.",
        )
    network.load_state_dict(
        {name: tensor.to(own[name].dtype) for name, tensor in loaded.items()}, strict=False
    )
    return _sentence(start, own, loaded, len(pairs), notes)


def _pairs(own: Mapping[str, Tensor], found: Mapping[str, Tensor], backbone: str) -> dict[str, str]:
    """Return for each own name the file's, under the prefixes that match most."""
    best: dict[str, str] = {}
    for own_prefix in dict.fromkeys(("", backbone)):
        short = {name.removeprefix(own_prefix): name for name in own if name.startswith(own_prefix)}
        for prefix in dict.fromkeys(_prefixes(short, found)):
            pairs = {name: prefix + part for part, name in short.items() if prefix + part in found}
            if len(pairs) > len(best):
                best = pairs
    return best


def _prefixes(short: Mapping[str, str], found: Mapping[str, Tensor]) -> Iterator[str]:
    anchors = list(short)[:_ANCHORS]
    for name in found:
        for anchor in anchors:
            if name == anchor or name.endswith(f".{anchor}"):
                yield name.removesuffix(anchor)


def _differ_in_channels(tensor: Tensor, wanted: Tensor) -> bool:
    """Whether nothing but the number of channels is different, or not even that."""
    return tensor.ndim == 4 and tensor.shape[0] == wanted.shape[0] and tensor.shape[2:] == wanted.shape[2:]


def _class_rows(
    classes: Sequence[LandCoverClass], file: StateFile, wanted: Tensor, tensor: Tensor
) -> Tensor | None:
    """Return the last layer's tensor with the file's rows of the same classes, None where none is."""
    if file.card is None or tensor.shape[1:] != wanted.shape[1:]:
        return None
    values = [item.value for item in file.card.classes]
    rows = [values.index(item.value) if item.value in values else None for item in classes]
    if all(row is None for row in rows):
        return None
    return torch.stack([wanted[number] if row is None else tensor[row] for number, row in enumerate(rows)])


def _sentence(
    start: Start, own: Mapping[str, Tensor], loaded: Mapping[str, Tensor], used: int, notes: Sequence[str]
) -> str:
    new = [name for name in own if name not in loaded]
    parts = [f"{len(loaded)} of {len(own)} tensors loaded", *notes]
    if new:
        more = f" and {len(new) - _NAMED} more" if len(new) > _NAMED else ""
        parts.append(f"random: {', '.join(new[:_NAMED])}{more}")
    unused = len(start.file.tensors) - used
    if unused:
        parts.append(f"{unused} tensors of the file not used")
    return f"Started from {start.file.title}: {'; '.join(parts)}."
