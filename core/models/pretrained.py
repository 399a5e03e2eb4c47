"""Pretrained weights: read from files of any origin, and adapted to a network.

Files are read without executing code that they contain. The first convolution is adapted to other channels.
ImageNet weights and those of ``core.models.published`` are downloaded only on request.

>>> start = start_from(read_state(Path("weights.pth")))
>>> load_start(network, architecture("resnet18"), Inputs(bands, roles), classes, start).sentence   # log line
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ..classes import LandCoverClass
from ..errors import ModelFileError, ParameterError
from ..files import file_checksum
from ..progress import Progress
from ..raster.value_unit import ValueUnit
from ..text import Text, joined, untranslated
from .architecture import Architecture, CentreBranch
from .card import ModelCard, Scaling, read_card
from .centred import CONTEXT_PREFIX
from .checkpoint import open_checkpoint, state_dictionaries
from .first_layer import Names, adapted_layer, fit_kernels, matched_roles, names_of
from .published import PublishedWeights
from .weights_cache import WeightsFile, cached_weights

_ADVICE = "Choose a state dictionary of PyTorch (.pth, .pt) or a .safetensors file."
# Fraction of a network's feature tensors that a file must have.
_MIN_TENSOR_FRACTION = 0.5
# Number of a network's first tensors that are searched in a file to find its prefixes.
_ANCHORS = 8
_MAX_NAMED_TENSORS = 6
# Layers for classes of a centred network besides the last one.
_CENTRED_HEADS = ("context_head.", "centre_head.")
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
    that contains one, as those of Lightning and MoCo.

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
        with open_checkpoint(path) as checkpoint:
            states = state_dictionaries(checkpoint.content)
            # A checkpoint also has the tensors of an optimizer, in dictionaries of few.
            tensors = checkpoint.tensors(max(states.values(), key=len, default={}))
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


@dataclass(frozen=True, eq=False)
class Start:
    """Weights to start a training from.

    Attributes:
        file: Tensors of the file.
        channels: Names of each input channel; empty if they are not known.
        published: Entry of published weights, whose bands are known by role; None for other files.
        unit: Unit of the raster's values, for published weights; None for other files.
    """

    file: StateFile
    channels: tuple[Names, ...] = ()
    published: PublishedWeights | None = None
    unit: ValueUnit | None = None

    @property
    def identity(self) -> str:
        """All that the initial weights of a network depend on besides its channels."""
        names = (self.published.name, self.unit.name) if self.published and self.unit else ()
        return " ".join((self.file.checksum, *names))

    @property
    def title(self) -> str:
        """Name of the weights for the log and the model, with the licence of published ones."""
        entry = self.published
        if entry is None:
            return self.file.title
        return Text(
            "{name} ({file}; {source}; {licence})",
            name=entry.name,
            file=self.file.title,
            source=entry.source,
            licence=entry.licence,
        )


@dataclass(frozen=True)
class Inputs:
    """Input channels of a network.

    Attributes:
        channels: Names of the bands and indices.
        roles: Band name of each role.
        scaling: Standardisation of the channels; published weights need it.
        centre: Form of a centred network; None for a plain network.
    """

    channels: tuple[str, ...]
    roles: Mapping[str, str]
    scaling: Scaling | None = None
    centre: CentreBranch | None = None

    @property
    def scales(self) -> int:
        """Number of patches of the ResNet, each with all channels."""
        return len(self.centre.scales) if self.centre else 1

    @property
    def names(self) -> tuple[Names, ...]:
        """Names of each channel of the first convolution."""
        return names_of(self.channels, self.roles) * self.scales


@dataclass(frozen=True)
class LoadedStart:
    """Result of ``load_start``.

    Attributes:
        sentence: Sentence on what was loaded.
        names: Names of the network's tensors that were loaded, except those of the layers that turn features
            into classes.
    """

    sentence: str
    names: frozenset[str]


def start_from(file: StateFile) -> Start:
    """Return the start of a file. The channels of a Deep Land Cover model are known."""
    card = file.card
    return Start(file, Inputs(card.channels, card.band_roles, centre=card.centre).names if card else ())


def load_start(
    network: nn.Module,
    architecture: Architecture,
    inputs: Inputs,
    classes: Sequence[LandCoverClass],
    start: Start,
) -> LoadedStart:
    """Load weights into a network, and return what was loaded.

    Names in the file may have any prefix (``module.encoder_q.``, ``backbone.``, ``model.``). The first
    convolution is adapted to the channels, and for published weights also to their scaling. From the last
    layer of another model, the rows of classes with the same value are used. A centred network takes weights
    of a plain one for its context.

    Args:
        network: Network with random weights, which is changed in place.
        architecture: Architecture of the network.
        inputs: Input channels of the network.
        classes: Classes of the network.
        start: Weights to start from.

    Raises:
        ModelFileError: The file has no weights for such a network.
    """
    own, tensors = network.state_dict(), start.file.tensors
    context = CONTEXT_PREFIX if inputs.centre else ""
    backbone = context + architecture.backbone
    heads = (*architecture.head, *(context + head for head in architecture.head))
    class_layers = (architecture.head[-1], *(_CENTRED_HEADS if inputs.centre else ()))
    pairs = pair_names(own, tensors, backbone)
    loaded: dict[str, Tensor] = {}
    notes: list[str] = []
    for name, name_in_file in pairs.items():
        wanted, tensor = own[name], tensors[name_in_file]
        if name.startswith(class_layers):
            rows = _class_rows(classes, start.file, wanted, tensor)
            if rows is not None:
                loaded[name] = rows
        elif context and name.startswith(heads) and not name_in_file.endswith(name):
            # The classes of a plain network are no features of a context.
            continue
        elif name == f"{backbone}{architecture.first_layer}.weight" and _differ_in_channels(tensor, wanted):
            loaded[name], phrase = fit_kernels(tensor, inputs.names, start.channels)
            notes.append(Text("first convolution: {phrase}", phrase=phrase))
        elif tensor.shape == wanted.shape:
            loaded[name] = tensor
    features = [name for name in own if name.startswith(backbone) and not name.startswith(heads)]
    if sum(name in loaded for name in features) < _MIN_TENSOR_FRACTION * len(features):
        raise ModelFileError(
            "The weights are not those of {architecture}: the file has {count} of its {total} "
            "tensors (it begins with {names})",
            where=start.file.title,
            advice="Choose the architecture of the weights, or other weights.",
            architecture=architecture.title,
            total=len(features),
            count=sum(name in loaded for name in features),
            names=", ".join(list(tensors)[:3]),
        )
    if start.published is not None:
        notes = _adapt_published(loaded, pairs, backbone, inputs, start)
    network.load_state_dict(
        {name: tensor.to(own[name].dtype) for name, tensor in loaded.items()}, strict=False
    )
    return LoadedStart(
        _sentence(start, own, loaded, len(pairs), notes),
        frozenset(name for name in loaded if not name.startswith(architecture.head)),
    )


def published_channels(entry: PublishedWeights, roles: Mapping[str, str]) -> dict[str, str]:
    """Return the band of the raster for each role of published weights that a band has.

    Args:
        entry: Published weights.
        roles: Band name of each role.

    Raises:
        ParameterError: No band has a role of the weights.
    """
    bands = tuple(dict.fromkeys(roles.values()))
    positions = matched_roles(names_of(bands, roles), entry.bands)
    found = {
        entry.bands[position]: band
        for band, position in zip(bands, positions, strict=True)
        if position is not None
    }
    if not found:
        raise ParameterError(
            "No band of the raster has one of the roles of {weights}: {roles}",
            where="BAND_ROLES",
            advice="Say which band has which role, for example {role}=1, or choose WEIGHTS=none.",
            weights=entry.name,
            roles=", ".join(entry.bands),
            role=entry.bands[0],
        )
    return found


def _adapt_published(
    loaded: dict[str, Tensor], pairs: Mapping[str, str], backbone: str, inputs: Inputs, start: Start
) -> list[str]:
    """Adapt the first layer of published weights in place, and return phrases on it."""
    entry, unit, scaling = start.published, start.unit, inputs.scaling
    if entry is None or unit is None or scaling is None:
        raise RuntimeError("Published weights need the unit and the scaling of the channels")
    convolution = f"{backbone}conv1.weight"
    mean, variance = f"{backbone}bn1.running_mean", f"{backbone}bn1.running_var"
    kernels = start.file.tensors.get(pairs.get(convolution, ""), torch.zeros(0))
    if kernels.ndim != 4 or kernels.shape[1] != len(entry.bands) or not {mean, variance} <= loaded.keys():
        raise ModelFileError(
            "The file is not that of {weights}, whose first convolution has {bands} input channels: in this "
            "file its shape is {shape}",
            where=start.file.title,
            advice="Choose the file that belongs to WEIGHTS, or WEIGHTS=none.",
            weights=entry.name,
            shape=tuple(kernels.shape),
            bands=len(entry.bands),
        )
    if convolution not in loaded:
        return [Text("first convolution: random, because those weights are for STEM=standard")]
    positions = matched_roles(inputs.names, entry.bands)
    factors, shifts = [], []
    for number, position in enumerate(positions):
        channel = number % len(inputs.channels)
        shift, scale = entry.scaling.of(position or 0)
        factors.append(unit.factor * scaling.std[channel] / scale)
        shifts.append((unit.to_quantity(scaling.mean[channel]) - shift) / scale)
    layer = adapted_layer(kernels, loaded[mean], loaded[variance], positions, factors, shifts)
    loaded[convolution], loaded[mean], loaded[variance] = layer.kernels, layer.mean, layer.variance
    return _published_phrases(positions[: len(inputs.channels)], inputs, entry, unit)


def _published_phrases(
    positions: Sequence[int | None], inputs: Inputs, entry: PublishedWeights, unit: ValueUnit
) -> list[str]:
    """Return phrases on the bands of published weights that are matched, and on their scaling."""
    matched, others = [], []
    for name, position in zip(inputs.channels, positions, strict=True):
        if position is None:
            others.append(name)
        else:
            matched.append(untranslated(f"{name} ({entry.bands[position]})"))
    unused = [role for index, role in enumerate(entry.bands) if index not in positions]
    is_clipped = bool(inputs.scaling and inputs.scaling.limits)
    parts: list[str] = [
        Text("first convolution: {bands} by role", bands=", ".join(matched)),
        Text("their values are {unit}, scaled as the weights expect", unit=unit.title),
    ]
    if entry.scaling.is_clipped:
        parts.append(
            Text("clipped to reflectances of 0 to {high:g}", high=entry.scaling.of(0)[1])
            if is_clipped
            else Text("not clipped to 0 to {high:g} as in their training", high=entry.scaling.of(0)[1])
        )
    if others:
        parts.append(Text("mean of these kernels: {channels}", channels=", ".join(others)))
    if unused:
        parts.append(Text("not in the raster: {roles}", roles=", ".join(unused)))
    return parts


def pair_names(own: Collection[str], names: Collection[str], backbone: str) -> dict[str, str]:
    """Return the name in a file of each tensor of a network, with the prefixes that match most.

    Args:
        own: Names of the network's tensors.
        names: Names of the tensors in the file.
        backbone: Prefix of the network's names that the file may lack, see ``Architecture.backbone``.
    """
    best: dict[str, str] = {}
    for own_prefix in dict.fromkeys(("", backbone)):
        short = {name.removeprefix(own_prefix): name for name in own if name.startswith(own_prefix)}
        for prefix in dict.fromkeys(_prefixes(short, names)):
            pairs = {name: prefix + part for part, name in short.items() if prefix + part in names}
            if len(pairs) > len(best):
                best = pairs
    return best


def _prefixes(short: Mapping[str, str], names: Collection[str]) -> Iterator[str]:
    anchors = list(short)[:_ANCHORS]
    for name in names:
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
    return Text("Training starts from {title}: {parts}.", title=start.title, parts=joined(parts, "; "))


def imagenet_start(architecture: Architecture, progress: Progress) -> Start:
    """Return torchvision's default weights from ImageNet, for red, green and blue.

    They are read from PyTorch's cache folder (``TORCH_HOME``), and downloaded if they are not there.

    Args:
        architecture: Architecture of the network.
        progress: Progress reporter.

    Raises:
        ParameterError: There are no ImageNet weights for the architecture.
        ModelFileError: The weights are not in the cache and cannot be downloaded, or are not the published
            ones.
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

    address = get_model_weights(architecture.imagenet)["DEFAULT"].url
    path = PurePosixPath(urlsplit(address).path)
    # The first digits of the file's SHA-256 checksum are the last part of its name.
    file = WeightsFile(address, path.name, path.stem.rpartition("-")[2])
    return Start(read_state(cached_weights(file, _cache_folder(), progress)), _IMAGENET_CHANNELS)


def published_file(entry: PublishedWeights, path: Path | None, progress: Progress) -> StateFile:
    """Return the tensors of published weights, after a download if they are not in the cache.

    Args:
        entry: Published weights.
        path: Path of a copy of the file, or of its tensors in another format; None takes the cache.
        progress: Progress reporter.

    Raises:
        ModelFileError: The file cannot be read, or cannot be downloaded, or is not the published one.
    """
    file = WeightsFile(entry.address(), entry.file, entry.checksum_start, entry.sha256)
    state = read_state(path or cached_weights(file, _cache_folder(), progress))
    if not state.checksum.startswith(entry.sha256 or entry.checksum_start):
        progress.log(
            "{file} is not the published file of {weights}: its SHA-256 checksum begins with {found} instead "
            "of {expected}. It is used as if it held the same weights.",
            "warning",
            file=state.title,
            weights=entry.name,
            found=state.checksum[: len(entry.checksum_start)],
            expected=entry.checksum_start,
        )
    if not entry.is_tried:
        progress.log(
            "The weights {weights} for this network were not tried by us: their scaling and order of bands "
            "are those that their publishers state.",
            weights=entry.name,
        )
    return state


def _cache_folder() -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints"
