"""How fast a backend computes what is in memory."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator

import torch
from torch import Tensor

from .backend import Backend


@torch.inference_mode()
def rate_of(backend: Backend, batch: Tensor, size: int, seconds: float) -> float:
    """Return the patches a second of a backend on one batch that is in memory.

    Args:
        backend: What computes.
        batch: In any form.
        size: Of the batches that it is used with.
        seconds: About how long to repeat it; once at least.
    """
    given = batch.to(backend.dtype).contiguous(memory_format=torch.channels_last)
    start = time.perf_counter()
    done = 0

    def batches() -> Iterator[Tensor]:
        nonlocal done
        while not done or time.perf_counter() - start < seconds or done % backend.at_once:
            done += 1
            yield given

    _finish(backend.scores(batches(), size))
    return done * len(given) / (time.perf_counter() - start)


def _finish(scores: Iterator[Tensor]) -> None:
    """Compute all; a GPU is only done when its result can be read."""
    last = deque(scores, maxlen=1)
    if last:
        last[0].cpu()
