"""Weights in files of any origin, read without running anything that is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ..errors import ModelFileError
from ..files import file_checksum
from .card import ModelCard, read_card

_DEPTH = 2
_ADVICE = "Give a state dictionary of PyTorch (.pth, .pt) or a .safetensors file."


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
            f"The weights cannot be read safely: {first[:200].rstrip('.')}", where=str(path), advice=_ADVICE
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
