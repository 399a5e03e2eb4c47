"""Checkpoints: the best model so far, and the state from which an interrupted training resumes.

The fingerprint of a training covers everything that its result depends on. Only a training with an equal
fingerprint resumes from a state.
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
from .fine_tuning import FineTuning
from .optimisation import WeightAverage
from .trainer import STATE_SUFFIX, Fitted

_KEY = "deep_land_cover_training"
_NETWORK, _BEST, _OPTIMISER, _AVERAGE, _FACTOR = "network.", "best.", "optimiser.", "average.", "factor."
_STEPS = "steps_of_the_average"


def fingerprint(
    architecture: Architecture,
    view: View[Any],
    dataset: Dataset,
    feed: Feed,
    split: Split,
    settings: FitSettings,
    device: str,
) -> dict[str, str]:
    """Return the named parts of a fingerprint. Fits with equal parts give equal weights.

    Args:
        architecture: Registry entry of the architecture.
        view: Function of the network's inputs.
        dataset: Samples and channels.
        feed: Batches of the network's inputs.
        split: Indices of the training, validation and held-out samples.
        settings: Settings of the training loop.
        device: Name of the device, with the number of threads.
    """
    samples = dataset.samples
    return {
        **network_parts(architecture, view, dataset, settings, device),
        "the samples": _checksum(
            samples.rows, samples.columns, samples.codes, split.train, split.validation, split.held_out
        ),
        "the raster's values": _checksum(feed.values.cpu().numpy()),
    }


def network_parts(
    architecture: Architecture, view: View[Any], dataset: Dataset, settings: FitSettings, device: str
) -> dict[str, str]:
    """Return the parts of a fingerprint that a network and its settings have, whatever the samples.

    Args:
        architecture: Registry entry of the architecture.
        view: Function of the network's inputs.
        dataset: Samples and channels.
        settings: Settings of the training loop.
        device: Name of the device, with the number of threads.
    """
    preparation = dataset.preparation
    parameters = {**asdict(settings), "architecture": architecture.name}
    return {
        **{name.upper(): str(value) for name, value in sorted(parameters.items())},
        "PATCH_SIZE": str(view.patch_size),
        "WINDOWS": str(view.windows),
        "STEM": str(view.small_stem),
        "ATTENTION": view.attention,
        "the centre branch": str(view.centre),
        "the channels": str((preparation.channels, preparation.reflectance_scale)),
        "the device": device,
        "the versions of PyTorch and this plugin": f"{torch.__version__}, {plugin_version()}",
    }


def weights_checksum(network: nn.Module) -> str:
    """Return a checksum of the weights of a network.

    Args:
        network: Network on any device.
    """
    return _checksum(*(value.cpu().numpy() for value in network.state_dict().values()))


def _checksum(*arrays: np.ndarray) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


@dataclass
class LoopState:
    """Progress of a fit, besides the weights in the network and the state of the optimiser.

    Attributes:
        history: Finished epochs, in order.
        best: Best epoch so far; None before the first.
        best_weights: Weights of the best epoch, by name.
    """

    history: list[Epoch] = field(default_factory=list)
    best: Epoch | None = None
    best_weights: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class _Document:
    fingerprint: dict[str, str]
    history: tuple[Epoch, ...]
    best: int
    step_seconds: float = 0.0


def step_seconds(path: Path, parts: Mapping[str, str]) -> float:
    """Return the time of a training step that an interrupted training measured, in seconds; 0 for none.

    A training that is run again has to fit the same number of epochs into its time limit, which a second
    measurement might change.

    Args:
        path: Path of the state of the training's first fit.
        parts: Parts of the fingerprint, see ``network_parts``. The number of epochs is not compared.
    """
    try:
        document = _document(path)
    except (SafetensorError, OSError, KeyError, TypeError, ValueError):
        return 0.0
    stored = document.fingerprint
    same = all(stored.get(name) == value for name, value in parts.items() if name != "EPOCHS")
    return document.step_seconds if same else 0.0


class StateFile:
    """Safetensors file with the weights, the optimiser, the best weights and the epochs so far.

    It holds no state of random generators, because each epoch has its own generators. It is written after an
    epoch, as a whole, and less often where writing is slow.

    Args:
        path: Path of the file.
        fingerprint: Named parts of the training's fingerprint. A file with other parts is not used.
        progress: Progress reporter.
        max_writing_fraction: Largest fraction of the training time that is spent writing states; infinite
            writes one after each epoch.
        step_seconds: Time of a training step in seconds, as it was measured for the time limit; 0 where it
            was not.
    """

    def __init__(
        self,
        path: Path,
        fingerprint: Mapping[str, str],
        progress: Progress,
        max_writing_fraction: float = 0.05,
        step_seconds: float = 0.0,
    ) -> None:
        self.path = path
        self._step_seconds = step_seconds
        self._fingerprint = dict(fingerprint)
        self._progress = progress
        self._written = -float("inf")
        self._max_writing_fraction = max_writing_fraction
        self._pause = 0.0

    def save(
        self,
        network: nn.Module,
        optimiser: torch.optim.Optimizer,
        state: LoopState,
        is_last: bool,
        average: WeightAverage | None = None,
        tuning: FineTuning | None = None,
    ) -> None:
        """Write the state after an epoch, unless the last writing was too recent.

        Args:
            network: Network in training.
            optimiser: Optimiser of the network's weights.
            state: Epochs and best weights so far.
            is_last: Whether the training is complete. Its state is always written.
            average: Mean of the weights; None where none is taken.
            tuning: Choice of the weights that are trained, with low-rank factors; None for none.

        Raises:
            OutputError: The disk is full.
        """
        start = time.monotonic()
        if start - self._written < self._pause and not is_last:
            return
        tensors = {_BEST + name: value for name, value in state.best_weights.items()}
        # A complete training resumes with the best weights alone.
        if not is_last:
            tensors |= {_NETWORK + name: value for name, value in network.state_dict().items()}
            for number, values in optimiser.state_dict()["state"].items():
                tensors |= {f"{_OPTIMISER}{number}.{name}": value for name, value in values.items()}
            if average is not None:
                tensors |= {_AVERAGE + name: value for name, value in average.weights.items()}
                tensors[_STEPS] = torch.tensor(average.steps)
            if tuning is not None:
                tensors |= {_FACTOR + name: value for name, value in tuning.factors.items()}
        best = state.best.number if state.best else 0
        document = _Document(self._fingerprint, tuple(state.history), best, self._step_seconds)
        content = save(
            {name: value.detach().cpu().contiguous() for name, value in tensors.items()},
            metadata={_KEY: json.dumps(to_plain(document))},
        )
        with partial_file(self.path, self._progress) as part:
            part.write_bytes(content)
        self._written = time.monotonic()
        self._pause = (self._written - start) / self._max_writing_fraction

    def load(
        self,
        network: nn.Module,
        optimiser: torch.optim.Optimizer,
        average: WeightAverage | None = None,
        tuning: FineTuning | None = None,
    ) -> LoopState | None:
        """Load network and optimiser from the file, and return its epochs.

        Returns None, and logs the reason, where the file cannot be read or has another fingerprint.

        Args:
            network: Network whose weights are replaced.
            optimiser: Optimiser of the network's weights, whose state is replaced.
            average: Mean of the weights, which is replaced; None where none is taken.
            tuning: Choice of the weights that are trained, whose low-rank factors are replaced; None for
                none.
        """
        if not self.path.is_file():
            return None
        try:
            document, tensors = _read(self.path)
            differing = _differing(self._fingerprint, document.fingerprint)
            if differing:
                self._progress.log(
                    "The state of an interrupted training in {path} is not used, because {differing} "
                    "differ. The "
                    "training restarts.",
                    "warning",
                    path=self.path,
                    differing=joined(differing, ", "),
                )
                return None
            state = _restore(document, tensors, network, optimiser, average, tuning)
        except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            self._progress.log(
                "The state of an interrupted training in {path} cannot be read ({error}). The training "
                "restarts.",
                "warning",
                path=self.path,
                error=error,
            )
            return None
        self._progress.log(
            "The training resumes after epoch {number} from {path}.",
            number=len(state.history),
            path=self.path,
        )
        return state

    def remove(self) -> None:
        """Delete the file of a complete training."""
        self.path.unlink(missing_ok=True)


def _differing(own: Mapping[str, str], stored: Mapping[str, str]) -> list[str]:
    return [name for name in {**own, **stored} if own.get(name) != stored.get(name)]


def _document(path: Path) -> _Document:
    with safe_open(path, framework="pt") as file:
        return from_plain(_Document, json.loads((file.metadata() or {})[_KEY]))


def _read(path: Path) -> tuple[_Document, dict[str, Tensor]]:
    with safe_open(path, framework="pt") as file:
        return _document(path), {name: file.get_tensor(name) for name in file.keys()}


def _restore(
    document: _Document,
    tensors: Mapping[str, Tensor],
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    average: WeightAverage | None,
    tuning: FineTuning | None,
) -> LoopState:
    values: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _part(tensors, _OPTIMISER).items():
        position, key = name.split(".")
        values.setdefault(int(position), {})[key] = tensor
    weights_in_order = (weight for group in optimiser.param_groups for weight in group["params"])
    for number, weight in enumerate(weights_in_order):
        for key, value in values.get(number, {}).items():
            if value.shape == weight.shape:
                # In the weight's memory format, which fused optimisers require.
                values[number][key] = torch.empty_like(weight, requires_grad=False).copy_(value)
    own = network.state_dict()
    best_weights = _part(tensors, _BEST)
    if {name: value.shape for name, value in best_weights.items()} != {
        name: value.shape for name, value in own.items()
    }:
        raise ValueError("its weights belong to another network")
    weights = _part(tensors, _NETWORK)
    if weights:
        # First, because it is checked.
        if tuning is not None:
            tuning.load(_part(tensors, _FACTOR))
        groups = optimiser.state_dict()["param_groups"]
        optimiser.load_state_dict({"state": values, "param_groups": groups})
        network.load_state_dict(weights)
        if average is not None:
            average.load(_part(tensors, _AVERAGE), int(tensors[_STEPS]))
    return LoopState(
        history=list(document.history),
        best=document.history[document.best - 1],
        best_weights={name: value.to(own[name].device) for name, value in best_weights.items()},
    )


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


class Checkpoint:
    """Model file ``NAME.checkpoint`` with the best model so far, complete and usable.

    It is not reported as temporary, because it must survive a run that is cancelled or killed.

    Args:
        output: Path of the model file that the run will write.
        make_card: Function from a fitted model, its split and a note on its limitations to its document.
        progress: Progress reporter.
    """

    def __init__(
        self, output: Path, make_card: Callable[[Fitted, Split, str], ModelCard], progress: Progress
    ) -> None:
        self.path = output.with_name(output.name + ".checkpoint")
        self._output = output
        self._make_card = make_card
        self._progress = progress
        self._is_written = False
        self._epoch: Epoch | None = None

    def write(self, fitted: Fitted, split: Split, note: str) -> None:
        """Write a model, which replaces the last one.

        Args:
            fitted: Best model so far.
            split: Split of the model.
            note: Limitations of the model, whole sentences; empty for none.
        """
        fitted.save(self.path, self._make_card(fitted, split, note), self._progress)
        if not self._is_written:
            # Logged at once, because a run that is killed cannot log it later.
            self._progress.log(
                "The best model so far is {path} until the training is complete.", path=self.path
            )
        self._is_written, self._epoch = True, fitted.best

    def remove(self) -> None:
        """Delete the checkpoint and the states, after the model file is complete."""
        self.path.unlink(missing_ok=True)
        for path in self._states():
            path.unlink(missing_ok=True)

    def _states(self) -> list[Path]:
        name = self._output.name + STATE_SUFFIX
        numbered = self._output.parent.glob(escape(name) + "-[0-9]*")
        return [
            self._output.with_name(name),
            # Of the fits of a training, and of those of an ensemble's members.
            *(path for path in numbered if path.name[len(name) :].replace("-", "").isdigit()),
        ]

    def note(self) -> str:
        """Return sentences on the file of the best model so far, and on resuming the training."""
        if self._is_written:
            epoch = _describe(self._epoch)
            kept = Text("The best model so far{epoch} is kept as {path}.", epoch=epoch, path=self.path)
        elif self.path.exists():
            kept = Text("The best model of an earlier run is still {path}.", path=self.path)
        else:
            kept = Text("No model is kept, because none was complete.")
        sentences = [kept]
        if any(path.exists() for path in self._states()):
            sentences.append(Text("Running the same training again resumes it."))
        return joined(sentences)

    def cancelled(self, error: RunCancelled) -> RunCancelled:
        """Return the error with a note on the best model so far.

        Args:
            error: Error of the cancelled run.
        """
        return RunCancelled(error.what, where=error.where, advice=self.note())


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
