"""What the tile pipeline asks of a model, whatever its kind."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from torch import Tensor

from .backend_names import Method

USUAL_TILE = 256
"""Rows and columns of a tile of which each pixel is a centre of its own."""


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
