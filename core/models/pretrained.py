"""Pretrained weights: reading them from files of any origin, and fitting them to a network.

State files are read without executing anything that they contain. Kernels of a first convolution are
adapted to other channels. ImageNet weights come from torchvision's lists and are downloaded only on
request.
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
from torchvision.models import get_model_weights

from ..classes import LandCoverClass
from ..errors import ModelFileError, ParameterError
from ..files import file_checksum
from ..progress import Progress
from ..text import Text, joined
from .architecture import Architecture
from .card import ModelCard, read_card

_DEPTH = 2
_ADVICE = "Give a state dictionary of PyTorch (.pth, .pt) or a .safetensors file."
Names = frozenset[str]
"""What a channel may be called: its name and the roles that it plays, in lower case."""
# A file that has less than this share of a network's features was not made for it.
_LEAST_SHARE = 0.5
# Names by which prefixes are found; each network has one of its first ones in any such file.
_ANCHORS = 8
_NAMED = 6
_CHANNELS = (frozenset({"red"}), frozenset({"green"}), frozenset({"blue"}))


@dataclass(frozen=True, eq=False)
class StateFile:
    """The tensors of a file.

    Attributes:
        title: The file's name.
        tensors: By their names in the file.
        card: Of a model of Deep Land Cover; None of other files.
        checksum: SHA-256 of the file.
    """

    title: str
    tensors: Mapping[str, Tensor]
    card: ModelCard | None
    checksum: str


def read_state(path: Path) -> StateFile:
    """Read the weights of a file, whatever it is called.

    A safetensors file, or one that ``torch.save`` wrote: a state dictionary, or a dictionary that
    holds one, as those of Lightning and MoCo do. The latter is read with PyTorch's restricted
    reader, which makes tensors and plain values only.

    Raises:
        ModelFileError: There is no such file, it cannot be read, or holds no weights.
    """
    if not path.is_file():
        raise ModelFileError("There is no such file of weights", where=str(path), advice=_ADVICE)
    tensors = _safetensors(path)
    card = None
    if tensors is None:
        tensors = max(_dictionaries(_restricted(path), _DEPTH), key=len)
    else:
        card = _card(path)
    if not tensors:
        raise ModelFileError("The file holds no weights", where=str(path), advice=_ADVICE)
    return StateFile(path.name, tensors, card, file_checksum(path))


def _safetensors(path: Path) -> dict[str, Tensor] | None:
    """Return the tensors, None where it is another format."""
    try:
        return load_file(path)
    except (SafetensorError, OSError):
        return None


def _card(path: Path) -> ModelCard | None:
    try:
        return read_card(path)
    except ModelFileError:
        return None


def _restricted(path: Path) -> Any:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        # PyTorch raises whatever its readers do for a file that is none of its own, or that asks
        # for code to be run.
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelFileError(
            "The weights cannot be read safely: {reason}",
            where=str(path),
            advice=_ADVICE,
            reason=first[:200].rstrip("."),
        ) from error


def _dictionaries(content: Any, depth: int) -> Iterator[dict[str, Tensor]]:
    """Yield the tensors of a dictionary and of those inside it."""
    yield {}
    if not isinstance(content, Mapping):
        return
    yield {str(name): value for name, value in content.items() if isinstance(value, Tensor)}
    if depth:
        for value in content.values():
            yield from _dictionaries(value, depth - 1)


def fit_kernels(kernels: Tensor, channels: Sequence[Names], source: Sequence[Names]) -> tuple[Tensor, str]:
    """Return kernels for other channels, and how they came about, a phrase.

    A channel that the source has too keeps its kernel, others get the mean of all. Where the
    source's channels have no names, its kernels are repeated. Then all are scaled by the ratio of
    the numbers of channels, so that features stay about as large as they were (timm's
    ``adapt_input_conv``, https://github.com/huggingface/pytorch-image-models).

    Args:
        kernels: Shape (outputs, source channels, rows, columns).
        channels: Names of the channels that are needed.
        source: Names of the source's channels; empty where they are not known.
    """
    count, own = kernels.shape[1], len(channels)
    scale = count / own
    if len(source) != count:
        if count == own:
            return kernels, Text("{count} channels as they stand", count=count)
        order = torch.arange(own) % count
        return kernels[:, order] * scale, Text(
            "kernels of {count} channels repeated for {channels}", count=count, channels=own
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
    rest = own - len(matched)
    phrase = Text("{channels} by name", channels=", ".join(matched))
    if rest:
        phrase = joined((phrase, Text("their mean for {count} others", count=rest)), ", ")
    return torch.stack(fitted, dim=1) * scale, phrase


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
            notes.append(Text("first convolution: {phrase}", phrase=phrase))
        elif tensor.shape == wanted.shape:
            loaded[name] = tensor
    features = [name for name in own if not name.startswith(architecture.head)]
    if sum(name in loaded for name in features) < _LEAST_SHARE * len(features):
        raise ModelFileError(
            "The weights are not those of {architecture}: of its {total} tensors the file has "
            "{count} (it begins with {names})",
            where=start.file.title,
            advice="Choose the architecture that they were made for, or other weights.",
            architecture=architecture.title,
            total=len(features),
            count=sum(name in loaded for name in features),
            names=", ".join(list(start.file.tensors)[:3]),
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
    parts = [Text("{count} of {total} tensors loaded", count=len(loaded), total=len(own)), *notes]
    if new:
        more = Text(" and {count} more", count=len(new) - _NAMED) if len(new) > _NAMED else ""
        parts.append(Text("random: {names}{more}", names=", ".join(new[:_NAMED]), more=more))
    unused = len(start.file.tensors) - used
    if unused:
        parts.append(Text("{count} tensors of the file not used", count=unused))
    return Text("Started from {title}: {parts}.", title=start.file.title, parts=joined(parts, "; "))


def imagenet_start(architecture: Architecture, progress: Progress) -> Start:
    """Return the weights of torchvision's default training on ImageNet (red, green, blue).

    They lie where ``TORCH_HOME`` says, in the cache folder; where they do not, they are fetched.

    Raises:
        ParameterError: There are none for this architecture.
        ModelFileError: They are not in the cache and cannot be fetched; names file, source and folder.
    """
    if not architecture.imagenet:
        raise ParameterError(
            "There are no ImageNet weights for {architecture}",
            where="WEIGHTS",
            advice="Choose WEIGHTS=none, or a ResNet.",
            architecture=architecture.title,
        )
    weights = get_model_weights(architecture.imagenet)["DEFAULT"]
    path = _cached(weights.url, progress)
    return Start(read_state(path), _CHANNELS)


def _cached(url: str, progress: Progress) -> Path:
    name = Path(urlsplit(url).path).name
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    path = folder / name
    if path.is_file():
        return path
    progress.log("Fetching {url} into {folder}.", url=url, folder=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The first digits of the file's SHA-256 checksum are the last part of its name.
        digits = path.stem.rpartition("-")[2]
        torch.hub.download_url_to_file(url, str(path), hash_prefix=digits, progress=False)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelFileError(
            "The ImageNet weights cannot be fetched: {reason}",
            where=url,
            advice="Without a network: fetch {name} from that address on another machine, put it into "
            "the folder {folder} and run again. Or choose WEIGHTS=none.",
            reason=reason,
            name=name,
            folder=folder,
        ) from error
    return path
