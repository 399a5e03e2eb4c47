"""Networks of other programs, as networks of this plugin.

A file is a checkpoint of PyTorch or a safetensors file, whose weights tell architecture, channels and classes
(``core.models.recognition``), or an ONNX file (``core.models.onnx_network``).

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
from ..options import DENSE_GRID, NONE
from .architecture import Architecture
from .architectures import architecture
from .card import read_document
from .checkpoint import StoredTensor, open_checkpoint, state_dictionaries
from .foreign_facts import Facts, facts_of
from .onnx_network import MAX_ONNX_BYTES, OnnxNetwork, form_of, is_onnx, onnx_facts
from .recognition import COUNTER, Recognised, recognise

_ADVICE = "Choose a checkpoint of PyTorch (.pth, .pt, .ckpt), a .safetensors file or an ONNX file."
# Random patches that show whether a network returns probabilities.
_TRIED_PATCHES = 3
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
        attention: Attention in the blocks of a ResNet, one of ``core.options.ATTENTIONS``.
        patch_size: Rows and columns of a patch, in pixels; of a dense network ``core.options.DENSE_GRID``.
        window_size: Rows and columns of an input that the network takes, in pixels.
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
    attention: str
    patch_size: int
    window_size: int
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
        read = _of_onnx if is_onnx(path) else _of_checkpoint
        return read(path, patch_size, default_size)
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


def _of_onnx(path: Path, patch_size: int, default_size: int) -> ForeignModel:
    if path.stat().st_size > MAX_ONNX_BYTES:
        raise ModelFileError(
            "The ONNX file has {size:.1f} GiB (at most {limit:.0f})",
            where=str(path),
            advice="Choose a smaller network.",
            size=path.stat().st_size / 1024**3,
            limit=MAX_ONNX_BYTES / 1024**3,
        )
    try:
        network = OnnxNetwork.of(path.read_bytes())
        facts = onnx_facts(network)
        return _of_network(path, network, facts, patch_size or facts.patch_size or default_size)
    except ModelFileError as error:
        raise ModelFileError(error.what, where=str(path), advice=error.advice) from error


def _of_network(path: Path, network: OnnxNetwork, facts: Facts, patch_size: int) -> ForeignModel:
    """Return an ONNX network, after computing random patches that show the form of its scores."""
    signature = network.signature
    is_dense = signature.kind == "pixel"
    size = network.window_size if is_dense else signature.size or patch_size
    generator = torch.Generator().manual_seed(0)
    try:
        patches = torch.randn((_TRIED_PATCHES, signature.channels, size, size), generator=generator)
        scores = [network.scores(patch[None]) for patch in patches]
    except RuntimeError as error:
        raise cannot_compute(size, error) from error
    network.form = torch.tensor(form_of(network, scores))
    classes = network.as_logits(scores[0]).shape[1]
    if classes < 2 or (is_dense and tuple(scores[0].shape[-2:]) != (size, size)):
        raise ModelFileError(
            "The network returns the shape {shape} for an input of {size} x {size} pixels",
            advice="Choose a network that classifies patches or pixels.",
            shape=tuple(scores[0].shape),
            size=size,
        )
    return ForeignModel(
        title=path.name,
        checksum=file_checksum(path),
        network=network,
        architecture=architecture(f"onnx_{signature.kind}"),
        channels=signature.channels,
        classes=classes,
        small_stem=False,
        attention=NONE,
        patch_size=DENSE_GRID if is_dense else size,
        window_size=size,
        facts=facts,
        kind="onnx",
    )


def cannot_compute(size: int, error: RuntimeError) -> ModelFileError:
    """Return the error for a network that fails on patches of a size.

    Args:
        size: Rows and columns of the patches.
        error: Error of the computation.
    """
    return ModelFileError(
        "The network cannot compute patches of {size} x {size} pixels: {reason}",
        advice="Give the PATCH_SIZE of the training.",
        size=size,
        reason=str(error).strip().partition("\n")[0][:200].rstrip("."),
    )


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
    is_dense = variant.architecture.kind == "pixel"
    return ForeignModel(
        title=path.name,
        checksum=file_checksum(path),
        network=found.network(tensors),
        architecture=variant.architecture,
        channels=found.channels,
        classes=found.classes,
        small_stem=variant.small_stem,
        attention=variant.attention,
        patch_size=DENSE_GRID if is_dense else variant.patch_size,
        window_size=2 * DENSE_GRID if is_dense else variant.patch_size,
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
