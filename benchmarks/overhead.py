"""The share of a run's time that the network does not take."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor, nn

from deep_land_cover.core.inference import job
from deep_land_cover.core.inference.loading import LoadedModel, load_once
from deep_land_cover.core.inference.patch_predictor import PatchPredictor
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.tasks.classify import ClassifyRequest, run

_ROUNDS = 3


def measure_overhead(request: ClassifyRequest) -> dict[str, Any]:
    """Return ``share``, (total - model) / total, and what it was made of, in seconds.

    Total is the whole task in this process, from opening the raster to the finished map. Model is
    the network alone on the very batches of that task, which an earlier run of it kept in memory.
    Both are measured in turns; the share is the median of the rounds.
    """
    with _recorder_around_the_network() as recorder:
        with (
            patch.object(PatchPredictor, "trial_rate", _none),
            patch.object(PatchPredictor, "model_rate", _none),
        ):
            patches = run(request, SilentProgress()).patches
        recorder.is_on = False
        seen = sum(map(len, recorder.batches))
        if seen != patches:
            raise RuntimeError(f"the network saw {seen} patches, not the {patches} that were classified")
        totals, models, said = [], [], []
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            said.append(run(request, SilentProgress()).outside_model)
            totals.append(time.perf_counter() - start)
            models.append(_model_seconds(recorder))
    shares = [(total - model) / total for total, model in zip(totals, models, strict=True)]
    return {
        "share": round(statistics.median(shares), 3),
        "shares": [round(share, 3) for share in shares],
        "said_in_the_log": [round(share, 3) for share in said if share is not None],
        "total_seconds": [round(value, 2) for value in totals],
        "model_seconds": [round(value, 2) for value in models],
        "patches": patches,
        "batches": len(recorder.batches),
    }


class _Recorder(nn.Module):
    """Hands batches on to a network and keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.network: nn.Module = nn.Identity()
        self.batches: list[Tensor] = []
        self.is_on = True

    def forward(self, batch: Tensor) -> Tensor:
        if self.is_on:
            self.batches.append(batch.clone(memory_format=torch.preserve_format))
        scores: Tensor = self.network(batch)
        return scores


@contextmanager
def _recorder_around_the_network() -> Iterator[_Recorder]:
    recorder = _Recorder()

    def load(path: Path, device: torch.device) -> LoadedModel:
        model = load_once(path, device)
        recorder.network = model.model
        return dataclasses.replace(model, model=recorder)

    with patch.object(job, "load_once", load):
        yield recorder


def _none(*_: object) -> None:
    """Stand for a measurement of the product's own, whose batches are not the task's."""


@torch.inference_mode()
def _model_seconds(recorder: _Recorder) -> float:
    start = time.perf_counter()
    for batch in recorder.batches:
        # Copied to the CPU, because a GPU is only done when its result can be read.
        recorder.network(batch).argmax(dim=1).cpu()
    return time.perf_counter() - start
