"""Models that stay loaded on their device from run to run of a warm worker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import torch
from torch import nn

from ..files import file_checksum
from ..models.card import ModelCard
from ..models.document import is_zip
from ..models.file import load_model
from ..models.tree_file import load_trees
from ..models.tree_model import TreeModel
from .backends.backend import PatchNetwork
from .backends.choice import Backends

_KEPT = 2


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model, its card, and the SHA-256 checksum of its file. A network is on its device.

    Attributes:
        model: The model.
        card: Its card.
        checksum: Of the file.
        device: Where a network is.
    """

    model: nn.Module | TreeModel
    card: ModelCard
    checksum: str
    device: torch.device

    @cached_property
    def backends(self) -> Backends:
        """What was made to compute the network, where it classifies patches."""
        network = self.model.network if isinstance(self.model, TreeModel) else self.model
        if network is None:
            raise TypeError("trees alone are no network")
        card, network = self.card, network.to(self.device).eval()
        return Backends(PatchNetwork(network, len(card.channels), card.patch_size, self.device))


def load_once(path: Path, device: torch.device) -> LoadedModel:
    """Return the model in ``path``; one that was loaded before and has not changed since, at once.

    Raises:
        ModelFileError: The file is no model or is damaged.
    """
    state = path.stat()
    return _load(path.resolve(), state.st_mtime_ns, state.st_size, device)


@lru_cache(maxsize=_KEPT)
def _load(path: Path, _changed: int, _size: int, device: torch.device) -> LoadedModel:
    model: nn.Module | TreeModel
    if is_zip(path):
        model, card = load_trees(path)
    else:
        network, card = load_model(path)
        model = network.to(device)
    return LoadedModel(model, card, file_checksum(path), device)
