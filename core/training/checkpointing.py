"""Checkpoints: the best model so far, and the state from which an interrupted training resumes.

The fingerprint of a training covers everything that its result depends on, so that a training is resumed
only by an equal one.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from glob import escape
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from .. import plugin_version
from ..errors import RunCancelled
from ..files import partial_file
from ..models.architecture import Architecture, FitSettings
from ..models.card import Epoch, ModelCard
from ..progress import Progress
from ..samples.split_design import Split
from ..text import Text, joined
from ..values import from_plain, to_plain
from .feeds.base import Dataset, Feed, View
from .trainer import STATE_SUFFIX, Fitted

_KEY = "deep_land_cover_training"
_NETWORK, _BEST, _OPTIMISER = "network.", "best.", "optimiser."
# Writing may take this share of the time of training.
_MOST_WRITING = 0.05


def fingerprint(
    architecture: Architecture,
    view: View[Any],
    dataset: Dataset,
    feed: Feed,
    split: Split,
    settings: FitSettings,
    device: str,
) -> dict[str, str]:
    """Return named parts; two fits for which all are equal give the same weights.

    Args:
        architecture: Entry of the registry.
        view: How it looks at the raster.
        dataset: The samples.
        feed: What it is shown.
        split: Which samples train and validate, and which the crops must not show.
        settings: Of the loop.
        device: In words, with the number of threads.
    """
    samples, preparation = dataset.samples, dataset.preparation
    parameters = {**asdict(settings), "architecture": architecture.name}
    return {
        **{name.upper(): str(value) for name, value in sorted(parameters.items())},
        "PATCH_SIZE": str(view.patch_size),
        "WINDOWS": str(view.windows),
        "STEM": str(view.small_stem),
        "the channels": str((preparation.channels, preparation.reflectance_scale)),
        "the samples": _checksum(
            samples.rows, samples.columns, samples.codes, split.train, split.validation, split.held_out
        ),
        "the raster's values": _checksum(feed.values.cpu().numpy()),
        "the device": device,
        "the versions of PyTorch and this plugin": f"{torch.__version__}, {plugin_version()}",
    }


def _checksum(*arrays: np.ndarray) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


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
                    "A stopped training lies in {path}, but {differing} differ: it starts afresh.",
                    "warning",
                    path=self.path,
                    differing=joined(differing, ", "),
                )
                return None
            state = _restore(document, tensors, network, optimiser)
        except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            self._progress.log(
                "The stopped training in {path} cannot be read ({error}): it starts afresh.",
                "warning",
                path=self.path,
                error=error,
            )
            return None
        self._progress.log(
            "Going on after epoch {number} of the training in {path}.",
            number=len(state.history),
            path=self.path,
        )
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


class Checkpoint:
    """``NAME.checkpoint``: a whole model file, usable as it is.

    It is not announced as temporary: it must outlive a run that is cancelled or killed.

    Args:
        output: The model file that the run will write.
        make_card: Gives the document of a model, its split and what is to be said of it.
        progress: Is told of the file that it is written under first.
    """

    def __init__(
        self, output: Path, make_card: Callable[[Fitted, Split, str], ModelCard], progress: Progress
    ) -> None:
        self.path = output.with_name(output.name + ".checkpoint")
        self._output = output
        self._make_card = make_card
        self._progress = progress
        self._kept = False
        self._epoch: Epoch | None = None

    def keep(self, fitted: Fitted, split: Split, note: str) -> None:
        """Write the model as it is now."""
        fitted.save(self.path, self._make_card(fitted, split, note), self._progress)
        if not self._kept:
            # Said now, for a run that does not answer a cancel is killed and can say nothing then.
            self._progress.log(
                "Until the training is complete, the best model so far is {path}.", path=self.path
            )
        self._kept, self._epoch = True, fitted.best

    def remove(self) -> None:
        """Delete the file, and what a stopped training goes on from: the model itself is complete."""
        self.path.unlink(missing_ok=True)
        for path in self._states():
            path.unlink(missing_ok=True)

    def _states(self) -> list[Path]:
        return list(self._output.parent.glob(escape(self._output.name + STATE_SUFFIX) + "*"))

    def sentence(self) -> str:
        """Return where the best model so far is, or that there is none, and what goes on, in sentences."""
        sentences = [Text("No model was kept, for none was complete yet.")]
        if self._kept:
            epoch = _describe(self._epoch)
            sentences = [
                Text("The best model so far{epoch} was kept as {path}.", epoch=epoch, path=self.path)
            ]
        if self._states():
            sentences.append(Text("The same run started again goes on from there."))
        return joined(sentences)

    def cancelled(self, error: RunCancelled) -> RunCancelled:
        """Return the error that also says what was kept."""
        return RunCancelled(error.what, where=error.where, advice=self.sentence())


def _describe(epoch: Epoch | None) -> str:
    if epoch is None:
        return ""
    if epoch.validation_macro_f1 is None:
        return Text(" (epoch {number})", number=epoch.number)
    return Text(
        " (epoch {number}, validation F1 {f1:.2f})",
        number=epoch.number,
        f1=epoch.validation_macro_f1,
    )
