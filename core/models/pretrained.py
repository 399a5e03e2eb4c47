"""Pretrained weights: read from files of any origin, and adapted to a network.

Files are read without executing code that they contain. Kernels of the first convolution are adapted to other
channels. ImageNet weights come from torchvision and are downloaded only on request.

>>> start = start_from(read_state(Path("weights.pth")))
>>> load_start(network, architecture("resnet18"), names_of(bands, roles), classes, start)   # log line
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ..classes import LandCoverClass
from ..errors import ModelFileError, ParameterError
from ..files import file_checksum
from ..progress import Progress
from ..text import Text, joined
from .architecture import Architecture
from .card import ModelCard, read_card

_MAX_DEPTH = 2
_ADVICE = "Choose a state dictionary of PyTorch (.pth, .pt) or a .safetensors file."
Names = frozenset[str]
"""Names of a channel: its own name and its roles, in lower case."""
# Fraction of a network's feature tensors that a file must have.
_MIN_TENSOR_FRACTION = 0.5
# Number of a network's first tensors that are searched in a file to find its prefixes.
_ANCHORS = 8
_MAX_NAMED_TENSORS = 6
_IMAGENET_CHANNELS = (frozenset({"red"}), frozenset({"green"}), frozenset({"blue"}))


@dataclass(frozen=True, eq=False)
class StateFile:
    """Tensors of a file of weights.

    Attributes:
        title: Name of the file.
        tensors: Tensors by their names in the file.
        card: Model document of a Deep Land Cover model; None for other files.
        checksum: SHA-256 checksum of the file.
    """

    title: str
    tensors: Mapping[str, Tensor]
    card: ModelCard | None
    checksum: str


def read_state(path: Path) -> StateFile:
    """Read the weights of a file, whatever its suffix.

    The file is a safetensors file, or a file of ``torch.save`` with a state dictionary or a dictionary
    that contains one, as those of Lightning and MoCo. Files of ``torch.save`` are read with PyTorch's
    restricted reader, which creates only tensors and plain values.

    Args:
        path: Path of the file.

    Raises:
        ModelFileError: The file does not exist, cannot be read, or has no weights.
    """
    if not path.is_file():
        raise ModelFileError("There is no such file of weights", where=str(path), advice=_ADVICE)
    tensors = _safetensors(path)
    card = None
    if tensors is None:
        tensors = max(_dictionaries(_load_restricted(path), _MAX_DEPTH), key=len)
    else:
        card = _card(path)
    if not tensors:
        raise ModelFileError("The file has no weights", where=str(path), advice=_ADVICE)
    return StateFile(path.name, tensors, card, file_checksum(path))


def _safetensors(path: Path) -> dict[str, Tensor] | None:
    """Return the tensors of a safetensors file, None for another format."""
    try:
        return load_file(path)
    except (SafetensorError, OSError):
        return None


def _card(path: Path) -> ModelCard | None:
    try:
        return read_card(path)
    except ModelFileError:
        return None


def _load_restricted(path: Path) -> Any:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        # PyTorch raises different errors for a file of another format, or for one that would run code.
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelFileError(
            "The weights cannot be read safely: {reason}",
            where=str(path),
            advice=_ADVICE,
            reason=first[:200].rstrip("."),
        ) from error


def _dictionaries(content: Any, depth: int) -> Iterator[dict[str, Tensor]]:
    """Yield the tensors of a dictionary, and those of each nested dictionary."""
    yield {}
    if not isinstance(content, Mapping):
        return
    yield {str(name): value for name, value in content.items() if isinstance(value, Tensor)}
    if depth:
        for value in content.values():
            yield from _dictionaries(value, depth - 1)


def fit_kernels(kernels: Tensor, channels: Sequence[Names], source: Sequence[Names]) -> tuple[Tensor, str]:
    """Adapt the kernels of a first convolution to other channels.

    A channel with the same name in the source keeps its kernel. Others get the mean of all kernels. If
    the names of the source's channels are not known, its kernels are repeated. All kernels are scaled by
    the ratio of the numbers of channels, so that features keep their magnitude (``adapt_input_conv`` of
    timm, https://github.com/huggingface/pytorch-image-models).

    Args:
        kernels: Kernels of the source, shape (outputs, source channels, rows, columns).
        channels: Names of each channel of the network.
        source: Names of each channel of the source; empty if they are not known.

    Returns:
        Kernels of shape (outputs, channels, rows, columns), and a phrase on how they were adapted.
    """
    count, own = kernels.shape[1], len(channels)
    scale = count / own
    if len(source) != count:
        if count == own:
            return kernels, Text("{count} channels unchanged", count=count)
        order = torch.arange(own) % count
        return kernels[:, order] * scale, Text(
            "kernels of {count} channels repeated for {channels} channels", count=count, channels=own
        )
    mean = kernels.mean(dim=1)
    fitted, matched = [], []
    for names in channels:
        position = next((index for index, known in enumerate(source) if names & known), None)
        fitted.append(mean if position is None else kernels[:, position])
        if position is not None:
            matched.append(min(names & source[position]))
    if not matched:
        return fit_kernels(kernels, channels, ())
    unmatched = own - len(matched)
    phrase = Text("{channels} by name", channels=", ".join(matched))
    if unmatched:
        phrase = joined((phrase, Text("mean of all for {count} others", count=unmatched)), ", ")
    return torch.stack(fitted, dim=1) * scale, phrase


@dataclass(frozen=True, eq=False)
class Start:
    """Weights to start a training from.

    Attributes:
        file: Tensors of the file.
        channels: Names of each input channel; empty if they are not known.
    """

    file: StateFile
    channels: tuple[Names, ...] = ()


def names_of(channels: Sequence[str], roles: Mapping[str, str]) -> tuple[Names, ...]:
    """Return the names of each channel: its own name and its roles, in lower case.

    Args:
        channels: Names of the bands and indices.
        roles: Band name of each role.
    """
    return tuple(
        frozenset({name.lower(), *(role for role, band in roles.items() if band == name)})
        for name in channels
    )


def start_from(file: StateFile) -> Start:
    """Return the start of a file. The channels of a Deep Land Cover model are known."""
    card = file.card
    return Start(file, names_of(card.channels, card.band_roles) if card else ())


def load_start(
    network: nn.Module,
    architecture: Architecture,
    channels: Sequence[Names],
    classes: Sequence[LandCoverClass],
    start: Start,
) -> str:
    """Load weights into a network, and return a sentence on what was loaded.

    Names in the file may have any prefix (``module.encoder_q.``, ``backbone.``, ``model.``). The first
    convolution is adapted to the channels. From the last layer of another model, the rows of classes
    with the same value are used.

    Args:
        network: Network with random weights, which is changed in place.
        architecture: Architecture of the network.
        channels: Names of each channel of the network.
        classes: Classes of the network.
        start: Weights to start from.

    Raises:
        ModelFileError: The file has no weights for such a network.
    """
    own = network.state_dict()
    pairs = _pairs(own, start.file.tensors, architecture.backbone)
    last = architecture.head[-1]
    loaded: dict[str, Tensor] = {}
    notes: list[str] = []
    for name, name_in_file in pairs.items():
        wanted, tensor = own[name], start.file.tensors[name_in_file]
        if name.startswith(last):
            rows = _class_rows(classes, start.file, wanted, tensor)
            if rows is not None:
                loaded[name] = rows
        elif name == architecture.first_weight and _differ_in_channels(tensor, wanted):
            loaded[name], phrase = fit_kernels(tensor, channels, start.channels)
            notes.append(Text("first convolution: {phrase}", phrase=phrase))
        elif tensor.shape == wanted.shape:
            loaded[name] = tensor
    features = [name for name in own if not name.startswith(architecture.head)]
    if sum(name in loaded for name in features) < _MIN_TENSOR_FRACTION * len(features):
        raise ModelFileError(
            "The weights are not those of {architecture}: the file has {count} of its {total} "
            "tensors (it begins with {names})",
            where=start.file.title,
            advice="Choose the architecture of the weights, or other weights.",
            architecture=architecture.title,
            total=len(features),
            count=sum(name in loaded for name in features),
            names=", ".join(list(start.file.tensors)[:3]),
        )
    network.load_state_dict(
        {name: tensor.to(own[name].dtype) for name, tensor in loaded.items()}, strict=False
    )
    return _sentence(start, own, loaded, len(pairs), notes)


def _pairs(own: Mapping[str, Tensor], tensors: Mapping[str, Tensor], backbone: str) -> dict[str, str]:
    """Return the name in the file of each name of the network, with the prefixes that match most."""
    best: dict[str, str] = {}
    for own_prefix in dict.fromkeys(("", backbone)):
        short = {name.removeprefix(own_prefix): name for name in own if name.startswith(own_prefix)}
        for prefix in dict.fromkeys(_prefixes(short, tensors)):
            pairs = {name: prefix + part for part, name in short.items() if prefix + part in tensors}
            if len(pairs) > len(best):
                best = pairs
    return best


def _prefixes(short: Mapping[str, str], tensors: Mapping[str, Tensor]) -> Iterator[str]:
    anchors = list(short)[:_ANCHORS]
    for name in tensors:
        for anchor in anchors:
            if name == anchor or name.endswith(f".{anchor}"):
                yield name.removesuffix(anchor)


def _differ_in_channels(tensor: Tensor, wanted: Tensor) -> bool:
    """Return whether two kernels differ in nothing but their number of channels, if at all."""
    return tensor.ndim == 4 and tensor.shape[0] == wanted.shape[0] and tensor.shape[2:] == wanted.shape[2:]


def _class_rows(
    classes: Sequence[LandCoverClass], file: StateFile, wanted: Tensor, tensor: Tensor
) -> Tensor | None:
    """Return the tensor of the last layer with the file's rows of the same classes, None without any."""
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
    parts = [Text("{count} of {total} tensors loaded", count=len(loaded), total=len(own)), *notes]
    if new:
        hidden = len(new) - _MAX_NAMED_TENSORS
        more = Text(" and {count} more", count=hidden) if hidden > 0 else ""
        names = ", ".join(new[:_MAX_NAMED_TENSORS])
        parts.append(Text("random: {names}{more}", names=names, more=more))
    unused = len(start.file.tensors) - used
    if unused:
        parts.append(Text("{count} tensors of the file not used", count=unused))
    return Text("Training starts from {title}: {parts}.", title=start.file.title, parts=joined(parts, "; "))


def imagenet_start(architecture: Architecture, progress: Progress) -> Start:
    """Return torchvision's default weights from ImageNet, for red, green and blue.

    They are read from PyTorch's cache folder (``TORCH_HOME``), and downloaded if they are not there.

    Args:
        architecture: Architecture of the network.
        progress: Progress reporter.

    Raises:
        ParameterError: There are no ImageNet weights for the architecture.
        ModelFileError: The weights are not in the cache and cannot be downloaded.
    """
    if not architecture.imagenet:
        raise ParameterError(
            "There are no ImageNet weights for {architecture}",
            where="WEIGHTS",
            advice="Choose WEIGHTS=none, or a ResNet.",
            architecture=architecture.title,
        )
    # Here, because its import takes a second, and most trainings do without these weights.
    from torchvision.models import get_model_weights

    weights = get_model_weights(architecture.imagenet)["DEFAULT"]
    path = _cached(weights.url, progress)
    return Start(read_state(path), _IMAGENET_CHANNELS)


def _cached(url: str, progress: Progress) -> Path:
    name = Path(urlsplit(url).path).name
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    path = folder / name
    if path.is_file():
        return path
    progress.log("{url} is downloaded to {folder}.", url=url, folder=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The first digits of the file's SHA-256 checksum are the last part of its name.
        digits = path.stem.rpartition("-")[2]
        torch.hub.download_url_to_file(url, str(path), hash_prefix=digits, progress=False)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelFileError(
            "The ImageNet weights cannot be downloaded: {reason}",
            where=url,
            advice="Without a network, download {name} from this address on another computer, copy it to "
            "the folder {folder} and run again. Or choose WEIGHTS=none.",
            reason=reason,
            name=name,
            folder=folder,
        ) from error
    return path
