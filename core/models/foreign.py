"""Networks of other programs, as networks of this plugin.

A file is a checkpoint of PyTorch or a safetensors file. Its architecture, channels and classes are told by
its weights (``core.models.recognition``).

>>> foreign = read_foreign(Path("best_model.pth"), patch_size=0)
>>> foreign.architecture.name, foreign.channels, foreign.classes    # ('resnet50', 23, 6)
>>> foreign.facts.class_names
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

from ..errors import ModelFileError
from ..files import file_checksum
from ..options import DENSE_GRID
from .architecture import Architecture
from .card import read_document
from .checkpoint import StoredTensor, open_checkpoint, state_dictionaries
from .foreign_facts import Facts, facts_of
from .recognition import COUNTER, Recognised, recognise

_ADVICE = "Choose a checkpoint of PyTorch (.pth, .pt, .ckpt), a .safetensors file or an ONNX file."
# Words in the name of a dictionary of weights that are not those of the training.
_AVERAGED = ("ema", "swa", "teacher", "momentum")


@dataclass(frozen=True)
class Match:
    """Tensor of a network and the tensor of the file that it came from.

    Attributes:
        name: Name in the network.
        source: Name in the file; empty where the file lacks it and it is 0.
        shape: Shape.
        dtype: Data type in the file.
    """

    name: str
    source: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, eq=False)
class ForeignModel:
    """Network of another program.

    Attributes:
        title: Name of the file.
        checksum: SHA-256 checksum of the file.
        network: Network in evaluation mode, with logits or log-probabilities of the classes.
        architecture: Registry entry of the network.
        channels: Number of input channels.
        classes: Number of classes.
        small_stem: Whether a ResNet begins without stride and pooling.
        patch_size: Rows and columns of a patch, in pixels.
        facts: Further facts that the file has.
        kind: Kind of the file: ``checkpoint``, ``safetensors`` or ``onnx``.
        part: Name of the dictionary of weights in a checkpoint; empty for the outermost.
        matches: Tensors of the network and where they came from.
        unused: Names of the file's tensors that are not used.
    """

    title: str
    checksum: str
    network: nn.Module
    architecture: Architecture
    channels: int
    classes: int
    small_stem: bool
    patch_size: int
    facts: Facts
    kind: str
    part: str = ""
    matches: tuple[Match, ...] = ()
    unused: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Stored:
    """Shape and data type of a tensor in a file."""

    shape: tuple[int, ...]
    dtype: str


def read_foreign(path: Path, patch_size: int, default_size: int) -> ForeignModel:
    """Read a network of another program.

    Args:
        path: Path of the file, whatever its suffix.
        patch_size: Rows and columns of a patch, in pixels; 0 takes the file's, or else ``default_size``.
        default_size: Rows and columns where neither is known.

    Raises:
        ModelFileError: The file does not exist, cannot be read, has no weights, has those of no network of
            the registry, or is a model of this plugin.
    """
    if not path.is_file():
        raise ModelFileError("There is no such file", where=str(path), advice=_ADVICE)
    try:
        if read_document(path) is not None:
            raise ModelFileError(
                "The file is a model of Deep Land Cover already",
                where=str(path),
                advice="Use it in 'Classify a raster'.",
            )
    except ModelFileError:
        raise
    except (ValueError, OSError, RecursionError):
        return _of_checkpoint(path, patch_size, default_size)
    return _of_safetensors(path, patch_size, default_size)


def _of_checkpoint(path: Path, patch_size: int, default_size: int) -> ForeignModel:
    with open_checkpoint(path) as checkpoint:
        states = state_dictionaries(checkpoint.content)
        if not states:
            raise _without_weights(path)
        facts = facts_of(checkpoint.content)
        size = patch_size or facts.patch_size or default_size
        # A checkpoint also has the tensors of an optimizer, in small dictionaries, and averages of weights.
        order = sorted(states, key=lambda name: (-len(states[name]), _is_averaged(name)))
        part, found = _recognised({name: states[name] for name in order}, size, path)
        stored = {
            name: _Stored(tensor.shape, _dtype_name(tensor.dtype)) for name, tensor in states[part].items()
        }
        tensors = checkpoint.tensors({other: states[part][other] for other in found.pairs.values()})
    return _model(path, found, tensors, stored, facts, "checkpoint", part)


def _of_safetensors(path: Path, patch_size: int, default_size: int) -> ForeignModel:
    try:
        tensors = load_file(path)
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise ModelFileError(
            "The weights cannot be read: {error}", where=str(path), advice="Get a fresh copy.", error=error
        ) from error
    if not tensors:
        raise _without_weights(path)
    facts = facts_of(dict(metadata))
    _, found = _recognised({"": tensors}, patch_size or facts.patch_size or default_size, path)
    stored = {
        name: _Stored(tuple(tensor.shape), _dtype_name(tensor.dtype)) for name, tensor in tensors.items()
    }
    return _model(path, found, tensors, stored, facts, "safetensors")


def _recognised(
    states: Mapping[str, Mapping[str, Tensor | StoredTensor]], patch_size: int, path: Path
) -> tuple[str, Recognised]:
    """Return the name of the first dictionary whose network is known, and the network."""
    errors = []
    for name, tensors in states.items():
        shapes = {key: tuple(tensor.shape) for key, tensor in tensors.items() if not key.endswith(COUNTER)}
        try:
            return name, recognise(shapes, patch_size, str(path))
        except ModelFileError as error:
            errors.append(error)
    raise errors[0]


def _model(
    path: Path,
    found: Recognised,
    tensors: Mapping[str, Tensor],
    stored: Mapping[str, _Stored],
    facts: Facts,
    kind: str,
    part: str = "",
) -> ForeignModel:
    used = set(found.pairs.values())
    matches = [
        Match(name, other, stored[other].shape, stored[other].dtype) for name, other in found.pairs.items()
    ]
    matches += [Match(name, "", (found.classes,), "") for name in found.added]
    variant = found.variant
    return ForeignModel(
        title=path.name,
        checksum=file_checksum(path),
        network=found.network(tensors),
        architecture=variant.architecture,
        channels=found.channels,
        classes=found.classes,
        small_stem=variant.small_stem,
        patch_size=variant.patch_size if variant.architecture.kind == "patch" else DENSE_GRID,
        facts=facts,
        kind=kind,
        part=part,
        matches=tuple(matches),
        unused=tuple(name for name in stored if name not in used and not name.endswith(COUNTER)),
    )


def _is_averaged(name: str) -> bool:
    return any(word in name.lower() for word in _AVERAGED)


def _dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _without_weights(path: Path) -> ModelFileError:
    return ModelFileError("The file has no weights", where=str(path), advice=_ADVICE)
