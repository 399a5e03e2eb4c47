"""Predictor protocol of the tile pipeline, and batches that shrink when memory is full."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from ...options import Method

DEFAULT_TILE_SIZE = 256
"""Rows and columns of a tile of which each pixel is a centre of its own."""
Count = Callable[[int], None]


class Predictor(Protocol):
    """Scores the classes at chosen pixels of a tile; made once a run.

    Attributes:
        tile_size: Rows and columns of the tiles that suit it.
        before: Pixels that it needs to see above and to the left of a tile.
        behind: The same below and to the right.
        alignment: What it is given begins and ends on multiples of so many pixels, counted from
            the raster's origin; 1 where that does not matter.
        batch_size: Patches that are computed together; halved when the device's memory is full.
        method: What computes, and in what numbers.
        agreement: Share of patches of the raster, 0 to 1, that get the class of 32 bits; None where
            they are computed in 32 bits.
    """

    tile_size: int
    before: int
    behind: int
    alignment: int
    batch_size: int
    method: Method
    agreement: float | None

    def predict(
        self,
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> Tensor:
        """Return logits, or logarithms of probabilities, float32, shape (centres, classes).

        Args:
            channels: A tile with its halo, standardised, invalid values 0; shape (channels, rows,
                columns), on the device.
            valid: Where all bands are valid, bool, shape (rows, columns).
            rows: Row of each centre in ``channels``, int64.
            columns: Column of each, alike.
            after_batch: Called with the number of centres that were done since the last call;
                a negative number where some must be done again.

        Raises:
            DeviceError: Not even the smallest piece of work fits the device's memory.
        """

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the centres a second of a short trial, None where one would tell nothing.

        Args:
            channels: How many the model takes.
            centres: How many there are to do; the trial is a small part of them.
        """

    def model_rate(self, seconds: float) -> float | None:
        """Return the centres a second of the bare model, on what it computed last; None if nothing.

        Args:
            seconds: About how long measuring may take.
        """


def measured_rate(compute: Callable[[], object], centres: int, seconds: float) -> float:
    """Return the centres a second of a computation that is repeated, once at least.

    Args:
        compute: Returns when its result can be read, so a GPU's has to be copied to the CPU.
        centres: How many it does.
        seconds: About how long to repeat it.
    """
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds or not done:
        compute()
        done += centres
    return done / (time.perf_counter() - start)


def retry_smaller(
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
