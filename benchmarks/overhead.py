"""The share of a run's time that the network does not take."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from deep_land_cover.core.inference.backends.base import Backend
from deep_land_cover.core.inference.backends.cascade import Computation, Recomputation
from deep_land_cover.core.inference.backends.choice import Backends
from deep_land_cover.core.inference.predictors.patch import PatchPredictor
from deep_land_cover.core.inference.predictors.shared_stem import PatchInputs, SharedStem
from deep_land_cover.core.options import Method
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.requests.classify import ClassifyRequest
from deep_land_cover.core.tasks.classify import run

_ROUNDS = 3


def measure_overhead(request: ClassifyRequest) -> dict[str, Any]:
    """Return ``share``, (total - model) / total, and what it was made of, in seconds.

    Total is the whole task in this process, from opening the raster to the finished map. Model is
    the network alone on the very batches of that task, and the stem that they share on its tiles, which
    an earlier run of it kept in memory.
    Both are measured in turns; the share is the median of the rounds.
    """
    recording = record(request)
    totals, models, said = [], [], []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        said.append(run(request, SilentProgress()).outside_model)
        totals.append(time.perf_counter() - start)
        models.append(recording.model_seconds())
    shares = [(total - model) / total for total, model in zip(totals, models, strict=True)]
    return {
        "share": round(statistics.median(shares), 3),
        "shares": [round(share, 3) for share in shares],
        "said_in_the_log": [round(share, 3) for share in said if share is not None],
        "total_seconds": [round(value, 2) for value in totals],
        "model_seconds": [round(value, 2) for value in models],
        "patches": recording.patches,
        "batches": recording.batches,
        "computed_again": recording.computed_again,
        "method": str(recording.method),
    }


@dataclass(frozen=True, eq=False)
class Recording:
    """What the network of a task was given; made by ``record``.

    Attributes:
        looks: All its patches and, where some were computed again, those.
        stems: What the stem was asked for: itself, a tile and the places of patches.
    """

    looks: tuple[RecordingBackend, ...]
    stems: tuple[tuple[SharedStem, Tensor, Tensor, Tensor], ...]

    @property
    def method(self) -> Method:
        """What computed."""
        return self.looks[0].method

    @property
    def patches(self) -> int:
        """How many there were."""
        return self.looks[0].patches

    @property
    def batches(self) -> int:
        """In how many batches they came."""
        return sum(map(len, self.looks[0].tiles))

    @property
    def computed_again(self) -> float:
        """Share of the patches that were, at least once."""
        return round(sum(look.patches for look in self.looks[1:2]) / self.patches, 4)

    def model_seconds(self) -> float:
        """Return how long the network takes for all batches."""
        start = time.perf_counter()
        for stem, *asked in self.stems:
            stem.inputs(*asked)
        return time.perf_counter() - start + sum(look.model_seconds() for look in self.looks)


class RecordingBackend:
    """Stands for a backend and keeps the batches of each tile."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.method, self.dtype = backend.method, backend.dtype
        self.batch_size, self.at_once = backend.batch_size, backend.at_once
        self.size = 0
        self.tiles: list[list[Tensor]] = []

    @property
    def patches(self) -> int:
        """How many were kept."""
        return sum(len(batch) for tile in self.tiles for batch in tile)

    def scores(self, batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
        """Compute as the backend does."""
        self.size = size
        self.tiles.append([])
        return self._backend.scores(self._kept(batches), size)

    def _kept(self, batches: Iterable[Tensor]) -> Iterator[Tensor]:
        for batch in batches:
            self.tiles[-1].append(batch.clone(memory_format=torch.preserve_format))
            yield batch

    @torch.inference_mode()
    def model_seconds(self) -> float:
        """Return how long the backend takes for all batches, one tile after the other."""
        start = time.perf_counter()
        for tile in self.tiles:
            for scores in self._backend.scores(tile, self.size):
                last = scores
            # A GPU is only done when its result can be read.
            last.cpu()
        return time.perf_counter() - start


def record(request: ClassifyRequest) -> Recording:
    """Run a task once and return what its network was given."""
    looks: list[RecordingBackend] = []
    stems: list[tuple[SharedStem, Tensor, Tensor, Tensor]] = []
    choose, inputs = Backends.choose, SharedStem.inputs

    def kept(backend: Backend) -> RecordingBackend:
        looks.append(RecordingBackend(backend))
        return looks[-1]

    def kept_look(look: Recomputation | None) -> Recomputation | None:
        return look and replace(look, backend=kept(look.backend), then=kept_look(look.then))

    def recorded(self: Backends, *arguments: Any) -> Computation:
        chosen = choose(self, *arguments)
        chosen = replace(chosen, backend=kept(chosen.backend))
        return replace(chosen, recomputation=kept_look(chosen.recomputation))

    def asked(self: SharedStem, *arguments: Tensor) -> PatchInputs:
        stems.append((self, *arguments))  # type: ignore[arg-type]
        return inputs(self, *arguments)

    with (
        patch.object(Backends, "choose", recorded),
        patch.object(SharedStem, "inputs", asked),
        patch.object(PatchPredictor, "trial_rate", _none),
        patch.object(PatchPredictor, "model_rate", _none),
    ):
        patches = run(request, SilentProgress()).patches
    recording = Recording(tuple(looks), tuple(stems))
    if recording.patches != patches:
        raise RuntimeError(f"the network saw {recording.patches} patches, not the {patches} classified")
    return recording


def _none(*_: object) -> None:
    """Stand for a measurement of the product's own, whose batches are not the task's."""
