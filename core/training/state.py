"""What a stopped training goes on from."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from ..files import partial_file
from ..models.card import Epoch
from ..progress import Progress
from ..values import from_plain, to_plain

_KEY = "deep_land_cover_training"
_NETWORK, _BEST, _OPTIMISER = "network.", "best.", "optimiser."
# Writing may take this share of the time of training.
_MOST_WRITING = 0.05


@dataclass
class LoopState:
    """How far a fit has come, besides the weights in the network and the state of the optimiser."""

    history: list[Epoch] = field(default_factory=list)
    best: Epoch | None = None
    best_weights: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class _Document:
    fingerprint: dict[str, str]
    history: tuple[Epoch, ...]
    best: int


class StateFile:
    """One safetensors file with weights, optimiser, the best weights and the epochs so far.

    Nothing random is in it, for each epoch draws from generators of its own. Written after an
    epoch, it is complete or not there; where writing is slow, not after each.

    Args:
        path: The file.
        fingerprint: What the result depends on, in named parts; a file with others is not used.
        progress: Learns whether the training goes on or starts afresh.
    """

    def __init__(self, path: Path, fingerprint: Mapping[str, str], progress: Progress) -> None:
        self.path = path
        self._fingerprint = dict(fingerprint)
        self._progress = progress
        self._written = -float("inf")
        self._pause = 0.0

    def save(
        self, network: nn.Module, optimiser: torch.optim.Optimizer, state: LoopState, is_last: bool
    ) -> None:
        """Write the state after an epoch; that of the last one in any case.

        Raises:
            OutputError: The disk is full.
        """
        start = time.monotonic()
        if start - self._written < self._pause and not is_last:
            return
        tensors = {_BEST + name: value for name, value in state.best_weights.items()}
        # After the last epoch nothing goes on: a run that is started again takes the best weights.
        if not is_last:
            tensors |= {_NETWORK + name: value for name, value in network.state_dict().items()}
            for number, values in optimiser.state_dict()["state"].items():
                tensors |= {f"{_OPTIMISER}{number}.{name}": value for name, value in values.items()}
        best = state.best.number if state.best else 0
        document = _Document(self._fingerprint, tuple(state.history), best)
        content = save(
            {name: value.detach().cpu().contiguous() for name, value in tensors.items()},
            metadata={_KEY: json.dumps(to_plain(document))},
        )
        with partial_file(self.path, self._progress) as part:
            part.write_bytes(content)
        self._written = time.monotonic()
        self._pause = (self._written - start) / _MOST_WRITING

    def load(self, network: nn.Module, optimiser: torch.optim.Optimizer) -> LoopState | None:
        """Bring network and optimiser to where the file has them; None where nothing fits."""
        if not self.path.is_file():
            return None
        try:
            document, tensors = _read(self.path)
            differing = _differing(self._fingerprint, document.fingerprint)
            if differing:
                self._progress.log(
                    f"A stopped training lies in {self.path}, but {', '.join(differing)} differ: "
                    "it starts afresh.",
                    "warning",
                )
                return None
            state = _restore(document, tensors, network, optimiser)
        except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            self._progress.log(
                f"The stopped training in {self.path} cannot be read ({error}): it starts afresh.", "warning"
            )
            return None
        self._progress.log(f"Going on after epoch {len(state.history)} of the training in {self.path}.")
        return state

    def remove(self) -> None:
        """Delete the file: the training is complete."""
        self.path.unlink(missing_ok=True)


def _differing(wanted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    return [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]


def _read(path: Path) -> tuple[_Document, dict[str, Tensor]]:
    with safe_open(path, framework="pt") as file:
        document = from_plain(_Document, json.loads((file.metadata() or {})[_KEY]))
        return document, {name: file.get_tensor(name) for name in file.keys()}


def _restore(
    document: _Document, tensors: Mapping[str, Tensor], network: nn.Module, optimiser: torch.optim.Optimizer
) -> LoopState:
    values: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _part(tensors, _OPTIMISER).items():
        position, key = name.split(".")
        values.setdefault(int(position), {})[key] = tensor
    for number, weight in enumerate(network.parameters()):
        for key, value in values.get(number, {}).items():
            if value.shape == weight.shape:
                # In the weight's own order in memory, which fused optimisers take for granted.
                values[number][key] = torch.empty_like(weight, requires_grad=False).copy_(value)
    own = network.state_dict()
    best_weights = _part(tensors, _BEST)
    if {name: value.shape for name, value in best_weights.items()} != {
        name: value.shape for name, value in own.items()
    }:
        raise ValueError("its weights are those of another network")
    weights = _part(tensors, _NETWORK)
    if weights:
        groups = optimiser.state_dict()["param_groups"]
        optimiser.load_state_dict({"state": values, "param_groups": groups})
        network.load_state_dict(weights)
    return LoopState(
        history=list(document.history),
        best=document.history[document.best - 1],
        best_weights={name: value.to(own[name].device) for name, value in best_weights.items()},
    )


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
