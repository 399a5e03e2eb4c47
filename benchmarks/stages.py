"""Where the time of a classification goes: seconds by stage.

Stages run side by side (a thread reads, another keeps, a processor's backend computes on others), so
that their sum may exceed the whole. To time a GPU's stages it is waited for after each, which takes
time by itself.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import torch

from deep_land_cover.core.inference.pipeline import TileWork
from deep_land_cover.core.inference.predictors.patch import PatchPredictor
from deep_land_cover.core.inference.predictors.shared_stem import CutPatches, GatheredMaps, SharedStem
from deep_land_cover.core.inference.products import TileLayers
from deep_land_cover.core.inference.tile_store import TileStore
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.stack import BandStack
from deep_land_cover.core.requests.classify import ClassifyRequest
from deep_land_cover.core.tasks import classify as job
from deep_land_cover.core.tasks.classify import run

# What is timed, and its name.
_STAGES: tuple[tuple[Any, str, str], ...] = (
    (BandStack, "read", "read"),
    (TileWork, "_channels", "indices and scaling"),
    (SharedStem, "inputs", "stem"),
    (CutPatches, "batch", "cut patches"),
    (GatheredMaps, "batch", "gather"),
    (PatchPredictor, "_scores", "network with cutting"),
    (TileLayers, "of", "labels"),
    (TileStore, "add", "keep tiles"),
    (job, "write_outputs", "write files"),
)


def measure_stages(request: ClassifyRequest, device: torch.device) -> dict[str, float]:
    """Return the seconds of each stage of a task that has run before, and of the whole.

    Args:
        request: The task.
        device: What computes it.
    """
    seconds: Counter[str] = Counter()
    with ExitStack() as patches:
        for owner, name, stage in _STAGES:
            timed = _timed(getattr(owner, name), stage, seconds, device)
            patches.enter_context(patch.object(owner, name, timed))
        start = time.perf_counter()
        run(request, SilentProgress())
        whole = time.perf_counter() - start
    return {stage: round(value, 3) for stage, value in seconds.items()} | {"whole": round(whole, 3)}


def _timed(
    function: Callable[..., Any], stage: str, seconds: Counter[str], device: torch.device
) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            if device.type == "cuda":
                torch.cuda.synchronize(device)
            seconds[stage] += time.perf_counter() - start

    return call
