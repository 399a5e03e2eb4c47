"""Going on with smaller pieces where the device's memory is full."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Count = Callable[[int], None]


def until_it_fits(
    compute: Callable[[Count], Tensor],
    device: torch.device,
    count: Count,
    shrink: Callable[[RuntimeError], None],
) -> Tensor:
    """Return what ``compute`` returns, when the pieces that it works in are small enough.

    It starts anew with each size, so that a tile is always divided in one way.

    Args:
        compute: Is given what to tell the centres to that it has done.
        device: Where it computes.
        count: Is told them; a negative number where some are done again.
        shrink: Makes the pieces smaller, or raises where they cannot be.
    """
    while True:
        done: list[int] = []

        def count_too(centres: int, done: list[int] = done) -> None:
            done.append(centres)
            count(centres)

        try:
            return compute(count_too)
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            count(-sum(done))
            shrink(error)
            if device.type == "cuda":
                torch.cuda.empty_cache()


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether the device's memory is full.

    CUDA has an error class of its own; Apple's GPU and the CPU's allocator only say it.
    """
    if isinstance(error, torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return "out of memory" in text or "can't allocate memory" in text
