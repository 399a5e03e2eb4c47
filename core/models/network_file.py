"""Model file of a network: weights and model document in one safetensors file.

>>> save_model(Path("model.safetensors"), network, card)
>>> network, card = load_model(Path("model.safetensors"))
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import nn

from ..errors import ModelFileError
from ..files import partial_file
from ..progress import Progress, SilentProgress
from ..text import Text
from .applicability import PREFIX, Applicability
from .card import METADATA_KEY, ModelCard, architecture_of, read_card
from .network import build_network


def save_model(
    path: Path,
    network: nn.Module,
    card: ModelCard,
    progress: Progress | None = None,
    applicability: Applicability | None = None,
) -> None:
    """Write a model file. It gets its name only when it is complete.

    Args:
        path: Path of the file to write.
        network: Network of ``build_network``, on any device.
        card: Model document.
        progress: Progress reporter; None reports nothing.
        applicability: Area of applicability; None if the card has none.

    Raises:
        OutputError: The disk is full, or ``path`` cannot be replaced.
    """
    more = applicability.tensors(PREFIX) if applicability else {}
    content = weights_of(network, {METADATA_KEY: card.to_json()}, more)
    with partial_file(path, progress or SilentProgress()) as part:
        # Python writes the file, because the error of safetensors for a full disk has no error number.
        part.write_bytes(content)


def weights_of(
    network: nn.Module, metadata: dict[str, str] | None = None, more: dict[str, torch.Tensor] | None = None
) -> bytes:
    """Return the content of a safetensors file with the weights of a network.

    Args:
        network: Network on any device.
        metadata: Metadata of the file.
        more: Further tensors by name.
    """
    tensors = {**network.state_dict(), **(more or {})}
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return save(plain, metadata=metadata)


def load_model(path: Path) -> tuple[nn.Module, ModelCard]:
    """Read a model file of a network.

    Returns:
        The network on the CPU in evaluation mode, and its model document.

    Raises:
        ModelFileError: The file does not exist, is not a model, is damaged, was written by a newer
            version, or has weights of another architecture.
    """
    card = read_card(path)
    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise _damaged(path, Text("The weights cannot be read: {error}", error=error)) from error
    weights = {name: tensor for name, tensor in tensors.items() if not name.startswith(PREFIX)}
    return network_of(card, architecture_of(card, path, "network").name, weights, path), card


def network_of(card: ModelCard, name: str, tensors: dict[str, torch.Tensor], path: Path) -> nn.Module:
    """Return a network with given weights, in evaluation mode.

    Args:
        card: Model document, which defines channels and classes.
        name: Name of the architecture.
        tensors: Weights by name.
        path: Path of the model file, for errors.

    Raises:
        ModelFileError: The weights do not fit the architecture.
    """
    # The network is built without memory, so that a forged card cannot allocate much.
    with torch.device("meta"):
        network = build_network(
            name,
            len(card.channels),
            len(card.classes),
            card.windows,
            card.small_stem,
            card.centre,
            card.patch_size,
            card.attention,
        )
    _check_tensors(network, tensors, path)
    network.load_state_dict(tensors, strict=True, assign=True)
    return network.eval().requires_grad_(False)


def _check_tensors(network: nn.Module, tensors: dict[str, torch.Tensor], path: Path) -> None:
    expected = network.state_dict()
    missing = sorted(expected.keys() - tensors.keys())
    foreign = sorted(tensors.keys() - expected.keys())
    if missing or foreign:
        what = (
            Text("The model file has no weight {name!r}", name=missing[0])
            if missing
            else Text("The model file has an unexpected weight {name!r}", name=foreign[0])
        )
        raise _damaged(path, what)
    for name, tensor in expected.items():
        weight = tensors[name]
        # An empty tensor stands for one of any size, see ``core.models.onnx_network``.
        if tensor.numel() and weight.shape != tensor.shape:
            raise _damaged(
                path,
                Text(
                    "The weight {name!r} must have the shape {needed} (got {shape})",
                    name=name,
                    needed=tuple(tensor.shape),
                    shape=tuple(weight.shape),
                ),
            )
        if weight.dtype != tensor.dtype:
            raise _damaged(
                path,
                Text(
                    "The weight {name!r} must have the data type {needed} (got {dtype})",
                    name=name,
                    needed=tensor.dtype,
                    dtype=weight.dtype,
                ),
            )
        # One of them makes all scores of a map meaningless, and each pixel the first class.
        if weight.is_floating_point() and not bool(weight.isfinite().all()):
            raise _damaged(
                path, Text("The weight {name!r} has a value that is not a finite number", name=name)
            )


def _damaged(path: Path, what: str) -> ModelFileError:
    return ModelFileError(what, where=str(path), advice="Train the model again or get a fresh copy.")
