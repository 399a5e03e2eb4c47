"""Model file of a network: weights and model document in one safetensors file."""

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
    """Write ``network`` and ``card`` to ``path``, which stands there only when it is complete.

    Args:
        path: The file to write.
        network: What ``build_network`` made, on any device.
        card: The document.
        progress: Is told of the temporary file.
        applicability: Where the network knows its way, if the card says so.

    Raises:
        OutputError: The disk is full, or ``path`` cannot be replaced.
    """
    more = applicability.tensors(PREFIX) if applicability else {}
    content = weights_of(network, {METADATA_KEY: card.to_json()}, more)
    with partial_file(path, progress or SilentProgress()) as part:
        # Written by Python, not by safetensors, whose own error for a full disk carries no number.
        part.write_bytes(content)


def weights_of(
    network: nn.Module, metadata: dict[str, str] | None = None, more: dict[str, torch.Tensor] | None = None
) -> bytes:
    """Return the weights, and ``more`` tensors, as the content of a safetensors file."""
    tensors = {**network.state_dict(), **(more or {})}
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return save(plain, metadata=metadata)


def load_model(path: Path) -> tuple[nn.Module, ModelCard]:
    """Read a model file.

    Returns:
        The network on the CPU in evaluation mode, and its document.

    Raises:
        ModelFileError: There is no such file, it is no model, it is damaged, its weights are not
            those of the architecture it names, or a newer version made it.
    """
    card = read_card(path)
    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise _damaged(path, Text("The weights cannot be read: {error}", error=error)) from error
    weights = {name: tensor for name, tensor in tensors.items() if not name.startswith(PREFIX)}
    return network_of(card, architecture_of(card, path, "network").name, weights, path), card


def network_of(card: ModelCard, name: str, tensors: dict[str, torch.Tensor], path: Path) -> nn.Module:
    """Return the network ``name`` for the card's channels and classes, with these weights.

    Raises:
        ModelFileError: They are not its weights.
    """
    # Without memory at first, so that a forged card cannot ask for much.
    with torch.device("meta"):
        network = build_network(name, len(card.channels), len(card.classes), card.windows, card.small_stem)
    _check_tensors(network, tensors, path)
    network.load_state_dict(tensors, strict=True, assign=True)
    return network.eval().requires_grad_(False)


def _check_tensors(network: nn.Module, tensors: dict[str, torch.Tensor], path: Path) -> None:
    expected = network.state_dict()
    missing = sorted(expected.keys() - tensors.keys())
    foreign = sorted(tensors.keys() - expected.keys())
    if missing or foreign:
        problem = (
            Text("The model file lacks weight {name!r}", name=missing[0])
            if missing
            else Text("The model file has a needless weight {name!r}", name=foreign[0])
        )
        raise _damaged(path, problem)
    for name, tensor in expected.items():
        found = tensors[name]
        if found.shape != tensor.shape:
            raise _damaged(
                path,
                Text(
                    "The weight {name!r} has the shape {shape}, not {needed}",
                    name=name,
                    shape=tuple(found.shape),
                    needed=tuple(tensor.shape),
                ),
            )
        if found.dtype != tensor.dtype:
            raise _damaged(
                path,
                Text(
                    "The weight {name!r} is of the type {dtype}, not {needed}",
                    name=name,
                    dtype=found.dtype,
                    needed=tensor.dtype,
                ),
            )


def _damaged(path: Path, what: str) -> ModelFileError:
    return ModelFileError(what, where=str(path), advice="Train the model again or get a fresh copy.")
