"""Predictor protocol of the tile pipeline, and retries with smaller batches when memory is full."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

import torch
from torch import Tensor

from ...errors import DeviceError
from ...options import Method
from ...progress import Progress

DEFAULT_TILE_SIZE = 256
"""Default side of a tile, in pixels."""
Count = Callable[[int], None]
Result = TypeVar("Result")


class Predictor(Protocol):
    """Function from a tile to the scores of the classes at its centres, for one run.

    Attributes:
        tile_size: Preferred side of a tile, in pixels.
        before: Width of the halo above and to the left of a tile, in pixels.
        behind: Width of the halo below and to the right of a tile, in pixels.
        alignment: Number of pixels of which the edges of ``channels`` in the raster are multiples.
        batch_size: Number of patches per batch, halved when the device's memory is full.
        method: Backend and precision.
        agreement: Fraction of sampled patches, 0 to 1, with the same class as in 32 bits; None in 32 bits.
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
        """Return logits or log-probabilities, float32, shape (N, classes).

        Args:
            channels: Standardised channels of a tile with its halo, float32, shape (channels, rows, columns),
                0 where invalid, on the device.
            valid: Mask of the pixels that are valid in all bands, bool, shape (rows, columns).
            rows: Row of each centre in ``channels``, int64, shape (N,).
            columns: Column of each centre in ``channels``, int64, shape (N,).
            after_batch: Callback with the number of centres since the last call, negative for centres that
                are computed again.

        Raises:
            DeviceError: The device has too little memory for the smallest batch.
        """

    def trial_rate(self, channels: int, centres: int) -> float | None:
        """Return the throughput of a short trial in centres per second, or None without a trial.

        Args:
            channels: Number of channels of the model.
            centres: Number of centres of the run, of which the trial is a small part.
        """

    def model_rate(self, seconds: float) -> float | None:
        """Return the throughput of the model alone, in centres per second, or None before the first batch.

        Args:
            seconds: Approximate duration of the measurement, in seconds.
        """


@runtime_checkable
class JointPredictor(Protocol):
    """Predictor that reads what it needs of a tile once for several models, as the members of an ensemble."""

    @property
    def reads(self) -> Hashable:
        """What the model reads of a tile: predictors of one class that read the same can be joined.

        None where it reads what no other model reads.
        """

    def predict_with(
        self,
        others: Sequence[Any],
        channels: Tensor,
        valid: Tensor,
        rows: Tensor,
        columns: Tensor,
        after_batch: Callable[[int], None],
    ) -> list[Tensor]:
        """Return what ``Predictor.predict`` of this predictor and of the others returns.

        Args:
            others: Predictors of the same class with the same ``reads``.
            channels: Standardised channels of a tile with its halo, see ``Predictor.predict``.
            valid: Mask of the pixels that are valid in all bands.
            rows: Row of each centre.
            columns: Column of each centre.
            after_batch: Callback with the number of centres since the last call.

        Raises:
            DeviceError: The device has too little memory for the smallest batch.
        """


def uncounted(after_batch: Count) -> Count:
    """Return a callback that counts no centres, but checks for cancelling.

    Args:
        after_batch: Callback with the number of centres.
    """
    return lambda _: after_batch(0)


def measured_rate(compute: Callable[[], object], centres: int, seconds: float) -> float:
    """Return the throughput of a repeated computation, in centres per second.

    Args:
        compute: Function that returns when its result can be read; a GPU's result is copied to the CPU.
        centres: Number of centres per call.
        seconds: Approximate duration in seconds; the function is called at least once.
    """
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds or not done:
        compute()
        done += centres
    return done / (time.perf_counter() - start)


def rate_in_sequence(rates: Sequence[float | None]) -> float | None:
    """Return the throughput of several computations one after the other, in centres per second.

    Args:
        rates: Throughput of each; None where it is not known, as then that of all.
    """
    known = [rate for rate in rates if rate]
    return 1.0 / sum(1.0 / rate for rate in known) if len(known) == len(rates) else None


def retry_smaller(
    compute: Callable[[Count], Result],
    device: torch.device,
    count: Count,
    shrink: Callable[[RuntimeError], None],
) -> Result:
    """Return the result of ``compute``, which is repeated with smaller batches while memory is full.

    The whole tile is repeated, so that all its batches have one size.

    Args:
        compute: Function from a callback for finished centres to the result.
        device: Device that computes.
        count: Callback with the number of finished centres, negative for centres that are computed again.
        shrink: Function that reduces the batch size, or raises DeviceError where it is minimal.
    """
    while True:
        done: list[int] = []

        def count_and_record(centres: int, done: list[int] = done) -> None:
            done.append(centres)
            count(centres)

        try:
            return compute(count_and_record)
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            count(-sum(done))
            shrink(error)
            if device.type == "cuda":
                torch.cuda.empty_cache()


def smaller_batch(size: int, progress: Progress, error: RuntimeError) -> int:
    """Return half a batch size, for a device whose memory is full, and log it.

    Args:
        size: Number of patches that did not fit.
        progress: Progress reporter.
        error: Error of the device.

    Raises:
        DeviceError: A single patch does not fit.
    """
    if size <= 1:
        raise DeviceError(
            "The device has too little free memory for a single patch",
            advice="Close other programs that use the device, or use DEVICE=cpu.",
        ) from error
    progress.log(
        "The device's memory is full. The run continues with batches of {count} patches.",
        "warning",
        count=size // 2,
    )
    return size // 2


def is_out_of_memory(error: RuntimeError) -> bool:
    """Return whether an error reports that the device's memory is full.

    CUDA has its own error class. Apple's GPU and the CPU's allocator have a message only.

    Args:
        error: Error of a computation.
    """
    if isinstance(error, torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return "out of memory" in text or "can't allocate memory" in text
